"""The market that tests share is the one that the program shows."""

from datetime import date

import msgspec

from tests.face import FIXED
from tests.market import Kept
from tui import loader_steps
from tui.analytics.windows import Window
from tui.model import Bars
from tui.sessions import session_of
from tui.sources.demo import Demo
from tui.store.memory import Memory


async def test_kept_when_asked_again_then_it_answers_as_a_market_of_its_own() -> None:
    fresh, kept = Demo(clock=lambda: FIXED), Kept(clock=lambda: FIXED)
    for _ in range(2):
        for symbol in ("IWM", "^TNX"):
            for start in (None, date(2026, 1, 5)):
                assert await kept.history(symbol, start) == await fresh.history(symbol, start)
            assert await kept.intraday_history(symbol) == await fresh.intraday_history(symbol)
            assert kept.quote_at(symbol, kept.now()) == fresh.quote_at(symbol, fresh.now())


async def test_kept_when_time_has_passed_then_it_is_told_when_it_was_asked() -> None:
    moment = FIXED
    kept = Kept(clock=lambda: moment)
    before = await kept.history("SPY")
    moment += 60.0
    after = await kept.history("SPY")
    assert after.fetched_at == before.fetched_at + 60.0
    assert after == msgspec.structs.replace(before, fetched_at=after.fetched_at)


async def test_baselines_when_bars_of_a_kept_market_are_changed_then_they_are_not_those_of_before() -> None:
    kept = Kept(clock=lambda: FIXED)
    bars, session = await kept.history("SPY"), session_of(kept.now())
    doubled = msgspec.structs.replace(bars, close=[2 * close for close in bars.close])

    def last_close(*given: Bars) -> float | None:
        shelf = Memory()
        shelf.append(given)
        return loader_steps.make(shelf, ["SPY"], session)[0]["SPY"].bases[Window.D1].close

    usual = last_close(bars)
    assert usual is not None
    assert [last_close(bars), last_close(doubled), last_close(bars, doubled)] == [usual, 2 * usual, 2 * usual]


async def test_kept_when_of_another_seed_then_it_is_another_market() -> None:
    assert (await Kept(seed=8).history("SPY")).close != (await Kept().history("SPY")).close
