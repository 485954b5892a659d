"""What each figure means, in words: one definition per name, for the help and for `show --format json`.

The words are those of docs, formulas; the names are the fields of a row as `show` prints it.
"""

from collections.abc import Mapping

from msgspec import Struct


class Definition(Struct, frozen=True, gc=False):
    """One figure."""

    name: str
    """The field's name in a row."""
    title: str
    """How a screen calls it."""
    unit: str
    """`%`, `pp` (percentage points), `x` (times), `shares`, ...; empty for a word or a date."""
    text: str
    """One or two plain sentences."""


_ALL = (
    Definition(
        "last",
        "Last",
        "currency",
        "The last price of the as-of session, its close when the session is over. Split-adjusted, dividends ignored.",
    ),
    Definition("currency", "Currency", "", "What prices and dollar volume are in; pence and cents are divided out."),
    Definition(
        "return_pct",
        "Return",
        "%",
        "Price / price at the window's start - 1, dividends ignored. 1D 1W 1M 3M 6M 1Y 3Y 5Y count 1 5 21 63 126 252 "
        "756 1260 sessions back from the as-of session; WTD MTD QTD YTD begin with the last close before the period.",
    ),
    Definition(
        "total_return_pct",
        "Return TR",
        "%",
        "The return with dividends reinvested, from closes adjusted for splits and dividends, over the same windows.",
    ),
    Definition(
        "excess_pp",
        "Excess",
        "pp",
        "The symbol's return minus the benchmark's, over the same two dates. Unknown when the benchmark has no close on "
        "the day where the symbol's window begins.",
    ),
    Definition(
        "rank",
        "Rank",
        "",
        "Position of the symbol's excess within its list: 1 is best, ties share the better rank.",
    ),
    Definition(
        "relative_strength",
        "Relative strength",
        "",
        "The symbol's price over the benchmark's, on the sessions that both have; 100 at the window's start.",
    ),
    Definition("rebased", "Rebased", "", "Price over the price at the window's start, times 100."),
    Definition(
        "volume",
        "Volume",
        "shares",
        "Shares traded in the as-of session so far. Unknown for an index, which has no volume of its own.",
    ),
    Definition(
        "volume_ratio",
        "Vol x",
        "x",
        "Volume / mean volume of the previous N sessions (63 unless chosen otherwise), the as-of session left out; "
        "unknown under N/2 known sessions. While the session runs, the mean is scaled to the share of a day's volume "
        "that is usually done by now.",
    ),
    Definition(
        "volume_ratio_basis",
        "Basis",
        "",
        "full-day for a session that is over. For a running one time-of-day, with what the usual day is from: the "
        "symbol's own bars, those of a proxy, or the built-in model.",
    ),
    Definition(
        "volume_ratio_median",
        "Vol x median",
        "x",
        "Volume / median volume of the previous N sessions: one block trade moves a thin fund's mean, not its median.",
    ),
    Definition(
        "dollar_volume",
        "$Vol",
        "currency",
        "Last price times volume of the as-of session so far.",
    ),
    Definition(
        "range52_position",
        "52w",
        "fraction",
        "(Price - low) / (high - low) over the intraday lows and highs of the last 252 sessions, today included: 0 at "
        "the low, 1 at the high. Unknown under 200 known sessions.",
    ),
    Definition(
        "zscore50",
        "Z 50",
        "standard deviations",
        "(Price - mean) / sample standard deviation of the 50 closes that end with the as-of session.",
    ),
    Definition(
        "drawdown_pct",
        "Drawdown",
        "%",
        "Price / highest close up to the as-of session, its own included, - 1, over all stored history: 0 at a new high.",
    ),
    Definition(
        "correlation",
        "Correlation",
        "",
        "Correlation of simple daily returns with the benchmark's over 63 sessions common to both, shown with their "
        "number n. Against a yield, its daily change in basis points takes the place of a return.",
    ),
    Definition(
        "beta",
        "Beta",
        "",
        "Covariance of simple daily returns with the benchmark's / variance of the benchmark's, over 252 sessions "
        "common to both, shown with their number n.",
    ),
    Definition("as_of", "As of", "UTC", "When the price was made."),
    Definition("session", "Session", "", "The trading day that price and volume belong to, in the exchange's zone."),
    Definition("source", "Source", "", "Who told it."),
    Definition(
        "state",
        "State",
        "",
        "How far the datum can be trusted now: LIVE, EOD (a finished session), DELAYED, STALE, LIMITED, OFFLINE, "
        "WAITING or UNKNOWN.",
    ),
)

_OF_FUNDS = (
    Definition(
        "weight_pct",
        "Weight",
        "%",
        "Market value / sum of the market values of the fund's equity rows on the holdings date, drifted to the previous "
        "close: times the holding's return since, renormalised over the holdings that have one. A sector's is the sum.",
    ),
    Definition(
        "contribution_pp",
        "Contribution",
        "pp",
        "Drifted weight at the previous close times 1D return: what a holding has added to the fund's return today. A "
        "sector's is the sum over its holdings that have a price, as it is: never scaled to full coverage.",
    ),
    Definition(
        "advancers",
        "Adv",
        "holdings",
        "Holdings whose price is above their previous close; those without are not counted.",
    ),
    Definition("decliners", "Dec", "holdings", "Holdings whose price is below their previous close."),
    Definition("unchanged", "Unch", "holdings", "Holdings whose price is their previous close."),
    Definition(
        "above_mean50_pct",
        ">50d",
        "%",
        "Share of the holdings whose price is above the mean of the 50 closes that end with it, of those that have all "
        "50. Every holding counts once, whatever its weight.",
    ),
    Definition(
        "above_mean200_pct",
        ">200d",
        "%",
        "Share of the holdings whose price is above the mean of the 200 closes that end with it, of those that have all "
        "200.",
    ),
    Definition(
        "new_highs",
        "Highs",
        "holdings",
        "Holdings whose price is above the highest intraday high of the previous 251 sessions. One with under 200 known "
        "sessions is not counted.",
    ),
    Definition(
        "new_lows",
        "Lows",
        "holdings",
        "Holdings whose price is below the lowest intraday low of the previous 251 sessions. One with under 200 known "
        "sessions is not counted.",
    ),
    Definition(
        "coverage_pct",
        "Coverage",
        "%",
        "Share of the weight, drifted to the previous close, whose holdings have a 1D return.",
    ),
    Definition("holdings_as_of", "Holdings of", "", "The day that the issuer's weights are of."),
    Definition(
        "unexplained_pp",
        "Unexplained",
        "pp",
        "The fund's own 1D return minus the sum of the contributions: what has no price, fees, cash, weights that have "
        "changed since the holdings date, and the fund's premium.",
    ),
    Definition(
        "explained_pp",
        "Explained",
        "pp",
        "Sum of the contributions of the holdings that have a price, as it is.",
    ),
    Definition(
        "explained_scaled_pp",
        "Explained, scaled",
        "pp",
        "The explained return divided by the coverage: as if the rest had moved like the holdings that have a price.",
    ),
    Definition(
        "style",
        "Style",
        "",
        "Value if only the value fund of an index family holds the symbol, growth if only the growth fund does; if both "
        "do, split by its weights in the two. The funds are named with it. Unknown where neither holds it.",
    ),
    Definition(
        "size",
        "Size",
        "",
        "Large, mid or small within the fund: its holdings by market value, largest first, cut where a third and two "
        "thirds of the whole are reached.",
    ),
)

_INSIDE = (
    Definition(
        "return_pct",
        "Return",
        "%",
        "1D: contribution / weight, over the sector's holdings that have a price. A longer window: the return of today's "
        "holdings bought where it begins, by their weights drifted to that day.",
    ),
    Definition(
        "excess_pp",
        "Excess",
        "pp",
        "The window's return of the sector or the holding minus the fund's own, over the same two dates.",
    ),
    Definition(
        "volume_ratio",
        "Vol x",
        "x",
        "Sum of dollar volume / sum of average dollar volume (the mean of close times volume of the previous N sessions, "
        "63 unless chosen otherwise) over the holdings that have both. While the session runs, the average is scaled to "
        "the share of a day's volume that is usually done by now. Of a single holding: as in its row.",
    ),
)

DEFINITIONS: Mapping[str, Definition] = {definition.name: definition for definition in (*_ALL, *_OF_FUNDS)}
"""By name, in the order of a row; then those that only the inside of a fund has."""

INSIDE_A_FUND: Mapping[str, Definition] = {
    **DEFINITIONS,
    **{definition.name: definition for definition in _INSIDE},
}
"""The same names as they are meant of a fund's sectors and holdings."""
