"""The figures of the inside of a fund, and those that mean another thing there."""

from tui.analytics.definitions.base import Definition

ALL = (
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

MEANT_OTHERWISE = (
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
"""Names of a row as they are meant of a fund's sectors and holdings."""
