"""Themes: every file in `themes/` is sound and readable, and a broken one is a message."""

from pathlib import Path

import msgspec
import pytest
from textual.app import App, ComposeResult
from textual.color import Color
from textual.theme import BUILTIN_THEMES
from textual.widgets import Footer, Input, OptionList, Static

from tui.themes import ANSI_NAMES, ROLES, SERIES, Palette, ThemeError, default_name, load, load_all, textual_theme

FOLDER = Path(__file__).resolve().parents[1] / "themes"
FILES = sorted(FOLDER.glob("*.toml"))
PALETTES = {path.stem: load(path.read_text(encoding="utf-8"), path.name) for path in FILES}
TRUE_COLOUR = [palette for palette in PALETTES.values() if not palette.ansi]
VARIABLES = {
    *("up", "down", "flat", "muted", "head", "cursor", "cursor-text", "mark", "flash-up", "flash-down", "flash"),
    *("warn-text", "error-text", "rule"),
    *(f"series-{number}" for number in range(1, 9)),
}


def luminance(colour):
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def dark_text(**changes):
    """The dark theme's text with some lines replaced; None takes a line away."""
    lines = (FOLDER / "dark.toml").read_text(encoding="utf-8").splitlines()
    for key, value in changes.items():
        number = next(number for number, line in enumerate(lines) if line.startswith(f"{key} = "))
        lines[number] = "" if value is None else f"{key} = {value}"
    return "\n".join(lines)


def test_themes_when_listed_then_the_six_are_there_under_their_names():
    assert set(PALETTES) == {"dark", "light", "contrast", "blue-orange", "red-up", "ansi"}
    assert all(palette.name == name for name, palette in PALETTES.items())


@pytest.mark.parametrize("palette", TRUE_COLOUR, ids=lambda palette: palette.name)
def test_contrast_when_text_is_on_a_row_then_it_can_be_read(palette):
    least = 7.0 if palette.name == "contrast" else 4.5
    pairs = {
        (role, ground): contrast(getattr(palette, role), getattr(palette, ground))
        for role in ("text", "up", "down", "flat", "warn", "error", "head", "mark")
        for ground in ("background", "cursor")
    }
    pairs["cursor_text", "cursor"] = contrast(palette.cursor_text, palette.cursor)
    assert {pair: round(value, 2) for pair, value in pairs.items() if value < least} == {}


@pytest.mark.parametrize("palette", TRUE_COLOUR, ids=lambda palette: palette.name)
def test_contrast_when_text_is_secondary_or_flashes_then_it_is_still_seen(palette):
    least = 7.0 if palette.name == "contrast" else 3.0
    faint = {
        ground: contrast(palette.muted, getattr(palette, ground))
        for ground in ("background", "surface", "panel", "cursor")
    }
    lines = {colour: contrast(colour, palette.background) for colour in palette.series}
    assert {what: round(value, 2) for what, value in {**faint, **lines}.items() if value < least} == {}
    flashing = {
        (role, ground): contrast(getattr(palette, role), getattr(palette, ground))
        for role, ground in (
            ("up", "flash_up"),
            ("down", "flash_down"),
            ("text", "flash_up"),
            ("text", "flash_down"),
            ("text", "flash"),
        )
    }
    assert {pair: round(value, 2) for pair, value in flashing.items() if value < 4.5} == {}


@pytest.mark.parametrize("palette", PALETTES.values(), ids=lambda palette: palette.name)
def test_series_when_listed_then_all_differ_and_up_is_not_down(palette):
    assert len(set(palette.series)) == SERIES
    assert palette.up != palette.down != palette.flat != palette.up


def test_red_up_when_a_price_rises_then_it_is_red_and_elsewhere_not():
    def reddish(colour):
        red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
        return red > green + 40 and red > blue + 40

    assert reddish(PALETTES["red-up"].up)
    assert not reddish(PALETTES["red-up"].down)
    assert reddish(PALETTES["dark"].down)
    assert not reddish(PALETTES["dark"].up)


def test_ansi_when_used_then_only_the_terminals_own_colours():
    palette = PALETTES["ansi"]
    colours = {*(getattr(palette, role) for role in ROLES), *palette.series}
    assert palette.ansi
    assert colours <= set(ANSI_NAMES)
    assert all(Color.parse(name).ansi is not None for name in ANSI_NAMES)


@pytest.mark.parametrize(
    ("changes", "key", "expected"),
    [
        ({"up": '"greenish"'}, "roles.up", "expected a colour such as #1e90ff, found 'greenish'"),
        ({"up": '"#12345"'}, "roles.up", "found '#12345'"),
        ({"up": "7"}, "roles.up", "found 7"),
        ({"up": '"ansi_green"'}, "roles.up", "expected a colour such as #1e90ff, found 'ansi_green'"),
        ({"up": None}, "roles.up", "which is missing"),
        ({"background": '"ansi_default"'}, "roles.surface", "expected a colour of the terminal such as ansi_green"),
        ({"series": '["#ffffff"]'}, "roles.series", "expected a list of 8 colours"),
        ({"series": '["#ffffff", 3, "", "", "", "", "", ""]'}, "roles.series[1]", "found 3"),
        ({"dark": '"yes"'}, "dark", "expected true or false, found 'yes'"),
        ({"name": None}, "name", "which is missing"),
        ({"name": '"My Theme"'}, "name", "expected small letters, digits and hyphens"),
        ({"description": None}, "description", "expected a line of text in quotes"),
        ({"muted": '"#7f8b98"\nmutde = "#ffffff"'}, "roles.mutde", "unknown role; expected one of background"),
        ({"dark": "true\ncolour = 1"}, "colour", "unknown key"),
    ],
)
def test_load_when_a_key_is_wrong_then_file_key_and_expectation_are_named(changes, key, expected):
    with pytest.raises(ThemeError) as caught:
        load(dark_text(**changes), "mine.toml")
    assert caught.value.key == key
    assert str(caught.value).startswith(f"mine.toml: {key}: ")
    assert expected in str(caught.value)


def test_load_when_the_syntax_is_wrong_then_the_line_is_named():
    with pytest.raises(ThemeError, match=r"mine\.toml: not valid TOML: .*line 2"):
        load('name = "mine"\ndark = tru', "mine.toml")


def test_load_all_when_there_is_no_user_folder_then_the_built_in_ones(tmp_path):
    assert load_all(None) == (PALETTES, [])
    assert load_all(tmp_path / "missing") == (PALETTES, [])


def test_load_all_when_user_files_are_there_then_good_ones_join_and_bad_ones_are_messages(tmp_path):
    (tmp_path / "a.toml").write_text(dark_text(name='"mine"', up='"#abcdef"'), encoding="utf-8")
    (tmp_path / "b.toml").write_text(dark_text(name='"light"', up='"#fedcba"'), encoding="utf-8")
    (tmp_path / "c.toml").write_text(dark_text(up='"nope"'), encoding="utf-8")
    (tmp_path / "d.toml").write_bytes(b"\xff\xfe")
    (tmp_path / "e.toml").write_text(dark_text(name='"mine"'), encoding="utf-8")
    (tmp_path / "notes.txt").write_text("not a theme", encoding="utf-8")
    (tmp_path / "folder.toml").mkdir()
    palettes, messages = load_all(tmp_path)
    assert palettes["mine"].up == "#abcdef"
    assert palettes["light"].up == "#fedcba"
    assert palettes["dark"] == PALETTES["dark"]
    assert [message.partition(".toml")[0][-1] for message in messages] == ["c", "d", "e"]
    assert "already taken" in messages[2]


@pytest.mark.parametrize(
    ("env", "name"),
    [
        ({}, "dark"),
        ({"TERM": "xterm-256color"}, "dark"),
        ({"SSH_CONNECTION": "a b"}, "ansi"),
        ({"SSH_TTY": "/dev/pts/0"}, "ansi"),
        ({"SSH_TTY": "/dev/pts/0", "COLORTERM": "truecolor"}, "dark"),
        ({"SSH_TTY": "/dev/pts/0", "COLORTERM": ""}, "ansi"),
        ({"TERM": "linux", "COLORTERM": "truecolor"}, "ansi"),
        ({"NO_COLOR": "1", "COLORTERM": "truecolor"}, "ansi"),
        ({"NO_COLOR": ""}, "dark"),
    ],
)
def test_default_name_when_the_terminal_is_known_then_a_theme_it_can_show(env, name):
    assert default_name(env) == name
    assert name in PALETTES


class Gallery(App[None]):
    """Widgets that read many of Textual's variables, and all of ours."""

    CSS = "\n".join(f"#{name} {{ color: ${name}; }}" for name in sorted(VARIABLES))

    def compose(self) -> ComposeResult:
        for name in sorted(VARIABLES):
            yield Static(name, id=name)
        yield Input("text")
        yield OptionList("one", "two")
        yield Footer()

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return textual_theme(PALETTES["dark"]).variables


@pytest.mark.parametrize("palette", PALETTES.values(), ids=lambda palette: palette.name)
async def test_textual_theme_when_set_then_every_variable_is_its_colour(palette):
    app = Gallery()
    app.register_theme(textual_theme(palette))
    async with app.run_test(size=(60, 40)) as pilot:
        app.theme = palette.name
        await pilot.pause()
        variables = app.theme_variables
        assert app.query_one("#up").styles.color == Color.parse(palette.up)
        assert app.query_one("#series-8").styles.color == Color.parse(palette.series[7])
        assert app.query_one("#warn-text").styles.color == Color.parse(palette.warn)
        assert variables["cursor-text"] == palette.cursor_text
        assert app.screen.styles.background == Color.parse(palette.background)
        for name in sorted(VARIABLES):
            assert app.query_one(f"#{name}").styles.color == Color.parse(variables[name])


def test_textual_theme_when_ansi_then_it_brings_all_that_textuals_own_does():
    own = BUILTIN_THEMES["ansi-dark"].variables
    assert textual_theme(PALETTES["ansi"]).ansi
    assert own.keys() <= textual_theme(PALETTES["ansi"]).variables.keys() | {"input-cursor-text-style"}


@pytest.mark.parametrize("palette", PALETTES.values(), ids=lambda palette: palette.name)
def test_textual_theme_when_made_then_it_brings_our_variables(palette):
    variables = textual_theme(palette).variables
    assert variables.keys() >= VARIABLES
    assert variables["rule"] != palette.background


def test_palette_when_compared_then_it_is_a_frozen_value():
    with pytest.raises(AttributeError):
        PALETTES["dark"].up = "#000000"
    assert msgspec.structs.replace(PALETTES["dark"]) == PALETTES["dark"]
    assert isinstance(PALETTES["dark"], Palette)
