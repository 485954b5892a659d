from datetime import date

import pytest

from tui.model import Fund
from tui.sources.base import MalformedError, NoDataError, UnreachableError
from tui.sources.holdings.chain import Chain


def fund(source, *, partial=False):
    return Fund(symbol="IWM", name="A fund", as_of=date(2025, 5, 13), source=source, holdings=[], partial=partial)


class Fake:
    def __init__(self, name, answer):
        self.name, self.answer = name, answer
        self.asked, self.closed = [], 0

    async def fund(self, symbol):
        self.asked.append(symbol)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    async def aclose(self):
        self.closed += 1


NONE, DOWN = NoDataError("no IWM here"), UnreachableError("the site is down")
WHOLE, OTHER = fund("one"), fund("two")
PART, LATER_PART = fund("three", partial=True), fund("four", partial=True)


@pytest.mark.parametrize(
    ("answers", "found", "asked"),
    [
        ([WHOLE, OTHER], WHOLE, 1),
        ([NONE, DOWN, MalformedError("not a list"), OTHER], OTHER, 4),
        ([PART, WHOLE], WHOLE, 2),
        ([PART, LATER_PART, DOWN], PART, 3),
    ],
    ids=["the first whole list", "errors pass on", "whole before partial", "the first partial"],
)
async def test_fund_when_several_are_asked_then_the_first_whole_list_wins(answers, found, asked):
    sources = [Fake(str(place), answer) for place, answer in enumerate(answers)]
    assert await Chain(sources).fund("IWM") is found
    assert [each.asked for each in sources] == [["IWM"]] * asked + [[]] * (len(sources) - asked)


@pytest.mark.parametrize(
    ("answers", "told"),
    [([], ""), ([NONE, NONE], ""), ([NONE, DOWN, MalformedError("not a list")], " (the site is down)")],
    ids=["nobody", "nobody has it", "somebody failed"],
)
async def test_fund_when_nobody_has_it_then_the_message_says_why_and_what_to_do(answers, told):
    with pytest.raises(NoDataError) as error:
        await Chain([Fake("fake", answer) for answer in answers]).fund("IWM")
    assert str(error.value) == (f"no holdings of IWM are known{told}: outpace holdings import FILE --fund IWM")


async def test_fund_when_a_source_has_a_bug_then_it_is_not_hidden():
    with pytest.raises(ZeroDivisionError):
        await Chain([Fake("fake", ZeroDivisionError()), Fake("fake", WHOLE)]).fund("IWM")


async def test_aclose_when_there_are_several_then_all_are_closed():
    sources = [Fake("fake", WHOLE) for _ in range(3)]
    await Chain(sources).aclose()
    assert [each.closed for each in sources] == [1, 1, 1]
