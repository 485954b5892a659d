"""`show seasons` as a script meets it."""

import json

import pytest

from tui.cli import main

pytestmark = pytest.mark.usefixtures("one_market")

SEASON = {"season_n", "season_mean_pct", "season_median_pct", "season_positive_pct"}


def test_rows_are_months_cycle_years_days_and_sessions_with_n_and_share(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "seasons", "spy", "--source", "demo", "--format", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["view"], document["symbol"]) == ("seasons", "SPY")
    assert all(row.keys() >= SEASON for row in document["rows"])
    kinds = [row["season"] for row in document["rows"]]
    counts = {kind: kinds.count(kind) for kind in kinds}
    assert (counts["month"], counts["cycle_year"], counts["day_of_month"]) == (12, 4, 31)
    assert sum(row["season_n"] for row in document["rows"][:12]) == document["all_months"]["season_n"]
    assert document["so_far"]["so_far_percentile"] is not None
    assert document["definitions"].keys() >= {"so_far_percentile", "cycle_year", *SEASON}
    assert document["years"][0]["running"] == document["so_far"]["month"]


def test_csv_and_ndjson_have_the_same_rows_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    rows = {}
    for form in ("json", "ndjson", "csv"):
        assert main(["show", "seasons", "SPY", "--source", "demo", "--format", form]) == 0
        rows[form] = capsys.readouterr().out
    document = json.loads(rows["json"])["rows"]
    assert [json.loads(line) for line in rows["ndjson"].splitlines()] == document
    assert len(rows["csv"].splitlines()) == len(document) + 1


def test_the_table_has_the_months_the_grid_and_the_running_month(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "seasons", "SPY", "--source", "demo"]) == 0
    out = capsys.readouterr().out
    assert "so far" in out
    assert "percentile" in out
    assert "4 election" in out
    assert [line.split()[0] for line in out.splitlines() if line[:4].isdigit()] == ["2026", "2025", "2024", "2023"]


def test_a_symbol_that_is_not_known_is_no_data_and_says_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "seasons", "NOSUCH", "--source", "demo"]) == 3
    assert "no history of NOSUCH" in capsys.readouterr().err
