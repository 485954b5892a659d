"""The one table of keys."""

import pytest

from tui.keys import KEYS, clashes, keymap, shown


def test_no_two_keys_of_one_screen_clash() -> None:
    assert clashes() == []


def test_every_id_is_used_once() -> None:
    ids = [key.id for key in KEYS]
    assert len(ids) == len(set(ids))


def test_every_key_says_what_it_does() -> None:
    assert all(key.label and key.help and key.help[0].isupper() for key in KEYS)


def test_a_rebound_key_is_translated_to_textuals_names() -> None:
    assert keymap({"filter": ["/", "o"]}) == {"filter": "slash,o"}


def test_a_rebound_key_that_is_taken_names_the_other_one() -> None:
    with pytest.raises(ValueError, match=r"sort: 'q' is already used by quit|quit: 'q' is already used by sort"):
        keymap({"sort": ["q"]})


def test_an_unknown_id_lists_the_known_ones() -> None:
    with pytest.raises(ValueError, match="no such key id; expected one of .*sort"):
        keymap({"sorting": ["o"]})


@pytest.mark.parametrize(("key", "text"), [("ctrl+d", "^d"), ("slash", "/"), ("enter", "Enter"), ("j", "j")])
def test_keys_are_shown_as_people_know_them(key: str, text: str) -> None:
    assert shown(key) == text
