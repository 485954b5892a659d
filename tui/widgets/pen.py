"""Draws one line with few changes of style: every change costs about forty bytes on the wire."""

from functools import lru_cache

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from tui.widgets.column import width_of
from tui.widgets.painted import WholeStrip


def component_style(widget: Widget, *names: str) -> Style:
    """The style of component classes laid over a widget's own, the last one on top; unknown names add nothing."""
    known = [name for name in names if name in widget._component_styles]
    looks = {name: widget.get_component_styles(name) for name in known}
    # A visual style has no reverse video, the only mark that a terminal without colours can show.
    reverse = [name for name, look in looks.items() if look.text_style.reverse]
    if not reverse:
        return widget.get_visual_style(*known).rich_style
    others = [name for name in known if name not in reverse]
    if any(looks[name].has_rule("background") for name in others):
        # What flashes stands out by being the other way round again.
        return widget.get_visual_style(*others).rich_style
    # In one colour: those of the texts would be grounds, and what is bold is dark grey on them on a plain console.
    style = widget.get_visual_style(*reverse).rich_style + Style(reverse=True)
    return style + Style(underline=True) if any(look.text_style.underline for look in looks.values()) else style


class Looks:
    """The styles of a widget's parts and roles, worked out once; one object for one look.

    Runs are then joined by what they are, not by comparing what they are made of.
    """

    def __init__(self, widget: Widget, kind: str) -> None:
        """Ask a widget for its component classes `kind--name`."""
        self._widget, self._kind = widget, kind
        self._styles: dict[tuple[str, ...], Style] = {}
        self._same: dict[Style, Style] = {}

    def __call__(self, *names: str) -> Style:
        """The style of some parts or roles, the last one on top."""
        if (style := self._styles.get(names)) is None:
            style = component_style(self._widget, *(f"{self._kind}--{name}" for name in names))
            style = self._styles[names] = self._same.setdefault(style, style)
        return style

    def clear(self) -> None:
        """Forget them: the theme is another."""
        self._styles.clear()
        self._same.clear()


@lru_cache(4096)
def same_blank(one: Style, two: Style) -> bool:
    """Whether a space looks the same in both styles, which may then differ in their text colour alone."""
    return one is two or (
        one.bgcolor == two.bgcolor
        and not (one.underline or one.reverse or one.strike)
        and not (two.underline or two.reverse or two.strike)
    )


def difference(old: Strip, new: Strip) -> tuple[int, int] | None:
    """The cells (first, one past the last) outside which two strips look the same; None when they are equal."""
    one, two = cells_of(old), cells_of(new)
    if len(one) != len(two):
        return 0, max(len(one), len(two))
    places = [place for place, (before, after) in enumerate(zip(one, two, strict=True)) if before != after]
    return (places[0], places[-1] + 1) if places else None


def cells_of(strip: Strip) -> list[tuple[str, Style | None]]:
    """The cells of a strip as (sign, look): a wide sign stands in both of its cells, and a blank has no text colour."""
    cells: list[tuple[str, Style | None]] = []
    for text, style, _ in strip:
        for sign in text:
            look = style if sign != " " or style is None else _blank_look(style)
            cells += [(sign, look)] * width_of(sign)
    return cells


@lru_cache(4096)
def _blank_look(style: Style) -> Style:
    if style.underline or style.reverse or style.strike:
        return style
    return Style(bgcolor=style.bgcolor)


class Pen:
    """Writes texts and blanks from left to right; blanks join the run before or after them where that looks the same."""

    __slots__ = ("_base", "_styles", "_texts", "x")

    def __init__(self, base: Style) -> None:
        """Start an empty line whose blanks have the style `base`."""
        self._base = base
        self._texts: list[str] = []
        self._styles: list[Style] = []
        self.x = 0
        """Cells written so far."""

    def move_to(self, x: int) -> None:
        """Write blanks up to cell `x`; nothing when it is passed already."""
        if x > self.x:
            blanks = " " * (x - self.x)
            if self._styles and same_blank(self._styles[-1], self._base):
                self._texts[-1] += blanks
            else:
                self._texts.append(blanks)
                self._styles.append(self._base)
            self.x = x

    def write(self, text: str, style: Style) -> None:
        """Write `text`, of which every character is safe to print."""
        if not text:
            return
        if same_blank(style, self._base):
            inner = text.lstrip(" ")
            self.move_to(self.x + len(text) - len(inner))
            text = inner.rstrip(" ")
            after = len(inner) - len(text)
            self._run(text, style)
            self.move_to(self.x + after)
        else:
            self._run(text, style)

    def _run(self, text: str, style: Style) -> None:
        if not text:
            return
        self.x += width_of(text)
        if self._styles:
            last = self._styles[-1]
            if last == style:
                self._texts[-1] += text
                return
            if same_blank(last, style) and self._texts[-1].isspace():
                self._texts[-1] += text
                self._styles[-1] = style
                return
        self._texts.append(text)
        self._styles.append(style)

    def strip(self, width: int) -> Strip:
        """The line, filled with blanks up to `width` cells."""
        self.move_to(width)
        return WholeStrip(map(Segment, self._texts, self._styles), self.x)
