"""The figures of a comparison at the prices of a moment: plain arithmetic, as often as prices come."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from msgspec import Struct

from tui.analytics.measure import Measure
from tui.analytics.row import ranks
from tui.board import Board
from tui.studies.relative import Comparison

if TYPE_CHECKING:
    from tui.analytics.comparison import Side
    from tui.analytics.relative import Estimate, Yearly
    from tui.analytics.rotation import Spot
    from tui.analytics.spread import Place, Streak

LONGEST_TAIL = 20


class Prices(Struct, frozen=True, gc=False):
    """A symbol's price and the benchmark's of the same session."""

    own: float | None
    bench: float | None


class RelativeRow(Struct, frozen=True, kw_only=True):
    """One compared symbol now. Returns are fractions; None is unknown."""

    symbol: str
    session: date | None
    """Its as-of session."""
    price: float | None
    """The last price; in total returns the adjusted close where it is stored."""
    starts: Mapping[str, date]
    """The session each window begins at."""
    returns: Mapping[str, float | None]
    """By window, the chosen span among them."""
    bench_returns: Mapping[str, float | None]
    """The benchmark's over the same two dates."""
    excess: Mapping[str, float | None]
    rank: Mapping[str, int | None]
    """Position in the list by excess."""
    place: "Place | None" = None
    """Today's place of the spread over the chosen span in its own history."""
    spread_sessions: int | None = None
    streak: "Streak | None" = None
    correlation: "Estimate | None" = None
    beta: "Estimate | None" = None
    yearly: "Sequence[Yearly]" = ()
    spot: "Spot | None" = None
    """Its place in the rotation."""
    tail: "Sequence[Spot]" = ()
    """The last 20 sessions of the rotation, oldest first, the spot among them."""

    def walked(self, length: int) -> "Sequence[Spot]":
        """The last sessions of the rotation, the spot among them."""
        return self.tail[-length:]


def prices(board: Board, comparison: Comparison, symbol: str) -> Prices:
    """The prices of a symbol's as-of session."""
    sessions = dict(comparison.question.sessions)
    quote, session = board.engine.live.quotes.get(symbol), sessions.get(symbol)
    if quote is None or session is None or quote.session != session:
        # Another session has begun: the answer in hand is of the one before, and a new one is on its way.
        return Prices(None, None)
    own = comparison.adjusted.get(symbol, quote.price)
    benchmark = comparison.question.benchmark
    if symbol == benchmark:
        return Prices(own, own)
    theirs = comparison.adjusted.get(benchmark) if sessions.get(benchmark) == session else None
    bench = board.bench()
    if theirs is None and bench is not None and bench.symbol == benchmark:
        close = bench.closes.get(session.toordinal()) if quote.final else None
        theirs = close if close is not None else bench.price if bench.session == session else None
    return Prices(own, theirs)


def rows(board: Board, comparison: Comparison, *, whole_list: bool = False) -> list[RelativeRow]:
    """The compared symbols in their order, or the whole list; those that are not compared have windows and ranks."""
    asked = comparison.question
    listed = dict.fromkeys((*asked.symbols, *asked.peers))
    priced = {symbol: prices(board, comparison, symbol) for symbol in listed}
    returned = {symbol: _returns(comparison, symbol, priced[symbol]) for symbol in listed}
    ranked = _ranks(comparison, returned)
    shown = asked.peers if whole_list and asked.peers else asked.symbols
    return [
        _row(comparison, symbol, priced[symbol], returned[symbol], ranked)
        for symbol in shown
        if symbol != asked.benchmark
    ]


_Returns = Mapping[str, tuple[float | None, float | None]]


def _returns(comparison: Comparison, symbol: str, now: Prices) -> _Returns:
    """Own return and the benchmark's by window."""
    return {text: start.returns(now.own, now.bench) for text, start in comparison.starts.get(symbol, {}).items()}


def _excess(pair: tuple[float | None, float | None] | None) -> float | None:
    if pair is None or pair[0] is None or pair[1] is None:
        return None
    return pair[0] - pair[1]


def _ranks(comparison: Comparison, returned: Mapping[str, _Returns]) -> dict[str, dict[str, int | None]]:
    """By window, the position of each symbol of the list."""
    peers = comparison.question.peers
    texts = dict.fromkeys(text for symbol in peers for text in returned[symbol])
    return {text: ranks({symbol: _excess(returned[symbol].get(text)) for symbol in peers}) for text in texts}


def _row(
    comparison: Comparison,
    symbol: str,
    now: Prices,
    returned: _Returns,
    ranked: Mapping[str, Mapping[str, int | None]],
) -> RelativeRow:
    excess = {text: _excess(pair) for text, pair in returned.items()}
    side = comparison.sides.get(symbol)
    row = RelativeRow(
        symbol=symbol,
        session=side.session if side else None,
        price=now.own,
        starts={text: start.session for text, start in comparison.starts.get(symbol, {}).items()},
        returns={text: pair[0] for text, pair in returned.items()},
        bench_returns={text: pair[1] for text, pair in returned.items()},
        excess=excess,
        rank={text: each.get(symbol) for text, each in ranked.items()},
    )
    return _with_history(row, comparison, side, now) if side else row


def _with_history(row: RelativeRow, comparison: Comparison, side: "Side", now: Prices) -> RelativeRow:
    """The row with what takes more than two closes."""
    from msgspec.structs import replace

    from tui.analytics.relative import Yearly

    year = side.pairs.year(now.own, now.bench)
    spot = side.rotation.today(side.session, now.own, now.bench)
    return replace(
        row,
        place=side.spread.place(row.excess.get(comparison.question.span.text)),
        spread_sessions=side.spread_sessions,
        streak=side.streak.today(row.excess.get("1D")),
        correlation=side.pairs.today(Measure.CORRELATION, now.own, now.bench),
        beta=side.pairs.today(Measure.BETA, now.own, now.bench),
        yearly=[*side.yearly, Yearly(side.session.year, year.value, year.n)],
        spot=spot,
        tail=side.rotation.walked(spot, LONGEST_TAIL),
    )
