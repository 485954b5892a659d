"""Each dialect on the real files."""

from datetime import date

import polars as pl
import pytest

from tui.store.dialects import read


def test_read_when_yfinance_adjusted_the_prices_then_the_traded_ones_are_rebuilt(shared_data):
    history = shared_data / "history"
    found = read(history / "raw/QQQS_yfinance_adjusted_partial_last_bar.csv")
    truth = read(history / "daily/QQQS.csv").daily
    both = found.daily.join(truth, on=["symbol", "date"], suffix="_true")
    assert 803 == both.height == truth.height
    for name in ("open", "high", "low", "close", "adj_close"):
        assert both.select(((pl.col(name) / pl.col(f"{name}_true")) - 1).abs().max()).item() < 5e-6
    assert both["volume"].equals(both["volume_true"])
    assert found.daily["dividend"].count() == 12


@pytest.mark.parametrize(("drop", "last"), [(False, date(2025, 12, 26)), (True, date(2025, 12, 24))])
def test_read_when_the_last_bar_is_partial_then_it_is_told_and_dropped_only_when_asked(shared_data, drop, last):
    path = shared_data / "history/raw/QQQS_yfinance_adjusted_partial_last_bar.csv"
    found = read(path, drop_partial=drop)
    assert last == found.daily["date"].max()
    assert any("2025-12-26" in note for note in found.notes)


@pytest.mark.parametrize(
    ("name", "symbol", "expected"),
    [
        ("raw/RUT_yahoo_download_1990-2024.csv", "^RUT", ("^RUT", 8741, 2129.429931640625)),
        ("raw/NDX_yfinance_multiheader.csv", None, ("^NDX", 10181, 24960.0390625)),
        ("raw/RU2000PR_fred_1978-2019.csv", None, ("RU2000PR", 10127, 3732.98)),
        ("macro/DGS10.csv", None, ("DGS10", 11499, 4.14)),
        ("macro/us_cpi.csv", None, ("CPIAUCSL", 950, 330.293)),
        ("macro/pmi.csv", None, ("PMI", 884, 48.5)),
    ],
)
def test_read_when_a_file_is_of_a_known_dialect_then_all_of_it_is_read(shared_data, name, symbol, expected):
    daily = read(shared_data / "history" / name, symbol).daily
    (stored,) = set(daily["symbol"])
    assert expected == (stored, daily.height, daily.sort("date")["close"][-1])
    assert daily["volume"].count() == 0


def test_read_when_five_minute_bars_mix_zones_then_they_agree_with_the_utc_table(shared_data):
    mixed = read(shared_data / "history/raw/SPY_5m_mixed_timezones.csv", "SPY").intraday
    table = read(shared_data / "history/intraday_5m.parquet").intraday.filter(pl.col("symbol") == "SPY")
    both = mixed.join(table, on=["symbol", "time"], suffix="_true")
    assert both.height > 40_000
    assert both.select(((pl.col("close") / pl.col("close_true")) - 1).abs().median()).item() < 1e-6


def test_read_when_members_have_only_adjusted_closes_then_the_rest_is_unknown(shared_data):
    daily = read(shared_data / "history/r2000_members_adjclose_2023_2026.parquet").daily
    assert (daily["adj_close"].count(), daily["close"].count()) == (1_543_685, 0)
