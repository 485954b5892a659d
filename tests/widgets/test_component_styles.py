"""Component styles are worked out when they may be others, and are then those that Textual would work out."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual.app import App, ComposeResult
from textual.css.stylesheet import Stylesheet
from textual.dom import DOMNode
from textual.pilot import Pilot
from textual.widget import Widget

from tests.waiting import until_idle
from tui.widgets.grid import Grid


class Two(App[None]):
    """Two lists, of which one has the keys."""

    def compose(self) -> ComposeResult:
        for name in ("one", "two"):
            yield Grid(id=name)


class Count:
    """How many parts of lists were given styles, since it was asked last."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._parts = 0
        apply = Stylesheet.apply

        def counted(sheet: Stylesheet, node: DOMNode, **options: object) -> None:
            self._parts += isinstance(node._parent, Grid) and not isinstance(node, Widget)
            apply(sheet, node, **options)

        monkeypatch.setattr(Stylesheet, "apply", counted)

    def taken(self) -> int:
        parts, self._parts = self._parts, 0
        return parts


@asynccontextmanager
async def shown() -> AsyncIterator[tuple[App[None], Pilot[None]]]:
    app = Two()
    async with app.run_test(size=(40, 12)) as pilot:
        yield app, pilot


async def give_keys(app: App[None], name: str) -> None:
    app.query_one(f"#{name}").focus()
    await until_idle()


def looks(app: App[None]) -> dict[str, dict[str, dict[str, object]]]:
    """The rules of every part of both lists."""
    return {
        str(grid.id): {name: dict(styles.get_rules()) for name, styles in grid._component_styles.items()}
        for grid in app.query(Grid)
    }


def worked_out(app: App[None]) -> dict[str, dict[str, dict[str, object]]]:
    """The same, from nothing."""
    for grid in app.query(Grid):
        grid._styled = None
        app.stylesheet.apply(grid)
    return looks(app)


async def test_styles_when_the_keys_go_and_come_again_then_those_of_before_are_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    count = Count(monkeypatch)
    async with shown() as (app, _):
        for name in ("one", "two", "one"):
            await give_keys(app, name)
        count.taken()
        for name in ("two", "one", "two", "one"):
            await give_keys(app, name)
            assert count.taken() == 0
            assert [len(grid._otherwise or ()) for grid in app.query(Grid)] == [1, 1], "nothing is kept twice"
            taken = looks(app)
            assert taken["one"]["grid--cursor"] != taken["two"]["grid--cursor"]
            assert taken == worked_out(app)
            count.taken()
            # What was worked out from nothing has forgotten the other state.
            for each in ("one", "two", name):
                await give_keys(app, each)
            count.taken()


async def test_styles_when_the_theme_is_another_then_none_of_before_come_back() -> None:
    async with shown() as (app, _):
        for name in ("one", "two", "one"):
            await give_keys(app, name)
        before = looks(app)
        app.theme = "textual-light"
        await until_idle()
        for name in ("two", "one"):
            await give_keys(app, name)
            taken = looks(app)
            assert taken["one"]["grid--up"] != before["one"]["grid--up"]
            assert taken == worked_out(app)


async def test_styles_when_another_screen_brings_rules_then_only_those_of_the_parts_count(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    count = Count(monkeypatch)
    async with shown() as (app, _):
        await give_keys(app, "one")
        count.taken()
        app.stylesheet.add_source("Label { color: red; }", ("others", ""))
        app.stylesheet.update(app.screen)
        assert count.taken() == 0
        app.stylesheet.add_source(".grid--up { text-style: underline; }", ("parts", ""))
        app.stylesheet.update(app.screen)
        assert count.taken() > 0
        assert all(parts["grid--up"]["text_style"].underline for parts in looks(app).values())


async def test_styles_when_the_keys_come_to_a_list_that_was_taken_off_then_nothing_is_missed() -> None:
    async with shown() as (app, _):
        for name in ("one", "two", "one"):
            await give_keys(app, name)
        grid = app.query_one("#one", Grid)
        await grid.remove()
        grid.set_reactive(Widget.has_focus, not grid.has_focus)
        assert grid._get_component_classes() >= {"grid--cursor"}
