"""Lays the sessions of several symbols side by side, so that one query computes the figures of all of them."""

from collections.abc import Mapping, Sequence

import polars as pl
from msgspec import Struct

from tui.analytics.events.columns import DATE, own, prepared

LEAST = 0.5
"""A symbol with fewer sessions, as a share of the calendar's, is computed on a calendar of its own."""


class Shared(Struct, frozen=True, eq=False):
    """Symbols whose sessions are stretches of one calendar."""

    symbols: tuple[str, ...]
    table: pl.DataFrame
    """`date` and the columns of each symbol (see `columns.prepared`)."""


def side_by_side(frames: Mapping[str, pl.DataFrame], columns: Mapping[str, Sequence[str]]) -> list[Shared]:
    """As few tables as possible that hold these symbols, each on its own sessions.

    Args:
        frames: Each symbol's sessions, sorted by date.
        columns: The columns that each of them needs.
    """
    groups: list[tuple[pl.Series, list[tuple[str, int]]]] = []
    for symbol in sorted(columns, key=lambda each: -frames[each].height):
        days = frames[symbol].get_column(DATE)
        for calendar, members in groups:
            place = _place(calendar, days)
            if place is not None:
                members.append((symbol, place))
                break
        else:
            groups.append((days, [(symbol, 0)]))
    return [_shared(calendar, members, frames, columns) for calendar, members in groups]


def _place(calendar: pl.Series, days: pl.Series) -> int | None:
    """Where in a calendar these days are without a gap; None if they are not, or are too few to share it."""
    if len(days) < LEAST * len(calendar) or not len(days):
        return None
    place = 0 if days[0] == calendar[0] else int(calendar.search_sorted(days[0]))
    return place if calendar.slice(place, len(days)).equals(days) else None


def _shared(
    calendar: pl.Series,
    members: Sequence[tuple[str, int]],
    frames: Mapping[str, pl.DataFrame],
    columns: Mapping[str, Sequence[str]],
) -> Shared:
    parts = [calendar.alias(DATE)]
    for symbol, place in members:
        after = len(calendar) - place - frames[symbol].height
        for name in columns[symbol]:
            part = frames[symbol].get_column(name).alias(own(symbol, name))
            parts.append(pl.concat([part.clear(place), part, part.clear(after)]) if place or after else part)
    cleaned = (each for symbol, _ in members for each in prepared(symbol, columns[symbol]))
    return Shared(tuple(symbol for symbol, _ in members), pl.DataFrame(parts).select(DATE, *cleaned))
