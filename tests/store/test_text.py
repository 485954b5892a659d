import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from tui.store.text import clean


@given(st.text())
def test_clean_when_given_any_text_then_nothing_in_it_commands_a_terminal(text):
    assert not [c for c in clean(text) if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}]


def test_clean_when_text_hides_escapes_and_directions_then_only_letters_stay():
    assert clean("\x1bred\u202e evil\r\nline\ttwo\u2066\x9b").replace("[", "") == "red evil line two"


def test_clean_when_text_is_long_then_it_ends_with_an_ellipsis():
    assert clean("a" * 50, 5) == "aaaa…"
