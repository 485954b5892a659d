"""The usual day: how much of a session's volume is done by when, and the built-in curve for want of bars.

Free of polars, since a live row needs it.
"""

from math import exp

from tui.analytics.figures import Profile

SLOTS = 78
"""Five-minute slots of a full session."""

SLOT_MINUTES = 5
SESSION_MINUTES = SLOTS * SLOT_MINUTES

_EVEN = 0.545
_OPENING = ((0.018, 3.0), (0.209, 75.0))
_CLOSING = ((0.130, 45.0), (0.098, 4.0))


def _curve(minute: float) -> float:
    """Share of the day's volume done `minute` minutes after the open, by the built-in curve.

    A steady flow, a rush at the open and an unhurried one after it that die away, and the same in reverse before the
    close: (share of the day, minutes in which it falls to a third). Fitted to the mean of 595 full sessions of SPY,
    2024 to 2026, from which it is never further than half a percent of the day.
    """
    left = SESSION_MINUTES - minute
    done = _EVEN * minute / SESSION_MINUTES
    for share, fall in _OPENING:
        done += share * (1 - exp(-minute / fall)) / (1 - exp(-SESSION_MINUTES / fall))
    for share, fall in _CLOSING:
        done += share * (exp(-left / fall) - exp(-SESSION_MINUTES / fall)) / (1 - exp(-SESSION_MINUTES / fall))
    return done


MODEL = Profile(
    shares=(*(_curve((slot + 1) * SLOT_MINUTES) for slot in range(SLOTS - 1)), 1.0),
    source="model",
)
"""The built-in U-shaped day: 12.9 % of the volume in the first half-hour, 20.4 % in the last."""


def share_done(profile: Profile, slot: int | None, minute: float | None = None) -> float | None:
    """`F(now)`: the usual share of the day's volume done by now; None when neither argument is given.

    Args:
        profile: The usual day.
        slot: Five-minute slot of now, 0 .. 77: its share is that of its end, as `F` is defined.
        minute: Minutes since the open, and then preferred: within a slot the volume is taken to flow evenly.
    """
    shares = profile.shares
    if minute is None:
        return None if slot is None else shares[slot]
    if minute >= SESSION_MINUTES:
        return 1.0
    slot = int(minute // SLOT_MINUTES)
    before = shares[slot - 1] if slot else 0.0
    return before + (shares[slot] - before) * (minute / SLOT_MINUTES - slot)
