"""Funds taken apart: what each holds, and its book of sectors kept up to date with every quote.

The book is rebuilt off the loop when the holdings, a baseline or the session is another; a tick only updates it.
"""

import asyncio
import logging
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from tui.analytics.funds import FundBook
from tui.analytics.style import FundStyle, style_of
from tui.board import Board, today_of
from tui.engine import Engine
from tui.fund_lists import FundLists
from tui.model import DataError, Fund, Quote
from tui.sectors import taxonomies
from tui.sources.base import FundSource, SectorLookup

if TYPE_CHECKING:
    from tui.analytics.figures import Baseline, Profile
    from tui.store.holdings import Holdings

log = logging.getLogger(__name__)

LOOK_BACK = timedelta(days=10)
"""How far before the holdings date a close may lie, over holidays."""
STYLE_PAIRS = (("IWN", "IWO"), ("IWD", "IWF"), ("IJS", "IJT"), ("IVE", "IVW"))
"""A value fund and the growth fund of the same family, in the order in which they are believed."""
BOOKS_KEPT = 8
"""Funds whose books are kept up to date with every tick; whoever comes back to another one has it made anew."""
STALE_DAYS = 4
"""From this age on, a live fund's list is asked for again; it stays in use meanwhile."""


class OpenFund:
    """One fund on the desk."""

    def __init__(self, symbol: str) -> None:
        self.symbol = symbol
        self.fund: Fund | None = None
        self.book: FundBook | None = None
        self.problem = ""
        """Why there are no holdings, in words to act on."""
        self.mixed = False
        """Whether its sectors are in the words of more than one vocabulary."""
        self.style: FundStyle | None = None
        """Value against growth, large against small."""
        self.built_on: dict[str, Baseline] = {}
        """The baselines that the book was made of."""
        self.fresh_at: tuple[int, date] | None = None
        """The loader's count of baselines, and the session, at which the book was found to be of the newest ones."""
        self.making: asyncio.Task[None] | None = None
        """What makes the next book."""
        self.renewing: asyncio.Task[None] | None = None
        """What asks for a newer list."""
        self.built_of: Fund | None = None
        """The list that the book was made of."""
        self.built_for: tuple[int, Profile] | None = None
        """The sessions behind its volume ratios, and the usual day."""

    @property
    def sector_sources(self) -> dict[str, str]:
        """Who said in which sector a holding is, by symbol; the fund's own source is left out."""
        if self.fund is None:
            return {}
        told = ((each.symbol, each.sector_source) for each in self.fund.holdings)
        return {symbol: source for symbol, source in told if symbol and source and source != self.fund.source}

    @property
    def members(self) -> tuple[str, ...]:
        """Symbols of the holdings, and of the fund itself."""
        if self.fund is None:
            return (self.symbol,)
        return tuple(dict.fromkeys((self.symbol, *(h.symbol for h in self.fund.holdings if h.symbol))))


class FundDesk:
    """The funds that some screen has opened. All state is touched on the event loop only."""

    def __init__(
        self,
        engine: Engine,
        board: Board,
        holdings: "Holdings | None",
        source: FundSource,
        lookup: SectorLookup | None = None,
        *,
        live: bool = False,
    ) -> None:
        self._engine = engine
        self.board = board
        self._holdings = holdings
        self._lists = FundLists(holdings, source, lookup)
        self._live = live
        self.funds: dict[str, OpenFund] = {}
        self._told: dict[str, Quote] = {}
        """The quotes that all books have."""
        self._asked_for: dict[str, None] = {}
        """Funds with a book, the one asked for last at the end."""

    async def open(self, symbol: str) -> OpenFund:
        """The fund with its holdings; those stored, else those of its source. Never raises a DataError."""
        held = self.funds.get(symbol)
        if held is not None and held.fund is not None:
            return held
        opened = self.funds[symbol] = held or OpenFund(symbol)
        session = self._engine.loader.session(symbol)
        try:
            stored = await self._lists.stored(symbol, session)
            await self._take_up(opened, stored or await self._lists.asked(symbol, None))
        except DataError as error:
            opened.problem = str(error)
        else:
            if stored is not None and self._live and (session - stored.as_of).days > STALE_DAYS:
                opened.renewing = asyncio.create_task(self._renew(opened, stored), name=f"newer list of {symbol}")
        return opened

    def _styled(self, fund: Fund) -> FundStyle:
        """The fund's style by membership in stored value and growth funds, and its size by thirds."""
        holdings, pairs = self._holdings, []
        for names in STYLE_PAIRS if holdings is not None else ():
            assert holdings is not None
            try:
                value, growth = (holdings.nearest(name, fund.as_of) for name in names)
            except DataError as error:
                log.warning("no style by %s: %s", "/".join(names), error)
                continue
            if value is not None and growth is not None:
                pairs.append((value, growth))
        return style_of(fund, pairs)

    async def _take_up(self, opened: OpenFund, fund: Fund) -> None:
        """Make a list that of the fund."""
        opened.style = await asyncio.to_thread(self._styled, fund)
        opened.fund, opened.problem, opened.mixed = fund, "", len(taxonomies(fund)) > 1

    async def _renew(self, opened: OpenFund, stored: Fund) -> None:
        """Ask for a newer list than the stored one, which is shown meanwhile."""
        try:
            fund = await self._lists.asked(opened.symbol, stored)
        except DataError as error:
            log.info("no newer list of %s: %s", opened.symbol, error)
            return
        if fund != opened.fund:
            await self._take_up(opened, fund)

    async def renewed(self, symbol: str) -> None:
        """Wait until a newer list of an open fund has come, where one was asked for."""
        opened = self.funds.get(symbol)
        if opened is not None and opened.renewing is not None:
            await opened.renewing

    async def aclose(self) -> None:
        """End what is being asked or made."""
        tasks = [task for each in self.funds.values() for task in (each.renewing, each.making) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def build(self, symbol: str) -> OpenFund:
        """The fund with a book that is up to date with baselines and quotes."""
        opened = await self.open(symbol)
        if opened.fund is None:
            return opened
        self._let_go(symbol)
        if not self.is_stale(opened):
            return opened
        # Whoever asks may go before it is made: the next one finds it in the making.
        if opened.making is None or opened.making.done():
            opened.making = asyncio.create_task(self._make(opened, opened.fund), name=f"book of {symbol}")
        await asyncio.shield(opened.making)
        return opened

    def _let_go(self, symbol: str) -> None:
        """Note who is asked for, and drop the book that was longest not: each one costs memory and a bit of every tick."""
        self._asked_for.pop(symbol, None)
        self._asked_for[symbol] = None
        while len(self._asked_for) > BOOKS_KEPT:
            oldest = next(iter(self._asked_for))
            del self._asked_for[oldest]
            self.funds[oldest].book, self.funds[oldest].built_on = None, {}

    async def _make(self, opened: OpenFund, fund: Fund) -> None:
        """A new book, made off the loop and told all quotes."""
        symbol = opened.symbol
        baselines, window, built_for = self._baselines(opened), self.board.window, self._built_for(symbol)
        volume_window, profile = built_for

        def make() -> FundBook:
            then = _closes_then(self._engine, opened.members, fund.as_of)
            return FundBook(
                fund,
                baselines,
                window=window,
                volume_window=volume_window,
                profile=profile,
                closes_then=then,
            )

        book = await asyncio.to_thread(make)
        opened.book, opened.built_of, opened.built_on, opened.built_for = book, fund, baselines, built_for
        quotes = self._engine.live.quotes
        for quote in (quotes[s] for s in opened.members if s in quotes):
            book.update(quote.symbol, today_of(quote))

    def is_stale(self, opened: OpenFund) -> bool:
        """Whether the list, a baseline or the measure of volumes is another than when the fund's book was made."""
        if (
            opened.book is None
            or opened.built_of is not opened.fund
            or opened.built_for != self._built_for(opened.symbol)
        ):
            return True
        loader = self._engine.loader
        state = loader.made, loader.session(opened.symbol)
        if opened.fresh_at != state:
            known, held = self._baselines(opened), opened.built_on
            if known.keys() != held.keys() or any(held[s] is not b for s, b in known.items()):
                return True
            opened.fresh_at = state
        return False

    def _baselines(self, opened: OpenFund) -> "dict[str, Baseline]":
        """Those of a fund and its holdings that are of its session."""
        session, known = self._engine.loader.session(opened.symbol), self._engine.loader.baselines
        return {s: b for s in opened.members if (b := known.get(s)) is not None and b.session == session}

    def _built_for(self, symbol: str) -> "tuple[int, Profile]":
        return self.board.volume_window, self.board.profile(symbol)

    def news(self, symbols: Iterable[str]) -> set[str]:
        """Those of the symbols whose latest quote the books do not have."""
        quotes, told = self._engine.live.quotes, self._told
        return {symbol for symbol in symbols if quotes.get(symbol) is not told.get(symbol)}

    def take(self, symbols: Iterable[str]) -> set[str]:
        """Bring every open book up to date with these symbols' quotes; the sectors that changed, of any fund."""
        books = [each.book for each in self.funds.values() if each.book is not None]
        quotes = self._engine.live.quotes
        touched: set[str] = set()
        for symbol in symbols:
            quote = quotes.get(symbol)
            if quote is not None and quote is not self._told.get(symbol):
                self._told[symbol] = quote
                today = today_of(quote)
                for book in books:
                    touched |= book.update(symbol, today)
        return touched

    async def holders(self, symbol: str) -> list[tuple[str, float]]:
        """The funds that are known to hold a symbol, with its weight as a fraction, heaviest first."""
        session = self._engine.loader.session(symbol)
        stored = await asyncio.to_thread(self._holdings.holders, symbol, session) if self._holdings else []
        found = dict(stored)
        for each in self.funds.values():
            if each.fund is not None and each.symbol not in found:
                weight = sum(h.weight for h in each.fund.holdings if h.symbol == symbol)
                if weight:
                    found[each.symbol] = weight
        return sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))

    async def known(self, candidates: Sequence[str]) -> list[str]:
        """Funds that can be taken apart: those stored, those open, and those of `candidates` that the source has."""
        stored = await asyncio.to_thread(self._holdings.funds) if self._holdings else []
        found = dict.fromkeys((*(s for s, each in self.funds.items() if each.fund is not None), *stored))
        if not self._live:
            for symbol in candidates:
                if symbol not in found and (await self.open(symbol)).fund is not None:
                    found[symbol] = None
        return list(found)


def _closes_then(engine: Engine, symbols: Sequence[str], as_of: date) -> dict[str, float]:
    """Closes of the holdings date where baselines do not hold them: lists of the session itself, or old ones."""
    from tui.analytics.funds_history import closes_on

    try:
        frame = engine.shelf.frame(list(symbols), as_of - LOOK_BACK, as_of, ("close",))
    except DataError as error:
        log.warning("no closes of %s: %s", as_of, error)
        return {}
    return closes_on(frame, as_of)
