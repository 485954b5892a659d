"""`outpace show events` in all formats, over the simulated market and over the real history."""

import csv
import io
import json
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

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


UP_AND_DOWN = "^RUT.1d >= 3% and ^GSPC.1d < 0"
FIVE_DAYS = "streak(^RUT.1d >= 1%) >= 5"
DEMO = ("show", "events", "IWM.1d > 1% and SPY.1d < 1%", "--source", "demo")


def test_document_has_rows_base_rate_and_sessions(outpace: Run) -> None:
    said = outpace(*DEMO, "--format", "json")
    document = json.loads(said.out)
    assert (said.code, document["view"]) == (0, "events")
    assert document["count"] == len(document["rows"]) > 0
    row = document["rows"][0]
    assert row.keys() == {"date", "values", "forward_return_pct", "lasted"}
    assert row["values"]["IWM.1d"] > 1 > row["values"]["SPY.1d"]
    assert list(row["forward_return_pct"]["IWM"]) == document["horizons"] == ["1W", "1M", "3M", "6M", "1Y"]
    base = document["base_rate"]["IWM"]["1M"]
    assert base.keys() == {"mean_pct", "median_pct", "positive_pct", "n"}
    assert base["n"] > document["summary"]["IWM"]["1M"]["n"]
    assert document["sessions"] > document["count"]
    assert document["units"] == {"IWM.1d": "%", "SPY.1d": "%"}
    assert {"event", "forward_return_pct", "base_rate"} <= document["definitions"].keys()


def test_csv_and_ndjson_have_the_same_rows_as_json(outpace: Run) -> None:
    rows = json.loads(outpace(*DEMO, "--format", "json").out)["rows"]
    lines = [json.loads(line) for line in outpace(*DEMO, "--format", "ndjson").out.splitlines()]
    assert lines == rows
    table = list(csv.DictReader(io.StringIO(outpace(*DEMO, "--format", "csv").out)))
    assert [each["date"] for each in table] == [row["date"] for row in rows]
    assert float(table[0]["forward_return_pct.SPY.1W"]) == pytest.approx(rows[0]["forward_return_pct"]["SPY"]["1W"])


def test_table_tells_what_was_searched_and_the_base_rate(outpace: Run) -> None:
    said = outpace(*DEMO, "--rows", "2")
    lines = said.out.splitlines()
    assert lines[0] == "IWM.1d > 1% and SPY.1d < 1%"
    assert "events in" in lines[1]
    assert lines[3].startswith("Date")
    assert "earlier: --rows" in lines[6]
    assert "Any session" in lines[8]
    assert all(len(line) < 140 for line in lines)


def test_a_condition_is_saved_in_one_spelling_and_found_by_its_name(outpace: Run) -> None:
    outpace("show", "events", "iwm.1d>1%", "--source", "demo", "--save", "Up a lot")
    said = outpace("show", "events", "--saved", "up a lot", "--source", "demo", "--format", "json")
    assert json.loads(said.out)["condition"] == "IWM.1d > 1%"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("IWM.1d >= 3",), "IWM.1d is a return: write 3%\n  IWM.1d >= 3\n            ^"),
        (
            ("SPY.1d < 0 and NOPE.1d > 1%",),
            "NOPE: not in the simulated market\n  SPY.1d < 0 and NOPE.1d > 1%\n" + " " * 17 + "^",
        ),
        (("IWM.1d > -99%",), "held on every one of"),
        (("--saved", "nothing"), "no condition is saved as 'nothing'"),
        (("IWM.1d > 1%", "--saved", "x"), "not both"),
        ((), "which condition? for example"),
    ],
)
def test_wrong_input_exits_2_with_what_to_type(outpace: Run, words: tuple[str, ...], says: str) -> None:
    said = outpace("show", "events", *words, "--source", "demo")
    assert (said.code, said.out) == (2, "")
    assert says in said.err


def test_a_span_without_sessions_is_no_data(outpace: Run) -> None:
    said = outpace(*DEMO, "--since", "2090-01-01")
    assert said.code == 3
    assert "no session from 2090-01-01 on" in said.err


def test_a_day_that_is_none_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main([*DEMO, "--since", "yesterday"])
    assert "write it like 2024-07-11" in capsys.readouterr().err


@pytest.fixture(scope="module")
def stored(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real daily history, imported through the command line."""
    root = tmp_path_factory.mktemp("events")
    names = ("^RUT", "^GSPC", "^TNX", "IWM", "SPY", "QQQS")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OUTPACE_HISTORY", str(root))
        paths = [shared_data / "history" / "daily" / f"{name}.csv" for name in names]
        assert main(["history", "import", *map(str, paths)]) == 0
    return root


@pytest.fixture
def real(stored: Path, outpace: Run, monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict[str, Any]]:
    """The document of a condition over the real history."""
    monkeypatch.setenv("OUTPACE_HISTORY", str(stored))

    def ask(condition: str, *words: str) -> dict[str, Any]:
        said = outpace("show", "events", condition, *(words or ("--source", "history")), "--format", "json")
        assert said.code == 0, said.err
        return json.loads(said.out)

    return ask


def test_small_caps_up_three_with_large_caps_down_happened_twice(real: Callable[..., dict[str, Any]]) -> None:
    document = real(UP_AND_DOWN)
    found = [(row["date"], *(round(value, 3) for value in row["values"].values())) for row in document["rows"]]
    assert found == [("2008-10-10", 4.663, -1.176), ("2024-07-11", 3.572, -0.876)]
    assert document["sessions"] == 12_009
    assert (document["first_session"], document["last_session"]) == ("1978-12-29", "2026-08-21")


def test_five_sessions_running_of_one_percent_are_the_five_dates(real: Callable[..., dict[str, Any]]) -> None:
    for words in (("--source", "history", "--until", "2024-07-16"), ("--as-of", "2024-07-16")):
        document = real(FIVE_DAYS, *words)
        dates = [row["date"] for row in document["rows"]]
        assert dates == ["1998-10-20", "2000-01-20", "2009-09-10", "2020-04-28", "2024-07-16"]
        assert document["last_session"] == "2024-07-16"
    assert set(document["rows"][-1]["forward_return_pct"]["^RUT"].values()) == {None}


@pytest.mark.parametrize(
    ("condition", "date", "value"),
    [
        ("^RUT.zscore50 >= 4.4", "2024-07-16", 4.417),
        ("QQQS.volume_ratio >= 30x", "2024-07-12", 36.767),
        ("QQQS.volume_ratio20 >= 30x", "2024-07-12", 31.37),
        ("IWM.1m >= 12.07% and IWM.1m <= 12.072% and month == 12", "2023-12-18", 12.071),
        ("^RUT.drawdown <= -20.39% and ^RUT.drawdown >= -20.41% and year == 2024", "2024-01-19", -20.4),
        ("^RUT.ytd >= 4.05% and ^RUT.ytd <= 4.07% and year == 2024 and month == 5", "2024-05-15", 4.06),
        ("IWM.3m_tr >= 8.99% and IWM.3m_tr <= 9.01% and year == 2023 and month == 12", "2023-12-18", 9.0),
    ],
)
def test_golden_values_come_out_as_events(
    real: Callable[..., dict[str, Any]], condition: str, date: str, value: float
) -> None:
    found = {row["date"]: next(iter(row["values"].values())) for row in real(condition)["rows"]}
    assert found[date] == pytest.approx(value, abs=0.006)


def test_yields_change_in_basis_points(real: Callable[..., dict[str, Any]]) -> None:
    document = real("^TNX.1m_bp <= -80bp and year >= 2022")
    assert document["units"] == {"^TNX.1m_bp": "bp"}
    assert all(row["values"]["^TNX.1m_bp"] <= -80 for row in document["rows"])
