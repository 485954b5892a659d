"""What can be wrong with an answer, by the name that scripts use: first how it travels, then what it says."""

import gzip
import json
from collections.abc import Callable
from typing import Any

from tests.faults.server import Market, Spoil, Wire, changed, records
from tests.sources.server import Answer, Request

MEGABYTE = 2**20
HTML = b"<!doctype html><html><head><title>Will be right back</title></head><body>\x1b[2JThank you.</body></html>"


def status(code: int, body: bytes = b"", **headers: str) -> Spoil:
    """Another status, with a body of theirs that nobody must ever see."""
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda *_: Answer(body or b"\x1b]0;pwned\x07 no, no, no", code, told)


def body(text: bytes, **headers: str) -> Spoil:
    """Status 200, and another body."""
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda *_: Answer(text, 200, told)


def recoded(change: Callable[[bytes], bytes], **headers: str) -> Spoil:
    """The right body in other bytes."""
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _market, _kind, _request, good: Answer(change(good.body), good.status, {**good.headers, **told})


def wire(**how: Any) -> Spoil:
    """The right answer that travels badly."""
    return lambda _market, _kind, _request, good: Wire(**{**vars(good), **how})


def bomb(layers: int = 1) -> Spoil:
    """A small body that unpacks to forty megabytes."""
    packed = bytes(40 * MEGABYTE)
    for _ in range(layers):
        packed = gzip.compress(packed, 1)
    return body(packed, Content_Encoding="gzip")


def elsewhere(to: str, code: int = 302) -> Spoil:
    """A redirect; `{port}` is the market's own."""
    return lambda market, *_: Answer(b"", code, {"Location": to.format(port=market.port)})


def fields(*only: str, **values: object) -> Spoil:
    """Fields of each record, or of those of some symbols; a function gets the old value, `...` takes the field away."""

    def change(record: dict[str, Any]) -> None:
        for name, value in values.items():
            for spelled in _spelled(name, record):
                if value is ...:
                    del record[spelled]
                else:
                    record[spelled] = value(record[spelled]) if callable(value) else value

    return lambda _market, kind, _request, good: changed(kind, good, change, only)


_NAMES = {
    "price": ("regularMarketPrice", "current_price", "close"),
    "time": ("regularMarketTime", "last_trade_time"),
    "volume": ("regularMarketVolume", "volume"),
    "before": ("regularMarketPreviousClose", "previousClose"),
    "zone": ("exchangeTimezoneName",),
    "currency": ("currency",),
    "symbol": ("symbol",),
}


def _spelled(name: str, record: dict[str, Any]) -> list[str]:
    return [each for each in _NAMES[name] if each in record]


def without(*symbols: str) -> Spoil:
    """The answer without the records of some symbols; of all where none is named."""

    def spoil(_market: Market, kind: str, _request: Request, good: Answer) -> Answer:
        told, _ = records(good.body, kind)
        (answer,) = told.values()
        answer["result"] = [each for each in answer["result"] if symbols and each["symbol"] not in symbols]
        return Answer(json.dumps(told).encode())

    return spoil


def listed(change: Callable[[list[Any]], list[Any]]) -> Spoil:
    """The list of results changed as a whole."""

    def spoil(_market: Market, _kind: str, _request: Request, good: Answer) -> Answer:
        told = json.loads(good.body)
        (answer,) = told.values()
        answer["result"] = change(answer["result"])
        return Answer(json.dumps(told).encode())

    return spoil


def renamed(names: dict[str, str]) -> Spoil:
    """Records under each other's symbols, inside and out."""

    def spoil(_market: Market, kind: str, _request: Request, good: Answer) -> Answer:
        told, found = records(good.body, kind)
        items = told["spark"]["result"] if kind == "spark" else []
        for record in (*found, *items):
            record["symbol"] = names.get(record["symbol"], record["symbol"])
        return Answer(json.dumps(told).encode())

    return spoil


def mislabelled(names: dict[str, str]) -> Spoil:
    """Spark's items under each other's symbols, which their charts deny."""

    def spoil(_market: Market, _kind: str, _request: Request, good: Answer) -> Answer:
        told = json.loads(good.body)
        for item in told["spark"]["result"]:
            item["symbol"] = names.get(item["symbol"], item["symbol"])
        return Answer(json.dumps(told).encode())

    return spoil


def frozen() -> Spoil:
    """The first answer again and again, as a cache that is stuck gives it."""
    kept: dict[tuple[str, str], Answer] = {}

    def spoil(_market: Market, kind: str, request: Request, good: Answer) -> Answer:
        return kept.setdefault((kind, request.path + request.query.get("symbols", "")), good)

    return spoil


def late(seconds: float) -> Spoil:
    """What was right some time ago."""
    return lambda market, kind, request, _good: late_answer(market, kind, request, seconds)


def doubled(seconds: float) -> Spoil:
    """Every record twice: as it is, then as it was."""

    def spoil(market: Market, kind: str, request: Request, good: Answer) -> Answer:
        old = json.loads(late_answer(market, kind, request, seconds).body)
        told = json.loads(good.body)
        (name,) = told
        told[name]["result"] += old[name]["result"]
        return Answer(json.dumps(told).encode())

    return spoil


def late_answer(market: Market, kind: str, request: Request, seconds: float) -> Answer:
    now = market.clock
    market.clock = lambda: now() - seconds
    try:
        return market._good(kind, request)
    finally:
        market.clock = now


def in_turn(*spoils: Spoil | None) -> Spoil:
    """One after the other, for each kind of request by itself; None is a good answer."""
    turns: dict[str, int] = {}

    def spoil(market: Market, kind: str, request: Request, good: Answer) -> Answer:
        turn = turns[kind] = turns.get(kind, -1) + 1
        chosen = spoils[turn % len(spoils)]
        return good if chosen is None else chosen(market, kind, request, good)

    return spoil
