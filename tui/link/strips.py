"""Draws what the compositor has made into the wanted screen, strip by strip, without the text a terminal would read.

What is not plain (a hyperlink, a control character) is left to the text and its doubts.
"""

from collections.abc import Iterator

from rich.color import ColorSystem
from rich.console import Console
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.strip import Strip

from tui.link.cells import Style, UnusualError
from tui.link.screen import DoubtError, Screen


def draw(screen: Screen, update: CompositorUpdate, console: Console) -> None:
    """Draw an update as its text would be; DoubtError when something is not plain, and then part of it may be drawn."""
    colours = console._color_system or ColorSystem.TRUECOLOR
    width, height, base = screen.width, screen.height, screen.cells.base
    after, ends = base.after, [0]
    at_y = at_x = -1
    last = None
    for y, start, strip in pieces(update):
        if y >= height or start >= width:
            raise DoubtError(strip)
        if y != at_y or start != at_x:
            # What is known of a row is what was drawn of it in one go.
            at_y, ends, last = y, [start], None
            screen.touched.add(y)
            screen.spans[y] = ends
        begin = x = start
        numbers: list[int] = []
        for text, style, _control in strip:
            codes = None if style is None else style._ansi
            if style is not None and codes is None:
                codes = Strip.render_ansi(style, colours)
            following = (after.get(codes) or screen.cells.follow(base, codes)) if codes else base
            if following is None or (style is not None and style._link):
                raise DoubtError(text)
            try:
                numbers += map(following.cells.__getitem__, text)
            except UnusualError:
                # Its beginning may have been numbered; the slow way draws all of it, character by character.
                screen.fill(y, begin, numbers[: x - begin])
                begin = x = _unusual(screen, y, x, following, text)
                numbers, last, ends = [], None, []
                screen.spans.pop(y, None)
                continue
            x += len(text)
            if following is last:
                ends[-1] = x
            else:
                ends.append(x)
                last = following
        screen.fill(y, begin, numbers)
        at_x = x


def _unusual(screen: Screen, y: int, x: int, style: Style, text: str) -> int:
    """Draw text that is more than narrow characters; the column after it."""
    if "\x1b" in text or "\n" in text:
        raise DoubtError(text)
    return screen.draw(y, x, style, text)[1]


def pieces(update: CompositorUpdate) -> Iterator[tuple[int, int, Strip]]:
    """Rows, columns and what is drawn from there on, in the order and with the cuts of `render_segments`."""
    if isinstance(update, LayoutUpdate):
        for y, line in enumerate(update.strips, update.region.y):
            x = update.region.x
            for strip in line:
                yield y, x, strip
                x += strip.cell_length
    elif isinstance(update, ChopsUpdate):
        for y, left, right in update.spans:
            for end, (x, part) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
                if part is not None and x <= right and end > left:
                    whole = left <= x < right and end <= right
                    yield y, x, part if whole else part.crop(0, min(end, right) - x)
    else:
        raise DoubtError(type(update).__name__)
