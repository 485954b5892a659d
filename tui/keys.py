"""The one table of keys: it feeds dispatch, the hint line, the help, the command palette and the README.

A key is rebound by its id in `config.toml` (`[keys]`), for example `sort = ["o"]`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Key:
    """One thing a key does."""

    id: str
    """Stable name, for rebinding."""
    keys: tuple[str, ...]
    """Default keys, in Textual's names."""
    action: str
    """What it runs: an action of the scope's screen, or of the app."""
    label: str
    """One or two words for the hint line."""
    help: str
    """A sentence for the help and the command palette."""
    scope: str
    """`app`, `grid` (moving about a table), `rows` (a table that sorts), or the screen's own name."""
    hint: int = 0
    """Order in the hint line; 0 leaves it out."""


BACK_HINT = 12
"""Place of the way back in the hint line, which is only there where there is one."""

KEYS: tuple[Key, ...] = (
    # Moving
    Key("down", ("j", "down"), "grid('cursor_down')", "down", "Move down a row", "grid"),
    Key("up", ("k", "up"), "grid('cursor_up')", "up", "Move up a row", "grid"),
    Key("left", ("h", "left"), "grid('cursor_left')", "left", "Move a column to the left", "grid"),
    Key("right", ("l", "right"), "grid('cursor_right')", "right", "Move a column to the right", "grid"),
    Key("first", ("g", "home"), "grid('first')", "top", "Go to the first row", "grid"),
    Key("last", ("G", "end"), "grid('last')", "end", "Go to the last row", "grid"),
    Key("page_down", ("pagedown",), "grid('page_down')", "page", "Go down a page", "grid"),
    Key("page_up", ("pageup",), "grid('page_up')", "page", "Go up a page", "grid"),
    Key("half_down", ("ctrl+d",), "grid('half_page_down')", "half page", "Go down half a page", "grid"),
    Key("half_up", ("ctrl+u",), "grid('half_page_up')", "half page", "Go up half a page", "grid"),
    Key("open", ("enter",), "grid('open')", "open", "Open what is under the cursor", "grid", 6),
    Key("mark", ("space",), "grid('toggle_mark')", "mark", "Mark the row for comparison in the chart", "rows", 9),
    # What is shown
    Key("window_shorter", ("left_square_bracket",), "window(-1)", "window", "Use the next shorter window", "app"),
    Key("window_longer", ("right_square_bracket",), "window(1)", "window", "Use the next longer window", "app"),
    Key("benchmark", ("b",), "app.benchmark", "benchmark", "Choose what everything is measured against", "app", 2),
    Key("chart", ("c",), "chart", "chart", "Change the chart: rebased, ratio or spread", "app", 3),
    Key("sort", ("s",), "sort", "sort", "Sort by the cursor's column; again: back to the list's order", "rows", 4),
    Key("reverse", ("S",), "reverse", "reverse", "Reverse the order", "rows"),
    Key("filter", ("slash",), "filter", "filter", "Show only rows whose symbol or name has a text", "rows", 5),
    Key("unfilter", ("F",), "unfilter", "no filter", "Show all rows again", "rows"),
    Key("volume", ("v",), "app.volume", "volume", "Change the sessions behind the volume ratio", "app"),
    Key("zoom", ("z",), "zoom", "zoom", "Give the panel in use the whole screen, and back", "app"),
    Key("next_panel", ("tab",), "panel(1)", "panel", "Go to the next panel", "app", 8),
    Key("previous_panel", ("shift+tab",), "panel(-1)", "panel", "Go to the previous panel", "app"),
    # Lists
    Key("list", ("w",), "app.list(1)", "lists", "Show the next watchlist", "monitor", 10),
    Key("previous_list", ("W",), "app.list(-1)", "lists", "Show the previous watchlist", "monitor"),
    Key("add", ("a",), "app.add", "add", "Add symbols to the list (paste: aaa,bbb ccc)", "monitor", 7),
    Key(
        "remove", ("d",), "app.remove", "remove", "Remove the marked rows, or the cursor's, from the list", "monitor", 8
    ),
    Key("undo", ("u",), "app.undo", "undo", "Take back the last change of a list", "monitor"),
    # Screens
    Key("monitor", ("1",), "app.go('monitor')", "monitor", "Screen 1: the watchlist", "app"),
    Key(
        "relative",
        ("2",),
        "app.go('relative')",
        "relative",
        "Screen 2: the marked symbols against the benchmark",
        "app",
    ),
    Key("volume_screen", ("3",), "app.go('volume')", "volume", "Screen 3: volume against the usual", "app"),
    Key("sectors", ("4",), "app.go('sectors')", "sectors", "Screen 4: the sectors of the fund under the cursor", "app"),
    Key("events", ("5",), "app.go('events')", "events", "Screen 5: rare events, streaks and seasons", "app"),
    Key("drivers", ("6",), "app.go('drivers')", "drivers", "Screen 6: yields, macro series, valuation, deals", "app"),
    Key("alert", ("A",), "app.alert", "alert", "Set an alert on what is under the cursor, or on any condition", "app"),
    Key("definitions", ("i",), "definitions", "figures", "Say what the figures of this screen mean", "app"),
    Key("since", ("d",), "since", "since", "Compare since a date that you type", "relative", 4),
    Key("total", ("T",), "total", "TR", "Reinvest dividends (TR), or look at prices alone", "relative", 7),
    Key("tail", ("n",), "tail", "tail", "Change the rotation's tail: 5, 10 or 20 sessions", "relative", 9),
    Key("rolling", ("m",), "rolling", "beta", "Change between rolling correlation and beta", "relative", 10),
    Key("rotation", ("x",), "rotation", "rotation", "Show the rotation as a table, or as a plot", "relative"),
    Key("fund", ("f",), "fund", "fund", "Choose the fund that is taken apart", "sectors", 7),
    Key("compare", ("x",), "compare", "beside", "Set another fund beside it, with the difference", "sectors", 9),
    Key("condition", ("n",), "condition", "condition", "Type the condition to search for", "events", 4),
    Key("saved_conditions", ("w",), "saved", "saved", "Choose a saved condition", "events", 5),
    Key("save_condition", ("a",), "save", "save", "Save the condition under a name", "events", 7),
    Key("forget_condition", ("d",), "forget", "forget", "Forget the saved condition that is shown", "events"),
    Key("season_symbol", ("f",), "symbol", "seasons", "Choose whose seasons are shown", "events", 9),
    Key("tracker", ("f",), "tracker", "its fund", "Show the fund that tracks the index under the cursor", "volume", 9),
    Key("bound", ("x",), "bound", "unusual from", "Change the ratio from which on a day is unusual", "volume", 7),
    Key("driver", ("f",), "first_symbol", "symbol", "Choose the symbol, or the fund, that is looked at", "drivers", 7),
    Key("driver_against", ("x",), "other_symbol", "against", "Choose what it is set against", "drivers", 9),
    Key("deals_since", ("d",), "since", "deals since", "Count deals since a date that you type", "drivers", 10),
    Key("back", ("escape",), "app.back", "back", "Go back a step; never leaves the program", "app", BACK_HINT),
    # Care
    Key("pause", ("p",), "app.pause", "pause", "Hold the picture still; quotes go on coming in", "app"),
    Key("refresh", ("r",), "app.refresh", "refresh", "Ask the source again now, and redraw the screen", "app"),
    Key("theme", ("t",), "app.theme", "theme", "Choose a theme, with a live preview", "app"),
    Key("copy", ("y",), "app.copy", "copy", "Copy the marked rows, or the cursor's, to your clipboard (OSC 52)", "app"),
    Key("export", ("e",), "app.export", "export", "Write the current view to a CSV or JSON file", "app"),
    Key("commands", ("colon", "ctrl+p"), "app.commands", "commands", "Find any command by its name", "app"),
    Key("help", ("question_mark",), "app.help", "help", "Show all keys", "app", 11),
    Key("suspend", ("ctrl+z",), "app.suspend_process", "suspend", "Suspend to the shell; fg comes back", "app"),
    Key("quit", ("q", "ctrl+c"), "app.quit", "quit", "Leave the program", "app"),
)

WINDOW_HINT = 1
"""Place of the pair `[ ]` in the hint line, which stands for two keys."""

SHOWN = {
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "slash": "/",
    "colon": ":",
    "question_mark": "?",
    "enter": "Enter",
    "escape": "Esc",
    "space": "Space",
    "down": "↓",
    "up": "↑",
    "left": "←",
    "right": "→",
    "pagedown": "PgDn",
    "pageup": "PgUp",
    "home": "Home",
    "end": "End",
    "tab": "Tab",
    "shift+tab": "Shift+Tab",
}
"""Keys as people know them."""

SCREENS = {"monitor", "symbol", "sectors", "holdings", "relative", "volume", "events", "drivers"}
"""Scopes that are one screen's alone: their keys never meet."""

_NAMED = {text: name for name, text in SHOWN.items() if len(text) == 1}


def shown(key: str) -> str:
    """A key as it is printed: `ctrl+d` is `^d`."""
    if key.startswith("ctrl+"):
        return "^" + key.removeprefix("ctrl+")
    return SHOWN.get(key, key)


def scoped(scope: str) -> list[Key]:
    """The keys of one scope, in the table's order."""
    return [key for key in KEYS if key.scope == scope]


def keymap(rebound: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Textual's keymap (id to comma-separated keys) for the user's `[keys]`.

    Raises:
        ValueError: an unknown id, or a key that two ids of one screen would share; says which.
    """
    if not rebound:  # the table itself is sound, and to look through all pairs of keys takes part of the start
        return {}
    known = {key.id: key for key in KEYS}
    for name in rebound:
        if name not in known:
            raise ValueError(f"[keys] {name}: no such key id; expected one of {', '.join(sorted(known))}")
    chosen = {key.id: tuple(_NAMED.get(k, k) for k in rebound.get(key.id, key.keys)) for key in KEYS}
    for first, second, key in clashes(chosen):
        raise ValueError(f"[keys] {first}: {shown(key)!r} is already used by {second}; choose another key")
    return {name: ",".join(chosen[name]) for name in rebound}


def clashes(chosen: Mapping[str, Iterable[str]] | None = None) -> list[tuple[str, str, str]]:
    """Pairs of ids that share a key on one screen, with the key: empty when the table is sound."""
    chosen = chosen if chosen is not None else {key.id: key.keys for key in KEYS}
    found = []
    for index, one in enumerate(KEYS):
        for other in KEYS[:index]:
            together = one.scope == other.scope or not {one.scope, other.scope} <= SCREENS
            found += [(one.id, other.id, key) for key in set(chosen[one.id]) & set(chosen[other.id]) if together]
    return found
