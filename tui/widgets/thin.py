"""Fewer points, the same picture: what a line keeps when it has more values than the screen has pixels. Pure."""

from collections.abc import Iterable, Sequence
from math import ceil, isfinite
from typing import NamedTuple

MAX_POINTS = 320
"""Points of one line at most: drawing costs about 15 us a point, and two a pixel column are all the eye gets."""


class Point(NamedTuple):
    """One kept value of a line."""

    slot: int
    value: float
    joined: bool
    """Whether the line runs here from the point before; False starts a new stroke, after a gap."""


class Pixel(NamedTuple):
    """One corner of a stroke, in dots of the canvas; x from the left, y from the bottom."""

    x: int
    y: int
    joined: bool


def clean(values: Iterable[float | None]) -> list[float | None]:
    """Return the values as a list in which every number is finite; None, NaN and infinities are gaps."""
    listed = list(values)
    try:
        if isfinite(sum(listed)):  # type: ignore[arg-type]
            return listed
    except (TypeError, OverflowError):
        pass
    return [value if value is not None and isfinite(value) else None for value in listed]


def thin(values: Sequence[float | None], *, slots: int, columns: int, limit: int = MAX_POINTS) -> list[Point]:
    """Keep the least and the greatest value of every pixel column, and the first and the last of the line.

    `values` come from `clean`; value i belongs to slot i of `slots`, and the slots span `columns` pixel columns. With more columns
    than half of `limit` (320 by default) neighbours share one, so that no more than `limit` points are kept. A line of few values is kept whole.
    Gaps stay gaps: a point is `joined` only if no value between it and the point before is missing.
    """
    count = len(values)
    slots = max(slots, count)
    buckets = max(1, min(columns, (limit - 2) // 2))
    known = [slot for slot, value in enumerate(values) if value is not None] if count <= 2 * buckets else None
    kept = known if known is not None else _extremes(values, slots, buckets)
    whole = None not in values
    points: list[Point] = []
    before = -1
    for slot in kept:
        value = values[slot]
        assert value is not None
        joined = before >= 0 and (whole or slot == before + 1 or None not in values[before + 1 : slot])
        points.append(Point(slot, value, joined))
        before = slot
    return points


def _extremes(values: Sequence[float | None], slots: int, buckets: int) -> list[int]:
    """Return the slots of the extremes of each of `buckets` equal stretches, with the line's ends, in order."""
    kept: set[int] = set()
    for bucket in range(buckets):
        start = ceil(bucket * slots / buckets)
        chunk = [value for value in values[start : ceil((bucket + 1) * slots / buckets)] if value is not None]
        if chunk:
            kept.add(values.index(min(chunk), start))
            kept.add(values.index(max(chunk), start))
    known = (slot for slot, value in enumerate(values) if value is not None)
    first = next(known, None)
    if first is not None:
        last = next(slot for slot in range(len(values) - 1, -1, -1) if values[slot] is not None)
        kept.update((first, last))
    return sorted(kept)


def merge(pixels: Iterable[Pixel]) -> tuple[Pixel, ...]:
    """Leave out the pixels that change nothing: repeated ones, and those inside a level or upright stroke."""
    merged: list[Pixel] = []
    for pixel in pixels:
        if pixel.joined and merged:
            last = merged[-1]
            if (last.x, last.y) == (pixel.x, pixel.y):
                continue
            if last.joined and len(merged) > 1:
                first = merged[-2]
                level = first.y == last.y == pixel.y
                upright = first.x == last.x == pixel.x and (
                    first.y <= last.y <= pixel.y or first.y >= last.y >= pixel.y
                )
                if level or upright:
                    merged.pop()
        merged.append(pixel)
    return tuple(merged)
