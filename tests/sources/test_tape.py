"""What a tape keeps, what it leaves out, and that it plays what it kept."""

import gzip
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sources.server import Answer, Server
from tui.sources.base import MalformedError, NoDataError
from tui.sources.tape import INDEX, Recorder, Tape, address, is_tape, read
from tui.sources.tape_wire import PlayingTransport, RecordingTransport


class Clock:
    """Goes on by a second with each look."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        self.now += 1
        return self.now


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    async with Server() as running:
        yield running


async def asked(transport: httpx.AsyncBaseTransport, *urls: str) -> list[httpx.Response]:
    async with httpx.AsyncClient(transport=transport) as client:
        return [await client.get(url) for url in urls]


def recording(folder: Path, clock: Clock | None = None) -> RecordingTransport:
    return RecordingTransport(httpx.AsyncHTTPTransport(), Recorder(folder, clock or Clock()))


async def test_tape_when_played_then_each_question_gets_its_answers_byte_for_byte(server, tmp_path) -> None:
    packed = gzip.compress(b'{"price": 1.72}', mtime=0)
    server.routes["/quote"] = [
        Answer(packed, headers={"Content-Encoding": "gzip", "ETag": '"a"', "Set-Cookie": "A3=secret"}),
        Answer(b"Too Many Requests", status=429, headers={"Retry-After": "60"}),
    ]
    url = f"{server.url}/quote?symbols=IWM&crumb=secret"
    first = await asked(recording(tmp_path), url, url)
    played = await asked(PlayingTransport(Tape(tmp_path)), url, url, url)
    assert [r.content for r in played] == [*(r.content for r in first), first[1].content]
    assert [r.status_code for r in played] == [200, 429, 429]
    assert played[0].headers["etag"] == '"a"'
    assert played[1].headers["retry-after"] == "60"
    assert (tmp_path / "00000001.bin").read_bytes() == packed


async def test_tape_when_kept_then_holds_no_secret(server, tmp_path) -> None:
    server.routes["/v1/test/getcrumb"] = Answer(b"s3cr3t/crumb", headers={"Set-Cookie": "A3=s3cr3t"})
    server.routes["/quote"] = Answer(b"{}")
    transport = recording(tmp_path)
    async with httpx.AsyncClient(transport=transport, headers={"Cookie": "A3=s3cr3t"}) as client:
        await client.get(f"{server.url}/v1/test/getcrumb")
        await client.get(f"{server.url}/quote?token=s3cr3t&symbols=IWM")
    everything = b"".join(path.read_bytes() for path in sorted(tmp_path.iterdir()))
    assert b"s3cr3t" not in everything
    assert b"symbols=IWM" in everything


async def test_tape_when_the_next_answer_is_of_a_later_time_then_the_last_one_is_played_again(server, tmp_path) -> None:
    server.routes["/q"] = [Answer(b"one"), Answer(b"two")]
    clock = Clock()
    await asked(recording(tmp_path, clock), f"{server.url}/q", f"{server.url}/q")
    now = 1_001.0
    tape = Tape(tmp_path, lambda: now)
    early = await asked(PlayingTransport(tape), f"{server.url}/q", f"{server.url}/q")
    now = clock.now
    late = await asked(PlayingTransport(tape), f"{server.url}/q")
    assert [r.content for r in (*early, *late)] == [b"one", b"one", b"two"]


async def test_tape_when_a_connection_failed_then_it_fails_again_in_the_same_way(server, tmp_path) -> None:
    server.routes["/q"] = Answer(drop=True)
    with pytest.raises(httpx.RemoteProtocolError):
        await asked(recording(tmp_path), f"{server.url}/q")
    with pytest.raises(httpx.RemoteProtocolError):
        await asked(PlayingTransport(Tape(tmp_path)), f"{server.url}/q")


async def test_tape_when_something_was_never_asked_then_it_is_not_made_up(server, tmp_path) -> None:
    server.routes["/q"] = Answer(b"one")
    await asked(recording(tmp_path), f"{server.url}/q")
    with pytest.raises(httpx.ConnectError):
        await asked(PlayingTransport(Tape(tmp_path)), f"{server.url}/other")


def test_tape_when_recorded_twice_into_one_folder_then_goes_on_behind_what_is_there(tmp_path) -> None:
    Recorder(tmp_path, Clock()).frame("wss://x/?version=2", b"one")
    Recorder(tmp_path, Clock()).frame("wss://x/?version=2", b"two")
    tape = Tape(tmp_path)
    assert [tape.body(entry) for entry in tape.frames("wss://x/?version=2")] == [b"one", b"two"]


def test_tape_when_its_last_line_was_cut_off_then_the_rest_is_played(tmp_path) -> None:
    recorder = Recorder(tmp_path, Clock())
    recorder.frame("wss://x/", b"one")
    recorder.frame("wss://x/", b"two")
    index = tmp_path / INDEX
    index.write_bytes(index.read_bytes()[:-20])
    assert len(read(tmp_path)) == 1


def test_tape_when_a_line_in_the_middle_is_broken_then_says_which(tmp_path) -> None:
    recorder = Recorder(tmp_path, Clock())
    recorder.frame("wss://x/", b"one")
    recorder.frame("wss://x/", b"two")
    index = tmp_path / INDEX
    index.write_bytes(b"nonsense\n" + index.read_bytes())
    with pytest.raises(MalformedError, match="line 1"):
        read(tmp_path)


def test_tape_when_there_is_none_then_says_so(tmp_path) -> None:
    assert not is_tape(tmp_path)
    with pytest.raises(NoDataError, match="tape.ndjson"):
        read(tmp_path)


def test_tape_when_a_body_points_out_of_the_folder_then_is_not_followed(tmp_path) -> None:
    (tmp_path / "secret").write_text("x")
    folder = tmp_path / "tape"
    Recorder(folder, Clock()).frame("wss://x/", b"one")
    line = (folder / INDEX).read_text().replace("00000001.bin", "../secret")
    (folder / INDEX).write_text(line)
    tape = Tape(folder)
    with pytest.raises(NoDataError):
        tape.body(tape.entries[0])


@given(
    st.dictionaries(st.sampled_from(["symbols", "range", "crumb", "TOKEN", "apikey"]), st.text(max_size=9), max_size=5)
)
def test_address_when_fields_stand_in_another_order_then_is_the_same_and_without_secrets(
    fields: dict[str, str],
) -> None:
    one = str(httpx.URL("https://query1.example/v7/quote", params=fields))
    two = str(httpx.URL("https://query1.example/v7/quote", params=dict(reversed(fields.items()))))
    assert address(one) == address(two)
    assert not any(name in address(one).lower() for name in ("crumb", "token", "apikey"))
