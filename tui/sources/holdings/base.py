"""What all sources of holdings share: the protocol, numbers and dates as people write them, and weights. Pure.

Whatever the bytes are, a parser gives a fund that is right or raises a `MalformedError` that says what to do: the holdings
that are stored already stay.
"""

import re
from collections.abc import Sequence
from datetime import date
from math import fsum, isfinite
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from tui.model import AssetClass, Fund, Holding
from tui.sectors import CASH, sector_of, taxonomy_of
from tui.sources.base import MalformedError

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
"""Not `strptime`: its months are those of the user's language."""

WHOLE = (98.5, 101.5)
"""Percent between which the weights of a whole list add up, rounded and with cash owed as they are."""

ROUNDING = 0.02
"""Points by which an issuer's percent may differ from what its market value makes: it is rounded to hundredths."""

_NOTHING = {"", "-", "--", "n/a", "na", "null", "none"}
_NUMBER = re.compile(r"(\()?([-+]?)\$?(\d{1,3}(?:,\d{3})+|\d+)?(\.\d*)?([eE][-+]?\d{1,3})?%?(\))?", re.ASCII)
_DATES = (
    re.compile(r"(?P<month>[A-Za-z]{3})[a-z]*\.? (?P<day>\d{1,2}), ?(?P<year>\d{4})", re.ASCII),
    re.compile(r"(?P<day>\d{1,2})[- ](?P<month>[A-Za-z]{3})[a-z]*[- ](?P<year>\d{4})", re.ASCII),
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})(?:[T ].*)?", re.ASCII),
    re.compile(r"(?P<month>\d{1,2})/(?P<day>\d{1,2})/(?P<year>\d{4})", re.ASCII),
    re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})", re.ASCII),
)


class UnnamedError(MalformedError):
    """The file does not say of which fund it is, and nobody else did."""


class UndatedError(MalformedError):
    """The file does not say of which day it is, and nobody else did."""


class HoldingsSource(Protocol):
    """One origin of what funds hold. All methods are safe to call from one event loop, and to cancel."""

    name: str
    """Short name, kept with every fund that comes from it."""

    async def fund(self, symbol: str) -> Fund:
        """What the fund holds, as last published.

        Raises:
            NoDataError: this source has no holdings for it.
            SourceError: one of its other kinds; nothing else.
        """

    async def aclose(self) -> None:
        """Release connections; safe to call twice."""


class Position(Struct, frozen=True):
    """A row of a list before it is weighed: `holding.weight` is of no meaning yet."""

    holding: Holding
    percent: float | None = None
    """Percent of the fund's net assets, as the issuer says."""


def number(text: object) -> float | None:
    """A number as issuers write it (`1,234.50`, `$5`, `0.2%`, `(3)`), None for a dash or nothing.

    Raises:
        MalformedError: it is neither.
    """
    if text is None or (isinstance(text, str) and text.strip().lower() in _NOTHING):
        return None
    if isinstance(text, int | float) and not isinstance(text, bool):
        value = float(text)
    else:
        found = _NUMBER.fullmatch(str(text).strip())
        if found is None or not (found[3] or found[4]) or bool(found[1]) != bool(found[6]):
            raise MalformedError(f"{str(text)[:40]!r} is no number")
        value = float(f"{found[2]}{(found[3] or '0').replace(',', '')}{found[4] or ''}{found[5] or ''}")
        value = -value if found[1] else value
    if not isfinite(value):
        raise MalformedError(f"{str(text)[:40]!r} is no number")
    return value


def day(text: object) -> date | None:
    """The date in any of the issuers' forms (`May 13, 2025`, `18-Nov-2025`, `2026-09-24`), else None."""
    if isinstance(text, date):
        return date(text.year, text.month, text.day)
    for form in _DATES:
        if found := form.fullmatch(str(text).strip()):
            month = found["month"].lower()
            if not month.isdecimal() and month not in MONTHS:
                continue
            try:
                return date(
                    int(found["year"]),
                    int(month) if month.isdecimal() else MONTHS.index(month) + 1,
                    int(found["day"]),
                )
            except ValueError:
                continue
    return None


def known_symbol(said: str | None, asked: str | None, who: str) -> str:
    """The fund's symbol: the one that the file says, or else the one that was asked for.

    Raises:
        UnnamedError: there is none.
        MalformedError: the two differ.
    """
    if said is None and asked is None:
        raise UnnamedError(f"{who}: the file does not say of which fund it is; name it with --fund.")
    if said is not None and asked is not None and said != asked:
        raise MalformedError(f"{who}: these are the holdings of {said}, not of {asked}.")
    return str(said or asked)


def known_day(said: date | None, given: date | None, who: str) -> date:
    """The date of the holdings: the one that the file says, or else the one that was given.

    Raises:
        UndatedError: there is none.
    """
    found = said or given
    if found is None:
        raise UndatedError(f"{who}: the file does not say of which day it is; name it with --as-of.")
    return found


def sorted_into(holding: Holding, word: str | None, source: str) -> Holding:
    """`holding` with the sector that the source's `word` means; what is money or a derivative needs no word."""
    original = (word or "").strip()
    original = "" if original.lower() in _NOTHING else original
    if holding.asset_class in {AssetClass.CASH, AssetClass.DERIVATIVE}:
        sector: str | None = CASH
    else:
        sector = sector_of(original, taxonomy_of(source))
    return replace(
        holding,
        sector=sector,
        sector_original=original or None,
        sector_source=source if sector is not None else None,
    )


def weigh(positions: Sequence[Position], who: str) -> list[Holding]:
    """The holdings with their weights, in the order given: by market value, or by percent where a row has no value.

    A row that the issuer itself gives no value (pending dividends) weighs nothing.

    Raises:
        MalformedError: the rows that count add up to nothing.
    """
    if not positions:
        return []
    equity = [each for each in positions if each.holding.asset_class is AssetClass.EQUITY]
    counted = equity or positions
    by_value = all(each.holding.market_value is not None for each in counted)

    def size(position: Position) -> float:
        return (position.holding.market_value if by_value else position.percent) or 0.0

    total = fsum(size(each) for each in counted)
    if not total > 0:
        raise MalformedError(f"{who}: the positions are worth nothing together; download the file again.")
    return [replace(each.holding, weight=size(each) / total) for each in positions]


def complete(positions: Sequence[Position]) -> bool:
    """Whether the issuer's percents add up to a whole fund; so they do where none are told."""
    told = [each.percent for each in positions if each.percent is not None]
    return not told or WHOLE[0] <= fsum(told) <= WHOLE[1]


def consistent(positions: Sequence[Position]) -> bool:
    """Whether each percent agrees with its market value: where one digit is damaged, they do not."""
    total = fsum(each.holding.market_value or 0.0 for each in positions)
    return total > 0 and all(
        abs(100 * each.holding.market_value / total - each.percent) <= ROUNDING
        for each in positions
        if each.holding.market_value is not None and each.percent is not None
    )
