"""Faults of values: well-formed answers that are wrong, and must not be believed."""

from tests.faults.bench import Script, Step
from tests.faults.server import Spoil
from tests.faults.spoils import doubled, fields, frozen, late, listed, mislabelled, renamed, without
from tui.model import State

POLLED = ("quote", "spark")
QUOTES = (*POLLED, "cboe")
NEXT_DAY = 1_761_831_000


def _s(name: str, fault: str, spoil: Spoil, state: State = State.STALE, where=QUOTES, **more) -> Script:
    more = {
        "back": 60.0 if state is State.STALE else 180.0 if state is State.DELAYED else 15.0,
        **more,
    }
    return Script(name, fault, (Step(spoil, where),), state, **more)


SCRIPTS = (
    # Units and numbers
    _s("pence", "Every price a hundred times too high", fields(price=lambda old: old * 100)),
    _s(
        "pence-one",
        "One price a hundred times too high",
        fields("SPY", price=lambda old: old * 100),
        where=QUOTES,
        state=State.STALE,
        lasts=700,
    ),
    _s("pounds", "Every price a hundredth", fields(price=lambda old: old / 100)),
    _s(
        "pence-unsaid",
        "London's currency is missing",
        fields("HSBA.L", currency=...),
        symbols=("SPY", "HSBA.L"),
        where=POLLED,
        lasts=700,
    ),
    _s(
        "pence-quote",
        "Quotes alone a hundred times too high",
        fields(price=lambda old: old * 100),
        State.LIVE,
        ("quote",),
    ),
    _s("price-zero", "Every price is zero", fields(price=0)),
    _s("price-negative", "Every price has a minus", fields(price=lambda old: -old)),
    _s("price-null", "Every price is null", fields(price=None)),
    _s("price-missing", "No record has a price", fields(price=...)),
    _s("price-text", "Prices are words", fields(price="n/a")),
    _s("price-object", "Prices are empty objects", fields(price={})),
    _s("price-list", "Prices are lists", fields(price=[1])),
    _s("price-true", "Prices are `true`", fields(price=True)),
    _s("price-infinite", "Prices are infinite", fields(price="Infinity")),
    _s("price-nan", "Prices are no numbers", fields(price="NaN")),
    _s("price-as-text", "Right prices as text", fields(price=str), State.LIVE),
    _s("volume-negative", "Volumes below zero", fields(volume=-5), State.LIVE),
    _s("volume-huge", "Volumes beyond every number", fields(volume=10**40), State.LIVE, ("quote",)),
    # Times
    _s("time-frozen", "A cache that is stuck: the same answer for ever", frozen(), lasts=1200),
    _s("time-frozen-quote", "Quotes are stuck, the rest is not", frozen(), State.STALE, ("quote",), lasts=1200),
    _s("time-late", "Answers of ten minutes ago", late(600), State.LIVE),
    _s("time-doubled", "Each record comes again, two minutes old", doubled(120), State.LIVE, POLLED),
    _s(
        "time-future",
        "Prices of in an hour",
        fields(time=lambda old: old + 3600 if isinstance(old, int) else old),
        State.DELAYED,
        POLLED,
        lasts=1200,
    ),
    _s(
        "time-next-year",
        "Prices of next year",
        fields(time=lambda old: old + 31_536_000 if isinstance(old, int) else "2026-10-29T11:00:00"),
    ),
    _s(
        "time-milliseconds",
        "Times in milliseconds",
        fields(time=lambda old: old * 1000 if isinstance(old, int) else str(old)),
        State.DELAYED,
        POLLED,
        lasts=1200,
    ),
    _s("time-missing", "Prices without a time", fields(time=...)),
    _s(
        "time-1970",
        "Prices of 1970",
        fields(time=lambda old: 0 if isinstance(old, int) else "1970-01-01T00:00:00"),
        State.STALE,
    ),
    _s(
        "zone-unknown",
        "A time zone that does not exist",
        fields(zone="Atlantis/Capital"),
        State.DELAYED,
        POLLED,
        lasts=1200,
    ),
    # Symbols
    _s(
        "symbols-swapped",
        "Two symbols ten times apart have each other's prices",
        renamed({"IWM": "^RUT", "^RUT": "IWM"}),
        where=POLLED,
        symbols=("SPY", "IWM", "^RUT"),
        lasts=700,
    ),
    _s(
        "symbols-swapped-spark",
        "Spark's labels are swapped, and its charts deny them",
        mislabelled({"IWM": "SPY", "SPY": "IWM"}),
        State.LIVE,
        ("spark",),
    ),
    _s("symbols-missing", "One symbol is missing", without("IWM"), State.STALE, POLLED, lasts=700),
    _s("symbols-all-missing", "Every symbol is missing", without(), State.DELAYED, POLLED, lasts=1200),
    _s(
        "symbols-strange",
        "Records of symbols that nobody asked for",
        fields(symbol="EVIL\x1b[31m"),
        State.DELAYED,
        POLLED,
        lasts=1200,
    ),
    _s(
        "symbols-null",
        "Records that are null",
        listed(lambda found: [None] * len(found)),
        State.DELAYED,
        POLLED,
        lasts=1200,
    ),
    _s("symbols-reversed", "Right records in another order", listed(lambda found: found[::-1]), State.LIVE, POLLED),
    _s(
        "symbols-flood",
        "Each record a thousand times",
        listed(lambda found: found * 1000),
        State.LIVE,
        ("quote",),
        lasts=30,
    ),
    _s(
        "symbols-broken-one",
        "One record is of another kind",
        listed(lambda found: [{"symbol": "SPY", "regularMarketPrice": [[]]}, *found[1:]]),
        State.STALE,
        POLLED,
        lasts=700,
    ),
)
