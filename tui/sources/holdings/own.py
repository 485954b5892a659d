"""A user's own list: a CSV with a symbol and a weight or a value in each row, in whatever unit. Pure."""

from datetime import date

from tui.model import AssetClass, Fund, Holding
from tui.sectors import CASH
from tui.sources.base import MalformedError
from tui.sources.holdings.base import (
    Position,
    day,
    known_day,
    known_symbol,
    number,
    sorted_into,
    weigh,
)
from tui.sources.holdings.table import Row, Table, read_csv
from tui.sources.text import refuse_page
from tui.symbology import canonical, cusip, isin

SOURCE = "own"

_WHO = "Your list"
_SYMBOL = ("symbol", "ticker")
_VALUE = ("market_value", "market value", "value")
_WEIGHT = ("weight", "weight_pct", "weight (%)", "weight %", "percent", "%")
_DELIMITERS = (",", ";", "\t")


def recognises(payload: bytes) -> bool:
    """Whether the first line has a symbol and a weight or a value."""
    return _header(payload) is not None


def parse_own(payload: bytes, symbol: str | None = None, as_of: date | None = None) -> Fund:
    """The fund in a CSV with the columns `symbol` and `weight` or `market_value`.

    It may have `name`, `sector`, `shares`, `price`, `asset_class`, `cusip`, `isin`, `currency`, `country`, `as_of`. Weights may be percent or fractions: only their proportions count.

    Raises:
        MalformedError: it is no such list, or a line of it cannot be read.
    """
    refuse_page(payload, _WHO)
    form = _header(payload)
    if form is None:
        raise MalformedError(f"{_WHO}: the first line needs the columns symbol and weight, or symbol and market_value.")
    delimiter, columns = form
    table = read_csv(_text(payload), columns, _WHO, delimiter=delimiter)
    positions = [_position(row) for row in table.rows]
    if not positions:
        raise MalformedError(f"{_WHO}: there are no rows under the header.")
    known = known_symbol(None, symbol, _WHO)
    return Fund(
        symbol=known,
        name=known,
        as_of=known_day(_day(table), as_of, _WHO),
        source=SOURCE,
        holdings=weigh(positions, _WHO),
    )


def _header(payload: bytes) -> tuple[str, tuple[str, str]] | None:
    """The delimiter, and the columns that hold symbol and size; None where the first line has no such columns."""
    first = payload.removeprefix(b"\xef\xbb\xbf").lstrip().split(b"\n", 1)[0][:2000].decode("utf-8", "replace").lower()
    for delimiter in _DELIMITERS:
        names = [" ".join(cell.strip().strip('"').split()) for cell in first.split(delimiter)]
        symbol = next((name for name in _SYMBOL if name in names), None)
        size = next((name for name in (*_VALUE, *_WEIGHT) if name in names), None)
        if symbol and size:
            return delimiter, (symbol, size)
    return None


def _text(payload: bytes) -> str:
    """The file as text: in UTF-8, or as spreadsheets on Windows save it."""
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return payload.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise MalformedError(f"{_WHO}: save it as CSV in UTF-8.")


def _day(table: Table) -> date | None:
    """The one date of the list.

    Raises:
        MalformedError: there are several.
    """
    days = {row.read(_date, "as_of") for row in table.rows if "as_of" in row.columns}
    if len(days) > 1:
        raise MalformedError(f"{_WHO}: the column as_of has several dates; make a file of each.")
    return next(iter(days), None)


def _date(text: object) -> date:
    found = day(text)
    if found is None:
        raise MalformedError(f"{str(text)[:20]!r} is no date such as 2025-05-13")
    return found


def _position(row: Row) -> Position:
    size = row.read(number, *_WEIGHT)
    value = row.read(number, *_VALUE)
    ticker, word = row.text(*_SYMBOL), row.text("sector")
    kind = _class_of(row, word)
    if value is None and size is None:
        raise MalformedError(f"{_WHO}: line {row.line} has neither a weight nor a market value.")
    holding = Holding(
        symbol=canonical(ticker) if kind is AssetClass.EQUITY else None,
        name=row.text("name") or ticker,
        weight=0.0,
        market_value=value,
        shares=row.read(number, "shares", "quantity"),
        price=row.read(number, "price"),
        asset_class=kind,
        cusip=cusip(row.text("cusip")),
        isin=isin(row.text("isin")),
        currency=row.text("currency") or None,
        country=row.text("country") or None,
    )
    return Position(sorted_into(holding, word, SOURCE), size)


def _class_of(row: Row, word: str) -> AssetClass:
    """What a row is: as its own column says, else cash by its sector, else a share."""
    if said := row.text("asset_class", "asset class").lower():
        return next((kind for kind in AssetClass if kind.value == said), AssetClass.OTHER)
    return AssetClass.CASH if word.casefold() in {CASH.casefold(), "cash"} else AssetClass.EQUITY
