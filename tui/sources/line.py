"""One question, several who may answer it: each in turn, and those who failed rest."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Generic, TypeVar

from tui.sources.base import DeniedError, LimitedError, NoDataError, SourceError, UnreachableError
from tui.sources.gate import Gate

S = TypeVar("S")
R = TypeVar("R")

_log = logging.getLogger(__name__)


class Line(Generic[S]):
    """Sources by name, in the order in which they are asked."""

    def __init__(self, sources: Mapping[str, S], clock: Callable[[], float], jitter: Callable[[], float]) -> None:
        self._sources = {name: (source, Gate(clock, jitter)) for name, source in sources.items()}

    async def ask(self, call: Callable[[S], Awaitable[R]], what: str) -> R:
        """The first answer; `call` asks one source, `what` is for the message when there is none.

        Who cannot be reached, throttles us or wants a login rests (`Gate`); who merely lacks this symbol, or sends what we
        cannot read for it, does not.

        Raises:
            SourceError: the failure of the first in order, resting or not; see `told`.
        """
        failures: list[SourceError] = []
        for name, (source, gate) in self._sources.items():
            if not gate.is_open:
                failures += [gate.error] if gate.error else []
                continue
            try:
                answer = await call(source)
            except (LimitedError, UnreachableError, DeniedError) as error:
                gate.failed(error)
                failures.append(error)
                _log.info("%s cannot answer for %s: %s", name, what, error)
            except SourceError as error:
                failures.append(error)
                _log.info("%s has nothing of %s: %s", name, what, error)
            else:
                gate.answered()
                return answer
        raise told(failures) or NoDataError(f"No source is set up that could have {what}: see [chain] in config.toml.")


def told(failures: list[SourceError]) -> SourceError | None:
    """The failure to tell of several, in the order in which they were asked: the first, but a missing login only if alone."""
    return next((error for error in failures if not isinstance(error, DeniedError)), failures[0] if failures else None)
