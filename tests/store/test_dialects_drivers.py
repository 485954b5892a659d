"""Files of what drives prices, as an import reads them."""

from datetime import UTC, date, datetime

import pytest

from tests.sources.drivers.payloads import (
    CURVE,
    ESTIMATES,
    FRED,
    FRED_ABOUT,
    FRED_API,
    FUNDAMENTALS,
    MISSING,
    bc,
    filing,
    index,
    xml,
)
from tui.model_drivers import Frequency
from tui.store.dialects import DialectError, Hints, is_ours, parse_csv, read

MODIFIED = datetime(2026, 11, 21, 3, tzinfo=UTC)
"""Still the 20th in New York."""


def parse(data, stem="DGS10", **hints):
    return parse_csv(data, Hints(stem=stem, modified=MODIFIED, **hints))


def test_parse_when_it_is_the_curve_then_each_tenor_is_a_series_and_a_symbol():
    for payload in (CURVE, xml(("2026-11-20", bc("10YEAR", "4.19")))):
        parsed = parse(payload, "daily-treasury-rates_2026")
        assert "UST10Y" in {each.id for each in parsed.series}
        ten = parsed.daily.filter(symbol="UST10Y").sort("date")
        assert ten.select("date", "close").rows()[-1] == (date(2026, 11, 20), 4.19)
        assert parsed.series[0].fetched_at == MODIFIED.timestamp()


def test_parse_when_it_is_freds_csv_then_it_is_both_a_symbol_and_a_series():
    parsed = parse(FRED)
    assert [(each.id, each.source, each.values) for each in parsed.series] == [
        ("DGS10", "fred", [4.19, 4.17]),
        ("DGS2", "fred", [3.47]),
    ]
    assert parsed.daily.height == 3


@pytest.mark.parametrize(
    ("stem", "symbol", "name"), [("T10Y3M", None, "T10Y3M"), ("api_obs_T10Y3M", None, "T10Y3M"), ("x_y", "abc", "ABC")]
)
def test_parse_when_the_api_does_not_name_the_series_then_the_file_or_the_user_does(stem, symbol, name):
    (found,) = parse(FRED_API, stem, symbol=symbol).series
    assert (found.id, found.values) == (name, [-0.74])


def test_parse_when_it_is_a_users_series_then_its_frequency_is_seen():
    rows = b"date,value\n2026-01-01,1\n2026-02-01,\n2026-03-01,.\n2026-04-01,4\n2026-07-01,5\n"
    (found,) = parse(rows, "MINE").series
    assert (found.id, found.source, found.values, found.frequency) == (
        "MINE",
        "own",
        [1.0, 4.0, 5.0],
        Frequency.QUARTERLY,
    )


def test_parse_when_closes_alone_are_monthly_or_known_then_they_are_a_series_too():
    monthly = b"date,close\n2025-04-01,49.0\n2025-05-01,48.7\n2025-06-02,48.5\n"
    assert [each.id for each in parse(monthly, "pmi").series] == ["PMI"]
    assert [each.id for each in parse(monthly, "OTHER").series] == ["OTHER"]
    daily = b"date,close\n2025-04-01,49.0\n2025-04-02,48.7\n2025-04-03,48.5\n"
    assert parse(daily, "^RUT").series == []
    assert [each.id for each in parse(b"date,close\n2025-04-01,4.1\n", "DGS10").series] == ["DGS10"]
    assert parse(b"date,open,close\n2025-04-01,1,49.0\n2025-05-01,1,2\n", "PMI").series == []


def test_parse_when_it_is_the_secs_index_then_the_filings_are_kept():
    parsed = parse(index(filing("425"), filing("10-K")), "form.20200318")
    assert [each.form for each in parsed.filings] == ["425"]
    assert parsed.daily is None


def test_parse_when_it_is_a_users_figures_then_those_without_a_day_are_of_the_files():
    assert [each.as_of for each in parse(FUNDAMENTALS, "x").fundamentals] == [date(2026, 11, 20), date(2026, 11, 20)]
    assert [each.as_of for each in parse(ESTIMATES, "x").estimates] == [date(2026, 11, 20)] * 2


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        (b"symbol,sales,turnover\nAAPL,1,2\n", "line 1: 'turnover' is no column of this file: expected symbol,as_of"),
        (b"Date,10 Yr\n11/20/2026,x\n", "line 2"),
        (index("nonsense\n"), "line 6"),
        (b'{"realtime_start": "x", "observations": 5}', "not what it is known to send"),
        (MISSING, "of no known format"),
        (FRED_ABOUT, "of no known format"),
    ],
)
def test_parse_when_a_file_is_wrong_then_the_reason_is_told(payload, words):
    with pytest.raises(DialectError) as caught:
        parse(payload)
    assert words in str(caught.value)


def test_parse_when_a_symbol_is_told_for_what_names_its_own_then_it_is_refused():
    with pytest.raises(DialectError, match="--symbol"):
        parse(CURVE, symbol="X")


def test_is_ours_when_a_folder_is_searched_then_only_files_of_these_forms_are_read(tmp_path):
    files = {
        "a.csv": b"anything",
        "b.parquet": b"",
        "curve.xml": xml(("2026-11-20", bc("10YEAR", "4.19"))),
        "obs.json": FRED_API,
        "form.20200318.idx": index(filing("425")),
        "about.json": FRED_ABOUT,
        "error.xml": MISSING,
        "page.html": b"<html>",
        "notes.txt": CURVE,
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    mine = [path.name for path in sorted(tmp_path.iterdir()) if is_ours(path)]
    assert mine == ["a.csv", "b.parquet", "curve.xml", "form.20200318.idx", "obs.json"]


@pytest.mark.parametrize(
    ("name", "series", "rows", "last"),
    [
        ("history/macro/DGS10.csv", "DGS10", 11499, 4.14),
        ("history/macro/GDP.csv", "GDP", 183, 31095.089),
        ("history/macro/PPIACO.csv", "PPIACO", 1347, 258.837),
        ("history/macro/pmi.csv", "PMI", 884, 48.5),
        ("history/macro/us_cpi.csv", "CPIAUCSL", 950, 330.293),
        ("history/macro/us_fed_rate.csv", "FEDFUNDS", 862, 3.64),
        ("recordings/fred/fredgraph_CPIAUCSL_2026-04.csv", "CPIAUCSL", 950, 330.293),
        ("recordings/fred/fredgraph_DGS10_full_2026-07.csv", "DGS10", 16129, 4.68),
        ("recordings/fred/fredgraph_FEDFUNDS_2026-04.csv", "FEDFUNDS", 861, 3.64),
        ("recordings/fred/macrocharts_GDPC1_2026-07.csv", "GDPC1", 105, 24180.419),
        ("recordings/fred/macrocharts_ICSA_2026-07.csv", "ICSA", 291, 197000.0),
        ("recordings/fred/macrocharts_T10Y2Y_2026-07.csv", "T10Y2Y", 9149, 0.45),
        ("recordings/fred/api_obs_DFF.json", "DFF", 157, 5.08),
        ("recordings/fred/api_obs_DGS10.json", "DGS10", 16088, 4.47),
        ("recordings/fred/api_obs_SP500.json", "SP500", 2516, 5477.9),
        ("recordings/fred/api_obs_T10Y3M.json", "T10Y3M", 108, -1.74),
    ],
)
def test_read_when_a_real_file_of_a_series_is_imported_then_all_of_it_is_kept(shared_data, name, series, rows, last):
    parsed = read(shared_data / name)
    (found,) = parsed.series
    assert (found.id, len(found.values), found.values[-1]) == (series, rows, last)
    assert parsed.daily.sort("date").get_column("close").to_list() == found.values


@pytest.mark.parametrize(
    ("name", "tenors", "rows"),
    [
        ("DailyTreasuryYieldCurveRateData_2021_legacy.xml", 12, 12 * 53),
        ("daily-treasury-rates_1990-2022_all.csv", 12, 84_621),
        ("daily-treasury-rates_2023.csv", 13, 13 * 169),
        ("daily_treasury_yield_curve_2022_home.xml", 12, 12 * 48),
    ],
)
def test_read_when_a_real_file_of_the_curve_is_imported_then_all_of_it_is_kept(shared_data, name, tenors, rows):
    parsed = read(shared_data / "recordings/treasury" / name)
    assert (len(parsed.series), sum(len(each.dates) for each in parsed.series)) == (tenors, rows)
    assert parsed.daily.height == rows


def test_read_when_the_real_index_is_imported_then_its_deals_are_kept(shared_data):
    assert len(read(shared_data / "recordings/sec/form.20200318.idx").filings) == 260


def test_is_ours_when_the_real_folders_are_searched_then_answers_that_are_no_data_are_passed_over(shared_data):
    found = {
        path.name
        for folder in ("fred", "treasury", "sec")
        for path in (shared_data / "recordings" / folder).iterdir()
        if is_ours(path)
    }
    assert len(found) == 10 + 4 + 1
    assert {"form.20200318.idx", "api_obs_SP500.json"} <= found
