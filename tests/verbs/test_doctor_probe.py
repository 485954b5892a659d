"""`doctor --probe`: every source of the chain asked once, and what works said in a line each."""

import asyncio
from pathlib import Path

from tests.faults import truth
from tests.faults.loop import play
from tests.faults.server import Market
from tests.faults.spoils import HTML, body, status, wire
from tests.faults.stream import Ticker
from tui.config import Paths, Settings, Yahoo
from tui.config_chain import Addresses
from tui.verbs.doctor_probe import Probe, Probes, probe


def paths(folder: Path) -> Paths:
    return Paths(config_dir=folder / "c", data_dir=folder / "d", cache_dir=folder / "k", state_dir=folder / "s")


def probed(folder, spoils=None, *, stream=True):
    """The findings by source and need, and what was asked for."""

    async def main():
        loop = asyncio.get_running_loop()

        def clock():
            return truth.START + loop.time()

        async with Market(clock=clock) as market, Ticker(clock) as ticker:
            market.spoils.update(spoils or {})
            settings = Settings(
                yahoo=Yahoo(
                    base=market.url, cookie=f"{market.url}/cookie", **({"stream": ticker.url} if stream else {})
                ),
                addresses=Addresses(cboe=market.url, alpaca=market.url),
            )
            probes = Probes(settings, paths(folder), clock)
            found = [finding async for finding in probe(probes.all())]
            await probes.aclose()
            return found, market.kinds(), probes.without_keys()

    return play(main())


def by_name(found):
    return {(name, words.partition(":")[0]): (fine, words) for fine, name, words in found}


def test_probe_when_all_is_well_then_each_source_says_what_it_told(tmp_path):
    found, asked, _ = probed(tmp_path)
    told = by_name(found)
    assert {key: words.rpartition(" (")[0] for key, (_, words) in told.items()} == {
        ("yahoo-stream", "quotes"): "quotes: SPY 681.2 as it is made",
        ("yahoo-quote", "quotes"): "quotes: SPY 681.20, 0 s old",
        ("yahoo-spark", "quotes"): "quotes: SPY 681.20, 0 s old",
        ("cboe", "quotes"): "quotes: SPY 680.60, 15 min old",
        ("yahoo", "daily bars"): "daily bars: 7 sessions of SPY up to 2025-10-28",
        ("cboe", "daily bars"): "daily bars: 7 sessions of SPY up to 2025-10-28",
        ("yahoo", "five-minute bars"): told["yahoo", "five-minute bars"][1].rpartition(" (")[0],
    }
    assert all(fine for key, (fine, _) in told.items() if key != ("yahoo", "five-minute bars"))
    assert asked.count("quote") == asked.count("spark") == asked.count("cboe") == asked.count("past") == 1


def test_probe_when_a_source_fails_then_its_line_says_why_and_the_others_are_asked(tmp_path):
    spoils = {"quote": status(503), "spark": body(HTML), "cboe": wire(hang=True)}
    told = by_name(probed(tmp_path, spoils, stream=False)[0])
    assert [told[way, "quotes"][0] for way in ("yahoo-quote", "yahoo-spark", "cboe")] == [False, False, False]
    assert "fault of its own (503)" in told["yahoo-quote", "quotes"][1]
    assert "not what it is known to send" in told["yahoo-spark", "quotes"][1]
    assert "did not answer in time" in told["cboe", "quotes"][1]
    assert told["yahoo", "daily bars"][0]


def test_probe_when_yahoo_throttles_then_it_is_asked_once_and_no_more(tmp_path):
    found, asked, _ = probed(tmp_path, {"quote": status(429), "spark": status(429), "chart": status(429)}, stream=False)
    told = by_name(found)
    assert "asked us to slow down" in told["yahoo-spark", "quotes"][1]
    assert "asked us to slow down" in told["yahoo", "daily bars"][1]
    assert (asked.count("quote"), asked.count("spark"), asked.count("chart")) == (1, 0, 0)


def test_probe_when_there_is_no_key_then_the_source_is_named_and_not_asked(tmp_path):
    found, _, without = probed(tmp_path, stream=False)
    assert without == ["alpaca", "tiingo", "finnhub"]
    assert not {name for _, name, _ in found} & set(without)


async def test_probe_when_it_fails_unexpectedly_then_its_line_holds_no_message():
    async def ask() -> str:
        raise RuntimeError("the key is s3cret")

    ((fine, name, words),) = [each async for each in probe([Probe("x", "quotes", ask)])]
    assert (fine, name, words.rpartition(" (")[0]) == (False, "x", "quotes: failed (RuntimeError)")
