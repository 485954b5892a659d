"""Draws what the compositor has made into the wanted screen, strip by strip, without the text a terminal would read.

What is not plain (a hyperlink, a control character) is left to the text and its doubts.
"""

from collections.abc import Iterator

from rich.color import ColorSystem
from rich.console import Console
from rich.style import Style as RichStyle
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.strip import Strip

from tui.link.cells import Cells, Style
from tui.link.plain import Plain
from tui.link.screen import DoubtError, Screen


def draw(screen: Screen, update: CompositorUpdate, console: Console) -> None:
    """Draw an update as its text would be; DoubtError when something is not plain, and then part of it may be drawn."""
    colours = console._color_system or ColorSystem.TRUECOLOR
    inks = Inks(screen.cells, colours)
    strips: list[Strip] = []
    at_y = begun = at_x = -1
    for y, x, strip in pieces(update):
        if y >= screen.height or x >= screen.width:
            raise DoubtError(strip)
        if y != at_y or x != at_x:
            _put(screen, at_y, begun, strips, inks)
            at_y, begun, strips = y, x, []
            screen.touched.add(y)
        strips.append(strip)
        at_x = x + strip.cell_length
    _put(screen, at_y, begun, strips, inks)


class Inks:
    """What Rich's styles are once they are written."""

    def __init__(self, cells: Cells, colours: ColorSystem) -> None:
        self._cells, self._colours = cells, colours
        self.base = cells.base
        self.known = cells.base.after
        """By the codes of a style."""

    def of(self, style: RichStyle) -> Style:
        """A style that has codes, or a link."""
        codes = self._codes(style) if style._ansi is None else style._ansi
        found = (self.known.get(codes) or self._cells.follow(self.base, codes)) if codes else self.base
        if found is None or style._link:
            raise DoubtError(codes)
        return found

    def _codes(self, style: RichStyle) -> str:
        """The codes of a style. Textual keeps them by all of a style, and each place on the screen is one of its own."""
        seen = style._color, style._bgcolor, style._attributes & style._set_attributes
        codes = self._cells.codes.get(seen)
        if codes is None:
            codes = self._cells.codes[seen] = Strip.render_ansi.__wrapped__(Strip, style, self._colours)
        style._ansi = codes
        return codes


def _put(screen: Screen, y: int, x: int, strips: list[Strip], inks: Inks) -> None:
    """Draw strips one after the other: as they are, or text by text where something is not plain."""
    made = getattr(strips[0], "made", None) if len(strips) == 1 else None
    if isinstance(made, Plain) and made.inks is screen.cells.inks and screen.take(y, x, made):
        return
    texts: list[str] = []
    at: list[Style] = []
    last, known = None, inks.known
    for strip in strips:
        for text, style, _control in strip:
            if style is None:
                ink = inks.base
            else:
                ink = known.get(style._ansi or "")  # type: ignore[assignment]
                if ink is None or style._link:
                    ink = inks.of(style)
            if ink is last:
                texts[-1] += text
            else:
                texts.append(text)
                at.append(ink)
                last = ink
    if not texts:
        return
    plain = Plain.of(texts, at, screen.cells.inks)
    if plain is not None and screen.take(y, x, plain):
        if len(strips) == 1 and hasattr(strips[0], "made"):
            strips[0].made = plain
        return
    for strip in strips:
        for text, style, _control in strip:
            if "\x1b" in text or "\n" in text:
                raise DoubtError(text)
            _, x, _ = screen.text(y, x, inks.of(style) if style is not None else inks.base, text)


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
