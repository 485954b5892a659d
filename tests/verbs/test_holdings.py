import argparse
import csv
import io
import json
import os
import subprocess
import sys
from datetime import date

import pytest

from tests.sources.holdings.payloads import ISHARES_ROWS, PREAMBLE, ishares, ishares_bare, ssga, ssga_csv
from tui.store.holdings import Holdings
from tui.verbs import holdings as verb
from tui.verbs.output import FAILED, NO_DATA, OK, PARTIAL, USAGE

TODAY = date(2025, 5, 20)
CONSTITUENTS = b"Symbol,Security,GICS Sector\nAAPL,Apple,Information Technology\nBRK.B,Berkshire,Financials\n"


@pytest.fixture
def root(tmp_path):
    return tmp_path / "store"


@pytest.fixture
def files(tmp_path):
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "IWM_holdings.csv").write_bytes(ishares())
    (folder / "spy.xlsx").write_bytes(ssga())
    (folder / "sp500.csv").write_bytes(CONSTITUENTS)
    (folder / "notes.txt").write_text("not ours to read")
    return folder


@pytest.fixture
def outpace(root):
    parser = argparse.ArgumentParser(prog="outpace")
    verb.add(parser)
    return lambda *words: verb.run(parser.parse_args([*map(str, words)]), root, TODAY)


def test_import_when_a_folder_is_given_then_each_form_is_recognised_and_stored(outpace, files, root, capsys):
    assert outpace("import", files) == OK
    assert (Holdings(root).funds(), Holdings(root).dates("SPY")) == (["IWM", "SPY"], [date(2023, 1, 10)])
    out, err = capsys.readouterr()
    assert out.splitlines() == [
        "IWM 2025-05-13, from ishares: 7 positions, 4 shares among them",
        "2 sectors learned, of 2",
        "SPY 2023-01-10, from ssga: 5 positions, 3 shares among them",
    ]
    assert not err


def test_import_when_done_again_then_it_says_so(outpace, files, capsys):
    outpace("import", files / "spy.xlsx")
    capsys.readouterr()
    assert outpace("import", files / "spy.xlsx") == OK
    assert "stored already" in capsys.readouterr().out


def test_import_when_a_file_does_not_say_its_fund_then_the_option_or_its_name_does(outpace, files, root, capsys):
    (files / "a.csv").write_bytes(ishares_bare())
    assert outpace("import", files / "a.csv", "--as-of", "2025-05-12") == NO_DATA
    assert "--fund" in capsys.readouterr().err
    assert outpace("import", files / "a.csv", "--as-of", "2025-05-12", "--fund", "iwm") == OK
    (files / "IWM_holdings_2025-05-14.csv").write_bytes(ishares_bare())
    assert outpace("import", files / "IWM_holdings_2025-05-14.csv") == OK
    assert Holdings(root).dates("IWM") == [date(2025, 5, 12), date(2025, 5, 14)]
    assert "its name says 2025-05-14" in capsys.readouterr().err


def test_import_when_no_day_is_anywhere_then_that_of_the_file_is_taken_and_told(outpace, files, root, capsys):
    path = files / "xbi.csv"
    path.write_bytes(ssga_csv())
    os.utime(path, (1_741_953_600, 1_741_953_600))
    assert outpace("import", path, "--fund", "XBI") == OK
    assert Holdings(root).dates("XBI") == [date(2025, 3, 14)]
    assert "last changed on 2025-03-14" in capsys.readouterr().err


def test_import_when_a_file_says_another_fund_then_it_is_refused(outpace, files, root, capsys):
    assert outpace("import", files / "spy.xlsx", "--fund", "XBI") == NO_DATA
    assert "holdings of SPY, not of XBI" in capsys.readouterr().err
    assert Holdings(root).funds() == []


@pytest.mark.parametrize(
    "case",
    [
        (ishares()[: ishares().index(b"MOOG")], "breaks off"),
        (b"<html>Maintenance</html>", "web page"),
        (b"", "is empty"),
        (ishares().replace(b"Market Value", b"Value"), "no column"),
        (ishares(preamble=PREAMBLE.replace("Russell 2000", "Russell 1000")), "not of IWM"),
    ],
    ids=lambda case: case[1],
)
def test_import_when_a_file_is_damaged_then_the_last_good_holdings_stay(outpace, files, root, capsys, case):
    payload, says = case
    outpace("import", files / "IWM_holdings.csv")
    before = Holdings(root).latest("IWM")
    (files / "IWM_holdings.csv").write_bytes(payload)
    assert outpace("import", files / "IWM_holdings.csv", files / "spy.xlsx", "--fund", "IWM") == NO_DATA
    assert says in capsys.readouterr().err
    assert Holdings(root).latest("IWM") == before


def test_import_when_a_list_is_far_shorter_then_it_takes_force(outpace, files, root, capsys):
    outpace("import", files / "IWM_holdings.csv")
    short = files / "short.csv"
    row = ISHARES_ROWS[0].replace("59.88", "100.00")
    short.write_bytes(ishares([row], preamble=PREAMBLE.replace("May 13", "May 14")))
    assert outpace("import", short) == NO_DATA
    assert "fewer than half" in capsys.readouterr().err
    assert outpace("import", short, "--force") == OK
    assert Holdings(root).latest("IWM").as_of == date(2025, 5, 14)


def test_import_when_some_files_fail_then_the_others_go_in(outpace, files, root, capsys):
    (files / "bad.json").write_text("{}")
    assert outpace("import", files, files / "gone.csv") == PARTIAL
    out, err = capsys.readouterr()
    assert "2 files could not be stored" in out
    assert "gone.csv: no such file" in err
    assert "bad.json: Holdings: this is of no known form" in err
    assert Holdings(root).funds() == ["IWM", "SPY"]


def test_import_when_used_wrongly_then_it_is_told(outpace, files, tmp_path, capsys):
    assert outpace("import", files, "--as-of", "2025-01-02") == USAGE
    assert outpace("import", files, "--fund", "not a symbol") == USAGE
    (tmp_path / "empty").mkdir()
    assert outpace("import", tmp_path / "empty") == NO_DATA
    assert "nothing to import" in capsys.readouterr().err


def test_list_when_asked_as_json_then_each_fund_is_a_row(outpace, files, capsys):
    outpace("import", files)
    capsys.readouterr()
    assert outpace("list", "--format", "json") == OK
    rows = json.loads(capsys.readouterr().out)
    assert [(row["fund"], row["as_of"], row["positions"], row["shares"], row["lists"]) for row in rows] == [
        ("IWM", "2025-05-13", 7, 4, 1),
        ("SPY", "2023-01-10", 5, 3, 1),
    ]


def test_list_when_asked_as_csv_or_table_then_the_same_is_told(outpace, files, capsys):
    outpace("import", files / "spy.xlsx")
    capsys.readouterr()
    outpace("list", "--format", "csv")
    row = next(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert (row["fund"], row["name"], row["source"]) == ("SPY", "SPDR® S&P 500® ETF Trust", "ssga")
    outpace("list")
    assert capsys.readouterr().out.splitlines()[0].split() == [
        "fund",
        "name",
        "as",
        "of",
        "source",
        "positions",
        "shares",
        "lists",
        "first",
    ]


def test_list_and_check_when_nothing_is_stored_then_the_way_is_told(outpace, capsys):
    assert (outpace("list"), outpace("check")) == (NO_DATA, NO_DATA)
    assert capsys.readouterr().err.count("outpace holdings import FILE") == 2


def found(outpace, capsys, *words):
    """Findings of a check as (fund, trouble, detail)."""
    capsys.readouterr()
    assert outpace("check", "--format", "json", *words) == OK
    return [(row["fund"], row["trouble"], row["detail"]) for row in json.loads(capsys.readouterr().out)]


def test_check_when_lists_have_troubles_then_each_is_told(outpace, files, capsys):
    own = "symbol,weight,sector,name\nA,60,Energy,A\nA,30,Energy,A\nP5N994,10,,Escrow\nB,-20,Energy,B\n"
    (files / "own.csv").write_text(own)
    outpace("import", files / "own.csv", "--fund", "MINE", "--as-of", "2025-04-10")
    assert found(outpace, capsys) == [
        ("MINE", "weights", "negative: 1 of weight -25.00%: B"),
        ("MINE", "duplicate", "A: 2 rows, 112.50% together"),
        ("MINE", "sector", "1 of weight 12.50%: Escrow"),
        ("MINE", "ticker", "1 of weight 12.50%: Escrow"),
        ("MINE", "age", "40 days old"),
    ]


def test_check_when_sectors_are_known_elsewhere_then_they_are_not_missing(outpace, files, capsys):
    (files / "xbi.csv").write_bytes(ssga_csv([["Apple", "AAPL", "03783310", "-", "100", "-", "1", "USD"]]))
    outpace("import", files / "xbi.csv", "--fund", "XBI", "--as-of", "2025-05-13")
    assert [trouble for _, trouble, _ in found(outpace, capsys)] == ["sector"]
    outpace("import", files / "sp500.csv")
    assert found(outpace, capsys) == []


def test_check_when_a_fund_is_not_stored_then_it_is_told(outpace, files, capsys):
    outpace("import", files / "IWM_holdings.csv")
    assert outpace("check", "iwm", "SPY") == PARTIAL
    assert outpace("check", "SPY") == NO_DATA
    assert "SPY: no holdings are stored" in capsys.readouterr().err


def test_list_when_a_stored_file_is_damaged_then_it_fails_with_its_name(outpace, files, root, capsys):
    outpace("import", files / "IWM_holdings.csv")
    (root / "holdings" / "IWM" / "2025-05-13.parquet").write_bytes(b"broken")
    assert outpace("list") == FAILED
    assert "2025-05-13.parquet is damaged" in capsys.readouterr().err


def test_messages_when_a_file_holds_control_characters_then_none_reach_the_terminal(outpace, files, capsys):
    (files / "own.csv").write_text("symbol,weight\nA,\x1b[31mx\n")
    outpace("import", files / "own.csv", "--fund", "MINE")
    assert "\x1b" not in capsys.readouterr().err


def test_help_when_shown_then_neither_polars_nor_parsers_are_loaded():
    script = (
        "import argparse, sys; from tui.verbs import holdings; p = argparse.ArgumentParser(); "
        "holdings.add(p); p.format_help(); "
        "print(*sorted({'polars', 'httpx', 'python_calamine', 'xml.etree'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert not done.stdout.strip()


def test_import_when_all_recordings_are_given_then_the_funds_are_stored(outpace, shared_data, root):
    recordings = shared_data / "recordings"
    folders = [recordings / name for name in ("ishares", "ssga", "invesco", "constituents")]
    assert outpace("import", *folders) == OK
    store = Holdings(root)
    assert store.funds() == ["IVV", "IWM", "QQQ", "SPY"]
    assert len(store.latest("IWM", date(2025, 5, 13)).holdings) == 1944
    assert {"IVV", "SPY"} == {fund for fund, _ in store.holders("AAPL")} - {"QQQ"}
