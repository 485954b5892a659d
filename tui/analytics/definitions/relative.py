"""The figures of the comparisons and of the rotation, in the words of docs, formulas."""

from tui.analytics.definitions.base import Definition

ALL: tuple[Definition, ...] = (
    Definition(
        "benchmark_return_pct",
        "Bench",
        "%",
        "The benchmark's return between the same two dates as the symbol's.",
    ),
    Definition(
        "spread_pp",
        "Spread",
        "pp",
        "Excess over the chosen span: a window, SINCE a date (from the last close on or before it), or ALL (from the "
        "first session that all of the compared and the benchmark have).",
    ),
    Definition(
        "spread_percentile",
        "Pctl",
        "",
        "Share, times 100, of all other sessions whose spread over as many sessions was lower than today's; equal ones "
        "count half. Unknown under 20 known spreads.",
    ),
    Definition(
        "spread_zscore",
        "z",
        "",
        "(Today's spread - mean) / sample standard deviation (ddof 1) of the spreads over as many sessions that end with "
        "each session of the history, today's included. Unknown under 20 known spreads.",
    ),
    Definition(
        "spread_n",
        "n",
        "",
        "How many sessions have a spread over as many sessions, today's included.",
    ),
    Definition(
        "streak",
        "Streak",
        "sessions",
        "Sessions in a row, today's the last, on which the 1D excess was above zero; 0 when today's is not. A session "
        "whose excess is unknown ends a streak.",
    ),
    Definition("streak_longest", "Longest", "sessions", "The longest streak of the whole history, today's included."),
    Definition("streak_n", "n", "", "How many sessions have a 1D excess, today's included."),
    Definition(
        "correlation_by_year",
        "Year",
        "",
        "Correlation of the simple daily returns of a calendar year with the benchmark's, the first measured from the "
        "last session of the year before; with its n.",
    ),
    Definition(
        "rotation_ratio",
        "Ratio",
        "",
        "RS / mean of RS over the 63 sessions that end with it, times 100, where RS = price / the benchmark's price on "
        "sessions that both have. Unknown unless all 63 are known.",
    ),
    Definition(
        "rotation_momentum",
        "Momentum",
        "",
        "Ratio / mean of the ratio over the 21 sessions that end with it, times 100.",
    ),
    Definition(
        "quadrant",
        "Quadrant",
        "",
        "Leading: ratio and momentum are both 100 or more. Weakening: the ratio is, the momentum is not. Lagging: neither "
        "is. Improving: the momentum is, the ratio is not.",
    ),
)
