import os
import tempfile
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings

from tests.store.strategies import as_frame, daily_rows, model
from tui.model import Bar, Bars, Instrument, Kind
from tui.store import manifest, parts
from tui.store.history import History, HistoryError, Span
from tui.store.schema import DAILY_SCHEMA

NEW_YEAR = date(2024, 1, 2)


@pytest.fixture
def history(tmp_path):
    return History(tmp_path / "history")


def closes(symbol, start, values):
    days = [start + timedelta(days=n) for n in range(len(values))]
    return pl.DataFrame({"symbol": symbol, "date": days, "close": values}, schema_overrides={"close": pl.Float64})


def snapshot(root):
    return {path.relative_to(root): path.read_bytes() for path in root.rglob("*.*") if path.is_file()}


# --- reading and writing ------------------------------------------------------------------------------------------


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(daily_rows(), daily_rows())
def test_frame_when_batches_were_appended_then_it_is_their_upsert_sorted(first, second):
    with tempfile.TemporaryDirectory() as folder:
        history = History(Path(folder))
        history.append(as_frame(first))
        history.append(as_frame(second))
        assert model(first, second) == history.frame().rows()
        start, end = date(2023, 12, 30), date(2024, 1, 2)
        kept = [row for row in model(first, second) if start <= row[1] <= end and row[0] in {"AAA", "C"}]
        assert kept == history.frame(["C", "AAA"], start, end).rows()


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(daily_rows(max_size=20))
def test_peaks_and_spans_when_read_from_the_indexes_then_they_are_those_of_the_rows(rows):
    with tempfile.TemporaryDirectory() as folder:
        history = History(Path(folder))
        history.append(as_frame(rows))
        held = model(rows)
        for before in (date(2023, 12, 29), date(2024, 1, 1), date(2024, 1, 3), date(2025, 1, 1)):
            highest = {}
            for symbol, day, _, _, _, close, *_ in held:
                if day < before and close is not None:
                    highest[symbol] = max(close, highest.get(symbol, close))
            assert highest == history.peaks(None, before)
        days = {
            symbol: [row[1] for row in held if row[0] == symbol] for symbol in dict.fromkeys(row[0] for row in held)
        }
        assert {symbol: Span(d[0], d[-1], len(d)) for symbol, d in days.items()} == history.spans()


def test_reading_when_nothing_was_stored_then_all_is_empty_and_no_folder_is_made(history):
    assert dict(history.frame().schema) == DAILY_SCHEMA
    assert (
        history.frame().height,
        history.symbols(),
        history.peaks(None, NEW_YEAR),
        history.spans(),
    ) == (0, [], {}, {})
    assert (history.daily("SPY").dates, history.intraday_sessions("SPY")) == ([], [])
    assert history.intraday("SPY", NEW_YEAR) == []
    assert not history.root.exists()


def test_frame_when_columns_are_named_then_only_they_and_the_keys_come(history):
    history.append(closes("SPY", NEW_YEAR, [1.0]))
    assert history.frame(columns=["close"]).columns == ["symbol", "date", "close"]
    with pytest.raises(ValueError, match="wap"):
        history.frame(columns=["wap"])


def test_days_when_symbols_and_years_overlap_then_each_day_is_there_once_in_order(history):
    assert history.days() == []
    history.append(closes("SPY", NEW_YEAR - timedelta(days=1), [1.0, 2.0]))
    history.append(closes("IWM", NEW_YEAR, [1.0, 2.0]))
    assert history.days() == [NEW_YEAR + timedelta(days=day) for day in (-1, 0, 1)]


def test_append_when_nothing_is_new_then_nothing_is_written(history):
    frame = closes("SPY", NEW_YEAR - timedelta(days=3), [1.0, 2.0, 3.0, 4.0])
    first = history.append(frame)
    before = snapshot(history.root)
    again = history.append(frame)
    assert (first.added, first.changed, first.symbols) == (4, 0, ("SPY",))
    assert (again.added, again.changed, again.symbols) == (0, 0, ("SPY",))
    assert before == snapshot(history.root)


def test_append_when_a_year_changes_then_only_its_file_is_replaced(history):
    history.append(closes("SPY", NEW_YEAR - timedelta(days=3), [1.0, 2.0, 3.0, 4.0]))
    before = manifest.load(history.root).daily
    written = history.append(closes("SPY", NEW_YEAR, [9.0, 5.0]))
    after = manifest.load(history.root).daily
    assert (written.added, written.changed) == (1, 1)
    assert before[2023] == after[2023]
    assert before[2024] != after[2024]


def test_writing_when_many_frames_are_flushed_early_then_they_are_still_one_commit(history, monkeypatch):
    monkeypatch.setattr("tui.store.writer.FLUSH_ROWS", 2)
    with history.writing() as writer:
        for n in range(5):
            writer.daily(closes(f"S{n}", NEW_YEAR, [1.0, 2.0]))
            assert history.symbols() == []
    assert len(history.symbols()) == 5
    assert manifest.load(history.root).generation == 1
    assert writer.written.added == 10


# --- the archive --------------------------------------------------------------------------------------------------


def test_daily_when_bars_were_appended_then_the_same_bars_come_back(history):
    bars = Bars(
        symbol="NVDA",
        source="yahoo",
        fetched_at=1.0,
        dates=[date(2023, 12, 29), date(2024, 1, 2)],
        open=[1.0, None],
        high=[2.0, 3.0],
        low=[0.5, 1.0],
        close=[1.5, 2.5],
        adj_close=[1.4, 2.5],
        volume=[10, None],
        dividends={date(2024, 1, 2): 0.1},
        splits={date(2023, 12, 29): 4.0},
        currency="USD",
    )
    history.append([bars])
    found = history.daily("NVDA")
    same = ("dates", "open", "high", "low", "close", "adj_close", "volume", "dividends", "splits", "currency")
    assert [getattr(bars, name) for name in same] == [getattr(found, name) for name in same]
    assert found.source == "history"
    assert [date(2024, 1, 2)] == history.daily("NVDA", date(2024, 1, 1)).dates
    assert {"NVDA": date(2024, 1, 2)} == history.last_sessions(["NVDA", "NONE"])


def test_intraday_when_bars_lie_on_both_sides_of_midnight_utc_then_each_is_in_its_new_york_session(history):
    moments = [pl.datetime(2023, 12, 31, 23, 55), pl.datetime(2024, 1, 1, 1, 0), pl.datetime(2024, 1, 2, 14, 30)]
    times = [pl.select(moment.dt.epoch("s")).item() for moment in moments]
    bars = [Bar(time=float(t), open=1.0, high=2.0, low=0.5, close=1.5, volume=3) for t in times]
    assert history.append_intraday("SPY", bars).added == 3
    assert [date(2023, 12, 31), date(2024, 1, 2)] == history.intraday_sessions("SPY")
    assert bars[:2] == history.intraday("SPY", date(2023, 12, 31))
    assert bars[2:] == history.intraday("SPY", date(2024, 1, 2))
    assert history.intraday("SPY", date(2024, 1, 1)) == []
    assert {"SPY": Span(date(2023, 12, 31), date(2024, 1, 2), 3)} == history.intraday_spans()


def test_remember_when_less_is_known_later_then_what_was_known_stays(history):
    history.remember([Instrument(symbol="IWM", name="iShares Russell 2000", kind=Kind.FUND, currency="USD")])
    history.remember([Instrument(symbol="IWM"), Instrument(symbol="SPY", name="SPDR S&P 500")])
    iwm, spy = history.instruments(["IWM", "NONE", "SPY"])
    assert (iwm.name, iwm.kind, iwm.currency) == ("iShares Russell 2000", Kind.FUND, "USD")
    assert spy.name == "SPDR S&P 500"


# --- what can go wrong --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", ["tui.store.parts.write", "tui.store.manifest.commit", "tui.store.manifest.replace"])
@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError(28, "No space left on device")])
def test_append_when_it_breaks_off_at_any_stage_then_the_history_is_as_it_was(history, monkeypatch, stage, error):
    history.append(closes("SPY", NEW_YEAR, [1.0]))
    before = snapshot(history.root)

    def fail(*_args):
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(stage, fail)
        with pytest.raises((KeyboardInterrupt, HistoryError)):
            history.append(closes("SPY", NEW_YEAR, [2.0, 3.0]))
    assert before == snapshot(history.root)
    assert history.append(closes("SPY", NEW_YEAR, [2.0])).changed == 1


def test_writing_when_an_error_ends_the_context_then_nothing_is_committed(history, monkeypatch):
    monkeypatch.setattr("tui.store.writer.FLUSH_ROWS", 1)

    def import_two_of_which_one_is_no_table_of_bars():
        with history.writing() as writer:
            writer.daily(closes("SPY", NEW_YEAR, [1.0]))
            writer.daily(pl.DataFrame({"symbol": ["SPY"]}))

    with pytest.raises(HistoryError, match="column 'date'"):
        import_two_of_which_one_is_no_table_of_bars()
    assert history.symbols() == []
    assert list((history.root / "daily").iterdir()) == []


def test_writing_when_there_are_orphans_then_only_files_of_ours_are_removed(history):
    history.append(closes("SPY", NEW_YEAR, [1.0]))
    orphan = history.root / "daily" / "2024-0123456789ab.parquet"
    mine = history.root / "daily" / "my-notes.parquet"
    temporary = history.root / ".manifest.json.0123.tmp"
    for path in (orphan, mine, temporary):
        path.write_bytes(b"")
    history.append(closes("SPY", NEW_YEAR, [1.0]))
    assert (orphan.exists(), mine.exists(), temporary.exists()) == (False, True, False)


def test_frame_when_a_writer_replaces_files_meanwhile_then_the_newer_history_is_read(history, monkeypatch):
    history.append(closes("SPY", NEW_YEAR, [1.0]))
    stale = manifest.load(history.root)
    history.append(closes("SPY", NEW_YEAR, [2.0]))
    answers = [stale]
    load = manifest.load
    monkeypatch.setattr("tui.store.history.load", lambda root: answers.pop() if answers else load(root))
    assert history.frame()["close"].to_list() == [2.0]


@pytest.mark.parametrize("index", [False, True])
@pytest.mark.parametrize("damage", [b"", b"PAR1 and nothing else", None])
def test_reading_when_a_file_is_damaged_or_gone_then_the_error_names_it(history, index, damage):
    history.append(closes("SPY", NEW_YEAR, [1.0]))
    part = manifest.load(history.root).daily[2024]
    path = history.root / (part.index if index else part.file)
    path.unlink() if damage is None else path.write_bytes(damage)
    with pytest.raises(HistoryError, match=path.name):
        history.spans() if index else history.frame()


def test_append_when_a_damaged_file_was_deleted_then_its_year_can_be_imported_again(history):
    history.append(closes("SPY", NEW_YEAR - timedelta(days=5), [1.0] * 8))
    path = history.root / manifest.load(history.root).daily[2024].file
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(HistoryError, match="delete it and import"):
        history.append(closes("SPY", NEW_YEAR, [2.0]))
    path.unlink()
    history.append(closes("SPY", NEW_YEAR, [2.0]))
    assert history.frame()["close"].to_list() == [1.0] * 4 + [2.0]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": "x"}', '{"format": 99}'])
def test_reading_when_the_manifest_is_damaged_or_newer_then_the_error_names_it(history, text):
    history.root.mkdir()
    (history.root / "manifest.json").write_text(text)
    with pytest.raises(HistoryError, match=r"manifest\.json"):
        history.symbols()
    with pytest.raises(HistoryError, match=r"manifest\.json"):
        history.append(closes("SPY", NEW_YEAR, [1.0]))


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write anywhere")
def test_append_when_the_folder_is_read_only_then_it_says_so_and_reading_works(history):
    history.append(closes("SPY", NEW_YEAR, [1.0]))
    folders = [history.root, history.root / "daily", history.root / "intraday"]
    for folder in folders:
        folder.chmod(0o555)
    try:
        with pytest.raises(HistoryError, match="read-only"):
            history.append(closes("SPY", NEW_YEAR, [2.0]))
        assert history.frame()["close"].to_list() == [1.0]
    finally:
        for folder in folders:
            folder.chmod(0o755)


def test_append_when_the_system_denies_writing_then_it_says_so_and_reading_works(history, monkeypatch):
    history.append(closes("SPY", NEW_YEAR, [1.0]))

    def deny(*_args, **_kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("filelock.FileLock.acquire", deny)
    with pytest.raises(HistoryError, match="read-only"):
        history.append(closes("SPY", NEW_YEAR, [2.0]))
    assert history.frame()["close"].to_list() == [1.0]


def test_append_when_the_root_is_a_file_then_the_error_names_it(tmp_path):
    (tmp_path / "history").write_text("not a folder")
    with pytest.raises(HistoryError, match="history"):
        History(tmp_path / "history").append(closes("SPY", NEW_YEAR, [1.0]))


def test_append_when_another_writer_does_not_finish_then_it_gives_up_in_words(history):
    with history.writing() as first:
        first.daily(closes("SPY", NEW_YEAR, [1.0]))
        first._open()
        second = history.writing()
        second._lock.timeout = 0.01
        with pytest.raises(HistoryError, match="another process"), second:
            second.daily(closes("IWM", NEW_YEAR, [1.0]))
    assert history.symbols() == ["SPY"]


def test_root_when_its_name_holds_pattern_characters_then_it_is_read_as_it_is(tmp_path):
    history = History(tmp_path / "we[ird] *?{a,b}")
    history.append(closes("SPY", NEW_YEAR, [1.0]))
    assert (history.symbols(), history.frame().height) == (["SPY"], 1)


def test_row_groups_when_a_year_is_large_then_one_symbol_needs_few_of_them(history, monkeypatch):
    monkeypatch.setattr(parts, "ROW_GROUP", 4)
    history.append(pl.concat([closes(f"S{n}", NEW_YEAR, [1.0, 2.0, 3.0]) for n in range(8)]))
    assert history.frame(["S5"])["symbol"].to_list() == ["S5"] * 3
    assert history.frame().height == 24


def test_indexes_when_nothing_is_written_then_they_are_read_once(history, monkeypatch):
    """A list of two thousand asks for peaks and last sessions again and again: 25 files each time are a tenth of a second."""
    really, read = parts.read_index, []
    monkeypatch.setattr(
        parts, "read_index", lambda root, kind, years: read.append(len(years)) or really(root, kind, years)
    )
    history.append(closes("A", date(2023, 12, 29), [3.0, 1.0, 1.0, 1.0, 2.0]))
    for before in (date(2024, 1, 3), date(2023, 12, 30)):
        assert history.peaks(["A"], before) == {"A": 3.0}
    assert history.last_sessions(["A"]) == {"A": date(2024, 1, 2)}
    assert read == [2]
    history.append(closes("A", date(2024, 1, 3), [4.0]))
    assert history.peaks(["A"], date(2024, 1, 4)) == {"A": 4.0}
    assert read == [2, 2]
