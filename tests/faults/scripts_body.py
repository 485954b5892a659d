"""Faults of bodies: what is not the answer at all, or cannot be read as one."""

import gzip

from tests.faults.bench import ALL, YAHOO, Script, Step
from tests.faults.server import Spoil, Wire
from tests.faults.spoils import HTML, MEGABYTE, body, bomb, recoded, wire
from tui.model import State

QUOTES = ("quote", "spark", "cboe")


def _s(name: str, fault: str, spoil: Spoil, state: State = State.STALE, where=QUOTES, **more) -> Script:
    more = {"back": 15.0 if state is State.LIVE else 60.0, **more}
    return Script(name, fault, (Step(spoil, where),), state, **more)


SCRIPTS = (
    _s("html", "A page instead of data, with status 200", body(HTML)),
    _s("html-quote", "A page instead of quotes", body(HTML), State.LIVE, ("quote",)),
    _s("html-crumb", "A page instead of the crumb", body(HTML), State.LIVE, ("crumb",), kept=False),
    _s(
        "too-many-as-crumb",
        "`Too Many Requests` as the crumb, with status 200",
        body(b"Too Many Requests"),
        State.LIVE,
        ("crumb",),
        kept=False,
    ),
    _s("empty-body", "Nothing, with status 200", body(b"")),
    _s("empty-object", "`{}` from everybody", body(b"{}")),
    _s("null", "`null` from everybody", body(b"null")),
    _s("array", "A list instead of an object", body(b"[1,2,3]")),
    _s("half-json", "JSON that breaks off", recoded(lambda good: good[: len(good) // 2])),
    _s("binary", "Bytes without a meaning", body(bytes(range(256)) * 20)),
    _s("utf-16", "The right answer in UTF-16", recoded(lambda good: good.decode().encode("utf-16"))),
    _s(
        "latin-1",
        "Names in Latin-1",
        recoded(lambda good: good.replace(b"Name of", b"\xc9tats \xff")),
        State.LIVE,
        ("quote",),
    ),
    _s("byte-order-mark", "The right answer behind a byte order mark", recoded(lambda good: b"\xef\xbb\xbf" + good)),
    _s("deep-json", "Lists in lists, a million deep", body(b'{"a":' + b"[" * MEGABYTE), lasts=30),
    _s(
        "deep-json-inside",
        "A right answer with something very deep in it",
        recoded(
            lambda good: good.replace(b'"result"', b'"x":' + b"[" * 5000 + b"]" * 5000 + b',"result"').replace(
                b'"data"', b'"x":' + b"[" * 5000 + b"]" * 5000 + b',"data"'
            )
        ),
    ),
    _s("gigantic", "A body of 40 MB", wire(flood=40 * MEGABYTE), State.LIVE, ("quote", "spark"), lasts=25),
    _s(
        "endless-chunks",
        "A body without an end",
        wire(flood=40 * MEGABYTE, headers={"Transfer-Encoding": "chunked"}),
        State.OFFLINE,
        back=15,
    ),
    _s("gzip-bomb", "A small body that unpacks to 40 MB", bomb(), State.LIVE, ("quote",), lasts=30),
    _s("gzip-bomb-twice", "The same, packed twice", bomb(2), lasts=30),
    _s("gzip-garbage", "Said to be packed, and is not", recoded(lambda good: good, Content_Encoding="gzip")),
    _s(
        "gzip-cut",
        "A packed body that breaks off",
        recoded(lambda good: gzip.compress(good)[:-9], Content_Encoding="gzip"),
    ),
    _s("brotli", "Packed in a way that we did not ask for", recoded(lambda good: good, Content_Encoding="br")),
    _s("other-question", "The answer to another question", body(b'{"finance":{"result":[],"error":null}}')),
    _s(
        "error-in-200",
        "An error of theirs, with status 200",
        body(b'{"quoteResponse":{"result":null,"error":{"code":"Internal","description":"\\u001b[31mboom"}}}'),
    ),
    _s("login-page", "A hotel's login page from everybody", body(HTML), where=ALL),
    _s("yahoo-html", "Pages instead of data from Yahoo", body(HTML), State.DELAYED, YAHOO, lasts=1200, back=300),
    _s(
        "wrong-length",
        "A length shorter than the body",
        lambda _m, _k, _r, good: Wire(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + good.body),
    ),
)
