"""Edits of the text of `watchlists.toml`: what is asked changes, everything else stays."""

import re
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.watchlists_text import appended, block, blocks, rearranged, renamed, with_benchmark, with_symbols, without

FILE = """\
# My file

# small against large
[Rotation]   # the first
benchmark = "SPY"  # the market
symbols = [
    "IWM",  # small caps
    # the big ones
    'SPY', "QQQ",
    "XBI",   # bio
]   # end

# others
["My [own] list"]
symbols = ["A", "B"]  # two
"""

SYMBOLS = [f"S{n}" for n in range(12)]
comments = st.sampled_from(["", "  # one", ' # a, "b" ]'])
spaces = st.sampled_from(["", " ", "\n", "\n    ", "\n  # own line\n  "])


@st.composite
def arrays(draw):
    """An array as people write them, and its symbols."""
    symbols = draw(st.lists(st.sampled_from(SYMBOLS), unique=True, max_size=6))
    text, commented = "[", False
    for number, symbol in enumerate(symbols):
        comment = draw(comments)
        quote = draw(st.sampled_from("\"'"))
        comma = "," if number < len(symbols) - 1 or draw(st.booleans()) else ""
        text += ("\n" if commented else "") + draw(spaces) + f"{quote}{symbol}{quote}{comma}{comment}"
        commented = bool(comment)
    line_end = "\n" if commented else ""
    return f"{text}{line_end}{draw(spaces)}]", symbols


def values(array: str) -> list[str]:
    return tomllib.loads(f"x = {array}")["x"]


@given(arrays())
def test_rearranged_to_what_it_is_changes_no_character(array_and_symbols):
    array, symbols = array_and_symbols

    assert array == rearranged(array, symbols)


@given(arrays(), st.lists(st.sampled_from(SYMBOLS), unique=True))
def test_rearranged_to_any_symbols_has_exactly_these_in_order(array_and_symbols, wanted):
    array, _ = array_and_symbols

    assert wanted == values(rearranged(array, wanted))


@given(arrays(), st.lists(st.sampled_from(SYMBOLS), unique=True))
def test_rearranged_to_any_symbols_keeps_the_comments_on_lines_of_their_own(array_and_symbols, wanted):
    array, _ = array_and_symbols

    assert array.count("# own line") == rearranged(array, wanted).count("# own line")


@given(arrays(), st.randoms(use_true_random=False))
def test_rearranged_to_another_order_keeps_every_comment_behind_its_symbol(array_and_symbols, random):
    array, symbols = array_and_symbols
    order = random.sample(symbols, len(symbols))

    def behind(text: str) -> dict[str, str]:
        return {
            found[1]: found[2].strip() for found in re.finditer(r"""["'](S\d+)["'],?( *#[^\n]*)?""", text) if found[2]
        }

    assert behind(array) == behind(rearranged(array, order))


def test_rearranged_with_a_new_symbol_follows_lines_of_one_each():
    assert rearranged('[\n  "A", # x\n  "B"\n]', ["A", "B", "C"]) == '[\n  "A", # x\n  "B",\n  "C"\n]'


def test_rearranged_with_many_new_symbols_breaks_its_lines():
    symbols = [f"SYM{n}" for n in range(60)]
    text = rearranged("[]", symbols)

    assert symbols == values(text)
    assert max(map(len, text.split("\n"))) <= 105


def test_rearranged_when_a_symbol_is_spelled_with_escapes_is_still_right():
    assert values(rearranged(r'["\u0041", "B"]', ["B", "A"])) == ["B", "A"]


def test_rearranged_when_a_symbol_stands_twice_keeps_the_first():
    assert rearranged('["A", "b", "A"]', ["A", "B"]) == '["A", "b"]'


def test_blocks_of_a_file_when_joined_are_the_file():
    parts = blocks(FILE)

    assert "".join(part.text for part in parts) == FILE
    assert [part.name for part in parts] == [None, "Rotation", "My [own] list"]


@pytest.mark.parametrize("text", ["", "# only a comment", "\n\n", "[A]", "# x\n[A]\n# y\n[B]\n"])
def test_blocks_of_any_small_file_when_joined_are_the_file(text):
    assert "".join(part.text for part in blocks(text)) == text


def test_with_symbols_changes_only_its_array():
    changed = with_symbols(FILE, "Rotation", ["QQQ", "IWM", "XBI", "TLT"])

    assert changed == FILE.replace(
        """\
    "IWM",  # small caps
    # the big ones
    'SPY', "QQQ",
    "XBI",   # bio
""",
        """\
    "QQQ",
    # the big ones
    "IWM",  # small caps
    "XBI",   # bio
    "TLT",
""",
    )


def test_with_benchmark_in_place_keeps_the_comment_behind_it():
    assert with_benchmark(FILE, "Rotation", "RSP") == FILE.replace('"SPY"  # the market', '"RSP"  # the market')


def test_with_benchmark_when_there_was_none_adds_a_line_below_the_header():
    changed = with_benchmark(FILE, "My [own] list", "QQQ")

    assert changed == FILE.replace('list"]\n', 'list"]\nbenchmark = "QQQ"\n')


def test_with_benchmark_when_the_header_ends_the_file_adds_a_line():
    assert with_benchmark("[A]", "A", "QQQ") == '[A]\nbenchmark = "QQQ"\n'


def test_renamed_changes_only_the_header():
    assert renamed(FILE, "Rotation", 'a "b" ü') == FILE.replace("[Rotation]", '["a \\"b\\" ü"]')
    assert renamed(FILE, "My [own] list", "Own") == FILE.replace('["My [own] list"]', "[Own]")


def test_without_takes_the_list_and_the_comment_above_it():
    assert without(FILE, "Rotation") == '# My file\n\n# others\n["My [own] list"]\nsymbols = ["A", "B"]  # two\n'


def test_appended_to_a_file_stands_behind_a_blank_line():
    assert appended(FILE, block("New", ["X"], "SPY")) == FILE + '\n[New]\nbenchmark = "SPY"\nsymbols = ["X"]\n'
