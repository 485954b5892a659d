"""The status line: whose market, which list, measured against what, how good and how old the picture is."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tui import sessions
from tui.format import clean
from tui.model import SEVERITY, Health, State
from tui.panels.link import link_segments
from tui.widgets.status import Segment

if TYPE_CHECKING:
    from tui.app import Outpace

ROLE = {
    State.LIVE: "up",
    State.EOD: "muted",
    State.DELAYED: "warn",
    State.STALE: "warn",
    State.LIMITED: "warn",
    State.OFFLINE: "error",
    State.WAITING: "muted",
    State.UNKNOWN: "muted",
}


def status_segments(app: "Outpace", title: str) -> list[Segment]:
    """The segments of the status line for a screen, those that matter most with the highest priority."""
    view, engine = app.view, app.engine
    segments = [
        Segment("name", "outpace", "accent", priority=10),
        Segment("title", clean(title or view.list_name, 64), "head", priority=80),
        Segment("benchmark", f"vs {clean(view.benchmark, 12)}", "text", priority=70),
        Segment("window", view.window.value, "accent", priority=75),
    ]
    if app.paused:
        segments.append(Segment("paused", "PAUSED", "warn", priority=98))
    if view.filter:
        segments.append(Segment("filter", f"/{clean(view.filter, 16)}", "warn", priority=60))
    if app.link_shown:
        segments += link_segments(app)
    if engine is None:
        return [
            *segments,
            Segment("state", app.problem or "starting", "error" if app.problem else "muted", "right", 90),
        ]
    nature = engine.source.nature()
    if nature:
        segments.append(Segment("nature", nature, "warn", "right", priority=95))
    if not app.past:
        segments.append(Segment("market", sessions.describe(engine.source.now()), "text", "right", priority=50))
    state, text = worst(app)
    if not nature or state not in {State.LIVE, State.EOD}:
        segments.append(Segment("state", text, ROLE[state], "right", priority=90))
    segments.append(Segment("source", engine.source.name, "muted", "right", priority=20))
    return segments


def worst(app: "Outpace") -> tuple[State, str]:
    """The worst state among what is visible, in the words of the status line: `DELAYED 15m`, `LIMITED retry 14:35`."""
    assert app.engine is not None
    engine = app.engine
    states = {symbol: app.board.state(symbol) for symbol in app.looked_at() if symbol not in engine.live.unknown}
    state = max(states.values(), key=SEVERITY.__getitem__, default=engine.health.state)
    quote = next((engine.live.quotes.get(symbol) for symbol, each in states.items() if each is state), None)
    text = state.value
    if state is State.DELAYED and quote is not None:
        text += f" {quote.delay // 60}m"
    elif state is State.STALE and quote is not None:
        text += f" {_age(engine.source.now().timestamp() - quote.as_of)}"
    elif state in {State.LIMITED, State.OFFLINE}:
        text += retry(engine.health)
    return state, text


def retry(health: Health) -> str:
    """When a source is asked again, in the user's own zone; nothing when that is not known."""
    if health.retry_at is None:
        return ""
    return f" retry {datetime.fromtimestamp(health.retry_at, UTC).astimezone():%H:%M}"


def _age(seconds: float) -> str:
    minutes = int(seconds // 60)
    return f"{minutes}m" if minutes < 60 else f"{minutes // 60}h" if minutes < 1440 else f"{minutes // 1440}d"
