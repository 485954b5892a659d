"""The SEC's N-PORT: what a fund reports of its positions for a quarter's end, sixty days later (docs: sources, 4).

Read with the standard library's parser, which fetches nothing from outside and keeps to expat's limits on entities; a
document type, the only place where entities could be declared, is refused at once. So nothing is left that another
package would guard against.
"""

from datetime import date
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser

from tui.model import AssetClass, Fund, Holding
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
from tui.sources.holdings.identify import Index
from tui.sources.text import refuse_page
from tui.symbology import canonical, cusip, isin

SOURCE = "nport"

_WHO = "N-PORT"
_SPACE = "{http://www.sec.gov/edgar/nport}"
_LARGEST = 64 * 2**20
"""Bytes: the largest filings, of funds with ten thousand bonds, have a third of it."""
_CLASSES = {
    "EC": AssetClass.EQUITY,
    "EP": AssetClass.EQUITY,
    "STIV": AssetClass.CASH,
    "RA": AssetClass.CASH,
    "DBT": AssetClass.BOND,
    "LON": AssetClass.BOND,
    "SN": AssetClass.BOND,
    "DCO": AssetClass.DERIVATIVE,
    "DCR": AssetClass.DERIVATIVE,
    "DE": AssetClass.DERIVATIVE,
    "DFE": AssetClass.DERIVATIVE,
    "DIR": AssetClass.DERIVATIVE,
    "DO": AssetClass.DERIVATIVE,
}


class _Builder(TreeBuilder):
    """Builds elements, and refuses a document type before anything in it is read."""

    def doctype(self, _name: str, _public: str | None, _system: str | None) -> None:
        """Called by the parser where `<!DOCTYPE` begins."""
        raise MalformedError(f"{_WHO}: the file declares a document type, which no filing does; download it again.")


def recognises(payload: bytes) -> bool:
    """Whether the bytes begin like a filing."""
    return b"http://www.sec.gov/edgar/nport" in payload[:4096]


def parse_nport(
    payload: bytes,
    symbol: str | None = None,
    as_of: date | None = None,
    *,
    index: Index | None = None,
    series: str | None = None,
) -> Fund:
    """The fund in a filing, whose `series` is checked if given; a missing ticker is looked up in `index`.

    A fund may report nothing: its last filing has no positions.

    Raises:
        MalformedError: it is no such filing, breaks off, or is another series'.
    """
    refuse_page(payload, _WHO)
    root = _root(payload)
    told = _text(root, "formData/genInfo/seriesId") or _text(root, "headerData/filerInfo/seriesClassInfo/seriesId")
    if series is not None and told != series:
        raise MalformedError(f"{_WHO}: this is the filing of series {told or 'unknown'}, not of {series}.")
    if root.find(_path("formData/fundInfo")) is None:
        raise MalformedError(f"{_WHO}: the filing says nothing of the fund; download it again.")
    rows = root.findall(_path("formData/invstOrSecs/invstOrSec"))
    known = known_symbol(None, symbol, _WHO)
    said = _text(root, "formData/genInfo/repPdDate")
    names = (_text(root, "formData/genInfo/seriesName"), _text(root, "formData/genInfo/regName"))
    return Fund(
        symbol=known,
        name=next((name for name in names if name and name != "N/A"), known),
        as_of=known_day(day(said) if said else None, as_of, _WHO),
        source=SOURCE,
        holdings=weigh([_position(row, index or Index()) for row in rows], _WHO),
    )


def _root(payload: bytes) -> Element:
    """The filing as elements. A copy had an empty line before its declaration, which XML forbids.

    Raises:
        MalformedError: it is none.
    """
    if len(payload) > _LARGEST:
        raise MalformedError(f"{_WHO}: the file is too large to be a filing.")
    # See above for what makes the standard parser safe here.
    parser = XMLParser(target=_Builder())  # noqa: S314
    try:
        parser.feed(payload.lstrip())
        root = parser.close()
    except (ParseError, ValueError, LookupError):
        raise MalformedError(f"{_WHO}: the file is damaged or breaks off; download it again.") from None
    if not isinstance(root, Element) or root.tag != f"{_SPACE}edgarSubmission":
        raise MalformedError(f"{_WHO}: this is another kind of document.")
    return root


def _position(row: Element, index: Index) -> Position:
    category = _text(row, "assetCat") or _attribute(row, "assetConditional", "assetCat") or ""
    kind = AssetClass.BOND if category.startswith("ABS") else _CLASSES.get(category, AssetClass.OTHER)
    name = _text(row, "title") or _text(row, "name") or ""
    code, security = cusip(_text(row, "cusip")), isin(_attribute(row, "identifiers/isin", "value"))
    symbol = None
    if kind is AssetClass.EQUITY:
        ticker = canonical(_attribute(row, "identifiers/ticker", "value"))
        symbol = ticker or index.find(cusip=code, isin=security, name=name) or index.find(name=_text(row, "name"))
    try:
        value, balance, percent = (number(_text(row, tag)) for tag in ("valUSD", "balance", "pctVal"))
    except MalformedError as error:
        raise MalformedError(f"{_WHO}: {name[:40]}: {error}; download the file again.") from None
    if value is None:
        raise MalformedError(f"{_WHO}: {name[:40]!r} has no value; download the file again.")
    holding = Holding(
        symbol=symbol,
        name=name,
        weight=0.0,
        market_value=value,
        shares=balance if _text(row, "units") == "NS" else None,
        asset_class=kind,
        cusip=code,
        isin=security,
        currency=_text(row, "curCd") or _attribute(row, "currencyConditional", "curCd"),
        country=_text(row, "invCountry"),
    )
    return Position(sorted_into(holding, None, SOURCE), percent)


def _path(path: str) -> str:
    return "/".join(_SPACE + tag for tag in path.split("/"))


def _text(element: Element, path: str) -> str | None:
    found = element.findtext(_path(path))
    return " ".join(found.split()) or None if found else None


def _attribute(element: Element, path: str, name: str) -> str | None:
    found = element.find(_path(path))
    return None if found is None else found.get(name)
