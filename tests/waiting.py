"""Waiting for an app in a test: until it has nothing left to do at once, instead of until the clock has moved on."""

import asyncio

from textual._context import active_app
from textual.screen import Screen

ROUNDS = 3
"""Turns of the event loop without work after which it has none: what a thread has handed over comes in the next turn."""


async def until_idle(min_sleep: float = 0.0, max_sleep: float = 1.0) -> None:
    """Stands in for `textual._wait.wait_for_idle`, which sleeps 20 ms, and again while any thread computes.

    Three of those belong to every key that is pressed, and a busy machine makes them long. This ends when every
    message is handled and the screen is drawn; who needs what a thread or a timer brings waits for that itself.
    """
    loop = asyncio.get_running_loop()
    end = loop.time() + max_sleep
    idle = 0
    await asyncio.sleep(min_sleep)
    while idle < ROUNDS and loop.time() < end:
        await asyncio.sleep(0)
        idle = 0 if loop._ready or _drawn_now() else idle + 1  # type: ignore[attr-defined]


def _drawn_now() -> bool:
    """Draw what the screen would draw with its next frame; whether there was anything."""
    app = active_app.get(None)
    screen = app.screen if app is not None and app.is_running and app._screen_stack else None
    if screen is None or not screen.is_current or app._batch_count or not _is_due(screen):
        return False
    screen._on_timer_update()
    return True


def _is_due(screen: Screen[object]) -> bool:
    return bool(
        screen._layout_required
        or screen._scroll_required
        or screen._repaint_required
        or screen._recompose_required
        or screen._dirty_widgets
        or screen._callbacks
    )
