"""A widget that draws whole lines itself, and a strip that is nobody's garbage."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import Any, NamedTuple
from weakref import ref

from rich.cells import cached_cell_len
from rich.segment import Segment
from rich.style import Style
from textual._styles_cache import StylesCache
from textual.app import App
from textual.cache import FIFOCache
from textual.color import Color
from textual.css.model import RuleSet
from textual.css.styles import RenderStyles, StylesBase
from textual.css.stylesheet import Stylesheet
from textual.filter import ANSIToTruecolor, LineFilter
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget

CACHES = ("_style", "_filter", "_line_length", "_crop_extend", "_offsets")
"""What a strip keeps of what was made of it."""
KEPT = 4
"""Of each, so many."""
REMEMBERED = (
    StylesCache.get_inner_outer,
    Region.intersection,
    Region.overlaps,
    Region.translate,
    ANSIToTruecolor.truecolor_style,
    Style._add,
    cached_cell_len,
)
"""What is remembered of arguments that hardly come again."""


class WholeStrip(Strip):
    """A strip that doesn't keep itself among its own divisions, and has no caches until it is asked for what is in them.

    Textual's does as soon as it is put on the screen uncut; it is then freed by the cyclic collector alone, and at a
    few hundred drawn lines a second the collector holds the screen for 50 ms every five seconds. And it makes seven
    caches at once, of which most lines use one or none.
    """

    __slots__ = ("made",)

    def __init__(self, segments: Iterable[Segment], cell_length: int | None = None) -> None:
        self.made: object = None
        """What a driver has made of it, and may want again, as Textual keeps the text of a strip."""
        self._segments = list(segments)
        self._cell_length = cell_length
        self._render_cache = self._link_ids = self._cell_count = None

    def __getattr__(self, name: str) -> object:
        if name.removesuffix("_cache") not in CACHES:
            raise AttributeError(name)
        cache: FIFOCache[object, object] = FIFOCache(KEPT)
        setattr(self, name, cache)
        return cache

    def divide(self, cuts: Iterable[int]) -> Sequence[Strip]:
        """Cut into strips at these cells; uncut, it is the strip itself. It is not kept: a line is mostly painted once."""
        length = self.cell_length
        places = [cut for cut in cuts if cut <= length]
        if places == [length]:
            return [self]
        widths = (cut - before for before, cut in pairwise((0, *places)))
        return list(map(WholeStrip, Segment.divide(self._segments, places), widths))

    def crop(self, start: int, end: int | None = None) -> Strip:
        """The cells from `start` to before `end`; not kept either."""
        length = self.cell_length
        start, end = max(0, start), length if end is None else min(end, length)
        if start == 0 and end == length:
            return self
        if start >= end:
            return WholeStrip([], 0)
        *_, inside = Segment.divide(self._segments, [start, end] if start else [end])
        return WholeStrip(inside, end - start)

    def apply_filter(self, filter: LineFilter, background: Color) -> Strip:  # noqa: A002 -- Textual's name
        """The strip with its colours filtered."""
        key = filter, background
        kept = self._filter_cache.get(key)
        if kept is None:
            segments = filter.apply(self._segments, background)
            kept = self._filter_cache[key] = WholeStrip(segments, self._cell_length)
        return kept


class _Lines(StylesCache):
    """Keeps a widget's lines as it drew them."""

    def render_line(
        self,
        styles: StylesBase,
        y: int,
        size: Size,
        content_size: Size,
        *rest: object,
    ) -> Strip:
        """A line of the content as it is; one of the frame above it is Textual's."""
        top, right, bottom, left = styles.gutter
        if y < top or right or bottom or left or content_size.width != size.width:
            return super().render_line(styles, y, size, content_size, *rest)  # type: ignore[arg-type]
        draw = rest[3]
        return draw(y - top)  # type: ignore[operator, no-any-return]


def forget_drawn(app: App[Any]) -> None:
    """Let go of the lines that Textual keeps of each widget: in a day of screens they are 10,000 strips, and 70,000 caches.

    Those that are wanted again are drawn again. It keeps closed dialogs by them, too. And what it and Rich remember of
    single regions, texts and colours fills up over hours, a megabyte at a time, between what stays.
    """
    for remembered in REMEMBERED:
        remembered.cache_clear()
    for node in app._registry:
        if isinstance(node, Widget):
            node._styles_cache.clear()


class _Styled(NamedTuple):
    """By what component styles were worked out: the style sheet, and whether a widget had the keys.

    A theme makes all rules anew. A widget that is not shown must not hold those of a theme that was looked at: with the
    screens that are kept, that is several times three megabytes.
    """

    first: ref[RuleSet]
    rules: int
    """How many there are for the component classes: another screen brings rules of its own."""
    focused: bool

    def of(self, sheet: Stylesheet, rules: int) -> bool:
        """Whether the rules are the same."""
        return self.first() is sheet.rules[0] and self.rules == rules


class Painted(Widget):
    """A widget whose `render_line` returns full lines, opaque and as wide as its content.

    They go to the screen as they are. Textual would copy each for borders at its sides and a tint, which it has none of;
    a border above, with a title, is Textual's.
    """

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self._styles_cache = _Lines()
        self._styled: _Styled | None = None
        """By what the component styles were last worked out."""
        self._otherwise: dict[str, RenderStyles] | None = None
        """The component styles that differ when it has not the keys, or has them: what is not now, if it was before."""

    def _get_component_classes(self) -> frozenset[str]:  # type: ignore[override]
        """The component classes to work out styles for: all of them when those may be others, else none.

        Textual does it, with a node and a search of all rules for each, whenever a class near the widget changes, and for
        every key that takes the keys to another list or screen. In ours no component rule depends on a class, so that a
        panel that comes forward would pay for nothing.
        """
        names, sheet, last = super()._get_component_classes(), self.app.stylesheet, self._styled
        rules = sum(len(sheet.rules_map.get(name, ())) for name in ("*", *(f".{each}" for each in names)))
        self._styled = _Styled(ref(sheet.rules[0]), rules, self.has_focus)
        # A widget that is taken off the screen has lost its styles.
        if last is None or not last.of(sheet, rules) or not self._component_styles:
            self._otherwise = None
            return names
        if last.focused == self.has_focus:
            return frozenset()
        if self._otherwise is None:
            self._otherwise = self._component_styles.copy()
            return names
        self._swap()
        return frozenset()

    def _swap(self) -> None:
        """Take the styles of before the keys came or went; only those that differ are kept, of which a list has one."""
        now, before = self._component_styles, self._otherwise or {}
        changed = {name: style for name, style in before.items() if style != now[name]}
        self._otherwise = {name: now[name] for name in changed}
        if changed:
            now.update(changed)
            self.refresh()

    @property
    def key_in_hand(self) -> bool:
        """Whether the echo of a key is still to be painted, which goes first."""
        return getattr(self.app, "key_in_hand", False)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Those of the app but the one that makes true colours: a theme's are, or are all to be the terminal's own."""
        return [each for each in super().get_line_filters() if not isinstance(each, ANSIToTruecolor)]

    @contextmanager
    def painting_at_once(self) -> Iterator[None]:
        """What changes within is painted at its end, and nothing else: it would go through three queues, with the rest."""
        waiting, self._repaint_regions = self._repaint_regions, set()
        try:
            yield
        finally:
            if self._repaint_regions and self.is_attached and self.display and self.screen.is_current:
                screen = self.screen
                others, screen._dirty_widgets = screen._dirty_widgets, {self}
                screen._on_timer_update()
                screen._dirty_widgets |= others
                self._repaint_required = False
            if waiting:
                self._repaint_regions |= waiting
                self._repaint_required = True
                self.check_idle()
