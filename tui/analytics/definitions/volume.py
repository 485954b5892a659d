"""The figures of the volume screen, in the words of docs, formulas."""

from tui.analytics.definitions.base import Definition

ALL: tuple[Definition, ...] = (
    Definition(
        "volume_mean",
        "Mean volume",
        "shares",
        "Mean volume of the previous N sessions (63 unless chosen otherwise), the as-of session left out; unknown under "
        "N/2 known sessions. The volume ratio is measured by it.",
    ),
    Definition(
        "volume_median",
        "Median volume",
        "shares",
        "Median volume of the same N sessions. Where it is far below the mean, a few block trades make the mean.",
    ),
    Definition(
        "first_half_hour_pct",
        "First half hour",
        "%",
        "Share of the session's volume from 09:30 to 10:00 in New York: the mean over full sessions of each one's share "
        "of the sum of its own five-minute bars. Half days are left out.",
    ),
    Definition(
        "last_half_hour_pct",
        "Last half hour",
        "%",
        "Share of the session's volume from 15:30 to 16:00 in New York, over the same full sessions in the same way.",
    ),
    Definition(
        "profile_sessions",
        "Full sessions",
        "sessions",
        "Sessions with a bar in at least nine of ten slots and every volume known, half days left out.",
    ),
    Definition(
        "usual_volume",
        "Usual day",
        "shares",
        "Mean volume of the last N full sessions before the as-of session, as their five-minute bars add up.",
    ),
    Definition(
        "so_far_pct",
        "So far",
        "%",
        "Volume of the as-of session by the end of a five-minute slot / the usual day's volume, both as the bars add up.",
    ),
    Definition(
        "usual_so_far_pct",
        "Usual so far",
        "%",
        "F: the median over at least 15 full sessions of the share of the day's volume done by the end of a five-minute "
        "slot, each session normalised by its own sum; half days are left out. The band about it is from the lower to "
        "the upper quartile.",
    ),
    Definition(
        "bars_of_tape_pct",
        "Bars hold",
        "%",
        "Sum of a session's five-minute bars / its daily volume: the median over the full sessions that both know. Bars "
        "add up to less than the tape does, so that bars are only held against bars.",
    ),
    Definition(
        "unusual_days",
        "Unusual days",
        "",
        "Sessions among the last 60 finished ones whose volume ratio is at or above the bound that is stated, with the "
        "return of the day.",
    ),
    Definition(
        "followed_pct",
        "What followed",
        "%",
        "Price 1W (5 sessions) and 1M (21 sessions) later / price of the day - 1. Unknown where that is still to come: "
        "nothing after the as-of session is looked at.",
    ),
    Definition(
        "advancing_dollar_volume",
        "Advancing",
        "currency",
        "Sum of the dollar volume of the list's symbols whose 1D return is above zero. Indices have no volume and are "
        "in no sum.",
    ),
    Definition(
        "declining_dollar_volume",
        "Declining",
        "currency",
        "Sum of the dollar volume of the list's symbols whose 1D return is below zero.",
    ),
    Definition(
        "advancing_share_pct",
        "Advancing share",
        "%",
        "Advancing dollar volume / the sum of advancing and declining dollar volume.",
    ),
)
