"""Tests of when garbage is looked for."""

import ctypes
import gc
import sys
import weakref
from pathlib import Path

import pytest
from textual.css.stylesheet import Stylesheet
from textual.strip import Strip

from tests.face import app_over, demo, opened, press, text
from tui import sweep
from tui.app import MANY_LOADED
from tui.sweep import (
    AFTERMATH_SECONDS,
    EVERY_SECONDS,
    LATE_SECONDS,
    LONGEST_SECONDS,
    MUCH,
    QUIET_SECONDS,
    SOME,
    SOON_SECONDS,
    Sweeper,
    by_hand,
)
from tui.widgets.painted import REMEMBERED


class Clock:
    """A clock under a test's hand."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_everything_is_looked_through_now_and_then_and_not_while_keys_come() -> None:
    clock = Clock()
    sweeper = Sweeper(clock, blocks=lambda: 0)
    assert not sweeper.look()
    clock.now += EVERY_SECONDS
    sweeper.key()
    assert not sweeper.look()
    clock.now += QUIET_SECONDS
    assert sweeper.look()
    assert not sweeper.look()
    clock.now += EVERY_SECONDS - 1
    assert not sweeper.look()
    clock.now += 1
    assert sweeper.look()


def test_who_never_stops_typing_has_it_done_all_the_same() -> None:
    clock = Clock()
    sweeper = Sweeper(clock, blocks=lambda: 0)
    looks = 0
    for _ in range(round(2 * LONGEST_SECONDS)):
        clock.now += 1
        sweeper.key()
        looks += sweeper.look()
    assert looks == 2


def test_much_garbage_is_not_put_off_for_long() -> None:
    clock, held = Clock(), [1_000_000]
    sweeper = Sweeper(clock, blocks=lambda: held[0])
    held[0] += MUCH + 1
    clock.now += SOON_SECONDS - 1
    assert not sweeper.look()
    clock.now += 1
    assert sweeper.look()
    clock.now += LATE_SECONDS
    assert not sweeper.look(), "no more than after the last look"
    held[0] += MUCH + 1
    sweeper = Sweeper(clock, blocks=lambda: held[0])
    held[0] += MUCH + 1
    clock.now += LATE_SECONDS - 1
    sweeper.key()
    assert not sweeper.look()
    clock.now += 1
    sweeper.key()
    assert sweeper.look()


def test_what_keys_have_left_is_looked_for_once_in_the_pause_after_them() -> None:
    clock, held = Clock(), [1_000_000]
    sweeper = Sweeper(clock, blocks=lambda: held[0])
    held[0] += SOME + 1
    clock.now += SOON_SECONDS
    assert not sweeper.owes
    assert not sweeper.look(), "so much is what figures leave in a while"
    for _what in ("the key itself", "what followed from it"):
        sweeper.key()
        assert sweeper.owes
        assert not sweeper.look()
        clock.now += QUIET_SECONDS
        assert sweeper.look()
        assert not sweeper.owes
        held[0] += SOME + 1
        clock.now += SOON_SECONDS
    clock.now += AFTERMATH_SECONDS
    assert sweeper.look()
    held[0] += SOME + 1
    clock.now += SOON_SECONDS
    assert not sweeper.owes
    assert not sweeper.look()


def test_what_is_no_longer_in_use_does_not_hide_what_has_come_since() -> None:
    clock, held = Clock(), [1_000_000]
    sweeper = Sweeper(clock, blocks=lambda: held[0])
    held[0] -= MUCH
    assert not sweeper.look()
    held[0] += MUCH + 1
    clock.now += SOON_SECONDS
    assert sweeper.look()


def test_what_keeps_itself_is_gone_after_a_look() -> None:
    class Node:
        me: object

    node = Node()
    node.me = node
    seen = weakref.ref(node)
    del node
    clock = Clock()
    sweeper = Sweeper(clock)
    clock.now += EVERY_SECONDS
    assert sweeper.look()
    assert seen() is None


def test_what_stays_is_put_out_of_sight_in_the_next_pause_without_the_garbage() -> None:
    class Node:
        me: object

    clock = Clock()
    sweeper = Sweeper(clock, blocks=lambda: 0)
    node = Node()
    node.me = node
    seen = weakref.ref(node)
    sweeper.key()
    sweeper.keep()
    before = gc.get_freeze_count()
    gc.disable()
    try:
        del node
        assert not sweeper.look(), "a key was pressed"
        clock.now += QUIET_SECONDS
        assert sweeper.look()
        assert seen() is None, "it would stay for good"
        assert gc.get_freeze_count() > before
        kept = gc.get_freeze_count()
        clock.now += EVERY_SECONDS
        assert sweeper.look()
        assert gc.get_freeze_count() <= kept, "once"
    finally:
        gc.enable()
        gc.unfreeze()


async def test_a_long_list_is_put_out_of_sight_once_it_is_loaded_and_a_symbol_more_is_not(tmp_path: Path) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app, (80, 24)):
        assert app.engine is not None
        kept: list[int] = []
        app._sweeper.keep = lambda: kept.append(len(app.engine.loader.baselines))  # type: ignore[method-assign, union-attr]
        app._sweeper.sweep = lambda: None  # type: ignore[method-assign]
        one = next(iter(app.engine.loader.baselines.values()))
        loaded = []
        for more in (0, 1, 1, MANY_LOADED - 4, 1, MANY_LOADED):
            app.engine.loader.baselines |= {f"X{len(app.engine.loader.baselines)}-{n}": one for n in range(more)}
            loaded.append(len(app.engine.loader.baselines))
            app._has_loaded()
        assert kept == [loaded[0], loaded[5]]


def test_what_is_new_is_looked_at_as_often_as_ever() -> None:
    before = gc.get_threshold()
    try:
        by_hand()
        assert gc.get_threshold()[:2] == before[:2]
        assert gc.get_threshold()[2] > 1000
    finally:
        gc.set_threshold(*before)


def test_memory_is_given_back_where_the_system_has_a_way(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[int] = []
    monkeypatch.setattr(sweep, "_library", {"malloc_trim": given.append}.get)
    clock = Clock()
    sweeper = Sweeper(clock)
    sweeper.look()
    assert given == []
    clock.now += EVERY_SECONDS
    sweeper.look()
    assert given == [0]


def test_a_system_without_a_way_to_give_memory_back_keeps_it(monkeypatch: pytest.MonkeyPatch) -> None:
    sweep._library.cache_clear()
    with monkeypatch.context() as patched:
        patched.setattr(ctypes, "CDLL", lambda _name: object())
        sweep.give_back()
        sweep.share()
        assert sweep._library("malloc_trim")(0) == 0
    sweep._library.cache_clear()


def test_threads_take_memory_from_one_place(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[int, int]] = []
    monkeypatch.setattr(sweep, "_library", {"mallopt": lambda *words: told.append(words)}.get)
    sweep.share()
    assert told == [(-8, 1)]


async def test_dialogs_that_were_closed_leave_no_drawn_lines_behind(tmp_path: Path) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app, (120, 40)) as pilot:
        kept = []
        for _ in range(4):
            for _ in range(3):
                await press(app, pilot, "question_mark", "escape", "i", "escape")
            app._sweeper._swept_at -= LONGEST_SECONDS
            assert app._sweeper.look()
            kept.append(sum(isinstance(each, Strip) for each in gc.get_objects()))
        assert kept[-1] < kept[0] + 200


async def test_screens_that_were_left_keep_no_drawn_lines(tmp_path: Path) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app, (120, 40)) as pilot:
        await press(app, pilot, *"2345612345612")
        app._sweeper._swept_at -= LONGEST_SECONDS
        assert app._sweeper.look()
        assert sum(isinstance(each, Strip) for each in gc.get_objects()) < 1_500
        shown = text(app)
        app.screen.refresh()
        await pilot.pause()
        assert text(app) == shown


async def test_themes_that_were_looked_at_leave_no_rules_behind(tmp_path: Path) -> None:
    """Each has all rules anew, three megabytes of them, and a screen that is kept is not styled until it is shown again."""
    app = app_over(demo(), tmp_path)
    async with opened(app, (120, 40)) as pilot:
        await press(app, pilot, "2", "3", "1")
        before = [app.stylesheet.rules]
        await press(app, pilot, "t", "down", "down")
        before.append(app.stylesheet.rules)
        await press(app, pilot, "escape")
        gc.collect()
        assert all(rules is not app.stylesheet.rules for rules in before)
        # The list, the loop's variable and the argument.
        assert [sys.getrefcount(rules) for rules in before] == [3, 3]


async def test_themes_that_are_looked_through_are_swept_one_by_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three in half a second would be nine megabytes at once, of which not all goes back to the system."""
    app = app_over(demo(), tmp_path)
    async with opened(app, (120, 40)) as pilot:
        await press(app, pilot, "t")
        swept: list[str] = []
        monkeypatch.setattr(app._sweeper, "sweep", lambda: swept.append(app.theme))
        themes = [app.theme]
        for _ in range(2):
            await press(app, pilot, "down")
            themes.append(app.theme)
        assert len(set(themes)) == 3
        assert swept == themes[1:]


async def test_the_rules_of_a_theme_go_before_those_of_the_next_come(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the new ones lie beside them, and what the old ones lay in is filled with what stays."""
    app = app_over(demo(), tmp_path)
    async with opened(app, (120, 40)) as pilot:
        await press(app, pilot, "t")
        steps: list[str] = []
        sweep, reparse = app._sweeper.sweep, Stylesheet.reparse

        def parsed(sheet: Stylesheet) -> None:
            steps.append(f"parse over {len(sheet._rules)}")
            reparse(sheet)

        monkeypatch.setattr(app._sweeper, "sweep", lambda: (steps.append("sweep"), sweep()))
        monkeypatch.setattr(Stylesheet, "reparse", parsed)
        await press(app, pilot, "down")
        assert steps == ["sweep", "parse over 0"]
        assert len(app.stylesheet.rules) > 100


async def test_what_is_remembered_of_single_regions_and_texts_goes_with_the_garbage(tmp_path: Path) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app, (120, 40)) as pilot:
        await press(app, pilot, "j", "2", "1", "j")
        assert sum(each.cache_info().currsize for each in REMEMBERED) > 100
        shown = text(app)
        app._sweeper.sweep()
        assert [each.cache_info().currsize for each in REMEMBERED] == [0] * len(REMEMBERED)
        app.screen.refresh()
        await pilot.pause()
        assert text(app) == shown
