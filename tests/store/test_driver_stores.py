"""Fundamentals, estimates and filings on disk."""

import threading
from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from tui.model_drivers import Estimate, Filing, Fundamental
from tui.store.deals import FILING_SCHEMA, DayRead, Deals
from tui.store.drivers import DriverStores
from tui.store.estimates import ESTIMATE_SCHEMA, Estimates
from tui.store.fundamentals import FUNDAMENTAL_SCHEMA, Fundamentals
from tui.store.schema import HistoryError

OCTOBER, NOVEMBER = date(2026, 10, 30), date(2026, 11, 20)


def figure(symbol="AAPL", as_of=NOVEMBER, **more):
    return Fundamental(symbol=symbol, as_of=as_of, **({"source": "yahoo", "fetched_at": 1.0, "sales": 5.0} | more))


def estimate(symbol="AAPL", period="0y", as_of=NOVEMBER, **more):
    return Estimate(
        symbol=symbol, period=period, as_of=as_of, **({"source": "yahoo", "fetched_at": 1.0, "growth": 0.1} | more)
    )


def filing(accession="0001-20-1", cik=1, **more):
    fields = {"company": "A Inc", "form": "425", "kind": "425", "filed": NOVEMBER} | more
    return Filing(accession=accession, cik=cik, **fields)


def test_schemas_when_compared_with_the_structs_then_their_columns_are_the_fields():
    for schema, kind in ((FUNDAMENTAL_SCHEMA, Fundamental), (ESTIMATE_SCHEMA, Estimate), (FILING_SCHEMA, Filing)):
        assert [*schema] == list(kind.__struct_fields__)[: len(schema)] or {*schema} == {*kind.__struct_fields__}


def test_fundamentals_when_told_on_several_days_then_older_days_stay(tmp_path):
    store = Fundamentals(tmp_path)
    store.save([figure(sales=5.0), figure(as_of=OCTOBER, sales=4.0), figure("MSFT", sales=7.0)])
    assert [path.name for path in sorted((tmp_path / "fundamentals").glob("*.parquet"))] == [
        "2026-10.parquet",
        "2026-11.parquet",
    ]
    assert [(each.symbol, each.sales) for each in store.latest()] == [("AAPL", 5.0), ("MSFT", 7.0)]
    assert [each.sales for each in store.latest(["AAPL"], before=OCTOBER)] == [4.0]
    assert store.frame(["AAPL"]).get_column("as_of").to_list() == [OCTOBER, NOVEMBER]
    assert store.frame(start=NOVEMBER).height == 2


def test_fundamentals_when_told_again_then_a_none_replaces_nothing(tmp_path):
    store = Fundamentals(tmp_path)
    store.save([figure(sales=5.0, eps=-1.0)])
    written = store.save([figure(sales=None, eps=2.0, fetched_at=3.0)])
    assert (written.added, written.changed) == (0, 1)
    assert store.latest() == [figure(sales=5.0, eps=2.0, fetched_at=3.0)]


def test_fundamentals_when_two_sources_told_one_day_then_the_last_fetched_counts(tmp_path):
    store = Fundamentals(tmp_path)
    store.save([figure(source="yahoo", sales=5.0, fetched_at=2.0), figure(source="own", sales=6.0, fetched_at=1.0)])
    assert [each.source for each in store.latest()] == ["yahoo"]
    assert store.frame().height == 2


def test_estimates_when_saved_then_each_period_has_its_newest_row(tmp_path):
    store = Estimates(tmp_path)
    store.save([estimate(), estimate(period="+1y", growth=0.2), estimate(as_of=OCTOBER, growth=0.05, up_7d=3)])
    assert [(each.period, each.growth, each.up_7d) for each in store.latest(["AAPL"])] == [
        ("+1y", 0.2, None),
        ("0y", 0.1, None),
    ]
    assert store.latest(before=OCTOBER) == [estimate(as_of=OCTOBER, growth=0.05, up_7d=3)]


def test_deals_when_a_filing_is_of_two_companies_then_both_rows_stay_and_are_not_doubled(tmp_path):
    store = Deals(tmp_path)
    rows = [filing(cik=1), filing(cik=2, company="B Corp"), filing("0001-19-1", filed=date(2019, 5, 1))]
    read = {NOVEMBER: DayRead(5.0, 2), date(2026, 11, 21): DayRead(5.0, None)}
    assert store.save(rows, read).added == 3
    assert store.save(rows).added == 0
    assert store.filings(start=date(2026, 1, 1)) == rows[:2]
    assert store.frame().height == 3
    assert store.days() == read
    assert [path.stem for path in sorted((tmp_path / "deals").glob("*.parquet"))] == ["2019", "2026"]


def test_deals_when_an_industry_is_learned_then_all_filings_of_the_company_have_it(tmp_path):
    store = Deals(tmp_path)
    store.save([filing(), filing("0001-20-2"), filing("0001-20-3", cik=2)])
    assert store.classify({1: (2836, "Biological Products")}).changed == 2
    assert store.industries() == {1: (2836, "Biological Products")}
    assert [each.sic for each in store.filings()] == [2836, 2836, None]
    store.save([filing()])
    assert store.industries() == {1: (2836, "Biological Products")}
    assert store.classify({9: (1, "x")}).changed == 0


def test_stores_when_nothing_was_stored_then_they_are_empty_and_make_no_folder(tmp_path):
    stores = DriverStores.at(tmp_path / "none")
    assert (stores.macro.ids(), stores.fundamentals.latest(), stores.estimates.latest()) == ([], [], [])
    assert (stores.deals.filings(), stores.deals.days(), stores.deals.industries()) == ([], {}, {})
    stores.fundamentals.save([])
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("kind", [Fundamentals, Deals])
def test_read_when_a_file_is_damaged_then_the_error_names_it(tmp_path, kind):
    store = kind(tmp_path)
    store.save([figure()] if kind is Fundamentals else [filing()])
    (path,) = tmp_path.rglob("*.parquet")
    path.write_bytes(b"nonsense")
    with pytest.raises(HistoryError, match=path.name):
        store.frame()


def test_days_when_the_file_is_damaged_then_the_error_names_it(tmp_path):
    store = Deals(tmp_path)
    store.save([], {NOVEMBER: DayRead(1.0, None)})
    (tmp_path / "deals" / "days.json").write_text("{")
    with pytest.raises(HistoryError, match=r"days\.json"):
        store.days()


def test_read_when_an_older_version_wrote_fewer_columns_then_the_new_ones_are_unknown(tmp_path):
    import polars as pl

    store = Deals(tmp_path)
    store.save([filing(items="1.01")])
    (path,) = tmp_path.rglob("*.parquet")
    pl.read_parquet(path).drop("items", "sic").write_parquet(path)
    assert store.filings() == [filing()]


def test_save_when_many_threads_write_then_nothing_is_lost(tmp_path):
    def write(place):
        Fundamentals(tmp_path).save([figure(f"S{place}", as_of=NOVEMBER - timedelta(days=place))])

    threads = [threading.Thread(target=write, args=(place,)) for place in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert {each.symbol for each in Fundamentals(tmp_path).latest()} == {f"S{place}" for place in range(8)}


def test_save_when_the_folder_cannot_be_written_then_the_error_says_so(tmp_path):
    (tmp_path / "deals").write_text("a file where the folder should be")
    with pytest.raises(HistoryError, match="cannot be written"):
        Deals(tmp_path).save([replace(filing(), items="1.01")])
