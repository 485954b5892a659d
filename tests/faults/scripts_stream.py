"""Faults of the stream: the screen goes on by request, and says so."""

import base64
import json
from collections.abc import Callable, Sequence

from tests.faults import truth
from tests.faults.bench import ALL, Script, Step
from tests.faults.spoils import status
from tests.faults.stream import SpoilFrames, Ticker
from tui.model import State


def _frames(change: Callable[[str, float], Sequence[str | bytes]]) -> SpoilFrames:
    """Frames made for each symbol."""
    return lambda _ticker, symbols, now: [frame for symbol in symbols for frame in change(symbol, now)]


def _envelope(message: str) -> str:
    return json.dumps({"type": "pricing", "message": message})


def _mixed(symbol: str, now: float) -> list[str]:
    return [truth.frame(symbol, now - 1, version=1), truth.frame(symbol, now, version=2)]


def _cut(symbol: str, now: float) -> list[str]:
    whole = base64.b64decode(truth.frame(symbol, now, version=1))
    return [_envelope(base64.b64encode(whole[:-5]).decode())]


def _half(symbol: str, now: float) -> list[str]:
    whole = truth.frame(symbol, now)
    return [whole[: len(whole) // 2]]


def _set(**how: object) -> Callable[[Ticker], None]:
    """Turn the server's own knobs, and let its connections feel it."""

    def turn(ticker: Ticker) -> None:
        for name, value in how.items():
            setattr(ticker, name, value)
        if "refuse" in how:
            for connection in ticker.connections:
                connection.transport.abort()

    return turn


def _s(name: str, fault: str, frames: SpoilFrames | None = None, state: State = State.LIVE, **more) -> Script:
    steps = (Step(frames=frames, stream=more.pop("turn", None)), *more.pop("steps", ()))
    return Script(name, fault, steps, state, stream=True, **{"lasts": 120.0, **more})


SCRIPTS = (
    _s("stream-silent", "The stream says nothing", turn=_set(deaf=True)),
    _s("stream-silent-at-start", "The stream says nothing from the start", turn=_set(deaf=True), kept=False),
    _s("stream-cut-frames", "Messages that break off", _frames(_cut)),
    _s("stream-half-frames", "Frames that break off", _frames(_half)),
    _s("stream-garbage", "Frames without a meaning", _frames(lambda _s, _n: ["\x1b[2J not a frame"])),
    _s("stream-binary", "Binary frames without a meaning", _frames(lambda _s, _n: [bytes(range(200))])),
    _s("stream-deep", "Frames of lists in lists", _frames(lambda _s, _n: ['{"type":' + "[" * 3000])),
    _s("stream-giant", "Frames of a megabyte", _frames(lambda _s, _n: ["A" * 2**20])),
    _s("stream-repeated", "Every frame ten times", _frames(lambda s, n: [truth.frame(s, n)] * 10)),
    _s("stream-mixed", "Frames of version 1 and 2 in turn", _frames(_mixed)),
    _s(
        "stream-backwards",
        "Frames in the wrong order",
        _frames(lambda s, n: [truth.frame(s, n), truth.frame(s, n - 60)]),
    ),
    _s("stream-future", "Frames of in an hour", _frames(lambda s, n: [truth.frame(s, n, at=n + 3600)])),
    _s("stream-past", "Frames of a month ago", _frames(lambda s, n: [truth.frame(s, n, at=n - 30 * 86_400)])),
    _s(
        "stream-pence",
        "Frames a hundred times too high",
        _frames(lambda s, n: [truth.frame(s, n, price=truth.wire(s, n) * 100)]),
    ),
    _s("stream-zero", "Frames with a price of zero", _frames(lambda s, n: [truth.frame(s, n, price=0.0)])),
    _s(
        "stream-strangers", "Frames of symbols that nobody asked for", _frames(lambda _s, n: [truth.frame("HSBA.L", n)])
    ),
    _s(
        "stream-other-kinds",
        "Frames of other kinds, and nothing else",
        _frames(lambda _s, _n: ['{"type":"news","message":"hello"}']),
    ),
    _s("stream-closed", "The stream closes at once, again and again", turn=_set(ends=(1011, "\x1b[31mgo away"))),
    _s("stream-aborted", "The stream breaks off without a word", turn=_set(ends=(-1, ""))),
    _s("stream-refused-403", "The stream refuses us", turn=_set(refuse=(403, {}))),
    _s(
        "stream-refused-429",
        "The stream throttles us, and with it all of Yahoo",
        turn=_set(refuse=(429, {"Retry-After": "300"})),
        lasts=900,
        back=300,
    ),
    _s(
        "stream-redirect",
        "The stream sends us to another host",
        turn=_set(refuse=(302, {"Location": "wss://example.org/"})),
    ),
    _s("stream-alone", "Requests fail, and the stream goes on", steps=(Step(status(503), ALL),), lasts=600),
    _s(
        "stream-and-all",
        "Stream and requests fail",
        turn=_set(deaf=True),
        steps=(Step(status(503), ALL),),
        state=State.OFFLINE,
        lasts=600,
        back=300,
    ),
)
