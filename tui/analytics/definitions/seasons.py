"""The figures of the seasons, in the words of docs, formulas."""

from tui.analytics.definitions.base import Definition

ALL: tuple[Definition, ...] = (
    Definition(
        "month_return_pct",
        "Month",
        "%",
        "Last close of a calendar month / last close of the calendar month before - 1. Only months that are over are "
        "counted in a season; the one that runs is shown by itself.",
    ),
    Definition(
        "season_mean_pct",
        "Mean",
        "%",
        "Arithmetic mean of the returns of the season: those of one calendar month over all years, of one day of the "
        "month over all months, or of the calendar years at one place of the presidential cycle.",
    ),
    Definition("season_median_pct", "Median", "%", "Median of the returns of the season."),
    Definition("season_positive_pct", "Up", "%", "Share of the returns of the season that are above zero."),
    Definition("season_low_pct", "Worst", "%", "The lowest return of the season."),
    Definition("season_high_pct", "Best", "%", "The highest return of the season."),
    Definition("season_n", "n", "", "How many returns the season has: months, days or years that are over."),
    Definition(
        "day_of_month",
        "Day",
        "",
        "Calendar day, 1 to 31, that a session fell on; its return is the 1D return of that session.",
    ),
    Definition(
        "session_of_month",
        "Session",
        "",
        "Position of a session in its calendar month, 1 is the first; its return is the 1D return of that session.",
    ),
    Definition(
        "cycle_year",
        "Cycle",
        "",
        "Year of the US presidential cycle, 1 to 4: 4 is the calendar year of an election (2024), 1 the year after it. "
        "Its return runs from the last close of the year before to its own; only years that are over are counted.",
    ),
    Definition(
        "so_far_pct",
        "So far",
        "%",
        "Price / last close of the calendar month before - 1, while the month is not over.",
    ),
    Definition(
        "so_far_percentile",
        "Percentile",
        "",
        "Share, times 100, of the other years that were lower after the same number of sessions of the same calendar "
        "month; equal ones count half. Years whose month had fewer sessions are left out.",
    ),
    Definition(
        "rest_of_month_pct",
        "Rest",
        "%",
        "Return of the other years from that session to the end of the month.",
    ),
)
