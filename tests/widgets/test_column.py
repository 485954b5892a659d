from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tui.widgets.column import (
    GAP,
    Column,
    Slot,
    captions,
    column_at,
    first_difference,
    first_showing,
    fit,
    lay_out,
    safe,
    titles,
    total_width,
)

COLUMNS = (
    Column("symbol", "Symbol", 6, align="left", fixed=True),
    Column("last", "Last", 7),
    Column("day", "1D", 6, group="change"),
    Column("week", "1W", 6, group="change"),
    Column("note", "Note", 10, align="left"),
)
signs = st.text(st.one_of(st.characters(), st.sampled_from("aZ9 日本語🙂é…\x1b\n\t\u202e\ud800")), max_size=30)


@given(text=signs, width=st.integers(0, 20), align=st.sampled_from(["left", "right", "center"]))
def test_fit_when_given_any_text_then_takes_exactly_the_width_and_is_safe(text, width, align):
    fitted = fit(text, width, align)

    assert width == cell_len(fitted)
    assert all(sign.isprintable() for sign in fitted)
    fitted.encode()


def test_fit_when_text_is_too_long_then_ends_in_an_ellipsis():
    assert fit("213.14", 5, "right") == "213.…"
    assert fit("213.14", 1, "right") == "…"
    assert fit("日本語", 4) == "日… "
    assert fit("日本語", 4, "right") == " 日…"


def test_fit_when_text_is_shorter_then_aligns_it():
    assert fit("ab", 5) == "ab   "
    assert fit("ab", 5, "right") == "   ab"
    assert fit("ab", 5, "center") == " ab  "


def test_safe_when_text_has_controls_then_replaces_them():
    assert safe("a\x1b[31mb\x07") == "a\ufffd[31mb\ufffd"
    assert safe("a\tb\nc\xa0d") == "a b c d"
    assert safe("a\u202eb\ud800") == "a\ufffdb\ufffd"
    assert safe("日本 +1.72 ▲") == "日本 +1.72 ▲"


@given(width=st.integers(0, 60), first=st.integers(0, 6))
def test_lay_out_when_the_line_is_any_width_then_slots_are_in_order_and_inside(width, first):
    slots = lay_out(COLUMNS, width, first)

    assert all(slot.width > 0 and slot.x + slot.width <= width for slot in slots)
    assert all(one.x + one.width + GAP <= two.x for one, two in pairwise(slots))
    assert all(slot.width == COLUMNS[slot.column].width for slot in slots[:-1])
    assert not slots or slots[0].column == 0


def test_lay_out_when_all_fits_then_shows_all_columns_and_stretches_none():
    slots = lay_out(COLUMNS, total_width(COLUMNS) + 20)

    assert [column.width for column in COLUMNS] == [slot.width for slot in slots]
    assert total_width(COLUMNS) == slots[-1].x + slots[-1].width


@given(width=st.integers(0, 60), first=st.integers(0, 6), target=st.integers(0, 4))
def test_first_showing_when_there_is_room_then_the_target_is_whole(width, first, target):
    found = first_showing(COLUMNS, width, first, target)

    whole = {slot.column for slot in lay_out(COLUMNS, width, found) if slot.width == COLUMNS[slot.column].width}
    alone = total_width(COLUMNS[:1]) + (COLUMNS[target].width + GAP if target else 0)
    assert target in whole or width < alone


def test_captions_when_a_group_is_partly_scrolled_out_then_spans_what_is_left():
    whole = captions(COLUMNS, lay_out(COLUMNS, 60))
    cut = captions(COLUMNS, lay_out(COLUMNS, 60, 3))

    assert whole == [(18, "── change ───"[:13])]
    assert cut == [(10, "change")]


def test_titles_when_a_right_aligned_column_is_sorted_then_its_title_keeps_its_place():
    slots = (Slot(2, 10, 2),)

    assert titles(COLUMNS, slots, None) == [(Slot(2, 10, 2), "1D")]
    assert titles(COLUMNS, slots, ("day", True)) == [(Slot(2, 9, 3), "▼1D")]
    assert titles(COLUMNS, slots, ("day", False)) == [(Slot(2, 9, 3), "▲1D")]


def test_titles_when_a_left_aligned_column_is_sorted_then_the_arrow_follows():
    (titled,) = titles(COLUMNS, (Slot(0, 3, 6),), ("symbol", False))

    assert titled == (Slot(0, 2, 7), " Symb…▲")


def test_column_at_when_between_columns_then_the_gap_belongs_to_the_next():
    slots = lay_out(COLUMNS, 60)

    assert column_at(slots, 0) is None
    assert column_at(slots, 2) == 0
    assert column_at(slots, 8) == 0
    assert column_at(slots, 9) == 1
    assert column_at(slots, 59) is None


def test_first_difference_when_texts_share_a_start_then_is_after_it():
    assert first_difference("213.14", "213.15") == 5
    assert first_difference(" 99.98", "100.02") == 0
    assert first_difference("ab", "ab") == 2
