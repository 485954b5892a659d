"""A condition to begin an alert with: the figure under the cursor, a step beyond where it is now. Pure."""

import math

from tui.analytics.events.figures import FIGURES
from tui.analytics.events.tree import quoted
from tui.analytics.figures import INDEX_MARK, Figures
from tui.rows import Row

EXCESS = "excess_"
"""What the columns of excess returns are called before their window."""

_OF_VOLUME = {"volume", "volume_ratio", "by_median", "dollar_volume"}
"""Columns that an index has nothing in."""
_LEAST_RATIO = 2
_MOST_LOSS = 99
"""Percent: nothing falls by more than 100, and the language says so."""
_SCALES = ((1e12, "000B"), (1e9, "B"), (1e6, "M"), (1e3, "K"))


def suggested(row: Row, column: str, benchmark: str, *, window: str, volume_window: int) -> str:
    """A condition on the figure of a column, whatever screen it is on; the day's return where it is none.

    Args:
        row: The symbol's row.
        column: The column's key: `last`, `excess_1M`, `volume_ratio`, ...
        benchmark: What excess returns are measured against.
        window: The chosen window, of columns that follow it.
        volume_window: Sessions behind the volume ratio.
    """
    symbol, figures = quoted(row.symbol), row.figures
    windows = {key: name for name in (window, *_names()) for key in (name, f"{EXCESS}{name}")}
    if column in windows or column in {"rank", "trend"}:
        return _return(row, windows.get(column, window), benchmark, relative=column != "trend")
    if column in _OF_VOLUME and row.symbol.startswith(INDEX_MARK):
        return _return(row, "1D", benchmark, relative=False)
    match column:
        case "last" | "price" | "close":
            price = row.quote.price if row.quote else None
            return f"{symbol}.close >= {_above(price) if price else '100'}"
        case "volume_ratio" | "by_median":
            name = _volume_ratio(volume_window)
            ratio = figures.volume_ratio if figures else None
            return f"{symbol}.{name} >= {max(_LEAST_RATIO, math.floor(ratio or 0) + 1)}x"
        case "dollar_volume":
            return f"{symbol}.dollar_volume >= {_amount(figures.dollar_volume if figures else None)}"
        case "range52":
            low = figures is not None and figures.range52 is not None and figures.range52 < 0.5
            return f"{symbol} at 52w {'low' if low else 'high'}"
        case "zscore50":
            return f"{symbol}.zscore50 {_beyond(figures.zscore50 if figures else None, 1, '')}"
        case "drawdown":
            depth = abs(figures.drawdown or 0) if figures else 0
            return f"{symbol}.drawdown <= -{min(math.floor(depth * 100) + 1, _MOST_LOSS)}%"
        case _:
            return _return(row, "1D", benchmark, relative=False)


def _names() -> list[str]:
    return [name.upper() for name in FIGURES if "_" not in name]


def _return(row: Row, window: str, benchmark: str, *, relative: bool) -> str:
    """A return, or by how much it is above the benchmark's."""
    symbol, name, figures = quoted(row.symbol), window.lower(), row.figures
    if name not in FIGURES:
        name = "1d"
    if not relative or row.symbol == benchmark:
        return f"{symbol}.{name} {_beyond(_of(figures, name, excess=False), 100, '%')}"
    return f"{symbol}.{name} - {quoted(benchmark)}.{name} {_beyond(_of(figures, name, excess=True), 100, 'pp')}"


def _of(figures: Figures | None, name: str, *, excess: bool) -> float | None:
    if figures is None:
        return None
    found = figures.excess if excess else figures.returns
    return next((value for window, value in found.items() if window.value.lower() == name), None)


def _beyond(value: float | None, factor: float, unit: str) -> str:
    """The next whole number away from zero: 1.72 % is `>= 2%`, -0.3 is `<= -1`."""
    known = 0.0 if value is None or not math.isfinite(value) else value * factor
    number = math.floor(abs(known)) + 1
    if known < 0 and unit == "%":
        number = min(number, _MOST_LOSS)
    return f"<= -{number}{unit}" if known < 0 else f">= {number}{unit}"


def _above(price: float) -> str:
    """A price one percent higher, with as many digits as tell."""
    digits = max(0, 3 - math.floor(math.log10(abs(price)))) if price else 2
    return f"{price + abs(price) / 100:.{min(digits, 8)}f}"


def _amount(value: float | None) -> str:
    """The next amount that has one digit: 2.4 billion is `3B`."""
    known = value if value and math.isfinite(value) and value > 0 else 1e9
    scale, suffix = next(((scale, suffix) for scale, suffix in _SCALES if known >= scale), (1.0, ""))
    number = math.floor(known / scale) + 1
    return f"{number}{suffix}"


def _volume_ratio(volume_window: int) -> str:
    name = f"volume_ratio{volume_window}"
    return name if name in FIGURES else "volume_ratio"
