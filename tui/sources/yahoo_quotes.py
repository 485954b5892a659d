"""Yahoo's quotes: pure functions from the bytes of v7 quote and of spark to quotes (docs: sources, 2.4 and 2.5)."""

from datetime import UTC, datetime

from msgspec import Raw

from tui.model import Instrument, Quote
from tui.sources.base import MalformedError
from tui.sources.batch import Batch
from tui.sources.yahoo_extended import extended
from tui.sources.yahoo_parse import SETTLING, implausible
from tui.sources.yahoo_records import Named, Record, SparkFlat, SparkItem
from tui.sources.yahoo_wire import (
    DELAYS,
    SOURCE,
    Money,
    Number,
    Span,
    day,
    decode,
    is_index,
    kind_of,
    moment,
    money,
    name_of,
    number,
    results,
    shares,
    zone,
)

_OVER = {"CLOSED", "POST", "POSTPOST", "PRE", "PREPRE"}
"""Values of `marketState` outside the regular session."""

_LATE = 300
"""Seconds beyond its delay after which a late exchange has nothing more to tell of its session."""

_AHEAD = 300
"""Seconds by which their clock may be ahead of ours: a later price would keep every real one out until then."""

_DAY = 86_400
_NOON = _DAY // 2


class _Sorter:
    """Collects what the records of one answer give, each on its own: a broken one spoils no other."""

    def __init__(self) -> None:
        self.quotes: dict[str, Quote] = {}
        self.instruments: dict[str, Instrument] = {}
        self.refused: dict[str, str] = {}

    def take(self, quote: Quote, instrument: Instrument | None = None) -> None:
        """Keep the newest quote of each symbol, unless its price is out of all proportion."""
        if implausible(quote.price, quote.prev_close):
            self.refused[quote.symbol] = "five times off its previous close"
            return
        known = self.quotes.get(quote.symbol)
        if known is None or known.as_of <= quote.as_of:
            self.quotes[quote.symbol] = quote
        if instrument is not None:
            self.instruments[instrument.symbol] = instrument

    def refuse(self, record: Raw, reason: str) -> None:
        """Note a record that could not be read, if it says whose it is."""
        try:
            self.refused[decode(record, Named).symbol] = reason
        except MalformedError:
            return

    def batch(self) -> Batch:
        """All of it."""
        return Batch(
            quotes=list(self.quotes.values()), instruments=list(self.instruments.values()), refused=self.refused
        )


def parse_quote(body: bytes, fetched_at: float) -> Batch:
    """The quotes of a v7 quote answer, plain or `formatted`. Unknown symbols are simply not in it.

    A known symbol without a price has a quote whose price is None. A quote is final outside the regular session, once
    the exchange's delay has passed too.

    Raises:
        MalformedError: for anything but such an answer.
        SourceError: the error that the answer names.
    """
    sorter = _Sorter()
    records = results(body, "quoteResponse")
    for raw in records:
        try:
            record = decode(raw, Record)
            local = zone(record.exchange_timezone_name)
            unit = money(record.symbol, record.currency, record.quote_type)
            as_of = _made_at(record.regular_market_time, fetched_at)
        except MalformedError as error:
            sorter.refuse(raw, str(error))
            continue
        name, index = name_of(record.long_name, record.short_name), is_index(record.symbol, record.quote_type)
        delay = int(60 * max(number(record.exchange_data_delayed_by) or 0, 0))
        over = record.market_state in _OVER
        quote = Quote(
            symbol=record.symbol,
            price=unit.price(record.regular_market_price),
            session=day(as_of, local),
            as_of=as_of,
            fetched_at=fetched_at,
            source=SOURCE,
            delay=delay,
            final=over and (not delay or fetched_at - as_of > delay + _LATE),
            open=unit.price(record.regular_market_open),
            high=unit.price(record.regular_market_day_high),
            low=unit.price(record.regular_market_day_low),
            prev_close=unit.price(record.regular_market_previous_close),
            volume=shares(record.regular_market_volume, index=index),
            currency=unit.currency,
            name=name,
            **extended(
                unit,
                (record.pre_market_price, record.pre_market_time),
                (record.post_market_price, record.post_market_time),
                as_of,
                fetched_at,
            ),
        )
        sorter.take(quote, _instrument(record.symbol, name, record.quote_type, unit, str(local)))
    return _checked(sorter.batch(), len(records))


def parse_spark(body: bytes, fetched_at: float) -> Batch:
    """The quotes of a spark answer, of v7 (nested, with `meta`) or v8 (flat). Unknown symbols are simply not in it.

    The flat shape names neither currency nor zone: symbols that may be quoted in hundredths are refused, and the
    session is that of the middle of its trading period.

    Raises:
        MalformedError: for anything but such an answer.
        SourceError: the error that the answer names.
    """
    sorter = _Sorter()
    flat = decode(body, dict[str, Raw])
    nested = results(body, "spark") if "spark" in flat else []
    for raw in nested:
        try:
            sorter.take(*_of_item(raw, fetched_at))
        except MalformedError as error:
            sorter.refuse(raw, str(error))
    for symbol, raw in () if "spark" in flat else flat.items():
        try:
            sorter.take(_of_flat(raw, symbol, fetched_at))
        except MalformedError as error:
            sorter.refuse(raw, str(error))
    return _checked(sorter.batch(), len(nested if "spark" in flat else flat))


def _of_item(raw: Raw, fetched_at: float) -> tuple[Quote, Instrument]:
    """The quote in one item of v7 spark."""
    item = decode(raw, SparkItem)
    if not item.response or item.response[0].meta.symbol != item.symbol:
        raise MalformedError(f"Yahoo answered for another symbol than {item.symbol}.")
    meta = item.response[0].meta
    local, unit = zone(meta.exchange_timezone_name), money(item.symbol, meta.currency, meta.instrument_type)
    as_of = _made_at(meta.regular_market_time, fetched_at)
    delay = 60 * DELAYS.get(meta.exchange_name or "", 0)
    # Without a previous close of its own, the close before the range will do only where the range is this one day.
    before = meta.previous_close if meta.range != "1d" or meta.previous_close is not None else meta.chart_previous_close
    regular = meta.current_trading_period.regular if meta.current_trading_period else None
    name = name_of(meta.long_name, meta.short_name)
    quote = Quote(
        symbol=item.symbol,
        price=unit.price(meta.regular_market_price),
        session=day(as_of, local),
        as_of=as_of,
        fetched_at=fetched_at,
        source=SOURCE,
        delay=delay,
        final=_is_over(regular, as_of, fetched_at, delay),
        high=unit.price(meta.regular_market_day_high),
        low=unit.price(meta.regular_market_day_low),
        prev_close=unit.price(before),
        volume=shares(meta.regular_market_volume, index=is_index(item.symbol, meta.instrument_type)),
        currency=unit.currency,
        name=name,
    )
    return quote, _instrument(item.symbol, name, meta.instrument_type, unit, str(local))


def _of_flat(raw: Raw, symbol: str, fetched_at: float) -> Quote:
    """The quote in one value of v8 spark: the last close that is known."""
    item = decode(raw, SparkFlat)
    if item.symbol != symbol:
        raise MalformedError(f"Yahoo answered for another symbol than {symbol}.")
    unit = money(item.symbol, None, None)
    if len(item.timestamp) != len(item.close):
        raise MalformedError(f"Yahoo's closes of {item.symbol} do not match their times.")
    pairs = zip(map(moment, item.timestamp), map(unit.price, item.close), strict=True)
    last = max(((time, close) for time, close in pairs if time is not None and close is not None), default=None)
    start, end = moment(item.start), moment(item.end)
    if last is None or start is None or end is None:
        raise MalformedError(f"Yahoo has no price of {item.symbol}.")
    as_of = _made_at(last[0], fetched_at)
    # The middle of a trading period is near noon on the exchange's clock: from there its date follows, zone unknown.
    shift = _NOON - (start + end) / 2 % _DAY
    return Quote(
        symbol=item.symbol,
        price=last[1],
        session=datetime.fromtimestamp(as_of + shift, UTC).date(),
        as_of=as_of,
        fetched_at=fetched_at,
        source=SOURCE,
        final=as_of >= end,
        prev_close=unit.price(item.chart_previous_close if item.previous_close is None else item.previous_close),
    )


def _made_at(value: Number, fetched_at: float) -> float:
    """When the price was made.

    Raises:
        MalformedError: when that is missing, or in a future that would keep every later price out.
    """
    as_of = moment(value)
    if as_of is None:
        raise MalformedError("no price")
    if as_of > fetched_at + _AHEAD:
        raise MalformedError("made in the future: is the clock of this machine right?")
    return as_of


def _is_over(regular: Span | None, as_of: float, fetched_at: float, delay: int) -> bool:
    """Whether a price is the last of its session; `regular` is the running trading period, or the next one."""
    if regular is None:
        return False
    return as_of >= regular.end or as_of < regular.start or fetched_at >= regular.end + delay + SETTLING


def _instrument(symbol: str, name: str | None, kind: str | None, unit: Money, local: str) -> Instrument:
    return Instrument(symbol=symbol, name=name, kind=kind_of(symbol, kind), currency=unit.currency, zone=local)


def _checked(batch: Batch, records: int) -> Batch:
    """`batch`, unless there were records and none of them tells anything.

    Raises:
        MalformedError: then it was no such answer.
    """
    if records and not batch.quotes and not batch.refused:
        raise MalformedError("Yahoo's answer is not what it is known to send.")
    return batch
