"""Where the list of a fund's holdings comes from: the store, or its source; with the sectors that it lacks."""

import asyncio
import logging
from datetime import date
from typing import TYPE_CHECKING

from tui.model import DataError, Fund
from tui.sectors import UNCLASSIFIED
from tui.sources.base import FundSource, SectorLookup

if TYPE_CHECKING:
    from tui.store.holdings import Holdings, Known

log = logging.getLogger(__name__)

MOST_LOOKUPS = 10
"""Sectors asked for one by one when a fund is opened: each is a request."""


class FundLists:
    """Lists of holdings, found off the loop."""

    def __init__(self, holdings: "Holdings | None", source: FundSource, lookup: SectorLookup | None) -> None:
        self._holdings = holdings
        self._source = source
        self._lookup = lookup

    async def stored(self, symbol: str, session: date) -> Fund | None:
        """The stored list nearest to a session; None where there is none.

        Raises:
            DataError: it cannot be read.
        """
        if self._holdings is None:
            return None
        found = await asyncio.to_thread(self._holdings.nearest, symbol, session)
        return None if found is None else await self._whole(found)

    async def asked(self, symbol: str, stored: Fund | None) -> Fund:
        """The source's list, stored; the one held before where that is the better of the two.

        Raises:
            DataError: the source has none.
        """
        fund = await self._source.fund(symbol)
        if self._holdings is None:
            return fund
        return await self._whole(await asyncio.to_thread(_kept, self._holdings, fund, stored))

    async def _whole(self, fund: Fund) -> Fund:
        fund = await asyncio.to_thread(_with_sectors, self._holdings, fund)
        if self._lookup is None or self._holdings is None:
            return fund
        return await self._looked_up(fund, self._holdings, self._lookup)

    async def _looked_up(self, fund: Fund, holdings: "Holdings", lookup: SectorLookup) -> Fund:
        """The heaviest holdings that nobody has a sector for, looked up one by one and remembered."""
        lacking = [h for h in fund.holdings if h.symbol and h.sector in {None, UNCLASSIFIED} and h.weight > 0]
        learned: dict[str, tuple[str, str]] = {}
        for holding in sorted(lacking, key=lambda each: -each.weight)[:MOST_LOOKUPS]:
            assert holding.symbol is not None
            try:
                found = await lookup.sector(holding.symbol)
            except DataError as error:
                log.info("no sector of %s: %s", holding.symbol, error)
                break
            if found is not None:
                learned[holding.symbol] = found
        if not learned:
            return fund
        try:
            await asyncio.to_thread(holdings.learn, learned)
        except DataError as error:
            log.warning("sectors are not remembered: %s", error)
        return await asyncio.to_thread(_filled, fund, learned)


def _kept(holdings: "Holdings", fund: Fund, stored: Fund | None) -> Fund:
    """A list that has just come, stored; the one held before stays where it is the better of the two."""
    try:
        holdings.save(fund)
    except DataError as error:
        log.warning("the list of %s was not stored: %s", fund.symbol, error)
        return stored or fund
    # Ten names of today tell less than two thousand of last month.
    return stored if stored is not None and fund.partial and not stored.partial else fund


def _with_sectors(holdings: "Holdings | None", fund: Fund) -> Fund:
    """The fund with the sectors it lacks from other lists; without them when those cannot be read."""
    if holdings is None:
        return fund
    try:
        known = holdings.sectors(fund.symbol)
    except DataError as error:
        log.warning("no sectors from other funds: %s", error)
        return fund
    return _filled(fund, known)


def _filled(fund: Fund, known: "Known") -> Fund:
    from tui.store.holdings import fill_sectors

    return fill_sectors(fund, known)
