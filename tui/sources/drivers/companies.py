"""Yahoo's `quoteSummary` asked for companies' figures and estimates, in one request for both (docs: sources, 2.6)."""

import contextlib
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from msgspec import Struct

from tui.model_drivers import Estimate, Fundamental
from tui.sessions import NEW_YORK
from tui.sources.base import MalformedError, NoDataError, UnknownSymbolError
from tui.sources.drivers import earnings, fundamentals
from tui.sources.yahoo_summary import summary
from tui.sources.yahoo_wire import SOURCE, is_symbol

if TYPE_CHECKING:
    from tui.sources.http import Http
    from tui.sources.yahoo_auth import Auth

KEPT = 600.0
"""Seconds for which an answer is good for the other question too."""

_KEPT_ANSWERS = 256
_MODULES = ",".join(dict.fromkeys((*fundamentals.MODULES, *earnings.MODULES)))
_NOT_A_COMPANY = (UnknownSymbolError, NoDataError, MalformedError)


class _Known(Struct, frozen=True):
    """What one answer said."""

    at: float
    fundamental: Fundamental | None = None
    estimates: tuple[Estimate, ...] = ()


class Companies:
    """Figures and estimates. `http` and `auth` are the Yahoo source's, one budget and one pair, and not closed here."""

    name = SOURCE

    def __init__(
        self,
        http: "Http",
        auth: "Auth",
        *,
        base: str = "https://query1.finance.yahoo.com",
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._http = http
        self._auth = auth
        self._base = base
        self._clock = clock
        self._known: OrderedDict[str, _Known] = OrderedDict()

    async def fundamentals(self, symbols: Sequence[str]) -> list[Fundamental]:
        """The figures of these companies; those that Yahoo has none of are left out.

        Raises:
            SourceError: Yahoo cannot be asked, or not any further; what it has answered is asked no more for a while.
        """
        known = [await self._about(symbol) for symbol in dict.fromkeys(symbols)]
        return [each.fundamental for each in known if each.fundamental is not None]

    async def estimates(self, symbols: Sequence[str]) -> list[Estimate]:
        """The estimates of these companies; those that nobody estimates are left out.

        Raises:
            SourceError: as `fundamentals` does.
        """
        known = [await self._about(symbol) for symbol in dict.fromkeys(symbols)]
        return [estimate for each in known for estimate in each.estimates]

    async def _about(self, symbol: str) -> _Known:
        now = self._clock()
        kept = self._known.get(symbol)
        if kept is not None and now - KEPT < kept.at <= now:
            return kept
        try:
            body = await self._ask(symbol)
        except (UnknownSymbolError, NoDataError):
            found = _Known(now)
        else:
            found = _read(body, symbol, datetime.fromtimestamp(now, NEW_YORK).date(), now)
        self._known[symbol] = found
        self._known.move_to_end(symbol)
        while len(self._known) > _KEPT_ANSWERS:
            self._known.popitem(last=False)
        return found

    async def _ask(self, symbol: str) -> bytes:
        if not is_symbol(symbol):
            raise UnknownSymbolError(f"{symbol!r} is not one of Yahoo's symbols.")
        return await summary(self._http, self._auth, self._base, symbol, _MODULES)


def _read(body: bytes, symbol: str, day: date, now: float) -> _Known:
    """What an answer says; a company whose figures make no sense is passed over, since the others may be right."""
    fundamental: Fundamental | None = None
    estimates: list[Estimate] = []
    with contextlib.suppress(*_NOT_A_COMPANY):
        fundamental = fundamentals.parse_fundamental(body, symbol, day, now)
    with contextlib.suppress(*_NOT_A_COMPANY):
        estimates = earnings.parse_estimates(body, symbol, day, now)
    return _Known(now, fundamental, tuple(estimates))
