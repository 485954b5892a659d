"""The published figures of docs, formulas: real closes in, the table's values out, to a thousandth of a percent."""

from datetime import date, time

import polars as pl
import pytest

from tui.analytics.baseline import baselines, today
from tui.analytics.figures import Figures
from tui.analytics.relative import drawdown, yearly_correlation, zscore50
from tui.analytics.returns import excess_all, returns_all
from tui.analytics.row import Today, bench_of, derive
from tui.analytics.volume import day_volume, profile, profile_of, ratio_by_mean, share_of_session
from tui.analytics.windows import Window


def final(bar, session: date) -> Today:
    return Today(price=bar.close, high=bar.high, low=bar.low, volume=bar.volume, session=session, final=True)


def row(daily, symbol: str, day: str, volume_window: int = 63) -> Figures:
    """The row of a past session against SPY, as the time machine makes it."""
    session = date.fromisoformat(day)
    frame = daily(symbol, "SPY")
    made, bars = baselines(frame, session), today(frame, session)
    bench = bench_of(made["SPY"], final(bars["SPY"], session))
    return derive(final(bars[symbol], session), made[symbol], bench, volume_window=volume_window, profile=None)


RETURNS = [
    ("2024-05-16", "IWM", "1M", 7.736),
    ("2024-05-16", "QQQS", "1M", 8.419),
    ("2023-12-06", "IWM", "1M", 6.819),
    ("2023-12-18", "IWM", "1M", 12.071),
    ("2023-12-18", "IWM", "3M", 8.493),
    ("2024-07-12", "QQQS", "1D", 1.718),
    ("2024-07-12", "QQQS", "1W", 10.462),
    ("2024-07-12", "^RUT", "1W", 5.997),
    ("2024-07-12", "IWM", "1W", 6.108),
    ("2024-05-15", "^RUT", "YTD", 4.06),
    ("2024-05-15", "IWM", "YTD", 4.35),
]


@pytest.mark.parametrize(("day", "symbol", "window", "percent"), RETURNS)
def test_return_of_a_row_on_real_closes_is_the_published_one(daily, day, symbol, window, percent):
    digits = 5e-4 if round(percent, 2) != percent else 5e-3
    assert row(daily, symbol, day).returns[Window(window)] * 100 == pytest.approx(percent, abs=digits)


@pytest.mark.parametrize(("day", "symbol", "window", "percent"), RETURNS)
def test_return_of_the_drill_down_on_real_closes_is_that_of_the_row(daily, day, symbol, window, percent):
    made = returns_all(daily(symbol), date.fromisoformat(day))
    assert row(daily, symbol, day).returns == {each: value.value for each, value in made.items()}
    assert Window(window) in made


def test_total_return_of_iwm_on_2023_12_18_is_the_published_one(daily):
    made = returns_all(daily("IWM"), date(2023, 12, 18), [Window.M3], total=True)
    assert made[Window.M3].value * 100 == pytest.approx(9.00, abs=5e-3)
    assert made[Window.M3].base.session == date(2023, 9, 19)


@pytest.mark.parametrize(
    ("symbol", "window", "pp"),
    [
        ("QQQS", "1D", 1.09),
        ("QQQS", "1W", 9.50),
        ("QQQS", "1M", 0.76),
        ("QQQS", "3M", -3.86),
        ("QQQS", "YTD", -14.28),
        ("IWM", "1D", 0.54),
        ("IWM", "1W", 5.14),
        ("IWM", "1M", 1.94),
        ("IWM", "3M", -2.74),
        ("IWM", "YTD", -11.62),
    ],
)
def test_excess_on_2024_07_12_against_spy_is_that_of_the_design(daily, symbol, window, pp):
    figures = row(daily, symbol, "2024-07-12")
    assert figures.excess[Window(window)] * 100 == pytest.approx(pp, abs=5e-3)
    drill_down = excess_all(daily(symbol), daily("SPY"), date(2024, 7, 12), [Window(window)])
    assert drill_down[Window(window)].value == figures.excess[Window(window)]


@pytest.mark.parametrize(("window", "ratio"), [(63, 36.77), (20, 31.37)])
def test_volume_ratio_of_qqqs_on_2024_07_12_is_the_published_one(daily, window, ratio):
    figures = row(daily, "QQQS", "2024-07-12", window)
    assert figures.volume_ratio == pytest.approx(ratio, abs=5e-3)
    assert figures.volume_ratio_basis == "full-day"
    assert not figures.volume_ratio_rough
    assert day_volume(daily("QQQS"), date(2024, 7, 12), window).by_mean == pytest.approx(figures.volume_ratio)
    line = daily("QQQS").with_columns(ratio=ratio_by_mean(pl.col("volume"), window))
    on_the_day = line.filter(pl.col("date") == date(2024, 7, 12))["ratio"].item()
    assert on_the_day == pytest.approx(figures.volume_ratio)


def test_dollar_volume_and_median_ratio_of_qqqs_on_2024_07_12_stand_next_to_the_ratio(daily):
    day = day_volume(daily("QQQS"), date(2024, 7, 12))
    assert day.dollar_volume == pytest.approx(27.24 * 88_300)
    assert row(daily, "QQQS", "2024-07-12").dollar_volume == day.dollar_volume
    assert (day.usual.known, day.usual.median, day.by_median) == (63, 2000, pytest.approx(44.15))


def test_zscore_of_the_russell_2000_on_2024_07_16_is_the_published_one(daily):
    assert row(daily, "^RUT", "2024-07-16").zscore50 == pytest.approx(4.417, abs=5e-4)
    line = daily("^RUT").with_columns(z=zscore50(pl.col("close")))
    assert line.filter(pl.col("date") == date(2024, 7, 16))["z"].item() == pytest.approx(4.417, abs=5e-4)


def test_drawdown_of_the_russell_2000_on_2024_01_19_is_the_published_one(daily):
    assert row(daily, "^RUT", "2024-01-19").drawdown * 100 == pytest.approx(-20.40, abs=5e-3)
    line = daily("^RUT").with_columns(drawdown=drawdown(pl.col("close")))
    on_the_day = line.filter(pl.col("date") == date(2024, 1, 19))["drawdown"].item()
    assert on_the_day == row(daily, "^RUT", "2024-01-19").drawdown


def test_index_row_on_real_data_has_no_volume_figures(daily):
    figures = row(daily, "^RUT", "2024-07-12")
    assert (figures.volume, figures.volume_ratio, figures.volume_ratio_basis) == (None, None, None)
    assert figures.dollar_volume is None
    assert figures.range52 is not None


def test_correlation_of_spy_and_iwm_by_year_is_the_published_one(daily):
    by_year = {each.year: each for each in yearly_correlation(daily("SPY"), daily("IWM"))}
    assert by_year[2022].value == pytest.approx(0.9314, abs=5e-5)
    assert by_year[2023].value == pytest.approx(0.8001, abs=5e-5)
    assert (by_year[2022].n, by_year[2023].n) == (251, 250)


def test_share_of_spy_in_the_first_and_last_half_hour_is_the_published_one(intraday):
    """The mean over the full sessions of each one's share; of those before the last session of the file."""
    before = date(2026, 8, 3)
    opening = share_of_session(intraday, "SPY", time(9, 30), time(10), before=before)
    closing = share_of_session(intraday, "SPY", time(15, 30), time(16), before=before)
    assert (opening.sessions, closing.sessions) == (594, 594)
    assert opening.value * 100 == pytest.approx(12.92, abs=5e-3)
    assert closing.value * 100 == pytest.approx(20.36, abs=5e-3)


def test_half_days_of_spy_are_left_out_without_being_named(intraday):
    assert profile(intraday, "SPY").sessions == 595
    assert profile(intraday, "^RUT") is None


def test_usual_day_of_spy_from_columns_is_that_from_the_frame(intraday):
    spy = intraday.filter(pl.col("symbol") == "SPY").tail(78 * 40)
    columns = spy["time"].dt.epoch("s").to_list(), spy["volume"].to_list()
    assert profile_of("SPY", *columns) == profile(spy, "SPY")
    assert profile_of("SPY", *columns, before=date(2026, 7, 1)).sessions < 40
