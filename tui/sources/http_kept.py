"""Answers that may be used again: as long as they say that they hold, and after that if they have not changed."""

import re
from collections import OrderedDict
from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

_BODY = 2**20
_MAX_AGE = re.compile(r"(?:^|[\s,])max-age=(\d{1,9})")
_OK, _NOT_MODIFIED = 200, 304


class Reply(Struct, frozen=True, kw_only=True):
    """An answer whose status is for its reader to judge: never 429, and 5xx only when asked for."""

    status: int
    body: bytes
    cookies: tuple[str, ...] = ()
    """The raw `Set-Cookie` values of all hops."""
    fetched_at: float
    """When it arrived: epoch seconds UTC. A reused reply keeps its own."""
    fresh_until: float
    """Until when the same URL need not be asked again: epoch seconds UTC."""
    location: str = ""
    """Where a redirect that was not followed leads to, as an absolute URL."""
    etag: str = ""
    modified: str = ""
    """`ETag` and `Last-Modified` as they came: with them the same URL can be asked whether it has changed."""

    def __repr__(self) -> str:
        return f"Reply(status={self.status}, {len(self.body)} bytes)"


class Kept:
    """The last good replies by URL, `most` of them."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._replies: OrderedDict[str, Reply] = OrderedDict()

    def get(self, key: str | None) -> Reply | None:
        """What is kept, fresh or not; None keeps nothing."""
        return None if key is None else self._replies.get(key)

    def renewed(self, key: str | None, kept: Reply | None, reply: Reply) -> Reply:
        """The answer that a reply means: `kept` once more where it has not changed; remembered if it is a good one."""
        if kept is not None and reply.status == _NOT_MODIFIED:
            reply = replace(kept, fetched_at=reply.fetched_at, fresh_until=reply.fresh_until)
        if key is None:
            return reply
        self._replies.pop(key, None)
        lasting = reply.fresh_until > reply.fetched_at or reply.etag or reply.modified
        if reply.status == _OK and lasting and not reply.cookies and len(reply.body) <= _BODY:
            self._replies[key] = reply
            while len(self._replies) > self._most:
                self._replies.popitem(last=False)
        return reply


def conditions(kept: Reply | None) -> dict[str, str]:
    """The headers that ask whether a kept reply has changed."""
    if kept is None:
        return {}
    asked = {"If-None-Match": kept.etag, "If-Modified-Since": kept.modified}
    return {name: value for name, value in asked.items() if value and value.isascii()}


def freshness(headers: Mapping[str, str]) -> float:
    """Seconds for which `Cache-Control` allows to reuse the answer, less the age it came with."""
    control = headers.get("cache-control", "").lower()
    found = _MAX_AGE.search(control)
    if found is None or "no-store" in control or "no-cache" in control:
        return 0.0
    age = headers.get("age", "0").strip()
    return max(0.0, float(found[1]) - (float(age) if age.isdecimal() and age.isascii() else 0.0))
