"""Faults of the line: connections that do not come about, break off, stall or drip, and statuses that are no answer."""

from tests.faults.bench import ALL, YAHOO, Script, Step
from tests.faults.server import Wire
from tests.faults.spoils import HTML, elsewhere, in_turn, status, wire
from tui.model import State

QUOTES = ("quote", "spark", "cboe")
_BOTH = ("quote", "spark")


def _all(name: str, fault: str, spoil, state: State = State.OFFLINE, where=ALL, **more) -> Script:
    return Script(name, fault, (Step(spoil, where),), state, **more)


SCRIPTS = (
    # Connections
    Script("network-down", "No network: nothing can be connected to", (Step(line="down"),), State.OFFLINE),
    Script("network-down-at-start", "No network at the start", (Step(line="down"),), State.OFFLINE, kept=False),
    Script("network-down-an-hour", "No network for an hour", (Step(line="down"),), State.OFFLINE, lasts=3600, back=300),
    _all("reset-everywhere", "Every connection is reset", wire(reset=True)),
    _all("drop-everywhere", "Every connection ends without an answer", wire(drop=True)),
    _all(
        "drop-every-other", "Every other connection ends without an answer", in_turn(wire(drop=True), None), State.LIVE
    ),
    _all(
        "half-open",
        "Sockets are half open: taken, and never answered",
        wire(hang=True),
        State.STALE,
        lasts=240,
        back=30,
    ),
    _all(
        "half-open-quote",
        "The request for quotes is never answered",
        wire(hang=True),
        State.LIVE,
        ("quote",),
        lasts=240,
    ),
    _all("half-open-yahoo", "Yahoo never answers", wire(hang=True), State.DELAYED, YAHOO, lasts=1200, back=300),
    _all("drip", "Answers come a byte every five seconds", wire(drip=5.0), State.STALE, lasts=240, back=30),
    _all(
        "drip-quote",
        "Quotes come a byte every five seconds",
        wire(drip=5.0),
        State.LIVE,
        ("quote",),
        lasts=240,
        back=45,
    ),
    _all("slow-head", "Answers begin after eight seconds", wire(wait=8.0), State.LIVE, _BOTH, lasts=120),
    _all("too-slow", "Answers begin after fifteen seconds, too late", wire(wait=15.0), State.STALE, lasts=240, back=30),
    _all("truncated", "Answers break off in the middle", wire(truncate=2000)),
    _all("truncated-quote", "Quotes break off in the middle", wire(truncate=2000), State.LIVE, ("quote",)),
    _all("not-http", "Something answers that is no web server", lambda *_: Wire(raw=b"220 mail.example ready\r\n")),
    _all("half-a-head", "Answers break off in their head", lambda *_: Wire(raw=b"HTTP/1.1 200 OK\r\nContent-Le")),
    _all(
        "two-lengths",
        "Answers name two lengths",
        lambda *_: Wire(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 9\r\n\r\nhello"),
    ),
    _all(
        "giant-head",
        "A head of a megabyte",
        lambda *_: Wire(raw=b"HTTP/1.1 200 OK\r\nX: " + b"a" * 2**20 + b"\r\n\r\n"),
    ),
    _all(
        "bad-chunks",
        "A chunked body whose sizes are none",
        lambda *_: Wire(raw=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
    ),
    # TLS
    Script(
        "tls-self-signed", "A certificate that nobody has signed", (Step(line="stranger"),), State.OFFLINE, tls=True
    ),
    Script("tls-other-name", "A certificate of another host", (Step(line="other"),), State.OFFLINE, tls=True),
    _all("tls-cut", "The encrypted connection is cut without a farewell", wire(reset=True), tls=True),
    # Statuses
    _all("status-401", "Everybody answers 401", status(401), State.STALE),
    _all("status-401-quote", "Quotes answer 401 whatever the crumb", status(401), State.LIVE, ("quote",)),
    _all(
        "status-401-once", "The crumb is refused once", in_turn(status(401), None, None, None), State.LIVE, ("quote",)
    ),
    _all("status-403", "Everybody answers 403", status(403)),
    _all("status-403-page", "A company's proxy answers 403 with a page", status(403, HTML, Content_Type="text/html")),
    _all("status-404", "Everybody answers 404", status(404, HTML), State.STALE, back=60),
    _all("status-422", "Everybody answers 422", status(422), State.STALE, back=60),
    _all("status-429", "Everybody answers 429", status(429), State.LIMITED, back=1800),
    _all("status-429-yahoo", "Yahoo answers 429", status(429), State.DELAYED, YAHOO, lasts=1200, back=1800),
    _all(
        "status-429-retry-after",
        "Everybody answers 429 and says two minutes",
        status(429, Retry_After="120"),
        State.LIMITED,
        back=135,
    ),
    _all(
        "status-429-retry-date",
        "429 with a date that has passed",
        status(429, Retry_After="Wed, 29 Oct 2025 14:00:00 GMT"),
        State.LIMITED,
    ),
    _all(
        "status-429-nonsense",
        "429 with a Retry-After of nonsense",
        status(429, Retry_After="soon, perhaps"),
        State.LIMITED,
        back=1800,
    ),
    _all(
        "status-429-crumb", "The crumb alone is throttled", status(429), State.DELAYED, ("crumb",), kept=False, back=900
    ),
    _all("status-500", "Everybody answers 500", status(500)),
    _all("status-500-quote", "Quotes answer 500", status(500), State.LIVE, ("quote",)),
    _all("status-502-page", "A gateway answers 502 with a page", status(502, HTML)),
    _all("status-503", "Everybody answers 503", status(503)),
    _all("status-503-yahoo", "Yahoo answers 503", status(503), State.DELAYED, YAHOO, lasts=1200, back=300),
    _all("status-503-every-other", "Every other answer is 503", in_turn(status(503), None), State.LIVE),
    _all("status-999", "A status that does not exist", status(999), State.OFFLINE),
    _all("status-204", "204 with nothing in it", status(204, b" "), State.STALE, QUOTES),
    _all("status-304", "Not modified, though nobody asked", status(304, b" "), State.STALE, QUOTES),
    # Redirects
    _all("redirect-foreign", "A redirect to a foreign host", elsewhere("https://example.org/")),
    _all(
        "redirect-quote", "Quotes are sent to a foreign host", elsewhere("https://example.org/"), State.LIVE, ("quote",)
    ),
    _all("redirect-file", "A redirect to a file", elsewhere("file:///etc/passwd")),
    _all(
        "redirect-circle",
        "Redirects in a circle",
        elsewhere("http://127.0.0.1:{port}/v7/finance/quote"),
        State.STALE,
        QUOTES,
        back=60,
    ),
    _all(
        "consent",
        "Yahoo asks for consent instead of giving a cookie",
        elsewhere("https://consent.yahoo.com/v2"),
        State.LIVE,
        ("cookie",),
        kept=False,
    ),
)
