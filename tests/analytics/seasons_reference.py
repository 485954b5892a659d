"""The seasons computed again without polars: one dictionary after the other."""

from datetime import date

from tui import sessions


def months_of(closes):
    """Return of each (year, month) whose calendar month before has a close, from a list of (date, close)."""
    ends = {(day.year, day.month): close for day, close in closes}
    found = {}
    for (year, month), close in ends.items():
        before = (year - 1, 12) if month == 1 else (year, month - 1)
        if before in ends:
            found[year, month] = close / ends[before] - 1
    return found


def years_of(closes):
    """Return of each year that has, like the year before, a close in December."""
    ends = {day.year: (day.month, close) for day, close in closes}
    return {
        year: close / ends[year - 1][1] - 1
        for year, (month, close) in ends.items()
        if month == 12 and ends.get(year - 1, (0, 0))[0] == 12
    }


def runs(closes, final):
    """Whether the last month is not over."""
    last: date = closes[-1][0]
    return not final or sessions.next_session(last).month == last.month


def places_of(closes):
    """Year, month, place in it, the session's own return and that of its month so far, for each session."""
    rows, place, previous = [], 0, None
    ends = {(day.year, day.month): close for day, close in closes}
    for day, close in closes:
        place = place + 1 if previous and (previous.year, previous.month) == (day.year, day.month) else 1
        before = ends.get(_month_before(day))
        own = close / rows[-1]["close"] - 1 if rows else None
        so_far = close / before - 1 if before else None
        rows.append({"day": day, "place": place, "close": close, "own": own, "so_far": so_far})
        previous = day
    return rows


def _month_before(day):
    return (day.year - 1, 12) if day.month == 1 else (day.year, day.month - 1)
