"""The columns of the monitor as data: what each shows of a row, how wide, and what it sorts by."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tui import format as fmt
from tui import format_bars
from tui.analytics.windows import MONITOR, Window
from tui.format import MISSING, Cell
from tui.model import State
from tui.rows import Row

AGE_STEP = 15
"""Seconds by which ages under a minute move on: a finer step would rewrite the column without telling more."""

EXCESS = (Window.D1, Window.W1, Window.M1, Window.M3, Window.YTD)
"""The windows that stand side by side where there is little room; with more, all of `MONITOR` do."""
NARROW, ROOMY = 110, 132
"""Widths in cells from which the design's order is kept, and from which all windows stand side by side."""


@dataclass(frozen=True, slots=True)
class Field:
    """One column: its head, its width in cells, the cell of a row and the value it sorts by."""

    key: str
    title: str
    width: int
    cell: Callable[[Any], Cell]
    value: Callable[[Any], Any]
    align: str = "right"
    group: str = ""
    fixed: bool = False
    flash: bool = True
    excess: Window | None = None
    """The window whose excess it is; that of a whole list is had without deriving its rows."""


def _symbol(row: Row) -> Cell:
    return Cell(fmt.clean(row.symbol, 9), "error" if row.state is State.UNKNOWN else "symbol")


def _last(row: Row) -> Cell:
    if row.state is State.UNKNOWN:
        return Cell("unknown", "error")
    return fmt.price(row.quote.price, width=9) if row.quote else MISSING


def _age(row: Row) -> Cell:
    quote = row.quote
    if quote is None:
        return MISSING
    if quote.final:
        role = "muted" if row.state is State.EOD else "warn"
        return Cell(fmt.age(row.age, final=row.state is State.EOD, session=quote.session).text, role)
    shown = max(0.0, row.age)
    if shown < AGE_STEP:
        return Cell("now", "muted")
    text = fmt.age(shown - shown % AGE_STEP, final=False, session=quote.session).text
    return Cell(text, "warn" if row.state in {State.STALE, State.LIMITED, State.OFFLINE} else "muted")


def _volume_ratio(row: Row) -> Cell:
    figures = row.figures
    if figures is None or figures.volume_ratio is None:
        return MISSING
    return fmt.ratio(figures.volume_ratio, rough=figures.volume_ratio_rough)


def _excess(window: Window, group: str) -> Field:
    def cell(row: Row) -> Cell:
        return fmt.points(row.figures.excess.get(window), 6) if row.figures else MISSING

    def value(row: Row) -> float | None:
        return row.figures.excess.get(window) if row.figures else None

    return Field(f"excess_{window}", window.value, 6, cell, value, group=group, excess=window)


def _figure(name: str) -> Callable[[Row], float | None]:
    return lambda row: getattr(row.figures, name) if row.figures else None


def fields(benchmark: str, window: Window, volume_window: int, width: int) -> list[Field]:
    """The columns for a screen of `width` cells: the most telling first, the rest reached by moving right.

    Below 110 cells the age stands next to the volume ratio, so that the first page of columns says how old it is.
    """
    age = Field("age", "Age", 6, _age, lambda row: row.age, flash=False)
    head = [
        Field("symbol", "Symbol", 8, _symbol, lambda row: row.symbol, "left", fixed=True, flash=False),
        Field("last", "Last", 9, _last, lambda row: row.quote.price if row.quote else None),
        Field(
            "change",
            "Chg%",
            7,
            lambda row: fmt.change(row.figures.returns.get(Window.D1)) if row.figures else MISSING,
            lambda row: row.figures.returns.get(Window.D1) if row.figures else None,
        ),
        *(_excess(each, f"excess vs {benchmark}, pp") for each in (MONITOR if width >= ROOMY else EXCESS)),
        Field("volume_ratio", f"Vol×{volume_window}", 6, _volume_ratio, _figure("volume_ratio")),
    ]
    tail = [
        Field(
            "dollar_volume",
            "$Vol",
            6,
            lambda row: fmt.dollars(row.figures.dollar_volume) if row.figures else MISSING,
            _figure("dollar_volume"),
        ),
        Field(
            "range52",
            "52w",
            9,
            lambda row: format_bars.range_bar(row.figures.range52 if row.figures else None, 9),
            _figure("range52"),
            flash=False,
        ),
        Field(
            "trend",
            f"Trend {window}",
            10,
            lambda row: format_bars.spark(row.trend, 10),
            lambda row: row.figures.returns.get(window) if row.figures else None,
            flash=False,
        ),
    ]
    rest = [
        *(_excess(each, "excess, pp") for each in MONITOR if width < ROOMY and each not in EXCESS),
        Field(
            "rank",
            f"Rank {window}",
            8,
            lambda row: fmt.rank(row.rank.get(window)),
            lambda row: row.rank.get(window),
            flash=False,
        ),
        Field("zscore50", "z50", 6, lambda row: fmt.zscore(_figure("zscore50")(row)), _figure("zscore50"), flash=False),
        Field(
            "drawdown",
            "Drawdn%",
            7,
            lambda row: fmt.change(_figure("drawdown")(row)),
            _figure("drawdown"),
            flash=False,
        ),
        Field(
            "name",
            "Name",
            34,
            lambda row: Cell(fmt.clean(row.name or "", 34), "muted"),
            lambda row: row.name,
            "left",
            flash=False,
        ),
    ]
    return [*head, age, *tail, *rest] if width < NARROW else [*head, *tail, age, *rest]


def picked(all_fields: Sequence[Field], names: Sequence[str] | None) -> tuple[list[Field], list[str]]:
    """The columns that the user's config names (`last`, `1M`, `volume_ratio`), in its order, and names that are none.

    The symbol always comes first; without names, all columns as they are.
    """
    if not names:
        return list(all_fields), []
    known = {name: each for each in all_fields for name in (each.key, each.key.removeprefix("excess_"))}
    chosen = [known[name] for name in dict.fromkeys(("symbol", *names)) if name in known]
    return chosen, [name for name in names if name not in known]


def in_order(values: Mapping[str, Any], *, descending: bool) -> list[str]:
    """Keys by their values; unknown last either way, ties in the given order."""
    known = [key for key, value in values.items() if value is not None]
    unknown = [key for key, value in values.items() if value is None]
    return [*sorted(known, key=values.__getitem__, reverse=descending), *unknown]
