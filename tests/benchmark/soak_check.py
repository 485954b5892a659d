"""What the screens derive from, compared with the same made anew: baselines, rows, ranks and the books of funds."""

import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any, cast

import msgspec

from tui import loader_steps
from tui.analytics.funds import FundBook
from tui.analytics.row import ranks
from tui.app import Outpace
from tui.board import Board, today_of
from tui.desk import FundDesk, OpenFund, _closes_then
from tui.engine import Engine
from tui.model import Quote

BOUND = 1e-9
"""Largest difference of two numbers, relative where they are large."""

Told = Callable[[Quote], float | None]
"""What the market said of a quote's symbol at its time; None where it cannot be asked."""


def differences(app: Outpace, told: Told | None = None) -> list[str]:
    """All that is not as if it were computed now from the same quotes and history; empty when nothing is.

    In one go on the loop, so that no quote comes in between.
    """
    engine, board = app.engine, app.board
    assert engine is not None
    symbols = [symbol for symbol in engine.wanted.now.symbols if symbol in engine.live.quotes]
    fresh = _fresh_baselines(engine, symbols)
    found = [f"quote of {s}: {told_price} was told" for s, told_price in _untrue(engine, symbols, told)]
    found += _named("baseline", {s: (engine.loader.baselines[s], each) for s, each in fresh.items()})
    anew = _board(board, {**engine.loader.baselines, **fresh})
    found += _named("row", {s: (_figures(board, s), _figures(anew, s)) for s in symbols})
    listed = list(app.view.symbols)
    found += _named("ranks", {"list": (ranks(board.excesses(listed)), ranks(anew.excesses(listed)))})
    for opened in app.desk.funds.values():
        if opened.book is not None and not app.desk.is_stale(opened):
            found += _named("book", {opened.symbol: _books(app.desk, engine, opened, anew)})
    return found


def compared(app: Outpace) -> dict[str, int]:
    """How much there is to compare, so that nothing is taken for right because it was not there."""
    engine = app.engine
    assert engine is not None
    symbols = [symbol for symbol in engine.wanted.now.symbols if symbol in engine.live.quotes]
    books = [each for each in app.desk.funds.values() if each.book is not None and not app.desk.is_stale(each)]
    return {
        "quotes": len(symbols),
        "baselines": sum(symbol in engine.loader.baselines for symbol in symbols),
        "books": len(books),
    }


def _untrue(engine: Engine, symbols: Sequence[str], told: Told | None) -> Iterator[tuple[str, float]]:
    """Symbols whose quote is not what the market said at that time; the simulated one can always be asked again."""
    at = getattr(engine.source, "quote_at", None)
    for symbol in symbols:
        quote = engine.live.quotes[symbol]
        price = told(quote) if told is not None else None
        if at is not None:
            price = at(symbol, datetime.fromtimestamp(quote.fetched_at, UTC)).price
        if price is not None and _far(quote.price, price):
            yield symbol, price


def _fresh_baselines(engine: Engine, symbols: Sequence[str]) -> dict[str, Any]:
    """The baselines that are held, made anew from what is stored."""
    by_session: dict[date, list[str]] = defaultdict(list)
    for symbol in symbols:
        held = engine.loader.baselines.get(symbol)
        if held is not None:
            by_session[held.session].append(symbol)
    made: dict[str, Any] = {}
    for session, due in by_session.items():
        made |= loader_steps.make(engine.shelf, due, session)[0]
    return made


def _board(board: Board, baselines: Mapping[str, Any]) -> Board:
    """A board that remembers nothing, over the same quotes."""
    engine = board.engine
    loader = SimpleNamespace(baselines=baselines, profiles=engine.loader.profiles, notes=engine.loader.notes)
    standing = SimpleNamespace(
        live=engine.live,
        loader=loader,
        source=engine.source,
        health=engine.health,
        benchmark=engine.benchmark,
        stale_after=engine.stale_after,
    )
    made = Board(cast("Engine", standing), window=board.window, volume_window=board.volume_window)
    made.instruments = board.instruments
    return made


def _figures(board: Board, symbol: str) -> object:
    """A row without what passes with time alone."""
    row = board.row(symbol)
    return (row.figures, row.name, row.quote, list(row.trend), row.note)


def _books(desk: FundDesk, engine: Engine, opened: OpenFund, board: Board) -> tuple[object, object]:
    """The figures of a fund's book with all news told, as a screen does that shows it, and those of a new one."""
    desk.take(desk.news(opened.members))
    book, fund = opened.book, opened.fund
    assert book is not None
    assert fund is not None
    baselines = {s: board.engine.loader.baselines[s] for s in opened.built_on}
    window, profile = cast("tuple[int, Any]", opened.built_for)
    anew = FundBook(
        fund,
        baselines,
        window=book.window,
        volume_window=window,
        profile=profile,
        closes_then=_closes_then(engine, opened.members, fund.as_of),
    )
    for symbol in opened.members:
        if symbol in engine.live.quotes:
            anew.update(symbol, today_of(engine.live.quotes[symbol]))
    return _sides(book), _sides(anew)


def _sides(book: FundBook) -> object:
    sectors = {row.sector: row for row in book.sector_rows()}
    return (sectors, book.holding_rows(), book.total())


def _named(kind: str, pairs: Mapping[str, tuple[object, object]]) -> list[str]:
    found = []
    for name, (held, fresh) in pairs.items():
        where = next(different(held, fresh), None)
        if where is not None:
            found.append(f"{kind} of {name}: {where}")
    return found


def different(held: object, fresh: object, place: str = "") -> Iterator[str]:
    """Places where two structures of numbers differ by more than `BOUND`."""
    if isinstance(held, float | int) and isinstance(fresh, float | int):
        if _far(held, fresh):
            yield f"{place or 'value'} {held!r}, anew {fresh!r}"
    elif type(held) is not type(fresh):
        yield f"{place or 'value'} {held!r}, anew {fresh!r}"
    elif isinstance(held, msgspec.Struct):
        for name in held.__struct_fields__:
            yield from different(getattr(held, name), getattr(fresh, name), f"{place}.{name}")
    elif isinstance(held, Mapping) and isinstance(fresh, Mapping):
        if held.keys() != fresh.keys():
            yield f"{place} {sorted(map(str, held.keys() ^ fresh.keys()))} only on one side"
        for name in held.keys() & fresh.keys():
            yield from different(held[name], fresh[name], f"{place}[{name}]")
    elif hasattr(held, "__len__") and not isinstance(held, str) and isinstance(fresh, type(held)):
        if len(held) != len(fresh):
            yield f"{place} {len(held)} long, anew {len(fresh)}"
        for at, (one, other) in enumerate(zip(held, fresh, strict=False)):  # type: ignore[call-overload]
            yield from different(one, other, f"{place}[{at}]")
    elif held != fresh:
        yield f"{place or 'value'} {held!r}, anew {fresh!r}"


def _far(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is not other
    if math.isnan(one) or math.isnan(other):
        return math.isnan(one) is not math.isnan(other)
    return abs(one - other) > BOUND * max(1.0, abs(one), abs(other))
