"""A console with few signs is sent none that it does not have, and no other terminal is sent less."""

from pathlib import Path

import pytest
from textual._cells import cell_len
from textual.app import App

from tui.link import driver_class
from tui.link.glyphs import BRAILLE, CONSOLE, signs_of

FONT = {*map(chr, range(0x20, 0x7F)), *bytes(range(0x80, 0x100)).decode("cp437"), *"•►◄↑↓→←▲▼"}
"""The font that a PC has, which is what the console begins with."""


def written(monkeypatch: pytest.MonkeyPatch, path: Path, terminal: str, *, diff: bool, text: str) -> str:
    """What reaches a terminal of that name when the driver writes a text."""
    monkeypatch.setenv("TERM", terminal)
    with path.open("w", encoding="utf-8") as file:
        monkeypatch.setattr("sys.__stderr__", file)
        driver = driver_class({}, diff=diff)(App())
        driver._file.write(text)
        driver._file.flush()
    return path.read_text(encoding="utf-8")


def test_signs_are_replaced_by_one_cell_of_the_font() -> None:
    for code, sign in CONSOLE.items():
        sign = sign if isinstance(sign, str) else chr(sign)  # noqa: PLW2901 -- `maketrans` gives code points
        assert (cell_len(chr(code)), cell_len(sign), len(sign)) == (1, 1, 1)
        assert sign in FONT
        assert chr(code) not in FONT


def test_dots_become_the_halves_of_the_cell_that_they_are_in() -> None:
    assert "⠀⠁⠛⡀⣤⠤⣿⡇".translate(CONSOLE) == " ▀▀▄▄▄██"
    assert all(code in CONSOLE for code in BRAILLE)


@pytest.mark.parametrize("diff", [True, False])
@pytest.mark.parametrize(
    ("terminal", "shown"), [("linux", "QQQ > sect. ┌─┐ ▄█ ▲"), ("xterm-256color", "QQQ › sect… ╭─╮ ⣤⣿ ▲")]
)
async def test_a_terminal_is_sent_what_it_can_show(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, terminal: str, shown: str, diff: bool
) -> None:
    assert written(monkeypatch, tmp_path / "tty", terminal, diff=diff, text="QQQ › sect… ╭─╮ ⣤⣿ ▲") == shown


def test_a_terminal_without_a_name_is_sent_all() -> None:
    assert not signs_of("")
