"""A user's own figures of companies, as CSV. Pure.

    symbol,as_of,price,market_cap,sales,earnings,eps,price_to_sales,price_to_earnings,currency,sales_currency
    symbol,period,as_of,ends,growth,average,year_ago,analysts,average_7d,average_30d,up_7d,up_30d,down_7d,down_30d,currency

The first is of fundamentals: `symbol` and any of the others, money in whole units. The second is of estimates: `symbol`,
`period` (`0q +1q 0y +1y`) and any of the others; `growth` is a fraction, or has a percent sign. Without `as_of` the figures
are of the day that the file was written. Empty cells are unknown.
"""

from collections.abc import Sequence
from datetime import date

from tui.model_drivers import Estimate, Fundamental
from tui.sources.base import MalformedError
from tui.sources.drivers.earnings import PERIODS
from tui.sources.drivers.text import Row, number_of, rows_of, whole
from tui.symbology import canonical
from tui.typed import converted

SOURCE = "own"

FUNDAMENTAL_NUMBERS = ("price", "market_cap", "sales", "earnings", "eps", "price_to_sales", "price_to_earnings")
FUNDAMENTAL_COLUMNS = ("symbol", "as_of", *FUNDAMENTAL_NUMBERS, "currency", "sales_currency")
ESTIMATE_NUMBERS = ("growth", "average", "year_ago", "average_7d", "average_30d")
ESTIMATE_COUNTS = ("analysts", "up_7d", "up_30d", "down_7d", "down_30d")
ESTIMATE_COLUMNS = ("symbol", "period", "as_of", "ends", *ESTIMATE_NUMBERS, *ESTIMATE_COUNTS, "currency")

_FUNDAMENTAL_MARKS = {*FUNDAMENTAL_NUMBERS, "sales_currency"} - {"price"}
_FUNDAMENTALS = "Your fundamentals"
_ESTIMATES = "Your estimates"


def recognises_fundamentals(payload: bytes) -> bool:
    """Whether the first line has a symbol and a figure of fundamentals."""
    names = _names(payload)
    return "symbol" in names and "period" not in names and bool(_FUNDAMENTAL_MARKS & set(names))


def recognises_estimates(payload: bytes) -> bool:
    """Whether the first line has a symbol and a period."""
    return {"symbol", "period"} <= set(_names(payload))


def parse_fundamentals(payload: bytes, as_of: date, fetched_at: float) -> list[Fundamental]:
    """The rows of a user's fundamentals; `as_of` is for those that have no date of their own.

    Raises:
        MalformedError: a column or a cell is wrong; the message names the line and what is expected.
    """
    found = []
    for row, cells in _rows(payload, FUNDAMENTAL_COLUMNS, ("symbol",), _FUNDAMENTALS):
        numbers = {name: _number(row, cells, name, _FUNDAMENTALS) for name in FUNDAMENTAL_NUMBERS}
        found.append(
            Fundamental(
                symbol=_symbol(row, cells, _FUNDAMENTALS),
                as_of=_day(row, cells, "as_of", _FUNDAMENTALS) or as_of,
                source=SOURCE,
                fetched_at=fetched_at,
                currency=cells.get("currency") or None,
                sales_currency=cells.get("sales_currency") or cells.get("currency") or None,
                **numbers,
            )
        )
    return found


def parse_estimates(payload: bytes, as_of: date, fetched_at: float) -> list[Estimate]:
    """The rows of a user's estimates; `as_of` is for those that have no date of their own.

    Raises:
        MalformedError: a column or a cell is wrong; the message names the line and what is expected.
    """
    found = []
    for row, cells in _rows(payload, ESTIMATE_COLUMNS, ("symbol", "period"), _ESTIMATES):
        period = cells["period"]
        if period not in PERIODS:
            raise _wrong(row, "period", period, f"one of {' '.join(PERIODS)}", _ESTIMATES)
        told: dict[str, object] = {
            "symbol": _symbol(row, cells, _ESTIMATES),
            "period": period,
            "as_of": _day(row, cells, "as_of", _ESTIMATES) or as_of,
            "source": SOURCE,
            "fetched_at": fetched_at,
            "ends": _day(row, cells, "ends", _ESTIMATES),
            "currency": cells.get("currency") or None,
        }
        told |= {name: _number(row, cells, name, _ESTIMATES) for name in ESTIMATE_NUMBERS}
        told |= {name: _count(row, cells, name) for name in ESTIMATE_COUNTS}
        found.append(converted(told, Estimate))
    return found


def _names(payload: bytes) -> list[str]:
    """The lower-case names of the first line, without its byte-order mark."""
    first = payload[:4096].removeprefix(b"\xef\xbb\xbf").lstrip().split(b"\n", 1)[0].decode("utf-8", "replace")
    return [_name(cell) for cell in first.split(",")]


def _name(cell: str) -> str:
    return "_".join(cell.strip().strip('"').lower().split())


def _rows(
    payload: bytes, columns: Sequence[str], required: Sequence[str], who: str
) -> list[tuple[Row, dict[str, str]]]:
    """Each line with its cells by column.

    Raises:
        MalformedError: a column is missing, twice there or unknown, or there are no rows.
    """
    rows = rows_of(payload, who)
    head = next(rows)
    names = [_name(cell) for cell in head.cells]
    expected = f"expected {','.join(columns)}"
    for name in required:
        if name not in names:
            raise MalformedError(f"line {head.line}: no column {name}: {expected}")
    for place, name in enumerate(names):
        if name not in columns or name in names[:place]:
            trouble = "is twice there" if name in columns else "is no column of this file"
            raise MalformedError(f"line {head.line}: {head.cells[place][:40]!r} {trouble}: {expected}")
    if not set(names) - {*required, "as_of", "ends", "currency", "sales_currency"}:
        raise MalformedError(f"line {head.line}: no column of figures: {expected}")
    found = [(row, dict(zip(names, whole(row, names, who), strict=True))) for row in rows]
    if not found:
        raise MalformedError(f"{who}: there are no rows under the header.")
    return found


def _symbol(row: Row, cells: dict[str, str], who: str) -> str:
    symbol = canonical(cells["symbol"])
    if symbol is None:
        raise _wrong(row, "symbol", cells["symbol"], "a symbol such as BRK-B", who)
    return symbol


def _number(row: Row, cells: dict[str, str], name: str, who: str) -> float | None:
    text = cells.get(name, "")
    try:
        if text.endswith("%"):
            value = number_of(text[:-1])
            return None if value is None else value / 100
        return number_of(text)
    except ValueError:
        raise _wrong(row, name, text, "a number such as 1234.5", who) from None


def _count(row: Row, cells: dict[str, str], name: str) -> int | None:
    value = _number(row, cells, name, _ESTIMATES)
    if value is None:
        return None
    if value < 0 or value != int(value):
        raise _wrong(row, name, cells[name], "a count such as 12", _ESTIMATES)
    return int(value)


def _day(row: Row, cells: dict[str, str], name: str, who: str) -> date | None:
    text = cells.get(name, "")
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise _wrong(row, name, text, "a date such as 2026-11-21", who) from None


def _wrong(row: Row, name: str, cell: str, expected: str, who: str) -> MalformedError:
    return MalformedError(f"line {row.line}: {name} {cell[:40]!r} in {who.lower()}: expected {expected}")
