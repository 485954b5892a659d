"""Conditions under a name: the file, its comments, and what is said of a broken one."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.analytics.events import parse
from tui.saved_events import BUILT_IN, FILE, SavedEventError, SavedEvents


@pytest.fixture
def saved(tmp_path: Path) -> SavedEvents:
    return SavedEvents(tmp_path / "outpace" / FILE)


def written(saved: SavedEvents, text: str) -> SavedEvents:
    saved.path.parent.mkdir(exist_ok=True)
    saved.path.write_bytes(text.encode())
    return saved


def test_built_in_conditions_can_be_read_and_are_canonical():
    assert {name: str(parse(text)) for name, text in BUILT_IN.items()} == BUILT_IN


def test_without_a_file_the_built_in_ones_are_there_and_nothing_is_written(saved: SavedEvents):
    saved.load()
    assert saved.all() == BUILT_IN
    assert saved.problems() == {}
    assert not saved.path.exists()


def test_a_saved_condition_is_there_for_the_next_program(saved: SavedEvents):
    assert saved.save("Mine", "IWM.1d > 3%") is False
    assert saved.save("Mine", "IWM.1d > 4%") is True
    other = SavedEvents(saved.path)
    other.load()
    assert other.all() == {**BUILT_IN, "Mine": "IWM.1d > 4%"}
    assert other.get("mine") == "IWM.1d > 4%"


def test_a_change_keeps_comments_order_and_line_ends(saved: SavedEvents):
    text = '# mine\r\n"A b" = "IWM.1d > 3%"  # why\r\n\r\n# last\r\nz = "SPY.1d < 0"\r\n'
    written(saved, text).load()
    saved.save("new", "SPY.1d > 1%")
    changed = saved.path.read_bytes().decode()
    assert changed == text + 'new = "SPY.1d > 1%"\r\n'
    saved.delete("new")
    assert saved.path.read_bytes().decode() == text


def test_two_programs_lose_nothing(saved: SavedEvents):
    other = SavedEvents(saved.path)
    saved.save("one", "IWM.1d > 3%")
    other.save("two", "SPY.1d > 3%")
    saved.save("three", "QQQ.1d > 3%")
    assert list(saved.all())[-3:] == ["one", "two", "three"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('a = "IWM.1d > 3%"\nb = IWM.1d > 3%\n', "line 2: b: "),
        ('a = "IWM.1d > 3%"\n\nb = 3\n', "line 3: b is no condition; expected"),
        ('[a]\ncondition = "IWM.1d > 3%"\n', "line 1: a is no condition"),
        ('a = "x"\na = "y"\n', "line 2"),
    ],
)
def test_a_broken_file_is_named_with_its_line_and_never_written(saved: SavedEvents, text: str, says: str):
    written(saved, text)
    with pytest.raises(SavedEventError) as caught:
        saved.load()
    assert str(caught.value).startswith(str(saved.path))
    assert says in str(caught.value)
    with pytest.raises(SavedEventError):
        saved.save("new", "IWM.1d > 3%")
    assert saved.path.read_text() == text


def test_a_condition_that_cannot_be_read_is_told_with_its_line_and_the_others_stay(saved: SavedEvents):
    written(saved, 'good = "IWM.1d > 3%"\n\nbad = "IWM.1d > 3"\n').load()
    assert saved.all() == {"good": "IWM.1d > 3%", "bad": "IWM.1d > 3"}
    assert saved.problems() == {"bad": f"{saved.path}, line 3: bad: IWM.1d is a return: write 3%"}


@pytest.mark.parametrize(
    ("name", "says"),
    [("Small caps far above ther mean", "did you mean Small caps far above their mean?"), ("zzzz", "there are Small")],
)
def test_an_unknown_name_is_answered_with_the_nearest(saved: SavedEvents, name: str, says: str):
    with pytest.raises(SavedEventError, match="no condition is saved") as caught:
        saved.get(name)
    assert says in str(caught.value)


@pytest.mark.parametrize("name", ["", " a", "a\nb", "x" * 41])
def test_a_name_that_cannot_be_shown_is_refused(saved: SavedEvents, name: str):
    with pytest.raises(SavedEventError, match="1 to 40 printable"):
        saved.save(name, "IWM.1d > 3%")
    assert not saved.path.exists()


@settings(deadline=None)
@given(name=st.text(st.characters(categories=("L", "N", "P", "S")), min_size=1, max_size=40))
def test_any_printable_name_comes_back(tmp_path_factory, name):
    saved = SavedEvents(tmp_path_factory.mktemp("saved") / FILE)
    saved.save(name, "IWM.1d > 3%")
    again = SavedEvents(saved.path)
    again.load()
    assert again.all()[name] == "IWM.1d > 3%"


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path):
    (tmp_path / "outpace").write_text("a file")
    with pytest.raises(SavedEventError, match="nothing was changed"):
        SavedEvents(tmp_path / "outpace" / FILE).save("a", "IWM.1d > 3%")
