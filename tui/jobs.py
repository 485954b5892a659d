"""Work handed to a worker that a later one may overtake."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from functools import partial
from typing import Any, TypeVar

T = TypeVar("T")

BREATH_SECONDS = 0.002
"""Between two slices. A key goes through several queues, each a turn of the loop: it would wait for a slice in each."""


def job(work: Callable[..., Coroutine[Any, Any, object]], *args: object) -> Any:
    """A function for `run_worker`, not a coroutine: one that is overtaken before it begins would never be awaited."""
    return partial(work, *args)


async def slices(whole: Sequence[T], size: int) -> AsyncIterator[Sequence[T]]:
    """The parts of something long, in order, with keys and frames between them."""
    for start in range(0, len(whole), size):
        yield whole[start : start + size]
        await asyncio.sleep(BREATH_SECONDS)


async def ended(work: "asyncio.Future[Any]") -> None:
    """Cancel it, and wait for its end: asyncio complains on the terminal of an error that nobody looks at."""
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)
