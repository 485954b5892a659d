"""The chain out of the settings: who is in it, in which order, and that nothing is sent where it should not."""

import pytest

from tui.assembly import assemble
from tui.config import Paths, Settings, Yahoo
from tui.config_chain import Addresses
from tui.config_chain import Chain as Orders
from tui.shared_feed import SharedFeed
from tui.sources.chain import Chain
from tui.sources.chain_make import make
from tui.sources.credentials import Key
from tui.sources.needs import Need, in_order


def names(chain):
    """Who is asked for quotes of the screen and of the rest, and for history."""
    turns = chain._feed._turns
    return (
        [way.name for way in turns.ways[Need.VISIBLE]],
        [way.name for way in turns.ways[Need.LIST]],
        list(chain._history._sources),
    )


async def test_make_when_nothing_is_set_then_the_order_of_the_house(tmp_path):
    chain, yahoo = make(Settings(), {}, tmp_path)
    assert names(chain) == (
        ["yahoo-quote", "yahoo-spark", "cboe"],
        ["yahoo-quote", "yahoo-spark"],
        ["yahoo", "cboe"],
    )
    assert chain._feed._stream._url == "wss://streamer.finance.yahoo.com/?version=2"
    assert chain._feed._stream._breaker is yahoo.http.breaker
    await chain.aclose()


async def test_make_when_there_are_keys_then_their_sources_join(tmp_path):
    keys = {"alpaca": Key("a", "b"), "tiingo": Key("t"), "finnhub": Key("f")}
    chain, _ = make(Settings(), keys, tmp_path)
    assert names(chain) == (
        ["yahoo-quote", "yahoo-spark", "alpaca", "tiingo", "finnhub", "cboe"],
        ["yahoo-quote", "yahoo-spark", "alpaca", "tiingo"],
        ["yahoo", "tiingo", "alpaca", "cboe"],
    )
    assert list(chain._intraday._sources) == ["yahoo", "alpaca"]
    await chain.aclose()


async def test_make_when_yahoo_is_elsewhere_then_nothing_goes_to_the_others(tmp_path):
    chain, _ = make(Settings(yahoo=Yahoo(base="http://localhost:1")), {"tiingo": Key("t")}, tmp_path)
    assert names(chain)[0] == ["yahoo-quote", "yahoo-spark"]
    assert chain._feed._stream is None
    await chain.aclose()


async def test_make_when_the_others_are_elsewhere_too_then_they_join(tmp_path):
    settings = Settings(
        yahoo=Yahoo(base="http://localhost:1", stream="ws://localhost:2"),
        addresses=Addresses(cboe="http://localhost:3"),
    )
    chain, _ = make(settings, {}, tmp_path)
    assert names(chain)[0] == ["yahoo-quote", "yahoo-spark", "cboe"]
    assert chain._feed._stream is not None
    await chain.aclose()


async def test_make_when_the_settings_leave_the_stream_out_then_there_is_none(tmp_path):
    chain, _ = make(Settings(chain=Orders(visible=("cboe",), history=("cboe",))), {}, tmp_path)
    assert (names(chain), chain._feed._stream, chain.name) == (
        (["cboe"], ["yahoo-quote", "yahoo-spark"], ["cboe"]),
        None,
        "cboe",
    )
    await chain.aclose()


def test_order_when_a_name_is_twice_or_not_there_then_once_or_passed_over():
    orders = Orders(history=("cboe", "yahoo", "cboe", "tiingo"))
    assert in_order(orders, Need.HISTORY, {"yahoo": 1, "cboe": 2}) == [2, 1]


@pytest.fixture
def paths(tmp_path):
    return Paths(**{name: tmp_path / name for name in ("config_dir", "data_dir", "cache_dir", "state_dir")})


async def test_assemble_when_live_then_the_chain_with_the_keys_of_the_private_file(paths, monkeypatch):
    monkeypatch.setenv("FINNHUB_API_KEY", "f")
    paths.config_dir.mkdir()
    (paths.config_dir / "keys.toml").write_text('tiingo = "t"')
    (paths.config_dir / "keys.toml").chmod(0o600)
    assembly = assemble(Settings(), paths, ["SPY"], "SPY")
    assert isinstance(assembly.source, SharedFeed)
    assert isinstance(assembly.source._inner, Chain)
    assert {"tiingo", "finnhub"} <= set(names(assembly.source._inner)[0])
    assert assembly.notice == ""
    await assembly.aclose()


async def test_assemble_when_others_may_read_the_keys_then_it_starts_without_and_says_so(paths):
    paths.config_dir.mkdir()
    (paths.config_dir / "keys.toml").write_text('tiingo = "t"')
    (paths.config_dir / "keys.toml").chmod(0o644)
    assembly = assemble(Settings(), paths, ["SPY"], "SPY")
    assert isinstance(assembly.source, SharedFeed)
    assert "tiingo" not in names(assembly.source._inner)[0]
    assert "chmod 600" in assembly.notice
    await assembly.aclose()


async def test_assemble_when_the_order_of_holdings_is_set_then_so_it_is(paths):
    settings = Settings(chain=Orders(holdings=("yahoo", "ishares")))
    assembly = assemble(settings, paths, ["SPY"], "SPY")
    assert [source.name for source in assembly.funds._sources] == ["yahoo", "ishares"]
    await assembly.aclose()
