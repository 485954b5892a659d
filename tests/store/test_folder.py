from datetime import UTC, date, datetime

import polars as pl
import pytest

from tui.store.folder import Folder
from tui.store.schema import HistoryError

DAY = date(2024, 7, 12)
TIME = datetime(2024, 7, 12, 13, 30, tzinfo=UTC)


def csv(path, *lines):
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join(["date,open,high,low,close,adj_close,volume", *lines, ""]))


def table(path, **columns):
    pl.DataFrame(columns).write_parquet(path)


@pytest.fixture
def folder(tmp_path):
    csv(tmp_path / "daily" / "IWM.csv", "2024-07-12,1,1,1,2,2,5", "2024-07-11,1,1,1,1,1,5")
    csv(tmp_path / "SPY.csv", "2024-07-12,1,1,1,3,3,5")
    csv(tmp_path / "not a symbol at all.csv", "2024-07-12,1,1,1,4,4,5")
    table(tmp_path / "b_poor.parquet", symbol=["AAOI", "ZYME"], date=[DAY, DAY], adj_close=[8.0, 9.0])
    table(
        tmp_path / "a_rich.parquet", symbol=["AAOI", "IWM"], date=[DAY, DAY], close=[8.5, 99.0], adj_close=[8.0, 99.0]
    )
    table(
        tmp_path / "bars.parquet",
        symbol=["IWM", "^RUT"],
        time=[TIME, TIME],
        open=1.0,
        high=1.0,
        low=1.0,
        close=2.0,
        volume=7,
    )
    table(tmp_path / "other.parquet", name=["x"])
    return Folder(tmp_path)


def test_symbols_when_csv_and_parquet_name_them_then_all_are_listed_once(folder):
    assert folder.symbols() == ["AAOI", "IWM", "SPY", "ZYME"]


@pytest.mark.parametrize(("symbol", "closes"), [("IWM", [1.0, 2.0]), ("SPY", [3.0]), ("AAOI", [8.5]), ("ZYME", [None])])
def test_daily_when_several_files_have_the_symbol_then_its_csv_or_the_fuller_table_is_read(folder, symbol, closes):
    assert closes == folder.daily(symbol).close


def test_daily_when_dates_are_given_then_both_ends_are_kept(folder):
    assert folder.daily("IWM", DAY, DAY).dates == [DAY]
    assert [date(2024, 7, 11)] == folder.daily("IWM", end=date(2024, 7, 11)).dates
    assert folder.daily("NONE").dates == []


def test_days_when_files_overlap_then_each_day_is_there_once_in_order(folder, tmp_path):
    assert folder.days() == [date(2024, 7, 11), DAY]
    table(tmp_path / "c.parquet", symbol=["AAOI"], date=[datetime(2024, 7, 15)], close=[1.0])  # noqa: DTZ001
    assert Folder(tmp_path).days() == [date(2024, 7, 11), DAY, date(2024, 7, 15)]


def test_days_when_there_is_no_file_then_there_are_none(tmp_path):
    assert Folder(tmp_path).days() == []


def test_intraday_when_a_table_has_bars_then_they_are_found_by_session(folder):
    (bar,) = folder.intraday("IWM", DAY)
    assert (TIME.timestamp(), 2.0, 7) == (bar.time, bar.close, bar.volume)
    assert folder.intraday_sessions("^RUT") == [DAY]
    assert folder.intraday("^RUT", DAY)[0].volume is None
    assert (folder.intraday("IWM", date(2024, 7, 11)), folder.intraday_sessions("NONE")) == ([], [])


def test_intraday_when_a_csv_has_bars_then_it_is_read(tmp_path):
    path = tmp_path / "intraday" / "SPY.csv"
    path.parent.mkdir()
    path.write_text("datetime,close\n2024-07-12 09:35:00-04:00,2\n2024-07-12 13:30:00+00:00,1\n")
    folder = Folder(tmp_path)
    assert [bar.close for bar in folder.intraday("SPY", DAY)] == [1.0, 2.0]
    assert folder.intraday_sessions("SPY") == [DAY]
    assert folder.symbols() == []


def test_folder_when_it_is_not_there_or_a_file_of_it_is_damaged_then_the_error_names_it(tmp_path):
    with pytest.raises(HistoryError, match="gone"):
        Folder(tmp_path / "gone")
    (tmp_path / "SPY.csv").write_text("date,close\nsoon,1\n")
    (tmp_path / "x.parquet").write_bytes(b"PAR1")
    with pytest.raises(HistoryError, match=r"SPY\.csv: line 2: date “soon”"):
        Folder(tmp_path).daily("SPY")
    with pytest.raises(HistoryError, match=r"x\.parquet is damaged"):
        Folder(tmp_path).symbols()


def test_folder_when_it_is_the_real_one_then_all_that_it_holds_is_found(shared_data):
    folder = Folder(shared_data / "history")
    symbols = folder.symbols()
    assert {"IWM", "QQQS", "^RUT", "AAOI", "ZYME"} < set(symbols)
    assert len(symbols) > 2000
    qqqs = folder.daily("QQQS", date(2024, 7, 11), date(2024, 7, 12))
    assert pytest.approx(100 * (qqqs.close[1] / qqqs.close[0] - 1), abs=1e-3) == 1.718
    assert None is folder.daily("^RUT", DAY, DAY).volume[0]
    assert len(folder.intraday("SPY", DAY)) == 78
    assert len(folder.intraday("SPY", date(2024, 7, 3))) == 42
    assert folder.intraday_sessions("SPY")[0] == date(2024, 3, 11)
