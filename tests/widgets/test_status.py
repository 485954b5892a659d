import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.geometry import Region

from tests.widgets.watched import Alone, Watched, picture, texts
from tui.widgets.column import clip, width_of
from tui.widgets.status import SPACING, Segment, StatusBar, fitting

SEGMENTS = [
    Segment("name", "outpace", "title", priority=5),
    Segment("view", "Rotation", priority=1),
    Segment("source", "Yahoo", "muted"),
    Segment("state", "LIVE", "up", "right", priority=9),
    Segment("clock", "09:47:12", "", "right", priority=4),
]


class WatchedStatus(Watched, StatusBar):
    pass


class Shown:
    def __init__(self, segments=(), *, size=(60, 3)):
        self.status = WatchedStatus(segments)
        self.test = Alone(self.status).run_test(size=size)

    async def __aenter__(self):
        self.pilot = await self.test.__aenter__()
        await self.pilot.pause()
        picture(self.status)
        self.status.take_painted()
        return self.status, self.pilot

    async def __aexit__(self, *error):
        await self.test.__aexit__(*error)


def changed(key, text):
    return [Segment(s.key, text, s.role, s.align, s.priority) if s.key == key else s for s in SEGMENTS]


async def test_status_when_shown_then_segments_stand_at_both_ends():
    async with Shown(SEGMENTS) as (status, _):
        assert texts(status) == ["outpace  Rotation  Yahoo" + " " * 22 + "LIVE  09:47:12"]


async def test_status_when_the_clock_ticks_then_refreshes_its_last_digit_alone():
    async with Shown(SEGMENTS) as (status, pilot):
        status.show(changed("clock", "09:47:13"))
        await pilot.pause()

        assert status.take_painted() == [Region(59, 0, 1, 1)]


async def test_status_when_nothing_changes_then_refreshes_nothing():
    async with Shown(SEGMENTS) as (status, pilot):
        status.show(list(SEGMENTS))
        await pilot.pause()

        assert status.take_painted() == []


async def test_status_when_a_role_changes_then_refreshes_the_segment():
    async with Shown(SEGMENTS) as (status, _):
        status.show([*SEGMENTS[:3], Segment("state", "LIVE", "error", "right", 9), SEGMENTS[4]])

        assert status.take_painted() == [Region(46, 0, 4, 1)]


async def test_status_when_it_gets_narrow_then_the_least_important_go_first():
    async with Shown(SEGMENTS) as (status, pilot):
        seen = []
        for width in (40, 34, 22, 10, 3):
            await pilot.resize_terminal(width, 3)
            await pilot.pause()
            seen.append(texts(status)[0].split())

        assert seen == [
            ["outpace", "Rotation", "Yahoo", "LIVE", "09:47:12"],
            ["outpace", "Rotation", "LIVE", "09:47:12"],
            ["outpace", "LIVE"],
            ["LIVE"],
            ["LI…"],
        ]


async def test_status_when_text_is_hostile_then_the_line_stays_whole():
    async with Shown([Segment("a", "x\x1b[2J\ny"), Segment("b", "日本語", align="right")]) as (status, _):
        assert texts(status) == ["x\ufffd[2J y" + " " * 47 + "日本語"]
        assert len(picture(status)[0]) == 60


@pytest.mark.parametrize("segments", [[], [Segment("a", "")]])
async def test_status_when_there_is_nothing_to_say_then_the_line_is_blank(segments):
    async with Shown(segments, size=(1, 1)) as (status, _):
        assert texts(status) == [""]


@given(
    segments=st.lists(
        st.builds(Segment, st.text(max_size=2), st.text(max_size=8), priority=st.integers(0, 3)), max_size=8
    ),
    width=st.integers(1, 40),
)
def test_fitting_when_given_any_segments_then_they_fit_and_the_important_stay(segments, width):
    kept = fitting(segments, width)

    assert kept == [segment for segment in segments if any(segment is one for one in kept)]
    assert len(kept) <= 1 or sum(width_of(clip(s.text, width)) + SPACING for s in kept) - SPACING <= width
    assert bool(kept) == any(segment.text for segment in segments)
    dropped = [s.priority for s in segments if s.text and s not in kept]
    assert not dropped or max(dropped) <= min(s.priority for s in kept)
