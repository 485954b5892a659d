import argparse
import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tui.store.history import History
from tui.verbs import history as verb

HEAD = "date,open,high,low,close,adj_close,volume\n"
SPY = HEAD + "2024-07-11,1,3,0.5,2,1.9,100\n2024-07-12,2,4,1.5,3,3,90\n"


@pytest.fixture
def root(tmp_path):
    return tmp_path / "store"


@pytest.fixture
def files(tmp_path):
    """A folder of two good files in it, one of which lies deeper."""
    (tmp_path / "files" / "deeper").mkdir(parents=True)
    (tmp_path / "files" / "SPY.csv").write_text(SPY)
    (tmp_path / "files" / "deeper" / "^RUT.csv").write_text(SPY)
    (tmp_path / "files" / "notes.txt").write_text("not ours to read")
    return tmp_path / "files"


@pytest.fixture
def outpace(root):
    parser = argparse.ArgumentParser(prog="outpace")
    verb.add(parser)
    return lambda *words: verb.run(parser.parse_args([*map(str, words)]), root)


def test_import_when_all_files_are_read_then_they_are_stored_and_counted(outpace, files, root, capsys):
    assert outpace("import", files) == verb.OK
    assert (History(root).symbols(), History(root).frame().height) == (["SPY", "^RUT"], 4)
    out, err = capsys.readouterr()
    assert (out, err) == ("2 symbols from 2 files: 4 rows added, 0 changed\n", "")


def test_import_when_done_again_then_nothing_changes(outpace, files, capsys):
    outpace("import", files)
    capsys.readouterr()
    assert outpace("import", files / "SPY.csv", files) == verb.OK
    assert capsys.readouterr().out == "2 symbols from 2 files: 0 rows added, 0 changed\n"


def test_import_when_a_file_cannot_be_read_then_it_is_named_with_line_and_the_others_go_in(
    outpace, files, root, capsys
):
    (files / "IWM.csv").write_text(SPY.replace("1.5,3,3", "1.5,x,3"))
    assert outpace("import", files, files / "gone.csv") == verb.PARTIAL
    assert History(root).symbols() == ["SPY", "^RUT"]
    out, err = capsys.readouterr()
    assert f"{files / 'IWM.csv'}: line 3: close “x” is not a number\n" in err
    assert f"{files / 'gone.csv'}: no such file or folder\n" in err
    assert out.endswith("2 files could not be read\n")


def test_import_when_there_is_nothing_to_read_then_the_code_says_no_data(outpace, files, root, tmp_path, capsys):
    (tmp_path / "empty").mkdir()
    (files / "IWM.csv").write_text("")
    assert outpace("import", tmp_path / "empty") == verb.NO_DATA
    assert outpace("import", files / "IWM.csv") == verb.NO_DATA
    assert outpace("import", tmp_path / "gone") == verb.NO_DATA
    assert "nothing was imported" in capsys.readouterr().err
    assert not root.exists()


def test_import_when_a_symbol_is_given_then_it_names_one_file_only(outpace, files, root, capsys):
    (files / "RUT_yahoo_download.csv").write_text(SPY)
    assert outpace("import", files / "RUT_yahoo_download.csv") == verb.NO_DATA
    assert "rename to SYMBOL.csv or give --symbol SYMBOL" in capsys.readouterr().err
    assert outpace("import", files / "RUT_yahoo_download.csv", "--symbol", "^rut") == verb.OK
    assert History(root).symbols() == ["^RUT"]
    assert outpace("import", files, "--symbol", "SPY") == verb.USAGE


def test_import_when_the_last_bar_looks_partial_then_it_is_told_and_dropped_when_asked(outpace, files, root, capsys):
    days = "".join(f"2024-07-{day:02},1,1,1,1,1,{volume}\n" for day, volume in enumerate([100] * 7 + [9], start=5))
    (files / "IWM.csv").write_text(HEAD + days)
    assert outpace("import", files / "IWM.csv", "--drop-partial") == verb.OK
    assert "IWM: left out the last bar, 2024-07-12" in capsys.readouterr().err
    assert History(root).frame().height == 7
    assert outpace("import", files / "IWM.csv") == verb.OK
    assert "IWM: the last bar, 2024-07-12, looks partial" in capsys.readouterr().err
    assert History(root).frame().height == 8


def test_import_when_names_hold_commands_for_the_terminal_then_they_are_printed_without(outpace, tmp_path, capsys):
    (tmp_path / "\x1b[31mred\u202e.csv").write_text(SPY)
    outpace("import", tmp_path)
    assert not {"\x1b", "\u202e"} & set(capsys.readouterr().err)


def test_import_when_stderr_is_a_terminal_then_a_bar_is_drawn_on_it(outpace, files, monkeypatch, capsys):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    monkeypatch.setattr(sys, "stderr", Terminal())
    assert outpace("import", files) == verb.OK
    assert "reading files" in sys.stderr.getvalue()
    assert capsys.readouterr().out == "2 symbols from 2 files: 4 rows added, 0 changed\n"


def test_list_when_there_is_a_history_then_each_form_shows_it(outpace, files, capsys):
    outpace("import", files)
    capsys.readouterr()
    assert outpace("list", "--format", "json") == verb.OK
    first, second = json.loads(capsys.readouterr().out)
    assert tuple(first[key] for key in ("symbol", "first", "last", "rows", "intraday_rows")) == (
        "SPY",
        "2024-07-11",
        "2024-07-12",
        2,
        None,
    )
    assert second["symbol"] == "^RUT"
    outpace("list", "--format", "csv")
    header, spy, _rut = csv.reader(io.StringIO(capsys.readouterr().out))
    assert dict(zip(header, spy, strict=True))["last"] == "2024-07-12"
    outpace("list")
    assert capsys.readouterr().out.splitlines()[:2] == [
        "symbol  first       last        rows",
        "SPY     2024-07-11  2024-07-12     2",
    ]


@pytest.mark.parametrize("action", ["list", "check"])
def test_history_when_nothing_is_stored_then_it_says_what_to_do(outpace, action, capsys):
    assert outpace(action) == verb.NO_DATA
    assert "outpace history import PATH" in capsys.readouterr().err
    assert outpace("list", "--format", "json") == verb.NO_DATA
    assert json.loads(capsys.readouterr().out) == []


def test_check_when_something_looks_wrong_then_each_form_shows_it(outpace, files, capsys):
    (files / "IWM.csv").write_text(HEAD + "2024-07-09,1,1,1,1,1,5\n2024-07-11,9,9,9,9,9,5\n")
    outpace("import", files)
    capsys.readouterr()
    assert outpace("check", "--format", "json") == verb.OK
    gap, jump = json.loads(capsys.readouterr().out)
    assert tuple(gap[key] for key in ("symbol", "trouble", "first", "last")) == (
        "IWM",
        "gap",
        "2024-07-10",
        "2024-07-10",
    )
    assert (jump["trouble"], jump["detail"]) == ("jump", "+800%, from 1 to 9, without a split")
    assert outpace("check", "iwm") == verb.OK
    out, err = capsys.readouterr()
    assert out.splitlines()[0] == "symbol  trouble  first       last        detail"
    assert err == "outpace: 2 findings in 1 symbol\n"
    assert (outpace("check", "SPY", "NONE"), outpace("check", "NONE")) == (verb.PARTIAL, verb.NO_DATA)
    assert "NONE: no daily bars are stored" in capsys.readouterr().err


def test_history_when_the_store_is_damaged_then_one_line_names_the_file(outpace, files, root, capsys):
    outpace("import", files)
    (root / "manifest.json").write_text("{")
    capsys.readouterr()
    assert outpace("list") == verb.FAILED
    assert "manifest.json is damaged" in capsys.readouterr().err


def test_verb_when_it_is_only_added_then_nothing_heavy_is_imported():
    code = "import sys, tui.verbs.history; print({'polars', 'rich', 'textual'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path.cwd())
    assert done.stdout == "set()\n"


def test_import_when_given_the_real_folder_then_its_36_symbols_are_stored(outpace, shared_data, root, capsys):
    assert outpace("import", shared_data / "history" / "daily") == verb.OK
    spans = History(root).spans()
    assert len(spans) == 36
    assert (spans["SPY"].rows, str(spans["^RUT"].first)) == (8284, "1978-12-29")
    assert capsys.readouterr().out.startswith("36 symbols from 36 files: 247,250 rows added")


def test_import_when_given_the_whole_real_tree_then_what_cannot_be_read_is_named(outpace, shared_data, root, capsys):
    assert outpace("import", shared_data / "history") == verb.PARTIAL
    err = capsys.readouterr().err
    failed = ("RUT_yahoo_download_1990-2024.csv: ", "SPY_5m_mixed_timezones.csv: ", "xbi_holdings_2025.csv: line 1")
    assert all(name in err for name in failed)
    history = History(root)
    assert len(history.symbols()) > 2200
    assert len(history.intraday_sessions("SPY")) > 500
    assert {"DGS10", "CPIAUCSL", "PMI", "^NDX", "QQQS", "AAOI"} < set(history.symbols())
