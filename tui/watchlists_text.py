"""The text of `watchlists.toml`, edited so that comments, spacing and order stay as the user left them. Pure.

A list is a block: its line `[Name]`, the comment lines right above it, and all lines until the next block. The text is
always one that `watchlists` has read without complaint, so that every list has such a line; lines end with a line feed.
"""

import json
import re
import tomllib
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple, cast

if TYPE_CHECKING:
    from tomlkit import TOMLDocument
    from tomlkit.items import Table


_HEADER = re.compile(r"""(?m)^([ \t]*\[)(?:[^\[\]"'\n]|"(?:[^"\\\n]|\\.)*"|'[^'\n]*')+\](?=[ \t]*(?:#[^\n]*)?$)""")
_COMMENT_LINES = re.compile(r"(?m)(?:^[ \t]*#[^\n]*\n)+\Z")
_BARE = re.compile(r"[A-Za-z0-9_-]+")

_TRIVIA = r"(?:\s|\#[^\n]*+)*+"
_ENTRY = re.compile(
    rf"(?P<lead>{_TRIVIA})(?P<value>\"[^\"\\\n]*\"|'[^'\n]*')"
    rf"(?:(?P<gap>{_TRIVIA})(?P<comma>,))?(?P<tail>[ \t]*+\#[^\n]*+)?"
)
_ONLY_TRIVIA = re.compile(_TRIVIA)

_LINE = 100
"""Characters of a line after which a new symbol begins the next one."""
_INDENT = "    "


class Block(NamedTuple):
    """A part of the file: a list with its text, or (name None) what stands before the first one."""

    name: str | None
    text: str


class _Entry(NamedTuple):
    """A symbol of an array: what stands before it, the symbol in its quotes, and the comment behind it."""

    lead: str
    value: str
    tail: str = ""

    @property
    def symbol(self) -> str:
        return self.value[1:-1].strip().upper()


def blocks(text: str) -> list[Block]:
    """The blocks of the file, in order; their texts joined are the file."""
    parts = []
    start, name = 0, None
    for header in _HEADER.finditer(text):
        (found, body) = next(iter(tomllib.loads(header[0]).items()))
        if body:  # a dotted name: no list
            continue
        comment = _COMMENT_LINES.search(text, start, header.start())
        end = comment.start() if comment else header.start()
        parts.append(Block(name, text[start:end]))
        start, name = end, found
    return [*parts, Block(name, text[start:])]


def block(name: str, symbols: Sequence[str], benchmark: str) -> str:
    """The text of a new list."""
    return f"[{_key(name)}]\nbenchmark = {json.dumps(benchmark)}\nsymbols = {rearranged('[]', symbols)}\n"


def appended(text: str, new: str) -> str:
    """The file with one more block at its end, after a blank line."""
    return f"{text.rstrip()}\n\n{new}" if text.strip() else new


def without(text: str, name: str) -> str:
    """The file without a list."""
    return "".join(part.text for part in blocks(text) if part.name != name)


def renamed(text: str, name: str, new: str) -> str:
    """The file with another name for a list."""
    return _edited(text, name, lambda old: _HEADER.sub(lambda header: f"{header[1]}{_key(new)}]", old, count=1))


def with_benchmark(text: str, name: str, benchmark: str) -> str:
    """The file with another benchmark for a list."""
    return _edited(text, name, lambda old: _with_value(_document(old), name, "benchmark", json.dumps(benchmark)))


def with_symbols(text: str, name: str, symbols: Sequence[str]) -> str:
    """The file with exactly these symbols in a list, in this order; see `rearranged`."""

    def edit(old: str) -> str:
        document = _document(old)
        table = cast("Table", document[name])
        array = table["symbols"].as_string() if "symbols" in table else "[]"
        return _with_value(document, name, "symbols", rearranged(array, symbols))

    return _edited(text, name, edit)


def rearranged(array: str, symbols: Sequence[str]) -> str:
    """The TOML array of symbols with exactly these, in this order.

    A comment behind a symbol goes where the symbol goes, and goes with it. Layout and comments on lines of their own
    stay where they are. New symbols follow the layout: a line each if the last one has its own, else filled lines.
    """
    entries, closing, trailing = _parsed(array)
    if _ONLY_TRIVIA.fullmatch(closing) is None:  # spelled in a way that nobody writes: escapes in a symbol
        entries, closing, trailing = [], "", False
    kept, closing = _without_others(entries, closing, frozenset(symbols))
    leads = [entry.lead for entry in kept]
    by_symbol = {entry.symbol: entry for entry in kept}
    indented = [lead for lead in (*leads, closing) if "\n" in lead]
    new_line = f"\n{_indent(leads) or _INDENT}"
    one_each = bool(indented) and (not leads or "\n" in leads[-1])

    slots = iter(leads)
    text, column = "[", len("symbols = [")
    commented = False
    for number, symbol in enumerate(symbols):
        entry = by_symbol.get(symbol)
        value = entry.value if entry else json.dumps(symbol)
        lead = next(slots, None) if entry or number == 0 else None
        if lead is None:
            full = column + len(value) > _LINE
            lead = new_line if full or (one_each and (number or indented)) else " " if number else ""
        if commented and not lead.lstrip(" \t").startswith("\n"):
            lead = new_line
        comma = "," if trailing or number < len(symbols) - 1 else ""
        piece = f"{lead}{value}{comma}{entry.tail if entry else ''}"
        commented = bool(entry and entry.tail)
        column = len(piece) - piece.rfind("\n") if "\n" in piece else column + len(piece)
        text += piece
    if commented and not closing.lstrip(" \t").startswith("\n"):
        closing = "\n" + closing
    return f"{text}{closing}]"


def _parsed(array: str) -> tuple[list[_Entry], str, bool]:
    """The entries of an array, what stands before its bracket, and whether the last entry has a comma."""
    entries = []
    position, trailing = 1, False
    while entry := _ENTRY.match(array, position):
        inner = (entry["gap"] or "").rstrip() if "#" in (entry["gap"] or "") else ""
        entries.append(_Entry(entry["lead"], entry["value"], inner + (entry["tail"] or "")))
        position, trailing = entry.end(), entry["comma"] is not None
    return entries, array[position:-1], trailing


def _without_others(entries: Sequence[_Entry], closing: str, wanted: frozenset[str]) -> tuple[list[_Entry], str]:
    """The entries that are wanted, each once; what stood on lines of its own before the others passes to the next."""
    kept: list[_Entry] = []
    seen: set[str] = set()
    orphan: str | None = None
    for entry in entries:
        if entry.symbol in wanted and entry.symbol not in seen:
            seen.add(entry.symbol)
            kept.append(entry if orphan is None else entry._replace(lead=_merged(orphan, entry.lead)))
            orphan = None
        else:
            orphan = entry.lead if orphan is None else _merged(orphan, entry.lead)
    if orphan is not None and "#" in orphan:
        closing = _merged(orphan, closing if closing.lstrip(" \t").startswith("\n") else "\n")
    return kept, closing


def _merged(before: str, after: str) -> str:
    """What stands before a symbol when the one before it goes: a line break of either stays, and all comments."""
    return before.rstrip() + after if after.lstrip(" \t").startswith("\n") else before


def _indent(leads: Sequence[str]) -> str:
    """The indent of the last symbol that begins a line."""
    return next((lead.rpartition("\n")[2] for lead in reversed(leads) if "\n" in lead), "")


def _edited(text: str, name: str, edit: Callable[[str], str]) -> str:
    """The file with one block edited."""
    return "".join(edit(part.text) if part.name == name else part.text for part in blocks(text))


def _document(text: str) -> "TOMLDocument":
    """The text as tomlkit has it, which is imported for a change and not for a start."""
    import tomlkit

    return tomlkit.parse(text)


def _with_value(document: "TOMLDocument", name: str, key: str, value: str) -> str:
    """The text of a block with `key = value`, in place, or right below the header where there was none."""
    table = cast("Table", document[name])
    if key in table:
        table[key] = _document(f"x = {value}")["x"]
        return document.as_string()
    text = document.as_string()
    header = _HEADER.search(text)
    assert header
    end = text.find("\n", header.end())
    line = f"\n{key} = {value}"
    return text + line + "\n" if end < 0 else text[:end] + line + text[end:]


def _key(name: str) -> str:
    """The name as a TOML key."""
    return name if _BARE.fullmatch(name) else json.dumps(name, ensure_ascii=False)
