"""Yahoo's cookie and crumb, which v7 quote wants: fetched once, kept for days, renewed when refused (docs: sources, 2.2).

Consent to cookies is the user's decision: where Yahoo asks for it, so do we, and until there is an answer, or where it is
no, we stay on the half that needs neither.
"""

import asyncio
import contextlib
import os
import tempfile
import time
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from tui.sources.base import ConsentNeededError, DeniedError, LimitedError, SourceError
from tui.sources.http import Http, RedirectedError
from tui.sources.yahoo_consent import ANY_PAGE, HOSTS, agree_to
from tui.typed import from_json

REST = 15 * 60
"""Seconds for which a refusal is taken for an answer."""

_LONGEST_CRUMB = 32
_LONGEST_COOKIE = 1024
_COOKIES = ("A3", "A1")


class Pair(Struct, frozen=True):
    """A cookie and the crumb made for it. Both are secrets: neither is in its repr."""

    cookie: str
    crumb: str

    def __repr__(self) -> str:
        return "Pair(...)"


class Auth:
    """Keeps the one pair, in memory and in the file `path` (mode 0600); at most one fetch at a time.

    `ways` are tried in turn: a page that sets the cookie, and the base URL of the endpoint that gives the crumb. A page that
    sends us to one of `consent_hosts` asks the user for consent.
    """

    def __init__(
        self,
        http: Http,
        ways: Sequence[tuple[str, str]],
        *,
        path: Path,
        clock: Callable[[], float] = time.time,
        consent_hosts: Collection[str] = HOSTS,
    ) -> None:
        self._http = http
        self._consent_hosts = consent_hosts
        self._refused = False
        self._ways = ways
        self._path = path
        self._clock = clock
        self._pair: Pair | None = None
        self._loaded = False
        self._lock = asyncio.Lock()
        self.down_until = 0.0
        """Until when no pair is asked for: epoch seconds UTC."""
        self.trouble = ""
        """Why there is no pair, in words for the user; empty while nothing is known to be wrong."""
        self.question = ""
        """What Yahoo wants the user to decide; empty when nothing is open."""

    @property
    def usable(self) -> bool:
        """Whether it makes sense to ask for a pair now."""
        return self._clock() >= self.down_until

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

    async def consent(self, agree: bool) -> None:
        """The user's answer to `question`. Agreed to, it is sent to Yahoo; refused, it is not asked again in this run.

        Where sending it fails, `trouble` says why, and the question comes up again in time.
        """
        async with self._lock:
            self.question = ""
            self._refused = not agree
            if not agree:
                return
            page, base = self._ways[-1]
            try:
                cookie = await agree_to(self._http, page, self._consent_hosts)
                await self._keep(await self._crumb(_cookie(cookie), base))
            except SourceError as error:
                self.give_up(str(error))

    def give_up(self, why: str, *, keep: bool = False) -> None:
        """Let the half that needs a pair rest: a new pair was refused too, or (`keep`) its answers make no sense."""
        self._pair = self._pair if keep else None
        self.trouble = why
        self.down_until = self._clock() + REST

    async def _fetch(self) -> Pair:
        """A new pair, from the small page or else from a big one; called under the lock."""
        if not self.usable:
            raise DeniedError(self.trouble)
        problem: SourceError = DeniedError("")
        for url, base in self._ways:
            try:
                page = await self._http.get(url, accept=ANY_PAGE, any_status=True)
                pair = await self._crumb(_cookie(page.cookies), base)
            except LimitedError as error:
                self.give_up("Yahoo asked us to slow down.")
                self.down_until = error.retry_at + REST
                raise
            except RedirectedError as error:
                if error.host in self._consent_hosts or "consent" in error.host or "guce" in error.host:
                    problem = ConsentNeededError(_CONSENT)
                elif not isinstance(problem, ConsentNeededError):
                    problem = DeniedError(str(error))
            except SourceError as error:
                problem = problem if isinstance(problem, ConsentNeededError) else error
            else:
                await self._keep(pair)
                return pair
        if isinstance(problem, ConsentNeededError) and not self._refused:
            self.question = _QUESTION
        self.give_up(str(problem))
        raise problem

    async def _keep(self, pair: Pair) -> None:
        """Use this pair from now on, and after the next start."""
        self._pair, self.trouble, self.question, self.down_until = pair, "", "", 0.0
        await asyncio.to_thread(_write, self._path, pair)

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


_QUESTION = (
    "Yahoo asks for your consent to its cookies. Shall outpace send 'agree' for you? "
    "Without it, quotes come in smaller batches and without the open."
)


def _cookie(cookies: Sequence[str]) -> str:
    """The cookie among those that a page has set; its status does not matter.

    Raises:
        DeniedError: it sets none that is known.
    """
    found = dict(header.split(";", 1)[0].strip().partition("=")[::2] for header in cookies)
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
        pair = from_json(path.read_bytes(), Pair)
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
