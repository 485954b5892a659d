"""What looks wrong in a stored list of holdings: weights, doubles, missing sectors and tickers, and its age. Pure."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from enum import StrEnum
from math import fsum

from msgspec import Struct

from tui.model import AssetClass, Fund, Holding
from tui.sectors import CASH, UNCLASSIFIED, taxonomies

TOLERANCE = 1e-6
"""By how much the weights of a whole list may miss 1: they were made to be it."""
OLD = timedelta(days=31)
"""Issuers publish every day; after a month, changes of the index and of prices have moved the weights."""
NAMED = 5
"""Names that a finding gives as examples."""


class Trouble(StrEnum):
    """Kinds of finding."""

    WEIGHTS = "weights"
    """They do not make a whole, or are negative."""
    DUPLICATE = "duplicate"
    """Several rows of one symbol."""
    SECTOR = "sector"
    """Shares without a sector, or sectors of several books."""
    TICKER = "ticker"
    """Shares without a symbol: they can have no price."""
    AGE = "age"
    """The newest list is more than a month old."""


class Finding(Struct, frozen=True):
    """One thing that looks wrong."""

    fund: str
    as_of: date
    trouble: Trouble
    detail: str


def examine(fund: Fund, today: date) -> list[Finding]:
    """Findings in the newest list of a fund, the weightiest kind first; `today` is what its age is measured by."""
    shares = [each for each in fund.holdings if each.asset_class is AssetClass.EQUITY]
    kinds = (
        (Trouble.WEIGHTS, _weights(fund, shares)),
        (Trouble.DUPLICATE, _duplicates(shares)),
        (Trouble.SECTOR, _sectors(fund, shares)),
        (Trouble.TICKER, _tickers(shares)),
        (Trouble.AGE, _age(fund, today)),
    )
    return [Finding(fund.symbol, fund.as_of, trouble, detail) for trouble, details in kinds for detail in details]


def _weights(fund: Fund, shares: Sequence[Holding]) -> Iterator[str]:
    total = fsum(each.weight for each in shares or fund.holdings)
    if fund.partial:
        yield f"a part of the list: {len(fund.holdings)} positions, {total:.1%} of the fund"
    elif abs(total - 1) > TOLERANCE:
        yield f"the weights add up to {total:.4%}"
    if negative := [each for each in shares if each.weight < 0]:
        yield f"negative: {_told(negative)}"


def _duplicates(shares: Sequence[Holding]) -> Iterator[str]:
    counts = Counter(each.symbol for each in shares if each.symbol)
    for symbol, count in sorted(counts.items()):
        if count > 1:
            weight = fsum(each.weight for each in shares if each.symbol == symbol)
            yield f"{symbol}: {count} rows, {weight:.2%} together"


def _sectors(fund: Fund, shares: Sequence[Holding]) -> Iterator[str]:
    if missing := [each for each in shares if each.sector in {None, UNCLASSIFIED}]:
        yield _told(missing)
    if strange := [each for each in shares if each.sector == CASH]:
        yield f"shares among {CASH.lower()}: {_told(strange)}"
    if len(books := taxonomies(fund)) > 1:
        yield f"sectors of several books: {', '.join(sorted(books))}"


def _tickers(shares: Sequence[Holding]) -> Iterator[str]:
    if missing := [each for each in shares if each.symbol is None]:
        yield _told(missing)


def _age(fund: Fund, today: date) -> Iterator[str]:
    if today - fund.as_of > OLD:
        yield f"{(today - fund.as_of).days} days old"
    elif fund.as_of > today:
        yield "dated in the future"


def _told(rows: Sequence[Holding]) -> str:
    """`3 of weight 1.20 %: the names, the heaviest first`."""
    heaviest = sorted(rows, key=lambda each: -abs(each.weight))
    names = ", ".join(each.symbol or each.name for each in heaviest[:NAMED])
    more = ", ..." if len(rows) > NAMED else ""
    return f"{len(rows)} of weight {fsum(each.weight for each in rows):.2%}: {names}{more}"
