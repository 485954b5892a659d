"""Files of what drives prices: the Treasury's curve, FRED's API, the SEC's index, a user's fundamentals and estimates.

The bytes are read by the same functions as a source's answers; here they are told from bars, and what goes wrong becomes
a `DialectError`.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

from tui.model_drivers import Series
from tui.sessions import NEW_YORK
from tui.sources.base import SourceError
from tui.sources.drivers import fred, own, sec_index, treasury
from tui.store.dialects.base import DialectError, Hints, Parsed, named_symbol, symbol_of
from tui.store.dialects.observed import closes_of, told_at

T = TypeVar("T")

NAME = "drivers"

SUFFIXES = (".xml", ".json", ".idx")
"""Endings of files that may be of these forms, and of many others: a search through a folder looks into them first."""

HEAD = 4096
"""Bytes from the start of a file that tell its form."""

_OBSERVATIONS = (b'"realtime_start"', b'"observations"')


def recognises(head: bytes) -> bool:
    """Whether the first `HEAD` bytes of a file are of one of these forms."""
    return (
        treasury.recognises(head)
        or sec_index.recognises(head)
        or own.recognises_fundamentals(head)
        or own.recognises_estimates(head)
        or _is_observations(head)
    )


def parse(data: bytes, hints: Hints) -> Parsed:
    """Read a file that is recognised.

    Raises:
        DialectError: a part of it cannot be read, or a symbol is told for what has its own.
    """
    told = told_at(hints.modified)
    day = (hints.modified or datetime.now(UTC)).astimezone(NEW_YORK).date()
    if _is_observations(data[:HEAD]):
        return _of_series([_refused(lambda: fred.parse_observations(data, _series_id(hints), told))])
    if hints.symbol is not None:
        raise DialectError("names what it holds: --symbol is for a file of one series of prices")
    if treasury.recognises(data[:HEAD]):
        return _of_series(_refused(lambda: treasury.parse_curve(data, told)))
    if sec_index.recognises(data[:HEAD]):
        return Parsed(dialect=NAME, filings=_refused(lambda: sec_index.parse_index(data)))
    if own.recognises_estimates(data[:HEAD]):
        return Parsed(dialect=NAME, estimates=_refused(lambda: own.parse_estimates(data, day, told)))
    return Parsed(dialect=NAME, fundamentals=_refused(lambda: own.parse_fundamentals(data, day, told)))


def _of_series(found: list[Series]) -> Parsed:
    return Parsed(dialect=NAME, daily=closes_of(found), series=found)


def _is_observations(head: bytes) -> bool:
    return head.lstrip().startswith(b"{") and all(word in head for word in _OBSERVATIONS)


def _series_id(hints: Hints) -> str:
    """The name of the series, which the API's answer does not say: the file's, or its last part (`api_obs_DGS10`)."""
    if hints.symbol is None and symbol_of(hints.stem) is None and (last := symbol_of(hints.stem.rpartition("_")[2])):
        return last
    return named_symbol(hints)


def _refused(read: Callable[[], T]) -> T:
    try:
        return read()
    except SourceError as error:
        raise DialectError(str(error)) from error
