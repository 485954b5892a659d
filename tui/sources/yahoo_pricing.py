"""A frame of Yahoo's stream: an envelope, base64, a protobuf message of one price (docs: sources, 2.8). Pure.

The message has 33 fields, of which a quote needs nine; no schema compiler is needed for that. Whatever the bytes are, the
answer is a `Pricing`, None for a frame that tells no price, or a `MalformedError`.
"""

import binascii
import struct
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from math import isfinite

from msgspec import Struct
from msgspec.structs import replace

from tui.model import Instrument, Quote
from tui.sessions import Phase, phase
from tui.sources.base import MalformedError
from tui.sources.yahoo_parse import implausible
from tui.sources.yahoo_wire import (
    SOURCE,
    SUFFIXES_OF_HUNDREDTHS,
    Money,
    day,
    decode,
    is_index,
    is_symbol,
    moment,
    money,
    zone,
)

LONGEST = 16_384
"""Characters of a frame; real ones have about 200."""

_AHEAD = 300
"""Seconds by which their clock may be ahead of ours; a later time would keep every real price out."""

_OLDEST = 7 * 86_400
"""Seconds after which a frame is not news: no market rests for so long."""

_AT_HOME = "America/New_York"
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_KNOWN = {
    1: _BYTES, 2: _FIXED32, 3: _VARINT, 4: _BYTES, 7: _VARINT, 9: _VARINT, 10: _FIXED32, 11: _FIXED32, 12: _FIXED32,
    15: _FIXED32, 16: _FIXED32, 27: _VARINT,
}  # fmt: skip
"""The fields that we read, and how each is written on the wire."""

_REGULAR, _POST = 1, 2
_DIGITS = 4
_MOST_DIGITS = 8


class Pricing(Struct, frozen=True, kw_only=True):
    """One price of one symbol. None is absent, which proto3 cannot tell from zero."""

    symbol: str
    price: float
    time: float
    """Epoch seconds UTC; milliseconds on the wire."""
    currency: str | None = None
    hours: int | None = None
    """1 regular, 2 after the session, 3 extended, 4 overnight; before the session is 0 and so None."""
    volume: int | None = None
    """Of the day so far."""
    high: float | None = None
    low: float | None = None
    open: float | None = None
    change: float | None = None
    previous_close: float | None = None
    hint: int | None = None
    """Digits after the point."""

    def rounded(self, value: float | None) -> float | None:
        """A number of 32 bits in the digits that it was made with: 31.700000762939453 is 31.70."""
        return None if value is None else round(value, _DIGITS if self.hint is None else self.hint)

    def before(self) -> float | None:
        """The previous close, told or worked out; closes may have a digit or two more than prices."""
        if self.previous_close is not None:
            return self.rounded(self.previous_close)
        return None if self.change is None else round(self.price - self.change, self.hint + 2 if self.hint else _DIGITS)


class _Envelope(Struct, frozen=True):
    """A frame of version 2."""

    type: str
    message: str = ""


def parse_frame(frame: str | bytes) -> Pricing | None:
    """The price in a frame of version 2 (JSON around base64) or 1 (bare base64); None where it is of another kind.

    Raises:
        MalformedError: it is neither.
    """
    if len(frame) > LONGEST:
        raise MalformedError("Yahoo's stream sent a frame out of all proportion.")
    text = frame.encode() if isinstance(frame, str) else frame
    if text.lstrip()[:1] == b"{":
        envelope = decode(text, _Envelope)
        if envelope.type != "pricing":
            return None
        text = envelope.message.encode()
    try:
        message = binascii.a2b_base64(text.strip(), strict_mode=True)
    except (binascii.Error, ValueError):
        raise MalformedError("Yahoo's stream sent what is no base64.") from None
    return parse_message(message)


def parse_message(message: bytes) -> Pricing | None:
    """The price in a `PricingData` message; None where it tells none.

    Raises:
        MalformedError: it is no such message.
    """
    found: dict[int, int | bytes] = {}
    for number, wire, value in _fields(message):
        if number in _KNOWN:
            if _KNOWN[number] != wire:
                raise MalformedError("Yahoo's stream sent a message with another schema.")
            found[number] = value
    price, made = _float(found.get(2)), _signed(found.get(3))
    if 1 not in found or price is None or price == 0 or made is None:
        return None
    symbol, hint = _text(found[1]), _plain(found.get(27))
    at = moment(made / 1000)
    if not is_symbol(symbol) or at is None:
        raise MalformedError("Yahoo's stream sent a message with another schema.")
    volume = _signed(found.get(9))
    pricing = Pricing(
        symbol=symbol,
        price=price,
        time=at,
        currency=_text(found[4]) or None if 4 in found else None,
        hours=_plain(found.get(7)),
        volume=volume if volume is not None and 0 < volume < 2**62 else None,
        high=_float(found.get(10)),
        low=_float(found.get(11)),
        open=_float(found.get(15)),
        change=_float(found.get(12)),
        previous_close=_float(found.get(16)),
        # sint64 like the others: 4 on the wire is 2 digits.
        hint=None if hint is None else min(hint >> 1, _MOST_DIGITS),
    )
    return replace(pricing, price=pricing.rounded(price)) if pricing.rounded(price) else None


def quote_of(
    pricing: Pricing, known: Mapping[str, Quote], instruments: Mapping[str, Instrument], now: float
) -> Quote | None:
    """The quote that a frame makes of what is known; None where it cannot be trusted or tells nothing new.

    A price outside the regular session goes beside the regular one. A symbol that is not known yet is taken only where
    its zone and unit are beyond doubt: a plain one of New York.
    """
    symbol = pricing.symbol
    held, instrument = known.get(symbol), instruments.get(symbol)
    if not now - _OLDEST <= pricing.time <= now + _AHEAD or (instrument is None and not _is_plain(symbol)):
        return None
    try:
        # What is known of the currency is in whole units; only the frame itself can say that it is in hundredths.
        unit = money(symbol, pricing.currency, None)
        local = zone(instrument.zone if instrument else _AT_HOME)
    except MalformedError:
        return None
    price, session = unit.price(pricing.price), day(pricing.time, local)
    before = None if held is None else held.prev_close if held.price is None else held.price
    if price is None or implausible(price, before):
        return None
    if local.key == _AT_HOME and (when := _outside(pricing)) is not None:
        return _beside(held, price, when, pricing.time, now)
    # A snapshot's close before is exact; that of a frame is a difference of two numbers of 32 bits.
    exact = held is not None and held.session == session and held.prev_close is not None
    return _regular(pricing, unit, session, None if exact else pricing.before(), now)


def _regular(pricing: Pricing, unit: Money, session: date, before: float | None, now: float) -> Quote:
    """A quote of the regular session."""
    return Quote(
        symbol=pricing.symbol,
        price=unit.price(pricing.price),
        session=session,
        as_of=pricing.time,
        fetched_at=now,
        source=SOURCE,
        open=unit.price(pricing.rounded(pricing.open)),
        high=unit.price(pricing.rounded(pricing.high)),
        low=unit.price(pricing.rounded(pricing.low)),
        prev_close=unit.price(before),
        volume=None if is_index(pricing.symbol, None) else pricing.volume,
        currency=unit.currency,
    )


def _outside(pricing: Pricing) -> str | None:
    """`PRE` or `POST` for a price that is not of the regular session, by what the frame says, else by its time."""
    if pricing.hours == _REGULAR:
        return None
    at = phase(datetime.fromtimestamp(pricing.time, UTC))
    if pricing.hours is None and at is Phase.OPEN:
        return None
    if pricing.hours == _POST or at is Phase.POST:
        return Phase.POST.value
    return Phase.PRE.value


def _beside(held: Quote | None, price: float, when: str, at: float, now: float) -> Quote | None:
    """The regular quote with a price of other hours; None where there is no regular one, or a newer price."""
    if held is None or at <= max(held.as_of, held.extended_at or 0.0):
        return None
    return replace(held, extended_price=price, extended_phase=when, extended_at=at, fetched_at=now)


def streamable(symbol: str) -> bool:
    """Whether frames can be trusted for a symbol: few say whether they are in hundredths."""
    return not symbol.upper().endswith(SUFFIXES_OF_HUNDREDTHS)


def _is_plain(symbol: str) -> bool:
    """Whether a symbol is of New York and quoted in dollars: no suffix, no pair of currencies."""
    return symbol.removeprefix("^").isalpha() and len(symbol) <= 6


def _fields(message: bytes) -> Iterator[tuple[int, int, int | bytes]]:
    """Number, wire type and raw value of each field; every length is checked before it is used."""
    at, end = 0, len(message)
    while at < end:
        key, at = _varint(message, at)
        number, wire = key >> 3, key & 7
        if not number:
            raise MalformedError("Yahoo's stream sent what is no message.")
        if wire == _VARINT:
            value, at = _varint(message, at)
            yield number, wire, value
            continue
        if wire == _BYTES:
            size, at = _varint(message, at)
        elif wire in {_FIXED64, _FIXED32}:
            size = 8 if wire == _FIXED64 else 4
        else:
            raise MalformedError("Yahoo's stream sent what is no message.")
        if size > end - at:
            raise MalformedError("Yahoo's stream sent a message that breaks off.")
        yield number, wire, message[at : at + size]
        at += size


def _varint(message: bytes, at: int) -> tuple[int, int]:
    """A number of at most ten bytes, and where it ends."""
    value = 0
    for shift in range(0, 70, 7):
        if at >= len(message):
            raise MalformedError("Yahoo's stream sent a message that breaks off.")
        byte = message[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value & (2**64 - 1), at
    raise MalformedError("Yahoo's stream sent what is no message.")


def _float(raw: int | bytes | None) -> float | None:
    if not isinstance(raw, bytes):
        return None
    (value,) = struct.unpack("<f", raw)
    return value if isfinite(value) else None


def _signed(raw: int | bytes | None) -> int | None:
    """A zigzag number: 1 is -1, 2 is 1."""
    return (raw >> 1) ^ -(raw & 1) if isinstance(raw, int) else None


def _plain(raw: int | bytes | None) -> int | None:
    return raw if isinstance(raw, int) else None


def _text(raw: int | bytes) -> str:
    try:
        return raw.decode("ascii") if isinstance(raw, bytes) else ""
    except UnicodeDecodeError:
        raise MalformedError("Yahoo's stream sent a message with another schema.") from None
