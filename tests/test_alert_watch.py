"""Alerts by keys, and what rings on the screen when a price crosses."""

import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from tests.face import app_over, demo, opened, press, quiet, settled, text
from tests.fakes.source import FakeSource, bars, quote
from tui.alerts_file import AlertsFile
from tui.app import Outpace
from tui.screens.alerts import AlertsDialog
from tui.screens.condition import AskCondition
from tui.screens.events import EventsPage

FLAT = [100.0] * 300
UP = '[up]\ncondition = "IWM.1d >= 3%"\n'


class Bench:
    """The app over a market whose prices a test sets, with everything that it sends to the terminal."""

    def __init__(self, app: Outpace, source: FakeSource, pilot: Pilot[int], sent: list[str]) -> None:
        self.app, self.source, self.pilot, self.sent = app, source, pilot, sent
        self.seconds = 0

    def write(self, alerts: str) -> None:
        folder = self.app.paths.config_dir
        folder.mkdir(exist_ok=True)
        (folder / "alerts.toml").write_text(alerts)

    def log(self) -> list[dict[str, object]]:
        file = self.app.paths.state_dir / "alerts.log"
        return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []

    def toasts(self) -> list[str]:
        return [f"{each.title}: {each.message}" for each in self.app._notifications]

    async def price(self, **prices: float) -> None:
        """Set prices, and have the alerts looked at."""
        engine = self.app.engine
        assert engine is not None
        self.seconds += 1
        moment = self.source.moment.timestamp() + self.seconds
        quotes = [quote(symbol, price, as_of=moment, fetched_at=moment) for symbol, price in prices.items()]
        self.source.send(*quotes, epoch=engine.wanted.now.epoch)
        while any(engine.live.quotes[symbol].price != price for symbol, price in prices.items()):
            await self.pilot.pause()
        await self.look()

    async def look(self) -> None:
        await quiet(self.app, self.pilot)
        self.app.look_for_alerts()
        await quiet(self.app, self.pilot)


@asynccontextmanager
async def bench(
    folder: Path, monkeypatch: pytest.MonkeyPatch, *, nature: str | None = None, alerts: str = ""
) -> AsyncIterator[Bench]:
    source = FakeSource({name: bars(name, FLAT) for name in ("IWM", "SPY")})
    source.nature_text = nature
    app = app_over(source, folder, symbols="IWM,SPY")
    app.paths.config_dir.mkdir(parents=True, exist_ok=True)
    if alerts:
        (app.paths.config_dir / "alerts.toml").write_text(alerts)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        while app.engine is None or not app.engine.wanted.now.symbols:
            await pilot.pause()
        source.send(quote("IWM", 100.0), quote("SPY", 100.0), epoch=app.engine.wanted.now.epoch)
        await settled(app, pilot)
        sent: list[str] = []
        monkeypatch.setattr(app, "bell", lambda: sent.append("bell"))
        assert app._driver is not None
        monkeypatch.setattr(app._driver, "write", sent.append)
        made = Bench(app, source, pilot, sent)
        await made.look()
        yield made


async def test_a_price_that_crosses_rings_once_shows_a_toast_and_is_one_line_of_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with bench(tmp_path, monkeypatch, nature="SIMULATED", alerts=UP) as market:
        assert (market.toasts(), market.log(), market.sent) == ([], [], [])
        await market.price(IWM=103.5)
        await market.price(IWM=101.0)
        await market.price(IWM=104.0)
        assert market.toasts() == ["SIMULATED up: IWM.1d +3.50%"]
        assert "IWM.1d +3.50%" in text(market.app)
        (line,) = market.log()
        assert (line["name"], line["nature"], line["did"]) == ("up", "SIMULATED", ["bell", "toast"])
        assert market.sent == ["bell"]


async def test_a_paused_picture_does_not_keep_an_alert_from_ringing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with bench(tmp_path, monkeypatch, alerts=UP) as market:
        await press(market.app, market.pilot, "p")
        await market.price(IWM=103.5)
        assert market.toasts() == ["up: IWM.1d +3.50%"]


async def test_the_time_machine_never_rings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with bench(tmp_path, monkeypatch, alerts=UP) as market:
        market.app.past = True
        await market.price(IWM=103.5)
        assert (market.toasts(), market.log(), market.sent) == ([], [], [])


async def test_quiet_hours_keep_the_sound_back_and_show_it_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alerts = 'quiet = "00:00-23:59"\n' + UP + 'desktop = true\ncommand = ["/no/such/program"]\n'
    monkeypatch.setattr("tui.alert_quiet.Quiet.holds", lambda _self, _moment: True)
    async with bench(tmp_path, monkeypatch, alerts=alerts) as market:
        await market.price(IWM=103.5)
        assert market.toasts() == ["up: IWM.1d +3.50%"]
        assert market.sent == []
        assert market.log()[0]["held_back"] == ["bell", "desktop", "command"]


async def test_the_desktop_is_notified_with_clean_text_and_the_command_gets_one_argument_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("TMUX", "TERM_PROGRAM", "VTE_VERSION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    given = tmp_path / "given.json"
    program = "import json, sys; json.dump(sys.argv[2:], open(sys.argv[1], 'w'))"
    words = [sys.executable, "-c", program, str(given), "{name}", "{values}; $(x)\ny", "{session} {nature}"]
    alerts = f"['a; $(b)']\ncondition = 'IWM.1d >= 3%'\nbell = false\ndesktop = true\ncommand = {json.dumps(words)}\n"
    async with bench(tmp_path, monkeypatch, alerts=alerts) as market:
        await market.price(IWM=103.5)
        assert json.loads(given.read_text()) == ["a; $(b)", "IWM.1d +3.50%; $(x)\ny", "2024-07-12 "]
        assert market.sent == [
            "\x1b]9;outpace a, $(b): IWM.1d +3.50%\x07\x1b]777;notify;outpace a, $(b);IWM.1d +3.50%\x07"
        ]


async def test_too_many_commands_are_held_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.alert_watch.A_MINUTE", 2)
    command = json.dumps([sys.executable, "-c", ""])
    alerts = "".join(f"[a{n}]\ncondition = 'IWM.1d >= {n}%'\ncommand = {command}\n" for n in range(1, 6))
    async with bench(tmp_path, monkeypatch, alerts=alerts) as market:
        await market.price(IWM=110.0)
        assert [line["held_back"] for line in market.log()] == [[], [], ["command"], ["command"], ["command"]]
        assert market.sent == ["bell"]
        assert len(market.toasts()) == 4
        assert market.toasts()[-1] == "Alerts: 2 more; : Alerts shows all"


async def test_an_alert_on_a_symbol_that_no_screen_shows_has_its_price_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with bench(tmp_path, monkeypatch, alerts='[q]\ncondition = "QQQ.1d >= 3%"\n') as market:
        assert market.app.engine is not None
        assert "QQQ" in market.app.engine.wanted.now.symbols
        assert "QQQ" not in market.app.view.symbols


async def test_a_broken_file_is_told_once_and_the_monitor_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with bench(tmp_path, monkeypatch) as market:
        market.write(UP + "bel = true\n")
        await market.look()
        assert "did you mean bell?" in market.toasts()[0] or "did you mean bell?" in text(market.app)
        count = len(market.toasts())
        await market.price(IWM=105.0)
        assert len(market.toasts()) == count
        market.write(UP)
        await market.price(IWM=105.5)
        assert market.toasts()[-1] == "up: IWM.1d +5.50%"


async def test_the_key_offers_the_figure_under_the_cursor_and_the_alert_is_in_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with bench(tmp_path, monkeypatch) as market:
        app, pilot = market.app, market.pilot
        await press(app, pilot, "l", "l", "l", "A")
        assert isinstance(app.screen, AskCondition)
        line = app.screen.query_one(Input)
        assert line.value == "IWM.1d - SPY.1d >= 1pp"
        line.value = "IWM.1d >= 3"
        await press(app, pilot, "enter")
        assert isinstance(app.screen, AskCondition)
        shown = text(app).splitlines()
        (at,) = [number for number, each in enumerate(shown) if "IWM.1d is a return: write 3%" in each]
        assert shown[at + 2].index("^") - shown[at + 1].index("IWM") == len("IWM.1d >= ")
        line.value = "iwm.1d>=3%"
        await press(app, pilot, "enter")
        assert "alert set: IWM.1d >= 3%" in text(app)
        file = AlertsFile(app.paths.config_dir / "alerts.toml")
        file.load()
        assert [(each.name, each.condition) for each in file.all()] == [("IWM.1d >= 3%", "IWM.1d >= 3%")]
        await market.price(IWM=104.0)
        assert market.toasts() == ["IWM.1d >= 3%: happens now: IWM.1d +4.00%"]


async def test_leaving_the_question_sets_nothing_and_the_same_alert_is_not_set_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with bench(tmp_path, monkeypatch) as market:
        await press(market.app, market.pilot, "A", "escape")
        assert not (market.app.paths.config_dir / "alerts.toml").exists()
        await press(market.app, market.pilot, "A", "enter", "A", "enter")
        assert "rings for that already" in text(market.app)


async def test_screen_5_offers_its_condition(tmp_path: Path) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app) as pilot:
        await press(app, pilot, "5", "A")
        assert isinstance(app.page, EventsPage)
        assert app.screen.query_one(Input).value == app.page.condition


@pytest.mark.parametrize("key", ["2", "3", "4", "6", "enter"])
async def test_every_screen_offers_a_condition_that_can_be_read(tmp_path: Path, key: str) -> None:
    from tui.analytics.events import parse

    app = app_over(demo(), tmp_path)
    async with opened(app) as pilot:
        await press(app, pilot, key, "A")
        assert isinstance(app.screen, AskCondition)
        parse(app.screen.query_one(Input).value)


async def test_alerts_are_shown_with_what_rang_and_taken_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with bench(tmp_path, monkeypatch, alerts=UP) as market:
        app, pilot = market.app, market.pilot
        await market.price(IWM=103.5)
        app.action_alerts()
        await quiet(app, pilot)
        assert isinstance(app.screen, AlertsDialog)
        shown = text(app)
        assert "up  rang 2024-07-12" in shown
        assert "once a session; bell, toast" in shown
        assert f"{str(market.log()[0]['at'])[:10]} " in shown
        assert "up  IWM.1d +3.50%" in shown
        await press(app, pilot, "escape")
        app.action_remove_alert()
        await quiet(app, pilot)
        await press(app, pilot, "enter")
        assert "alert removed: up" in text(app)
        assert "[up]" not in (app.paths.config_dir / "alerts.toml").read_text()
        app.action_remove_alert()
        await quiet(app, pilot)
        assert "there are no alerts; A sets one" in text(app)
