"""Yahoo's page about cookies, for those whom it asks: only sent when the user has said yes (docs: sources, 2.2)."""

from collections.abc import Collection
from html.parser import HTMLParser
from urllib.parse import urlsplit

from tui.sources.base import DeniedError, MalformedError
from tui.sources.http import Http
from tui.sources.http_kept import Reply

HOSTS = ("guce.yahoo.com", "consent.yahoo.com")
"""Where Yahoo asks for consent."""

ANY_PAGE = "text/html,application/xhtml+xml,*/*;q=0.8"
"""What a browser accepts; without text/html, the big page sets no cookie."""

_STEPS = 10
_LONGEST_COOKIE = 1024
_WANTED = ("csrfToken", "sessionId", "originalDoneUrl", "namespace")
_OK = 200


class _Inputs(HTMLParser):
    """The hidden inputs of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the inputs that the answer must repeat."""
        found = dict(attrs)
        if tag == "input" and (name := found.get("name")) in _WANTED:
            self.values[name or ""] = found.get("value") or ""


async def agree_to(http: Http, page: str, hosts: Collection[str]) -> list[str]:
    """Go from `page` over the consent pages, say yes, and come back; the cookies on the way, as `NAME=VALUE`.

    Nothing but `page` and `hosts` is visited.

    Raises:
        SourceError: it did not work out.
    """
    cookies: dict[str, str] = {}
    url, reply = await _walk(http, page, hosts, cookies)
    form = _form(reply)
    reply = await http.get(url, form=form, cookie=_header(cookies), accept=ANY_PAGE, any_status=True, follow=False)
    _remember(reply, cookies)
    if reply.location:
        await _walk(http, reply.location, {*hosts, urlsplit(page).hostname or ""}, cookies)
    return [f"{name}={value}" for name, value in cookies.items()]


async def _walk(http: Http, url: str, hosts: Collection[str], cookies: dict[str, str]) -> tuple[str, Reply]:
    """Follow redirects, each with the cookies so far, to a page that is none."""
    begun = urlsplit(url)
    for _ in range(_STEPS):
        reply = await http.get(url, cookie=_header(cookies), accept=ANY_PAGE, any_status=True, follow=False)
        _remember(reply, cookies)
        if not reply.location:
            return url, reply
        onward = urlsplit(reply.location)
        if onward.hostname not in {*hosts, begun.hostname} or (begun.scheme == "https" and onward.scheme != "https"):
            raise DeniedError("Yahoo's consent leads to another host, which we do not follow.")
        url = reply.location
    raise MalformedError("Yahoo's consent goes round in circles.")


def _form(reply: Reply) -> dict[str, str | list[str]]:
    """What the page wants to be sent, with the agreement.

    Raises:
        MalformedError: it is no such page.
    """
    inputs = _Inputs()
    inputs.feed(reply.body.decode("utf-8", "replace"))
    if reply.status != _OK or "csrfToken" not in inputs.values or "sessionId" not in inputs.values:
        raise MalformedError("Yahoo's page about consent is not what it is known to be.")
    # Twice, as the page's own button sends it.
    return {**inputs.values, "agree": ["agree", "agree"]}


def _remember(reply: Reply, cookies: dict[str, str]) -> None:
    """Keep the cookies of a reply, those that are safe to send."""
    for header in reply.cookies:
        name, _, value = header.split(";", 1)[0].strip().partition("=")
        text = f"{name}={value}"
        if (
            name
            and len(text) <= _LONGEST_COOKIE
            and text.isascii()
            and text.isprintable()
            and not set(text) & set(" ,")
        ):
            cookies[name] = value


def _header(cookies: dict[str, str]) -> str | None:
    return "; ".join(f"{name}={value}" for name, value in cookies.items()) or None
