"""The command line as a user meets it: what is printed where, exit codes, and what bad files and places lead to."""

import csv
import errno
import io
import json
import logging
import os
import random
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tui import __version__
from tui.cli import main
from tui.sessions import previous_session

pytestmark = pytest.mark.usefixtures("one_market")

HEAD = ["view", "as_of", "benchmark", "volume_window", "state", "nature", "source", "definitions", "rows"]
ROW = [
    "symbol",
    "name",
    "last",
    "currency",
    "return_pct",
    "excess_pp",
    "rank",
    "volume",
    "volume_ratio",
    "volume_ratio_basis",
    "dollar_volume",
    "range52_position",
    "zscore50",
    "drawdown_pct",
    "as_of",
    "session",
    "source",
    "state",
    "note",
]
WINDOWS = ["1D", "1W", "1M", "3M", "6M", "YTD", "1Y"]
SYMBOLS = {"IWM": 200.0, "SPY": 500.0, "QQQ": 400.0, "^RUT": 2000.0}
DEMO = ("show", "monitor", "--source", "demo")


@dataclass
class Said:
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        found = json.loads(self.out)
        assert isinstance(found, dict)
        return found

    @property
    def rows(self) -> dict[str, dict[str, Any]]:
        return {row["symbol"]: row for row in self.document["rows"]}


Run = Callable[..., Said]


@pytest.fixture
def outpace(capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """Runs a command in this process; the log that it opens is closed again."""
    logger = logging.getLogger("tui")
    level, propagate, handlers = logger.level, logger.propagate, list(logger.handlers)

    def run(*words: str) -> Said:
        try:
            code = main(words)
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 1
        said = capsys.readouterr()
        return Said(code, said.out, said.err)

    yield run
    for handler in [each for each in logger.handlers if each not in handlers]:
        logger.removeHandler(handler)
        handler.close()
    logger.setLevel(level)
    logger.propagate = propagate


@pytest.fixture
def config() -> Path:
    """The folder of the config, which is there."""
    folder = Path(os.environ["XDG_CONFIG_HOME"], "outpace")
    folder.mkdir(parents=True)
    return folder


@pytest.fixture(scope="session")
def bars(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of made-up daily bars: a year and a half that ends with 2024-07-12."""
    folder = tmp_path_factory.mktemp("bars")
    days = [date(2024, 7, 12)]
    while len(days) < 380:
        days.append(previous_session(days[-1]))
    for symbol, base in SYMBOLS.items():
        chance = random.Random(symbol)
        lines, price = ["date,open,high,low,close,adj_close,volume"], base
        for day in reversed(days):
            price = round(price * chance.uniform(0.98, 1.0205), 2)
            volume = chance.randrange(1000, 9000)
            lines.append(f"{day},{price},{price + 1},{price - 1},{price},{price},{volume}")
        (folder / f"{symbol}.csv").write_text("\n".join([*lines, ""]), encoding="utf-8")
    return folder


@pytest.fixture
def still(bars: Path) -> tuple[str, ...]:
    """A monitor over those bars: the same every time, and quick."""
    return ("show", "monitor", "--source", f"replay:{bars}")


# What there is


def test_version_is_printed(outpace: Run) -> None:
    for words in (["--version"], ["--version", "--theme", "dark"]):
        assert outpace(*words) == Said(0, f"outpace {__version__}\n", "")


def test_help_names_every_command_and_what_it_does(outpace: Run) -> None:
    said = outpace("--help")
    assert said.code == 0
    for command in ("demo", "replay", "show", "history", "lists", "doctor"):
        assert re.search(rf"^ +{command} +\w+", said.out, re.MULTILINE), command
    for flag in ("--symbols", "--list", "--benchmark", "--window", "--volume-window", "--as-of", "--source", "--theme"):
        assert flag in said.out


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["show"], "VIEW"),
        (["show", "nothing"], "nothing"),
        (["shwo"], "shwo"),
        (["--nonsense"], "--nonsense"),
        ([*DEMO, "--format", "xml"], "xml"),
        (["history"], "ACTION"),
        ([*DEMO, "--volume-window", "11"], "--volume-window 11: expected one of 10, 20, 50, 63"),
        ([*DEMO, "--as-of", "yesterday"], "--as-of yesterday: expected a date as YEAR-MONTH-DAY"),
        ([*DEMO, "--window", "9X"], "--window 9X: expected one of 1D"),
        ([*DEMO, "--benchmark", "no such"], "--benchmark no such: expected a symbol"),
        ([*DEMO, "--list", "Rotaton"], "there is no list 'Rotaton'; there are Rotation, Sectors, Biotech"),
        (["show", "monitor", "--source", "nowhere"], "expected demo, replay:DIR, yahoo or history"),
        (["show", "monitor", "--source", "replay"], "--source replay:DIR"),
        (["demo"], "needs a terminal"),
        ([], "outpace show monitor --format json"),
    ],
)
def test_what_is_not_understood_is_exit_code_2_and_says_what_was_expected(
    outpace: Run, words: list[str], expected: str
) -> None:
    said = outpace(*words)
    assert (said.code, said.out) == (2, "")
    assert expected in said.err
    assert "Traceback" not in said.err


# The monitor for scripts


def test_the_monitor_as_json_has_exactly_the_documented_keys(outpace: Run) -> None:
    said = outpace(*DEMO, "--format", "json")
    assert (said.code, said.err) == (0, "")
    document = said.document
    assert list(document) == HEAD
    assert (document["view"], document["benchmark"], document["source"]) == ("monitor", "SPY", "demo")
    assert document["nature"] == "SIMULATED"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", document["as_of"])
    assert [row["symbol"] for row in document["rows"]][:4] == ["IWM", "SPY", "QQQ", "QQQS"]
    for row in document["rows"]:
        assert list(row) == ROW
        for figure in ("return_pct", "excess_pp", "rank"):
            assert list(row[figure]) == WINDOWS
    figures = [name for name in ROW if name in document["definitions"]]
    assert figures == ["last", *ROW[4:14]]
    assert all(document["definitions"].values())


def test_all_formats_say_the_same(outpace: Run, still: tuple[str, ...]) -> None:
    words = (*still, "--symbols", "IWM,SPY,^RUT", "--format")
    rows = outpace(*words, "json").document["rows"]
    assert [row["symbol"] for row in rows] == ["IWM", "SPY", "^RUT"]
    lines = outpace(*words, "ndjson").out.splitlines()
    assert [json.loads(line) for line in lines] == rows

    table = list(csv.DictReader(io.StringIO(outpace(*words, "csv").out)))
    assert len(table) == len(rows)
    for flat, row in zip(table, rows, strict=True):
        assert flat["symbol"] == row["symbol"]
        for window in WINDOWS:
            for figure in ("return_pct", "excess_pp", "rank"):
                assert flat[f"{figure}.{window}"] == str(row[figure][window])
        assert flat["volume"] == ("" if row["volume"] is None else str(row["volume"]))
        assert flat["volume_ratio_basis"] == (row["volume_ratio_basis"] or "")

    head, titles, *shown = outpace(*words, "table").out.splitlines()
    assert head.startswith("Symbols  vs SPY  REPLAY 2024-07-12 16:00  replay")
    columns = titles.split()
    assert columns[:5] == ["Symbol", "Last", "Chg%", "x1D", "x1W"]
    for line, row in zip(shown, rows, strict=True):
        cells = dict(zip(columns, line.split(), strict=False))
        assert cells["Symbol"] == row["symbol"]
        assert cells["Last"] == f"{row['last']:.2f}"
        for title, value in (("Chg%", row["return_pct"]["1D"]), ("x1M", row["excess_pp"]["1M"])):
            assert float(cells[title]) == pytest.approx(value, abs=0.0051)


@pytest.mark.parametrize("before", [True, False])
def test_flags_hold_before_the_command_and_after_it(outpace: Run, still: tuple[str, ...], before: bool) -> None:
    *verb, source, folder = still
    flags = [source, folder, "--symbols", "$iwm, qqq", "--benchmark", "qqq", "--volume-window", "20"]
    flags += ["--as-of", "2024-07-11"]
    said = outpace(*((flags + verb) if before else (verb + flags)), "--format", "json")
    assert said.code == 0, said.err
    document = said.document
    assert (document["benchmark"], document["volume_window"], document["source"]) == ("QQQ", 20, "replay")
    assert document["as_of"] == "2024-07-11T20:00:00Z"
    assert list(said.rows) == ["IWM", "QQQ"]
    assert set(said.rows["QQQ"]["excess_pp"].values()) == {0.0}


def test_a_list_brings_its_own_benchmark_and_the_environment_gives_way_to_a_flag(
    outpace: Run, still: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    said = outpace(*still, "--list", "Biotech", "--format", "json")
    assert said.document["benchmark"] == "XBI"
    assert {"XBI", "IBB"} <= set(said.rows)
    monkeypatch.setenv("OUTPACE_BENCHMARK", "IWM")
    assert outpace(*still, "--symbols", "SPY", "--format", "json").document["benchmark"] == "IWM"
    assert outpace(*still, "--symbols", "SPY", "--benchmark", "QQQ", "--format", "json").document["benchmark"] == "QQQ"


def test_an_unknown_symbol_is_a_row_that_says_so_and_exit_code_4(outpace: Run) -> None:
    said = outpace(*DEMO, "--symbols", "IWM,NOSUCH", "--format", "json")
    assert said.code == 4
    assert said.document["state"] == said.rows["IWM"]["state"] != "UNKNOWN"
    row = said.rows["NOSUCH"]
    assert row["state"] == "UNKNOWN"
    assert row["last"] is row["volume_ratio"] is row["excess_pp"]["1M"] is None
    assert "NOSUCH" in said.err
    assert row["note"] in said.err


@pytest.mark.parametrize("form", ["json", "csv", "ndjson", "table"])
def test_without_any_data_it_is_exit_code_3(outpace: Run, form: str) -> None:
    said = outpace("show", "monitor", "--source", "history", "--format", form)
    assert said.code == 3
    assert "outpace history import PATH" in said.err


def test_when_all_symbols_are_unknown_it_is_exit_code_3(outpace: Run, still: tuple[str, ...]) -> None:
    said = outpace(*still, "--symbols", "NOSUCH", "--format", "json")
    assert said.code == 3
    assert said.rows["NOSUCH"]["state"] == "UNKNOWN"
    show, _, *source = still
    for form in ("json", "table"):
        said = outpace(show, "symbol", "NOSUCH", *source, "--format", form)
        assert said.code == 3
        assert "NOSUCH" in said.err


def test_a_replay_of_a_folder_that_is_none_is_exit_code_3(outpace: Run, tmp_path: Path) -> None:
    said = outpace("show", "monitor", "--source", f"replay:{tmp_path / 'none'}")
    assert (said.code, said.out) == (3, "")
    assert "is not a folder" in said.err
    said = outpace("show", "monitor", "--source", f"replay:{tmp_path}")
    assert (said.code, said.out) == (3, "")
    assert "no bars" in said.err


def test_one_symbol_in_full_has_every_window_against_its_benchmark(outpace: Run) -> None:
    words = ("show", "symbol", "qqqs", "--source", "demo", "--format")
    document = outpace(*words, "json").document
    assert (document["view"], document["symbol"], document["benchmark"]) == ("symbol", "QQQS", "SPY")
    windows = [row["window"] for row in document["rows"]]
    assert set(WINDOWS) < set(windows)
    for row in document["rows"]:
        if row["excess_pp"] is not None:
            assert row["excess_pp"] == pytest.approx(row["return_pct"] - row["benchmark_return_pct"])
    assert {each["sessions"] for each in document["volume_ratios"]} == {10, 20, 50, 63}
    table = outpace(*words, "table").out
    assert all(re.search(rf"^{window}\b", table, re.MULTILINE) for window in windows)
    assert "52-week range" in table


# Files of the user


@pytest.mark.parametrize(
    ("text", "line", "expected"),
    [
        ('theme = "dark"\nfps == 3\n', 2, "expected NAME = VALUE, text in quotes"),
        ('# mine\nfps = "many"\n', 2, 'fps = "many": expected a whole number from 1 to 60; for example: fps = 10'),
        ("\n\nbenchmrk = 3\n", 3, "benchmrk is no setting; did you mean benchmark?"),
        ('volume_window = 63\nvolume_window = "63"\n', 2, "expected"),
    ],
)
def test_a_malformed_config_names_file_line_key_and_expectation_and_is_kept(
    outpace: Run, config: Path, text: str, line: int, expected: str
) -> None:
    file = config / "config.toml"
    file.write_text(text, encoding="utf-8")
    said = outpace(*DEMO)
    assert (said.code, said.out) == (2, "")
    assert f"{file}, line {line}: " in said.err
    assert expected in said.err
    assert "config.toml.bak" in said.err
    assert file.read_text(encoding="utf-8") == text
    assert (config / "config.toml.bak").read_text(encoding="utf-8") == text


def test_a_key_of_the_config_that_does_not_exist_stops_the_screen_with_the_file_named(
    outpace: Run, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (config / "config.toml").write_text('[keys]\nsrot = ["o"]\n', encoding="utf-8")
    monkeypatch.setattr("sys.stdin", Tty())
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    said = outpace("demo")
    assert said.code == 2
    assert str(config / "config.toml") in said.err
    assert "[keys] srot: no such key id" in said.err


class Tty(io.StringIO):
    """Standard input that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("text", "line", "expected"),
    [
        ('[Mine]\nsymbols = ["IWM"\n', 2, "expected"),
        ('# kept\n[Mine]\nsymbols = "IWM"\n', 3, "symbols"),
        ('[Mine]\nsymbols = ["IWM"]\nbenchmark = 7\n', 3, "benchmark"),
    ],
)
def test_malformed_lists_name_the_place_lose_nothing_and_do_not_stop_show(
    outpace: Run, still: tuple[str, ...], config: Path, text: str, line: int, expected: str
) -> None:
    file = config / "watchlists.toml"
    file.write_text(text, encoding="utf-8")
    said = outpace(*still, "--symbols", "IWM,SPY", "--format", "json")
    assert said.code == 0
    assert list(said.rows) == ["IWM", "SPY"]
    assert f"{file}, line {line}" in said.err
    assert expected in said.err
    assert "watchlists.toml.bak" in said.err
    assert file.read_text(encoding="utf-8") == text
    assert (config / "watchlists.toml.bak").read_text(encoding="utf-8") == text
    for verb in ("lists", "doctor"):
        said = outpace(verb)
        assert f"{file}, line {line}" in said.out + said.err
        assert file.read_text(encoding="utf-8") == text


def test_the_first_run_writes_a_config_that_changes_nothing_and_never_again(outpace: Run) -> None:
    file = Path(os.environ["XDG_CONFIG_HOME"], "outpace", "config.toml")
    assert outpace("lists").code == 0
    text = file.read_text(encoding="utf-8")
    assert all(line.startswith("#") or not line for line in text.splitlines())
    file.write_text("# mine\n", encoding="utf-8")
    assert outpace("lists").code == 0
    assert file.read_text(encoding="utf-8") == "# mine\n"


def test_a_home_that_cannot_be_written_is_a_message_and_the_answer_comes(
    outpace: Run, still: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Nobody, not even the superuser, can make a folder there.
    for name in ("CONFIG", "DATA", "CACHE", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", f"/proc/outpace-{name.lower()}")
    said = outpace(*still, "--symbols", "IWM,SPY", "--format", "json")
    assert said.code == 0
    assert list(said.rows) == ["IWM", "SPY"]
    assert "config.toml cannot be written" in said.err
    assert "no log" in said.err
    assert "Traceback" not in said.err


def test_doctor_names_folders_that_cannot_be_written(outpace: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.access", lambda *_: False)
    said = outpace("doctor")
    assert said.code == 4
    for what in ("config", "data", "cache", "log"):
        assert re.search(rf"^!! +{what} .*cannot be written: nothing will be kept", said.out, re.MULTILINE), said.out


def test_doctor_names_a_folder_whose_place_is_taken_by_a_file(
    outpace: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    said = outpace("doctor")
    assert said.code == 4
    assert re.search(r"^!! +cache .*cannot be written", said.out, re.MULTILINE), said.out


# The other commands


def test_lists_are_printed_in_every_format(outpace: Run, config: Path) -> None:
    (config / "watchlists.toml").write_text(
        '[Small]\nbenchmark = "SPY"\nsymbols = ["IWM", "IJR"]\n[Large]\nsymbols = ["QQQ"]\n', encoding="utf-8"
    )
    assert outpace("lists") == Said(0, "Small  vs SPY  IWM IJR\nLarge  vs SPY  QQQ\n", "")
    rows = outpace("lists", "--format", "json").document["rows"]
    assert rows[0] == {"name": "Small", "benchmark": "SPY", "symbols": ["IWM", "IJR"]}
    assert [json.loads(line)["name"] for line in outpace("lists", "--format", "ndjson").out.splitlines()] == [
        "Small",
        "Large",
    ]
    assert outpace("lists", "--format", "csv").out.splitlines() == [
        "name,benchmark,symbols",
        "Small,SPY,IWM IJR",
        "Large,SPY,QQQ",
    ]


def test_doctor_names_every_folder_and_what_works(outpace: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("LINES", "24")
    said = outpace("doctor")
    assert said.code == 0, said.out
    found = {line[4:16].strip(): line[17:] for line in said.out.splitlines()}
    for what, name in (("config", "CONFIG"), ("data", "DATA"), ("cache", "CACHE"), ("log", "STATE")):
        assert found[what].startswith(str(Path(os.environ[f"XDG_{name}_HOME"], "outpace")))
    assert found["lists"] == "3: Rotation, Sectors, Biotech"
    assert found["history"] == "nothing stored yet: outpace history import PATH"
    assert found["themes"] == "ansi, blue-orange, contrast, dark, light, red-up"
    assert "80x24" in found["terminal"]
    monkeypatch.setenv("COLUMNS", "30")
    said = outpace("doctor")
    assert said.code == 4
    assert re.search(r"^!! +terminal", said.out, re.MULTILINE)
    assert "too small, 40x8 is the least" in said.out


def test_a_pipe_that_is_closed_early_is_no_error(still: tuple[str, ...]) -> None:
    command = [sys.executable, "-m", "tui", *still, "--symbols", "IWM,SPY", "--format", "json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        # Closed before anything is written: every write then fails.
        process.stdout.close()
        said = process.stderr.read().decode()
        assert (process.wait(30), said) == (0, "")


# The golden values on real data


@pytest.fixture(scope="session")
def imported(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real daily bars, imported as a user would."""
    root = tmp_path_factory.mktemp("history") / "stored"
    home = tmp_path_factory.mktemp("importer")
    done = subprocess.run(
        [sys.executable, "-m", "tui", "history", "import", str(shared_data / "history" / "daily")],
        check=False,
        capture_output=True,
        text=True,
        timeout=90,
        env={**os.environ, "HOME": str(home), "OUTPACE_HISTORY": str(root)},
    )
    assert done.returncode == 0, done.stderr
    return root


@pytest.fixture
def stored(imported: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A local history of the real daily bars."""
    monkeypatch.setenv("OUTPACE_HISTORY", str(imported))


GOLDEN = [
    ("2024-05-16", "IWM", "return_pct", "1M", 7.736),
    ("2024-05-16", "QQQS", "return_pct", "1M", 8.419),
    ("2023-12-06", "IWM", "return_pct", "1M", 6.819),
    ("2023-12-18", "IWM", "return_pct", "1M", 12.071),
    ("2023-12-18", "IWM", "return_pct", "3M", 8.493),
    ("2024-07-12", "QQQS", "return_pct", "1D", 1.718),
    ("2024-07-12", "QQQS", "return_pct", "1W", 10.462),
    ("2024-07-12", "^RUT", "return_pct", "1W", 5.997),
    ("2024-07-12", "IWM", "return_pct", "1W", 6.108),
    ("2024-07-16", "^RUT", "zscore50", None, 4.417),
]
ROUNDED = [
    ("2024-05-15", "^RUT", "return_pct", "YTD", 4.06),
    ("2024-05-15", "IWM", "return_pct", "YTD", 4.35),
    ("2024-01-19", "^RUT", "drawdown_pct", None, -20.40),
]


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize(
    ("day", "symbol", "figure", "window", "value", "within"),
    [(*row, 0.001) for row in GOLDEN] + [(*row, 0.005) for row in ROUNDED],
)
def test_the_golden_values_come_out_of_the_command(
    outpace: Run, day: str, symbol: str, figure: str, window: str | None, value: float, within: float
) -> None:
    words = ("--as-of", day, "--symbols", symbol, "--benchmark", "SPY", "--source", "history", "--format", "json")
    said = outpace("show", "monitor", *words)
    assert said.code == 0, said.err
    assert said.document["nature"] == f"AS OF {day}"
    row = said.rows[symbol]
    found = row[figure] if window is None else row[figure][window]
    assert found == pytest.approx(value, abs=within)
    assert (row["session"], row["state"]) == (day, "EOD")


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize(("sessions", "value"), [("63", 36.77), ("20", 31.37)])
def test_the_golden_volume_ratios_come_out_of_the_command(outpace: Run, sessions: str, value: float) -> None:
    words = ("--as-of", "2024-07-12", "--symbols", "QQQS,^RUT", "--volume-window", sessions, "--format", "json")
    said = outpace("show", "monitor", *words)
    row = said.rows["QQQS"]
    assert row["volume_ratio"] == pytest.approx(value, abs=0.005)
    assert row["volume_ratio_basis"] == "full-day"
    assert said.rows["^RUT"]["volume_ratio"] is said.rows["^RUT"]["volume"] is None
    document = outpace("show", "symbol", "QQQS", "--as-of", "2024-07-12", "--format", "json").document
    ratios = {each["sessions"]: each["by_mean"] for each in document["volume_ratios"]}
    assert ratios[int(sessions)] == pytest.approx(value, abs=0.005)


@pytest.mark.usefixtures("stored")
def test_the_golden_total_return_comes_out_of_the_command(outpace: Run) -> None:
    words = ("--as-of", "2023-12-18", "--source", "history", "--format", "json")
    rows = {row["window"]: row for row in outpace("show", "symbol", "IWM", *words).document["rows"]}
    assert rows["3M"]["return_pct"] == pytest.approx(8.493, abs=0.001)
    assert rows["3M"]["total_return_pct"] == pytest.approx(9.00, abs=0.005)
    assert rows["1M"]["return_pct"] == pytest.approx(12.071, abs=0.001)


@pytest.mark.usefixtures("stored")
def test_the_local_history_alone_shows_the_last_session_stored_of_the_benchmark(
    outpace: Run, shared_data: Path
) -> None:
    for benchmark in ("SPY", "XBI"):
        text = (shared_data / "history" / "daily" / f"{benchmark}.csv").read_text(encoding="utf-8")
        last = text.splitlines()[-1].partition(",")[0]
        words = ("--symbols", f"IWM,{benchmark}", "--benchmark", benchmark, "--format", "json")
        said = outpace("show", "monitor", "--source", "history", *words)
        assert said.document["nature"] == f"AS OF {last}"
        assert said.rows[benchmark]["session"] == last
        assert said.rows[benchmark]["state"] == "EOD"


def test_a_replay_of_real_data_shows_the_golden_figures_of_its_session(outpace: Run, shared_data: Path) -> None:
    words = ("--source", f"replay:{shared_data / 'history'}", "--as-of", "2024-07-12", "--symbols", "QQQS,IWM")
    said = outpace("show", "monitor", *words, "--benchmark", "SPY", "--format", "json")
    assert said.code == 0, said.err
    assert said.document["nature"].startswith("REPLAY 2024-07-12")
    qqqs, iwm = said.rows["QQQS"], said.rows["IWM"]
    assert qqqs["return_pct"]["1D"] == pytest.approx(1.718, abs=0.001)
    assert qqqs["return_pct"]["1W"] == pytest.approx(10.462, abs=0.001)
    assert iwm["return_pct"]["1W"] == pytest.approx(6.108, abs=0.001)
    assert qqqs["volume_ratio"] == pytest.approx(36.77, abs=0.005)
    assert [round(qqqs["excess_pp"][window], 2) for window in ("1D", "1W", "1M", "3M", "YTD")] == [
        1.09,
        9.50,
        0.76,
        -3.86,
        -14.28,
    ]
    assert [round(iwm["excess_pp"][window], 2) for window in ("1D", "1W")] == [0.54, 5.14]


def test_where_daily_bars_have_ended_no_window_is_measured_from_a_close_of_months_ago(
    outpace: Run, shared_data: Path
) -> None:
    """The five-minute bars of the shared history go on to 2026-08-03, its daily bars end on 2025-12-24."""
    words = ("--source", f"replay:{shared_data / 'history'}", "--symbols", "SPY,IWM", "--format", "json")
    said = outpace("show", "monitor", "--as-of", "2026-08-03", *words)
    assert "SPY: its history ends on 2025-12-24" in said.err
    row = said.rows["SPY"]
    assert (row["session"], row["last"]) == ("2026-08-03", 757.67)
    assert {window: value for window, value in row["return_pct"].items() if value is not None} == {
        "1Y": pytest.approx(100 * (757.67 / 632.08 - 1), abs=0.001)  # 2025-07-31, 252 sessions before
    }
    assert row["volume_ratio"] is row["zscore50"] is row["range52_position"] is None
    assert outpace("show", "monitor", *words).rows["SPY"]["session"] == "2025-12-24"


def fails_to_read(_args: object) -> int:
    raise OSError(errno.EIO, "Input/output error")


def test_a_terminal_that_has_gone_is_a_hang_up(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = os.dup(0), os.dup(1), os.dup(2)
    here, there = os.openpty()
    for descriptor in (0, 1, 2):
        os.dup2(there, descriptor)
    os.close(there)
    os.close(here)
    monkeypatch.setattr("tui.cli._run", fails_to_read)
    monkeypatch.setattr("sys.stdout", sys.__stdout__)
    monkeypatch.setattr("sys.stderr", sys.__stderr__)
    try:
        assert main(["demo"]) == 129
        assert os.path.sameopenfile(1, 2), "what is still to be said goes nowhere"
    finally:
        for before, descriptor in zip(kept, (0, 1, 2), strict=True):
            os.dup2(before, descriptor)
            os.close(before)


def test_a_disk_that_cannot_be_read_is_no_hang_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.cli._run", fails_to_read)
    with pytest.raises(OSError, match="Input/output error"):
        main(["show", "monitor"])
