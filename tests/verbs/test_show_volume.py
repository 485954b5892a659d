"""`outpace show volume` in all formats, over the simulated market and over the real history."""

import csv
import io
import json
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tui.cli import main

pytestmark = pytest.mark.usefixtures("one_market")


class Said(NamedTuple):
    """What a command answered."""

    code: int
    out: str
    err: str


Run = Callable[..., Said]


@pytest.fixture
def outpace(capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """Runs a command in this process; the log that it opens is closed again."""
    logger = logging.getLogger("tui")
    level, propagate, handlers = logger.level, logger.propagate, list(logger.handlers)

    def run(*words: str) -> Said:
        code = main(words)
        said = capsys.readouterr()
        return Said(code, said.out, said.err)

    yield run
    for handler in [each for each in logger.handlers if each not in handlers]:
        logger.removeHandler(handler)
        handler.close()
    logger.setLevel(level)
    logger.propagate = propagate


DEMO = ("show", "volume", "--source", "demo", "--symbols", "QQQS,IWM,^RUT")


def test_list_is_ordered_by_ratio_with_mean_and_median(outpace: Run) -> None:
    said = outpace(*DEMO, "--format", "json")
    document = json.loads(said.out)
    assert document["view"] == "volume"
    rows = {row["symbol"]: row for row in document["rows"]}
    assert list(rows)[-1] == "^RUT"
    known = [row["volume_ratio"] for row in document["rows"] if row["volume_ratio"] is not None]
    assert known == sorted(known, reverse=True)
    assert len(known) == 2
    iwm = rows["IWM"]
    assert iwm["volume_ratio_median"] == pytest.approx(iwm["volume_ratio"] * iwm["volume_mean"] / iwm["volume_median"])
    assert iwm["dollar_volume"] == pytest.approx(iwm["last"] * iwm["volume"])
    assert iwm["profile_sessions"] == 20
    assert rows["^RUT"]["tracked_by"] == "IWM"
    assert rows["^RUT"]["volume_ratio"] is None
    flow = document["flow"]
    assert flow["advancing"] + flow["declining"] + flow["unchanged"] + flow["not_counted"] == 3
    assert {"volume_ratio", "volume_mean", "advancing_dollar_volume"} <= set(document["definitions"])


def test_list_as_a_table_has_the_balance_below(outpace: Run) -> None:
    said = outpace(*DEMO)
    lines = said.out.splitlines()
    assert lines[1].split()[:3] == ["Symbol", "Vol×63", "×med"]
    assert "see IWM" in said.out
    assert lines[-1].startswith("advancing $")


def test_list_as_csv_and_ndjson_has_a_line_per_symbol(outpace: Run) -> None:
    few = ("show", "volume", "--source", "demo", "--symbols", "IWM,^RUT", "--format")
    table = list(csv.DictReader(io.StringIO(outpace(*few, "csv").out)))
    lines = [json.loads(line) for line in outpace(*few, "ndjson").out.splitlines()]
    assert {row["symbol"] for row in table} == {row["symbol"] for row in lines} == {"IWM", "^RUT"}
    assert all("return_pct.1D" in row for row in table)


@pytest.mark.parametrize("words", [("IWM",), ("--symbol", "IWM")])
def test_one_symbol_has_its_curve_and_its_unusual_days(outpace: Run, words: tuple[str, ...]) -> None:
    document = json.loads(outpace("show", "volume", *words, "--source", "demo", "--format", "json").out)
    assert (document["symbol"], document["band"]["sessions"]) == ("IWM", 20)
    curve = document["curve"]
    assert len(curve) == 78
    assert curve[-1]["usual_so_far_pct"] == pytest.approx(100)
    assert all(line["usual_low_pct"] <= line["usual_so_far_pct"] <= line["usual_high_pct"] + 1e-9 for line in curve)
    assert [row["volume_ratio"] >= 2 for row in document["rows"]] == [True] * len(document["rows"])
    assert document["unusual"]["bound"] == 2.0


def test_one_symbol_as_a_table_says_what_it_is_measured_by(outpace: Run) -> None:
    said = outpace("show", "volume", "IWM", "--source", "demo", "--bound", "1.2")
    assert "against 20 full sessions; bars hold 100 % of the volume" in said.out
    assert "of 60 sessions at 1.2x or more" in said.out


def test_an_index_is_told_to_have_no_volume_and_its_fund(outpace: Run) -> None:
    said = outpace("show", "volume", "^RUT", "--source", "demo")
    assert "^RUT has no volume of its own: IWM tracks it" in said.out
    document = json.loads(outpace("show", "volume", "^RUT", "--source", "demo", "--format", "json").out)
    assert (document["band"], document["curve"], document["rows"], document["tracked_by"]) == (None, [], [], "IWM")


def test_an_unknown_symbol_is_an_error(outpace: Run) -> None:
    said = outpace("show", "volume", "NOSUCH", "--source", "demo")
    assert said.code == 3
    assert "NOSUCH" in said.err


def test_golden_values_of_the_real_history_come_out(outpace: Run, shared_data: Path) -> None:
    history = shared_data / "history"
    files = [str(history / "daily" / f"{name}.csv") for name in ("SPY", "QQQS")]
    assert outpace("history", "import", *files, str(history / "intraday_5m.parquet")).code == 0
    spy = outpace("show", "volume", "--symbols", "SPY", "--source", "history", "--format", "json")
    row = json.loads(spy.out)["rows"][0]
    assert (round(row["first_half_hour_pct"], 2), round(row["last_half_hour_pct"], 2)) == (12.92, 20.36)
    assert row["profile_sessions"] == 594
    one = json.loads(outpace("show", "volume", "SPY", "--source", "history", "--format", "json").out)
    assert round(one["profile"]["first_half_hour_pct"], 4) == 12.9237
    assert round(one["profile"]["last_half_hour_pct"], 4) == 20.3592
    assert len(one["profile"]["half_days_left_out"]) == 6
    # The band is of what was known on the day, and the day itself closed early.
    assert (one["session"], one["half_day"], one["band"]["last"]) == ("2025-12-24", True, "2025-12-23")
    assert sum(line["volume"] is not None for line in one["curve"]) == 42
    for window, ratio in ((63, 36.77), (20, 31.37)):
        words = ("--as-of", "2024-07-12", "--volume-window", str(window), "--source", "history", "--format", "json")
        qqqs = json.loads(outpace("show", "volume", "QQQS", *words).out)
        assert round(qqqs["figures"]["volume_ratio"], 2) == ratio
        assert qqqs["rows"][0]["date"] == "2024-07-12"
        assert qqqs["rows"][0]["followed_pct"] == {"1W": None, "1M": None}
