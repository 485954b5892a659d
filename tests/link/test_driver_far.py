"""The emulator that the other tests trust."""

from pyte.screens import Char

from tests.link.far import Far


def test_the_far_end_sees_what_pyte_leaves_out() -> None:
    far = Far(6, 2)
    far.feed("\x1b[2mdim\x1b[0m\x1b[2;1H漢字\x1b[2;2Hx\x1b]8;id=1;u\x1b\\y\x1b]8;;\x1b\\z")
    cells = far.cells()
    assert cells[0][0] == Char("d", fg="default|2|")
    assert [cell.data for cell in cells[1]] == [" ", "x", "y", "z", " ", " "]
    assert (cells[1][2].fg, cells[1][3].fg) == ("default||id=1;u", "default")
