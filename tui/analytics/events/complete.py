"""What may come next in a condition that is being typed."""

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from tui.analytics.events.error import ConditionError
from tui.analytics.events.figures import FIGURES
from tui.analytics.events.parse import parse
from tui.analytics.events.tree import quoted

MOST = 60
"""Completions at most: more would not be read."""

_WORD = re.compile(r'(?:"[^"\n]*"?(?:\.\w*)?|[\^A-Za-z0-9][\w.\-&^]*)$')
_DIFFERENCE = re.compile(r"[\^\w.&\-]*?\.\w+-")
"""`IWM.1m-` before the word that is being typed."""
_NUMBER = re.compile(r"\d+(?:\.\d+)?")

_KEYWORDS = {
    "AND": (("and ", "both"),),
    "OR": (("or ", "either"),),
    "NOT": (("not ", "the contrary"),),
    "STREAK": (("streak(", "sessions in a row for which a condition held"),),
    "CALENDAR": (
        ("month ", "1 to 12"),
        ("weekday ", "monday to friday"),
        ("day ", "day of the month"),
        ("year ", "calendar year"),
    ),
    "DAYNAME": tuple((name, "") for name in ("monday", "tuesday", "wednesday", "thursday", "friday")),
    "AT": (("at ", "at a high or a low"),),
    "SPAN": (
        ("52w ", "the last 252 sessions"),
        ("all-time ", "all stored sessions"),
        ("20d ", "the last 20 sessions"),
    ),
    "EXTREME": (("high", "the highest close"), ("low", "the lowest close")),
    "COMPARE": tuple((f"{sign} ", "") for sign in (">=", ">", "<", "<=", "==", "!=")),
    "CROSSES": (("crosses above ", "above now, not above before"), ("crosses below ", "below now, not below before")),
    "SIDE": (("above ", ""), ("below ", "")),
    "RPAR": ((")", ""),),
}
_TYPED = {"%": "percent", "pp": "percentage points", "bp": "basis points", "x": "times", "": "a plain number"}
_FIRST = ("1d", "1w", "1m", "3m", "6m", "1y", "ytd", "close", "volume_ratio", "drawdown", "zscore50")
"""Figures offered before the others."""


class Completion(Struct, frozen=True):
    """One way to go on: `text` replaces what stands from `start` to the cursor."""

    text: str
    start: int
    about: str = ""


def completions(text: str, column: int, symbols: Sequence[str]) -> list[Completion]:
    """What may stand at a place of a condition, the likely first; empty where nothing fits what stands before it.

    Args:
        text: The condition so far.
        column: Where the cursor is, in characters from 0; what follows it is not looked at.
        symbols: Symbols to offer, in the order to offer them.
    """
    head = text[:column]
    found = _WORD.search(head)
    word = found[0] if found else ""
    if before := _DIFFERENCE.match(word):
        word = word[before.end() :]
    start = len(head) - len(word)
    accepts = _accepted(head[:start])
    made = [
        Completion(candidate, start, about)
        for candidate, about in _candidates(head[:start], word, accepts, symbols)
        if candidate.lower().startswith(word.lower()) and candidate.lower() != word.lower()
    ]
    return list(dict.fromkeys(made))[:MOST]


def _accepted(text: str) -> set[str]:
    """Kinds of words that may follow; none where the text is wrong already."""
    from lark.exceptions import LarkError

    from tui.analytics.events.reader import grammar

    try:
        parser = grammar().parse_interactive(text)
        parser.exhaust_lexer()
        return set(parser.accepts())  # type: ignore[no-untyped-call]
    except LarkError:
        return set()


def _candidates(before: str, word: str, accepts: set[str], symbols: Sequence[str]) -> Iterator[tuple[str, str]]:
    if "NUMBER" in accepts and _NUMBER.fullmatch(word):
        yield from _numbers(before, word)
    if "SERIES" in accepts or "SYMBOL" in accepts:
        yield from _series(word, symbols, named="SERIES" in accepts)
    for terminal, words in _KEYWORDS.items():
        if terminal in accepts and (word or terminal not in {"NOT", "CALENDAR", "STREAK"} or not before.strip()):
            yield from words


def _series(word: str, symbols: Sequence[str], *, named: bool) -> Iterator[tuple[str, str]]:
    symbol, dot, _ = word.rpartition(".")
    if dot and named:
        names = (*_FIRST, *(name for name in FIGURES if name not in _FIRST))
        yield from ((f"{symbol.upper()}.{name}", FIGURES[name].about) for name in names)
    yield from ((f"{quoted(each)}.", "") for each in symbols)


def _numbers(before: str, word: str) -> Iterator[tuple[str, str]]:
    """The number with each unit that makes sense there."""
    closing = ")" * max(0, before.count("(") - before.count(")"))
    for unit, about in _TYPED.items():
        for ending in (closing, closing and f"{closing} >= 2"):
            try:
                parse(f"{before}{word}{unit}{ending}")
            except ConditionError:
                continue
            if unit:
                yield f"{word}{unit}", about
            break
