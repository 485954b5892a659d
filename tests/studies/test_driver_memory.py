"""What is remembered answers as what is stored does."""

from datetime import date
from pathlib import Path

from polars.testing import assert_frame_equal

from tui.model_drivers import Estimate, Filing, Frequency, Fundamental, Series
from tui.store.deals import DayRead
from tui.store.drivers import DriverStores
from tui.studies.driver_memory import DriverMemory

DAYS = [date(2026, 5, 4), date(2026, 6, 15)]


def test_memory_and_stores_answer_alike(tmp_path: Path) -> None:
    memory, stores = DriverMemory(), DriverStores.at(tmp_path)
    series = Series(
        id="CPIAUCSL", dates=DAYS, values=[1.0, 2.0], frequency=Frequency.MONTHLY, source="fake", fetched_at=5.0
    )
    figures = [
        Fundamental(symbol=symbol, as_of=day, source="fake", fetched_at=5.0, sales=1.0)
        for symbol in "BA"
        for day in DAYS
    ]
    estimates = [
        Estimate(symbol="A", period=period, as_of=DAYS[0], source="fake", fetched_at=5.0) for period in ("0y", "+1y")
    ]
    filings = [
        Filing(accession=f"A{cik}", cik=cik, company="C", form="425", kind="425", filed=DAYS[cik % 2]) for cik in (1, 2)
    ]
    read = {DAYS[0]: DayRead(5.0, 1), DAYS[1]: DayRead(5.0, None)}
    for each in (memory, stores):
        each.macro.save(series)
        each.fundamentals.save(figures)
        each.estimates.save(estimates)
        each.deals.save(filings, read)
        each.deals.classify({1: (2836, "Drugs")})
    assert memory.macro.ids() == stores.macro.ids() == ["CPIAUCSL"]
    assert memory.macro.load("CPIAUCSL") == stores.macro.load("CPIAUCSL")
    assert memory.macro.load("GDP") is stores.macro.load("GDP") is None
    for start, end in ((None, None), (DAYS[1], None), (None, DAYS[0])):
        assert_frame_equal(
            memory.fundamentals.frame(["A"], start, end),
            stores.fundamentals.frame(["A"], start, end),
            check_row_order=False,
        )
        assert_frame_equal(memory.deals.frame(start, end), stores.deals.frame(start, end), check_row_order=False)
    assert_frame_equal(memory.estimates.frame(), stores.estimates.frame(), check_row_order=False)
    assert memory.deals.days() == stores.deals.days() == read
    assert memory.deals.industries() == stores.deals.industries() == {1: (2836, "Drugs")}
