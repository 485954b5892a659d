"""Settings: which of four places wins, and what is said when one is wrong."""

import sys
import tomllib
from datetime import date
from pathlib import Path
from typing import get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.analytics.figures import VOLUME_WINDOWS
from tui.analytics.windows import Window
from tui.config import ConfigError, Paths, Settings, WindowName, Yahoo, first_run, load
from tui.config_chain import Addresses, Chain
from tui.config_template import template


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths.find({f"XDG_{kind}_HOME": str(tmp_path / kind) for kind in ("CONFIG", "DATA", "CACHE", "STATE")})


def written(paths: Paths, text: str) -> Paths:
    paths.config_dir.mkdir(parents=True, exist_ok=True)
    paths.config_file.write_text(text, encoding="utf-8")
    return paths


def message(paths: Paths, text: str = "", env=None, flags=None) -> str:
    with pytest.raises(ConfigError) as error:
        load(flags or {}, env or {}, written(paths, text))
    return str(error.value)


def test_load_of_nothing_gives_the_defaults_and_writes_nothing(paths):
    assert Settings() == load({}, {}, paths)
    assert not paths.config_dir.exists()


def test_load_by_place_lets_flag_win_over_environment_over_file_over_default(paths):
    written(paths, 'window = "3M"\nvolume_window = 20\ntheme = "light"\n')
    env = {"OUTPACE_WINDOW": "6M", "OUTPACE_VOLUME_WINDOW": "10"}

    settings = load({"window": "1Y"}, env, paths)

    assert (settings.window, settings.volume_window, settings.theme, settings.source) == ("1Y", 10, "light", "yahoo")


def test_load_finds_the_file_through_the_environment(paths):
    written(paths, 'theme = "dark"\n')

    assert load({}, {"XDG_CONFIG_HOME": str(paths.config_dir.parent)}).theme == "dark"


def test_load_of_a_command_line_leaves_what_is_not_given_and_what_is_no_setting(paths):
    assert Settings() == load({"window": None, "command": "show", "format": "json"}, {"OUTPACE_THEME": ""}, paths)


def test_load_of_every_kind_of_text_gives_typed_values(paths):
    env = {
        "OUTPACE_SYMBOLS": "iwm, $spy ^rut",
        "OUTPACE_COLUMNS": "last,1D",
        "OUTPACE_FPS": "4",
        "OUTPACE_REDUCED_MOTION": "true",
        "OUTPACE_SPEED": "60",
        "OUTPACE_AS_OF": "2024-07-12",
        "OUTPACE_HISTORY": "/data",
        "OUTPACE_BENCHMARK": "qqq",
        "OUTPACE_EMAIL": "me@example.org",
        "OUTPACE_YAHOO_BASE": "http://127.0.0.1:8000",
    }

    assert load({}, env, paths) == Settings(
        symbols=("IWM", "SPY", "^RUT"),
        columns=("last", "1D"),
        fps=4,
        reduced_motion=True,
        speed=60.0,
        as_of=date(2024, 7, 12),
        history=Path("/data"),
        benchmark="QQQ",
        email="me@example.org",
        yahoo=Yahoo(base="http://127.0.0.1:8000"),
    )


def test_load_of_typed_flags_takes_them(paths):
    flags = {"as_of": date(2024, 7, 12), "symbols": ["iwm"], "history": Path("/data"), "yahoo.cookie": "http://c"}

    assert load(flags, {}, paths) == Settings(
        as_of=date(2024, 7, 12), symbols=("IWM",), history=Path("/data"), yahoo=Yahoo(cookie="http://c")
    )


def test_load_of_a_file_takes_every_setting(paths):
    written(
        paths,
        """
        as_of = 2024-07-12
        symbols = ["iwm", "^RUT"]
        history = "market"
        fps = 10
        speed = 2
        yahoo.base = "http://localhost"
        addresses.cboe = "http://localhost"
        [keys]
        sort = "o"
        quit = ["q", "ctrl+c"]
        [chain]
        visible = "cboe, yahoo-spark"
        """,
    )

    assert load({}, {}, paths) == Settings(
        as_of=date(2024, 7, 12),
        symbols=("IWM", "^RUT"),
        history=paths.config_dir / "market",
        fps=10,
        speed=2.0,
        keys={"sort": ("o",), "quit": ("q", "ctrl+c")},
        yahoo=Yahoo(base="http://localhost"),
        addresses=Addresses(cboe="http://localhost"),
        chain=Chain(visible=("cboe", "yahoo-spark")),
    )


def test_load_of_folders_with_a_tilde_means_the_home(paths, monkeypatch):
    monkeypatch.setenv("HOME", "/home/someone")
    settings = load({"source": "replay:~/market", "history": "~/store"}, {}, paths)

    assert settings.source == "replay:/home/someone/market"
    assert settings.history == Path("/home/someone/store")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ('\nwindow = "2X"\n', ["line 2: ", 'window = "2X"', "one of 1D, 1W", 'window = "1M"']),
        ("# c\nvolume_window = 7", ["line 2: ", "10, 20, 50, 63", "volume_window = 63"]),
        ("fps = 100", ["line 1: ", "fps = 100", "from 1 to 60", "fps = 10"]),
        ("fps = true", ["fps = true", "from 1 to 60"]),
        ("reduced_motion = 1", ["reduced_motion = 1", "true or false", "reduced_motion = true"]),
        ("speed = -1", ["a number above 0", "speed = 60.0"]),
        ("speed = nan", ["a number above 0"]),
        ("as_of = 2024-07-12T10:00:00", ["as_of", "YEAR-MONTH-DAY", "as_of = 2024-07-12"]),
        ('symbols = ["IWM", "S P"]', ['symbols = ["IWM", "S P"]', "a list of symbols", 'symbols = ["IWM", "SPY"]']),
        ("symbols = 3", ["a list of symbols"]),
        ('benchmark = "S P"', ["a symbol", 'benchmark = "SPY"']),
        ('source = "Replay: x"', ["the name of a source", 'source = "yahoo"']),
        ('email = "me"', ["an e-mail address"]),
        ("history = 1", ["a folder"]),
        ('[keys]\na = "x"\nsort = 5', ["line 3: ", "sort = 5", 'keys = {sort = ["o"]}']),
        ("keys = 3", ["keys = 3"]),
        ('[yahoo]\nbase = "ftp://x"', ["line 2: ", "an address"]),
        ('tehme = "x"', ["line 1: ", "tehme is no setting", "did you mean theme?"]),
        ("[yahoo]\nbsae = 1", ["line 2: ", "did you mean yahoo.base?"]),
        ('[chain]\nhistory = ["yaho"]', ["line 2: ", "a list of names of sources: yahoo, cboe"]),
        ("[chain]\nvisble = []", ["line 2: ", "did you mean chain.visible?"]),
        ("zzz = 1", ["zzz is no setting", "known are source, list"]),
        ("theme = \n", ["line 1: theme", "NAME = VALUE", 'theme = "auto"']),
        ("a = 1\n[keys", ["line 2: [keys", "NAME = VALUE"]),
    ],
)
def test_load_of_a_wrong_file_names_file_line_key_what_was_expected_and_an_example(paths, text, parts):
    said = message(paths, text)

    assert said.startswith(str(paths.config_file))
    assert [part for part in parts if part not in said] == []
    assert "\n" not in said


def test_load_of_a_wrong_file_leaves_it_and_keeps_a_copy(paths):
    message(paths, "fps = 100\n")

    assert paths.config_file.read_text(encoding="utf-8") == "fps = 100\n"
    assert paths.config_file.with_name("config.toml.bak").read_text(encoding="utf-8") == "fps = 100\n"


def test_load_of_a_file_that_cannot_be_read_says_why(paths):
    paths.config_file.mkdir(parents=True)

    with pytest.raises(ConfigError, match="cannot be read"):
        load({}, {}, paths)


@pytest.mark.parametrize(
    ("env", "expected"),
    [
        ({"OUTPACE_WINDOW": "2X"}, "OUTPACE_WINDOW=2X: expected one of 1D"),
        ({"OUTPACE_FPS": "\x1b[31m"}, "OUTPACE_FPS=?[31m: expected a whole number"),
        ({"OUTPACE_SYMBOLS": "I/W"}, "for example: OUTPACE_SYMBOLS=IWM,SPY"),
    ],
)
def test_load_of_a_wrong_environment_names_the_variable(paths, env, expected):
    assert expected in message(paths, env=env)


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        ({"volume_window": "7"}, "--volume-window 7: expected one of 10, 20, 50, 63; for example: --volume-window 63"),
        ({"as_of": "yesterday"}, "--as-of yesterday: expected a date"),
        ({"symbols": ["A/B"]}, "--symbols A/B: expected a list of symbols; for example: --symbols IWM,SPY"),
        ({"window": "x" * 1000}, "…: expected one of"),
    ],
)
def test_load_of_a_wrong_flag_names_the_flag(paths, flags, expected):
    said = message(paths, flags=flags)

    assert expected in said
    assert len(said) < 250


@given(
    st.dictionaries(
        st.sampled_from([*Settings.__struct_fields__, "yahoo.base"]), st.text() | st.integers() | st.floats()
    )
)
def test_load_of_any_flags_gives_settings_or_a_config_error_on_one_line(flags):
    try:
        settings, said = load(flags, {}, Paths.find({})), ""
    except ConfigError as error:
        settings, said = None, str(error)

    assert isinstance(settings, Settings) or said
    assert said.isprintable()


def test_settings_that_the_analytics_own_are_the_same_there():
    assert list(get_args(WindowName)) == [str(window) for window in Window]
    for sessions in VOLUME_WINDOWS:
        assert load({"volume_window": sessions}, {}, Paths.find({})).volume_window == sessions


# The first file


def uncommented(text: str) -> dict[str, object]:
    lines = [
        line.removeprefix("# ")
        for line in text.split("\n")
        if line.startswith(("# [", "# ")) and (" = " in line or "[" in line)
    ]
    return tomllib.loads("\n".join(lines))


def test_template_when_every_line_is_uncommented_has_every_setting_with_its_default(paths):
    shown = uncommented(template())
    defaults = {name: getattr(Settings(), name) for name in Settings.__struct_fields__}

    chain = {need: list(names) for need, names in msgspec.structs.asdict(Chain()).items()}
    assert shown.keys() == defaults.keys() - {"yahoo", "addresses"}
    assert shown.pop("chain") == chain
    tables = {"yahoo", "keys", "addresses", "chain"}
    assert shown | {k: v for k, v in defaults.items() if v is None or k in tables} == defaults


def test_template_when_every_line_is_uncommented_is_accepted(paths):
    lines = [line.removeprefix("# ") for line in template().split("\n") if " = " in line or line.startswith("# [")]

    assert load({}, {}, written(paths, "\n".join(lines))).fps == 10


def test_template_has_a_comment_with_a_meaning_above_each_setting():
    lines = template().split("\n")
    tables = lines.index("# [keys]")
    settings = [number for number, line in enumerate(lines[:tables]) if " = " in line]

    assert len(settings) == len(Settings.__struct_fields__) - 4
    assert all(lines[number - 1].startswith("# ") and lines[number - 1].endswith(".") for number in settings)


def test_first_run_writes_the_file_once_and_it_changes_nothing(paths):
    assert first_run(paths) is None
    assert paths.config_file.read_text(encoding="utf-8") == template()
    assert Settings() == load({}, {}, paths)

    written(paths, "fps = 5\n")
    assert first_run(paths) is None
    assert paths.config_file.read_text(encoding="utf-8") == "fps = 5\n"


def test_first_run_in_a_home_that_cannot_be_written_is_a_message(tmp_path):
    (tmp_path / "file").touch()
    paths = Paths.find({"XDG_CONFIG_HOME": str(tmp_path / "file")})

    assert "config.toml cannot be written (Not a directory): the defaults are used" in (first_run(paths) or "")


# Folders


def test_paths_with_xdg_folders_use_them_on_every_platform(monkeypatch):
    env = {f"XDG_{kind}_HOME": f"/x/{kind}" for kind in ("CONFIG", "DATA", "CACHE", "STATE")}

    assert Paths.find(env) == Paths(
        config_dir=Path("/x/CONFIG/outpace"),
        data_dir=Path("/x/DATA/outpace"),
        cache_dir=Path("/x/CACHE/outpace"),
        state_dir=Path("/x/STATE/outpace"),
    )


@pytest.mark.skipif(sys.platform != "linux", reason="the folders of Linux")
@pytest.mark.parametrize("value", ["", "relative/folder"])
def test_paths_with_an_empty_or_relative_xdg_folder_ignore_it(monkeypatch, tmp_path, value):
    for kind in ("CONFIG", "DATA", "CACHE", "STATE"):
        monkeypatch.delenv(f"XDG_{kind}_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))

    assert Paths.find({"XDG_STATE_HOME": value}).state_dir == tmp_path / ".local" / "state" / "outpace"
