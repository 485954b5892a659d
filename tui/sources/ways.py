"""A way to quotes: one kind of request to one provider, which the feed takes in its turn."""

from collections.abc import Sequence
from typing import Protocol

from tui.sources.batch import Batch


class Way(Protocol):
    """One kind of request that answers with quotes. Safe to call from one event loop, and to cancel."""

    name: str
    """As in the settings: `yahoo-quote`, `cboe`."""
    source: str
    """What its quotes say that they come from; ways of one source know the same symbols."""
    label: str
    """For the user: `Yahoo`, `Cboe`."""
    batch: int
    """Symbols that one call may name."""
    delay: int
    """Seconds by which all of its quotes are late."""
    whole: bool
    """Whether it knows every symbol there is, so that one missing in its answer does not exist."""

    @property
    def trouble(self) -> str:
        """What is not as it should be although it answers, or why it cannot be asked now, in a sentence; else empty."""

    @property
    def usable(self) -> bool:
        """Whether it makes sense to ask now."""

    @property
    def rests_until(self) -> float:
        """When it will be usable again, epoch seconds UTC; what is past means nothing."""

    def covers(self, symbol: str) -> bool:
        """Whether it could know this symbol; nothing else is ever asked of it."""

    async def ask(self, symbols: Sequence[str]) -> Batch:
        """What it tells of these symbols; those that it does not know are left out.

        Raises:
            SourceError: it does not answer at all.
        """
