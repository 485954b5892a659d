"""The figures of a fund taken apart: of the fund, of its sectors, of its holdings (docs: formulas, "Inside a fund").

Weights, returns, contributions and shares are fractions: 0.0109 is 1.09 %, and 1.09 pp of a contribution or an excess.
None is unknown.
"""

from datetime import date

from msgspec import Struct

from tui.analytics.breadth import Breadth


class HoldingFigures(Struct, frozen=True, kw_only=True, gc=False):
    """One holding of a fund."""

    symbol: str | None
    """None for what has no symbol of its own: cash, a right, a contra entry."""
    name: str
    sector: str
    weight: float
    """Drifted weight at the previous close, as a fraction of the fund (see `funds_weights.drifted`)."""
    weight_published: float
    """Weight at the holdings date, as the issuer's market values give it."""
    price: float | None
    return_1d: float | None
    contribution: float | None
    """`weight` times `return_1d`: what the holding has added to the fund's return today."""
    window_return: float | None
    """From its close on the day where the fund's window begins to its price; None when it has none on that day."""
    excess: float | None
    """`window_return` minus the fund's own return, over the same two dates."""
    volume_ratio: float | None
    """Volume over its mean volume of the previous N sessions, times the profile's share while the session runs."""
    dollar_volume: float | None
    """Price times volume so far."""
    above_mean50: bool | None
    above_mean200: bool | None
    new_high: bool
    new_low: bool


class SectorFigures(Breadth, frozen=True, kw_only=True, gc=False):
    """One sector of a fund, `Cash and derivatives` and `Unclassified` among them; breadth is that of its holdings."""

    sector: str
    weight: float
    """Sum of the drifted weights of all its holdings at the previous close, with a price or without."""
    weight_published: float
    """Sum of their weights at the holdings date."""
    coverage: float | None
    """Share (0 .. 1) of `weight` whose holdings have a 1D return; None for a sector without weight."""
    return_1d: float | None
    """`contribution / (weight * coverage)`: the return of the holdings that have one, by their weights.

    A holding without a price is left out of both sides; dividing by all of `weight` would count it as unchanged.
    """
    contribution: float | None
    """Sum of the contributions of its holdings; None when none has one. Never scaled to full coverage."""
    window_return: float | None
    """Return of its holdings over the window, by their drifted weights where the window begins.

    That is a portfolio bought there and held: today's holdings, not those of that day. Holdings without a close on
    that day or without a price are left out.
    """
    excess: float | None
    """`window_return` minus the fund's own return, over the same two dates."""
    volume_ratio: float | None
    """Sum of dollar volume / sum of average dollar volume, over the holdings for which both are known.

    The average is the mean of close times volume of the previous N sessions; while a session runs, it is scaled to the
    usual share of a day's volume done at the moment that each holding's volume was counted at.
    """
    dollar_volume: float | None
    """Sum of the dollar volume of the same holdings."""
    members: int
    """Holdings in the sector."""
    covered: int
    """Those of them with a 1D return."""


class FundFigures(Breadth, frozen=True, kw_only=True, gc=False):
    """The fund as a whole; breadth is that of all its holdings."""

    symbol: str
    return_1d: float | None
    """The fund's own, from its own price: not from its holdings."""
    explained: float | None
    """Sum of the contributions of the covered holdings, as they are; None when no holding is covered."""
    explained_scaled: float | None
    """`explained / coverage`: what the fund's return would be if the rest moved like the covered holdings."""
    unexplained: float | None
    """`return_1d` minus the sum of all contributions: what is not covered, fees, cash, stale weights, the premium.

    All of `return_1d` while nothing is covered; None without a return of the fund's own.
    """
    coverage: float
    """Sum of the drifted weights of the holdings with a 1D return: the share of the fund that has a price."""
    holdings_as_of: date
    """The day that the weights are of."""
    window_return: float | None
    """The fund's own over the window."""
    window_start: date | None
    """The session where the window begins, for the fund and all its holdings."""
    volume_ratio: float | None
    """As for a sector, over all holdings. The fund's own volume is another matter: that of its row."""
    dollar_volume: float | None
    members: int
    covered: int
