"""Faults of daily bars: quotes go on, and the rows say why their figures are missing until the bars are there."""

from tests.faults.bench import Script, Step
from tests.faults.server import Spoil
from tests.faults.spoils import HTML, body, fields, status, wire
from tui.model import State

BARS = ("chart", "past")


def _s(name: str, fault: str, spoil: Spoil, where=BARS, **more) -> Script:
    more = {"symbols": ("SPY", "IWM"), "kept": False, "history": True, "back": 75.0, **more}
    return Script(name, fault, (Step(spoil, where),), State.LIVE, **more)


SCRIPTS = (
    _s("history-503", "Nobody has daily bars: 503", status(503), back=360.0),
    _s("history-html", "Pages instead of daily bars", body(HTML)),
    _s("history-half-open", "The request for daily bars is never answered", wire(hang=True), lasts=240, back=360.0),
    _s("history-other-symbol", "Daily bars of another symbol", fields(symbol="AAPL"), ("chart",)),
    _s(
        "history-coarse",
        "Quarterly bars instead of daily ones",
        lambda _m, _k, _r, good: type(good)(good.body.replace(b'"1d"', b'"3mo"')),
        ("chart",),
    ),
    _s("history-yahoo-503", "Yahoo has no daily bars, Cboe has", status(503), ("chart",)),
)
