"""A saved file of holdings, recognised by its content. Pure.

A dialect is a module with `recognises(payload)` and a parser `(payload, symbol, as_of) -> Fund`, and a place in `DIALECTS`.
"""

import re
from collections.abc import Callable
from datetime import date

from tui.model import Fund
from tui.sources.base import MalformedError
from tui.sources.holdings import constituents, invesco, ishares, nport, own, ssga, yahoo_top
from tui.sources.holdings.base import day
from tui.sources.text import refuse_page
from tui.symbology import canonical

Parse = Callable[[bytes, str | None, date | None], Fund]

DIALECTS: tuple[tuple[Callable[[bytes], bool], Parse], ...] = (
    (ishares.recognises, ishares.parse_ishares),
    (nport.recognises, nport.parse_nport),
    (ssga.recognises, ssga.parse_ssga),
    (invesco.recognises, invesco.parse_invesco),
    (yahoo_top.recognises, yahoo_top.parse_top_holdings),
    (own.recognises, own.parse_own),
)
"""Asked in this order; the first that recognises a file reads it. A user's own form is the vaguest, so it is the last."""

SUFFIXES = (".csv", ".json", ".xlsx", ".xml")

_WHO = "Holdings"
_DATED = re.compile(r"(?<!\d)(\d{4}-?\d{2}-?\d{2})(?!\d)")
_NAMED = re.compile(r"([A-Z0-9.^-]{1,8})_holdings|holdings-daily-us-en-([a-z0-9]{1,6})")


def parse(payload: bytes, symbol: str | None = None, as_of: date | None = None) -> Fund | dict[str, tuple[str, str]]:
    """The fund in a file of any known form, or the sectors in a list of constituents.

    Raises:
        SourceError: it is of no known form, damaged, or not of the fund or day that was given.
    """
    refuse_page(payload, _WHO)
    if constituents.recognises(payload):
        return constituents.parse_constituents(payload)
    for recognises, parser in DIALECTS:
        if recognises(payload):
            return parser(payload, symbol, as_of)
    raise MalformedError(
        f"{_WHO}: this is of no known form. Known are the files of iShares, SSGA and Invesco, N-PORT, Yahoo's top holdings, "
        "and a CSV with the columns symbol and weight."
    )


def hints(stem: str) -> tuple[str | None, date | None]:
    """Fund and day as a file's name tells them (`IWM_holdings_2025-05-13`), for files that do not tell themselves."""
    named, dated = _NAMED.match(stem), _DATED.search(stem)
    return (
        canonical(named[1] or named[2]) if named else None,
        day(dated[1]) if dated else None,
    )
