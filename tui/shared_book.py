"""What the instance that asks a live source remembers of it, for the others and for the next start."""

from collections.abc import Iterable

from msgspec.structs import replace

from tui.model import Health, Instrument, Quote, Update
from tui.sources.base import Want
from tui.store.live import Live, merged
from tui.store.state import Saved

HINT = "Another window asks."
"""Said by those who follow, after what the source says of itself."""

MOST = 5000
"""Quotes of earlier days that are kept: those of lists that were not opened since."""


class Book:
    """The latest of what was told, and of what was told before us. On one event loop."""

    def __init__(self) -> None:
        self.instruments: dict[str, Instrument] = {}
        self._told = Live()
        self._older: dict[str, Quote] = {}
        self._health: Health | None = None

    @property
    def symbols(self) -> list[str]:
        """Those that the source has told of."""
        return list(self._told.quotes)

    def take(self, update: Update) -> bool:
        """Remember what the source has told; whether it brings anything new."""
        changed = self._told.apply(replace(update, epoch=0), 0)
        self._told.drain()
        for quote in update.quotes:
            self._older.pop(quote.symbol, None)
        if update.health is None or update.health == self._health:
            return changed
        self._health = update.health
        return True

    def inherit(self, saved: Saved | None) -> None:
        """What was told before us, by others or on an earlier day: kept until it is told again."""
        self._told, self._health = Live(), None
        if saved is None:
            return
        self.learn(saved.instruments)
        for quote in (*saved.older, *saved.quotes):
            held = self._older.get(quote.symbol)
            self._older[quote.symbol] = quote if held is None else merged(held, quote)
        newest = sorted(self._older.values(), key=lambda quote: quote.fetched_at, reverse=True)[:MOST]
        self._older = {quote.symbol: quote for quote in newest}

    def learn(self, instruments: Iterable[Instrument]) -> None:
        """Remember what symbols are."""
        self.instruments |= {each.symbol: each for each in instruments}

    def saved(self, now: float) -> Saved:
        """All of it at one moment (epoch seconds UTC)."""
        told, older = self._told.quotes, self._older
        return Saved(
            saved_at=now,
            health=self._health,
            quotes=list(told.values()),
            older=list(older.values()),
            unknown=sorted(self._told.unknown),
            instruments=[each for symbol, each in self.instruments.items() if symbol in told or symbol in older],
        )


def part_of(update: Update, want: Want) -> Update | None:
    """The part of an update that is of our own list, under our own epoch; None when nothing is."""
    mine = set(want.symbols)
    quotes = [quote for quote in update.quotes if quote.symbol in mine]
    unknown = [symbol for symbol in update.unknown if symbol in mine]
    if not quotes and not unknown and update.health is None:
        return None
    return Update(epoch=want.epoch, quotes=quotes, unknown=unknown, health=update.health)


def hinted(health: Health | None) -> Health | None:
    """How the source is doing, as who asks it says; what only the user can decide is asked there."""
    if health is None:
        return None
    return replace(health, detail=f"{health.detail} {HINT}".strip(), question="")
