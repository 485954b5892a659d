"""One row of a view: a symbol's quote with its figures, state and ranks; the same on the screen and in `show`."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache

from msgspec import Struct

from tui import sessions
from tui.analytics.figures import Figures
from tui.analytics.windows import MONITOR, Window
from tui.model import Health, Kind, Quote, State


class Row(Struct, frozen=True, kw_only=True):
    """All that is known of a symbol now."""

    symbol: str
    name: str | None = None
    kind: Kind = Kind.OTHER
    quote: Quote | None = None
    figures: Figures | None = None
    state: State = State.WAITING
    rank: Mapping[Window, int | None] = {}
    trend: Sequence[float | None] = ()
    """Closes of the chosen window, thinned, the last price at the end."""
    age: float = 0.0
    """Seconds since the price was made, by the source's own clock."""
    note: str = ""
    """Why something is missing, in words to act on."""

    @property
    def reason(self) -> str:
        """The note, which names its symbol; empty when nothing is missing for a reason that is known."""
        return self.note if not self.note or self.note.startswith(self.symbol) else f"{self.symbol}: {self.note}"


def state_of(quote: Quote | None, now: datetime, health: Health, stale_after: float) -> State:
    """How far a quote can be trusted at `now` (aware, UTC).

    Args:
        quote: The latest known; None when nothing has come.
        now: The source's own clock.
        health: What the source says of itself; it can only make a state worse.
        stale_after: Seconds without news, in an open market, after which a price counts as stale.
    """
    if quote is None or quote.price is None:
        return State.WAITING if health.state in {State.LIVE, State.EOD} else health.state
    last, is_open = _market(now.replace(second=0, microsecond=0))
    if quote.final and quote.session is not None and quote.session >= last:
        return State.EOD
    if health.state is State.WAITING:
        return State.STALE  # remembered: the source has told nothing yet
    if health.state in {State.LIMITED, State.OFFLINE, State.STALE}:
        # Nobody answers: a price that nothing will follow is not live, however young it is.
        return health.state
    behind = quote.session is not None and quote.session < last
    if behind or (is_open and now.timestamp() - quote.fetched_at > stale_after):
        return State.STALE
    return State.DELAYED if quote.delay else State.LIVE


@lru_cache(maxsize=8)
def _market(minute: datetime) -> tuple[date, bool]:
    """The last session, and whether the market is open; both change on whole minutes, and every row asks."""
    return sessions.session_of(minute), sessions.phase(minute) is sessions.Phase.OPEN


def percent(value: float | None) -> float | None:
    """A fraction as percent (or percentage points); None stays None."""
    return None if value is None else value * 100


def record(row: Row) -> dict[str, object]:
    """The row as `show` and the exports print it: plain values under the definitions' names, None for unknown."""
    quote, figures = row.quote, row.figures
    return {
        "symbol": row.symbol,
        "name": row.name,
        "last": quote.price if quote else None,
        "currency": quote.currency if quote else None,
        "return_pct": {w.value: percent(figures.returns.get(w) if figures else None) for w in MONITOR},
        "excess_pp": {w.value: percent(figures.excess.get(w) if figures else None) for w in MONITOR},
        "rank": {w.value: row.rank.get(w) for w in MONITOR},
        "volume": figures.volume if figures else None,
        "volume_ratio": figures.volume_ratio if figures else None,
        "volume_ratio_basis": figures.volume_ratio_basis if figures else None,
        "dollar_volume": figures.dollar_volume if figures else None,
        "range52_position": figures.range52 if figures else None,
        "zscore50": figures.zscore50 if figures else None,
        "drawdown_pct": percent(figures.drawdown if figures else None),
        "as_of": datetime.fromtimestamp(quote.as_of, UTC).isoformat().replace("+00:00", "Z") if quote else None,
        "session": quote.session.isoformat() if quote and quote.session else None,
        "source": quote.source if quote else None,
        "state": row.state.value,
        "note": row.note or None,
    }
