"""A chart of lines: `show(picture)` draws it in a thread and repaints only the cells that changed.

Run it alone with `python -m tui.widgets.chart`. This is the only file that imports plotext, which rasterises the lines; axes, labels,
bars and the crosshair are text of our own.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.timer import Timer

from tui.widgets.chart_draw import DrawingThread, Drawn, draw
from tui.widgets.chart_paint import Cell, Row, differences
from tui.widgets.chart_plan import ROLES, Line, Picture
from tui.widgets.once import once
from tui.widgets.painted import Painted, WholeStrip
from tui.widgets.thin import Pixel, clean

__all__ = ["MARKERS", "Chart", "Line", "Picture"]

MARKERS = {"braille": (2, 4), "fhd": (2, 3), "hd": (2, 2)}
"""Ways to draw, with the dots of a cell across and up; `hd` (quarter blocks) is for fonts without braille."""


class Pen:
    """A plotext figure without axes, whose units are dots. Not for two threads at once."""

    def __init__(self, marker: str) -> None:
        self.dots = MARKERS[marker]
        self.strokes = 0
        """Lines drawn so far."""
        self._marker = marker
        self._figure: Any = None
        self._size = (0, 0)

    def draw(self, pixels: Sequence[Pixel], columns: int, rows: int) -> tuple[Cell, ...]:
        """Return the cells of a canvas of `columns` x `rows` that a line touches."""
        import plotext

        if self._figure is None:
            # A figure and a terminal of our own: the global pair of plotext crashes when threads share it.
            terminal = type(plotext.terminal)()
            terminal.limit(False, False)
            self._figure = type(plotext.figure)(parent=terminal)
            self._figure.axes(False).legend(False).canvas("default")
            self._figure.ruler([0, 1], [0, 1]).ticks([]).alignment(lim="edge")
        figure = self._figure
        if self._size != (columns, rows):
            figure.ruler(0, 0).lim(0, columns * self.dots[0])
            figure.ruler(1, 0).lim(0, rows * self.dots[1])
            figure.plot_size(columns, rows)
            self._size = (columns, rows)
        figure.clear.data()
        # Half a dot in, so that no rounding can reach the neighbour.
        curve = figure.signal(
            [pixel.x + 0.5 for pixel in pixels], [pixel.y + 0.5 for pixel in pixels], marker=self._marker
        )
        for number, pixel in enumerate(pixels):
            if pixel.joined:
                curve.line(number)
        figure.draw(curve)
        self.strokes += 1
        drawn = figure.build().string(colorless=True).split("\n")
        return tuple(
            Cell(row, column, glyph)
            for row, text in enumerate(drawn[:rows])
            if not text.isspace()
            for column, glyph in enumerate(text[:columns])
            if glyph != " "
        )


_THREAD = DrawingThread()


class Chart(Painted):
    """Lines over slots, with a value axis, labels at the lines' ends, a strip of bars and a crosshair."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"chart--{role}" for role in ROLES}
    """What each one colours: see `ROLES`."""

    DEFAULT_CSS = """
    Chart {
        width: 1fr;
        height: 1fr;
        & > .chart--series-1 { color: $text-accent; }
        & > .chart--series-2 { color: $text-primary; }
        & > .chart--series-3 { color: $text-success; }
        & > .chart--series-4 { color: $text-error; }
        & > .chart--series-5 { color: $text-warning; }
        & > .chart--series-6 { color: $text-secondary; }
        & > .chart--series-7 { color: $foreground; }
        & > .chart--series-8 { color: $foreground-muted; }
        & > .chart--axis { color: $foreground-muted; }
        & > .chart--label { color: $foreground; }
        & > .chart--baseline { color: $foreground 30%; }
        & > .chart--bar { color: $foreground 40%; }
        & > .chart--cursor { color: $foreground 60%; }
    }
    """

    REDRAW_SECONDS: ClassVar[float] = 1.0
    """New data are drawn at most this often."""

    cursor_slot: reactive[int | None] = reactive(None, repaint=False, init=False)
    """The slot under the crosshair, None for none."""

    class CursorMoved(Message):
        """The crosshair moved to another slot, or went away."""

        def __init__(self, chart: "Chart", slot: int | None) -> None:
            super().__init__()
            self.chart = chart
            self.slot = slot
            self.values = [] if slot is None else chart.values_at(slot)
            """Label and value of each line at the slot."""

        @property
        def control(self) -> "Chart":
            """The chart, for `@on` selectors."""
            return self.chart

    def __init__(
        self,
        picture: Picture | None = None,
        *,
        marker: str = "braille",
        name: str | None = None,
        id: str | None = None,  # noqa: A002  # Textual's own name for it
        classes: str | None = None,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self.pen = Pen(marker)
        self._picture = picture
        self._waiting = picture is not None
        """Whether there is something to draw that was not begun."""
        self._version = 0
        """Of the drawing begun last; what an earlier one brings is dropped."""
        self._hidden = False
        self._pause: Timer | None = None
        self._drawn: Drawn | None = None
        self._rows: tuple[Row, ...] = ()
        self._strips: dict[int, Strip] = {}
        self._styles: dict[str, Style] = {}

    @property
    def picture(self) -> Picture | None:
        """The picture last shown; it may not be on the screen yet."""
        return self._picture

    @property
    def waiting(self) -> bool:
        """Whether a newer picture than the one on the screen was shown and would be seen."""
        return self._waiting and self._seen()

    @property
    def rows(self) -> tuple[Row, ...]:
        """What is on the screen, row by row."""
        return self._rows

    def show(self, picture: Picture, *, now: bool = False) -> None:
        """Show a picture: at once the first time and with `now`, else with at most one redraw a second. The newest wins."""
        self._picture = picture
        self._waiting = True
        if now or self._pause is None:
            self._begin()

    def wipe(self) -> None:
        """Show nothing: what comes next has nothing to do with what is there."""
        self._picture = self._drawn = None
        self._waiting = False
        self._version += 1
        self._rows = ()
        self._strips.clear()
        self.refresh()

    def values_at(self, slot: int) -> list[tuple[str, float | None]]:
        """Return each line's label and its value at a slot, None where it has none."""
        lines = self._picture.lines if self._picture else ()
        return [(line.label, next(iter(clean(line.values[max(0, slot) : slot + 1])), None)) for line in lines]

    def slot_at(self, column: int) -> int | None:
        """Return the slot nearest to a column of the widget, None outside the canvas."""
        plan = self._drawn.plan if self._drawn else None
        if plan is None or not plan.left <= column < plan.left + plan.columns:
            return None
        return round((2 * (column - plan.left) + 0.5) * (plan.slots - 1) / (2 * plan.columns - 1))

    def watch_cursor_slot(self, slot: int | None) -> None:
        """Move the crosshair; no line is drawn again for that."""
        if self._drawn is not None:
            self._paint(self._drawn)
        self.post_message(self.CursorMoved(self, slot))

    def on_mount(self) -> None:
        """Hold the drawing thread."""
        _THREAD.enter()

    def on_unmount(self) -> None:
        """Let go of the drawing thread; the last chart ends it."""
        self._version += 1
        _THREAD.leave()

    def on_resize(self) -> None:
        """Draw for the new size at once."""
        self._waiting = self._picture is not None
        self._begin()

    def on_show(self) -> None:
        """Draw what was shown while the widget was hidden."""
        self._hidden = False
        if self._waiting:
            self._begin()

    def on_hide(self) -> None:
        """Draw nothing until the widget is seen again."""
        self._hidden = True

    def _begin(self) -> None:
        """Begin to draw the newest picture, unless nobody would see it."""
        picture = self._picture
        if picture is None or not self._waiting or not self._seen():
            return
        self._waiting = False
        self._version += 1
        if self._pause is not None:
            self._pause.stop()
        self._pause = once(self, self.REDRAW_SECONDS, self._resume)
        self.run_worker(self._draw(picture, self._version), group="chart", description="draw a chart")

    def _seen(self) -> bool:
        """Whether the widget is on the screen: it has a size, is not hidden, and no opaque screen covers its own."""
        if self._hidden or not self.size or not self.is_attached:
            return False
        stack = self.app.screen_stack
        return self.screen in stack and all(
            above.styles.background.a < 1 for above in stack[stack.index(self.screen) + 1 :]
        )

    def _resume(self) -> None:
        self._pause = None
        if self._waiting:
            self._begin()

    async def _draw(self, picture: Picture, version: int) -> None:
        """Draw in the thread, and take what it brings if nothing newer was begun."""
        size, pen, before = self.size, self.pen, self._drawn

        def work() -> Drawn | None:
            return draw(picture, size, pen, before, unwanted=lambda: version != self._version)

        try:
            drawn = await _THREAD.run(work)
        except ImportError as error:
            # plotext has a compiled part; where it is missing, the rest of the screen is still of use.
            reason = str(error).partition("\n")[0]
            drawn = draw(replace(picture, lines=(), message=f"no charts here: {reason}"), size, pen, None)
        self._take(version, drawn)

    def _take(self, version: int, drawn: Drawn | None) -> None:
        if drawn is not None and version == self._version:
            self._drawn = drawn
            self._paint(drawn)

    def _paint(self, drawn: Drawn) -> None:
        """Put a finished picture on the screen: only the cells that differ."""
        before, self._rows = self._rows, drawn.rows(self.cursor_slot)
        if [len(row.text) for row in before] != [len(row.text) for row in self._rows]:
            self._strips.clear()
            self.refresh()
            return
        spans = differences(before, self._rows)
        for span in spans:
            self._strips.pop(span.row, None)
        if spans:
            self.refresh(*(Region(span.start, span.row, span.stop - span.start, 1) for span in spans))

    def notify_style_update(self) -> None:
        """Forget colours, so that a new theme shows at the next paint."""
        super().notify_style_update()
        self._styles.clear()
        self._strips.clear()

    def render_line(self, y: int) -> Strip:
        """Return a row of the last picture; a chart that becomes visible with something new begins to draw it."""
        if self._waiting and self._pause is None:
            self.call_later(self._begin)
        width = self.size.width
        if y >= len(self._rows):
            return Strip.blank(width, self.rich_style)
        strip = self._strips.get(y)
        if strip is None:
            row = self._rows[y]
            strip = WholeStrip([Segment(text, self._style(role)) for text, role in row.runs()], len(row.text))
            self._strips[y] = strip
        return strip.adjust_cell_length(width, self.rich_style)

    def _style(self, role: str) -> Style:
        style = self._styles.get(role)
        if style is None:
            style = self.get_component_rich_style(f"chart--{role}") if role else self.rich_style
            self._styles[role] = style
        return style


if __name__ == "__main__":
    from tui.widgets.chart_demo import main

    main()
