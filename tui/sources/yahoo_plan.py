"""When each symbol is asked for again: often on the screen, seldom off it, not at all without need (docs: sources, 6)."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from math import inf

from tui.model import Quote
from tui.sessions import Phase, phase, session_close, session_of
from tui.sources.base import Want
from tui.sources.yahoo_parse import SETTLING

ROUND = 15.0
"""Seconds between two rounds, and thus between two prices of a symbol on the screen."""

SWEEP = 300.0
"""Seconds between two prices of a symbol off the screen, or of one whose market has closed but not yet settled."""

ABROAD = 1800.0
"""Seconds until a symbol of another country is looked at again outside New York's session: its market may be open."""

UNKNOWN = 24 * 3600.0
"""Seconds for which a symbol that Yahoo does not know is left in peace."""

_AT_HOME = "America/New_York"
_ON_SCREEN = 60


def on_screen(want: Want) -> tuple[str, ...]:
    """What is on the screen, or the first of the list while no one has said."""
    return want.visible or want.symbols[:_ON_SCREEN]


class Plan:
    """Remembers who was asked when; times are epoch seconds UTC of one clock, which may jump.

    With `extended`, what is on the screen is asked for before and after the session, too: every 5 min, for the prices that
    are made then.
    """

    def __init__(self, *, extended: bool = False) -> None:
        self._extended = extended
        self._asked: dict[str, float] = {}
        self._unknown: dict[str, float] = {}

    def asked(self, symbols: list[str], now: float) -> None:
        """Note that these were answered for."""
        self._asked.update(dict.fromkeys(symbols, now))

    def missing(self, symbols: list[str], now: float) -> None:
        """Note that Yahoo does not know these."""
        self._unknown.update(dict.fromkeys(symbols, now))

    def unknown(self, want: Want, now: float) -> list[str]:
        """Those of the wanted symbols that Yahoo was found not to know, not long ago."""
        return [symbol for symbol in want.symbols if 0 <= now - self._unknown.get(symbol, -inf) < UNKNOWN]

    def moving(self, want: Want, now: float, zones: Mapping[str, str]) -> bool:
        """Whether anything on the screen may have another price soon: the market is not closed, or is not New York's."""
        if phase(datetime.fromtimestamp(now, UTC)) is not Phase.CLOSED:
            return bool(on_screen(want))
        return any(zones.get(symbol, _AT_HOME) != _AT_HOME for symbol in on_screen(want))

    def due(
        self,
        want: Want,
        now: float,
        quotes: Mapping[str, Quote],
        zones: Mapping[str, str],
        served: Collection[str] = (),
    ) -> list[str]:
        """The symbols to ask for now: those on the screen first, then those that have waited longest.

        Those that a stream serves are asked for as seldom as if they were off the screen.
        """
        moment = datetime.fromtimestamp(now, UTC)
        market = phase(moment)
        is_open = market is Phase.OPEN
        outside = self._extended and market in {Phase.PRE, Phase.POST}
        settled = session_close(session_of(moment)).timestamp() + SETTLING
        visible = dict.fromkeys(on_screen(want))
        unknown = set(self.unknown(want, now))

        def is_due(symbol: str) -> bool:
            quote = quotes.get(symbol)
            pace = ROUND if symbol in visible and (symbol not in served or quote is None) else SWEEP
            if quote is None and symbol in self._asked:
                pace = SWEEP if is_open else ABROAD  # it has an answer, but none that can be used
            if quote is not None and quote.final and not is_open:
                at_home = zones.get(symbol, _AT_HOME) == _AT_HOME
                pace = SWEEP if quote.fetched_at < settled else inf if at_home else ABROAD
                if at_home and outside and symbol in visible and not symbol.startswith("^"):
                    pace = SWEEP
            return not 0 <= now - self._asked.get(symbol, -inf) < pace

        symbols = [symbol for symbol in dict.fromkeys((*visible, *want.symbols)) if symbol not in unknown]
        return sorted(
            filter(is_due, symbols), key=lambda symbol: (symbol not in visible, self._asked.get(symbol, -inf))
        )
