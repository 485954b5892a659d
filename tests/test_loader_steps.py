"""What the loader makes of what is stored."""

from datetime import date

from tests.fakes.source import SESSION, bars
from tui.analytics.windows import Window
from tui.loader_steps import make
from tui.store.memory import Memory

EARLY, LATE = date(2024, 6, 3), date(2024, 9, 3)


def test_a_hole_before_the_session_that_is_looked_at_is_told_though_bars_go_on_after_it() -> None:
    shelf = Memory()
    shelf.append([bars("IWM", [2.0] * 300, session=SESSION), bars("SPY", [1.0] * 300, session=EARLY)])
    shelf.append([bars("SPY", [1.0] * 20, session=LATE)])
    made, last, holes = make(shelf, ["IWM", "SPY"], SESSION)
    assert last["SPY"] == date(2024, 8, 30)
    assert holes == {"SPY": f"its history ends on 2024-05-31: what was before {SESSION} is unknown"}
    assert made["SPY"].bases[Window.D1].close is None
    assert made["IWM"].bases[Window.D1].close == 2.0
    assert make(shelf, ["IWM", "SPY"], LATE)[2].keys() == {"IWM"}


def test_what_ended_long_before_the_session_has_no_baseline_but_is_known_to_have_ended() -> None:
    shelf = Memory()
    shelf.append([bars("SPY", [1.0] * 20, session=EARLY)])
    assert make(shelf, ["IWM", "SPY"], date(2027, 6, 1)) == ({}, {"SPY": date(2024, 5, 31)}, {})
