"""What was quoted so far: a quote enters only when it is not worse than the one before."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from tui.model import Instrument, Quote
from tui.sources.base import MalformedError
from tui.sources.batch import Batch
from tui.sources.feed_merge import better, disagree, richer
from tui.sources.yahoo_parse import implausible

_WEEK = 7 * 86_400.0


class Told(Struct, frozen=True):
    """What an answer brought for the symbols that were asked for."""

    quotes: list[Quote]
    """New and not worse."""
    doubts: dict[str, str]
    """Symbols whose record is not to be trusted, and why, in words for the user."""
    missing: list[str]
    """Symbols of which the answer says nothing."""

    def check(self, who: str, symbols: Sequence[str]) -> None:
        """Pass on an answer for `symbols` from `who`.

        Raises:
            MalformedError: none of its several prices can be right: then the answer is wrong, not the symbols.
        """
        if len(symbols) > 1 and len(self.doubts) == len(symbols):
            reason = next(iter(self.doubts.values())).rstrip(".")
            raise MalformedError(f"{who} sends prices that cannot be right ({reason}).")


class Book:
    """Quotes and instruments by symbol. `rank` tells a source's place in the order: the smaller, the better."""

    def __init__(self, rank: Callable[[str], int]) -> None:
        self._rank = rank
        self.quotes: dict[str, Quote] = {}
        self.instruments: dict[str, Instrument] = {}

    def zones(self) -> dict[str, str]:
        """The exchange's zone by symbol."""
        return {symbol: instrument.zone for symbol, instrument in self.instruments.items()}

    def take(self, symbols: Sequence[str], answer: Batch) -> Told:
        """Join an answer with what was asked, by symbol and never by order."""
        by_symbol = {quote.symbol.upper(): quote for quote in answer.quotes}
        instruments = {instrument.symbol.upper(): instrument for instrument in answer.instruments}
        refused = {symbol.upper(): reason for symbol, reason in answer.refused.items()}
        told = Told([], {}, [])
        for symbol in symbols:
            quote, reason = by_symbol.get(symbol.upper()), refused.get(symbol.upper())
            if (instrument := instruments.get(symbol.upper())) is not None:
                self.instruments[symbol] = richer(replace(instrument, symbol=symbol), self.instruments.get(symbol))
            if quote is not None:
                self._enter(replace(quote, symbol=symbol), told)
            elif reason:
                told.doubts[symbol] = reason
            else:
                told.missing.append(symbol)
        return told

    def push(self, quotes: Iterable[Quote]) -> Told:
        """Take in quotes that came unasked."""
        told = Told([], {}, [])
        for quote in quotes:
            self._enter(quote, told)
        return told

    def _enter(self, quote: Quote, told: Told) -> None:
        """Keep a quote unless it is worse or out of all proportion; note where two sources differ."""
        known = self.quotes.get(quote.symbol)
        if known is not None and known.session == quote.session and implausible(quote.price, known.price):
            told.doubts[quote.symbol] = "five times off its last price"
            return
        if known is not None and known.price is not None and quote.price is None:
            told.doubts[quote.symbol] = "its price is missing"
            return
        if known is not None and quote.as_of < known.as_of - _WEEK:
            told.doubts[quote.symbol] = "more than a week older than its last price"
            return
        entered = self._of_two(quote, known) if known is not None and disagree(quote, known) else better(quote, known)
        if entered is not None and entered != known:
            self.quotes[quote.symbol] = entered
            told.quotes.append(entered)

    def _of_two(self, new: Quote, known: Quote) -> Quote | None:
        """The better of two that disagree, with what the other says; never a step back in time."""
        is_better = (new.delay, self._rank(new.source)) < (known.delay, self._rank(known.source))
        if is_better and new.as_of >= known.as_of:
            kept, other = better(new, known), known
        else:
            kept, other = replace(known, fetched_at=max(new.fetched_at, known.fetched_at)), new
        return kept and replace(kept, other_price=other.price, other_source=other.source)

    def differing(self, symbols: Iterable[str]) -> Mapping[str, str]:
        """Those of the symbols of which two sources tell differently, in words for the user."""
        found = {}
        for symbol in symbols:
            quote = self.quotes.get(symbol)
            if quote is not None and quote.other_price is not None:
                found[symbol] = f"{quote.source} {quote.price:g}, {quote.other_source} {quote.other_price:g}"
        return found
