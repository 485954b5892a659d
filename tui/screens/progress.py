"""Work that may take a while: nothing is said of it unless it does."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from tui.screens.page import Page

T = TypeVar("T")

PATIENCE_SECONDS = 0.3
"""How long work may take before the user is told of it."""


async def told(page: Page, work: Coroutine[object, object, T], text: str) -> T:
    """What the work brings; `text` stands on the hint line while it takes longer than `PATIENCE_SECONDS`.

    Cancelled, it cancels the work.
    """
    task = asyncio.ensure_future(work)
    said = False
    try:
        done, _ = await asyncio.wait({task}, timeout=PATIENCE_SECONDS)
        if not done:
            said = True
            page.say(text, "muted")
        return await task
    finally:
        task.cancel()
        if said and page.is_attached:
            page.hint()
