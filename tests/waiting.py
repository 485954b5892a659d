"""Waiting for an app in a test: until it has nothing left to do at once, instead of until the clock has moved on."""

import asyncio

from textual._context import active_app
from textual.screen import Screen

from tui.screens.page import Page

ROUNDS = 3
"""Turns of the event loop without work after which it has none: what a thread has handed over comes in the next turn."""


LOOK_SECONDS = 0.01
"""Between two looks at whether something that runs in a thread or waits for its time has ended."""


async def until_idle(min_sleep: float = 0.0, max_sleep: float = 30.0) -> None:
    """Stands in for `textual._wait.wait_for_idle`, which sleeps 20 ms, and again while any thread computes.

    Three of those belong to every key that is pressed, and a busy machine makes them long. This ends when every
    message is handled to its end and the screen is drawn; who needs what a worker or a timer brings waits for that
    itself.
    """
    loop = asyncio.get_running_loop()
    end = loop.time() + max_sleep
    idle = 0
    await asyncio.sleep(min_sleep)
    while idle < ROUNDS and loop.time() < end:
        await asyncio.sleep(0)
        idle = 0 if loop._ready or _drawn_now() else idle + 1  # type: ignore[attr-defined]
        if idle == ROUNDS and _is_handling():
            idle = 0
            await asyncio.sleep(LOOK_SECONDS)


def _is_handling() -> bool:
    """Whether a message is in hand: its handler waits for a thread, say."""
    app = active_app.get(None)
    if app is None or not app.is_running:
        return False
    nodes = (node for screen in app._screen_stack for node in screen.walk_children(with_self=True))
    return any(pump.is_running and not pump._message_queue.ready_event._waiters for pump in (app, *nodes))


def _drawn_now() -> bool:
    """Draw what the screen would draw with its next frame; whether there was anything."""
    app = active_app.get(None)
    if app is not None and app.is_running and app._screen_stack and app._resize_event is not None:
        app._check_resize()
        return True
    if app is None or not app.is_running or app._batch_count:
        return False
    # A page under a dialog has frames of its own.
    shown = [screen for screen in app._screen_stack if screen is app.screen or isinstance(screen, Page)]
    due = [screen for screen in shown if screen.is_current and _is_due(screen)]
    for screen in due:
        screen._on_timer_update()
    return bool(due)


def _is_due(screen: Screen[object]) -> bool:
    return bool(
        screen._layout_required
        or screen._scroll_required
        or screen._repaint_required
        or screen._recompose_required
        or screen._dirty_widgets
        or screen._callbacks
    )
