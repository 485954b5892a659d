"""What a chart shows and where: the picture as data, and the plan of its parts for a size. Pure; no drawing yet."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

from rich.cells import cell_len

from tui.widgets.chart_scale import Scale, scale
from tui.widgets.thin import Pixel, clean, merge, thin

LEAST_WIDTH, LEAST_HEIGHT = 24, 5
"""The smallest size with a picture; below it there is only text."""
SERIES = tuple(f"series-{number}" for number in range(1, 9))
ROLES = (*SERIES, "axis", "label", "baseline", "bar", "cursor")
"""What a cell can be, each a component class `chart--<role>`: lines with their labels, ticks, the message and the crosshair's slot,
the level line, bars, the crosshair."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a picture."""

    label: str
    values: Sequence[float | None]
    """Value i belongs to slot i; None and NaN are gaps."""
    role: str = "series-1"
    """One of `ROLES`; it names the colour."""

    def __post_init__(self) -> None:
        if self.role not in ROLES:
            raise ValueError(f"the role of a line is one of {', '.join(ROLES)}, not {self.role!r}")


@dataclass(frozen=True, eq=False)
class Picture:
    """All a chart shows. Nothing in it may change after it was shown."""

    lines: Sequence[Line]
    """The most telling first: it lies on top, and keeps its label when there is no room for all."""
    slots: int
    """Places along the x axis, which is pinned to them; lines may be shorter."""
    labels: Sequence[tuple[int, str]]
    """Texts under the x axis with their slots, left to right; those that fit are shown, evenly."""
    y_format: Callable[[float], str]
    baseline: float | None = None
    """A faint level line, such as 100 or 0."""
    bars: Sequence[float | None] | None = None
    """Bars in a strip at the bottom, such as volume, one a slot, from 0."""
    message: str = ""
    """Shown in the middle when there is nothing to draw."""
    bar_format: Callable[[float], str] | None = None
    """Writes the greatest bar next to the strip."""
    slot_format: Callable[[int], str] | None = None
    """Writes the crosshair's slot under the x axis."""


class Text(NamedTuple):
    """Text at a place: row and column in cells from the top left."""

    row: int
    column: int
    text: str
    role: str


class Curve(NamedTuple):
    """A line in dots of the canvas."""

    pixels: tuple[Pixel, ...]
    role: str


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """Where everything goes, in cells; the canvas begins in row 0."""

    width: int
    height: int
    left: int = 0
    """Column of the canvas."""
    columns: int = 0
    rows: int = 0
    """Size of the canvas; 0 when there is only text."""
    slots: int = 1
    axis: Scale | None = None
    lines: Sequence[Line] = ()
    curves: Sequence[Curve] = ()
    """One for each line, in order."""
    texts: Sequence[Text] = ()
    strip: Sequence[str] = ()
    """Rows of bars below the canvas."""
    baseline_row: int | None = None
    ends: int = 0
    """Column of the labels at the lines' ends; 0 without any."""
    label_width: int = 0
    """Cells of the label in it; the value, if it fits, stands right of that."""
    y_format: Callable[[float], str] = str
    slot_format: Callable[[int], str] | None = None

    def column(self, slot: int, dots: int = 2) -> int:
        """Return the dot column of a slot, `dots` of them in a cell."""
        last = self.columns * dots - 1
        return round(slot * last / (self.slots - 1)) if self.slots > 1 else last // 2

    def row(self, value: float) -> int:
        """Return the canvas row of a value, 0 at the top."""
        assert self.axis is not None
        return self.rows - 1 - self.axis.dot(value, self.rows * 4) // 4


def arrange(picture: Picture, width: int, height: int, dots: tuple[int, int] = (2, 4)) -> Plan:
    """Return the plan of a picture for a size in cells, with `dots` (across, up) in a cell."""
    cleaned = [clean(line.values) for line in picture.lines]
    known = [(line, values) for line, values in zip(picture.lines, cleaned, strict=True) if _last(values) is not None]
    bars = clean(picture.bars or ())
    if not known:
        return _words(width, height, [Text(0, 0, picture.message, "label")])
    lines = [Line(narrow(line.label), values, line.role) for line, values in known]
    if width < LEAST_WIDTH or height < LEAST_HEIGHT:
        words = [(f"{line.label} {picture.y_format(_last(line.values) or 0.0)}", line.role) for line in lines]
        return _words(
            width, height, [Text(0, 0, *word) for word in ([(picture.message, "label")] if picture.message else words)]
        )

    strip_rows = 0 if _last(bars) is None or height < 8 else 1 if height < 10 else 2 if height < 16 else 3
    rows = height - 1 - strip_rows
    baseline = _last(clean([picture.baseline]))
    extremes = [extreme(line.values) for line in lines for extreme in (_least, _greatest)]
    axis = scale(extremes if baseline is None else [*extremes, baseline], rows, picture.y_format)
    marks = [narrow(picture.y_format(tick)) for tick in axis.ticks]
    greatest_bar = narrow(picture.bar_format(_greatest(bars))) if strip_rows and picture.bar_format else ""
    left = max((len(mark) for mark in (*marks, greatest_bar)), default=0) + 1
    if left > width * 0.4:
        # Texts of absurd length: the picture is worth more than they are.
        marks, greatest_bar, left = ["" for _ in marks], "", 1
    label_width, end_width = _end_widths(lines, picture.y_format, width, marks)
    columns = width - left - end_width
    plan = Plan(
        width=width,
        height=height,
        left=left,
        columns=columns,
        rows=rows,
        slots=max(1, picture.slots, *(len(line.values) for line in lines)),
        axis=axis,
        lines=lines,
        ends=left + columns + 1 if end_width else 0,
        label_width=label_width,
        y_format=picture.y_format,
        slot_format=picture.slot_format,
    )
    marked = zip(axis.ticks, marks, strict=True)
    ticks = [Text(plan.row(tick), left - 1 - len(mark), mark, "axis") for tick, mark in marked]
    strip_top = [Text(rows, left - 1 - len(greatest_bar), greatest_bar, "axis")] if greatest_bar else []
    return replace(
        plan,
        curves=[Curve(_pixels(line, plan, dots), line.role) for line in lines],
        texts=[*ticks, *strip_top, *_x_labels(picture.labels, plan)],
        strip=_strip(bars, plan, strip_rows),
        baseline_row=None if baseline is None else plan.row(baseline),
    )


def end_labels(plan: Plan, values: Sequence[float | None]) -> list[Text]:
    """Return the lines' labels with these values at the right edge, each as near to its line's end as the others allow."""
    room = plan.width - plan.ends
    if not plan.ends:
        return []
    entries = []
    for line, value in list(zip(plan.lines, values, strict=True))[: plan.rows]:
        label, number = _cut(line.label, plan.label_width), "" if value is None else narrow(plan.y_format(value))
        free = room - plan.label_width - 1
        text = f"{label:<{plan.label_width}} {number:>{free}}" if 0 < len(number) <= free else label
        last = _last(line.values)
        assert last is not None
        entries.append((plan.row(last), text, line.role))
    entries.sort(key=lambda entry: entry[0])
    rows = spread([row for row, _, _ in entries], plan.rows)
    return [Text(row, plan.ends, text, role) for row, (_, text, role) in zip(rows, entries, strict=True)]


def spread(wanted: Sequence[int], rows: int) -> list[int]:
    """Return rows near the wanted ones, in the same order and all different, within `rows`; `wanted` is sorted and fits."""
    groups: list[list[int]] = []
    starts: list[int] = []
    for row in wanted:
        groups.append([row])
        starts.append(row)
        while True:
            group = groups[-1]
            centred = round(sum(row - offset for offset, row in enumerate(group)) / len(group))
            starts[-1] = min(rows - len(group), max(0, centred))
            if len(groups) < 2 or starts[-1] >= starts[-2] + len(groups[-2]):
                break
            groups[-2:], starts[-2:] = [groups[-2] + group], [starts[-2]]
    return [start + offset for start, group in zip(starts, groups, strict=True) for offset in range(len(group))]


def narrow(text: str) -> str:
    """Return the text with every character one cell wide, so that a cell is an index."""
    return (
        text
        if text.isascii() and text.isprintable()
        else "".join(one if cell_len(one) == 1 and one.isprintable() else "?" for one in text)
    )


def _words(width: int, height: int, texts: Sequence[Text]) -> Plan:
    """Return a plan with nothing but texts, in the middle and one under the other."""
    shown = texts[:height]
    top = (height - len(shown)) // 2
    cut = [_cut(narrow(entry.text), width) for entry in shown]
    placed = [
        Text(top + row, (width - len(text)) // 2, text, entry.role)
        for row, (text, entry) in enumerate(zip(cut, shown, strict=True))
    ]
    return Plan(width, height, texts=placed)


def _cut(text: str, width: int) -> str:
    """Return the text, cut to a width with an ellipsis."""
    return text if len(text) <= width else text[: max(0, width - 1)] + "…"[:width]


def _last(values: Sequence[float | None]) -> float | None:
    return next((value for value in reversed(values) if value is not None), None)


def _least(values: Sequence[float | None]) -> float:
    return min(value for value in values if value is not None)


def _greatest(values: Sequence[float | None]) -> float:
    return max(value for value in values if value is not None)


def _end_widths(
    lines: Sequence[Line], y_format: Callable[[float], str], width: int, marks: Sequence[str]
) -> tuple[int, int]:
    """Return the cells of the labels and of the whole right edge: label and value, or the label, or nothing, by the room."""
    label = max(len(line.label) for line in lines)
    # As wide as the axis' own texts: a value that gains a digit must not move the canvas.
    value = max(*(len(y_format(_last(line.values) or 0.0)) for line in lines), *(len(mark) for mark in marks), 0)
    if label + value + 2 <= width * 0.3:
        return label, label + value + 2
    label = min(label, 8)
    return (label, label + 1) if label and label + 1 <= width * 0.3 else (0, 0)


def _pixels(line: Line, plan: Plan, dots: tuple[int, int]) -> tuple[Pixel, ...]:
    """Return a line's pixels: thinned, in dots, and without those that change nothing."""
    across, up = dots
    assert plan.axis is not None
    axis, height = plan.axis, plan.rows * up
    points = thin(line.values, slots=plan.slots, columns=plan.columns * across)
    return merge(
        Pixel(plan.column(point.slot, across), axis.dot(point.value, height), point.joined) for point in points
    )


def _x_labels(labels: Sequence[tuple[int, str]], plan: Plan) -> list[Text]:
    """Return every, every second, every third, ... label under the canvas: as many as stand two cells apart."""
    placed = []
    for slot, text in labels:
        if 0 <= slot < plan.slots and (shown := narrow(text)) and len(shown) <= plan.columns:
            middle = plan.left + plan.column(slot) // 2
            start = min(plan.left + plan.columns - len(shown), max(plan.left, middle - len(shown) // 2))
            placed.append(Text(plan.height - 1, start, shown, "axis"))
    for step in range(1, len(placed) + 1):
        chosen = placed[::-1][::step][::-1]
        if all(before.column + len(before.text) + 2 <= after.column for before, after in pairwise(chosen)):
            return chosen
    return []


def _strip(bars: Sequence[float | None], plan: Plan, rows: int) -> list[str]:
    """Return the rows of the bars: in eighths of a row, the greatest bar of a column, a blank between broad bars."""
    if not rows:
        return []
    heights: list[float] = [0.0] * plan.columns
    if plan.slots >= plan.columns:
        for slot, bar in enumerate(bars[: plan.slots]):
            column = plan.column(slot) // 2
            heights[column] = max(heights[column], bar or 0.0)
    else:
        owner = [
            round((2 * column + 0.5) * (plan.slots - 1) / (2 * plan.columns - 1)) for column in range(plan.columns + 1)
        ]
        broad = plan.columns >= 3 * plan.slots
        for column in range(plan.columns):
            slot = owner[column]
            if slot < len(bars) and not (broad and owner[column + 1] != slot):
                heights[column] = bars[slot] or 0.0
    greatest = max(heights, default=0.0)
    if greatest <= 0:
        return [" " * plan.columns] * rows
    eighths = [max(1, round(height / greatest * 8 * rows)) if height > 0 else 0 for height in heights]
    return [
        "".join(" ▁▂▃▄▅▆▇█"[min(8, max(0, part - 8 * floor))] for part in eighths) for floor in reversed(range(rows))
    ]
