"""What a start paints at once: the last state of the source, else the last stored session, whichever is newer."""

from collections.abc import Callable, Sequence

from tui.model import Quote
from tui.store.live import merged
from tui.store.state import States


class LastKnown:
    """The quotes to show until a source tells.

    Args:
        stored: The last stored session's, by symbol.
        states: The state that was saved last.
    """

    def __init__(self, stored: Callable[[Sequence[str]], list[Quote]], states: States) -> None:
        self._stored = stored
        self._states = states

    def recall(self, symbols: Sequence[str]) -> list[Quote]:
        """The newest quote known of each symbol, without those of whom nothing is. Blocking: called in a thread.

        Raises:
            DataError: the history cannot be read, and nothing else is known.
        """
        wanted = set(symbols)
        saved = self._states.load()
        told = {} if saved is None else {q.symbol: q for q in (*saved.older, *saved.quotes) if q.symbol in wanted}
        try:
            stored = {quote.symbol: quote for quote in self._stored(symbols)}
        except Exception:
            if not told:
                raise
            stored = {}
        return [
            merged(stored[symbol], told[symbol]) if symbol in stored and symbol in told else known
            for symbol in symbols
            if (known := told.get(symbol) or stored.get(symbol)) is not None
        ]
