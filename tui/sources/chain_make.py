"""The chain out of the settings: which sources there are, where they are, and in which order they are asked."""

import random
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from tui.config import Settings
from tui.config import Yahoo as YahooAddresses
from tui.config_chain import Addresses
from tui.sources import alpaca, cboe, finnhub, tiingo
from tui.sources.chain import Chain, HistorySource, IntradaySource
from tui.sources.credentials import Key
from tui.sources.feed import Feed
from tui.sources.http import Http, Limits
from tui.sources.needs import Need, in_order
from tui.sources.tape_stream import PlayedStream
from tui.sources.tape_wire import Wire
from tui.sources.ways import Way
from tui.sources.yahoo import HOSTS, Yahoo
from tui.sources.yahoo_consent import HOSTS as CONSENT_HOSTS
from tui.sources.yahoo_plan import Plan
from tui.sources.yahoo_stream import HEARTBEAT, PAUSES, Stream

CBOE_LIMITS = Limits(per_minute=60, burst=10, kept=200)
"""A request for each row of the screen, most of them answered by `not modified`."""

STREAM = "yahoo-stream"


class Knobs(Struct, frozen=True, kw_only=True):
    """What a test turns: the clock, chance, and how long things last. The defaults are those of the program."""

    clock: Callable[[], float] = time.time
    """Epoch seconds UTC."""
    jitter: Callable[[], float] = lambda: random.uniform(1.0, 1.2)
    """The factor by which a pause is stretched."""
    limits: Limits | None = None
    """One for all providers instead of their own."""
    heartbeat: float = HEARTBEAT
    """Seconds between two subscriptions of the stream."""
    pauses: tuple[float, float] = PAUSES
    """Seconds before the second try of the stream, and at most."""
    wire: Wire | None = None
    """Listens in on all that is asked, or answers it from a recording."""
    nature: Callable[[], str | None] = lambda: None
    """What the market is, where it is not that of now."""
    hosts: frozenset[str] = frozenset()
    """Hosts that a redirect may lead to besides Yahoo's."""
    consent_hosts: frozenset[str] = frozenset(CONSENT_HOSTS)
    """Where consent is asked for."""


def make(
    settings: Settings, keys: Mapping[str, Key], cache_dir: Path, knobs: Knobs | None = None
) -> tuple[Chain, Yahoo]:
    """The chain, and the Yahoo in it, whose client and cookie the sources of funds share. Nothing is asked yet.

    With a Yahoo elsewhere (`yahoo.base`), the stream and the others are left out unless they are elsewhere, too: what is
    sent to a proxy or a test is sent nowhere else.
    """
    knobs = knobs or Knobs()
    elsewhere = settings.yahoo.base != YahooAddresses().base

    def http(provider: str, limits: Limits, hosts: frozenset[str] = frozenset()) -> Http:
        return Http(
            provider,
            hosts=hosts,
            limits=knobs.limits or limits,
            clock=knobs.clock,
            breaker_file=cache_dir / f"{provider.lower()}-breaker.json",
            wire=knobs.wire,
        )

    def is_there(name: str) -> bool:
        return not elsewhere or getattr(settings.addresses, name) != getattr(Addresses(), name)

    yahoo = Yahoo(
        http("Yahoo", Limits(), frozenset(HOSTS) | knobs.hosts),
        base=settings.yahoo.base,
        cookie_url=settings.yahoo.cookie,
        cache_dir=cache_dir,
        clock=knobs.clock,
        jitter=knobs.jitter,
        consent_hosts=knobs.consent_hosts,
    )
    others: dict[str, Any] = {}
    if is_there("cboe"):
        others["cboe"] = cboe.Cboe(http("Cboe", CBOE_LIMITS), base=settings.addresses.cboe, clock=knobs.clock)
    for name, module, kind in (
        ("alpaca", alpaca, alpaca.Alpaca),
        ("tiingo", tiingo, tiingo.Tiingo),
        ("finnhub", finnhub, finnhub.Finnhub),
    ):
        if name in keys and is_there(name):
            client = http(name.capitalize(), module.LIMITS)
            others[name] = kind(client, keys[name], base=getattr(settings.addresses, name), clock=knobs.clock)
    ways: dict[str, Way] = {way.name: way for way in (*yahoo.ways, *others.values())}
    streaming = STREAM in settings.chain.visible and (not elsewhere or settings.yahoo.stream != YahooAddresses().stream)
    stream = (PlayedStream if knobs.wire and knobs.wire.tape else Stream)(
        settings.yahoo.stream,
        yahoo.http.breaker,
        clock=knobs.clock,
        heartbeat=knobs.heartbeat,
        pauses=knobs.pauses,
        wire=knobs.wire,
    )
    feed = Feed(
        {need: in_order(settings.chain, need, ways) for need in (Need.VISIBLE, Need.LIST)},
        clock=knobs.clock,
        jitter=knobs.jitter,
        stream=stream if streaming else None,
        consenting=yahoo.auth,
        plan=Plan(extended=True),
    )
    there = {"yahoo": yahoo, **others}
    history: dict[str, HistorySource] = {name: there[name] for name in settings.chain.history if name in there}
    intraday: dict[str, IntradaySource] = {name: there[name] for name in settings.chain.intraday if name in there}
    chain = Chain(
        name=settings.chain.visible[0].partition("-")[0] if settings.chain.visible else "yahoo",
        feed=feed,
        history=history,
        intraday=intraday,
        owned=(yahoo, *others.values()),
        clock=knobs.clock,
        jitter=knobs.jitter,
        nature=knobs.nature,
    )
    return chain, yahoo
