"""`show sectors|holdings|funds` and `holdings import` as a script meets them, on the simulated and on real data."""

import json
from pathlib import Path
from typing import Any

import pytest

from tui.cli import main

pytestmark = pytest.mark.usefixtures("one_market")


def shown(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict[str, Any]]:
    """Exit code and document of `show ... --format json`."""
    capsys.readouterr()
    code = main(["show", *words, "--format", "json"])
    return code, json.loads(capsys.readouterr().out)


def test_sectors_of_the_demo_have_the_documented_fields(capsys: pytest.CaptureFixture[str]) -> None:
    code, document = shown(capsys, "sectors", "IWM", "--source", "demo")
    assert code == 0
    assert {"coverage_pct", "holdings_as_of", "unexplained_pp"} <= document.keys()
    wanted = (
        "sector weight_pct return_pct contribution_pp excess_pp volume_ratio advancers decliners above_mean50_pct"
        " above_mean200_pct new_highs new_lows"
    )
    assert all(set(wanted.split()) <= row.keys() for row in document["rows"])
    assert sum(row["weight_pct"] for row in document["rows"]) == pytest.approx(100.0)
    assert set(document["definitions"]) >= {"contribution_pp", "unexplained_pp"}


def test_holdings_of_a_sector_are_those_of_the_fund_in_it(capsys: pytest.CaptureFixture[str]) -> None:
    _, whole = shown(capsys, "holdings", "IWM", "--source", "demo")
    _, part = shown(capsys, "holdings", "IWM", "--source", "demo", "--sector", "fin")
    assert part["sector"] == "Financials"
    assert [r["symbol"] for r in part["rows"]] == [r["symbol"] for r in whole["rows"] if r["sector"] == "Financials"]


def test_csv_and_ndjson_have_the_same_rows_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    _, document = shown(capsys, "sectors", "IWM", "--source", "demo")
    main(["show", "sectors", "IWM", "--source", "demo", "--format", "ndjson"])
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [r["sector"] for r in rows] == [r["sector"] for r in document["rows"]]
    main(["show", "sectors", "IWM", "--source", "demo", "--format", "csv"])
    assert len(capsys.readouterr().out.splitlines()) == len(rows) + 1


def test_a_fund_without_holdings_is_no_data_and_says_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "sectors", "TLT", "--source", "demo"]) == 3
    assert "no holdings" in capsys.readouterr().err


def test_a_sector_that_does_not_exist_lists_those_that_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "holdings", "IWM", "--source", "demo", "--sector", "zzz"]) == 3
    assert "expected one of Communication Services" in capsys.readouterr().err


@pytest.fixture(scope="module")
def stored(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A history with IWM and XBI, their holdings and their members, imported through the command line."""
    root = tmp_path_factory.mktemp("funds")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OUTPACE_HISTORY", str(root))
        daily = shared_data / "history" / "daily"
        members = ("xbi_members_ohlcv_2019_2025", "r2000_members_adjclose_2023_2026")
        paths = [daily / f"{name}.csv" for name in ("IWM", "XBI", "SPY")]
        paths += [shared_data / "history" / f"{name}.parquet" for name in members]
        assert main(["history", "import", *map(str, paths)]) == 0
        lists = shared_data / "recordings" / "ishares" / "IWM_holdings_2025-05-13.csv"
        assert main(["holdings", "import", str(lists)]) == 0
        xbi = shared_data / "history" / "xbi_holdings_2025.csv"
        assert main(["holdings", "import", str(xbi), "--fund", "XBI", "--as-of", "2025-03-14"]) == 0
    return root


@pytest.fixture
def history(stored: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The stored history, in use."""
    monkeypatch.setenv("OUTPACE_HISTORY", str(stored))
    return stored


GOLDEN = {
    "Financials": 19.773,
    "Industrials": 18.270,
    "Health Care": 15.615,
    "Information Technology": 13.427,
    "Consumer Discretionary": 9.613,
    "Real Estate": 5.982,
    "Energy": 4.800,
    "Materials": 3.977,
    "Consumer Staples": 3.050,
    "Utilities": 2.939,
    "Communication Services": 2.551,
}
"""Sector weights of IWM on 2025-05-13 by market value of its equity rows, in percent."""


def test_iwm_has_the_golden_sector_weights(history: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, document = shown(capsys, "holdings", "IWM", "--as-of", "2025-05-13", "--total-return")
    weights: dict[str, float] = dict.fromkeys(GOLDEN, 0.0)
    for row in document["rows"]:
        if row["sector"] in weights:
            weights[row["sector"]] += row["weight_published_pct"]
    assert weights == pytest.approx(GOLDEN, abs=0.0006)
    assert document["holdings_as_of"] == "2025-05-13"


@pytest.mark.parametrize("day", ["2025-05-14", "2025-05-16"])
def test_iwms_explained_total_return_is_within_10_basis_points(
    history: Path, capsys: pytest.CaptureFixture[str], day: str
) -> None:
    _, document = shown(capsys, "sectors", "IWM", "--as-of", day, "--total-return")
    assert document["nature"] == f"AS OF {day} TR"
    assert document["coverage_pct"] == pytest.approx(91.0, abs=0.1)
    assert document["explained_scaled_pp"] == pytest.approx(document["return_pct"], abs=0.10)


def test_xbi_adds_up_to_the_funds_return(history: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, document = shown(capsys, "sectors", "XBI", "--as-of", "2025-03-14")
    summed = sum(row["contribution_pp"] or 0.0 for row in document["rows"])
    assert summed + document["unexplained_pp"] == pytest.approx(document["return_pct"], abs=1e-9)
    assert document["return_pct"] == pytest.approx(1.3493, abs=1e-4)
    assert document["coverage_pct"] > 99.9
    assert sum(row["advancers"] for row in document["rows"]) == 91
    assert sum(row["decliners"] for row in document["rows"]) == 44
    assert code == 0


def test_the_funds_of_a_symbol_come_with_its_weight(history: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, document = shown(capsys, "funds", "ABBV", "--as-of", "2025-03-14")
    assert [row["fund"] for row in document["rows"]] == ["XBI"]
    assert document["rows"][0]["weight_pct"] == pytest.approx(3.025, abs=0.001)
