"""The inside of a fund once more, read off the formulas in plain Python: slow, obvious, and independent of the code."""

import random
from datetime import date
from fractions import Fraction
from math import fsum
from typing import NamedTuple

from tests.analytics.reference import Day, base_of, history, usual_volume, without
from tui.model import Fund, Holding

SECTORS = ("Energy", "Financials", "Cash and derivatives", "Unclassified")


class Now(NamedTuple):
    """A symbol's as-of session: its price and volume, and the share of the day's volume that is usually done."""

    price: float | None
    volume: int | None
    share: float


class Case(NamedTuple):
    """A fund with the past of all its symbols, those of the fund itself among them."""

    fund: Fund
    days: dict[str, list[Day]]
    session: date


def case(seed: int, size: int, length: int = 260, *, unknown: float = 0.0, holes: int = 0, back: int = 4) -> Case:
    """A fund of random walks over the same weekdays, some of them with sessions missing, as of the last but one day.

    Row 0 has no symbol, row 1 has a symbol without history, and rows 2 and 3 are of one symbol in two sectors.
    """
    rng = random.Random(seed)
    symbols = [None, "NONE", "S2", "S2", *(f"S{at}" for at in range(4, size))][:size]
    held = sorted({symbol for symbol in symbols if symbol not in {None, "NONE"}})
    days = {
        symbol: without(history(rng.randrange(10**6), length, unknown=unknown), seed + at, holes)
        for at, symbol in enumerate(held)
    }
    days["FUND"] = history(rng.randrange(10**6), length)
    session = days["FUND"][-1].date
    raw = [rng.uniform(0, 1) ** 3 for _ in symbols]
    holdings = [
        Holding(symbol=symbol, name=f"name {at}", weight=weight / fsum(raw), sector=rng.choice([*SECTORS, None]))
        for at, (symbol, weight) in enumerate(zip(symbols, raw, strict=True))
    ]
    as_of = days["FUND"][max(-length, -1 - back)].date
    return Case(Fund(symbol="FUND", name="A fund", as_of=as_of, source="test", holdings=holdings), days, session)


def past(days: list[Day], session: date) -> list[Day]:
    return [day for day in days if day.date < session]


def close_on(days: list[Day], session: date, day: date) -> float | None:
    """The close of the last session on or before `day`."""
    earlier = [each for each in past(days, session) if each.date <= day]
    return earlier[-1].close if earlier and day < session else None


def close_of(days: list[Day], session: date, day: date) -> float | None:
    same = [each.close for each in past(days, session) if each.date == day]
    return same[0] if same else None


def drift(weights: list[float], now: list[float | None], then: list[float | None]) -> list[float]:
    """Exact fractions: those with both prices drift and keep what they weigh together, the others stay."""
    known = [
        (Fraction(w), Fraction(n) / Fraction(t))
        for w, n, t in zip(weights, now, then, strict=True)
        if n is not None and t is not None
    ]
    before, after = sum(w for w, _ in known), sum(w * growth for w, growth in known)
    if before <= 0 or after <= 0:
        return list(weights)
    return [
        w if n is None or t is None else float(Fraction(w) * Fraction(n) / Fraction(t) * before / after)
        for w, n, t in zip(weights, now, then, strict=True)
    ]


def taken_apart(case: Case, latest: dict[str, Now], window: str, volume_window: int = 63, then=None) -> dict:
    """Figures of the fund, its sectors and its holdings, each a plain dict."""
    fund = case.fund

    def facts(symbol, closes_then):
        return holding_facts(case, symbol, latest, (window, volume_window), closes_then)

    rows = [facts(holding.symbol, then) for holding in fund.holdings]
    published = [holding.weight for holding in fund.holdings]
    weights = drift(published, [row["prev"] for row in rows], [row["then"] for row in rows])
    at_start = drift(published, [row["start"] for row in rows], [row["then"] for row in rows])
    for row, holding, weight, start_weight in zip(rows, fund.holdings, weights, at_start, strict=True):
        row["sector"] = holding.sector or "Unclassified"
        row["weight"], row["start_weight"], row["published"] = weight, start_weight, holding.weight
        row["contribution"] = None if row["return"] is None else weight * row["return"]
    own = facts(fund.symbol, None)
    sectors = {
        sector: group([row for row in rows if row["sector"] == sector], own["window_return"])
        for sector in {row["sector"] for row in rows}
    }
    return {"fund": own, "all": group(rows, own["window_return"]), "sectors": sectors, "rows": rows}


def holding_facts(case: Case, symbol, latest, windows: tuple[str, int], then) -> dict:
    """What one symbol's own past and price say."""
    window, volume_window = windows
    _, all_days, session = case
    days = all_days.get(symbol, [])
    price, volume, share = latest.get(symbol, Now(None, None, 1.0))
    before = past(days, session)
    if not before:
        volume = None
    begins = base_of(all_days[case.fund.symbol], session, window)
    prev_day = base_of(days, session, "1D")
    prev = prev_day.close if prev_day else None
    start = close_of(days, session, begins.date) if begins else None
    dollars = [d.close * d.volume for d in before[-volume_window:] if d.close is not None and d.volume is not None]
    usual_dollars = fsum(dollars) / len(dollars) if len(dollars) * 2 >= volume_window else None
    usual = usual_volume(days, session, volume_window) if before else None
    known = None not in {price, volume, usual_dollars}
    highs = [h for h in (d.close if d.high is None else d.high for d in before[-251:]) if h is not None]
    lows = [x for x in (d.close if d.low is None else d.low for d in before[-251:]) if x is not None]
    return {
        "prev": prev,
        "then": (then or {}).get(symbol) or close_on(days, session, case.fund.as_of),
        "start": start,
        "return": None if price is None or prev is None else price / prev - 1,
        "window_return": None if price is None or start is None else price / start - 1,
        "dollars": price * volume if known else None,
        "expected": usual_dollars * share if known else None,
        "volume_ratio": volume / (usual * share) if volume is not None and usual else None,
        "move": None if price is None or prev is None else (price > prev) - (price < prev),
        "above50": above(before, price, 50),
        "above200": above(before, price, 200),
        "high": price is not None and len(highs) >= 200 and price > max(highs),
        "low": price is not None and len(lows) >= 200 and price < min(lows),
    }


def above(before: list[Day], price: float | None, closes: int) -> bool | None:
    """Whether the price is above the mean of the closes that end with it."""
    last = [day.close for day in before[-(closes - 1) :]]
    if price is None or len(last) < closes - 1 or None in last:
        return None
    return Fraction(price) > sum(map(Fraction, [*last, price])) / closes


def group(rows: list[dict], fund_window_return: float | None) -> dict:
    """Sums over some of the rows."""
    covered = [row for row in rows if row["return"] is not None]
    in_window = [row for row in rows if row["window_return"] is not None]
    traded = [row for row in rows if row["dollars"] is not None]
    weight, covered_weight = fsum(row["weight"] for row in rows), fsum(row["weight"] for row in covered)
    start_weight = fsum(row["start_weight"] for row in in_window)
    contribution = fsum(row["contribution"] for row in covered) if covered else None
    held = fsum(row["start_weight"] * row["window_return"] for row in in_window)
    window_return = held / start_weight if start_weight else None
    expected = fsum(row["expected"] for row in traded)
    above50 = [row["above50"] for row in rows if row["above50"] is not None]
    above200 = [row["above200"] for row in rows if row["above200"] is not None]
    return {
        "weight": weight,
        "weight_published": fsum(row["published"] for row in rows),
        "covered_weight": covered_weight,
        "contribution": contribution,
        "return_1d": contribution / covered_weight if covered and covered_weight else None,
        "window_return": window_return,
        "excess": None if None in {window_return, fund_window_return} else window_return - fund_window_return,
        "volume_ratio": fsum(row["dollars"] for row in traded) / expected if expected else None,
        "dollar_volume": fsum(row["dollars"] for row in traded) if traded else None,
        "advancers": sum(row["move"] == 1 for row in rows),
        "decliners": sum(row["move"] == -1 for row in rows),
        "unchanged": sum(row["move"] == 0 for row in rows),
        "above_mean50": sum(above50) / len(above50) if above50 else None,
        "above_mean200": sum(above200) / len(above200) if above200 else None,
        "new_highs": sum(row["high"] for row in rows),
        "new_lows": sum(row["low"] for row in rows),
        "members": len(rows),
        "covered": len(covered),
    }
