"""Where a tape meets the client: one transport that writes down what comes, and one that plays it instead of asking."""

from collections.abc import AsyncIterator

import httpx

from tui.sources.base import MalformedError, NoDataError
from tui.sources.tape import Recorder, Tape

FAILURES: dict[str, type[httpx.TransportError]] = {
    each.__name__: each
    for each in (
        httpx.ConnectError,
        httpx.ConnectTimeout,
        httpx.ReadError,
        httpx.ReadTimeout,
        httpx.PoolTimeout,
        httpx.RemoteProtocolError,
        httpx.WriteError,
    )
}
"""Failures that are played as they were; any other is a failed connection."""


class Wire:
    """What stands between the clients and the network: a recorder that listens in, or a tape instead of it."""

    def __init__(self, recorder: Recorder | None = None, tape: Tape | None = None) -> None:
        self._recorder = recorder
        self.tape = tape

    def over(self, client: httpx.AsyncClient) -> None:
        """Put it between a client and the network, proxies of the environment included."""
        # A transport of one's own given to the client would leave out the proxies, and there is no public way to wrap.
        client._transport = self._around(client._transport)
        client._mounts = {pattern: each and self._around(each) for pattern, each in client._mounts.items()}

    def _around(self, inner: httpx.AsyncBaseTransport) -> httpx.AsyncBaseTransport:
        if self.tape is not None:
            return PlayingTransport(self.tape)
        return RecordingTransport(inner, self._recorder) if self._recorder is not None else inner

    def heard(self, url: str, frame: str | bytes) -> None:
        """Keep a frame of a stream."""
        if self._recorder is not None:
            self._recorder.frame(url, frame if isinstance(frame, bytes) else frame.encode())


class RecordingTransport(httpx.AsyncBaseTransport):
    """Another transport, every answer of which is kept as it came."""

    def __init__(self, inner: httpx.AsyncBaseTransport, recorder: Recorder) -> None:
        self._inner = inner
        self._recorder = recorder

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Ask, keep what comes when all of it has come, and hand it on."""
        try:
            response = await self._inner.handle_async_request(request)
        except httpx.TransportError as error:
            self._recorder.failure(request.method, str(request.url), type(error).__name__)
            raise
        assert isinstance(response.stream, httpx.AsyncByteStream)
        kept = _Kept(response.stream, self._recorder, request, response)
        return httpx.Response(
            response.status_code, headers=response.headers, stream=kept, extensions=response.extensions
        )

    async def aclose(self) -> None:
        """Close the other transport."""
        await self._inner.aclose()


class _Kept(httpx.AsyncByteStream):
    """A body that is written down while it is read; what breaks off half-way is kept as far as it came."""

    def __init__(
        self, inner: httpx.AsyncByteStream, recorder: Recorder, request: httpx.Request, response: httpx.Response
    ) -> None:
        self._inner, self._recorder = inner, recorder
        self._request, self._response = request, response
        self._parts: list[bytes] = []

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._inner:
            self._parts.append(part)
            yield part

    async def aclose(self) -> None:
        await self._inner.aclose()
        head = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in self._response.headers.raw]
        self._recorder.answer(
            self._request.method, str(self._request.url), self._response.status_code, head, b"".join(self._parts)
        )


class PlayingTransport(httpx.AsyncBaseTransport):
    """The answers of a tape. What was never asked then cannot be answered now: a failed connection."""

    def __init__(self, tape: Tape) -> None:
        self._tape = tape

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The answer of then, byte for byte."""
        entry = self._tape.answer(request.method, str(request.url))
        if entry is None:
            raise httpx.ConnectError("not on the recording", request=request)
        if entry.kind == "failure":
            raise FAILURES.get(entry.problem, httpx.ConnectError)(entry.problem, request=request)
        try:
            body = self._tape.body(entry)
        except (NoDataError, MalformedError) as error:
            raise httpx.ReadError(str(error), request=request) from error
        return httpx.Response(entry.status, headers=list(entry.headers), stream=httpx.ByteStream(body))
