"""The last state on disk: whole or not at all, and damage is passed over."""

import logging
import random
from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.model import Health, Instrument, Quote, State
from tui.store import state
from tui.store.state import Saved, States, decode, encode

PRICES = st.none() | st.floats(min_value=1e-6, max_value=1e9)
QUOTES = st.builds(
    Quote,
    symbol=st.text(max_size=8),
    price=PRICES,
    session=st.none() | st.dates(),
    as_of=st.floats(0, 4e9),
    fetched_at=st.floats(0, 4e9),
    source=st.sampled_from(["yahoo", "cboe"]),
    volume=st.none() | st.integers(0, 2**53),
    name=st.none() | st.text(max_size=20),
    final=st.booleans(),
)
SAVED = st.builds(
    Saved,
    saved_at=st.floats(0, 4e9),
    health=st.none() | st.builds(Health, state=st.sampled_from(State), detail=st.text(max_size=20)),
    quotes=st.lists(QUOTES, max_size=4),
    older=st.lists(QUOTES, max_size=2),
    unknown=st.lists(st.text(max_size=5), max_size=2),
    instruments=st.lists(st.builds(Instrument, symbol=st.text(max_size=5)), max_size=2),
)


def quote(symbol: str = "IWM", price: float = 213.14) -> Quote:
    day = date(2024, 7, 12)
    return Quote(symbol=symbol, price=price, session=day, as_of=1.0, fetched_at=2.0, source="yahoo")


def saved(price: float = 213.14) -> Saved:
    return Saved(saved_at=3.0, health=Health(state=State.LIVE), quotes=[quote(price=price)])


def names(folder):
    return sorted(path.name for path in folder.iterdir())


@given(SAVED)
def test_encode_when_decoded_then_every_value_is_back(given_state):
    assert decode(encode(given_state)) == given_state


@given(SAVED, st.data())
def test_decode_when_bytes_are_damaged_then_a_value_error_and_never_other_values(given_state, data):
    whole = encode(given_state)
    at = data.draw(st.integers(0, len(whole) - 1))
    kind = data.draw(st.sampled_from(["cut", "flip", "double"]))
    if kind == "cut":
        damaged = whole[:at]
    elif kind == "flip":
        damaged = whole[:at] + bytes([whole[at] ^ data.draw(st.integers(1, 255))]) + whole[at + 1 :]
    else:
        damaged = whole[:at] + whole[at : at + 1] + whole[at:]
    with pytest.raises(ValueError):
        decode(damaged)


@given(st.binary(max_size=200))
def test_decode_when_given_anything_then_nothing_but_a_value_error(data):
    with pytest.raises(ValueError):
        decode(data)


def test_decode_when_the_checksum_is_right_and_the_content_is_not_then_a_value_error():
    body = msgspec.msgpack.encode({"saved_at": 1.0, "quotes": "none"})
    with pytest.raises(ValueError, match="cannot be understood"):
        decode(b"outpace-state %d %08x\n%s" % (state.VERSION, state.zlib.crc32(body), body))


def test_load_when_nothing_was_saved_then_none(tmp_path):
    assert States(tmp_path / "none").load() is None


def test_save_when_a_later_term_writes_then_the_earlier_is_gone_and_does_not_come_back(tmp_path):
    states = States(tmp_path)
    states.save(3, saved(1.0))
    (tmp_path / ".state-000003.bin.abc123.tmp").write_bytes(b"left by a kill")
    States(tmp_path).save(4, saved(2.0))
    assert names(tmp_path) == ["state-000004.bin"]
    states.save(3, saved(1.0))  # who has lost the lease and does not know it yet
    assert States(tmp_path).load().quotes[0].price == 2.0


def test_load_when_the_file_is_the_same_then_so_is_the_object(tmp_path):
    states = States(tmp_path)
    states.save(1, saved(1.0))
    first = states.load()
    assert states.load() is first
    States(tmp_path).save(1, saved(2.0))
    assert states.load().quotes[0].price == 2.0


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda data: data[:-1], "damaged"),
        (lambda data: b"", "not a state file"),
        (lambda data: data.replace(b"state 1 ", b"state 0 ", 1), "another version"),
        (lambda data: data.replace(b"state 1 ", b"state 2 ", 1), "another version"),
    ],
    ids=["cut", "empty", "older version", "newer version"],
)
def test_load_when_a_file_does_not_count_then_one_line_says_so_and_the_one_before_is_read(
    tmp_path, caplog, damage, words
):
    states = States(tmp_path)
    states.save(1, saved(1.0))
    good = (tmp_path / "state-000001.bin").read_bytes()
    states.save(2, saved(2.0))
    (tmp_path / "state-000002.bin").write_bytes(damage((tmp_path / "state-000002.bin").read_bytes()))
    (tmp_path / "state-000001.bin").write_bytes(good)
    with caplog.at_level(logging.WARNING):
        assert [states.load().quotes[0].price for _ in range(3)] == [1.0] * 3
    assert len(caplog.records) == 1
    assert words in caplog.text


def test_save_when_the_disk_refuses_then_the_state_before_stays(tmp_path, monkeypatch):
    states = States(tmp_path)
    states.save(1, saved(1.0))

    def refuse(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tui.store.manifest.os.fsync", refuse)
    with pytest.raises(OSError):
        states.save(1, saved(2.0))
    assert names(tmp_path) == ["state-000001.bin"]
    assert states.load().quotes[0].price == 1.0


def test_decode_when_recorded_bytes_are_mutated_then_never_another_price():
    rng = random.Random(20240712)
    whole = encode(saved())
    for _ in range(20_000):
        mutated = bytearray(whole)
        for _ in range(rng.randint(1, 4)):
            mutated[rng.randrange(len(mutated))] = rng.randrange(256)
        if bytes(mutated) != whole:
            with pytest.raises(ValueError):
                decode(bytes(mutated))
