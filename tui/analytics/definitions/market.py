"""The figures of a row of the monitor, in the words of docs, formulas."""

from tui.analytics.definitions.base import Definition

ALL = (
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
