"""All providers on one loopback socket, each telling the truth until a script spoils what it says or how it says it."""

import asyncio
import contextlib
import json
import socket
import ssl
import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Self

from tests.faults import truth
from tests.sources.server import Answer, Request, Server

PATHS = {
    "cookie": "/cookie",
    "crumb": "/v1/test/getcrumb",
    "quote": "/v7/finance/quote",
    "spark": "/v7/finance/spark",
    "chart": "/v8/finance/chart/",
    "cboe": "/api/global/delayed_quotes/quotes/",
    "past": "/api/global/delayed_quotes/charts/historical/",
}
"""Every kind of request that the chain makes, by the name that scripts use."""

Spoil = Callable[["Market", str, Request, Answer], Answer]
"""Makes a bad answer out of a good one."""


@dataclass
class Wire(Answer):
    """An answer that is wrong in how it travels."""

    raw: bytes | None = None
    """Written as it is, head and all, and then the connection ends."""
    wait: float = 0.0
    """Seconds before the first byte."""
    drip: float = 0.0
    """Seconds before each byte of the body, for ever."""
    reset: bool = False
    """The connection ends with a reset instead of an answer."""
    flood: int = 0
    """Bytes that are sent as a body without an end."""


@dataclass
class Market(Server):
    """The providers. `clock` is epoch seconds UTC; `spoils` is what is wrong now, by the kind of request."""

    clock: Callable[[], float] = lambda: truth.START
    tls: ssl.SSLContext | None = None
    spoils: dict[str, Spoil] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__init__()
        self.port = 0
        self._writers: set[asyncio.StreamWriter] = set()

    async def __aenter__(self) -> Self:
        await self.up()
        self.url = f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}"
        return self

    async def up(self, tls: ssl.SSLContext | None = None) -> None:
        """Listen, on the same port as before; with another certificate, if one is given."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port, ssl=tls or self.tls)
        self.port = self._server.sockets[0].getsockname()[1]

    async def down(self) -> None:
        """Listen no more, and break all connections off."""
        self._server.close()
        for writer in list(self._writers):
            writer.transport.abort()
        await self._server.wait_closed()

    def kinds(self) -> list[str]:
        """What was asked for so far."""
        return [kind for path in self.paths() if (kind := kind_of(path))]

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        self._writers.add(writer)
        try:
            return await self._talk(reader, writer)
        finally:
            self._writers.discard(writer)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
        path, _, query = head[0].split(" ")[1].partition("?")
        request = Request(path, _query(query), headers)
        self.requests.append(request)
        kind = kind_of(path)
        answer = self._good(kind, request)
        if kind in self.spoils:
            answer = self.spoils[kind](self, kind, request, answer)
        return await self._send(reader, writer, answer)

    async def _send(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, answer: Answer) -> bool:
        wire = answer if isinstance(answer, Wire) else Wire(**vars(answer))
        if wire.wait:
            await asyncio.sleep(wire.wait)
        if wire.hang:
            await reader.read()
        if wire.reset:
            linger = struct.pack("ii", 1, 0)
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            writer.transport.abort()
        if wire.drop or wire.hang or wire.reset:
            return False
        if wire.raw is not None:
            writer.write(wire.raw)
            await writer.drain()
            return False
        lines = [f"HTTP/1.1 {wire.status} Said"]
        length = wire.flood or len(wire.body) + wire.truncate
        lines += [] if "Transfer-Encoding" in wire.headers else [f"Content-Length: {length}"]
        lines += [f"{name}: {value}" for name, value in wire.headers.items()]
        writer.write("\r\n".join([*lines, "", ""]).encode("latin-1"))
        for sent in range(0, wire.flood, 2**18):
            writer.write(bytes(min(2**18, wire.flood - sent)))
            await writer.drain()
        while wire.drip:
            await asyncio.sleep(wire.drip)
            writer.write(b" ")
            await writer.drain()
        writer.write(wire.body)
        await writer.drain()
        return not wire.truncate

    def _good(self, kind: str, request: Request) -> Answer:
        """What a provider would say on a good day."""
        now, last = self.clock(), request.path.rsplit("/", 1)[-1]
        code = last.removesuffix(".json")
        known = [symbol for symbol in request.symbols if symbol in truth.BASES]
        match kind:
            case "cookie":
                return Answer(b"", 404, {"Set-Cookie": "A3=c00kie-s3cret; Path=/"})
            case "crumb":
                return Answer(b"cr/umb.s3")
            case "quote":
                return Answer(truth.wrapped([truth.quote(symbol, now) for symbol in known], "quoteResponse"))
            case "spark":
                return Answer(truth.wrapped([truth.spark(symbol, now) for symbol in known], "spark"))
            case "chart":
                return Answer(truth.wrapped([truth.chart(last.replace("%5E", "^"), now)], "chart"))
            case "cboe" if not code.startswith("X"):
                return Answer(json.dumps(truth.cboe(code, now)).encode())
            case "past":
                return Answer(json.dumps(truth.past(code)).encode())
        return Answer(b"<Error><Code>AccessDenied</Code></Error>", 403)


def kind_of(path: str) -> str:
    """The kind of a request by its path; empty for none of ours."""
    return next((kind for kind, begin in PATHS.items() if path.startswith(begin)), "")


def _query(text: str) -> dict[str, str]:
    from urllib.parse import parse_qsl

    return dict(parse_qsl(text))


def records(body: bytes, kind: str) -> tuple[Any, list[dict[str, Any]]]:
    """The decoded answer and the flat records in it that hold prices, to be changed in place."""
    told = json.loads(body)
    match kind:
        case "quote":
            return told, told["quoteResponse"]["result"]
        case "spark":
            return told, [item["response"][0]["meta"] for item in told["spark"]["result"]]
        case "cboe":
            return told, [told["data"]]
    return told, [each["meta"] for each in told["chart"]["result"]] if kind == "chart" else told["data"]


def changed(kind: str, answer: Answer, change: Callable[[dict[str, Any]], None], only: Iterable[str] = ()) -> Answer:
    """The answer with its records changed: all of them, or those of some symbols."""
    told, found = records(answer.body, kind)
    for record in found:
        if not only or record.get("symbol") in only:
            change(record)
    with contextlib.suppress(TypeError):
        return Answer(json.dumps(told).encode(), answer.status, answer.headers)
    raise AssertionError
