"""Ranks on the monitor: there as soon as what is ranked is, not with the next look at the ages."""

from pathlib import Path

from tests.face import app_over, opened, quiet
from tests.fakes.source import NOON, FakeSource, bars, quote
from tui.app import Outpace
from tui.model import Health, State, Update

NAMES = ("SPY", "AAA", "BBB", "CCC")


def ranks_shown(app: Outpace) -> dict[str, str]:
    """What the column of ranks says, by symbol."""
    grid = app.page.grid()
    assert grid is not None
    place = next(at for at, column in enumerate(grid.columns) if column.key == "rank")
    return {key: grid._cells_of(key)[place].text.strip() for key in grid.keys}


def tell(app: Outpace, **prices: float) -> None:
    """Quotes, a moment before the clock that stands still."""
    assert app.engine is not None
    moment = NOON.timestamp() - 60
    quotes = [quote(name, price, volume=500, as_of=moment, fetched_at=moment) for name, price in prices.items()]
    app.engine.apply(Update(epoch=app.engine.wanted.now.epoch, quotes=quotes, health=Health(state=State.LIVE)))


async def test_ranks_are_there_when_the_figures_are(tmp_path: Path) -> None:
    source = FakeSource({name: bars(name, [100.0 + number % 7 for number in range(400)]) for name in NAMES})
    moment = NOON.timestamp() - 60
    known = {"SPY": 100.0}
    source.send(*(quote(name, known.get(name), as_of=moment, fetched_at=moment) for name in NAMES), epoch=1)
    app = app_over(source, tmp_path, symbols=",".join(NAMES), benchmark="SPY")
    async with opened(app, (200, 50)) as pilot:
        for timer in app._timers:
            if timer._callback == app._tick:
                timer.pause()
        assert ranks_shown(app) == {"SPY": "1", "AAA": "-", "BBB": "-", "CCC": "-"}
        tell(app, AAA=103.0, BBB=101.0)
        await quiet(app, pilot)
        assert ranks_shown(app) == {"SPY": "3", "AAA": "1", "BBB": "2", "CCC": "-"}
        tell(app, CCC=102.0)
        await quiet(app, pilot)
        assert ranks_shown(app) == {"SPY": "4", "AAA": "1", "BBB": "3", "CCC": "2"}
