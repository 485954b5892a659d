"""Random screens, and the frames in which a compositor would write them."""

from dataclasses import dataclass, field
from random import Random

from rich.cells import cell_len
from rich.segment import Segment as RichSegment
from rich.style import Style
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

STYLES = (
    "",
    "1",
    "2;3",
    "1;2",
    "4;31",
    "7",
    "9;38;5;120",
    "53;94",
    "21;5",
    "38;2;10;20;30;48;2;1;2;3",
    "38;2;250;20;30;48;2;1;2;3",
    "1;38;2;250;20;30;48;2;90;2;3",
    "48;2;1;2;3",
    "92;104",
    "32;48;5;17",
)
LINKS = ("id=1;https://a.example", "id=2;https://b.example/x?y=1")
TEXTS = (
    "   ",
    "              ",
    "abc",
    "12.34",
    "+0.5%",
    "x",
    "─│┌",
    "⣿⡇ ",
    "▲▼",
    "漢字",
    "한",
    "🙂",
    "e\u0301",
    "❤\ufe0f",
    "👩\u200d🚀",
    "🇨🇭",
    "a 漢 b",
)

Segment = tuple[str, str, str]
"""Text, SGR codes, link."""
Row = tuple[Segment, ...]


def fitted(parts: list[Segment], width: int) -> Row:
    """Segments cropped or filled with blanks to a width, as strips are."""
    row: list[Segment] = []
    left = width
    for text, style, link in parts:
        # Textual cuts no wide character: where one does not fit it leaves a blank.
        if (size := cell_len(text)) > left:
            break
        row.append((text, style, link))
        left -= size
    return (*row, (" " * left, "48;2;1;2;3", ""))


def drawn(chance: Random, width: int) -> Row:
    """A random row of a screen."""
    return fitted([segment(chance) for _ in range(chance.randrange(9))], width)


def segment(chance: Random) -> Segment:
    """A random piece of a row; few have a link."""
    return chance.choice(TEXTS), chance.choice(STYLES), chance.choice(("", "", "", "", *LINKS))


def rendered(row: Row) -> str:
    """Segments as a strip renders them."""
    out = []
    for text, style, link in row:
        if text:
            body = f"\x1b[{style}m{text}\x1b[0m" if style else text
            out.append(f"\x1b]8;{link}\x1b\\{body}\x1b]8;;\x1b\\" if link else body)
    return "".join(out)


def strip(row: Row) -> Strip:
    """Segments as the compositor has them."""
    return Strip([RichSegment(text, inked(style, link)) for text, style, link in row])


def inked(codes: str, link: str) -> Style | None:
    """A style that is rendered as those codes, with that link."""
    if not codes and not link:
        return None
    style = Style(link=link.partition(";")[2] or None)
    style._ansi = codes
    style._link_id = link.partition(";")[0].removeprefix("id=")
    return style


@dataclass
class Picture:
    """A screen, with the frames that lead to it."""

    width: int
    rows: list[Row] = field(default_factory=list)

    def full(self) -> str:
        """As `LayoutUpdate` writes it."""
        return "\n".join(f"\x1b[{y + 1};1H{rendered(row)}" for y, row in enumerate(self.rows)) + "\x1b[1;1H"

    def some(self, places: list[int]) -> str:
        """Some rows, as `ChopsUpdate` writes them: from the left edge, and not always to the end."""
        parts = []
        for y in places:
            row = self.rows[y]
            cut = row[: max(1, len(row) - y % 3)]
            parts.append(f"\x1b[{y + 1};1H{rendered(cut)}")
        return "\n".join(parts) + "\x1b[1;1H"

    def layout(self) -> LayoutUpdate:
        """The update of `full`, some rows of which are in two parts."""
        lines = []
        for y, row in enumerate(self.rows):
            cut = y % (len(row) + 1)
            lines.append([strip(part) for part in (row[:cut], row[cut:]) if part])
        return LayoutUpdate(lines, Region(0, 0, self.width, len(lines)))  # type: ignore[arg-type]

    def chops(self, places: list[int], chance: Random) -> ChopsUpdate:
        """An update of some rows in parts of which some are hidden, and of each row only what lies between two columns."""
        lines: list[dict[int, Strip | None]] = [{} for _ in self.rows]
        ends: list[list[int]] = [[] for _ in self.rows]
        spans = []
        for y in places:
            whole = strip(self.rows[y])
            cuts = sorted({0, self.width, *(chance.randrange(self.width) for _ in range(chance.randrange(4)))})
            left = chance.choice((0, 0, chance.randrange(self.width)))
            for x, end, part in zip(cuts, cuts[1:], whole.divide(cuts[1:]), strict=False):
                # A span of which nothing is drawn would be a newline from wherever the cursor is.
                lines[y][x] = part if x <= left < end or chance.random() < 0.9 else None
            ends[y] = cuts[1:]
            spans.append((y, left, chance.choice((self.width, chance.randint(left, self.width)))))
        return ChopsUpdate(lines, spans, ends)
