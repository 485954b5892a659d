"""A fund taken apart, live: every tick of a holding changes its own figures, its sector's sums and so the fund's.

Free of polars and of whole-fund passes: a tick costs the same in a fund of 20 holdings and of 2,000. Definitions: docs,
formulas, "Inside a fund", and the fields of `funds_figures`.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from math import fsum

from tui.analytics.breadth import LEAST, MOST, Levels, summary, usable
from tui.analytics.figures import Baseline, Profile
from tui.analytics.funds_figures import FundFigures, HoldingFigures, SectorFigures
from tui.analytics.funds_sums import UNIT, Member, Sums, difference, total
from tui.analytics.funds_weights import close_of, close_on_or_before, drifted, growth
from tui.analytics.row import Today
from tui.analytics.volume_model import MODEL, share_done
from tui.analytics.windows import Window
from tui.model import Fund
from tui.sectors import UNCLASSIFIED

NOTHING: frozenset[str] = frozenset()
"""The sectors that a tick of a symbol outside the fund touches."""


class FundBook:
    """One fund's holdings, sectors and total for one session, kept up to date tick by tick.

    Make a new one when the holdings, the baselines or the session change, and tell it every known quote once.

    Args:
        fund: What it held, and on which day. Weights are finite fractions of the fund; they need not add up to 1 (a
            partial list covers less).
        baselines: Those of one session, by symbol: of the holdings, and of the fund itself for its own returns.
        window: What `window_return` and `excess` are measured over. It begins, for every holding, with the session
            where the fund's own window does: the same two dates for all. Without a baseline of the fund it is the
            session where the window of most holdings begins.
        volume_window: Sessions behind the volume ratios, one of `VOLUME_WINDOWS`.
        profile: The usual day, for the ratios of a running session: the fund's own or its proxy's, for all holdings.
            None is the built-in curve.
        closes_then: Close of the holdings date by symbol, where the baselines do not hold it: holdings of the as-of
            session itself or later, or older than their tail (see `funds_history.closes_on`). A holding whose close of
            that day is unknown keeps its published weight (see `drifted`).

    Raises:
        KeyError: a `volume_window` that the baselines do not have.
    """

    __slots__ = (
        "_baselines",
        "_by_sector",
        "_by_symbol",
        "_everywhere",
        "_fund_levels",
        "_fund_price",
        "_fund_start",
        "_members",
        "_profile",
        "_share",
        "_share_at",
        "_start",
        "_sums",
        "_then",
        "_touched",
        "_weights",
        "fund",
        "session",
        "window",
    )

    def __init__(
        self,
        fund: Fund,
        baselines: Mapping[str, Baseline],
        *,
        window: Window = Window.M1,
        volume_window: int = 63,
        profile: Profile | None = None,
        closes_then: Mapping[str, float] | None = None,
    ) -> None:
        self.fund = fund
        symbols = [fund.symbol, *(holding.symbol for holding in fund.holdings if holding.symbol is not None)]
        self._baselines = {symbol: baselines[symbol] for symbol in symbols if symbol in baselines}
        self.session: date | None = next((each.session for each in self._baselines.values()), None)
        """The as-of session, None while no baseline is known: ticks of another one tell nothing."""
        self._profile = MODEL if profile is None else profile
        self._share_at: tuple[int | None, float | None] = (None, None)
        self._share: float | None = None
        self._fund_price: float | None = None
        self._fund_levels = Levels(self._baselines.get(fund.symbol))
        self._fill(volume_window)
        self._then = self._closes_then(closes_then or {})
        prev = [growth(member.levels.prev, then) for member, then in zip(self._members, self._then, strict=True)]
        for member, weight in zip(self._members, drifted(self._published(), prev), strict=True):
            member.weigh(weight)
        self._weights = {
            sector: sum(member.weight_units for member in members) for sector, members in self._by_sector.items()
        }
        self.set_window(window)

    def update(self, symbol: str, today: Today) -> frozenset[str]:
        """Take a symbol's latest in constant time; the names of the sectors whose figures it changes.

        Those are all of them for the fund itself, since every excess is against it, and none when nothing is new. What
        belongs to another session than the baselines is unknown: yesterday's price is never today's return.
        """
        members = self._by_symbol.get(symbol)
        ours = today.session == self.session
        price = today.price if ours else None
        if price is not None and not LEAST < price < MOST:
            price = None
        if members is None:
            return self._update_fund(price) if symbol == self.fund.symbol else NOTHING
        volume = today.volume if ours else None
        if volume is None:
            share = None
        elif today.final:
            share = 1.0
        else:
            moment = (today.elapsed_slot, today.minute)
            if moment != self._share_at:
                self._share_at, self._share = moment, share_done(self._profile, *moment)
            share = self._share
        told = NOTHING
        for member in members:
            priced = price != member.price
            if priced:
                member.reprice(price)
            counted = volume if member.has_volume else None
            if priced or counted != member.volume or share != member.share:
                member.revolume(counted, share)
                told = self._touched[symbol]
        return told

    def set_window(self, window: Window) -> None:
        """Measure `window_return` and `excess` over another window, in a pass over all holdings."""
        self.window = window
        start = self._start = self._window_start(window)
        starts = [None if start is None else close_of(self._of(member), start) for member in self._members]
        fund_baseline = self._baselines.get(self.fund.symbol)
        self._fund_start = None if start is None else close_of(fund_baseline, start)
        factors = [growth(close, then) for close, then in zip(starts, self._then, strict=True)]
        weights = drifted(self._published(), factors)
        for member, close, weight in zip(self._members, starts, weights, strict=True):
            member.begin(close, weight)
        self.regroup()

    def regroup(self) -> None:
        """Make all sums anew from the holdings' latest: what `update` spares, and must be equal to."""
        for sums in self._sums.values():
            sums.clear()
        for member in self._members:
            member.clear()
            member.reprice(member.price)
            member.revolume(member.volume, member.share)

    def sector_rows(self) -> list[SectorFigures]:
        """All sectors, heaviest first."""
        fund_return = self._fund_window_return()
        rows = [self._sector(sector, fund_return) for sector in self._by_sector]
        return sorted(rows, key=lambda row: (-row.weight, row.sector))

    def holding_rows(self, sector: str | None = None) -> list[HoldingFigures]:
        """The holdings of a sector, or all, in the order of the fund's list; none for a sector that it lacks."""
        fund_return = self._fund_window_return()
        members = self._members if sector is None else self._by_sector.get(sector, [])
        return [member.figures(fund_return) for member in members]

    def rows_of(self, symbol: str) -> list[HoldingFigures]:
        """The rows that one symbol has in the fund: none when it is not held, rarely more than one."""
        fund_return = self._fund_window_return()
        return [member.figures(fund_return) for member in self._by_symbol.get(symbol, ())]

    def total(self) -> FundFigures:
        """The fund as a whole, from the sums of its sectors and its own price."""
        sums = total(self._sums.values())
        prev, price, explained = self._fund_levels.prev, self._fund_price, sums.contributed
        return_1d = None if prev is None or price is None else price / prev - 1
        return FundFigures(
            symbol=self.fund.symbol,
            return_1d=return_1d,
            explained=explained,
            explained_scaled=sums.return_1d,
            unexplained=None if return_1d is None else return_1d - (explained or 0.0),
            coverage=sums.covered / UNIT,
            holdings_as_of=self.fund.as_of,
            window_return=self._fund_window_return(),
            window_start=self._start,
            volume_ratio=sums.volume_ratio,
            dollar_volume=sums.dollar_volume,
            members=len(self._members),
            covered=sums.members_covered,
            **summary(sums.counts),
        )

    # --- making ---------------------------------------------------------------------------------------------------

    def _fill(self, volume_window: int) -> None:
        """Lay out the holdings by sector and by symbol."""
        self._members: list[Member] = []
        self._by_sector: dict[str, list[Member]] = {}
        self._sums: dict[str, Sums] = {}
        by_symbol: dict[str, list[Member]] = {}
        for holding in self.fund.holdings:
            sector = holding.sector or UNCLASSIFIED
            sums = self._sums.setdefault(sector, Sums())
            baseline = None if holding.symbol is None else self._baselines.get(holding.symbol)
            member = Member(holding, sector, sums, baseline, volume_window)
            self._members.append(member)
            self._by_sector.setdefault(sector, []).append(member)
            if holding.symbol is not None:
                by_symbol.setdefault(holding.symbol, []).append(member)
        self._by_symbol = {symbol: tuple(members) for symbol, members in by_symbol.items()}
        self._touched = {symbol: frozenset(each.sector for each in members) for symbol, members in by_symbol.items()}
        self._everywhere = frozenset(self._by_sector)

    def _closes_then(self, given: Mapping[str, float]) -> list[float | None]:
        """Close of the holdings date of each holding."""
        closes = []
        for member in self._members:
            symbol = member.holding.symbol
            close = usable(given.get(symbol)) if symbol is not None else None
            closes.append(close if close is not None else close_on_or_before(self._of(member), self.fund.as_of))
        return closes

    def _published(self) -> list[float]:
        """Weights at the holdings date."""
        return [member.holding.weight for member in self._members]

    def _of(self, member: Member) -> Baseline | None:
        """The baseline of a holding."""
        symbol = member.holding.symbol
        return None if symbol is None else self._baselines.get(symbol)

    def _window_start(self, window: Window) -> date | None:
        """The session where the window begins for all."""
        own = self._baselines.get(self.fund.symbol)
        if own is not None:
            return own.bases[window].session if window in own.bases else None
        starts = Counter(self._starts(window))
        return max(starts, key=lambda start: (starts[start], start)) if starts else None

    def _starts(self, window: Window) -> Iterator[date]:
        """The sessions where the holdings' own windows begin."""
        for baseline in self._baselines.values():
            if window in baseline.bases:
                yield baseline.bases[window].session

    # --- reading --------------------------------------------------------------------------------------------------

    def _update_fund(self, price: float | None) -> frozenset[str]:
        """Take the fund's own price."""
        if price == self._fund_price:
            return NOTHING
        self._fund_price = price
        return self._everywhere

    def _fund_window_return(self) -> float | None:
        """The fund's own return over the window."""
        price, start = self._fund_price, self._fund_start
        return None if price is None or start is None else price / start - 1

    def _sector(self, sector: str, fund_return: float | None) -> SectorFigures:
        """The figures of one sector."""
        sums, members, weight = self._sums[sector], self._by_sector[sector], self._weights[sector]
        return SectorFigures(
            sector=sector,
            weight=weight / UNIT,
            weight_published=fsum(member.holding.weight for member in members),
            coverage=sums.covered / weight if weight else None,
            return_1d=sums.return_1d,
            contribution=sums.contributed,
            window_return=sums.window_return,
            excess=difference(sums.window_return, fund_return),
            volume_ratio=sums.volume_ratio,
            dollar_volume=sums.dollar_volume,
            members=len(members),
            covered=sums.members_covered,
            **summary(sums.counts),
        )
