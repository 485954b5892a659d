"""SSGA's list of holdings: an XLSX, or the same columns as CSV; sectors were filled in until 2023 (docs: sources, 4).

For personal, informational use; the file is State Street's.
"""

import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import date
from urllib.parse import quote

from tui.model import AssetClass, Fund, Holding
from tui.sources.base import MalformedError, NoDataError, UnreachableError
from tui.sources.holdings.base import (
    Position,
    complete,
    day,
    known_day,
    known_symbol,
    number,
    sorted_into,
    weigh,
)
from tui.sources.holdings.table import Row, Table, read_csv, read_rows
from tui.sources.http import Http
from tui.sources.text import refuse_page, text_of
from tui.symbology import canonical, cusip

SOURCE = "ssga"
HOSTS = ("www.ssga.com",)

_FUNDS = (
    "DIA KBE KIE KRE MDY SPDW SPEM SPLG SPMD SPSM SPY SPYG SPYM SPYV XAR XBI XES XHB XHE XHS XLB XLC XLE XLF XLI XLK XLP "
    "XLRE XLU XLV XLY XME XNTK XOP XPH XRT XSD XSW XTL XTN"
)
FUNDS = frozenset(_FUNDS.split())
"""The issuer's funds that can be asked for."""

_WHO = "SSGA"
_REQUIRED = ("name", "ticker", "identifier", "weight", "shares held")
_ARCHIVE = b"PK\x03\x04"
_UNPACKED = 64 * 2**20
"""Largest size in bytes of a workbook's parts together."""
_FAR = re.compile(rb"""\br=["'](?:[A-Z]{2,3}\d+|[A-Z]?\d{6,})["']""")
"""A cell beyond column Z or line 99,999."""
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    OSError,
    EOFError,
    ValueError,
    IndexError,
    # An archive that wants a password, or is packed in a way that we do not know.
    RuntimeError,
    NotImplementedError,
)
_CASH = re.compile(r"cash|u\.?s\.? dollar|dollar|money market|liquid res\w*|repurchase|collateral", re.IGNORECASE)
_DERIVATIVE = re.compile(r"\bfut(?:ure)?s?\b|\be-?mini\b|\bswap\b", re.IGNORECASE)


def recognises(payload: bytes) -> bool:
    """Whether the bytes are a workbook, or begin with the columns of SSGA's list."""
    return payload.startswith(_ARCHIVE) or b"Name,Ticker,Identifier,SEDOL,Weight" in payload[:4096]


def parse_ssga(payload: bytes, symbol: str | None = None, as_of: date | None = None) -> Fund:
    """The fund in an XLSX or CSV file; `as_of` is for a file without the lines above the header.

    Raises:
        MalformedError: it is no such file, breaks off, or is another fund's.
    """
    refuse_page(payload, _WHO)
    if payload.startswith(_ARCHIVE):
        table = read_rows(_cells(payload), _REQUIRED, _WHO)
    else:
        table = read_csv(text_of(payload, _WHO), _REQUIRED, _WHO)
    # A placeholder has a dash for a weight: the row of a 2023 file that is called DUMMY.
    positions = [position for row in table.rows if (position := _position(row)).percent is not None]
    if not positions:
        raise MalformedError(f"{_WHO}: the list is empty; download the file again.")
    if not complete(positions):
        raise MalformedError(f"{_WHO}: the weights do not add up to 100 %: the file is not whole; download it again.")
    known = known_symbol(canonical(table.said("ticker symbol")), symbol, _WHO)
    return Fund(
        symbol=known,
        name=table.said("fund name") or known,
        as_of=known_day(_day(table), as_of, _WHO),
        source=SOURCE,
        holdings=weigh(positions, _WHO),
    )


class SSGA:
    """The issuer's daily workbooks. `http` is its own and closed with it."""

    name = SOURCE

    def __init__(self, http: Http, *, base: str = "https://www.ssga.com") -> None:
        self._http = http
        self._base = base

    async def fund(self, symbol: str) -> Fund:
        """The holdings last published.

        Raises:
            SourceError: one of its kinds; nothing else.
        """
        if symbol not in FUNDS:
            raise NoDataError(f"{symbol} is no fund of SSGA that outpace knows; import its file.")
        file = f"holdings-daily-us-en-{quote(symbol.lower(), safe='')}.xlsx"
        url = f"{self._base}/us/en/intermediary/library-content/products/fund-data/etfs/us/{file}"
        reply = await self._http.get(url, accept="*/*")
        if reply.status == 404:
            raise NoDataError(f"SSGA has no file of {symbol}.")
        if reply.status != 200:
            raise UnreachableError(f"SSGA answered with an unexpected status ({reply.status}).")
        return parse_ssga(reply.body, symbol)

    async def aclose(self) -> None:
        """Close the connections; safe to call twice."""
        await self._http.aclose()


def _cells(payload: bytes) -> Iterator[tuple[int, Sequence[object]]]:
    """The lines of the first sheet."""
    from python_calamine import CalamineError, CalamineWorkbook

    broken = f"{_WHO}: the workbook cannot be read; download it again."
    try:
        with zipfile.ZipFile(io.BytesIO(payload)) as archive:
            if sum(part.file_size for part in archive.infolist()) > _UNPACKED:
                raise MalformedError(f"{_WHO}: the workbook is too large to be a list of holdings.")
            # Reading checks the checksums, which the workbook's reader does not look at; and it makes room for all cells
            # up to the last one, wherever a file says that this is.
            if any(_FAR.search(archive.read(part)) for part in archive.infolist()):
                raise MalformedError(f"{_WHO}: the workbook has too many cells to be a list of holdings.")
        with CalamineWorkbook.from_filelike(io.BytesIO(payload)) as book:
            lines = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (CalamineError, *_UNREADABLE):
        raise MalformedError(broken) from None
    yield from enumerate(lines, 1)


def _day(table: Table) -> date | None:
    said = table.said("holdings", "holdings as of")
    return day(re.sub(r"(?i)^as of\s*:?\s*", "", said)) if said else None


def _position(row: Row) -> Position:
    symbol, name, identifier = canonical(row.text("ticker")), row.text("name"), row.text("identifier")
    if symbol is None and (_CASH.search(name) or identifier.startswith("CASH")):
        kind = AssetClass.CASH
    elif symbol is None and _DERIVATIVE.search(name):
        kind = AssetClass.DERIVATIVE
    else:
        kind = AssetClass.EQUITY
    holding = Holding(
        symbol=symbol,
        name=name,
        weight=0.0,
        shares=row.read(number, "shares held"),
        asset_class=kind,
        cusip=cusip(identifier),
        currency=row.text("local currency").replace("-", "") or None,
    )
    return Position(sorted_into(holding, row.text("sector"), SOURCE), row.read(number, "weight"))
