"""Sessions between the end of a history and the session it is looked at from."""

from datetime import date
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest

from tui.sessions import is_session, previous_session
from tui.sessions_lacking import CALENDAR, lacking

THU, FRI, MON, TUE = date(2024, 7, 11), date(2024, 7, 12), date(2024, 7, 15), date(2024, 7, 16)


@pytest.mark.parametrize("symbol", ["SPY", "BRK-B", "^RUT", "F", "GOOGL"])
def test_what_trades_in_new_york_lacks_each_session_that_is_not_there(symbol: str) -> None:
    assert list(lacking(symbol, FRI, MON)) == []
    assert list(lacking(symbol, THU, MON)) == [FRI]
    assert list(lacking(symbol, THU, TUE)) == [FRI, MON]
    assert list(lacking(symbol, TUE, MON)) == []


@pytest.mark.parametrize("symbol", ["HSBA.L", "^TNX", "^FTSE", "BTC-USD", "EURUSD=X", "7203.T"])
def test_what_trades_elsewhere_may_have_had_days_off(symbol: str) -> None:
    assert list(lacking(symbol, THU, TUE)) == []
    assert len(lacking(symbol, date(2024, 5, 1), TUE)) == 50


def test_holidays_are_no_sessions_that_are_lacking() -> None:
    assert list(lacking("SPY", date(2024, 7, 3), date(2024, 7, 5))) == []
    assert list(lacking("SPY", date(2001, 9, 10), date(2001, 9, 17))) == []


def test_where_holidays_are_not_known_few_days_are_no_hole() -> None:
    assert list(lacking("^GSPC", date(1987, 11, 25), date(1987, 11, 27))) == []
    assert list(lacking("SPY", date(2031, 11, 26), date(2031, 11, 28))) == []


@pytest.mark.parametrize("name", ["^GSPC", "SPY", "IWM"])
def test_real_histories_lack_nothing(shared_data: Path, name: str) -> None:
    days = pl.read_csv(shared_data / "history" / "daily" / f"{name}.csv", try_parse_dates=True)["date"].to_list()
    known = [day for day in days if day >= CALENDAR[0]]
    assert len(known) > 5_000
    assert all(is_session(day) for day in known)
    assert [day for one, day in pairwise(known) if previous_session(day) != one] == []
