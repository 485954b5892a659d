"""The clients of httpx that a provider's requests go through: one at a time through each, and none that was interrupted.

A request that is cancelled between two of httpx's steps leaves its connection in the pool for good, as taken; and a pool
all connections of which are taken never answers again. So a client that a request was interrupted in is closed with all
that it holds, and the next request goes through another.
"""

import asyncio
import functools
import os
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from tui.sources.tape_wire import Wire

KEPT_SECONDS = 60.0
"""An idle connection is closed after so long: the servers we know have closed theirs by then."""


class Clients:
    """As many clients as are used at once, made when first needed; for one event loop."""

    def __init__(self, wire: "Wire | None" = None) -> None:
        self._wire = wire
        self._ready = False
        self._first = asyncio.Lock()
        self._all: set[httpx.AsyncClient] = set()
        self._idle: dict[httpx.AsyncClient, asyncio.TimerHandle] = {}
        self._closing: set[asyncio.Task[None]] = set()

    async def ready(self) -> None:
        """Make the first one, so that what is wrong with the environment is found before anything waits.

        Raises:
            ImportError, OSError, ValueError, httpx.InvalidURL: a proxy or a file of certificates that cannot be used.
        """
        async with self._first:
            if not self._ready:
                # Off the loop: reading the certificates takes 20 ms.
                await asyncio.to_thread(_certificates, *_named())
                self._rest(self._make())
                self._ready = True

    @asynccontextmanager
    async def one(self) -> AsyncIterator[httpx.AsyncClient]:
        """A client that no other request uses meanwhile: the one last used, else a new one."""
        if self._idle:
            client, expiry = self._idle.popitem()
            expiry.cancel()
        else:
            client = self._make()
        try:
            yield client
        except Exception:
            self._rest(client)
            raise
        except BaseException:
            self._end(client)
            raise
        self._rest(client)

    async def aclose(self) -> None:
        """Close them all, those in use, too; nothing of them is left afterwards."""
        for client in list(self._all):
            self._end(client)
        await asyncio.gather(*self._closing)

    def _make(self) -> httpx.AsyncClient:
        client = httpx.AsyncClient(
            verify=_certificates(*_named()),
            limits=httpx.Limits(max_connections=4, max_keepalive_connections=2, keepalive_expiry=KEPT_SECONDS),
            # Cookies are sent on purpose only.
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        )
        if self._wire is not None:
            self._wire.over(client)
        self._all.add(client)
        return client

    def _rest(self, client: httpx.AsyncClient) -> None:
        """Keep it for the next request, for a while."""
        if client in self._all:
            self._idle[client] = asyncio.get_running_loop().call_later(KEPT_SECONDS, self._end, client)

    def _end(self, client: httpx.AsyncClient) -> None:
        """Close it in a task of its own: a second cancellation must not interrupt that."""
        if client not in self._all:
            return
        self._all.remove(client)
        if expiry := self._idle.pop(client, None):
            expiry.cancel()
        self._closing.add(task := asyncio.create_task(_close(client)))
        task.add_done_callback(self._closing.discard)


async def _close(client: httpx.AsyncClient) -> None:
    """Close it; a connection that is broken already says so, which is no news."""
    with suppress(httpx.HTTPError, OSError):
        await client.aclose()


def _named() -> tuple[str | None, str | None]:
    """The certificates that the environment names."""
    return os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")


@functools.cache
def _certificates(_file: str | None, _folder: str | None) -> ssl.SSLContext:
    """What all clients check a server with; httpx looks at the environment itself."""
    return httpx.create_ssl_context()
