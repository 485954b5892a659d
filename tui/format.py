"""From a value to the text of a cell and the role that colours it. Pure; nothing here knows a terminal.

Every function takes None, NaN and infinities for unknown, and never returns more than `width` characters: it gives up
decimals first, then takes a suffix (K, M, B, T), then an exponent. Returns are fractions, as in the model. Signs are
plain ASCII and always shown where a sign has a meaning, so that no figure depends on its colour.
"""

import math
import re
import unicodedata
from datetime import date
from typing import NamedTuple


class Cell(NamedTuple):
    """What one cell shows. A role is a name of the theme (`up`, `down`, `muted`, ...); "" is plain text."""

    text: str
    role: str = ""


MISSING = Cell("-", "muted")
"""Unknown is never zero."""

YIELD_DIGITS = 3
"""Decimals of a yield in percent, as its exchange quotes it: 4.253."""

_SCALES = ((1.0, ""), (1e3, "K"), (1e6, "M"), (1e9, "B"), (1e12, "T"))

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
_FINAL_DAYS = 5
"""A close is the market's latest for so many days: a weekend with holidays around it."""
_YEAR_DAYS = 330
"""From here on a month and a day could be taken for this year's."""


def price(value: float | None, digits: int | None = None, width: int = 9) -> Cell:
    """A price: `213.14`, `18398.45`, under 1 `0.4310`; a price under 0.001 keeps three significant digits.

    `digits` fixes the decimals instead (`YIELD_DIGITS` for a yield).
    """
    known = finite(value)
    if known is None:
        return MISSING
    if digits is None:
        digits = 2 if abs(round(known, 4)) >= 1 else 4
        if 0 < abs(known) < 0.001:
            digits = 2 - math.floor(math.log10(abs(known)))
            if len(text := f"{known:.{digits}f}") > width:
                text = _exponent(known, width, digits=2)
            return Cell(text)
    return Cell(_fit(known, digits, width))


def change(value: float | None, width: int = 7) -> Cell:
    """A return (a fraction) as signed percent without the sign `%`: 0.0172 is `+1.72`."""
    return _signed(value, 100, width)


def points(value: float | None, width: int = 7) -> Cell:
    """An excess return (a fraction) as signed percentage points: 0.0109 is `+1.09`."""
    return _signed(value, 100, width)


def zscore(value: float | None, width: int = 6) -> Cell:
    """A z-score with its sign: `+4.42`."""
    return _signed(value, 1, width)


def ratio(value: float | None, *, rough: bool = False, width: int = 6) -> Cell:
    """A volume ratio: `0.43`, `1.9`, `36.8`, `237`; `~` before it marks a rough one."""
    known = finite(value)
    if known is None:
        return MISSING
    mark = "~" if rough else ""
    digits = 2 if abs(round(known, 2)) < 1 else 1 if abs(round(known, 1)) < 100 else 0
    return Cell(mark + _fit(known, digits, width - len(mark)))


def dollars(value: float | None, width: int = 6) -> Cell:
    """An amount of money in the units of its currency: `950`, `2.4M`, `10.8B`."""
    known = finite(value)
    return MISSING if known is None else Cell(_compact(known, width))


def shares(value: float | None, width: int = 6) -> Cell:
    """A number of shares: `950`, `31.2K`, `50.7M`."""
    return dollars(value, width)


def rank(value: int | None, width: int = 4) -> Cell:
    """A position in a list, 1 is best."""
    known = finite(value)
    return MISSING if known is None else Cell(_fit(known, 0, width))


def age(seconds: float | None, *, final: bool = False, session: date | None = None) -> Cell:
    """How old a price is at the moment that is shown: `3s`, `2m`, `1h`, `eod` for a close; five characters at most.

    Older than a day (a close: than a long weekend) it is the date of its `session`, `07-12`, or its year when a date
    would mislead; without a session it is the days, `3d`.
    """
    known = finite(seconds)
    if known is None:
        return MISSING
    known = max(known, 0.0)
    days = known / _DAY
    if days < (_FINAL_DAYS if final else 1):
        if final:
            return Cell("eod", "muted")
        size, unit = (1, "s") if known < _MINUTE else (_MINUTE, "m") if known < _HOUR else (_HOUR, "h")
        return Cell(f"{known // size:.0f}{unit}")
    if session is None:
        return Cell(_fit(math.floor(days), 0, 4) + "d", "muted")
    return Cell(f"{session:%m-%d}" if days < _YEAR_DAYS else f"{session:%Y}", "muted")


_ESCAPES = re.compile(
    r"(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?"  # OSC, DCS, SOS, PM, APC: to the end
    r"|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?"  # CSI: colours, cursor
    r"|\x1b[ -/]*[0-~]?",
)
_DROPPED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Mn", "Me"})
"""Control, format (bidi, zero width), surrogate, private, unassigned, and marks that found no letter to join."""


MESSAGE = 600
"""Cells of the longest message of an error: a path, what was found, and what was expected."""


def clean(text: str, limit: int = 80) -> str:
    """Make outside text safe to print on one line of at most `limit` cells; a longer one ends in `…`.

    Removes escape sequences, control and format characters (bidirectional overrides, zero width) and stacked marks;
    any white space becomes one space.
    """
    if not (text.isascii() and text.isprintable()):
        text = unicodedata.normalize("NFC", _ESCAPES.sub("", text))
        text = "".join(" " if c.isspace() else c for c in text if c.isspace() or _printable(c))
    text = " ".join(text.split())
    if len(text) * 2 <= limit or sum(map(_cells, text)) <= limit:
        return text
    room, kept = limit - 1, 0
    for character in text:
        room -= _cells(character)
        if room < 0:
            break
        kept += 1
    return text[:kept].rstrip() + "…"[:limit]


def typed(text: str) -> str:
    """What may stand on a line that is being typed: as `clean`, but uncut, and with its spaces as they are."""
    if text.isascii() and text.isprintable():
        return text
    text = unicodedata.normalize("NFC", _ESCAPES.sub("", text))
    return "".join(" " if character.isspace() else character for character in text if _stays(character))


def _stays(character: str) -> bool:
    return character.isspace() or _printable(character)


def csv_safe(text: str) -> str:
    """Keep a spreadsheet from taking an exported text field for a formula: a leading `=`, `+`, `-`, `@`, ... gets a `'`.

    For text only: a negative number is no formula.
    """
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")) else text


def finite(value: float | None) -> float | None:
    """`value` as a finite float, else None."""
    if value is None:
        return None
    try:
        number = float(value)
    except OverflowError:  # an int beyond any float
        return None
    return number if math.isfinite(number) else None


def _signed(value: float | None, factor: float, width: int) -> Cell:
    """`value * factor` with two decimals and its sign; what rounds to zero has none and is `flat`."""
    known = finite(value)
    if known is None or (known := finite(known * factor)) is None:
        return MISSING
    text = _fit(known, 2, width, sign="+")
    if not text.strip("+0."):
        return Cell(text.removeprefix("+"), "flat")
    return Cell(text, "up" if known > 0 else "down")


def _fit(value: float, digits: int, width: int, sign: str = "") -> str:
    """`value` with `digits` decimals, or as many as fit; then compact. `sign` is "+" to show a plus."""
    for places in range(digits, -1, -1):
        text = f"{value:{sign}z.{places}f}"
        if len(text) <= width:
            return text
    return _compact(value, width, sign)


def _compact(value: float, width: int, sign: str = "") -> str:
    """Whole under a thousand, then with one decimal and a suffix; the suffix follows the rounded figure."""
    for places in (1, 0):
        for size, suffix in _SCALES:
            text = f"{value / size:{sign}z.{places if suffix else 0}f}"
            if abs(float(text)) < 1000:
                if len(text) + len(suffix) <= width:
                    return text + suffix
                break
    return _exponent(value, width, sign)


def _exponent(value: float, width: int, sign: str = "", digits: int = 0) -> str:
    """`1e18`; a figure that no notation fits is a row of `#`, as spreadsheets have it, never a part of a number."""
    for places in range(digits, -1, -1):
        mantissa, _, power = f"{value:{sign}.{places}e}".partition("e")
        text = f"{mantissa}e{int(power)}"
        if len(text) <= width:
            return text
    return "#" * width


def _printable(character: str) -> bool:
    """Whether a terminal shows `character` in cells of its own."""
    return unicodedata.category(character) not in _DROPPED


def _cells(character: str) -> int:
    """Cells that `character` takes: 2 for the wide ones of East Asia and for emoji."""
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
