"""What is Textual's own is overridden on purpose: a method of ours that is called like one of its own would be taken for it."""

import importlib
import pkgutil
from collections.abc import Iterator
from types import FunctionType

import tui

OVERRIDDEN = {
    "_compositor_refresh",
    "_disable_mouse_support",
    "_display",
    "_end_batch",
    "_get_component_classes",
    "_get_terminal_size",
    "_on_timer_update",
    "_watch__list_visible",
    "_watch__show_busy",
}
"""Private methods of Textual's whose place some of ours take."""


def classes() -> Iterator[type]:
    """All classes of the project."""
    for found in pkgutil.walk_packages(tui.__path__, "tui."):
        if not found.name.endswith("__main__"):
            module = importlib.import_module(found.name)
            yield from (
                each for each in vars(module).values() if isinstance(each, type) and each.__module__ == found.name
            )


def taken(one: type) -> set[str]:
    """Private methods of a class that are called like one of Textual's that it would have without them."""
    theirs = {name for base in one.__mro__ if base.__module__.startswith("textual.") for name in vars(base)}
    ours = {name for name, value in vars(one).items() if isinstance(value, FunctionType | property)}
    return {name for name in ours & theirs if name.startswith("_") and not name.startswith("__")}


def test_no_private_method_of_textual_is_overridden_by_chance() -> None:
    assert set().union(*map(taken, classes())) == OVERRIDDEN
