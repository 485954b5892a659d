"""The figures of the drivers: yields, macro series, regimes, valuation, earnings, deals, in the words of docs, formulas."""

from tui.analytics.definitions.base import Definition

ALL = (
    Definition(
        "series_latest",
        "Latest",
        "the series' own",
        "The last value, as its source tells it: the latest revision, and missing days are left out. Its date is the day, or "
        "the first day of the month or quarter, that it is of.",
    ),
    Definition(
        "series_change",
        "Change",
        "pp or %",
        "The last value less the one before, in percentage points, of a series in percent; of any other its percentage "
        "over the one before.",
    ),
    Definition(
        "series_correlation",
        "Correlation",
        "-1..1",
        "Of the symbol's returns with the series' changes over the same days: simple returns of the price; of a series in "
        "percent its change in basis points, of any other its percentage. Daily series: 63 pairs; weekly 52, monthly 36, "
        "quarterly 20. A month's value goes with the return of that month.",
    ),
    Definition(
        "regime_return_pct",
        "Regime return",
        "%",
        "Mean, median and share above zero of the returns over every window of the regime, by sessions common to both "
        "symbols (1M 21, 3M 63, 1Y 252). A window that is not over is not counted. n is the number of windows; they overlap, "
        "and apart is how many of them do not.",
    ),
    Definition(
        "regime_difference_pp",
        "Difference",
        "pp",
        "The first symbol's return less the second's over the same window: its mean, and the share of the windows in which "
        "it is above zero.",
    ),
    Definition(
        "regime_yield",
        "Yield fell, rose",
        "",
        "Months of 21 sessions at whose end the 10-year yield was below, or above, that at their start. The return is of the "
        "same days: it goes with the yield, and foretells nothing.",
    ),
    Definition(
        "regime_growth",
        "GDP growth below its median",
        "",
        "Sessions on which the newest growth of GDP over the quarter before was below the median of all growth known by then, "
        "and the return of the 63 sessions after. A quarter counts as known 31 days after its end; the figures are those of "
        "the latest revision.",
    ),
    Definition(
        "regime_recession",
        "After a recession's midpoint",
        "",
        "The 252 sessions from the middle of the months that the NBER dates as a recession. It does so long afterwards: "
        "nobody knew it then.",
    ),
    Definition(
        "regime_cut",
        "After a first rate cut",
        "",
        "The 252 sessions from the day on which the first cut of a cycle was known: the first monthly fed funds rate that is "
        "0.20 points or more under the highest of its cycle, two days after its month. A cycle begins 1 point above the lowest "
        "since the last one.",
    ),
    Definition(
        "price_to_sales",
        "P/S",
        "x",
        "Sum of the holdings' market value / sum of the sales that it stands for (weight x sales / market value of the "
        "company), over the holdings whose sales of the last twelve months are known.",
    ),
    Definition(
        "price_to_earnings_all",
        "P/E, with losses",
        "x",
        "The harmonic mean of the holdings' P/E by weight, with loss-makers: weight / sum of weight x earnings yield, where "
        "losses count as they are. Unknown where the sum is not positive.",
    ),
    Definition(
        "price_to_earnings_profitable",
        "P/E, without losses",
        "x",
        "The same over the holdings that earn something: what is usually quoted of a fund, and flatters one with many "
        "loss-makers.",
    ),
    Definition(
        "valuation_coverage_pct",
        "Coverage",
        "%",
        "Share of the fund's weight whose sales, or earnings, are known. Under 100 the figure is that of the known part.",
    ),
    Definition(
        "loss_weight_pct",
        "Loss-makers",
        "%",
        "Share of the weight with known earnings whose earnings of the last twelve months are not above zero.",
    ),
    Definition(
        "discount_pct",
        "Discount",
        "%",
        "How much cheaper the first fund is than the second, 1 - a/b of the same figure; negative is dearer. Its "
        "history has a value for each day on which a figure of a holding was told, and accrues from the first.",
    ),
    Definition(
        "earnings_growth_pct",
        "Expected growth",
        "%",
        "Earnings per share that analysts expect for the period, times the shares of each holding that the fund has, summed, "
        "over the same sum of the year before; losses count as they are. Unknown where that sum is not positive.",
    ),
    Definition(
        "earnings_growth_typical_pct",
        "Typical growth",
        "%",
        "The median of the holdings' own expected growth by weight: half of the weight is above it.",
    ),
    Definition(
        "estimates_revised_pct",
        "Revised",
        "%",
        "Earnings that are expected now over those expected 7, or 30, days ago for the same period, summed over the holdings, "
        "less one.",
    ),
    Definition(
        "estimates_raised_pct",
        "Raised",
        "%",
        "Share of the analysts' estimates that were raised in the last 7, or 30, days: each holding's share, by weight.",
    ),
    Definition("estimates_cut_pct", "Cut", "%", "The same of the estimates that were cut."),
    Definition(
        "deal_filings",
        "Filings",
        "filings",
        "Filings with the SEC on the forms of mergers and tender offers: 425, S-4, F-4, DEFM14A, PREM14A, SC TO-T, SC TO-C, "
        "SC 14D9, SC 13E3, with amendments. 8-K is left out, and an S-4 may be an exchange of bonds.",
    ),
    Definition(
        "deals",
        "Deals",
        "deals",
        "Filings about one target with at most 60 days between one and the next are one deal, counted in the week, and under "
        "the form, of the first. The index does not say who is the target: of several companies it is the one that files what "
        "only a target files, else the one that registered last.",
    ),
    Definition(
        "deal_sector",
        "Sector",
        "",
        "Of the target, by its Standard Industrial Classification code: the divisions, and finer groups where deals are.",
    ),
)
