"""The records of Yahoo's answers to v7 quote and to spark: of their fields, those that we use (docs: sources, 2.4, 2.5)."""

from msgspec import Struct

from tui.sources.yahoo_wire import Meta, Number


class Record(Struct, frozen=True, rename="camel"):
    """One symbol of v7 quote: of its 86 fields, those that we use. Absent is unknown."""

    symbol: str
    quote_type: str | None = None
    currency: str | None = None
    exchange_timezone_name: str | None = None
    exchange_data_delayed_by: Number = None
    market_state: str | None = None
    regular_market_time: Number = None
    regular_market_price: Number = None
    regular_market_open: Number = None
    regular_market_day_high: Number = None
    regular_market_day_low: Number = None
    regular_market_previous_close: Number = None
    regular_market_volume: Number = None
    pre_market_price: Number = None
    pre_market_time: Number = None
    post_market_price: Number = None
    post_market_time: Number = None
    long_name: str | None = None
    short_name: str | None = None


class SparkMeta(Struct, frozen=True):
    """The chart inside a v7 spark, of which its `meta` tells all that a quote needs."""

    meta: Meta


class SparkItem(Struct, frozen=True):
    """One symbol of v7 spark."""

    symbol: str
    response: list[SparkMeta]


class SparkFlat(Struct, frozen=True, rename="camel"):
    """One symbol of v8 spark: closes by bar, without currency, zone, or volume."""

    symbol: str
    timestamp: list[Number]
    close: list[Number]
    start: Number = None
    end: Number = None
    previous_close: Number = None
    chart_previous_close: Number = None


class Named(Struct, frozen=True):
    """The one field that tells whom a broken record was about."""

    symbol: str
