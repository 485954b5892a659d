"""How the quotes are doing, in one state word and a sentence or two that a user can act on. Pure."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from tui.model import Health, Quote, State
from tui.sessions import Phase, phase, session_of
from tui.sources.base import DeniedError, LimitedError, UnreachableError
from tui.sources.gate import Gate
from tui.sources.ways import Way

FROZEN = 600.0
"""Seconds without a newer price of any of several symbols, in an open market, after which their source repeats itself: one
may not trade for so long, several do."""

_SEVERAL = 3
_AT_HOME = "America/New_York"
_SHOWN = 2


def health_of(
    order: Sequence[Way],
    gates: Mapping[Way, Gate],
    answering: Sequence[Way],
    notes: Sequence[str] = (),
    question: str = "",
    *,
    streaming: bool = False,
) -> Health:
    """The state of what is on the screen.

    Args:
        order: The ways, best first.
        gates: When each may be asked again, and why it rests.
        answering: Those who told something in the last round.
        notes: Sentences about single symbols, or about the stream.
        question: What only the user can decide.
        streaming: The stream serves the screen, whoever else answers.
    """
    if not answering and not streaming:
        return _silent(order, gates, question)
    best = min((order.index(way) for way in answering if way in order), default=len(order))
    late = not streaming and all(way.delay for way in answering)
    resting = [way for way in order[:best] if not (gates[way].is_open and way.usable)]
    details = [*notes]
    details += [f"{way.trouble or gates[way].error} {_next_try(_back_at(way, gates))}" for way in resting[:1]]
    if not resting:
        details += [way.trouble for way in order[:best] if way.trouble][:1]
    if late:
        details.append(f"{answering[0].label} answers, {answering[0].delay // 60} minutes late.")
    return Health(
        state=State.DELAYED if late else State.LIVE,
        detail=" ".join(details),
        retry_at=min((_back_at(way, gates) for way in resting), default=None),
        question=question,
    )


def slow(way: Way) -> Health:
    """What to say while the screen waits too long for an answer."""
    return Health(state=State.STALE, detail=f"{way.label} takes long to answer. The last values stay.")


def frozen(quotes: Sequence[Quote], zones: Mapping[str, str], now: float) -> Health | None:
    """What to say where several of New York's symbols should trade and none has a new price; None where all is well.

    Args:
        quotes: Those on the screen.
        zones: The exchange's zone by symbol.
        now: Epoch seconds UTC.
    """
    moment = datetime.fromtimestamp(now, UTC)
    if phase(moment) is not Phase.OPEN:
        return None
    session = session_of(moment)
    ages = [
        now - quote.as_of - quote.delay
        for quote in quotes
        if quote.session == session and not quote.final and zones.get(quote.symbol, _AT_HOME) == _AT_HOME
    ]
    if len(ages) < _SEVERAL or min(ages) <= FROZEN:
        return None
    detail = f"The newest price is {min(ages) // 60:.0f} min old: what comes only repeats itself."
    return Health(state=State.STALE, detail=detail)


def symbol_notes(doubts: Mapping[str, str], differing: Mapping[str, str]) -> list[str]:
    """What to say of single symbols: who is left out, and where two sources differ."""
    notes = [f"{symbol} is left out ({reason})." for symbol, reason in list(doubts.items())[:_SHOWN]]
    if len(doubts) > _SHOWN:
        notes.append(f"So are {len(doubts) - _SHOWN} more.")
    notes += [f"Two sources differ on {symbol}: {words}." for symbol, words in list(differing.items())[:_SHOWN]]
    return notes


def _silent(order: Sequence[Way], gates: Mapping[Way, Gate], question: str) -> Health:
    """Nobody answered: the failure that tells most, and when the first of all is asked again."""
    failed = [(way, error) for way in order if (error := gates[way].error) is not None]
    if not failed:
        words = next((way.trouble for way in order if way.trouble), "")
        if not words:
            return Health(state=State.WAITING, question=question)
        return Health(state=State.OFFLINE, detail=f"{words} The last values stay.", question=question)
    limited = [each for each in failed if isinstance(each[1], LimitedError)]
    # A login that is missing is told only where nobody without one has failed.
    _, error = (limited or [each for each in failed if not isinstance(each[1], DeniedError)] or failed)[0]
    retry_at = min(_back_at(way, gates) for way, _ in limited or failed)
    if limited:
        state, kept = State.LIMITED, ""
    else:
        state = State.OFFLINE if isinstance(error, UnreachableError | DeniedError) else State.STALE
        kept = "The last values stay. "
    return Health(state=state, detail=f"{error} {kept}{_next_try(retry_at)}", retry_at=retry_at, question=question)


def _back_at(way: Way, gates: Mapping[Way, Gate]) -> float:
    """When a way that rests may be asked again."""
    return max(gates[way].until, way.rests_until)


def _next_try(until: float) -> str:
    """When somebody is asked again, by the user's own clock."""
    return f"Asked again at {datetime.fromtimestamp(until, UTC).astimezone():%H:%M}."
