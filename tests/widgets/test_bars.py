from math import isnan

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.geometry import Region

from tests.widgets.watched import Alone, Watched, picture, texts
from tui.widgets.bars import BarRow, Bars, bar, share

ROWS = [BarRow("QQQS", 36.8, "36.8", "up"), BarRow("IWM", 1.9, "1.9"), BarRow("^RUT", None, "-", "muted")]


class WatchedBars(Watched, Bars):
    DEFAULT_CSS = "WatchedBars { height: 100%; }"


class Shown:
    def __init__(self, rows, *, size=(50, 4), **options):
        self.bars = WatchedBars(rows, **options)
        self.test = Alone(self.bars).run_test(size=size)

    async def __aenter__(self):
        self.pilot = await self.test.__aenter__()
        await self.pilot.pause()
        self.bars.take_painted()
        return self.bars, self.pilot

    async def __aexit__(self, *error):
        await self.test.__aexit__(*error)


async def test_bars_when_shown_then_the_longest_is_the_largest_and_the_unknown_has_none():
    async with Shown(ROWS) as (bars, _):
        lines = texts(bars)

        assert lines[0] == "QQQS █│" + "█" * 38 + " 36.8"
        assert lines[1] == "IWM  █│▏" + " " * 39 + "1.9"
        assert lines[2] == "^RUT  │" + " " * 42 + "-"
        assert lines[3] == ""


async def test_bars_when_the_scale_is_logarithmic_then_small_values_are_seen():
    async with Shown(ROWS, scale="log") as (bars, _):
        lengths = [line.count("█") + line.count("│") for line in texts(bars)]
        assert lengths == [40, 12, 1, 0]

        bars.scale = "linear"
        assert texts(bars)[1].count("█") == 1


async def test_bars_when_one_value_changes_then_refreshes_only_its_line():
    async with Shown(ROWS) as (bars, _):
        bars.show([ROWS[0], BarRow("IWM", 1.9, "2.0"), ROWS[2]])

        assert bars.take_painted() == [Region(47, 1, 3, 1)]


async def test_bars_when_nothing_changes_then_refreshes_nothing():
    async with Shown(ROWS) as (bars, pilot):
        bars.show(list(ROWS))
        await pilot.pause()

        assert bars.take_painted() == []


async def test_bars_when_a_row_goes_then_its_line_is_blank():
    async with Shown(ROWS) as (bars, _):
        bars.show(ROWS[:2])

        assert {region.y for region in bars.take_painted()} == {2}
        assert texts(bars)[2:] == ["", ""]


@pytest.mark.parametrize("size", [(1, 1), (5, 2), (10, 3), (200, 60)])
@pytest.mark.parametrize("rows", [[], ROWS, ROWS * 40], ids=["none", "three", "many"])
async def test_bars_when_the_size_is_any_then_every_line_fills_it(size, rows):
    async with Shown(rows, size=size) as (bars, pilot):
        assert [len(line) for line in picture(bars)] == [size[0]] * size[1]

        await pilot.resize_terminal(30, 4)
        await pilot.pause()
        assert [len(line) for line in picture(bars)] == [30] * 4


async def test_bars_when_text_is_wide_or_hostile_then_the_line_stays_whole():
    async with Shown([BarRow("日本語", 1.0, "\x1b[2J"), BarRow("a", float("inf"), "∞"), BarRow("b", -1, "-1")]) as (
        bars,
        _,
    ):
        assert all(len(line) == 50 for line in picture(bars))
        assert "\ufffd[2J" in texts(bars)[0]
        assert texts(bars)[2].startswith("b")


@given(st.lists(st.floats(allow_nan=True, allow_infinity=True), min_size=2), st.sampled_from(["linear", "log"]))
def test_share_when_values_are_any_then_it_is_between_nothing_and_all_and_keeps_their_order(values, scale):
    known = [value for value in values if 0 < value < float("inf")]
    most, least = max(known, default=0.0), min(known, default=1.0)
    shares = [(value, share(value, most, scale, least)) for value in values if not isnan(value)]

    assert all(0 <= part <= 1 for _, part in shares)
    assert [part for _, part in sorted(shares)] == sorted(part for _, part in shares)


@given(part=st.floats(0, 1), width=st.integers(0, 50))
def test_bar_when_drawn_then_is_never_longer_than_its_room(part, width):
    assert len(bar(part, width)) <= width
    assert bool(bar(part, width)) == (part > 0 and width > 0)
