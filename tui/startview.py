"""What is shown at the start, as the settings and the lists say; the same for the screen and for scripts."""

from tui.analytics.windows import Window
from tui.columns import ROOMY, fields, picked
from tui.config import Settings
from tui.view import View
from tui.watchlists import Watchlist, Watchlists

SHOWN = "Symbols"
"""Name of a list that comes from `--symbols` and is not kept."""


def first_view(settings: Settings, watchlists: Watchlists) -> tuple[View, str]:
    """The view, and a message when the list that was asked for is not there."""
    note = ""
    if settings.symbols is not None:
        chosen = Watchlist(name=SHOWN, symbols=tuple(dict.fromkeys(settings.symbols)), benchmark="SPY")
    else:
        names = watchlists.names()
        name = settings.list if settings.list in names else next(iter(names), "")
        if name != settings.list:
            note = f"there is no list {settings.list!r}; there are {', '.join(names)}"
        chosen = watchlists.get(name) if name else Watchlist(name="", symbols=(), benchmark="SPY")
    view = View(chosen.name, chosen.symbols, settings.benchmark or chosen.benchmark)
    view.window = Window(settings.window)
    view.volume_window = settings.volume_window
    view.columns = settings.columns
    _, unknown = picked(fields(view.benchmark, view.window, view.volume_window, ROOMY), view.columns)
    if unknown:
        note = note or f"columns: {', '.join(unknown)}: no such column"
    return view, note
