"""`outpace show relative` as a script meets it, on the simulated and on real data."""

import json
from pathlib import Path
from typing import Any

import pytest

from tui.cli import main

pytestmark = pytest.mark.usefixtures("one_market")

DEMO = ("--source", "demo", "--symbols", "IWM,QQQS,SPY", "--benchmark", "SPY")


def shown(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict[str, Any]]:
    """Exit code and document of `show relative ... --format json`."""
    capsys.readouterr()
    code = main(["show", "relative", *words, "--format", "json"])
    return code, json.loads(capsys.readouterr().out)


def test_rows_of_the_demo_have_the_documented_fields(capsys: pytest.CaptureFixture[str]) -> None:
    code, document = shown(capsys, *DEMO, "--window", "1M", "--tail", "10")
    assert code == 0
    assert [row["symbol"] for row in document["rows"]] == ["IWM", "QQQS"]
    row = document["rows"][0]
    assert row["excess_pp"]["1M"] == pytest.approx(row["return_pct"]["1M"] - row["benchmark_return_pct"]["1M"])
    assert row["spread_pp"] == row["excess_pp"]["1M"]
    assert 0 <= row["spread_percentile"] <= 100
    assert {r["rank"]["1M"] for r in document["rows"]} < {1, 2, 3}
    assert (row["correlation_n"], row["beta_n"]) == (63, 252)
    assert len(row["tail"]) == 10
    assert row["tail"][-1]["ratio"] == row["rotation_ratio"]
    assert row["quadrant"] in {"leading", "weakening", "lagging", "improving"}
    assert "line" not in row
    assert set(document["definitions"]) <= {*row, "excess_pp"}


@pytest.mark.parametrize(("kind", "start"), [("rebased", 100), ("ratio", 100), ("spread", 0)])
def test_lines_come_on_request_from_the_start_to_now(capsys: pytest.CaptureFixture[str], kind: str, start: int) -> None:
    _, document = shown(capsys, *DEMO, "--lines", kind, "--window", "1W")
    line = document["rows"][0]["line"]
    assert len(line) == 6
    assert line[0]["value"] == pytest.approx(start)
    assert line[0]["date"] == document["span_start"]
    assert line[-1]["date"] == document["session"]
    assert ("benchmark_line" in document) == (kind == "rebased")


def test_csv_has_a_column_per_date_and_ndjson_a_line_per_symbol(capsys: pytest.CaptureFixture[str]) -> None:
    _, document = shown(capsys, *DEMO)
    main(["show", "relative", *DEMO, "--format", "csv", "--lines", "ratio", "--window", "1W"])
    head, *rows = capsys.readouterr().out.splitlines()
    assert len(rows) == 2
    assert f"line.{document['session']}" in head.split(",")
    assert f"tail.{document['session']}.momentum" in head.split(",")
    assert "[" not in head + "".join(rows)
    main(["show", "relative", *DEMO, "--format", "ndjson"])
    assert [json.loads(line)["symbol"] for line in capsys.readouterr().out.splitlines()] == ["IWM", "QQQS"]


def test_the_table_has_windows_rotation_years_and_the_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "relative", *DEMO, "--since", "ALL", "--lines", "rebased"]) == 0
    out = capsys.readouterr().out
    assert "ALL from" in out
    for words in ("Pctl", "Quadrant", "Correlation", "Date"):
        assert words in out
    assert len(out.splitlines()) > 300


@pytest.mark.parametrize("since", ["yesterday", "2024-02-30", "2100-01-01"])
def test_a_date_that_is_none_says_what_to_type(capsys: pytest.CaptureFixture[str], since: str) -> None:
    assert main(["show", "relative", *DEMO, "--since", since]) == 2
    err = capsys.readouterr().err
    assert "type a day before" in err
    assert "YEAR-MONTH-DAY" in err


def test_nothing_to_compare_says_how_to_give_something(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "relative", "--source", "demo", "--symbols", "SPY", "--benchmark", "SPY"]) == 3
    assert "--symbols" in capsys.readouterr().err


@pytest.fixture(scope="module")
def stored(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A history of the funds that the published figures are about, imported through the command line."""
    root = tmp_path_factory.mktemp("relative")
    daily = shared_data / "history" / "daily"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OUTPACE_HISTORY", str(root))
        assert main(["history", "import", *(str(daily / f"{name}.csv") for name in ("IWM", "SPY", "QQQS"))]) == 0
    return root


@pytest.fixture
def real(stored: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """Asks the imported history."""
    monkeypatch.setenv("OUTPACE_HISTORY", str(stored))

    def ask(day: str, *words: str) -> dict[str, Any]:
        base = ("--symbols", "IWM,QQQS", "--benchmark", "SPY", "--as-of", day)
        code, document = shown(capsys, *base, *words)
        assert code == 0
        return {row["symbol"]: row for row in document["rows"]}

    return ask


def test_the_published_returns_come_out(real) -> None:
    rows = real("2024-05-16")
    assert rows["IWM"]["return_pct"]["1M"] == pytest.approx(7.736, abs=5e-4)
    assert rows["QQQS"]["return_pct"]["1M"] == pytest.approx(8.419, abs=5e-4)
    assert rows["IWM"]["rank"]["1M"] == 2
    rows = real("2023-12-18", "--window", "3M")
    assert rows["IWM"]["return_pct"]["1M"] == pytest.approx(12.071, abs=5e-4)
    assert rows["IWM"]["return_pct"]["3M"] == pytest.approx(8.493, abs=5e-4)


def test_the_published_total_return_comes_out(real) -> None:
    row = real("2023-12-18", "--window", "3M", "--total-return")["IWM"]
    assert row["return_pct"]["3M"] == pytest.approx(9.00, abs=5e-3)


def test_the_yearly_correlations_come_out_also_on_the_last_day_of_the_year(real) -> None:
    years = {each["year"]: each for each in real("2024-05-16")["IWM"]["correlation_by_year"]}
    assert years[2022]["value"] == pytest.approx(0.9314, abs=5e-5)
    assert years[2023]["value"] == pytest.approx(0.8001, abs=5e-5)
    last = real("2022-12-30")["IWM"]["correlation_by_year"][-1]
    assert (last["year"], last["value"], last["n"]) == (2022, pytest.approx(0.9314, abs=5e-5), 251)


def test_a_line_since_a_date_begins_with_the_last_close_on_or_before_it(real) -> None:
    row = real("2024-05-16", "--since", "2024-05-05", "--lines", "spread")["IWM"]
    assert row["window_start"]["SINCE 2024-05-05"] == "2024-05-03"
    assert row["line"][0] == {"date": "2024-05-03", "value": 0.0}
    assert row["line"][-1]["value"] == pytest.approx(row["spread_pp"], abs=1e-9)
