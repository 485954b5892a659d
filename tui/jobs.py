"""Work handed to a worker that a later one may overtake."""

from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any


def job(work: Callable[..., Coroutine[Any, Any, object]], *args: object) -> Any:
    """A function for `run_worker`, not a coroutine: one that is overtaken before it begins would never be awaited."""
    return partial(work, *args)
