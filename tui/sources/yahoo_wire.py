"""What Yahoo puts on the wire: its JSON as typed structs, its numbers, units, zones and errors (docs: sources, 2).

Everything here is pure. Whatever the bytes are, the answer is a value or a `SourceError`.
"""

import re
from datetime import UTC, date, datetime, timedelta
from math import isfinite
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Raw, Struct

from tui.model import Kind
from tui.sources.base import DeniedError, MalformedError, NoDataError, SourceError, UnknownSymbolError, UnreachableError
from tui.typed import from_json

T = TypeVar("T")

SOURCE = "yahoo"

Number = float | str | dict[str, Any] | None
"""A number as Yahoo may send it: itself, null, `"Infinity"`, `{"raw": 1.5, "fmt": "1.50"}` or `{}`."""

DELAYS = {"WCB": 15, "TOR": 15, "LSE": 15, "HKG": 15, "CMX": 10, "NYM": 10, "KSC": 20, "TAI": 20, "TWO": 20}
"""Minutes by which exchanges are late, by Yahoo's code, for the answers that do not say (chart and spark)."""

SUFFIXES_OF_HUNDREDTHS = (".L", ".IL", ".JO", ".TA")
"""Of exchanges that quote in pence, cents or agorot."""

_SYMBOL = re.compile(r"[A-Z0-9^][A-Z0-9.^=&_-]{0,31}", re.IGNORECASE | re.ASCII)
_HUNDREDTHS = {"GBp": "GBP", "GBX": "GBP", "ZAc": "ZAR", "ILA": "ILS"}
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
_YIELDS = {"^IRX", "^FVX", "^TNX", "^TYX"}
_KINDS = {
    "ETF": Kind.FUND,
    "MUTUALFUND": Kind.FUND,
    "EQUITY": Kind.STOCK,
    "INDEX": Kind.INDEX,
    "CURRENCY": Kind.CURRENCY,
    "CRYPTOCURRENCY": Kind.CRYPTO,
    "FUTURE": Kind.FUTURE,
}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EARLIEST, _LATEST = -5_364_662_400, 7_258_118_400  # the years 1800 and 2200
_MOST_SHARES = 2**63 - 1
_LONGEST_NAME = 80


class Span(Struct, frozen=True):
    """A trading period, epoch seconds UTC, the end not in it."""

    start: int
    end: int


class Periods(Struct, frozen=True):
    """`currentTradingPeriod`: of the running session, or of the next one while none runs."""

    regular: Span | None = None


class Meta(Struct, frozen=True, rename="camel"):
    """`meta` of chart and spark."""

    symbol: str
    currency: str | None = None
    exchange_name: str | None = None
    instrument_type: str | None = None
    exchange_timezone_name: str | None = None
    regular_market_time: Number = None
    regular_market_price: Number = None
    regular_market_day_high: Number = None
    regular_market_day_low: Number = None
    regular_market_volume: Number = None
    previous_close: Number = None
    chart_previous_close: Number = None
    long_name: str | None = None
    short_name: str | None = None
    data_granularity: str | None = None
    range: str | None = None
    current_trading_period: Periods | None = None
    trading_periods: Raw = Raw(b"null")
    """A list of lists of `Span`, a dict of such lists, or a dict of empty lists."""


class Columns(Struct, frozen=True):
    """`indicators.quote[0]`: parallel to the time stamps; empty when there is no data."""

    open: list[Number] | None = None
    high: list[Number] | None = None
    low: list[Number] | None = None
    close: list[Number] | None = None
    volume: list[Number] | None = None


class Adjusted(Struct, frozen=True):
    """`indicators.adjclose[0]`: in daily bars only."""

    adjclose: list[Number] | None = None


class Indicators(Struct, frozen=True):
    """`indicators` of a chart."""

    quote: list[Columns] = []
    adjclose: list[Adjusted] | None = None


class Event(Struct, frozen=True):
    """A dividend (`amount` per share) or a split (`numerator` new shares for `denominator` old ones).

    The key of its dict is the bar's bucket; `date` is when it was.
    """

    date: Number = None
    amount: Number = None
    numerator: Number = None
    denominator: Number = None


class Events(Struct, frozen=True):
    """`events` of a chart."""

    dividends: dict[str, Event] | None = None
    splits: dict[str, Event] | None = None


class Chart(Struct, frozen=True):
    """One symbol's bars."""

    meta: Meta
    indicators: Indicators
    timestamp: list[Number] | None = None
    events: Events | None = None


class Fault(Struct, frozen=True):
    """`error` of any answer."""

    code: str | None = None
    description: str | None = None


class Answer(Struct, frozen=True):
    """What every endpoint wraps its answer in. The results are decoded one by one, so that one cannot spoil another."""

    result: list[Raw] | None = None
    error: Fault | None = None


def decode(body: bytes | Raw, kind: type[T]) -> T:
    """`body` as a `kind`.

    Raises:
        MalformedError: for anything that is not one.
    """
    try:
        return from_json(body, kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise MalformedError("Yahoo's answer is not what it is known to send.") from None


def results(body: bytes, key: str) -> list[Raw]:
    """The results of the answer wrapped in `key`.

    Raises:
        SourceError: the error that the answer names.
        MalformedError: for anything but such an answer.
    """
    answer = decode(body, dict[str, Raw]).get(key)
    if answer is None:
        raise MalformedError("Yahoo answered another question than ours.")
    wrapped = decode(answer, Answer)
    if wrapped.error is not None:
        raise _error_of(wrapped.error)
    return wrapped.result or []


def parse_error(status: int, body: bytes, key: str) -> SourceError:
    """The error that an answer of any status but 200 means, to a question whose answers are wrapped in `key`.

    Its text is ours, never Yahoo's. Only the endpoint's own words make a symbol unknown: the gateway's (`finance`), or a
    404 by anything else on the way, say nothing of symbols.
    """
    try:
        wrapped = decode(body, dict[str, Raw])
        own, gateway = (decode(wrapped.get(name, Raw(b"{}")), Answer).error for name in (key, "finance"))
    except MalformedError:
        own = gateway = None
    if status >= 500:
        return UnreachableError(f"Yahoo has a fault of its own ({status}).")
    if status in {401, 403}:
        return DeniedError("Yahoo wants a cookie that we do not have.")
    error = _error_of(own or gateway or Fault())
    if own is None and isinstance(error, UnknownSymbolError):
        return MalformedError(f"Yahoo answered with an unexpected status ({status}).")
    return error


def _error_of(fault: Fault) -> SourceError:
    """The error that Yahoo's code and description mean."""
    code, description = (fault.code or "").lower(), (fault.description or "").lower()
    if code == "unauthorized":
        return DeniedError("Yahoo wants a cookie that we do not have.")
    if code == "not found":
        return UnknownSymbolError("Yahoo does not know this symbol.")
    if code == "unprocessable entity" or "data doesn't exist" in description:
        return NoDataError("Yahoo keeps no bars for this span.")
    return MalformedError("Yahoo did not understand the question.")


def is_symbol(text: str) -> bool:
    """Whether `text` could be one of Yahoo's symbols; nothing else is ever put into a URL."""
    return _SYMBOL.fullmatch(text) is not None


def number(value: Number) -> float | None:
    """`value` as a finite float, None when it is not one."""
    if isinstance(value, dict):
        value = value.get("raw")
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return None
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            return plain if isfinite(plain := float(value)) else None
        except OverflowError:
            return None
    return None


def moment(value: Number) -> float | None:
    """Epoch seconds between the years 1800 and 2200 (milliseconds are none), else None."""
    seconds = number(value)
    return seconds if seconds is not None and _EARLIEST <= seconds < _LATEST else None


def shares(value: Number, *, index: bool) -> int | None:
    """A volume; None for an index, whose volume Yahoo copies from another one."""
    volume = number(value)
    return int(volume) if volume is not None and not index and 0 <= volume < _MOST_SHARES else None


class Money(Struct, frozen=True):
    """How the prices of one symbol are read."""

    currency: str | None
    divisor: float
    negative: bool
    """Whether a price may fall below zero, as that of oil did in April 2020."""

    def price(self, value: Number) -> float | None:
        """A price in `currency`; None for zero and what else cannot be one."""
        price = number(value)
        if price is None or price == 0 or (price < 0 and not self.negative):
            return None
        # Rounded, since 315.2 pence are 3.152 pounds and not 3.1519999999999997.
        return price if self.divisor == 1 else round(price / self.divisor, 8)


def money(symbol: str, currency: str | None, kind: str | None) -> Money:
    """How to read the prices of `symbol` (London, Johannesburg and Tel Aviv quote in hundredths).

    Raises:
        MalformedError: when the currency is missing where it might be hundredths.
    """
    whole = _HUNDREDTHS.get(currency or "")
    code = currency if currency and _CURRENCY.fullmatch(currency) else None
    if not (whole or code) and symbol.upper().endswith(SUFFIXES_OF_HUNDREDTHS):
        raise MalformedError(f"Yahoo does not say whether {symbol} is quoted in hundredths.")
    return Money(whole or code, 100 if whole else 1, kind == "FUTURE")


def zone(name: str | None) -> ZoneInfo:
    """The exchange's zone.

    Raises:
        MalformedError: when there is no such zone.
    """
    try:
        return ZoneInfo(name or "")
    except (KeyError, ValueError, OSError):
        raise MalformedError("Yahoo names a time zone that does not exist.") from None


def day(seconds: float, local: ZoneInfo) -> date:
    """The date of a moment on the exchange's calendar."""
    return (_EPOCH + timedelta(seconds=seconds)).astimezone(local).date()


def is_index(symbol: str, kind: str | None) -> bool:
    """Whether a volume of `symbol` would not be its own."""
    return kind == "INDEX" or symbol.startswith("^")


def kind_of(symbol: str, kind: str | None) -> Kind:
    """Yahoo's `instrumentType` or `quoteType` in our words."""
    return Kind.YIELD if symbol in _YIELDS else _KINDS.get(kind or "", Kind.OTHER)


def name_of(*names: str | None) -> str | None:
    """The first name with something to read in it: printable, on one line, and not endless."""
    for name in names:
        readable = "".join(sign if sign.isprintable() else " " for sign in name or "")
        if short := " ".join(readable.split())[:_LONGEST_NAME].rstrip():
            return short
    return None
