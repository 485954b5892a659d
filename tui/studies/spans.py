"""The spans that a comparison can be turned through, and a date as it is typed."""

from datetime import date

from tui.analytics.span import ALL, Span
from tui.analytics.windows import Window
from tui.model import DataError
from tui.view import CYCLE

__all__ = ["ALL", "SPANS", "Span", "since", "turned"]

SPANS: tuple[Span, ...] = (*map(Span, CYCLE), Span(Window.Y3), Span(Window.Y5), ALL)
"""What `[` and `]` go through, the shorter first."""

EARLIEST = date(1900, 1, 1)


def turned(span: Span, step: int) -> Span:
    """The next longer (1) or shorter (-1) span; stops at the ends, and comes back to the month after a date."""
    if span not in SPANS:
        return Span(Window.M1)
    return SPANS[min(max(SPANS.index(span) + step, 0), len(SPANS) - 1)]


def since(text: str, session: date) -> Span:
    """The span since a date as it was typed: `2024-05-16`.

    Raises:
        DataError: no date, or one that is not before the as-of session; says what to type.
    """
    typed = text.strip()
    expected = f"type a day before {session} as YEAR-MONTH-DAY, for example {_example(session)}"
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        raise DataError(f"{typed[:20] or 'nothing'} is no date: {expected}") from None
    if not EARLIEST <= day < session:
        raise DataError(f"nothing can be compared since {day}: {expected}")
    return Span(since=day)


def _example(session: date) -> date:
    """The start of the year, or of the year before where that has only begun."""
    start = session.replace(month=1, day=1)
    return start if start < session else start.replace(year=session.year - 1)
