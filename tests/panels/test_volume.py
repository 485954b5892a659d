"""The parts of the volume screen: the balance bar and the picture of the curve."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.app import App, ComposeResult

from tui.analytics.volume import Share
from tui.analytics.volume_curve import Band, HalfHours, Quartiles
from tui.analytics.volume_flow import Flow, Side
from tui.analytics.volume_unusual import Unusual
from tui.panels.volume_curve import CurveKind, VolumeCurve, curve_picture
from tui.panels.volume_flow import FALLS, RISES, VolumeFlow, flow_texts
from tui.panels.volume_head import day_segments
from tui.studies.volume import VolumeDay
from tui.studies.volume_rows import VolumeRow
from tui.volume_columns import unusual_title
from tui.widgets.column import width_of

SESSION = date(2024, 7, 12)
EVEN = tuple((slot + 1) / 78 for slot in range(78))
NOTHING = Unusual(bound=2.0, window=63, known=0, first=None, last=None, highest=None, days=())


def day_of(*, band: bool = True, half_day: bool = False, final: bool = False) -> VolumeDay:
    quartiles = Quartiles(EVEN, EVEN, EVEN)
    volumes = Quartiles(*(tuple(1000 * share for share in EVEN) for _ in range(3)))
    return VolumeDay(
        symbol="A",
        session=SESSION,
        final=final,
        half_day=half_day,
        tracked_by=None,
        lines=[],
        band=Band(
            symbol="A",
            sessions=20,
            first=SESSION,
            last=SESSION,
            half_days=(),
            shares=quartiles,
            volumes=volumes,
            usual=2000.0,
        )
        if band
        else None,
        why="" if band else "no bars of A",
        hours=HalfHours(Share(0.1292, 594), Share(0.2036, 594), SESSION, SESSION, (SESSION,)),
        held=0.64,
        unusual=NOTHING,
    )


class Alone(App[None]):
    """One balance bar."""

    def __init__(self, flow: Flow) -> None:
        super().__init__()
        self._flow = flow

    def compose(self) -> ComposeResult:
        yield VolumeFlow()

    def on_mount(self) -> None:
        self.query_one(VolumeFlow).show_flow(self._flow)


async def line_of(flow: Flow, width: int) -> str:
    app = Alone(flow)
    async with app.run_test(size=(width, 3)):
        return app.query_one(VolumeFlow).render_line(0).text


@pytest.mark.parametrize(("up", "down", "share"), [(3.0, 1.0, 0.75), (1.0, 0.0, 1.0), (0.0, 1.0, 0.0)])
@pytest.mark.parametrize("width", [40, 80, 200])
async def test_the_bar_is_parted_as_the_dollars_are(up: float, down: float, share: float, width: int) -> None:
    line = await line_of(Flow(Side(up * 1e9, 3), Side(down * 1e9, 1)), width)
    rising, falling = line.count(RISES), line.count(FALLS)
    assert len(line) == width
    assert rising == pytest.approx(share * (rising + falling), abs=0.51)
    assert ("▲" in line, "▼" in line) == (True, True)


async def test_a_small_side_is_still_seen_and_nothing_has_no_bar() -> None:
    line = await line_of(Flow(Side(1e12, 3), Side(1.0, 1)), 80)
    assert line.count(FALLS) == 1
    line = await line_of(Flow(), 80)
    assert RISES not in line
    assert FALLS not in line


@given(
    st.floats(0, 1e15, allow_nan=False),
    st.floats(0, 1e15, allow_nan=False),
    st.integers(0, 3000),
    st.integers(0, 99),
    st.integers(40, 250),
)
def test_the_numbers_leave_room_for_the_bar(up: float, down: float, count: int, unknown: int, width: int) -> None:
    texts = flow_texts(Flow(Side(up, count), Side(down, count), unknown=unknown), width)
    assert sum(map(width_of, texts)) + 2 + 10 <= width


def test_the_curve_begins_at_zero_and_ends_with_what_is_known() -> None:
    picture = curve_picture(day_of(), [100.0, 200.0], CurveKind.SHARE)
    own, median = picture.lines[0], picture.lines[1]
    assert (own.label, list(own.values)) == ("today", [0.0, 5.0, 10.0])
    assert (len(median.values), median.values[-1]) == (79, pytest.approx(100.0))
    assert picture.slots == 79
    assert picture.y_format(12.4) == "12%"
    shares = curve_picture(day_of(final=True), [100.0, 200.0], CurveKind.SHARES)
    assert (shares.lines[0].label, list(shares.lines[0].values)) == ("07-12", [0.0, 100.0, 200.0])
    assert shares.lines[1].values[-1] == pytest.approx(1000.0)


class Curve(App[None]):
    """One curve."""

    def compose(self) -> ComposeResult:
        yield VolumeCurve()


async def test_the_running_slot_is_joined_to_the_bars_and_never_below_them() -> None:
    app = Curve()
    async with app.run_test(size=(80, 20)):
        chart = app.query_one(VolumeCurve)
        chart.show_day(day_of(), [100, 200], (4, 300.0), CurveKind.SHARES)
        assert chart.picture is not None
        assert list(chart.picture.lines[0].values) == [0.0, 100.0, 200.0, None, None, 300.0]
        chart.show_day(day_of(), [100, 200], (2, 150.0), CurveKind.SHARES)
        assert list(chart.picture.lines[0].values) == [0.0, 100.0, 200.0, 200.0]
        chart.show_day(day_of(), [100, 200, 300], (2, 450.0), CurveKind.SHARES)
        assert list(chart.picture.lines[0].values) == [0.0, 100.0, 200.0, 300.0]
        before = chart.picture
        chart.show_day(day_of(), [100, 200, 300], (2, 470.0), CurveKind.SHARES)
        assert chart.picture is before, "the same picture is not drawn again"


async def test_without_a_usual_day_the_reason_is_told_or_the_day_drawn_alone() -> None:
    app = Curve()
    async with app.run_test(size=(80, 20)):
        chart = app.query_one(VolumeCurve)
        chart.show_day(day_of(band=False), [], None, CurveKind.SHARE)
        assert chart.picture is not None
        assert (chart.picture.message, chart.picture.lines) == ("no bars of A", ())
        chart.show_day(day_of(band=False), [5, 9], None, CurveKind.SHARE)
        assert [line.label for line in chart.picture.lines] == ["today"]


def test_the_head_tells_the_half_hours_and_the_half_days() -> None:
    texts = [segment.text for segment in day_segments(VolumeRow(symbol="A", by_mean=2.5), day_of(half_day=True))]
    assert "2.5x the mean" in texts
    assert "half day" in texts
    assert "first ½h 12.92%" in texts
    assert "last ½h 20.36%" in texts
    assert "of 594 full sessions" in texts
    assert "1 half day left out" in texts
    index = [segment.text for segment in day_segments(VolumeRow(symbol="^X", index=True), None)]
    assert index == ["^X", "has no volume of its own"]


def test_the_title_of_the_days_says_the_bound() -> None:
    assert unusual_title(NOTHING) == "0 of 0 sessions at 2x or more"
