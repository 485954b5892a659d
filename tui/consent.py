"""What there is between the user and a source: its state in words, and what only the user can decide."""

from __future__ import annotations

from tui.face import Face
from tui.format import clean
from tui.jobs import job

AGREE, REFUSE = "agree", "refuse"


class ConsentActions(Face):
    """The question of a provider, on the screen until it is answered."""

    def __init__(self) -> None:
        super().__init__()
        self._asked = ""
        """The question that was put last: it is not put again while it stays open."""

    def put_question(self, question: str) -> None:
        """Put a provider's question to the user; Esc leaves it open, and `:consent` puts it again."""
        if not question or question == self._asked:
            return
        self._asked = question

        def answered(choice: str | None) -> None:
            if choice is not None:
                self.run_worker(job(self._answer, choice == AGREE), group="consent", exclusive=True)
            else:
                self.say("not answered; : and then consent asks again", "warn")

        self.choose(
            clean(question, 300),
            [(AGREE, "send that you agree"), (REFUSE, "send nothing; what needs no cookie goes on")],
            answered,
            current=REFUSE,
        )

    async def _answer(self, agree: bool) -> None:
        consent = getattr(self.engine.source, "consent", None) if self.engine is not None else None
        if consent is not None:
            await consent(agree)
            self.say("agreed" if agree else "refused; prices without a cookie go on")

    def action_source(self) -> None:
        """Say why the source is in its state."""
        if self.engine is not None:
            health = self.engine.health
            said = health.detail or "no trouble is known"
            self.say(f"{self.engine.source.name}, {health.state.value}: {clean(said, 300)}")

    def action_consent(self) -> None:
        """Put the open question again."""
        self._asked = ""
        question = self.engine.health.question if self.engine is not None else ""
        if question:
            self.put_question(question)
        else:
            self.say("no source asks for your consent")
