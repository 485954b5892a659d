"""Who is asked for a fund's holdings, in which order: the issuer first, then the top ten, then the filing."""

import logging
from collections.abc import Sequence

from tui.model import Fund
from tui.sources.base import NoDataError, SourceError
from tui.sources.holdings.base import HoldingsSource

log = logging.getLogger(__name__)


class Chain:
    """Several sources as one: the first whole list wins, a partial one is kept for want of better."""

    name = "holdings"

    def __init__(self, sources: Sequence[HoldingsSource]) -> None:
        self._sources = sources

    async def fund(self, symbol: str) -> Fund:
        """What the fund holds.

        Raises:
            NoDataError: nobody has it; says what to do.
        """
        partial: Fund | None = None
        reasons = []
        for source in self._sources:
            try:
                fund = await source.fund(symbol)
            except SourceError as error:
                log.info("%s: no holdings of %s: %s", source.name, symbol, error)
                reasons.append(error)
                continue
            if not fund.partial:
                return fund
            partial = partial or fund
        if partial is not None:
            return partial
        told = next((str(each) for each in reasons if not isinstance(each, NoDataError)), "")
        raise NoDataError(
            f"no holdings of {symbol} are known{f' ({told})' if told else ''}: outpace holdings import FILE --fund {symbol}"
        )

    async def aclose(self) -> None:
        """Close all of them."""
        for source in self._sources:
            await source.aclose()
