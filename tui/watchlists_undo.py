"""Taking one change back out of a file that others have changed since: what they did stays. Pure."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from tui import watchlists_text as text_of
from tui.watchlists_check import Watchlist


class Change(Struct, frozen=True):
    """One change of one list: the words for it, the file, and the text and the list (None: not there) on both sides."""

    words: str
    path: Path
    text_before: str
    text_after: str
    before: Watchlist | None
    after: Watchlist | None


def taken_back(change: Change, text: str, lists: Mapping[str, Watchlist]) -> str:
    """The text without the change; `lists` are those of the text."""
    before, after = change.before, change.after
    if before is None:
        return text if after is None else _uncreated(after, text, lists)
    if after is None:
        return _undeleted(change.text_before, before, text, lists)
    if (now := lists.get(after.name)) is None:
        return text
    if before.name != after.name:
        return text if before.name in lists else text_of.renamed(text, after.name, before.name)
    if before.benchmark != after.benchmark and now.benchmark == after.benchmark:
        text = text_of.with_benchmark(text, before.name, before.benchmark)
    return text_of.with_symbols(text, before.name, unpicked(now.symbols, before.symbols, after.symbols))


def unpicked(now: Sequence[str], before: Sequence[str], after: Sequence[str]) -> list[str]:
    """The symbols of now without the change from `before` to `after`: an addition, a removal or a move."""
    symbols = [symbol for symbol in now if symbol in before or symbol not in after]
    if sorted(before) == sorted(after):  # a move: those of then stand in their old order, in the places they have
        in_order = iter([symbol for symbol in before if symbol in symbols])
        return [next(in_order) if symbol in before else symbol for symbol in symbols]
    for place, symbol in enumerate(before):
        if symbol not in after and symbol not in symbols:
            symbols.insert(place, symbol)
    return symbols


def _uncreated(created: Watchlist, text: str, lists: Mapping[str, Watchlist]) -> str:
    """Without a new list, unless others have put symbols into it or it is the only one."""
    if (now := lists.get(created.name)) is None:
        return text
    theirs = [symbol for symbol in now.symbols if symbol not in created.symbols]
    if theirs or len(lists) == 1:
        return text_of.with_symbols(text, created.name, theirs)
    return text_of.without(text, created.name)


def _undeleted(text_before: str, deleted: Watchlist, text: str, lists: Mapping[str, Watchlist]) -> str:
    """With a deleted list as it was, before the symbols of one that has its name now."""
    if (now := lists.get(deleted.name)) is not None:
        return text_of.with_symbols(text, deleted.name, tuple(dict.fromkeys((*deleted.symbols, *now.symbols))))
    return text_of.appended(text, next(each.text for each in text_of.blocks(text_before) if each.name == deleted.name))
