"""A parser's complaints in words: what stands there, and what to type instead."""

import re
from collections.abc import Iterable
from difflib import get_close_matches

from lark import Token
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from tui.analytics.events.error import ConditionError
from tui.analytics.events.figures import FIGURES, canonical

WORDS = {
    "SERIES": "a series like IWM.1d",
    "NUMBER": "a number with its unit like 3%",
    "SYMBOL": "a symbol",
    "COMPARE": ">= > < <= == !=",
    "CROSSES": "crosses above",
    "SIDE": "above or below",
    "AT": "at 52w high",
    "SPAN": "52w, all-time or 20d",
    "EXTREME": "high or low",
    "AND": "and",
    "OR": "or",
    "NOT": "not",
    "STREAK": "streak(...)",
    "CALENDAR": "month, weekday, day or year",
    "DAYNAME": "a day like friday",
    "SIGN": "+ or -",
    "POINT": "* or /",
    "LPAR": "(",
    "RPAR": ")",
    "$END": "the end",
}
"""What each kind of word is called in a message."""

_FOREIGN = {"&&": "and", "&": "and", "||": "or", "|": "or", "!": "not", "$": "the symbol without $"}
_WORD = re.compile(r"[\w.^\-]+|\S")


def unknown_figure(symbol: str, figure: str) -> str:
    """That a symbol has no such figure, and the nearest one."""
    nearest = get_close_matches(canonical(figure), FIGURES, n=1, cutoff=0.6)
    hint = f"write {symbol}.{nearest[0]}" if nearest else f"write {symbol}.1d, {symbol}.1m, {symbol}.close, ..."
    return f"there is no figure {figure[:30]}: {hint}"


def explained(text: str, error: UnexpectedInput) -> ConditionError:
    """A parser's complaint in words: what stands there, and what to type instead."""
    if isinstance(error, UnexpectedToken):
        return _unexpected(text, error)
    column = error.pos_in_stream or 0
    word = _WORD.match(text, column)
    found = word[0] if word else text[column : column + 1]
    pair = text[column : column + 2]
    for sign in (pair, found):
        if sign in _FOREIGN:
            return ConditionError(f"{sign} is not part of the language: write {_FOREIGN[sign]}", column)
    if found == '"':
        return ConditionError('the quotes are not closed: write "EURUSD=X".1d', column)
    if found[0].isdigit():
        return ConditionError(f"{found} is no number: write 3%, 5pp, 20bp, 30x or 2.5M", column)
    accepted = error.allowed if isinstance(error, UnexpectedCharacters) else ()
    expected = in_words(accepted or ())
    return ConditionError(f"{found[:30]} means nothing here: expected {_list(expected)}", column, expected)


def in_words(terminals: Iterable[str]) -> tuple[str, ...]:
    """Names of words as a message calls them, in the order of `WORDS`."""
    given = set(terminals)
    return tuple(words for name, words in WORDS.items() if name in given)


def _unexpected(text: str, error: UnexpectedToken) -> ConditionError:
    token, accepts = error.token, set(error.accepts or error.expected)
    ended = token.type == "$END"
    column = len(text.rstrip()) if ended else (token.start_pos or 0)
    before = error.token_history[-1] if error.token_history else None
    if before is not None and before.type == "SYMBOL" and accepts == {"AT"}:
        return _bare_symbol(before, token)
    if token.type == "SYMBOL" and "SERIES" not in accepts and (near := _nearest_word(str(token), accepts)):
        return ConditionError(f"{token} is not known here: did you mean {near}?", column, in_words(accepts))
    if token.type == "SYMBOL" and before is not None and before.type == "NUMBER":
        return ConditionError(f"{before} {token}: write 3%, 5pp, 20bp, 30x or a plain number", column)
    if token.type == "COMPARE" and "AND" in accepts:
        return ConditionError(
            "a comparison has two sides: write IWM.1d > 1% and IWM.1d < 3%", column, in_words(accepts)
        )
    expected = in_words(accepts)
    if ended:
        return ConditionError(f"something is missing at the end: expected {_list(expected)}", column, expected)
    return ConditionError(f"{str(token)[:30]} cannot stand here: expected {_list(expected)}", column, expected)


def _bare_symbol(before: Token, token: Token) -> ConditionError:
    column = before.start_pos or 0
    name = str(before)
    if token.type == "LPAR":
        return ConditionError(f"there is no {name}(...): write streak(IWM.1d > 0) >= 5", column, ("streak(...)",))
    if near := _nearest_word(name, {"NOT", "STREAK", "CALENDAR"}):
        return ConditionError(f"{name} is not known here: did you mean {near}?", column, (near,))
    if canonical(name) in FIGURES:
        return ConditionError(f"{name} of which symbol? Write IWM.{canonical(name)}", column, (f"IWM.{name}",))
    message = f"{name} is a symbol without a figure: write {name}.1d or {name}.close"
    return ConditionError(message, column, (f"{name}.1d", f"{name}.close", f"{name} at 52w high"))


def _nearest_word(text: str, accepts: set[str]) -> str:
    words = {"AND": ["and"], "OR": ["or"], "NOT": ["not"], "STREAK": ["streak"], "CROSSES": ["crosses"], "AT": ["at"]}
    words |= {"SIDE": ["above", "below"], "EXTREME": ["high", "low"], "SPAN": ["52w", "all-time"]}
    words |= {"CALENDAR": ["month", "weekday", "day", "year"]}
    known = [word for name in accepts for word in words.get(name, ())]
    return next(iter(get_close_matches(text.lower(), known, n=1, cutoff=0.6)), "")


def _list(expected: tuple[str, ...]) -> str:
    # Where a value may begin, what else could is of little help.
    expected = expected[:2] if WORDS["SERIES"] in expected else expected
    return " or ".join((", ".join(expected[:-1]), expected[-1])) if len(expected) > 1 else "".join(expected) or "less"
