"""Yahoo's WebSocket: prices as they are made, for what is on the screen (docs: sources, 2.8).

It tells changes only, so that a snapshot by request comes first; it is silent when nothing trades; and nobody has promised
it. So it never stands alone: `served` says for which symbols it can be relied on now.
"""

import asyncio
import logging
import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus, WebSocketException

from tui.sessions import Phase, phase
from tui.sources.base import LimitedError, MalformedError
from tui.sources.http import USER_AGENT
from tui.sources.http_breaker import Breaker
from tui.sources.tape_wire import Wire
from tui.sources.yahoo_pricing import LONGEST, Pricing, parse_frame

URL = "wss://streamer.finance.yahoo.com/?version=2"

MOST = 100
"""Symbols of one subscription; the limit is not published."""

HEARTBEAT = 15.0
"""Seconds after which the whole subscription is sent again."""

SILENCE = 60.0
"""Seconds without a frame, in an open market, after which it serves nobody."""

PAUSES = (3.0, 120.0)
"""Seconds before the second try, and at most."""

_GARBAGE = 50
"""Frames in a row that are none, after which it is taken for another service."""
_OPEN_SECONDS = 10.0
_TOO_MANY = 429
_SILENT = "Yahoo's stream is silent."

_log = logging.getLogger(__name__)


class _SilentError(Exception):
    """Nothing comes although New York trades: a fresh connection may help, and the ways take over meanwhile."""


class _Connect(connect):
    """A connection that goes where it is told: a redirect is an error."""

    def process_redirect(self, exc: Exception) -> Exception | str:
        """Never follow."""
        return exc


class Stream:
    """One connection, kept for as long as there is something to follow.

    Args:
        url: With `version=2` frames come in an envelope, without it bare; both are read.
        breaker: The provider's: while it is open, no connection is tried, and a 429 opens it.
        clock: Epoch seconds UTC; it may jump.
        heartbeat: Seconds between two subscriptions.
        pauses: Seconds before the second try, and at most; each try doubles it, with full jitter.
        wire: Keeps the frames of a recording.
    """

    def __init__(
        self,
        url: str,
        breaker: Breaker,
        *,
        clock: Callable[[], float],
        heartbeat: float = HEARTBEAT,
        pauses: tuple[float, float] = PAUSES,
        wire: Wire | None = None,
    ) -> None:
        self._url = url
        self._breaker = breaker
        self._clock = clock
        self._heartbeat = heartbeat
        self._pauses = pauses
        self._wire = wire
        self._wanted: tuple[str, ...] = ()
        self._subscribed: tuple[str, ...] = ()
        self._offset = 0
        self._changed = asyncio.Event()
        self._connected_at: float | None = None
        self._last_frame: float | None = None
        self._again = False
        self._latest: dict[str, Pricing] = {}
        self._problem = ""
        self.news = asyncio.Event()
        """Set when there is something to `take`, or when `up` has changed."""

    def follow(self, symbols: Sequence[str]) -> None:
        """What is on the screen now; nothing closes the connection."""
        if tuple(symbols) != self._wanted:
            self._wanted, self._offset = tuple(dict.fromkeys(symbols)), 0
            self._changed.set()

    def renew(self) -> None:
        """Connect anew: the old connection may be dead without having said so."""
        self._again = True
        self._changed.set()

    def take(self) -> list[Pricing]:
        """The newest price of each symbol since the last call."""
        self.news.clear()
        latest, self._latest = self._latest, {}
        return list(latest.values())

    @property
    def up(self) -> bool:
        """Whether it can be relied on: connected, and not silent while New York trades."""
        return self._connected_at is not None and self._last_frame is not None and not self._quiet(self._last_frame)

    @property
    def _silent(self) -> bool:
        """Whether it is connected in vain."""
        return self._connected_at is not None and self._quiet(max(self._connected_at, self._last_frame or 0.0))

    def _quiet(self, since: float) -> bool:
        """Whether New York trades and too long a time has passed."""
        now = self._clock()
        return now - since > SILENCE and phase(datetime.fromtimestamp(now, UTC)) is Phase.OPEN

    def served(self) -> frozenset[str]:
        """The symbols for which it can be relied on now."""
        return frozenset(self._subscribed) if self.up else frozenset()

    @property
    def trouble(self) -> str:
        """Why it serves nobody although it should, for the user; empty where it does, or has only just begun."""
        if not self._wanted or self.up:
            return ""
        try:
            self._breaker.check()
        except LimitedError:
            # Nobody of the provider is asked then: that is told of the ways.
            return ""
        if self._problem:
            return f"{self._problem} Prices are asked for every 15 s instead."
        return f"{_SILENT} Prices are asked for every 15 s instead." if self._silent else ""

    async def run(self) -> None:
        """Connect whenever there is something to follow, for as long as the program runs; nothing but a cancel ends it."""
        failures = 0
        while True:
            while not self._wanted:
                self._changed.clear()
                await self._changed.wait()
            before = self._last_frame
            try:
                self._breaker.check()
                await self._session()
            except LimitedError as error:
                self._problem = str(error)
            except (WebSocketException, OSError, TimeoutError, MalformedError, _SilentError) as error:
                # The name only: a message could hold what they sent.
                _log.info("the stream broke off: %s", type(error).__name__)
                self._problem = self._words(error)
            except Exception:  # noqa: BLE001 (logged, and shown)
                _log.exception("the stream failed")
                self._problem = "Yahoo's stream failed; see the log."
            self._connected_at = None
            self._subscribed = ()
            self.news.set()
            failures = 1 if self._last_frame is not before else failures + 1
            first, most = self._pauses
            await self._pause(random.uniform(0.5, 1.0) * min(first * 2 ** min(failures - 1, 10), most))

    def _words(self, error: Exception) -> str:
        """What a failure means, and what follows from it."""
        if isinstance(error, InvalidStatus) and error.response.status_code == _TOO_MANY:
            return str(self._breaker.trip(error.response.headers.get("Retry-After")))
        if isinstance(error, MalformedError):
            return str(error)
        if isinstance(error, _SilentError):
            return _SILENT
        return "Yahoo's stream is not connected."

    async def _pause(self, seconds: float) -> None:
        """Wait before the next try; a new connection wanted at once cuts it short."""
        try:
            async with asyncio.timeout(seconds):
                while not self._again:
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            pass
        self._again = False

    async def _session(self) -> None:
        """One connection, from its handshake to its end, which is an error unless nothing is wanted any more."""
        async with _Connect(
            self._url,
            user_agent_header=USER_AGENT,
            open_timeout=_OPEN_SECONDS,
            close_timeout=2,
            compression=None,
            max_size=4 * LONGEST,
        ) as connection:
            self._connected_at, self._again = self._clock(), False
            listening = asyncio.create_task(self._listen(connection), name="frames")
            try:
                await self._subscribe(connection, listening)
            finally:
                listening.cancel()
                await asyncio.gather(listening, return_exceptions=True)

    async def _subscribe(self, connection: ClientConnection, listening: asyncio.Task[None]) -> None:
        """Send the subscription when it changes and as a heartbeat; return when nothing is wanted, or it should be anew."""
        while self._wanted and not self._again:
            symbols = self._window()
            if gone := [symbol for symbol in self._subscribed if symbol not in symbols]:
                await connection.send(msgspec.json.encode({"unsubscribe": gone}).decode())
            await connection.send(msgspec.json.encode({"subscribe": list(symbols)}).decode())
            self._subscribed = symbols
            self._changed.clear()
            changed = asyncio.ensure_future(self._changed.wait())
            try:
                await asyncio.wait((changed, listening), timeout=self._heartbeat, return_when=asyncio.FIRST_COMPLETED)
            finally:
                changed.cancel()
            if listening.done():
                listening.result()
            if not self._changed.is_set():
                self._offset += MOST
                if self._silent:
                    raise _SilentError

    def _window(self) -> tuple[str, ...]:
        """The next symbols to subscribe to; all of them, unless there are more than one subscription takes."""
        if len(self._wanted) <= MOST:
            return self._wanted
        start = self._offset % len(self._wanted)
        return (*self._wanted[start:], *self._wanted[:start])[:MOST]

    async def _listen(self, connection: ClientConnection) -> None:
        """Keep the newest price of each symbol; garbage is dropped, and endless garbage is an error."""
        garbage = 0
        async for frame in connection:
            if self._wire is not None:
                self._wire.heard(self._url, frame)
            try:
                self._hear(frame)
            except MalformedError:
                garbage += 1
                if garbage >= _GARBAGE:
                    raise
            else:
                garbage = 0
        raise TimeoutError

    def _hear(self, frame: str | bytes) -> None:
        """Take in one frame.

        Raises:
            MalformedError: it is none that we know.
        """
        pricing = parse_frame(frame)
        if pricing is None:
            return
        self._last_frame, self._problem = self._clock(), ""
        held = self._latest.get(pricing.symbol)
        if held is None or held.time <= pricing.time:
            self._latest[pricing.symbol] = pricing
            self.news.set()
