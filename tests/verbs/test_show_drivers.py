"""`show drivers` as a script meets it: simulated, and over an imported history."""

import json
from pathlib import Path
from typing import Any

import pytest

from tui.cli import main

pytestmark = pytest.mark.usefixtures("one_market")


def shown(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict[str, Any]]:
    """Exit code and document of `show drivers ... --format json`."""
    capsys.readouterr()
    code = main(["show", "drivers", *words, "--format", "json"])
    return code, json.loads(capsys.readouterr().out)


def test_all_parts_of_the_demo_are_rows_with_their_part(capsys: pytest.CaptureFixture[str]) -> None:
    code, document = shown(capsys, "--source", "demo")
    assert code == 0
    assert document["nature"] == "SIMULATED"
    parts = [row["part"] for row in document["rows"]]
    assert list(dict.fromkeys(parts)) == ["macro", "regimes", "valuation", "earnings", "deals"]
    assert {"series_latest", "regime_return_pct", "price_to_sales", "earnings_growth_pct", "deals"} <= set(
        document["definitions"]
    )
    regimes = [row for row in document["rows"] if row["part"] == "regimes"]
    assert len(regimes) == 9
    assert all(isinstance(row[side]["n"], int) for row in regimes for side in ("small", "large", "difference"))
    first, second = (row for row in document["rows"] if row["part"] == "valuation")
    assert (first["fund"], second["fund"]) == ("IWM", "SPY")
    assert first["discount_pct"]["price_to_sales"] == pytest.approx(
        100 * (1 - first["price_to_sales"] / second["price_to_sales"])
    )
    assert first["valuation_coverage_pct"]["sales"] == pytest.approx(100)
    assert len(document["discount_history"]) > 3
    deals = [row for row in document["rows"] if row["part"] == "deals"]
    counted = {by: sum(row["deals"] for row in deals if row["by"] == by) for by in ("week", "form", "sector", "all")}
    assert len(set(counted.values())) == 1
    assert counted["all"] > 0


@pytest.mark.parametrize("form", ["csv", "ndjson"])
def test_rows_are_the_same_in_every_format(capsys: pytest.CaptureFixture[str], form: str) -> None:
    _, document = shown(capsys, "--source", "demo", "--part", "macro")
    main(["show", "drivers", "--source", "demo", "--part", "macro", "--format", form])
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) - (form == "csv") == len(document["rows"])


def test_the_table_has_the_parts_under_each_other(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "drivers", "--source", "demo", "--symbols", "QQQ,SPY", "--since", "2026-05"]) == 0
    text = capsys.readouterr().out
    assert "corr QQQ" in text
    assert "Regimes: QQQ against SPY, by DGS10 (demo), GDPC1 (demo), FEDFUNDS (demo)" in text
    assert "Valuation: QQQ against SPY" in text
    assert "filings since 2026-05-01" in text


def test_a_date_that_is_none_says_what_to_type(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "drivers", "--source", "demo", "--part", "deals", "--since", "spring"]) == 2
    assert "expected a date such as" in capsys.readouterr().err


@pytest.fixture(scope="module")
def stored(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A history with IWM, SPY and the ten-year yield, and the macro series in their own dialects."""
    root = tmp_path_factory.mktemp("drivers") / "history"
    daily = [shared_data / "history" / "daily" / f"{name}.csv" for name in ("IWM", "SPY", "^TNX")]
    macro = [
        shared_data / "history" / "macro",
        shared_data / "recordings" / "fred",
        shared_data / "recordings" / "treasury",
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OUTPACE_HISTORY", str(root))
        assert main(["history", "import", *map(str, (*daily, *macro))]) == 0
    return root


def test_regimes_on_real_yields_from_the_command_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, stored: Path
) -> None:
    monkeypatch.setenv("OUTPACE_HISTORY", str(stored))
    code, document = shown(capsys, "--source", "history", "--symbols", "IWM,SPY", "--part", "regimes")
    assert code == 0
    rows = {row["regime"]: row for row in document["rows"]}
    fell, rose = rows["yield_fell"]["difference"], rows["yield_rose"]["difference"]
    assert (round(fell["mean_pct"], 2), fell["n"]) == (-0.30, 3311)
    assert (round(rose["mean_pct"], 2), rose["n"]) == (0.54, 2986)
    assert rows["after_cut"]["small"]["n"] == 4
    assert rows["after_recession"]["known"] == "hindsight"
    assert document["regimes"]["missing"] == []
    assert document["regimes"]["first_session"] == "2000-05-26"


def test_macro_series_of_every_dialect_are_told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, stored: Path
) -> None:
    monkeypatch.setenv("OUTPACE_HISTORY", str(stored))
    _, document = shown(capsys, "--source", "history", "--symbols", "IWM,SPY", "--part", "macro")
    rows = {row["series"]: row for row in document["rows"]}
    assert {"DGS10", "FEDFUNDS", "CPIAUCSL", "PPIACO", "GDP", "GDPC1", "PMI", "ICSA", "T10Y2Y", "UST10Y"} <= set(rows)
    # What was published after the as-of day is not told.
    assert rows["DGS10"]["date"] == "2025-12-24"
    assert (rows["DGS10"]["series_latest"], rows["DGS10"]["unit"]) == (4.15, "percent")
    assert rows["GDPC1"]["date"] == "2025-07-01"
    assert rows["DGS10"]["correlation_n"] == 63


def test_what_is_not_stored_says_how_to_get_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, stored: Path
) -> None:
    monkeypatch.setenv("OUTPACE_HISTORY", str(stored))
    main(["show", "drivers", "--source", "history", "--part", "deals"])
    assert "set email in config.toml" in capsys.readouterr().out
    main(["show", "drivers", "--source", "history", "--part", "valuation"])
    assert "outpace holdings import" in capsys.readouterr().out
