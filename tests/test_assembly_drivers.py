"""Which source of drivers goes with which source of prices."""

from datetime import date

import polars as pl
import pytest

from tui.assembly import assemble
from tui.config import Paths, Settings
from tui.sources.base import DeniedError
from tui.sources.drivers.base import DriverSource
from tui.store.drivers import DriverStores
from tui.store.history import History


@pytest.fixture
def paths(tmp_path):
    return Paths(**{f"{name}_dir": tmp_path / name for name in ("config", "data", "cache", "state")})


async def test_assemble_when_it_is_the_demo_then_its_drivers_are_simulated_and_nothing_is_stored(paths):
    built = assemble(Settings(source="demo"), paths, ["IWM"], "SPY")
    assert isinstance(built.drivers, DriverSource)
    assert (built.drivers.nature(), built.root) == ("SIMULATED", None)
    await built.aclose()


async def test_assemble_when_it_is_yahoo_then_the_publishers_are_asked_and_the_sec_only_with_an_address(paths):
    built = assemble(Settings(source="yahoo"), paths, ["IWM"], "SPY")
    assert isinstance(built.drivers, DriverSource)
    assert built.drivers.nature() is None
    assert built.root == paths.data_dir / "history"
    with pytest.raises(DeniedError, match="email"):
        await built.drivers.filings(date(2020, 3, 18))
    await built.aclose()
    await built.aclose()


async def test_assemble_when_a_past_session_is_shown_then_only_what_is_stored_counts(paths):
    root = paths.data_dir / "history"
    History(root).append(pl.DataFrame({"symbol": ["SPY"], "date": [date(2024, 7, 12)], "close": [1.0]}))
    built = assemble(Settings(source="history"), paths, ["SPY"], "SPY")
    assert (built.drivers, built.root) == (None, root)
    assert DriverStores.at(root).macro.ids() == []
    await built.aclose()
