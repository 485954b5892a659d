"""Regimes of IWM against SPY on real yields, beside a plain loop over the same files."""

import csv
import itertools
import statistics
from bisect import bisect_right
from datetime import date, timedelta

import polars as pl
import pytest

from tui.analytics.recessions import RECESSIONS
from tui.analytics.regimes import by_events, by_growth, by_yield, common_sessions, first_cuts, midpoint
from tui.analytics.releases import series_frame
from tui.model_drivers import Frequency


def rows(path, column):
    with path.open(newline="") as file:
        return [(date.fromisoformat(r[0]), float(r[column])) for r in list(csv.reader(file))[1:] if r[column]]


@pytest.fixture(scope="module")
def told(shared_data):
    names = {"IWM": "history/daily/IWM.csv", "SPY": "history/daily/SPY.csv"}
    found = {name: rows(shared_data / path, 4) for name, path in names.items()}
    found["DGS10"] = rows(shared_data / "recordings/fred/fredgraph_DGS10_full_2026-07.csv", 1)
    found["GDP"] = rows(shared_data / "history/macro/GDP.csv", 1)
    found["FEDFUNDS"] = rows(shared_data / "history/macro/us_fed_rate.csv", 1)
    return found


@pytest.fixture(scope="module")
def closes(told):
    schema = {"date": pl.Date, "close": pl.Float64}
    return common_sessions(*(pl.DataFrame(told[name], schema, orient="row") for name in ("IWM", "SPY")))


def frame(told, name, often):
    dates, values = zip(*told[name], strict=True)
    return series_frame(name, often, dates, values)


def spans(told, sessions):
    large = dict(told["SPY"])
    both = [(day, close, large[day]) for day, close in told["IWM"] if day in large]
    return [(s[0], e[0], e[1] / s[1] - 1, e[2] / s[2] - 1) for s, e in zip(both, both[sessions:], strict=False)]


def assert_is(regime, expected):
    assert regime.small.n == regime.large.n == regime.difference.n == len(expected)
    assert regime.small.mean == pytest.approx(statistics.fmean(s for *_, s, _ in expected))
    assert regime.large.median == pytest.approx(statistics.median(x for *_, x in expected))
    gaps = [s - x for *_, s, x in expected]
    assert regime.difference.mean == pytest.approx(statistics.fmean(gaps))
    assert regime.difference.positive == pytest.approx(sum(gap > 0 for gap in gaps) / len(gaps))


def test_small_caps_when_the_ten_year_yield_fell_and_rose(told, closes):
    days, values = zip(*told["DGS10"], strict=True)

    def on(day):
        at = bisect_right(days, day) - 1
        return values[at] if (day - days[at]).days <= 5 else None

    months = [(span, on(span[0]), on(span[1])) for span in spans(told, 21)]
    fell, rose, everything = by_yield(closes, frame(told, "DGS10", Frequency.DAILY))
    assert_is(fell, [span for span, first, last in months if round(last - first, 4) < 0])
    assert_is(rose, [span for span, first, last in months if round(last - first, 4) > 0])
    assert_is(everything, [span for span, *_ in months])
    # Small caps fell behind while yields fell: the cells of the table, and how many windows they are of.
    assert (round(fell.difference.mean * 100, 2), fell.difference.n, fell.apart) == (-0.30, 3311, 226)
    assert (round(rose.difference.mean * 100, 2), rose.difference.n, rose.apart) == (0.54, 2986, 219)


def test_small_caps_when_growth_is_below_its_median(told, closes):
    known = []
    levels = told["GDP"]
    for (_, before), (day, value) in itertools.pairwise(levels):
        end = date(day.year + (day.month == 10), (day.month + 3 - 1) % 12 + 1, 1) - timedelta(days=1)
        known.append((end + timedelta(days=31), value / before - 1))

    def slow(day):
        past = [rate for when, rate in known if when <= day]
        return past[-1] < statistics.median(past)

    below, above, _ = by_growth(closes, frame(told, "GDP", Frequency.QUARTERLY))
    quarters = [(span, slow(span[0])) for span in spans(told, 63)]
    assert_is(below, [span for span, is_slow in quarters if is_slow])
    assert_is(above, [span for span, is_slow in quarters if not is_slow])


def test_small_caps_after_recessions_and_first_cuts(told, closes):
    cuts = first_cuts(frame(told, "FEDFUNDS", Frequency.MONTHLY))
    assert [day for day in cuts if day.year > 2000] == [
        date(2001, 2, 2),
        date(2007, 9, 2),
        date(2019, 9, 2),
        date(2024, 10, 2),
    ]
    middles = [midpoint(each.peak, each.trough) for each in RECESSIONS]
    after, cut, _ = by_events(closes, middles, cuts)
    assert after.starts == [date(2001, 8, 1), date(2008, 9, 30), date(2020, 3, 31)]
    assert_is(after, [span for span in spans(told, 252) if span[0] in after.starts])
    assert_is(cut, [span for span in spans(told, 252) if span[0] in cut.starts])
    assert cut.difference.n == 4
