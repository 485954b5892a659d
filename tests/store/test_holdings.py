import threading
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tui.model import AssetClass, Fund, Holding
from tui.sectors import GICS, UNCLASSIFIED
from tui.store.history import History
from tui.store.holdings import Holdings, WorseError, fill_sectors
from tui.store.schema import HistoryError

FIRST, SECOND, THIRD = date(2025, 5, 13), date(2025, 6, 13), date(2025, 9, 12)


def held(symbol, weight=0.1, **more):
    return Holding(symbol=symbol, name=more.pop("name", f"{symbol} Inc"), weight=weight, **more)


def fund(symbol="IWM", as_of=FIRST, count=10, **more):
    holdings = more.pop("holdings", [held(f"S{place}", 1 / count) for place in range(count)] if count else [])
    return Fund(symbol=symbol, name=f"{symbol} ETF", as_of=as_of, source="ishares", holdings=holdings, **more)


@pytest.fixture
def store(tmp_path):
    return Holdings(tmp_path)


texts = st.none() | st.text(max_size=12)
numbers = st.none() | st.floats(allow_nan=False)
positions = st.builds(
    Holding,
    symbol=texts,
    name=st.text(max_size=12),
    weight=st.floats(allow_nan=False, allow_infinity=False),
    sector=texts,
    market_value=numbers,
    shares=numbers,
    sector_original=texts,
    sector_source=texts,
    asset_class=st.sampled_from(AssetClass),
    price=numbers,
    cusip=texts,
    isin=texts,
    currency=texts,
    country=texts,
)


@given(holdings=st.lists(positions, max_size=8), weights=st.dictionaries(st.sampled_from(GICS), st.floats(0, 1)))
@settings(max_examples=80, deadline=None)
def test_save_when_anything_is_stored_then_the_same_comes_back(tmp_path_factory, holdings, weights):
    store = Holdings(tmp_path_factory.mktemp("any"))
    for partial in (False, True):
        given_fund = fund(holdings=holdings, sector_weights=weights, partial=partial)
        assert store.save(given_fund, force=True)
        assert store.latest("IWM") == (given_fund if not partial else replace(given_fund, partial=False))
    assert store.dates("IWM") == [FIRST]


def test_save_when_the_same_list_comes_again_then_nothing_is_written(store):
    assert store.save(fund())
    path = store.root / "IWM" / "2025-05-13.parquet"
    before = path.stat().st_mtime_ns
    assert not store.save(fund())
    assert path.stat().st_mtime_ns == before


def test_save_when_newer_lists_come_then_older_ones_stay(store):
    for day in (SECOND, FIRST, THIRD):
        store.save(fund(as_of=day))
    assert store.dates("IWM") == [FIRST, SECOND, THIRD]
    found = [store.latest("IWM", day) for day in (date(2025, 5, 12), FIRST, date(2025, 6, 30), None)]
    assert [each and each.as_of for each in found] == [None, FIRST, SECOND, THIRD]


def test_latest_when_nothing_is_stored_then_it_is_none(store):
    assert (store.latest("IWM"), store.dates("IWM"), store.funds(), store.holders("A")) == (None, [], [], [])
    assert store.latest("../..") is None


def test_nearest_when_the_day_is_before_the_first_list_then_the_first_one(store):
    store.save(fund(as_of=SECOND))
    store.save(fund(as_of=THIRD))
    days = [store.nearest("IWM", day).as_of for day in (FIRST, SECOND, date(2025, 7, 1), date(2026, 1, 1))]
    assert days == [SECOND, SECOND, SECOND, THIRD]
    assert store.nearest("SPY", FIRST) is None


def test_latest_when_a_partial_list_is_newer_then_the_whole_one_wins(store):
    store.save(fund(as_of=FIRST))
    store.save(fund(as_of=SECOND, count=2, partial=True))
    assert (store.latest("IWM").as_of, store.latest("IWM").partial) == (FIRST, False)
    store.save(fund("QQQ", SECOND, 2, partial=True))
    assert store.latest("QQQ").partial


@pytest.mark.parametrize("count", [4, 1, 0])
def test_save_when_a_list_is_far_shorter_than_the_last_then_it_is_refused_and_the_last_stays(store, count):
    store.save(fund())
    for day in (FIRST, SECOND, date(2020, 1, 2)):
        with pytest.raises(WorseError, match="fewer than half of the 10 of 2025-05-13"):
            store.save(fund(as_of=day, count=count))
    assert len(store.latest("IWM").holdings) == 10


def test_save_when_half_is_left_or_it_is_forced_or_partial_then_it_is_stored(store):
    store.save(fund())
    assert store.save(fund(as_of=SECOND, count=5))
    assert store.save(fund(as_of=THIRD, count=1, partial=True))
    assert store.save(fund(as_of=THIRD, count=1), force=True)
    assert store.dates("IWM") == [FIRST, SECOND, THIRD]


def test_save_when_only_cash_is_left_then_it_counts_as_no_shares(store):
    store.save(fund())
    cash = [held(None, 0.1, asset_class=AssetClass.CASH, name=str(place)) for place in range(10)]
    with pytest.raises(WorseError):
        store.save(fund(as_of=SECOND, holdings=cash))


def test_save_when_a_first_list_is_empty_then_it_is_refused(store):
    with pytest.raises(WorseError, match="is empty"):
        store.save(fund(count=0))
    assert store.funds() == []


@pytest.mark.parametrize("symbol", ["../IWM", "", "A/B", "a b", ".hidden", "x" * 40])
def test_save_when_the_symbol_could_be_a_path_then_it_is_refused(store, symbol):
    with pytest.raises(HistoryError, match="symbol of a fund"):
        store.save(fund(symbol))


@pytest.mark.parametrize("weight", [float("nan"), float("inf")])
def test_save_when_a_weight_is_no_number_then_it_is_refused(store, weight):
    with pytest.raises(HistoryError, match="not a number"):
        store.save(fund(holdings=[held("A", weight)]))


def test_latest_when_a_file_is_damaged_then_it_is_named_with_what_to_do(store):
    store.save(fund())
    path = store.root / "IWM" / "2025-05-13.parquet"
    path.write_bytes(path.read_bytes()[:-20])
    for ask in (lambda: store.latest("IWM"), lambda: store.holders("S1"), store.sectors):
        with pytest.raises(HistoryError, match=r"2025-05-13\.parquet is damaged: delete it and import"):
            ask()


def test_save_when_the_file_of_the_day_is_damaged_then_force_replaces_it(store):
    store.save(fund())
    (store.root / "IWM" / "2025-05-13.parquet").write_bytes(b"broken")
    with pytest.raises(HistoryError, match="is damaged"):
        store.save(fund())
    assert store.save(fund(), force=True)
    assert store.latest("IWM") == fund()


def test_funds_when_other_files_lie_about_then_they_are_no_funds(store):
    store.save(fund())
    (store.root / "EMPTY").mkdir()
    (store.root / "IWM" / "notes.txt").write_text("mine")
    (store.root / "IWM" / "2025-99-99.parquet").write_text("no day")
    assert (store.funds(), store.dates("IWM")) == (["IWM"], [FIRST])


def test_holders_when_several_funds_hold_a_symbol_then_the_heaviest_is_first(store):
    store.save(fund("IWM", holdings=[held("A", 0.2), held("A", 0.1), held("B", 0.7)]))
    store.save(fund("SPY", FIRST, holdings=[held("A", 0.9), held("C", 0.1)]))
    store.save(fund("SPY", SECOND, holdings=[held("A", 0.5), held("C", 0.5)]))
    store.save(fund("QQQ", holdings=[held("C", 1.0), held("D", 0.0)]))
    assert store.holders("A") == [("SPY", 0.5), ("IWM", pytest.approx(0.3))]
    assert store.holders("A", FIRST) == [("SPY", 0.9), ("IWM", pytest.approx(0.3))]
    assert store.holders("Z") == []


def test_fill_when_holdings_lack_a_sector_then_they_get_one_and_it_is_said_whose():
    holdings = [
        held("A"),
        held("B", sector="Energy", sector_source="ishares"),
        held("C", sector=UNCLASSIFIED, sector_original="Other", sector_source="ishares"),
        held("D"),
        held(None, asset_class=AssetClass.CASH),
    ]
    known = dict.fromkeys("ABC", ("Materials", "sp500"))
    filled = fill_sectors(fund(holdings=holdings), known).holdings
    assert [(each.sector, each.sector_source, each.sector_original) for each in filled] == [
        ("Materials", "sp500", None),
        ("Energy", "ishares", None),
        ("Materials", "sp500", "Other"),
        (None, None, None),
        (None, None, None),
    ]


def test_sectors_when_funds_and_constituents_know_them_then_the_learned_and_the_newest_win(store):
    def said(symbol, sector, source="ishares"):
        return held(symbol, sector=sector, sector_source=source)

    store.save(fund("IWM", FIRST, holdings=[said("A", "Energy"), said("LEFT", "Utilities")]))
    store.save(fund("IWM", THIRD, holdings=[said("A", "Materials"), said("B", "Energy")]))
    store.save(
        fund("QQQ", holdings=[said("Y", "Energy", "yahoo search"), said("U", UNCLASSIFIED), said("B", "Health Care")])
    )
    assert store.learn({"B": ("Financials", "sp500")}) == 1
    assert store.learn({"B": ("Financials", "sp500")}) == 0
    assert store.sectors() == {
        "A": ("Materials", "ishares IWM"),
        "LEFT": ("Utilities", "ishares IWM"),
        "B": ("Financials", "sp500"),
    }
    assert store.sectors(besides="IWM") == {"B": ("Financials", "sp500")}


def test_sectors_when_a_word_is_handed_on_then_its_first_source_stays(store):
    store.save(fund("XBI", holdings=[held("A", sector="Energy", sector_source="ishares IWM")]))
    assert store.sectors() == {"A": ("Energy", "ishares IWM")}


def test_learn_when_its_file_is_damaged_then_it_is_named(store):
    store.learn({"A": ("Energy", "sp500")})
    (store.root / "sectors.json").write_text("{")
    with pytest.raises(HistoryError, match=r"sectors\.json is damaged"):
        store.sectors()


def test_save_when_threads_write_at_once_then_all_lists_are_there(store):
    days = [date(2025, 1, day) for day in range(1, 13)]
    threads = [threading.Thread(target=store.save, args=(fund(as_of=day),)) for day in days]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.dates("IWM") == days
    assert not list(store.root.rglob("*.tmp"))


def test_save_when_the_folder_is_a_file_then_it_is_told(tmp_path):
    (tmp_path / "holdings").write_text("in the way")
    with pytest.raises(HistoryError, match="cannot be written"):
        Holdings(tmp_path).save(fund())


def test_history_when_holdings_lie_beside_it_then_both_live(store, tmp_path):
    store.save(fund())
    assert History(tmp_path).symbols() == []
    assert store.funds() == ["IWM"]
