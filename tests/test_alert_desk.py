"""The alerts over a fake market: files that change, prices that cross, a restart, and what cannot ring."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.fakes.source import SESSION, FakeSource, bars, quote
from tests.test_engine import board_of, running
from tui import sessions
from tui.alert_desk import AlertDesk, Ring
from tui.alert_log import AlertLog, Rang
from tui.alert_state import AlertState
from tui.alerts import Seen
from tui.board import Board
from tui.config import Paths
from tui.engine import Engine

FLAT = [100.0] * 300
NOW = datetime(2024, 7, 12, 16, 0, 5, tzinfo=UTC)


class Market:
    """A desk over an engine whose prices a test sets."""

    def __init__(self, engine: Engine, source: FakeSource, folder: Path) -> None:
        self.engine = engine
        self.source = source
        self.board: Board = board_of(engine)
        self.paths = Paths(config_dir=folder / "config", data_dir=folder, cache_dir=folder, state_dir=folder / "state")
        self.seconds = 0
        self.desk = self.again()

    def again(self) -> AlertDesk:
        """A desk as a new start has it."""
        self.desk = AlertDesk(self.board, self.paths, clock=lambda: NOW)
        return self.desk

    def write(self, text: str, name: str = "alerts.toml") -> None:
        self.paths.config_dir.mkdir(exist_ok=True)
        (self.paths.config_dir / name).write_text(text)

    async def rings(self, **prices: float | None) -> list[str]:
        """Names of what rings at these prices."""
        return [ring.alert.name for ring in await self.ring(**prices)]

    async def ring(self, **prices: float | None) -> Sequence[Ring]:
        engine = self.engine
        await self.desk.renew()
        engine.watch(self.desk.symbols or ["SPY"], "SPY")
        self.seconds += 1
        moment = self.source.moment.timestamp() + self.seconds
        session = sessions.session_of(self.source.moment)
        known = dict.fromkeys(engine.wanted.now.symbols) | prices
        sent = [
            quote(symbol, price, as_of=moment, fetched_at=moment, session=session) for symbol, price in known.items()
        ]
        self.source.send(*sent, epoch=engine.wanted.now.epoch)
        assert await engine.settle(10)
        return await self.desk.look()


@pytest.fixture
async def market(tmp_path: Path):
    source = FakeSource({name: bars(name, FLAT) for name in ("IWM", "SPY")})
    async with running(source) as engine:
        yield Market(engine, source, tmp_path)


UP = '[up]\ncondition = "IWM.1d >= 3%"\n'


async def test_an_alert_rings_when_the_price_crosses_once_a_session(market: Market):
    market.write(UP)
    assert await market.rings(IWM=102.0) == []
    assert await market.rings(IWM=103.1) == ["up"]
    assert await market.rings(IWM=102.0) == []
    assert await market.rings(IWM=104.0) == []


async def test_each_crossing_rings_where_that_was_asked_for(market: Market):
    market.write(UP + 'repeat = "crossing"\n')
    assert [len(await market.rings(IWM=price)) for price in (104.0, 105.0, 101.0, 104.0, 104.5)] == [1, 0, 0, 1, 0]


async def test_a_price_that_is_not_known_never_rings(market: Market):
    market.write('[a]\ncondition = "not IWM.1d >= 3%"\n[b]\ncondition = "IWM.1d < 3% or SPY.1d < 9%"\n')
    assert await market.rings(SPY=None, IWM=None) == []
    assert await market.rings(SPY=100.0, IWM=None) == ["b"]


async def test_a_new_start_in_the_same_session_does_not_ring_again_and_a_new_session_does(market: Market):
    market.write(UP)
    assert await market.rings(IWM=104.0) == ["up"]
    market.again()
    assert await market.rings(IWM=104.5) == []
    monday = sessions.next_session(SESSION)
    market.source.moment = sessions.session_open(monday)
    market.source.histories = {name: bars(name, [*FLAT, 104.0], monday) for name in ("IWM", "SPY")}
    assert await market.rings(IWM=104.5, SPY=104.0) == []
    assert await market.rings(IWM=108.0, SPY=104.0) == ["up"]


async def test_a_simulated_market_says_so_and_begins_anew_with_each_start(market: Market):
    market.source.nature_text = "SIMULATED"
    market.again()
    market.write(UP)
    (ring,) = await market.ring(IWM=104.0)
    assert (ring.nature, ring.title) == ("SIMULATED", "SIMULATED up")
    assert not (market.paths.state_dir / "alerts.json").exists()
    market.again()
    assert await market.rings(IWM=104.5) == ["up"]


async def test_what_rings_has_its_values_for_the_log_and_the_command(market: Market):
    market.write('[up]\ncondition = "IWM.1d - SPY.1d >= 3pp and IWM at 52w high"\n')
    (ring,) = await market.ring(IWM=104.0, SPY=100.5)
    assert ring.look.text == "IWM.1d +4.00%, SPY.1d +0.50%, IWM at 52w high, IWM.close 104.00"
    assert ring.facts["session"] == "2024-07-12"
    assert ring.facts["time"] == "2024-07-12T16:00:05Z"
    await market.desk.written(ring, ["toast"], ["bell"])
    (row,) = market.desk.log.last(10)
    assert (row.name, row.did, row.held_back, row.values) == ("up", ("toast",), ("bell",), ring.look.text)


async def test_nothing_is_looked_at_while_no_price_has_changed(market: Market):
    market.write('[up]\ncondition = "IWM.1d >= 3%"\nrepeat = "crossing"\n')
    assert await market.rings(IWM=104.0) == ["up"]
    market.desk._seen = {}
    assert await market.desk.look() == []
    market.engine.live.quotes["SPY"] = quote("SPY", 1.0)
    assert await market.desk.look() == []
    assert await market.rings(IWM=104.1) == ["up"]


async def test_quiet_hours_are_those_of_the_clock_on_the_wall(market: Market):
    market.write('quiet = "16:00-16:01 UTC"\n' + UP + '[loud]\ncondition = "IWM.1d >= 3%"\nquiet = ""\n')
    assert {ring.alert.name: ring.is_quiet for ring in await market.ring(IWM=104.0)} == {"up": True, "loud": False}


async def test_a_file_that_changes_is_read_and_one_that_breaks_is_told_once(market: Market):
    assert await market.desk.renew() == []
    market.write(UP)
    assert await market.desk.renew() == []
    assert market.desk.symbols == ("IWM",)
    market.write(UP + "oops\n")
    (message,) = await market.desk.renew()
    assert "line 3" in message
    assert await market.desk.renew() == []
    assert [alert.name for alert in market.desk.alerts] == ["up"]


async def test_a_condition_that_cannot_be_read_is_told_and_the_others_ring(market: Market):
    market.write(UP + '[bad]\ncondition = "IWM.1d >= 3"\n')
    (message,) = await market.desk.renew()
    assert "bad: condition, column 11" in message
    assert await market.rings(IWM=104.0) == ["up"]


async def test_saved_conditions_ring_once_a_session_but_not_the_built_in_ones(market: Market):
    market.write(
        '"Mine" = "IWM.1d >= 3%"\n"Five days of +1% in small caps" = "streak(^RUT.1d >= 1%) >= 5"\n', "events.toml"
    )
    assert await market.rings(IWM=104.0) == ["Mine"]
    assert market.desk.symbols == ("IWM",)
    assert market.desk.watches("iwm.1d>=3%")
    assert not market.desk.watches("IWM.1d >= 4%")
    market.write(UP)
    await market.desk.renew()
    assert [alert.name for alert in market.desk.alerts] == ["up"]


async def test_a_symbol_that_the_source_does_not_know_is_told_once(market: Market):
    market.write('[up]\ncondition = "NOPE.1d >= 3%"\n')
    await market.desk.renew()
    market.engine.live.unknown.add("NOPE")
    assert market.desk.unknown() == ["NOPE is not known to fake: alerts on it cannot ring"]
    assert market.desk.unknown() == []


async def test_a_state_folder_that_cannot_be_written_still_rings(market: Market, caplog: pytest.LogCaptureFixture):
    market.paths.state_dir.write_text("a file")
    market.write(UP)
    (ring,) = await market.ring(IWM=104.0)
    await market.desk.written(ring, [], [])
    assert "alerts.json cannot be written" in caplog.text
    assert "alerts.log cannot be written" in caplog.text


def test_a_state_that_is_none_of_ours_is_nothing_remembered(tmp_path: Path):
    state = AlertState(tmp_path / "alerts.json")
    assert state.load() == {}
    state.save({"alert up": Seen("IWM.1d >= 3%", SESSION, held=True, rang=True)})
    assert state.load() == {"alert up": Seen("IWM.1d >= 3%", SESSION, held=True, rang=True)}
    (tmp_path / "alerts.json").write_bytes(b'{"alert up": [1\xff')
    assert state.load() == {}


def row(name: str) -> Rang:
    return Rang(
        at="2024-07-12T16:00:05Z", name=name, condition="IWM.1d > 0%", session="2024-07-12", values="IWM.1d +1%"
    )


def test_the_log_is_one_clean_line_for_each(tmp_path: Path):
    log = AlertLog(tmp_path / "state" / "alerts.log")
    log.append(row("a\x1b]0;owned\x07\nb"))
    log.append(row("second"))
    lines = log.path.read_text().splitlines()
    assert [json.loads(line)["name"] for line in lines] == ["a b", "second"]
    assert "\x1b" not in log.path.read_text()
    assert [each.name for each in log.last(1)] == ["second"]
    assert log.last(0) == []


def test_half_a_line_in_the_log_is_left_out_and_a_long_log_is_put_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    log = AlertLog(tmp_path / "alerts.log")
    log.append(row("first"))
    with log.path.open("a") as file:
        file.write('{"at": "2024\n')
    monkeypatch.setattr("tui.alert_log.SIZE", 10)
    log.append(row("second"))
    assert [each.name for each in log.last(5)] == ["first", "second"]
    assert len(log.path.read_text().splitlines()) == 1
