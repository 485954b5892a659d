"""What a start paints at once: the last state of the source, else the last stored session, whichever is newer."""

import time
from collections.abc import Callable, Sequence

from tui.model import Quote
from tui.store.live import merged
from tui.store.state import States

AHEAD = 300.0
"""Seconds by which a saved price may be ahead of the clock; kept longer, it would hold off every price that comes."""


class LastKnown:
    """The quotes to show until a source tells.

    Args:
        stored: The last stored session's, by symbol.
        states: The state that was saved last.
        clock: Epoch seconds UTC.
    """

    def __init__(
        self,
        stored: Callable[[Sequence[str]], list[Quote]],
        states: States,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._stored = stored
        self._states = states
        self._clock = clock

    def recall(self, symbols: Sequence[str]) -> list[Quote]:
        """The newest quote known of each symbol, without those of whom nothing is. Blocking: called in a thread.

        Raises:
            DataError: the history cannot be read, and nothing else is known.
        """
        wanted, latest = set(symbols), self._clock() + AHEAD
        saved = self._states.load()
        known = () if saved is None else (*saved.older, *saved.quotes)
        told = {quote.symbol: quote for quote in known if quote.symbol in wanted and quote.as_of <= latest}
        try:
            stored = {quote.symbol: quote for quote in self._stored(symbols)}
        except Exception:
            if not told:
                raise
            stored = {}
        return [
            merged(stored[symbol], told[symbol]) if symbol in stored and symbol in told else only
            for symbol in symbols
            if (only := told.get(symbol) or stored.get(symbol)) is not None
        ]
