from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tui.widgets.pen import Pen, difference

BASE = Style.parse("white on black")
UP = Style.parse("green on black")
CURSOR = Style.parse("white on blue")
LINE = Style.parse("underline white on black")


def segments(pen, width):
    return [(segment.text, segment.style) for segment in pen.strip(width)]


def test_pen_when_blanks_look_the_same_then_they_join_the_run_before_them():
    pen = Pen(BASE)
    pen.write("  1.72", UP)
    pen.move_to(8)
    pen.write("x ", BASE)

    assert segments(pen, 12) == [("  1.72  ", UP), ("x   ", BASE)]


def test_pen_when_blanks_look_different_then_they_keep_their_style():
    pen = Pen(BASE)
    pen.write(" a ", CURSOR)
    pen.move_to(5)
    pen.write(" b", LINE)

    assert segments(pen, 8) == [(" a ", CURSOR), ("  ", BASE), (" b", LINE), (" ", BASE)]


def test_pen_when_text_is_wide_then_counts_its_cells():
    pen = Pen(BASE)
    pen.write("日本", BASE)

    assert pen.x == 4
    assert pen.strip(6).cell_length == 6


def test_pen_when_nothing_was_written_then_fills_the_line():
    assert segments(Pen(BASE), 3) == [("   ", BASE)]
    assert segments(Pen(BASE), 0) == []


def test_difference_when_strips_differ_then_is_the_span_that_does():
    old = Strip([Segment("09:30:14 ", UP), Segment("日x", BASE)])

    assert difference(old, Strip([Segment("09:30:15 ", UP), Segment("日x", BASE)])) == (7, 8)
    assert difference(old, Strip([Segment("09:30:14", UP), Segment(" 本x", BASE)])) == (9, 11)
    assert difference(old, Strip([Segment("09:30:14", UP), Segment(" 日x", BASE)])) is None
    assert difference(old, Strip([Segment("09", UP)])) == (0, 12)
