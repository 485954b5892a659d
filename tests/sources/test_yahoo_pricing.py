"""Frames of Yahoo's stream: the recorded ones, every trap of the format, and whatever else may come."""

import base64
import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sources.ws_server import envelope, key, pricing, real, signed, text, varint
from tui.model import Instrument, Kind, Quote
from tui.sources.base import MalformedError
from tui.sources.yahoo_pricing import LONGEST, Pricing, parse_frame, parse_message, quote_of, streamable

OPEN = datetime(2025, 10, 29, 16, 37, tzinfo=UTC).timestamp()  # 12:37 in New York
EARLY = datetime(2025, 10, 29, 12, 0, tzinfo=UTC).timestamp()  # 08:00
LATE = datetime(2025, 10, 29, 21, 0, tzinfo=UTC).timestamp()  # 17:00


def held(symbol="IWM", price=220.0, **fields):
    fields = {"session": date(2025, 10, 29), "as_of": OPEN - 60, "fetched_at": OPEN - 59, **fields}
    return Quote(symbol=symbol, price=price, source="yahoo", **fields)


def instrument(symbol="IWM", zone="America/New_York"):
    return Instrument(symbol=symbol, kind=Kind.FUND, zone=zone)


def quoted(frame, quote=None, zone="America/New_York", now=OPEN + 1):
    made = parse_frame(frame)
    known = {quote.symbol: quote} if quote else {}
    return quote_of(made, known, {made.symbol: instrument(made.symbol, zone)}, now)


# Recordings


def test_frame_when_recorded_of_a_share_then_nine_fields_and_no_more(shared_data):
    frame = (shared_data / "recordings/yahoo/websocket/index_v2_DKNG.json").read_text()
    assert parse_frame(frame) == Pricing(
        symbol="DKNG",
        price=24.53,
        time=1_788_377_229.0,
        hours=1,
        volume=6_719_763,
        change=pytest.approx(1.095, abs=1e-5),
        hint=2,
    )


def test_frame_when_recorded_of_a_coin_then_milliseconds_and_zigzag_are_read(shared_data):
    frame = (shared_data / "recordings/yahoo/websocket/rs_stream_ws_v2_BTC-USD.json").read_text()
    made = parse_frame(frame)
    assert (made.symbol, made.price, made.time, made.currency) == ("BTC-USD", 110_429.42, 1_761_785_160.0, "USD")
    assert (made.volume, made.rounded(made.open)) == (62_560_296_960, 110_066.0)


def test_frame_when_bare_as_in_version_1_then_it_is_the_same(shared_data):
    folder = shared_data / "recordings/yahoo/websocket"
    bare = (folder / "yfinance_v2_BTC-USD.b64").read_text()
    wrapped = json.dumps({"type": "pricing", "message": bare.strip()})
    assert parse_frame(bare) == parse_frame(wrapped) == parse_frame(bare.encode())
    assert parse_frame(bare).price == 94_745.08


# Traps of the message


@pytest.mark.parametrize(("hint", "price"), [(2, 31.7), (4, 31.7), (0, 31.7), (9, 31.70000076)])
def test_price_when_it_has_32_bits_then_it_is_rounded_by_its_hint(hint, price):
    assert parse_frame(pricing("X", 31.7, OPEN, hint=hint)).price == price


def test_hours_when_absent_then_they_are_unknown_and_the_clock_tells():
    assert parse_frame(pricing("IWM", 1, OPEN, hours=0)).hours is None
    regular = quoted(pricing("IWM", 221, OPEN, hours=0), held())
    assert (regular.price, regular.extended_price) == (221, None)
    early = quoted(pricing("IWM", 221, EARLY, hours=0), held(as_of=OPEN - 86_400), now=EARLY + 1)
    assert (early.price, early.extended_price, early.extended_phase) == (220, 221, "PRE")


def test_hours_when_after_the_session_then_the_price_stands_beside_the_close():
    quote = held(final=True)
    after = quoted(pricing("IWM", 221, LATE, hours=2), quote, now=LATE + 1)
    assert (after.price, after.final, after.as_of, after.volume) == (220, True, quote.as_of, quote.volume)
    assert (after.extended_price, after.extended_phase, after.extended_at) == (221, "POST", LATE)


def test_hours_when_outside_and_nothing_is_held_then_there_is_no_quote():
    assert quoted(pricing("IWM", 221, LATE, hours=2), now=LATE + 1) is None


def test_previous_close_when_absent_then_price_less_change():
    assert quoted(pricing("IWM", 24.53, OPEN, change=1.095)).prev_close == 23.435
    assert quoted(pricing("IWM", 24.53, OPEN, previous_close=23.4)).prev_close == 23.4
    assert quoted(pricing("IWM", 24.53, OPEN)).prev_close is None


def test_previous_close_when_the_snapshot_has_it_then_that_stays():
    assert quoted(pricing("IWM", 221, OPEN, change=1.5), held(prev_close=219.42)).prev_close is None


def test_volume_when_of_an_index_or_zero_then_unknown():
    assert quoted(pricing("^RUT", 2400, OPEN, volume=5)).volume is None
    assert quoted(pricing("IWM", 221, OPEN, volume=0)).volume is None
    assert quoted(pricing("IWM", 221, OPEN, volume=-5)).volume is None
    assert quoted(pricing("IWM", 221, OPEN, volume=5)).volume == 5


@pytest.mark.parametrize("made", [OPEN + 302, OPEN + 86_400, OPEN / 1000])
def test_time_when_in_the_future_or_not_in_milliseconds_then_it_is_no_quote_of_now(made):
    assert quoted(pricing("IWM", 221, made), now=OPEN) is None


@pytest.mark.parametrize("price", [22_000, 2.2])
def test_price_when_five_times_off_the_one_held_then_it_is_dropped(price):
    assert quoted(pricing("IWM", price, OPEN), held()) is None


def test_unit_when_in_pence_then_it_is_divided_and_without_a_currency_dropped():
    zone = "Europe/London"
    assert quoted(pricing("HSBA.L", 950, OPEN, currency="GBp"), zone=zone).price == 9.5
    assert quoted(pricing("HSBA.L", 950, OPEN), zone=zone) is None
    assert (streamable("HSBA.L"), streamable("IWM")) == (False, True)


def test_symbol_when_not_known_yet_then_only_a_plain_one_is_taken():
    def alone(frame):
        return quote_of(parse_frame(frame), {}, {}, OPEN + 1)

    assert alone(pricing("IWM", 221, OPEN)).session == date(2025, 10, 29)
    assert alone(pricing("^RUT", 2400, OPEN)).price == 2400
    assert alone(pricing("AIR.PA", 150, OPEN)) is None
    assert alone(pricing("EURUSD=X", 1.1, OPEN)) is None


def test_session_when_the_exchange_is_elsewhere_then_its_own_day():
    midnight = datetime(2025, 10, 29, 0, 30, tzinfo=UTC).timestamp()
    assert quoted(pricing("BTC-USD", 5, midnight), zone="UTC", now=midnight).session == date(2025, 10, 29)


# What is no frame


@pytest.mark.parametrize(
    "frame",
    [
        envelope(real(2, 5.0) + signed(3, 10**12)),
        envelope(text(1, "IWM") + signed(3, 10**12)),
        envelope(text(1, "IWM") + real(2, 0.0) + signed(3, 10**12)),
        envelope(text(1, "IWM") + real(2, float("nan")) + signed(3, 10**12)),
        envelope(text(1, "IWM") + real(2, float("inf")) + signed(3, 10**12)),
        envelope(text(1, "IWM") + real(2, 5.0)),
        envelope(b""),
        envelope(text(1, "IWM"), kind="status"),
        '{"type":"ping"}',
        "",
    ],
)
def test_frame_when_it_tells_no_price_then_none(frame):
    assert parse_frame(frame) is None


@pytest.mark.parametrize(
    "frame",
    [
        "not base64!",
        "{",
        '{"type":5}',
        '{"type":"pricing","message":7}',
        '{"type":"pricing","message":"\\ud800"}',
        "[1]",
        "A" * (LONGEST + 1),
        b"\xff\xfe",
        envelope(b"\xff" * 11),
        envelope(text(1, "IWM")[:-1]),
        envelope(key(1, 2) + varint(2**63) + b"IWM"),
        envelope(key(1, 3)),
        envelope(key(0, 0) + b"\x01"),
        envelope(key(1, 0) + b"\x05" + real(2, 5.0) + signed(3, 10**12)),
        envelope(text(1, "I\x1b[2J") + real(2, 5.0) + signed(3, 10**12)),
        envelope(text(1, "\u202eIWM") + real(2, 5.0) + signed(3, 10**12)),
        envelope(text(1, "IWM") + real(2, 5.0) + signed(3, 10**18)),
    ],
)
def test_frame_when_it_is_none_then_malformed(frame):
    with pytest.raises(MalformedError):
        parse_frame(frame)


def test_message_when_fields_are_new_then_they_are_skipped():
    strange = key(99, 0) + varint(2**64 - 1) + key(98, 1) + bytes(8) + text(97, "?") + real(96, 1.0)
    known = text(1, "IWM") + real(2, 5.0) + signed(3, int(OPEN * 1000))
    assert parse_message(strange + known + strange) == parse_message(known)


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_message_when_random_then_a_price_none_or_malformed(message):
    try:
        made = parse_message(message)
    except MalformedError:
        return
    assert made is None or (made.price > 0 or made.price < 0)


@settings(deadline=None)
@given(st.data())
def test_frame_when_a_byte_is_changed_then_no_other_kind_of_error(data):
    message = bytearray(base64.b64decode(json.loads(pricing("IWM", 221.5, OPEN, volume=7, change=1.0))["message"]))
    place = data.draw(st.integers(0, len(message) - 1))
    message[place] = data.draw(st.integers(0, 255))
    try:
        made = parse_message(bytes(message[: data.draw(st.integers(0, len(message)))]))
    except MalformedError:
        return
    if made is not None:
        quote = quote_of(made, {"IWM": held(price=221.0)}, {"IWM": instrument()}, OPEN + 1)
        assert quote is None or quote.symbol == made.symbol
