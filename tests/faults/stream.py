"""Yahoo's stream on a loopback socket: a frame of the truth for every symbol every five seconds, until a script spoils it."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, Self

from tests.faults import truth
from tests.sources.ws_server import StreamServer

EVERY = 5.0
"""Seconds between two frames of one symbol."""

SpoilFrames = Callable[["Ticker", Sequence[str], float], Sequence[str | bytes]]
"""The frames to send instead, of these symbols, now."""


class Ticker(StreamServer):
    """Sends to every connection what it has subscribed to."""

    def __init__(self, clock: Callable[[], float]) -> None:
        super().__init__()
        self.clock = clock
        self.spoil: SpoilFrames | None = None
        self.deaf = False
        """Takes connections and subscriptions, and never says a word."""
        self.ends: tuple[int, str] | None = None
        """Close every connection at once, with this code and reason; -1 without a word."""
        self.sent = 0

    async def __aenter__(self) -> Self:
        await super().__aenter__()
        self._ticking = asyncio.create_task(self._tick(), name="ticks")
        return self

    async def __aexit__(self, *exc: object) -> None:
        self._ticking.cancel()
        await asyncio.gather(self._ticking, return_exceptions=True)
        for connection in self.connections:
            connection.transport.abort()
        await super().__aexit__(*exc)

    def symbols(self) -> list[str]:
        """The last subscription."""
        return next((each["subscribe"] for each in reversed(self.heard) if "subscribe" in each), [])

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(EVERY)
            # The client is behind one connection, and the newest is its own.
            for connection in self.connections[-1:]:
                await self._to(connection)

    async def _to(self, connection: Any) -> None:
        from websockets.exceptions import ConnectionClosed

        if self.ends is not None:
            code, reason = self.ends
            if code < 0:
                connection.transport.abort()
            else:
                await connection.close(code, reason)
            return
        now = self.clock()
        frames = self.spoil(self, self.symbols(), now) if self.spoil else [truth.frame(s, now) for s in self.symbols()]
        try:
            for frame in () if self.deaf else frames:
                await connection.send(frame)
                self.sent += 1
        except ConnectionClosed:
            return
