"""The latest quotes in memory: what has come, what has changed since it was last shown, and what is unknown."""

from msgspec import structs

from tui.model import Quote, Update

EXTENDED = ("extended_price", "extended_phase", "extended_at")
"""The price outside the regular session, which few answers tell."""
KEPT = ("name", "currency")
"""Fields that a poorer quote does not erase."""
KEPT_IN_SESSION = (*KEPT, "open", "high", "low", "volume", "prev_close", *EXTENDED)
"""The same for a quote of the same session."""


class Live:
    """Quotes by symbol with a dirty set; single-threaded, on the event loop.

    `frozen` holds the dirty set back (the picture pauses) while quotes go on being applied.
    """

    def __init__(self) -> None:
        self.quotes: dict[str, Quote] = {}
        self.unknown: set[str] = set()
        self.frozen = False
        self._dirty: set[str] = set()

    def apply(self, update: Update, epoch: int) -> bool:
        """Take in a batch; True when something changed that was not dirty before.

        A batch asked for another list (`epoch`) is dropped, and so is a quote that is older than the one held or
        that has no price where one is known: a good value is never replaced by a worse one.
        """
        if update.epoch != epoch:
            return False
        before = len(self._dirty)
        quotes, dirty = self.quotes, self._dirty
        for quote in update.quotes:
            held = quotes.get(quote.symbol)
            if held is None:
                quotes[quote.symbol] = quote
            else:
                better = merged(held, quote)
                if better is held:
                    continue
                quotes[quote.symbol] = better
            self.unknown.discard(quote.symbol)
            dirty.add(quote.symbol)
        for symbol in update.unknown:
            if symbol not in quotes and symbol not in self.unknown:
                self.unknown.add(symbol)
                dirty.add(symbol)
        return len(dirty) > before

    def touch(self, symbols: set[str]) -> None:
        """Mark symbols as changed for a reason other than a quote (a new baseline, another benchmark)."""
        self._dirty |= symbols

    def drain(self) -> set[str]:
        """Symbols changed since the last call; empty while frozen."""
        if self.frozen or not self._dirty:
            return set()
        dirty, self._dirty = self._dirty, set()
        return dirty


def merged(held: Quote, new: Quote) -> Quote:
    """The better of two quotes of one symbol; `held` itself when the new one brings nothing."""
    if (new.price is None) != (held.price is None):
        if new.price is None:
            return held
    elif new.as_of < held.as_of:
        return held
    if new.as_of == held.as_of and held.final and not new.final:
        return held
    # Field by field, for it is asked of every quote that comes; most lack nothing that the one before had.
    if (
        (new.name is not None or held.name is None)
        and (new.currency is not None or held.currency is None)
        and (
            new.session != held.session
            or (
                (new.volume is not None or held.volume is None)
                and (new.high is not None or held.high is None)
                and (new.low is not None or held.low is None)
                and (new.open is not None or held.open is None)
                and (new.prev_close is not None or held.prev_close is None)
            )
        )
    ):
        return new
    names = KEPT_IN_SESSION if new.session == held.session else KEPT
    return structs.replace(new, **{name: getattr(held, name) for name in names if getattr(new, name) is None})
