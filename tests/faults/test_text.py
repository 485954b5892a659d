"""Text from outside reaches neither the screen, the log, an export nor a report raw; secrets reach nothing at all."""

import asyncio
import csv
import io
import json
import logging
import traceback
import unicodedata
from contextlib import aclosing

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from textual import events
from textual.widgets import Input

from tests.face import app_over, opened, press, quiet, text
from tests.fakes.source import FakeSource, bars, quote
from tests.faults import truth
from tests.faults.bench import ALL, Script, Step, chain, run
from tests.faults.loop import play
from tests.faults.parsers import CASES
from tests.faults.server import Market
from tests.faults.spoils import body, recoded, status
from tests.faults.stream import Ticker
from tui import logs
from tui.cli import main
from tui.config import Paths, Settings, Yahoo
from tui.config_chain import Addresses
from tui.export import render
from tui.format import clean, csv_safe
from tui.model import Health, State
from tui.sources.base import SourceError, Wanted
from tui.sources.credentials import Key
from tui.verbs import doctor
from tui.watchlists import Watchlists

EVIL = (
    "Good\x1b[2J\x1b]0;pwned\x07 \x9b31mred\x1bPq\x1b\\ \u202eegap\u202c \u2066in\u2069 ze\u200bro\u200d\ufeff "
    "\x00\x08\x7f\u2028\u2029\ud800 z\u0336\u0337\u0338\u0339\u033a"
)
"""Escape sequences, C1 controls, bidi overrides and isolates, zero width, separators, a lone surrogate, stacked marks."""

FORMULAS = ("=HYPERLINK(1)", "+1", "-1+1", "@SUM(1)", "\t=1", "\r=1", "＝1")
SECRETS = ("c00kie-s3cret", "cr/umb.s3", "cr%2Fumb.s3", "alpaca-k3y", "alpaca-s3cret", "tiingo-k3y", "finnhub-k3y")
KEYS = {"alpaca": Key("alpaca-k3y", "alpaca-s3cret"), "tiingo": Key("tiingo-k3y"), "finnhub": Key("finnhub-k3y")}
_SHUT = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def raw(shown: str) -> list[str]:
    """Characters that a terminal would act upon, or that hide or turn the text around."""
    return [character for character in shown if unicodedata.category(character) in _SHUT and character != "\n"]


def told(shown: str) -> list[str]:
    return [secret for secret in SECRETS if secret in shown]


# The screen


class Evil(FakeSource):
    """Tells hostile names."""

    async def instruments(self, symbols):
        return [replace(each, name=EVIL) for each in await super().instruments(symbols)]


def evil_source() -> FakeSource:
    symbols = ["IWM", "SPY", "QQQ"]
    source = Evil({symbol: bars(symbol, [100.0 + n for n in range(30)]) for symbol in symbols})
    for epoch in range(6):
        source.send(
            *(quote(symbol, 131.5, name=EVIL, currency="USD", prev_close=129.0) for symbol in symbols),
            epoch=epoch,
            unknown=["QQQJ"],
            health=Health(state=State.STALE, detail=EVIL),
        )
    return source


def lists(folder, *symbols):
    (folder / "config").mkdir(parents=True)
    written = json.dumps([*symbols])
    (folder / "config" / "watchlists.toml").write_text(
        f'[Mine]\nbenchmark = "SPY"\nsymbols = {written}\n', encoding="utf-8"
    )


async def test_screens_when_every_text_is_hostile_then_nothing_raw_is_drawn(tmp_path):
    lists(tmp_path, "IWM", "SPY", "QQQ")
    app = app_over(evil_source(), tmp_path, list="Mine")
    async with opened(app, (120, 40)) as pilot:
        seen = text(app)
        for keys in (
            ("enter",),
            ("escape", "4"),
            ("1", "w"),
            ("escape", "question_mark"),
            ("escape", "i"),
            ("escape",),
        ):
            await press(app, pilot, *keys)
            seen += text(app)
        assert raw(seen) == []
        assert "Good" in seen
        assert "pwned" not in seen


async def test_prompt_when_hostile_text_is_pasted_then_it_is_neither_drawn_nor_kept(tmp_path):
    lists(tmp_path, "IWM", "SPY")
    app = app_over(evil_source(), tmp_path, list="Mine")
    async with opened(app, (100, 30)) as pilot:
        for key in ("a", "slash", "b", "colon"):
            await press(app, pilot, key)
            assert app.screen.query_one(Input).has_focus
            app.post_message(events.Paste(f"Z{EVIL}Z"))
            await quiet(app, pilot)
            assert raw(text(app)) == [], key
            await press(app, pilot, "enter")
            assert raw(text(app)) == [], key
            await press(app, pilot, "escape", "escape")
        kept = (tmp_path / "config" / "watchlists.toml").read_text(encoding="utf-8")
        assert raw(kept) == []
        assert raw(app.view.filter) == []


async def test_export_when_names_are_hostile_then_the_file_is_plain_and_no_formula(tmp_path):
    lists(tmp_path, "IWM", "SPY", "QQQ")
    source = evil_source()
    app = app_over(source, tmp_path, list="Mine")
    target = tmp_path / "rows.csv"
    async with opened(app) as pilot:
        source.send(
            quote("SPY", 131.75, name="=1+1", as_of=quote("SPY", 1.0).as_of + 1), epoch=app.engine.wanted.now.epoch
        )
        while app.engine.live.quotes["SPY"].price != 131.75:
            await pilot.pause()
        await press(app, pilot, "e")
        app.screen.query_one(Input).value = str(target)
        await press(app, pilot, "enter")
    written = target.read_text(encoding="utf-8")
    assert raw(written) == []
    assert not [cell for row in csv.reader(io.StringIO(written)) for cell in row if cell.startswith(("=", "@", "+"))]


# Texts


@given(st.text())
def test_clean_when_given_anything_then_nothing_raw_is_left(anything):
    assert raw(clean(anything, 500)) == []
    assert "\n" not in clean(anything, 500)


@pytest.mark.parametrize("form", ["csv", "json", "ndjson"])
def test_render_when_keys_and_values_are_hostile_then_neither_is_raw_nor_a_formula(form):
    rows = [
        {"symbol": EVIL, EVIL: {EVIL: EVIL}, "formula": formula, formula: "x", "list": [EVIL]} for formula in FORMULAS
    ]
    written = render({"view": EVIL, "rows": rows}, form)
    decoded = json.dumps(json.loads(written), ensure_ascii=False) if form == "json" else written
    assert raw(decoded) == []
    if form == "csv":
        cells = [cell for row in csv.reader(io.StringIO(written)) for cell in row]
        assert not [cell for cell in cells if cell != csv_safe(cell)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_error_when_a_payload_is_hostile_then_its_words_can_be_shown(case):
    hostile = EVIL.encode("utf-8", "surrogatepass")
    for payload in (
        hostile,
        case.payload.replace(b'"', b'"' + hostile[:40], 1),
        b"{" + hostile,
        case.payload[:40] + hostile,
    ):
        try:
            case.facts(payload)
        except Exception as error:  # noqa: BLE001 -- whatever it says will be shown
            words = str(error)
        else:
            continue
        assert raw(clean(words)) == []
        assert len(words) < 500


# The log


@pytest.fixture
def log(tmp_path):
    """The log as the program keeps it, with all that it may hold."""
    root = logging.getLogger("tui")
    level, handlers, propagate = root.level, list(root.handlers), root.propagate
    assert logs.start(tmp_path / "state", debug=True) is None
    yield tmp_path / "state" / "outpace.log"
    for handler in root.handlers:
        if handler not in handlers:
            handler.close()
    root.handlers, root.propagate = handlers, propagate
    root.setLevel(level)


HOSTILE = (
    Script("bodies", "x", (Step(status(503, EVIL.encode("utf-8", "replace")), ALL),), State.OFFLINE),
    Script("names", "x", (Step(recoded(lambda good: good.replace(b"Name of", json.dumps(EVIL)[1:-1].encode())), ("quote",)),), State.LIVE),
    Script("refused", "x", (Step(status(401), ("quote",)),), State.LIVE),
    Script("not json", "x", (Step(body(b"c00kie-s3cret \x1b[2J"), ALL),), State.STALE),
    Script("farewell", "x", (Step(stream=lambda ticker: setattr(ticker, "ends", (1011, "\x1b[31mgo"))),), State.LIVE, stream=True),
)  # fmt: skip


@pytest.mark.parametrize("script", HOSTILE, ids=lambda script: script.name)
def test_log_when_everything_sent_is_hostile_then_it_is_plain_and_tells_no_secret(script, tmp_path, trusted, log):
    played = run(script, tmp_path, trusted)
    logging.getLogger("tui.any").warning("a name: %s", EVIL)
    written = log.read_text(encoding="utf-8")
    assert "a name: Good" in written
    assert (raw(written), raw(played.says)) == ([], [])
    assert (told(written), told(played.says)) == ([], [])
    assert "pwned" not in written


# Secrets


@pytest.mark.parametrize(
    "spoil",
    [status(401), status(403), status(500), status(429), body(b"{}")],
    ids=["401", "403", "500", "429", "empty object"],
)
def test_error_when_a_source_with_a_key_fails_then_neither_it_nor_its_trace_tells_the_key(
    spoil, tmp_path, trusted, log
):
    async def main_():
        loop = asyncio.get_running_loop()

        def clock():
            return truth.START + loop.time()

        traces = []
        async with Market(clock=clock) as market:
            market.spoils.update(dict.fromkeys((*ALL, ""), spoil))
            source = chain(market, clock, tmp_path, None, **KEYS)
            for ask in (source.history, source.intraday):
                try:
                    await ask("SPY")
                except SourceError as error:
                    traces += [*traceback.format_exception(error), repr(error)]
            wanted = Wanted()
            wanted.order(["SPY"], ["SPY"])
            async with aclosing(source.quotes(wanted)) as updates:
                async for update in updates:
                    if update.health is not None:
                        traces.append(repr(update))
                        break
            traces.append(repr([*vars(source).values()]))
            await source.aclose()
            sent = [request.headers for request in market.requests]
        assert any("alpaca-k3y" in headers.values() for headers in sent), "the key was in use"
        return "".join(traces)

    assert told(play(main_())) == []
    assert told(log.read_text(encoding="utf-8")) == []


def test_cookie_when_kept_then_in_a_file_of_the_user_alone(tmp_path, trusted):
    run(Script("well", "x", (), State.LIVE, lasts=1), tmp_path, trusted)
    holding = [file for file in tmp_path.rglob("*") if file.is_file() and b"c00kie-s3cret" in file.read_bytes()]
    assert [(file.name, file.stat().st_mode & 0o777) for file in holding] == [("yahoo-cookie.json", 0o600)]


def test_doctor_when_keys_are_set_and_all_is_hostile_then_the_report_is_plain_and_tells_none(
    tmp_path, trusted, monkeypatch, capsys
):
    monkeypatch.setenv("OUTPACE_ALPACA_KEY", "alpaca-k3y")
    monkeypatch.setenv("OUTPACE_ALPACA_SECRET", "alpaca-s3cret")
    monkeypatch.setenv("TIINGO_API_KEY", "tiingo-k3y")
    monkeypatch.setenv("TERM", EVIL.replace("\x00", "").encode("utf-8", "replace").decode())
    paths = Paths(
        config_dir=tmp_path / "c", data_dir=tmp_path / "d", cache_dir=tmp_path / "k", state_dir=tmp_path / "s"
    )
    paths.config_dir.mkdir()
    keys = paths.config_dir / "keys.toml"
    keys.write_text('finnhub = "finnhub-k3y"\n', encoding="utf-8")
    keys.chmod(0o600)

    async def main_():
        loop = asyncio.get_running_loop()

        def clock():
            return truth.START + loop.time()

        async with Market(clock=clock) as market, Ticker(clock) as ticker:
            market.spoils.update(dict.fromkeys((*ALL, ""), status(403, EVIL.encode("utf-8", "replace"))))
            settings = Settings(
                yahoo=Yahoo(base=market.url, cookie=f"{market.url}/cookie", stream=ticker.url),
                addresses=Addresses(cboe=market.url, alpaca=market.url, tiingo=market.url, finnhub=market.url),
            )
            for finding in doctor.findings(settings, paths, Watchlists(paths.lists_file)):
                doctor._say(finding)
            await doctor._probe(settings, paths)

    play(main_())
    said = capsys.readouterr().out
    assert "refuses the key" in said
    assert (raw(said), told(said)) == ([], [])


@pytest.mark.parametrize(
    "lines", ['tiingo = "tiingo-k3y" x', 'tiingo = ["tiingo-k3y", "alpaca-s3cret", 3]', 'tingo = "tiingo-k3y"']
)
def test_key_file_when_it_is_wrong_then_the_message_holds_nothing_of_it(lines, tmp_path):
    from tui.sources.credentials import KeyFileError, load

    file = tmp_path / "keys.toml"
    file.write_text(lines, encoding="utf-8")
    file.chmod(0o600)
    with pytest.raises(KeyFileError) as caught:
        load(file, {})
    assert told(str(caught.value) + "".join(traceback.format_exception(caught.value))) == []


# Files


@pytest.mark.parametrize("name", ["evil.csv", "holdings.csv"])
def test_import_when_a_file_is_hostile_then_what_is_printed_is_plain(name, tmp_path, capsys):
    file = tmp_path / name
    hostile = EVIL.replace("\ud800", "")
    file.write_text(f"date,{hostile},close\n2024-01-02,{hostile},{hostile}\n", encoding="utf-8")
    main(["history" if name == "evil.csv" else "holdings", "import", str(file)])
    printed = capsys.readouterr()
    assert raw(printed.out + printed.err) == []


def test_lists_when_the_file_is_hostile_then_what_is_printed_is_plain(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    (tmp_path / "outpace").mkdir()
    hostile = json.dumps(EVIL.replace("\ud800", "").replace("\x7f", ""))
    for lines in (f'[{hostile}]\nsymbols = ["SPY"]\n', f"[Mine]\nsymbols = [{hostile}]\n", f"{hostile} = 1\n"):
        (tmp_path / "outpace" / "watchlists.toml").write_text(lines, encoding="utf-8")
        main(["lists"])
        printed = capsys.readouterr()
        assert raw(printed.out + printed.err) == [], lines


def test_config_when_it_is_hostile_then_the_message_is_plain(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    (tmp_path / "outpace").mkdir()
    hostile = json.dumps(EVIL.replace("\ud800", "").replace("\x7f", ""))
    for lines in (
        f"{hostile} = 1\n",
        f"theme = {hostile}\n",
        f"benchmark = {hostile}\n",
        f"fps = {hostile}\n",
        EVIL.replace("\ud800", ""),
    ):
        (tmp_path / "outpace" / "config.toml").write_text(lines, encoding="utf-8")
        main(["doctor"])
        printed = capsys.readouterr()
        assert raw(printed.out + printed.err) == [], lines
