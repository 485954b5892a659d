"""What a cell looks like besides its text, and the shortest way from one look to another.

A style is read from the parameters of `CSI ... m` and written back as them; colours stay the codes they came as, so
that 16, 256 and true colours are all the same here.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

ON: Final = {"1", "2", "3", "4", "5", "6", "7", "8", "9", "21", "51", "52", "53"}
OFF: Final = {
    "22": {"1", "2"},
    "23": {"3"},
    "24": {"4", "21"},
    "25": {"5", "6"},
    "27": {"7"},
    "28": {"8"},
    "29": {"9"},
    "54": {"51", "52"},
    "55": {"53"},
}
ENDS: Final = {"1": "22", "2": "22", "3": "23", "4": "24", "5": "25", "7": "27", "9": "29"}
"""What ends an attribute, where every terminal agrees; from the others the way leads over a full reset."""
UNSEEN_ON_BLANKS: Final = frozenset({"1", "2", "3"})
COLOUR_LENGTHS: Final = {"5": 2, "2": 4}
"""Numbers of an extended colour after its 38 or 48."""


class Look(NamedTuple):
    """A style by value."""

    attributes: frozenset[str] = frozenset()
    """SGR codes that are on: bold is 1."""
    front: str = ""
    """SGR codes of the foreground, empty for the terminal's own."""
    back: str = ""
    """The same for the background."""
    link: str = ""
    """Parameters and target of an OSC 8 hyperlink, as `id=1;https://...`."""

    @property
    def erasable(self) -> bool:
        """Whether an erased cell looks like a space of this style, where erasing takes the background colour."""
        return not self.link and self.attributes <= UNSEEN_ON_BLANKS

    def codes(self) -> list[str]:
        """The SGR codes that make it out of nothing."""
        return [*sorted(self.attributes, key=int), *filter(None, (self.front, self.back))]


def applied(look: Look, parameters: str) -> Look | None:
    """A style after `CSI parameters m`; None when they are not understood."""
    attributes, front, back = set(look.attributes), look.front, look.back
    codes = iter(parameters.split(";"))
    for code in codes:
        if code in {"", "0"}:
            attributes, front, back = set(), "", ""
        elif code in ON:
            attributes.add(code)
        elif code in OFF:
            attributes -= OFF[code]
        elif code in {"38", "48"}:
            colour = _extended(code, codes)
            if colour is None:
                return None
            front, back = (colour, back) if code == "38" else (front, colour)
        elif code == "39":
            front = ""
        elif code == "49":
            back = ""
        elif len(code) == 2 and code[0] in "39" and code[1] in "01234567":
            front = code
        elif code[:-1] in {"4", "10"} and code[-1] in "01234567":
            back = code
        else:
            return None
    return Look(frozenset(attributes), front, back, look.link)


def _extended(code: str, rest: Iterator[str]) -> str | None:
    """The colour after a 38 or 48, as 38;5;n or 38;2;r;g;b."""
    kind = next(rest, "")
    numbers = [next(rest, "") for _ in range(COLOUR_LENGTHS.get(kind, 0) - 1)]
    if not numbers or not all(number.isdecimal() for number in numbers):
        return None
    return ";".join((code, kind, *numbers))


def change(old: Look | None, new: Look) -> str:
    """The shortest bytes that lead from one style to another; from None, which is any, over a reset."""
    # Where no link can be open none is closed: old consoles would print that.
    link = "" if new.link == (old.link if old else "") else f"\x1b]8;{new.link or ';'}\x1b\\"
    if old is not None and old[:3] == new[:3]:
        return link
    full = ";".join(("0", *new.codes())) if new[:3] != Look()[:3] else ""
    if old is None:
        return f"\x1b[{full}m{link}"
    step = _difference(old, new)
    return f"\x1b[{full if step is None or len(full) < len(step) else step}m{link}"


def _difference(old: Look, new: Look) -> str | None:
    """The codes for what differs; None when something has to end that only a reset ends everywhere."""
    gone = old.attributes - new.attributes
    if any(code not in ENDS for code in gone):
        return None
    ends = {ENDS[code] for code in gone}
    kept = {code for code in new.attributes & old.attributes if ENDS.get(code) in ends}
    codes = [*sorted(ends), *sorted(new.attributes - old.attributes | kept, key=int)]
    if old.front != new.front:
        codes.append(new.front or "39")
    if old.back != new.back:
        codes.append(new.back or "49")
    return ";".join(codes)
