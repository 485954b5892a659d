"""A condition in the running session: plain arithmetic on a quote and a baseline, like a row of the monitor.

Free of polars: it runs every few seconds for every condition that is watched.
"""

from collections.abc import Mapping
from datetime import date
from math import isfinite, isnan

from msgspec import Struct

from tui.analytics.events.check import scaled
from tui.analytics.events.figures import FIGURES, Unit, volume_window
from tui.analytics.events.tree import (
    And,
    Arithmetic,
    At,
    Calendar,
    Compare,
    Condition,
    Cross,
    Negative,
    Not,
    Number,
    Or,
    Series,
    Streak,
    Test,
    Value,
    walk,
)
from tui.analytics.figures import Baseline, Profile
from tui.analytics.row import Today, derive, volume_ratio

BASIS_POINTS, BASIS_DIGITS = 100, 6
_MEANS = {"mean50": (50, "sum49"), "mean200": (200, "sum199")}

Values = Mapping[str, float | bool | None]
"""By the text of a series or of `SYM at ...`."""


class Moment(Struct, frozen=True):
    """One symbol now."""

    today: Today
    baseline: Baseline
    """The sessions before it."""
    profile: Profile | None = None
    """The usual day, for the volume ratio of a running session."""


class Before(Struct, frozen=True):
    """What a condition needs to know of the sessions before the running one; made by `search.before`."""

    session: date
    """The running session."""
    extremes: Mapping[At, float | None]
    """The close that each `SYM at ...` has to reach."""
    runs: Mapping[Streak, int]
    """Sessions in a row of each streak, the last finished session the last."""
    sides: Mapping[Cross, tuple[float | None, float | None]]
    """Both sides of each crossing in the last finished session."""
    held: bool
    """Whether the whole condition held in it."""


def values(
    condition: Condition, moments: Mapping[str, Moment], extremes: Mapping[At, float | None]
) -> dict[str, float | bool | None]:
    """What a condition names, now; None for a symbol without a moment, and for what is not known while a day runs.

    The volume ratio is that of the time of day; a rough one (`~` on the screen) counts as unknown. Total returns are
    unknown until the session is stored with its dividends.
    """
    found: dict[str, float | bool | None] = {}
    for node in (*walk(condition.root), *condition.series):
        if isinstance(node, Series | At):
            moment = moments.get(node.symbol)
            if moment is None or moment.baseline.session != moment.today.session:
                found[str(node)] = None
            elif isinstance(node, At):
                found[str(node)] = _at(node.side, moment.today.price, extremes.get(node))
            else:
                found[str(node)] = _figure(node.figure, moment)
    return found


def happens(condition: Condition, moments: Mapping[str, Moment], before: Before) -> bool:
    """Whether the running session is an event: the condition holds, and of a run it is the first session."""
    now = values(condition, moments, before.extremes)
    if not holds(condition.root, now, before.session, before):
        return False
    return not (condition.counts_runs and before.held)


def holds(test: Test, now: Values, day: date, before: Before) -> bool | None:
    """Whether a condition holds in the running session; None where that is not known. As `evaluate.truth`."""
    match test:
        case Compare():
            return _compared(test.operator, value(test.left, now, day, before), value(test.right, now, day, before))
        case Cross():
            left, right = value(test.left, now, day, before), value(test.right, now, day, before)
            was = _compared("<=" if test.direction == "above" else ">=", *before.sides[test])
            return _both(_compared(">" if test.direction == "above" else "<", left, right), was)
        case At():
            found = now.get(str(test))
            return None if found is None else bool(found)
        case Not():
            inner = holds(test.test, now, day, before)
            return None if inner is None else not inner
        case And() | Or():
            each = [holds(one, now, day, before) for one in test.tests]
            decisive = isinstance(test, Or)
            return decisive if decisive in each else None if None in each else not decisive


def value(of: Value, now: Values, day: date, before: Before) -> float | None:
    """A value in the running session. As `evaluate.value`."""
    match of:
        case Number():
            return scaled(of)
        case Series():
            return now.get(str(of))
        case Calendar():
            return float(day.isoweekday() if of.part == "weekday" else getattr(day, of.part))
        case Streak():
            held = holds(of.condition, now, day, before)
            return None if held is None else float(before.runs[of] + 1) if held else 0.0
        case Negative():
            inner = value(of.value, now, day, before)
            return None if inner is None else -inner
        case Arithmetic():
            return _computed(of.operator, value(of.left, now, day, before), value(of.right, now, day, before))


def _figure(name: str, moment: Moment) -> float | None:
    today, baseline = moment.today, moment.baseline
    price = today.price
    made = FIGURES[name]
    if made.window is not None:
        base = baseline.bases.get(made.window)
        if name.endswith("_tr") or price is None or base is None or base.close is None:
            return None
        if made.unit is Unit.BASIS:
            return round((price - base.close) * BASIS_POINTS, BASIS_DIGITS)
        return price / base.close - 1 if base.close > 0 else None
    if name.startswith("volume_ratio"):
        ratio, _, rough = volume_ratio(today, baseline, volume_window=volume_window(name), profile=moment.profile)
        return None if rough else ratio
    if price is None:
        return None
    match name:
        case "close":
            return price
        case "high" | "low":
            return today.high if name == "high" else today.low
        case "mean50" | "mean200":
            return _mean(name, price, baseline)
        case "high52":
            high = price if today.high is None else today.high
            return None if baseline.high251 is None else max(baseline.high251, price, high)
        case "low52":
            low = price if today.low is None else today.low
            return None if baseline.low251 is None else min(baseline.low251, price, low)
        case "volume":
            return today.volume if baseline.has_volume else None
        case _:
            figures = derive(today, baseline, None, volume_window=volume_window(""), profile=moment.profile)
            found = getattr(figures, name)
            return None if found is None else float(found)


def _mean(name: str, price: float, baseline: Baseline) -> float | None:
    """The mean of the last closes, the price among them, from the sums of their distances to the last close."""
    sessions, field = _MEANS[name]
    total = getattr(baseline, field)
    if total is None or isnan(baseline.anchor):
        return None
    mean: float = baseline.anchor + (total + price - baseline.anchor) / sessions
    return mean


def _at(side: str, price: float | None, extreme: float | None) -> bool | None:
    if price is None or extreme is None:
        return None
    return price >= extreme if side == "high" else price <= extreme


def _both(one: bool | None, other: bool | None) -> bool | None:
    if one is False or other is False:
        return False
    return None if one is None or other is None else True


def _compared(operator: str, left: float | None, right: float | None) -> bool | None:
    if left is None or right is None:
        return None
    match operator:
        case ">":
            return left > right
        case ">=":
            return left >= right
        case "<":
            return left < right
        case "<=":
            return left <= right
        case "==":
            return left == right
        case _:
            return left != right


def _computed(operator: str, left: float | None, right: float | None) -> float | None:
    if left is None or right is None:
        return None
    match operator:
        case "+":
            found = left + right
        case "-":
            found = left - right
        case "*":
            found = left * right
        case _:
            found = left / right if right else float("nan")
    return found if isfinite(found) else None
