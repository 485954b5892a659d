"""Importing what drives prices."""

import argparse
from datetime import date

import pytest

from tests.sources.drivers.payloads import CURVE, ESTIMATES, FRED, FRED_ABOUT, FUNDAMENTALS, filing, index
from tui.store.drivers import DriverStores
from tui.store.history import History
from tui.verbs import history as verb


@pytest.fixture
def root(tmp_path):
    return tmp_path / "store"


@pytest.fixture
def outpace(root):
    parser = argparse.ArgumentParser(prog="outpace")
    verb.add(parser)
    return lambda *words: verb.run(parser.parse_args([*map(str, words)]), root)


@pytest.fixture
def files(tmp_path):
    folder = tmp_path / "files"
    folder.mkdir()
    for name, content in {
        "curve.csv": CURVE,
        "fred.csv": FRED,
        "form.20200318.idx": index(filing("425"), filing("10-K")),
        "fundamentals.csv": FUNDAMENTALS,
        "earnings.csv": ESTIMATES,
        "about.json": FRED_ABOUT,
    }.items():
        (folder / name).write_bytes(content)
    return folder


def test_import_when_drivers_are_among_the_files_then_each_store_has_its_own(outpace, files, root, capsys):
    assert outpace("import", files) == verb.OK
    out, err = capsys.readouterr()
    assert err == ""
    assert out.splitlines() == [
        "7 symbols from 5 files: 10 rows added, 0 changed",
        "7 series: 10 observations added, 0 changed",
        "fundamentals of 2: 2 rows added, 0 changed",
        "estimates of 1: 2 rows added, 0 changed",
        "filings of 2020-03-18: 1 row added, 0 changed",
    ]
    stores = DriverStores.at(root)
    assert stores.macro.load("DGS10").values == [4.19, 4.17]
    assert [each.symbol for each in stores.fundamentals.latest()] == ["AAPL", "BRK-B"]
    assert [each.period for each in stores.estimates.latest()] == ["+1y", "0y"]
    assert [each.cik for each in stores.deals.filings()] == [52795]
    assert stores.deals.days()[date(2020, 3, 18)].filings == 1
    assert History(root).frame(["DGS10", "UST10Y"]).height == 4


def test_import_when_done_again_then_nothing_changes(outpace, files, capsys):
    outpace("import", files)
    capsys.readouterr()
    assert outpace("import", files) == verb.OK
    assert all(line.endswith("0 changed") and " 0 " in line for line in capsys.readouterr().out.splitlines())


def test_import_when_a_column_is_wrong_then_file_line_and_expectation_are_told(outpace, files, capsys):
    (files / "fundamentals.csv").write_text("symbol,sales,turnover\nAAPL,1,2\n")
    assert outpace("import", files) == verb.PARTIAL
    err = capsys.readouterr().err
    assert f"{files / 'fundamentals.csv'}: line 1: 'turnover' is no column of this file: expected symbol,as_of" in err


def test_import_when_a_named_file_is_no_data_then_it_is_told(outpace, files, capsys):
    assert outpace("import", files / "about.json") == verb.NO_DATA
    assert "of no known format" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("folder", "first"),
    [
        ("history/macro", "6 symbols from 6 files: 15,725 rows added, 0 changed"),
        ("recordings/fred", "9 symbols from 10 files: 30,266 rows added, 0 changed"),
        ("recordings/treasury", "13 symbols from 4 files: 86,818 rows added, 0 changed"),
        ("recordings/sec", "0 symbols from 1 file: 0 rows added, 0 changed"),
    ],
)
def test_import_when_a_real_folder_is_given_then_all_of_it_is_read(outpace, shared_data, capsys, folder, first):
    assert outpace("import", shared_data / folder) == verb.OK
    out, err = capsys.readouterr()
    assert (out.splitlines()[0], err) == (first, "")
