"""A real HTTP/1.1 server on a loopback socket, answering from a script; and the recorded answers as it would send them."""

import asyncio
import contextlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from urllib.parse import parse_qs, urlsplit

from tui.sources.http import Limits

QUICK = Limits(per_minute=6e6, burst=1000, pause=(0, 0))
"""No request waits."""


class Clock:
    """Stands still until it is set."""

    def __init__(self) -> None:
        self.now = 1_761_755_820.0  # 2025-10-29 12:37 in New York

    def __call__(self) -> float:
        return self.now


@dataclass
class Request:
    """What came in. The path is as it was on the wire, still escaped."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]

    @property
    def symbols(self) -> list[str]:
        return self.query.get("symbols", "").split(",")


@dataclass
class Answer:
    """What goes out; or nothing but the end of the connection (`drop`), or silence until the client leaves (`hang`)."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    drop: bool = False
    hang: bool = False
    truncate: int = 0
    """Bytes of the body that are promised and not sent."""


class Server:
    """Answers by the longest route that begins the path: with an Answer, a list of them in turn, or by a function."""

    def __init__(self) -> None:
        self.routes: dict[str, Answer | list[Answer] | Callable[[Request], Answer]] = {}
        self.requests: list[Request] = []
        self.bodies: list[dict[str, list[str]]] = []
        """The forms that were posted."""
        self.connections = 0
        self._arrival = asyncio.Event()
        self._server: asyncio.Server | None = None
        self._busy: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        return self

    async def __aexit__(self, *_exc: object) -> None:
        self._server.close()
        for task in list(self._busy):
            task.cancel()
        await asyncio.gather(*self._busy, return_exceptions=True)
        await self._server.wait_closed()

    async def received(self, count: int) -> None:
        """Wait until so many requests have come in."""
        while len(self.requests) < count:
            self._arrival.clear()
            await self._arrival.wait()

    @property
    def open(self) -> int:
        """Connections that neither side has closed."""
        return len(self._busy)

    def paths(self) -> list[str]:
        return [request.path for request in self.requests]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._busy.add(task := asyncio.current_task())
        self.connections += 1
        try:
            while await self._exchange(reader, writer):
                pass
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            self._busy.discard(task)
            writer.close()
            with contextlib.suppress(ConnectionError, asyncio.CancelledError):
                await writer.wait_closed()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        target = urlsplit(head[0].split(" ")[1])
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
        query = {name: values[0] for name, values in parse_qs(target.query).items()}
        if length := int(headers.get("content-length", 0)):
            self.bodies.append(parse_qs((await reader.readexactly(length)).decode()))
        request = Request(target.path, query, headers)
        self.requests.append(request)
        self._arrival.set()
        answer = self._answer(request)
        if answer.hang:
            await reader.read()
        if answer.drop or answer.hang:
            return False
        lines = [f"HTTP/1.1 {answer.status} Said", f"Content-Length: {len(answer.body) + answer.truncate}"]
        lines += [f"{name}: {value}" for name, value in answer.headers.items()]
        writer.write("\r\n".join([*lines, "", ""]).encode("latin-1") + answer.body)
        await writer.drain()
        return not answer.truncate

    def _answer(self, request: Request) -> Answer:
        route = max((route for route in self.routes if request.path.startswith(route)), key=len, default=None)
        if route is None:
            return Answer(b"<html>nothing here</html>", 404)
        found = self.routes[route]
        if callable(found):
            return found(request)
        if isinstance(found, list):
            return found.pop(0) if len(found) > 1 else found[0]
        return found


def recorded(path: Path) -> Answer:
    """A recording as it was on the wire: out of the wrapper of the one who recorded it, with its status."""
    body = path.read_bytes()
    status = re.match(r"(?:[a-z]+_)*(\d{3})_", path.name)
    with contextlib.suppress(ValueError):
        told = json.loads(body)
        response = told.get("response", {}) if isinstance(told, dict) else {}
        if "body" in response:
            return Answer(response["body"].encode(), response["status"])
        if "bodyJson" in response:
            return Answer(json.dumps(response["bodyJson"]).encode(), response["status"])
    return Answer(body, int(status[1]) if status else 200)
