"""A provider's question is put to the user once, and only the user's own answer is sent."""

from pathlib import Path

import pytest

from tests.face import app_over, demo, opened, press, quiet, text
from tui.model import Health, State
from tui.screens.choose import Choose

QUESTION = "Yahoo asks for cookie consent; send that you agree?"


class Asking:
    """The simulated market with a question of its own."""

    def __init__(self) -> None:
        self.answers: list[bool] = []

    def __getattr__(self, name: str) -> object:
        return getattr(demo(), name)

    async def consent(self, agree: bool) -> None:
        self.answers.append(agree)


@pytest.mark.parametrize(("keys", "answers"), [(("up", "enter"), [True]), (("enter",), [False]), (("escape",), [])])
async def test_question_when_put_then_only_a_choice_is_an_answer(
    tmp_path: Path, keys: tuple[str, ...], answers: list[bool]
) -> None:
    source = Asking()
    app = app_over(source, tmp_path)
    async with opened(app) as pilot:
        assert app.engine is not None
        for _ in range(2):
            app.engine.on_health(Health(state=State.LIVE, question=QUESTION))
        await quiet(app, pilot)
        assert isinstance(app.screen, Choose)
        assert QUESTION in text(app)
        await press(app, pilot, *keys)
        assert source.answers == answers
        assert not isinstance(app.screen, Choose)
        app.engine.on_health(Health(state=State.LIVE, question=QUESTION))
        await quiet(app, pilot)
        assert not isinstance(app.screen, Choose), "it is not put again by itself"
        app.engine.health = Health(state=State.LIVE, question=QUESTION)
        app.action_consent()
        await quiet(app, pilot)
        assert isinstance(app.screen, Choose)


async def test_state_of_the_source_when_it_changes_then_its_reason_is_said_once(tmp_path: Path) -> None:
    app = app_over(Asking(), tmp_path)
    async with opened(app) as pilot:
        assert app.engine is not None
        slow = Health(state=State.LIMITED, detail="Yahoo asks us to slow down.", retry_at=0.0)
        app.engine.on_health(slow)
        await quiet(app, pilot)
        assert "Yahoo asks us to slow down." in text(app)
        app.page.hint()
        app.engine.on_health(slow)
        await quiet(app, pilot)
        assert "Yahoo asks us to slow down." not in text(app)
        app.engine.health = slow
        app.action_source()
        await quiet(app, pilot)
        assert "LIMITED: Yahoo asks us to slow down." in text(app)
