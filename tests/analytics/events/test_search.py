"""The search against naive loops over plain lists."""

from datetime import date
from itertools import pairwise
from math import isclose
from statistics import mean, median

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analytics.events.strategies import bars, closes, days
from tests.analytics.events.strategies import tests as trees
from tui.analytics.events import ConditionError, parse
from tui.analytics.events.answer import HORIZONS, Each, NoSessionsError
from tui.analytics.events.report import around
from tui.analytics.events.search import columns_needed, search, table
from tui.analytics.events.tree import Condition
from tui.analytics.windows import SESSIONS, Window

UP = "A.1d > 0"


def events(text: str, closes: list[float | None], **more) -> list[date]:
    """Dates of the events of a condition on the symbol A; none where the search says that there cannot be any."""
    try:
        return [row.date for row in search(parse(text), {"A": bars(closes)}, **more).rows]
    except (NoSessionsError, ConditionError):
        return []


def truth(closes: list[float | None]) -> list[bool | None]:
    """Whether A.1d > 0, on each row."""
    found: list[bool | None] = [None]
    for before, now in pairwise(closes):
        found.append(None if before is None or now is None else now / before - 1 > 0)
    return found


@settings(deadline=None)
@given(closes)
def test_daily_condition_holds_where_a_plain_loop_says_so(prices):
    expected = [day for day, held in zip(days(len(prices)), truth(prices), strict=True) if held]
    known = [held for held in truth(prices) if held is not None]
    if len(known) < 20:
        assert events(UP, prices) == expected


@settings(deadline=None)
@given(closes)
def test_null_is_never_true_also_under_not(prices):
    held = truth(prices)
    found = set(events(UP, prices)) | set(events(f"not {UP}", prices))
    unknown = {day for day, each in zip(days(len(prices)), held, strict=True) if each is None}
    assert not found & unknown


@settings(deadline=None)
@given(closes, st.integers(1, 6))
def test_streak_counts_as_a_plain_loop_does(prices, wanted):
    # The search knows the sessions with a close alone; elsewhere nothing traded.
    sessions = [
        (day, held)
        for day, held, close in zip(days(len(prices)), truth(prices), prices, strict=True)
        if close is not None
    ]
    run, expected = 0, []
    for day, held in sessions:
        run = run + 1 if held else 0
        if run >= wanted:
            expected.append((day, run))
    every = events(f"streak({UP}) >= {wanted}", prices, each=Each.SESSION)
    firsts = events(f"streak({UP}) >= {wanted}", prices)
    if len([1 for held in truth(prices) if held is not None]) < 20:
        assert every == [day for day, _ in expected]
        assert firsts == [day for day, run in expected if run == wanted]


@settings(deadline=None)
@given(closes)
def test_forward_returns_never_look_past_the_last_session(prices):
    condition = Condition(parse("A.close > 0 and A.close < 1000000").root)
    found = table(condition, {"A": bars(prices)}, HORIZONS)
    by_day = dict(zip(found["date"], found.iter_rows(named=True), strict=True))
    for at, day in enumerate(days(len(prices))):
        if prices[at] is None:
            assert day not in by_day
            continue
        for window in HORIZONS:
            ahead = at + SESSIONS[window]
            target = prices[ahead] if ahead < len(prices) else None
            value = by_day[day][f"A +{window}"]
            if target is None:
                assert value is None
            else:
                assert isclose(value, target / prices[at] - 1, abs_tol=1e-12)


@settings(max_examples=40, deadline=None)
@given(
    trees,
    st.lists(st.floats(50, 200).map(lambda x: round(x, 2)), min_size=30, max_size=60),
    st.sampled_from((0.25, 8.0)),
)
def test_returns_and_their_streaks_do_not_depend_on_the_scale_of_prices(tree, prices, factor):
    condition = Condition(tree)
    if any(series.figure in {"close", "mean50", "high52"} for series in condition.series if f"{series}" in str(tree)):
        return
    frames = {symbol: bars(prices) for symbol in condition.symbols}
    scaled = {symbol: bars([price * factor for price in prices]) for symbol in condition.symbols}
    assert _dates(condition, frames) == _dates(condition, scaled)


def _dates(condition: Condition, frames: dict[str, pl.DataFrame]) -> object:
    try:
        return [(row.date, row.lasted) for row in search(condition, frames).rows]
    except (NoSessionsError, ConditionError) as error:
        return type(error)


@settings(max_examples=40, deadline=None)
@given(trees, st.lists(st.none() | st.floats(50, 200).map(lambda x: round(x, 2)), min_size=5, max_size=40))
def test_an_event_and_its_contrary_never_share_a_session(tree, prices):
    condition, contrary = Condition(tree), parse(f"not ({tree})")
    frames = {symbol: bars(prices) for symbol in condition.symbols}
    dates = []
    for each in (condition, contrary):
        try:
            dates.append({row.date for row in search(each, frames, each=Each.SESSION).rows})
        except (NoSessionsError, ConditionError):
            return
    assert not dates[0] & dates[1]


def test_sessions_are_the_days_on_which_all_symbols_traded():
    one = bars([1.0, 2.0, 3.0, 4.0, 5.0])
    other = bars([1.0, None, 3.0, 2.0, 5.0]).filter(pl.col("date") != days(5)[3])
    answer = search(parse("A.1d > 0 and B.1d != 3%"), {"A": one, "B": other})
    assert (answer.sessions, answer.first, answer.last) == (3, days(5)[0], days(5)[4])


def test_windows_count_the_symbols_own_sessions():
    # B did not trade on the third day: its return on the fourth is since the second.
    other = bars([100.0, 110.0, 50.0, 121.0]).filter(pl.col("date") != days(4)[2])
    answer = search(parse("A.1d > 0 and B.1d > 9%"), {"A": bars([1.0, 2.0, 3.0, 4.0]), "B": other})
    assert [row.date for row in answer.rows] == [days(4)[1], days(4)[3]]
    assert answer.rows[1].values["B.1d"] == pytest.approx(0.1)


def test_summary_and_base_rate_are_those_of_a_plain_loop():
    prices = [100 + (17 * i % 13) + i / 10 for i in range(90)]
    answer = search(parse("A.1d > 3%"), {"A": bars(prices)}, horizons=(Window.W1, Window.M1))
    for window, step in ((Window.W1, 5), (Window.M1, 21)):
        ahead = [prices[t + step] / prices[t] - 1 for t in range(len(prices) - step)]
        places = [days(90).index(row.date) for row in answer.rows]
        after = [prices[t + step] / prices[t] - 1 for t in places if t + step < len(prices)]
        for outcome, values in ((answer.base["A"][window], ahead), (answer.summary["A"][window], after)):
            assert outcome.n == len(values)
            assert outcome.mean == pytest.approx(mean(values))
            assert outcome.median == pytest.approx(median(values))
            assert outcome.positive == pytest.approx(sum(value > 0 for value in values) / len(values))


def test_the_span_limits_events_and_base_rate_but_not_what_followed():
    prices = [100.0, 101.0, 100.0, 101.0, 100.0, 101.0, 100.0, 101.0]
    at = days(8)
    answer = search(parse(UP), {"A": bars(prices)}, since=at[2], until=at[4], horizons=(Window.D1,))
    assert [row.date for row in answer.rows] == [at[3]]
    assert answer.rows[0].forward["A"][Window.D1] == pytest.approx(100 / 101 - 1)
    assert (answer.sessions, answer.first, answer.last, answer.sessions_since) == (3, at[2], at[4], 1)
    assert answer.base["A"][Window.D1].n == 3


def test_lasted_counts_the_sessions_from_the_event_on():
    prices = [100.0, 101, 102, 103, 102, 103]
    rows = search(parse(UP), {"A": bars(prices)}).rows
    assert [row.lasted for row in rows] == [3, 2, 1, 1]
    runs = search(parse(UP), {"A": bars(prices)}, each=Each.RUN).rows
    assert [(row.date, row.lasted) for row in runs] == [(days(6)[1], 3), (days(6)[5], 1)]


def test_crosses_is_true_on_the_session_of_the_crossing_alone():
    assert events("A.close crosses above 100", [99.0, 100, 101, 102, 100, 101]) == [days(6)[2], days(6)[5]]
    assert events("A.close crosses below 100", [101.0, 99, 98, None, 101, 99]) == [days(6)[1], days(6)[5]]


def test_at_a_high_takes_closes_of_the_span_and_counts_equal_ones():
    prices = [1.0, 3, 2, 3, 2.5, 2.6, 2.7]
    at = days(7)
    assert events("A at 3d high", prices) == [at[3], at[6]]
    assert events("A at 2d low", prices) == [at[2], at[4]]


def test_at_the_years_high_is_unknown_under_two_hundred_closes():
    prices = [100.0 + i % 7 + i / 50 for i in range(260)]
    answer = search(parse("A at 52w high"), {"A": bars(prices)})
    assert answer.unknown == 200
    assert all(row.values["A.close"] == max(prices[: days(260).index(row.date) + 1]) for row in answer.rows)
    assert [row.date for row in search(parse("A at all-time high"), {"A": bars(prices)}).rows] == [
        row.date for row in answer.rows
    ]


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("A.mtd > 9%", [date(2020, 2, 14)]),
        ("A.wtd > 9%", [date(2020, 2, 14)]),
        ("A.ytd > 100%", []),
        ("month == 2 and day == 14 and A.close > 0", [date(2020, 2, 14)]),
        ("weekday == friday and A.1d > 5%", [date(2020, 2, 14)]),
    ],
)
def test_periods_begin_with_the_last_close_before_them(text, dates):
    at = days(40)
    prices = [100.0] * 40
    prices[at.index(date(2020, 2, 14))] = 110.0
    assert events(text, prices) == dates


def test_a_period_without_a_close_before_it_is_unknown():
    with pytest.raises(NoSessionsError, match=r"A.ytd has no value on any of 10 sessions"):
        search(parse("A.ytd > 1%"), {"A": bars([100.0] * 10)})


def test_a_condition_that_always_held_says_so():
    with pytest.raises(ConditionError, match="held on every one of 29 sessions"):
        search(parse("A.1d > -50%"), {"A": bars([100.0 + i % 2 for i in range(30)])})


def test_no_session_in_common_names_what_each_symbol_has():
    later = bars([1.0, 2.0]).with_columns(pl.col("date").dt.offset_by("1y"))
    with pytest.raises(NoSessionsError, match=r"A 2020-01-01 to 2020-01-02, B 2021-01-01 to 2021-01-02"):
        search(parse("A.1d > B.1d"), {"A": bars([1.0, 2.0]), "B": later})


def test_a_span_without_sessions_says_which_there_are():
    with pytest.raises(NoSessionsError, match="no session from 2030-01-01 on: the searched ones are from 2020-01-01"):
        search(parse(UP), {"A": bars([1.0, 2.0])}, since=date(2030, 1, 1))


def test_only_needed_columns_are_asked_for():
    needed = columns_needed(parse("A.volume_ratio > 3 and B at 52w high and A.1d_tr > 0 and C.high52 > 3"))
    assert {symbol: set(names) for symbol, names in needed.items()} == {
        "A": {"close", "volume", "adj_close"},
        "B": {"close"},
        "C": {"close", "high", "low"},
    }


def test_symbols_on_one_calendar_and_on_others_give_the_same_as_each_alone():
    whole = [100.0 + (i * 7) % 11 for i in range(60)]
    frames = {"A": bars(whole), "B": bars(whole).tail(40), "C": bars(whole).gather_every(3), "D": bars(whole).head(50)}
    wide = table(parse("A.1w > 0 and B.drawdown < 0 and C.1w > 0 and D.1w > 0"), frames, (Window.W1,))
    for text in ("A.1w", "B.drawdown", "C.1w", "D.1w"):
        symbol = text[0]
        alone = table(parse(f"{text} != -1%"), {symbol: frames[symbol]}, (Window.W1,))
        both = wide.join(alone, on="date", suffix=" alone")
        assert both.height == wide.height
        assert both[text].equals(both[f"{text} alone"])
        assert both[f"{symbol} +1W"].equals(both[f"{symbol} +1W alone"])


def test_around_rebases_each_event_and_leaves_out_what_is_not_there():
    at = days(5)
    found = around(bars([50.0, 100.0, 110.0, None, 120.0]), "A", [at[1], at[4], date(1999, 1, 1)], before=1, after=2)
    assert found.offsets == (-1, 0, 1, 2)
    assert [(path.date, path.values) for path in found.paths] == [
        (at[1], (50.0, 100.0, pytest.approx(110.0), None)),
        (at[4], (None, 100.0, None, None)),
    ]
    assert found.median == (50.0, 100.0, pytest.approx(110.0), None)


def test_series_that_are_not_daily_are_told():
    quarters = pl.Series([date(1990 + at // 4, 1 + at % 4 * 3, 1) for at in range(40)])
    quarterly = bars([100.0 + i % 3 for i in range(40)]).with_columns(date=quarters)
    answer = search(parse("GDP.1d < 0"), {"GDP": quarterly})
    assert any(note.startswith("GDP has about 4 values a year") for note in answer.notes)
    daily = search(parse("A.1d < 0"), {"A": bars([100.0 + i % 3 for i in range(40)])})
    assert not any("values a year" in note for note in daily.notes)


def test_what_follows_a_yield_is_said_to_be_in_percent():
    answer = search(parse("A.1d_bp < 0bp"), {"A": bars([4.0 + i % 3 / 10 for i in range(10)])})
    assert [note for note in answer.notes if "in percent of its level" in note]
