"""The one polite HTTP client of a provider: rate-limited, bounded, retried with care, and silent about secrets.

Whatever goes wrong leaves as a `SourceError`. No message, repr or log line holds a query or a header, so that none can
hold a crumb or a cookie.
"""

import asyncio
import logging
import random
import time
import zlib
from collections.abc import AsyncGenerator, Callable, Collection, Mapping
from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING, cast

import httpx
import stamina
from aiolimiter import AsyncLimiter
from msgspec import Struct

from tui import __version__
from tui.sources.base import DeniedError, MalformedError, UnreachableError
from tui.sources.http_breaker import Breaker
from tui.sources.http_clients import Clients
from tui.sources.http_kept import Kept, Reply, conditions, freshness
from tui.sources.http_turns import Turns

if TYPE_CHECKING:
    from tui.sources.tape_wire import Wire

__all__ = ["USER_AGENT", "Http", "Limits", "RedirectedError", "Reply"]

USER_AGENT = f"Mozilla/5.0 (compatible; outpace/{__version__}; +https://github.com/outpace-monitor/outpace)"
"""Honest: who we are and where we live. Not a browser's."""

_MAX_REDIRECTS = 5
_SERVER_ERROR = 500
_TOO_MANY = 429

_log = logging.getLogger(__name__)

# httpx logs whole URLs at INFO and httpcore whole headers at DEBUG: there the crumb and the cookie would be.
for _noisy in ("httpx", "httpcore"):
    logging.getLogger(_noisy).setLevel(logging.WARNING)

# stamina reports each retry as a warning, which would land on the screen where no log is set up. We log our own.
stamina.instrumentation.set_on_retry_hooks([])


class Limits(Struct, frozen=True, kw_only=True):
    """How gently a provider is treated. The defaults are a cautious choice, not a published limit."""

    per_minute: float = 20
    burst: float = 6
    """Requests that may go out at once after a quiet time."""
    at_once: int = 2
    """Requests in flight."""
    body: int = 32 * 2**20
    """Largest body in bytes, once unpacked."""
    connect: float = 5
    """Seconds."""
    read: float = 10
    """Seconds without a byte."""
    total: float = 60
    """Seconds for the whole answer: a server that drips bytes would never exceed `read`."""
    total_urgent: float = 20
    """The same for what the screen waits for: the next source may answer at once."""
    pause: tuple[float, float] = (2, 4)
    """Seconds before the one retry after a time-out, a failed connection or a server error: a random value between."""
    breaker: tuple[float, ...] = (900, 1800, 3600, 7200)
    """Seconds of silence after the first, second, ... 429 in a row that names no time itself."""
    kept: int = 32
    """Good replies that are remembered."""


class RedirectedError(DeniedError):
    """The provider sends us to a host that we did not agree to talk to."""

    def __init__(self, message: str, host: str) -> None:
        super().__init__(message)
        self.host = host


class _DroppedError(UnreachableError):
    """The connection broke off, as kept-alive ones do when the server has tired of them."""


class _Patience:
    """Which failure of one request is tried again, and after how many seconds: stamina's back-off hook."""

    def __init__(self, pause: tuple[float, float]) -> None:
        self._pause = pause
        self._reconnect = True
        self._again = True

    def __call__(self, error: Exception) -> bool | float:
        if isinstance(error, _DroppedError) and self._reconnect:
            self._reconnect = False
            return 0.0
        if isinstance(error, UnreachableError) and self._again:
            self._again = False
            return random.uniform(*self._pause)
        return False


class Http:
    """A client for one provider and all its hosts, for life: one budget, one breaker, and the connections.

    `hosts` are those that a redirect may lead to besides its own; `breaker_file` keeps a silence for the next start; a
    `wire` records what comes, or plays a recording; `agent` is who we say we are, if not the program alone.
    """

    def __init__(
        self,
        provider: str = "The source",
        *,
        hosts: Collection[str] = (),
        limits: Limits | None = None,
        clock: Callable[[], float] = time.time,
        wire: "Wire | None" = None,
        breaker_file: Path | None = None,
        agent: str = "",
    ) -> None:
        self.provider = provider
        # What we can unpack piece by piece is asked for.
        self._head = {"User-Agent": agent or USER_AGENT, "Accept-Language": "en-US", "Accept-Encoding": "gzip"}
        self._hosts = frozenset(hosts)
        self._limits = limits = limits or Limits()
        self._clock = clock
        self._clients = Clients(wire)
        self._closed = False
        self._turns = Turns(limits.at_once)
        self._bucket = AsyncLimiter(limits.burst, limits.burst * 60 / limits.per_minute)
        self._kept = Kept(limits.kept)
        self.breaker = Breaker(provider, limits.breaker, clock, breaker_file)

    async def get(
        self,
        url: str,
        params: Mapping[str, str | int] | None = None,
        *,
        secrets: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        cookie: str | None = None,
        form: Mapping[str, str | list[str]] | None = None,
        accept: str = "application/json",
        any_status: bool = False,
        follow: bool = True,
        urgent: bool = False,
    ) -> Reply:
        """Ask for `url`. A good answer is used again for as long as it says, and then asked whether it has changed.

        `secrets` join the query and `headers` the head, but no message; an answer to them is not used again, nor is one to
        a `form`, which is posted. With `any_status`, a 5xx is an answer too; without `follow`, a redirect is. An `urgent`
        request goes before those that are not: what is on the screen before what is for later.

        Raises:
            LimitedError: a 429, or the silence after one.
            UnreachableError: no connection, no answer in time, or a server error, after the retries.
            MalformedError: a body that is too large or cannot be unpacked.
            RedirectedError: a redirect to a host that is neither its own nor one of `hosts`.
        """
        try:
            public = httpx.URL(url, params=params) if params else httpx.URL(url)
            full = public.copy_merge_params(secrets) if secrets else public
        except httpx.InvalidURL:
            raise MalformedError(f"{self.provider} has no such address.") from None
        key = None if secrets or headers or cookie or form else str(public)
        kept = self._kept.get(key)
        if kept is not None and kept.fetched_at <= self._clock() < kept.fresh_until:
            return kept
        await self._open()
        head = {
            **self._head,
            "Accept": accept,
            **(headers or {}),
            **({"Cookie": cookie} if cookie else {}),
            **conditions(kept),
        }
        request = httpx.Request(
            "POST" if form else "GET",
            full,
            headers=head,
            data=dict(form) if form else None,
            extensions={"timeout": httpx.Timeout(self._limits.read, connect=self._limits.connect).as_dict()},
        )
        # The hook alone decides when to stop. It is shown a cancellation too, and never retries one.
        async for attempt in stamina.retry_context(_Patience(self._limits.pause), attempts=None, timeout=None):
            with attempt:
                reply = await self._once(request, any_status, follow, urgent)
        return self._kept.renewed(key, kept, reply)

    async def aclose(self) -> None:
        """Close the connections; safe to call twice, and before the first request."""
        self._closed = True
        await self._clients.aclose()

    async def _open(self) -> None:
        """See that requests can go out at all."""
        self._refuse_closed()
        try:
            await self._clients.ready()
        except (ImportError, OSError, ValueError, httpx.InvalidURL):
            raise UnreachableError(
                f"{self.provider} cannot be asked: check HTTPS_PROXY, ALL_PROXY and SSL_CERT_FILE in the environment."
            ) from None

    def _refuse_closed(self) -> None:
        if self._closed:
            raise UnreachableError(f"The connection to {self.provider} is closed.")

    async def _once(self, request: httpx.Request, any_status: bool, follow: bool, urgent: bool) -> Reply:
        """One request within the budget, its failures translated."""
        self.breaker.check()
        async with self._turns.turn(urgent=urgent):
            await self._bucket.acquire()
            async with self.breaker.admit():
                started = time.perf_counter()
                try:
                    async with asyncio.timeout(
                        min(self._limits.total, self._limits.total_urgent) if urgent else self._limits.total
                    ):
                        self._refuse_closed()
                        async with self._clients.one() as client:
                            reply = await self._exchange(client, request, any_status, follow)
                except (TimeoutError, httpx.TimeoutException):
                    raise UnreachableError(f"{self.provider} did not answer in time.") from None
                except (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError, httpx.CloseError):
                    raise _DroppedError(f"{self.provider} broke the connection off.") from None
                except (httpx.HTTPError, httpx.InvalidURL):
                    raise UnreachableError(f"{self.provider} cannot be reached: no connection.") from None
                milliseconds = 1000 * (time.perf_counter() - started)
                _log.debug("%s%s: %d, %d ms", request.url.host, request.url.path, reply.status, milliseconds)
                return reply

    async def _exchange(
        self, client: httpx.AsyncClient, request: httpx.Request, any_status: bool, follow: bool
    ) -> Reply:
        """Send, follow allowed redirects, and read within bounds."""
        cookies: list[str] = []
        for _ in range(_MAX_REDIRECTS + 1):
            self._refuse_closed()
            response = await client.send(request, stream=True, follow_redirects=False)
            async with aclosing(response):
                cookies += response.headers.get_list("set-cookie")
                if response.status_code == _TOO_MANY:
                    raise self.breaker.trip(response.headers.get("retry-after"))
                self.breaker.calm()
                if response.status_code >= _SERVER_ERROR and not any_status:
                    raise UnreachableError(f"{self.provider} has a fault of its own ({response.status_code}).")
                onward = response.next_request
                if onward is None or not follow:
                    body = await self._read(response)
                    now = self._clock()
                    return Reply(
                        status=response.status_code,
                        body=body,
                        cookies=tuple(cookies),
                        fetched_at=now,
                        fresh_until=now + freshness(response.headers),
                        location=str(onward.url) if onward is not None else "",
                        etag=response.headers.get("etag", ""),
                        modified=response.headers.get("last-modified", ""),
                    )
            request = self._follow(request, onward)
        raise MalformedError(f"{self.provider} sends us round in circles.")

    def _follow(self, request: httpx.Request, onward: httpx.Request) -> httpx.Request:
        """The redirected request, if its host is allowed and the encryption stays."""
        host = onward.url.host
        if host not in {*self._hosts, request.url.host} or (
            request.url.scheme == "https" and onward.url.scheme != "https"
        ):
            raise RedirectedError(f"{self.provider} sends us to another host, which we do not follow.", host)
        return onward

    async def _read(self, response: httpx.Response) -> bytes:
        """The body, unpacked; httpx's own unpacking would first make the whole of a bomb."""
        limit = self._limits.body
        encoding = response.headers.get("content-encoding", "identity").strip().lower()
        if encoding not in {"gzip", "x-gzip", "identity", ""}:
            raise MalformedError(f"{self.provider} packs its answer in a way we did not ask for.")
        unpack = zlib.decompressobj(zlib.MAX_WBITS | 16) if "gzip" in encoding else None
        body = bytearray()
        async with aclosing(cast("AsyncGenerator[bytes, None]", response.aiter_raw())) as pieces:
            async for packed in pieces:
                try:
                    body += unpack.decompress(packed, limit + 1 - len(body)) if unpack else packed
                except zlib.error:
                    raise MalformedError(f"{self.provider} sent an answer that cannot be unpacked.") from None
                if len(body) > limit:
                    raise MalformedError(f"{self.provider} sent more than {limit // 2**20} MB.")
        if unpack is not None and not unpack.eof:
            raise MalformedError(f"{self.provider} sent an answer that breaks off.")
        return bytes(body)
