"""A real WebSocket server on a loopback socket that plays Yahoo's stream: it remembers what it is told and sends frames."""

import asyncio
import base64
import json
import struct
from http import HTTPStatus
from typing import Self

from websockets.asyncio.server import ServerConnection, serve


class StreamServer:
    """Takes connections; `say` sends to the newest. With `refuse`, a handshake is answered with that status."""

    def __init__(self) -> None:
        self.heard: list[dict[str, list[str]]] = []
        self.connections: list[ServerConnection] = []
        self.handshakes = 0
        self.agents: list[str] = []
        self.refuse: tuple[int, dict[str, str]] | None = None
        self._news = asyncio.Event()

    async def __aenter__(self) -> Self:
        self._server = await serve(self._serve, "127.0.0.1", 0, process_request=self._handshake)
        self.port = self._server.sockets[0].getsockname()[1]
        self.url = f"ws://127.0.0.1:{self.port}/?version=2"
        return self

    async def __aexit__(self, *_exc: object) -> None:
        self._server.close()
        await self._server.wait_closed()

    def _handshake(self, connection, request):
        self.handshakes += 1
        self.agents.append(request.headers["User-Agent"])
        self._news.set()
        if self.refuse is None:
            return None
        status, headers = self.refuse
        response = connection.respond(HTTPStatus(status), "no\n")
        for name, value in headers.items():
            response.headers[name] = value
        return response

    async def _serve(self, connection: ServerConnection) -> None:
        self.connections.append(connection)
        self._news.set()
        async for message in connection:
            self.heard.append(json.loads(message))
            self._news.set()

    async def until(self, done) -> None:
        """Wait until `done()` holds."""
        async with asyncio.timeout(20):
            while not done():
                self._news.clear()
                await self._news.wait()

    async def subscribed(self, symbol: str) -> None:
        """Wait until a symbol has been subscribed to."""
        await self.until(lambda: any(symbol in each.get("subscribe", ()) for each in self.heard))

    async def say(self, *frames: str | bytes) -> None:
        """Send frames to whoever connected last."""
        for frame in frames:
            await self.connections[-1].send(frame)

    async def hang_up(self) -> None:
        """End the newest connection without a word."""
        self.connections[-1].transport.abort()


def pricing(symbol, price, seconds, *, hours=1, hint=2, version=2, **fields):
    """A frame of the stream. Further fields: `volume`, `change`, `high`, `low`, `currency`."""
    message = text(1, symbol) + real(2, price) + signed(3, int(seconds * 1000))
    if "currency" in fields:
        message += text(4, fields["currency"])
    if hours:
        message += key(7, 0) + varint(hours)
    if "volume" in fields:
        message += signed(9, fields["volume"])
    for name, number in (("high", 10), ("low", 11), ("change", 12), ("open", 15), ("previous_close", 16)):
        if name in fields:
            message += real(number, fields[name])
    if hint:
        message += signed(27, hint)
    return envelope(message) if version == 2 else base64.b64encode(message).decode()


def envelope(message: bytes, kind: str = "pricing") -> str:
    return json.dumps({"type": kind, "message": base64.b64encode(message).decode()})


def key(number: int, wire: int) -> bytes:
    return varint(number << 3 | wire)


def varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def signed(number: int, value: int) -> bytes:
    return key(number, 0) + varint(((value << 1) ^ (value >> 63)) & (2**64 - 1))


def real(number: int, value: float) -> bytes:
    return key(number, 5) + struct.pack("<f", value)


def text(number: int, value: str) -> bytes:
    return key(number, 2) + varint(len(value.encode())) + value.encode()
