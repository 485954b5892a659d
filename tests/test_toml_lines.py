"""Lines and keys of hand-written TOML."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.toml_lines import UnreadableError, line_of, parse, read

TEXT = """\
# keys = "no"
theme = "dark"
yahoo.base = "x"

[keys]   # bound
sort = [
  "o",
]
"quit" = ["q"]

["a.b"]
symbols = []

[c.d]
x = 1
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("theme",), 2),
        (("yahoo", "base"), 3),
        (("yahoo",), 3),
        (("keys",), 5),
        (("keys", "sort"), 6),
        (("keys", "quit"), 9),
        (("keys", "other"), 5),
        (("a.b",), 11),
        (("a.b", "symbols"), 12),
        (("c",), 14),
        (("c", "d", "x"), 15),
        (("nowhere",), None),
    ],
)
def test_line_of_a_key_is_its_own_or_that_of_what_holds_it(path, line):
    assert line_of(TEXT, *path) == line


@pytest.mark.parametrize(
    ("text", "line", "key"),
    [
        ("a = 1\nb = \n", 2, "b"),
        ("a = 1\n[b\n", 2, "[b"),
        ("a = 1\na = 2\n", 2, "a"),
        ("a = [1,\n\n", 1, "a"),
        ("\x1b[31m", 1, "[31m"),
        ("x" * 100, 1, "x" * 40),
    ],
)
def test_parse_of_what_is_no_toml_tells_line_and_key(text, line, key):
    with pytest.raises(UnreadableError) as error:
        parse(text)

    assert (line, key) == (error.value.line, error.value.key)
    assert "line" not in str(error.value)


def test_read_of_a_file_with_a_byte_order_mark_leaves_the_mark_out(tmp_path):
    (tmp_path / "x.toml").write_bytes(b"\xef\xbb\xbfa = 1\n")

    assert read(tmp_path / "x.toml") == "a = 1\n"


def test_read_of_bytes_that_are_no_text_tells_the_line(tmp_path):
    (tmp_path / "x.toml").write_bytes(b'a = 1\nb = "\xff"\n')

    with pytest.raises(UnreadableError) as error:
        read(tmp_path / "x.toml")

    assert error.value.line == 2


@given(st.text())
def test_parse_of_any_text_gives_a_table_or_a_line_of_it(text):
    try:
        table, line = parse(text), 1
    except UnreadableError as error:
        table, line = {}, error.line

    assert isinstance(table, dict)
    assert 1 <= line <= text.count("\n") + 1
