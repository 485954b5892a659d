"""Windows of sessions over which a return is measured (docs: formulas, "Returns and relative performance")."""

from datetime import date
from enum import StrEnum


class Window(StrEnum):
    """A span that ends with the as-of session. Counted windows count sessions; `*TD` begin with a calendar period."""

    D1 = "1D"
    W1 = "1W"
    WTD = "WTD"
    M1 = "1M"
    MTD = "MTD"
    M3 = "3M"
    QTD = "QTD"
    M6 = "6M"
    YTD = "YTD"
    Y1 = "1Y"
    Y3 = "3Y"
    Y5 = "5Y"


SESSIONS: dict[Window, int] = {
    Window.D1: 1,
    Window.W1: 5,
    Window.M1: 21,
    Window.M3: 63,
    Window.M6: 126,
    Window.Y1: 252,
    Window.Y3: 756,
    Window.Y5: 1260,
}
"""Sessions that a counted window goes back."""

MONITOR: tuple[Window, ...] = (Window.D1, Window.W1, Window.M1, Window.M3, Window.M6, Window.YTD, Window.Y1)
"""The windows of a monitor row, in the order of the columns and of `show monitor`."""


def period_start(window: Window, session: date) -> date:
    """First calendar day of the period that a `*TD` window covers; the base is the last close before it.

    A week begins on Monday.

    Raises:
        KeyError: for a window that counts sessions.
    """
    ordinal = session.toordinal()
    return {
        Window.WTD: date.fromordinal(ordinal - session.weekday()),
        Window.MTD: session.replace(day=1),
        Window.QTD: session.replace(month=(session.month - 1) // 3 * 3 + 1, day=1),
        Window.YTD: session.replace(month=1, day=1),
    }[window]
