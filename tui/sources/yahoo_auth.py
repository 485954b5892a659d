"""Yahoo's cookie and crumb, which v7 quote wants: fetched once, kept for days, renewed when refused (docs: sources, 2.2).

Consent to cookies is the user's decision: where Yahoo asks for it, we stay on the half that needs neither.
"""

import asyncio
import contextlib
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from tui.sources.base import DeniedError, LimitedError, SourceError
from tui.sources.http import Http, RedirectedError, Reply

REST = 15 * 60
"""Seconds for which a refusal is taken for an answer."""

_LONGEST_CRUMB = 32
_LONGEST_COOKIE = 1024
_COOKIES = ("A3", "A1")
_ANY_PAGE = "text/html,application/xhtml+xml,*/*;q=0.8"  # without text/html, the big page sets no cookie


class Pair(Struct, frozen=True):
    """A cookie and the crumb made for it. Both are secrets: neither is in its repr."""

    cookie: str
    crumb: str

    def __repr__(self) -> str:
        return "Pair(...)"


class Auth:
    """Keeps the one pair, in memory and in the file `path` (mode 0600); at most one fetch at a time.

    `ways` are tried in turn: a page that sets the cookie, and the base URL of the endpoint that gives the crumb.
    """

    def __init__(
        self, http: Http, ways: Sequence[tuple[str, str]], *, path: Path, clock: Callable[[], float] = time.time
    ) -> None:
        self._http = http
        self._ways = ways
        self._path = path
        self._clock = clock
        self._pair: Pair | None = None
        self._loaded = False
        self._lock = asyncio.Lock()
        self._down_until = 0.0
        self.trouble = ""
        """Why there is no pair, in words for the user; empty while nothing is known to be wrong."""

    @property
    def usable(self) -> bool:
        """Whether it makes sense to ask for a pair now."""
        return self._clock() >= self._down_until

    async def pair(self) -> Pair:
        """The pair in hand, of the file, or a new one, in that order.

        Raises:
            SourceError: there is none to be had; `usable` is False for a while then.
        """
        async with self._lock:
            if self._pair is None and not self._loaded:
                self._loaded = True
                self._pair = await asyncio.to_thread(_read, self._path)
            return self._pair or await self._fetch()

    async def renew(self, refused: Pair) -> Pair:
        """Another pair than the one that was refused. All who hold the same old pair share one fetch.

        Raises:
            SourceError: there is none to be had; `usable` is False for a while then.
        """
        async with self._lock:
            if self._pair is not None and self._pair != refused:
                return self._pair
            self._pair = None
            return await self._fetch()

    def give_up(self, why: str, *, keep: bool = False) -> None:
        """Let the half that needs a pair rest: a new pair was refused too, or (`keep`) its answers make no sense."""
        self._pair = self._pair if keep else None
        self.trouble = why
        self._down_until = self._clock() + REST

    async def _fetch(self) -> Pair:
        """A new pair, from the small page or else from a big one; called under the lock."""
        if not self.usable:
            raise DeniedError(self.trouble)
        problem: SourceError = DeniedError("")
        for url, base in self._ways:
            try:
                page = await self._http.get(url, accept=_ANY_PAGE, any_status=True)
                pair = await self._crumb(_cookie(page), base)
            except LimitedError as error:
                self.give_up("Yahoo asked us to slow down.")
                self._down_until = error.retry_at + REST
                raise
            except RedirectedError as error:
                asked = "consent" in error.host or "guce" in error.host
                problem = DeniedError(_CONSENT if asked else str(error))
            except SourceError as error:
                problem = error
            else:
                self._pair, self.trouble = pair, ""
                await asyncio.to_thread(_write, self._path, pair)
                return pair
        self.give_up(str(problem))
        raise problem

    async def _crumb(self, cookie: str, base: str) -> Pair:
        """The crumb for a cookie. `Too Many Requests` is 17 letters that would pass for one where nobody looks."""
        reply = await self._http.get(f"{base}/v1/test/getcrumb", cookie=cookie, accept="*/*")
        try:
            pair = Pair(cookie, reply.body.decode("ascii").strip("\r\n"))
        except UnicodeDecodeError:
            pair = Pair(cookie, "")
        if reply.status != 200 or not _is_valid(pair):
            raise DeniedError("Yahoo gave no crumb for its cookie.")
        return pair


_CONSENT = (
    "Yahoo asks for consent to cookies, which we never give in your name: "
    "quotes come without it, in smaller batches and without the open."
)


def _cookie(page: Reply) -> str:
    """The cookie that a page sets; its status does not matter.

    Raises:
        DeniedError: it sets none that is known.
    """
    found = dict(header.split(";", 1)[0].strip().partition("=")[::2] for header in page.cookies)
    for name in _COOKIES:
        if value := found.get(name):
            return f"{name}={value}"
    raise DeniedError("Yahoo gave no cookie.")


def _is_valid(pair: Pair) -> bool:
    """Whether both halves look like what they should be, and are safe to put into a header and a query."""
    crumb, cookie = pair.crumb, pair.cookie
    return (
        0 < len(crumb) <= _LONGEST_CRUMB
        and crumb.isascii()
        and crumb.isprintable()
        and not any(sign.isspace() or sign in "<>{}" for sign in crumb)
        and "toomany" not in crumb.lower()
        and 0 < len(cookie) <= _LONGEST_COOKIE
        and cookie.isascii()
        and cookie.isprintable()
        and not any(sign in " ;," for sign in cookie)
    )


def _read(path: Path) -> Pair | None:
    """The pair of the file; None when there is none that can be read."""
    try:
        pair = msgspec.json.decode(path.read_bytes(), type=Pair)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    return pair if _is_valid(pair) else None


def _write(path: Path, pair: Pair) -> None:
    """Keep the pair for the next start: whole or not at all, and for this user only. It is a cache: failing is fine."""
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        # mkstemp makes the file with mode 0600, which it keeps when it is renamed.
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(msgspec.json.encode(pair))
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
