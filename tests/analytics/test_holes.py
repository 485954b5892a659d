"""What a stored history lacks, as sessions whose close is unknown."""

from datetime import date

import polars as pl
import pytest

from tui.analytics.baseline import baselines
from tui.analytics.holes import ends_early, with_lacking
from tui.analytics.today import with_today
from tui.analytics.windows import Window

SCHEMA = {"symbol": pl.String, "date": pl.Date, "close": pl.Float64, "volume": pl.Int64}
WED, THU, FRI, MON, TUE = (date(2024, 7, day) for day in (10, 11, 12, 15, 16))


def frame(*rows: tuple[str, date, float]) -> pl.DataFrame:
    return pl.DataFrame([(*row, 100) for row in rows], schema=SCHEMA, orient="row")


def test_what_is_whole_stays_the_very_same() -> None:
    whole = frame(("IWM", FRI, 1.0), ("SPY", FRI, 2.0), ("SPY", TUE, 3.0))
    assert with_lacking(whole, ["IWM", "SPY"], MON) is whole
    nothing = frame()
    assert with_lacking(nothing, ["SPY"], MON) is nothing


def test_each_symbol_gets_what_it_lacks_in_its_place() -> None:
    found = with_lacking(
        frame(("IWM", WED, 1.0), ("IWM", THU, 1.5), ("QQQ", FRI, 2.0), ("SPY", THU, 3.0)),
        ["IWM", "QQQ", "SPY", "XBI"],
        MON,
    )
    assert found.select("symbol", "date", "close").rows() == [
        ("IWM", WED, 1.0),
        ("IWM", THU, 1.5),
        ("IWM", FRI, None),
        ("QQQ", FRI, 2.0),
        ("SPY", THU, 3.0),
        ("SPY", FRI, None),
    ]
    assert found.schema == pl.Schema(SCHEMA)


def test_later_rows_stand_in_for_nothing() -> None:
    found = with_lacking(frame(("SPY", WED, 1.0), ("SPY", MON, 2.0), ("SPY", TUE, 3.0)), ["SPY"], MON)
    assert found["date"].to_list() == [WED, THU, FRI, MON, TUE]


def test_a_window_that_begins_in_a_hole_has_no_close_and_the_others_keep_their_days() -> None:
    base = baselines(with_lacking(frame(("SPY", date(2024, 7, 8), 9.0), ("SPY", WED, 10.0)), ["SPY"], MON), MON)[
        "SPY"
    ].bases
    assert (base[Window.D1].session, base[Window.D1].close) == (FRI, None)
    assert Window.W1 not in base, "five sessions back is before what is stored"
    base = baselines(
        with_lacking(frame(("SPY", date(2024, 7, 8), 9.0), ("SPY", date(2024, 7, 9), 9.5)), ["SPY"], MON), MON
    )["SPY"].bases
    assert (base[Window.W1].session, base[Window.W1].close) == (date(2024, 7, 8), 9.0)
    assert (base[Window.WTD].session, base[Window.WTD].close) == (FRI, None)


def test_today_does_not_follow_on_a_session_of_long_ago() -> None:
    found = with_today(frame(("SPY", WED, 10.0)), MON, 11.0, 5)
    assert found.select("date", "close").rows() == [(WED, 10.0), (THU, None), (FRI, None), (MON, 11.0)]


@pytest.mark.parametrize(
    ("days", "session", "early"),
    [([WED], MON, WED), ([WED, THU], MON, THU), ([FRI], MON, None), ([WED, MON], MON, WED), ([], MON, None)],
)
def test_a_history_ends_early_where_sessions_follow_its_last_one(
    days: list[date], session: date, early: date | None
) -> None:
    stored = frame(*(("SPY", day, 1.0) for day in days)).drop("symbol")
    assert ends_early("SPY", stored, session) == early
