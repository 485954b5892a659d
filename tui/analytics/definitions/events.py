"""The figures of the answers to a condition, in the words of docs, formulas."""

from tui.analytics.definitions.base import Definition

ALL: tuple[Definition, ...] = (
    Definition(
        "event",
        "Date",
        "",
        "A session on which the condition holds. A session of a condition is a day on which all of its symbols traded; "
        "what is unknown never holds. Where the condition asks for a streak, sessions in a row on which it holds are "
        "one event, dated on the first.",
    ),
    Definition(
        "values",
        "Value",
        "",
        "The named series on that date: returns, drawdowns and ranges in percent, changes of yields in basis points, "
        "volume ratios in times, prices as they are.",
    ),
    Definition(
        "forward_return_pct",
        "After",
        "%",
        "Close 1W, 1M, 3M, 6M or 1Y (5, 21, 63, 126, 252 of the symbol's own sessions) after the date / close on the "
        "date - 1. Unknown where it would look past the last session.",
    ),
    Definition(
        "lasted",
        "Lasted",
        "",
        "Sessions in a row, from the date on, for which the condition held.",
    ),
    Definition(
        "summary",
        "After the event",
        "",
        "Mean, median and share above zero of the forward returns of all events, and how many are known (n).",
    ),
    Definition(
        "base_rate",
        "After any session",
        "",
        "The same figures over all sessions searched, whether the condition held or not: what to measure the event by.",
    ),
    Definition("sessions", "Sessions", "", "Sessions searched: those on which all symbols of the condition traded."),
    Definition(
        "unknown_sessions",
        "Unknown",
        "",
        "Sessions searched on which a series has no value yet, so that the condition is neither true nor false.",
    ),
    Definition(
        "sessions_since_last", "Since", "", "Sessions searched after the last event; 0 when it is the last session."
    ),
    Definition(
        "streak",
        "Streak",
        "",
        "Sessions in a row, the session itself the last, for which a condition held; 0 where it does not.",
    ),
    Definition(
        "at_high",
        "At a high",
        "",
        "The close is the highest (lowest) close of the last 252 sessions (52w), of all stored ones, or of the last N, "
        "itself included; an equal one counts. Unknown with fewer than 200 known closes before it, or N - 1 if less.",
    ),
)
