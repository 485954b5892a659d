"""What a series of a condition can be: the figures of a symbol, their units, and the columns they are made of.

The definitions are those of docs, formulas; windows are counted on the symbol's own sessions.
"""

import re
from enum import StrEnum

from msgspec import Struct

from tui.analytics.figures import VOLUME_WINDOWS
from tui.analytics.windows import SESSIONS, Window

DEFAULT_VOLUME_WINDOW = 63


class Unit(StrEnum):
    """What a value is measured in, which decides what it can be compared with."""

    RETURN = "return"
    """A fraction, typed in `%`."""
    SPREAD = "difference of returns"
    """A fraction, typed in `pp` or `%`."""
    SHARE = "share"
    """A fraction from 0 to 1, typed in `%`."""
    PRICE = "price"
    RATIO = "ratio"
    """Times, typed as `30` or `30x`."""
    NUMBER = "number"
    SHARES = "number of shares"
    MONEY = "amount of money"
    BASIS = "change in basis points"
    """Typed in `bp`."""
    COUNT = "number of sessions"
    DATE = "part of the date"
    PLAIN = "plain number"
    PERCENT = "percentage"
    POINTS = "number of percentage points"
    TIMES = "multiple"


class Figure(Struct, frozen=True):
    """One figure of a symbol."""

    name: str
    unit: Unit
    about: str
    """What it is, in a few words."""
    columns: tuple[str, ...] = ("close",)
    """Columns of the daily bars it is made of."""
    window: Window | None = None
    """Of a return or a change."""
    lowest: float | None = None
    """No value is below this."""
    highest: float | None = None
    """No value is above this."""

    @property
    def sessions(self) -> int | None:
        """Sessions that a counted window goes back."""
        return SESSIONS.get(self.window) if self.window else None


def _windows() -> list[Figure]:
    made = []
    for window in (*SESSIONS, Window.WTD, Window.MTD, Window.QTD, Window.YTD):
        name = window.value.lower()
        counted = SESSIONS.get(window)
        when = f"over {counted} session{'' if counted == 1 else 's'}" if counted else f"{window.value}, since the last"
        when = when if counted else f"since the last close before the {_PERIOD[window]} began"
        made += [
            Figure(name, Unit.RETURN, f"return {when}", window=window, lowest=-1.0),
            Figure(
                f"{name}_tr",
                Unit.RETURN,
                f"total return {when}",
                columns=("close", "adj_close"),
                window=window,
                lowest=-1.0,
            ),
            Figure(f"{name}_bp", Unit.BASIS, f"change of a yield in basis points {when}", window=window),
        ]
    return made


_PERIOD = {Window.WTD: "week", Window.MTD: "month", Window.QTD: "quarter", Window.YTD: "year"}
_RANGE = ("close", "high", "low")


def _all() -> list[Figure]:
    ratios = [
        Figure(
            f"volume_ratio{'' if n == DEFAULT_VOLUME_WINDOW else n}",
            Unit.RATIO,
            f"volume against the mean of the {n} sessions before",
            columns=("close", "volume"),
            lowest=0.0,
        )
        for n in (DEFAULT_VOLUME_WINDOW, *(n for n in VOLUME_WINDOWS if n != DEFAULT_VOLUME_WINDOW))
    ]
    return [
        *_windows(),
        Figure("close", Unit.PRICE, "close, or the level of an index, yield or macro series"),
        Figure("high", Unit.PRICE, "the session's high", columns=("close", "high")),
        Figure("low", Unit.PRICE, "the session's low", columns=("close", "low")),
        Figure("mean50", Unit.PRICE, "mean of the last 50 closes"),
        Figure("mean200", Unit.PRICE, "mean of the last 200 closes"),
        Figure("high52", Unit.PRICE, "highest high of the last 252 sessions", columns=_RANGE),
        Figure("low52", Unit.PRICE, "lowest low of the last 252 sessions", columns=_RANGE),
        Figure("range52", Unit.SHARE, "place between low52 (0%) and high52 (100%)", _RANGE, lowest=0.0, highest=1.0),
        Figure("drawdown", Unit.RETURN, "below the highest close so far, 0 or negative", lowest=-1.0, highest=0.0),
        Figure("zscore50", Unit.NUMBER, "standard deviations from the mean of the last 50 closes"),
        Figure("volume", Unit.SHARES, "shares traded", columns=("close", "volume"), lowest=0.0),
        Figure("dollar_volume", Unit.MONEY, "close times volume", columns=("close", "volume"), lowest=0.0),
        *ratios,
    ]


FIGURES: dict[str, Figure] = {figure.name: figure for figure in _all()}
"""Every figure by its name."""

_RATIO = re.compile(r"volume_ratio(\d+)")


def canonical(name: str) -> str:
    """The name in lower case, the default number of sessions left out: `volume_ratio63` is `volume_ratio`."""
    lower = name.lower()
    return "volume_ratio" if lower == f"volume_ratio{DEFAULT_VOLUME_WINDOW}" else lower


def volume_window(name: str) -> int:
    """Sessions behind a volume ratio's name."""
    found = _RATIO.fullmatch(name)
    return int(found[1]) if found else DEFAULT_VOLUME_WINDOW
