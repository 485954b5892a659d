"""The plane of four quadrants: where points lie, what is left out, and what a change costs."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual.app import App

from tui.widgets.scatter import HEAD, Plane, Scatter, Trail, draw

CORNERS = ("north east", "south east", "south west", "north west")


def plane(*trails: Trail, message: str = "") -> Plane:
    return Plane(trails, (100.0, 100.0), CORNERS, ("x", "y"), lambda value: f"{value:.1f}", message)


def texts(shown: Plane, width: int = 60, height: int = 21) -> list[str]:
    return [row.text for row in draw(shown, width, height)]


def place(lines: list[str], sign: str) -> tuple[int, int]:
    return next((row, line.index(sign)) for row, line in enumerate(lines) if sign in line)


@pytest.mark.parametrize(
    ("point", "right", "above"),
    [((101, 101), True, True), ((101, 99), True, False), ((99, 99), False, False), ((99, 101), False, True)],
)
def test_a_head_lies_in_its_quadrant_with_its_label_beside_it(point, right, above):
    lines = texts(plane(Trail("IWM", [point]), Trail("far", [(110, 110)]), Trail("low", [(90, 90)])))
    row, _ = place(lines, "IWM")
    assert (lines[row].index(HEAD) >= 30, row <= 9) == (right, above)


def test_the_corners_and_the_reach_are_named():
    lines = texts(plane(Trail("IWM", [(102, 101)])))
    assert lines[0].startswith("north west")
    assert lines[0].endswith("north east")
    assert lines[-2].startswith("south west")
    assert lines[-2].endswith("south east")
    assert lines[-1].split() == ["97.6", "x", "→", "y", "↑", "to", "101.2", "102.4"]
    assert "┼" in lines[10]


def test_a_trail_is_a_line_of_dots_from_its_oldest_point_to_its_head():
    lines = texts(plane(Trail("A", [(96, 96), (104, 104)])))
    dots = [(row, column) for row, line in enumerate(lines) for column, sign in enumerate(line) if "⠀" < sign <= "⣿"]
    assert len(dots) > 20
    assert min(dots)[1] > max(dots)[1]
    assert place(lines, HEAD)[0] <= 1


def test_without_points_there_is_only_the_message():
    assert [line.strip() for line in texts(plane(Trail("A", []), message="nothing yet")) if line.strip()] == [
        "nothing yet"
    ]


def test_in_a_small_place_there_are_words():
    assert any("A 101.0, 99.0" in line for line in texts(plane(Trail("A", [(101, 99)])), 15, 4))


points = st.tuples(st.floats(50, 150), st.floats(50, 150) | st.just(float("nan")))
trails = st.lists(
    st.builds(Trail, st.sampled_from(["IWM", "QQQS", "^RUT", "年"]), st.lists(points, max_size=6)), max_size=8
)


@given(trails, st.integers(0, 80), st.integers(0, 30))
@settings(max_examples=150, deadline=None)
def test_any_points_in_any_place_fill_it_exactly(many, width, height):
    rows = draw(plane(*many), width, height)
    assert [(len(row.text), len(row.codes)) for row in rows] == [(width, width)] * height


class Counted(Scatter):
    regions: tuple = ()

    def refresh(self, *regions, **options):
        self.regions = (*self.regions, *regions)
        return super().refresh(*regions, **options)


class Alone(App):
    def compose(self):
        yield Counted()


async def test_the_same_points_again_repaint_nothing_and_a_moved_head_only_its_cells():
    app = Alone()
    async with app.run_test(size=(60, 21)) as pilot:
        scatter = app.query_one(Counted)
        far = Trail("far", [(110, 110)])
        scatter.show(plane(far, Trail("IWM", [(98, 98)])))
        await pilot.pause()
        scatter.regions = ()
        scatter.show(plane(far, Trail("IWM", [(98, 98)])))
        assert scatter.regions == ()
        scatter.show(plane(far, Trail("IWM", [(98.5, 98)])))
        assert 0 < sum(region.area for region in scatter.regions) < 20
        assert scatter.plane is not None
