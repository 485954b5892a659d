"""The Treasury's yields from the first who has them."""

from datetime import UTC, date, datetime

import pytest

from tui.model_drivers import Series
from tui.sources.base import LimitedError, NoDataError, UnreachableError
from tui.sources.chain_drivers import ChainDrivers

NOW = datetime(2025, 10, 29, 16, 0, tzinfo=UTC).timestamp()


def series(name, source, value=4.1):
    return Series(id=name, dates=[date(2025, 10, 28)], values=[value], source=source, fetched_at=NOW)


class Treasury:
    def __init__(self, answer) -> None:
        self.answer = answer
        self.asked = 0

    async def yields(self, since):
        self.asked += 1
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    async def aclose(self):
        pass


class Fred:
    def __init__(self, known=("DGS2", "DGS10", "CPIAUCSL"), error=None) -> None:
        self.known, self.error, self.asked = known, error, []

    async def series(self, name, since=None):
        self.asked.append((name, since))
        if self.error:
            raise self.error
        if name not in self.known:
            raise NoDataError(name)
        return series(name, "fred")

    async def aclose(self):
        pass


def chain(treasury, fred, order=("treasury", "fred")):
    return ChainDrivers(treasury, fred, None, Treasury([]), order=order, clock=lambda: NOW)


async def test_yields_when_the_treasury_answers_then_fred_is_not_asked():
    fred = Fred()
    curve = await chain(Treasury([series("UST10Y", "treasury")]), fred).yields(date(2025, 1, 1))
    assert ([each.source for each in curve], fred.asked) == (["treasury"], [])


async def test_yields_when_the_treasury_is_down_then_fred_by_our_names_and_the_treasury_rests():
    treasury, fred = Treasury(UnreachableError("u")), Fred()
    source = chain(treasury, fred)
    for _ in range(2):
        curve = await source.yields(date(2024, 3, 1))
    assert [(each.id, each.source, each.title) for each in curve] == [
        ("UST2Y", "fred", "US Treasury 2-year par yield"),
        ("UST10Y", "fred", "US Treasury 10-year par yield"),
    ]
    assert ("DGS10", date(2024, 1, 1)) in fred.asked
    assert treasury.asked == 1


async def test_yields_when_all_fail_then_the_first_one_tells_why():
    with pytest.raises(LimitedError):
        await chain(Treasury(LimitedError("l", NOW + 900)), Fred(error=UnreachableError("u"))).yields(date.max)


async def test_yields_when_the_order_says_fred_then_fred():
    curve = await chain(Treasury([series("UST10Y", "treasury")]), Fred(), order=("fred",)).yields(date.max)
    assert {each.source for each in curve} == {"fred"}


async def test_series_when_a_tenor_then_of_the_curve_and_anything_else_of_fred():
    source = chain(Treasury(UnreachableError("u")), Fred())
    assert (await source.series("UST10Y")).id == "UST10Y"
    assert (await source.series("CPIAUCSL")).source == "fred"
    with pytest.raises(NoDataError):
        await source.series("UST4M")
    with pytest.raises(NoDataError, match="ISM"):
        await source.series("PMI")
