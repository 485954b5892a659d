"""Yahoo's quoteSummary of one symbol, asked with the cookie and the crumb that all of Yahoo's sources share."""

from urllib.parse import quote

from tui.sources.base import DeniedError
from tui.sources.http import Http
from tui.sources.yahoo_auth import Auth
from tui.sources.yahoo_wire import parse_error


async def summary(http: Http, auth: Auth, base: str, symbol: str, modules: str) -> bytes:
    """The body of a good answer; a stale pair is renewed once.

    Raises:
        SourceError: one of its kinds; nothing else.
    """
    pair = await auth.pair()
    for last in (False, True):
        reply = await http.get(
            f"{base}/v10/finance/quoteSummary/{quote(symbol, safe='')}",
            {"modules": modules, "formatted": "false"},
            secrets={"crumb": pair.crumb},
            cookie=pair.cookie,
        )
        if reply.status != 401 or last:
            break
        pair = await auth.renew(pair)
    if reply.status == 200:
        return reply.body
    error = parse_error(reply.status, reply.body, "quoteSummary")
    if isinstance(error, DeniedError):
        auth.give_up(str(error))
    raise error
