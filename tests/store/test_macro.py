import threading
from datetime import date, timedelta
from math import nan

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tui.model_drivers import Frequency, Series
from tui.store.history import History
from tui.store.macro import MACRO_SCHEMA, Macro
from tui.store.schema import HistoryError

FIRST = date(2026, 1, 1)


def series(values, name="CPIAUCSL", first=FIRST, **more):
    """A monthly series unless told otherwise; values of None are days that it does not tell."""
    told = [(first + timedelta(days=place), value) for place, value in enumerate(values) if value is not None]
    fields = {"frequency": Frequency.MONTHLY, "source": "fred", "fetched_at": 1.0} | more
    return Series(id=name, dates=[day for day, _ in told], values=[value for _, value in told], **fields)


@pytest.fixture
def store(tmp_path):
    return Macro(tmp_path)


def test_save_when_stored_then_the_same_comes_back(store, tmp_path):
    given_series = series([1.0, 2.0], title="Prices", unit="index")
    written = store.save(given_series)
    assert (written.added, written.changed, written.symbols) == (2, 0, ("CPIAUCSL",))
    assert Macro(tmp_path).load("CPIAUCSL") == given_series
    head = store.head("CPIAUCSL")
    assert (head.first, head.last, head.rows, head.unit) == (FIRST, FIRST + timedelta(days=1), 2, "index")


def test_save_when_a_value_is_missing_or_no_number_then_what_was_known_stays(store):
    store.save(series([1.0, 2.0, 3.0]))
    written = store.save(replace(series([9.0, 9.0, 4.0]), values=[None, nan, 4.0]))
    assert (written.added, written.changed) == (0, 1)
    assert store.load("CPIAUCSL").values == [1.0, 2.0, 4.0]


def test_save_when_a_later_source_knows_less_of_it_then_the_words_stay(store):
    store.save(series([1.0], title="Prices", unit="index"))
    store.save(series([1.5], source="own", frequency=Frequency.OTHER, fetched_at=9.0))
    found = store.load("CPIAUCSL")
    assert (found.title, found.unit, found.frequency, found.source) == ("Prices", "index", Frequency.MONTHLY, "own")


def test_save_when_nothing_is_new_then_only_the_time_of_asking_moves_on(store):
    store.save(series([1.0, 2.0]))
    assert (store.save(series([2.0], first=FIRST + timedelta(days=1), fetched_at=5.0)).changed) == 0
    assert (store.load("CPIAUCSL").fetched_at, store.load("CPIAUCSL").values) == (5.0, [1.0, 2.0])
    store.save(series([1.0, 2.0], fetched_at=3.0))
    assert store.load("CPIAUCSL").fetched_at == 5.0


rows = st.lists(st.none() | st.integers(1, 5).map(float), max_size=6)


@given(batches=st.lists(st.tuples(rows, st.integers(-3, 3)), max_size=5))
@settings(max_examples=60, deadline=None)
def test_save_when_batches_follow_each_other_then_each_day_has_its_last_value(tmp_path_factory, batches):
    store = Macro(tmp_path_factory.mktemp("macro"))
    expected = {}
    for values, shift in batches:
        each = series(values, first=FIRST + timedelta(days=shift))
        store.save(each)
        expected |= dict(zip(each.dates, each.values, strict=True))
    found = store.load("CPIAUCSL")
    told = dict(zip(found.dates, found.values, strict=True)) if found else {}
    assert told == expected
    assert found is None or found.dates == sorted(found.dates)


def test_save_when_a_series_is_daily_then_the_history_reads_it_by_its_name(store, tmp_path):
    store.save(series([4.1, 4.2], name="DGS10", frequency=Frequency.DAILY, title="Ten"), series([1.0]))
    history = History(tmp_path)
    assert history.symbols() == ["DGS10"]
    assert history.frame(["DGS10"]).get_column("close").to_list() == [4.1, 4.2]
    assert [each.name for each in history.instruments(["DGS10"])] == ["Ten"]


def test_save_when_a_day_is_added_then_only_that_day_goes_into_the_history(store, tmp_path):
    long = series([4.1] * 400, name="DGS10", first=date(2024, 12, 1), frequency=Frequency.DAILY)
    store.save(long)
    before = {path.name for path in (tmp_path / "daily").iterdir() if path.name.startswith("2024")}
    grown = series([4.1] * 400 + [4.3], name="DGS10", first=date(2024, 12, 1), frequency=Frequency.DAILY)
    assert store.save(grown).added == 1
    assert store.save(grown).added == 0
    assert {path.name for path in (tmp_path / "daily").iterdir() if path.name.startswith("2024")} == before
    assert History(tmp_path).frame(["DGS10"]).height == 401


def test_save_when_the_history_cannot_be_written_then_the_series_is_not_taken_for_stored(store, tmp_path):
    (tmp_path / "manifest.json").write_text("{")
    with pytest.raises(HistoryError, match=r"manifest\.json"):
        store.save(series([4.1], name="DGS10", frequency=Frequency.DAILY))
    assert store.head("DGS10") is None


def test_save_when_the_history_has_it_already_then_it_can_be_left_out(store, tmp_path):
    store.save(series([4.1], name="DGS10", frequency=Frequency.DAILY), history=False)
    assert History(tmp_path).symbols() == []


def test_load_when_only_the_history_has_closes_then_they_are_the_series(store, tmp_path):
    days = [FIRST, FIRST + timedelta(days=1)]
    History(tmp_path).append(pl.DataFrame({"symbol": ["DGS10"] * 2, "date": days, "close": [4.1, 4.2]}))
    found = store.load("DGS10")
    assert (found.dates, found.values, found.unit, found.source) == (days, [4.1, 4.2], "percent", "history")
    assert store.ids() == []


def test_load_when_the_history_has_bars_then_they_are_no_series(store, tmp_path):
    History(tmp_path).append(pl.DataFrame({"symbol": ["SPY"], "date": [FIRST], "close": [1.0], "volume": [5]}))
    assert store.load("SPY") is None
    assert store.load("NOSUCH") is None


def test_frame_when_dates_are_given_then_only_those_are_read(store):
    store.save(series([1.0, 2.0, 3.0]), series([7.0], name="GDP"))
    assert store.ids() == ["CPIAUCSL", "GDP"]
    assert dict(store.frame().schema) == MACRO_SCHEMA
    assert store.frame().height == 4
    second = FIRST + timedelta(days=1)
    assert store.frame(["CPIAUCSL", "NOSUCH"], second, second).rows() == [("CPIAUCSL", second, 2.0)]
    assert store.frame([]).is_empty()


@pytest.mark.parametrize("name", ["../evil", "", "a b", "x" * 40, "lower"])
def test_save_when_the_name_could_be_a_path_then_it_is_refused(store, name):
    with pytest.raises(HistoryError):
        store.save(series([1.0], name=name))
    assert store.head(name) is None


def test_load_when_the_file_is_damaged_then_the_error_names_it(store, tmp_path):
    store.save(series([1.0]))
    path = tmp_path / "macro" / "CPIAUCSL.parquet"
    for damage in (path.read_bytes()[:-20], b"", b"nonsense"):
        path.write_bytes(damage)
        with pytest.raises(HistoryError, match=r"CPIAUCSL\.parquet is damaged"):
            store.load("CPIAUCSL")
        with pytest.raises(HistoryError, match=r"CPIAUCSL\.parquet is damaged"):
            store.save(series([2.0]))


def test_save_when_the_write_fails_then_the_old_series_stays(store, monkeypatch):
    store.save(series([1.0]))

    def broken(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tui.store.manifest.os.fsync", broken)
    with pytest.raises(HistoryError, match="No space left"):
        store.save(series([2.0]))
    monkeypatch.undo()
    assert store.load("CPIAUCSL").values == [1.0]
    assert [path.name for path in store.root.iterdir() if path.suffix == ".tmp"] == []


def test_save_when_many_threads_write_one_series_then_nothing_is_lost(tmp_path):
    def write(place):
        Macro(tmp_path).save(series([float(place)], first=FIRST + timedelta(days=place)))

    threads = [threading.Thread(target=write, args=(place,)) for place in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert Macro(tmp_path).load("CPIAUCSL").values == [float(place) for place in range(8)]
