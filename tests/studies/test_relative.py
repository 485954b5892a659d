"""The comparison over a fake market: prices by arithmetic, ranks in the list, and what is read again when."""

from datetime import date

import pytest

from tests.fakes.source import SESSION, FakeSource, bars, days_before, quote
from tests.test_engine import board_of, running, until
from tui.analytics.measure import Measure
from tui.analytics.windows import Window
from tui.model import DataError
from tui.store.memory import Memory
from tui.studies.relative import MOST, RANKED, RelativeStudy, UnwantedError, prepare, question, read
from tui.studies.relative_lines import bench_values, line_of, rolling_values, values_of
from tui.studies.relative_rows import prices, rows
from tui.studies.spans import ALL, SPANS, Span, since, turned
from tui.view import ChartKind

WAVES = {
    name: [100 + (at * step) % 17 + at / 9 for at in range(300)]
    for name, step in zip("ABCS", (3, 5, 7, 2), strict=True)
}
NAMES = ("A", "B", "C")


class CountingShelf(Memory):
    """Counts the reads of the study, which alone asks for adjusted closes."""

    reads = 0

    def frame(self, symbols=None, start=None, end=None, columns=None):
        self.reads += columns == ["close", "adj_close"]
        return super().frame(symbols, start, end, columns)


def market() -> FakeSource:
    return FakeSource({name: bars(name, closes) for name, closes in WAVES.items()})


async def settled(engine, source, names=NAMES, **more):
    engine.watch(names, "S")
    source.send(*(quote(name, 130.0 + at, **more) for at, name in enumerate((*names, "S"))), epoch=1)
    assert await engine.settle(10)


async def test_figures_of_a_comparison_are_those_of_the_rows_of_the_monitor() -> None:
    source = market()
    async with running(source) as engine:
        await settled(engine, source)
        board = board_of(engine)
        answer = await RelativeStudy(board).ask(question(board, NAMES, NAMES, Span(Window.M1), total=False))
        made = {row.symbol: row for row in rows(board, answer)}
        for row in board.rows(NAMES):
            assert row.figures is not None
            mine = made[row.symbol]
            for window in (Window.D1, Window.W1, Window.M1, Window.YTD, Window.Y1):
                assert mine.returns[window.value] == pytest.approx(row.figures.returns[window])
                assert mine.excess[window.value] == pytest.approx(row.figures.excess[window])
                assert mine.rank[window.value] == row.rank[window]
        assert mine.place is not None
        assert (mine.place.value, mine.place.n) == (mine.excess["1M"], 300 - 21 + 1)
        assert mine.correlation is not None
        assert (mine.correlation.n, mine.spread_sessions) == (63, 21)


async def test_what_begins_in_a_hole_is_unknown_here_as_on_the_monitor() -> None:
    source = market()
    source.histories["A"] = bars("A", WAVES["A"], session=date(2024, 7, 1))
    async with running(source) as engine:
        await settled(engine, source)
        board = board_of(engine)
        answer = await RelativeStudy(board).ask(question(board, NAMES, NAMES, Span(Window.M1), total=False))
        made = {row.symbol: row for row in rows(board, answer)}["A"]
        figures = board.rows(["A"])[0].figures
    assert figures is not None
    for window in (Window.D1, Window.W1):
        assert made.returns[window.value] is figures.returns[window] is None
    for window in (Window.M1, Window.Y1):
        assert made.returns[window.value] == pytest.approx(figures.returns[window])
        assert made.excess[window.value] == pytest.approx(figures.excess[window])


async def test_a_tick_moves_todays_figures_without_reading_anything() -> None:
    source, shelf = market(), CountingShelf()
    async with running(source, shelf) as engine:
        await settled(engine, source)
        board = board_of(engine)
        study = RelativeStudy(board)
        answer = await study.ask(question(board, NAMES, NAMES, Span(Window.M1), total=False))
        before = rows(board, answer)[0]
        line = values_of(board, answer, "A", ChartKind.RATIO)
        reads = shelf.reads
        source.send(quote("A", 150.0, as_of=1e10), epoch=1)
        await until(lambda: engine.live.quotes["A"].price == 150.0)
        after = rows(board, answer)[0]
        assert shelf.reads == reads
        assert after.returns["1D"] == pytest.approx(150 / WAVES["A"][-1] - 1)
        assert after.excess["1M"] != before.excess["1M"]
        assert after.spot != before.spot
        assert after.beta != before.beta
        moved = values_of(board, answer, "A", ChartKind.RATIO)
        assert moved[:-1] == line[:-1]
        assert moved[-1] != line[-1]


async def test_another_span_over_the_same_symbols_is_not_read_again_until_the_history_grows() -> None:
    source, shelf = market(), CountingShelf()
    async with running(source, shelf) as engine:
        await settled(engine, source)
        board = board_of(engine)
        study = RelativeStudy(board)
        asked = question(board, NAMES, NAMES, Span(Window.M1), total=False)
        assert study.is_new(asked)
        await study.ask(asked)
        assert not study.is_new(asked)
        other = question(board, NAMES, NAMES, ALL, total=True)
        assert study.is_new(other)
        await study.ask(other)
        assert shelf.reads == 1
        assert study.is_last(other)
        engine.loader.baselines["B"] = type(engine.loader.baselines["B"]).unknown("B", SESSION)
        assert study.is_new(other)
        await study.ask(other)
        assert shelf.reads == 2
        study.forget()
        assert study.is_new(other)


async def test_lines_end_with_the_price_and_begin_with_the_level_line() -> None:
    source = market()
    async with running(source) as engine:
        await settled(engine, source)
        board = board_of(engine)
        answer = await RelativeStudy(board).ask(question(board, NAMES, NAMES, Span(Window.W1), total=False))
        start = days_before(SESSION, 5)[0]
        for kind, first in ((ChartKind.REBASED, 100), (ChartKind.RATIO, 100), (ChartKind.SPREAD, 0)):
            line = line_of(board, answer, "B", kind)
            assert line[0] == (start, pytest.approx(first))
            assert line[-1][0] == SESSION
        assert dict(line_of(board, answer, "B", ChartKind.REBASED))[SESSION] == pytest.approx(
            100 * 131 / WAVES["B"][-5]
        )
        assert bench_values(board, answer)[-1] == pytest.approx(100 * 133 / WAVES["S"][-5])
        rolled = rolling_values(board, answer, "B", Measure.CORRELATION)
        assert len(rolled) == 253
        assert rolled[-1] == rows(board, answer)[1].correlation.value
        assert values_of(board, answer, "Z", ChartKind.RATIO) == [None] * 6


async def test_a_new_session_leaves_the_old_answer_without_a_price() -> None:
    source = market()
    async with running(source) as engine:
        await settled(engine, source)
        board = board_of(engine)
        answer = await RelativeStudy(board).ask(question(board, NAMES, NAMES, Span(Window.W1), total=False))
        assert prices(board, answer, "A").own == 130.0
        engine.live.quotes["A"] = quote("A", 131.0, session=date(2024, 7, 15))
        assert prices(board, answer, "A").own is None
        assert rows(board, answer)[0].excess["1D"] is None


async def test_symbols_are_eight_at_most_and_a_long_list_has_no_ranks() -> None:
    source = market()
    async with running(source) as engine:
        await settled(engine, source)
        board = board_of(engine)
        many = [f"X{at}" for at in range(RANKED + 1)]
        asked = question(board, ["S", "A", "A", *many], many, Span(Window.M1), total=False)
        assert (asked.symbols[0], len(asked.symbols), asked.peers) == ("A", MOST, ())
        answer = await RelativeStudy(board).ask(asked)
        made = rows(board, answer, whole_list=True)
        assert [row.symbol for row in made] == list(asked.symbols)
        assert made[0].rank == {}
        assert made[0].excess["1M"] is not None
        assert made[1].price is None


async def test_an_unwanted_answer_is_given_up_at_the_next_symbol() -> None:
    source = market()
    async with running(source) as engine:
        await settled(engine, source)
        board = board_of(engine)
        asked = question(board, NAMES, NAMES, Span(Window.M1), total=False)
        with pytest.raises(UnwantedError):
            prepare(read(engine.shelf, asked), asked, lambda: True)


async def test_nothing_stored_and_no_price_is_an_empty_answer() -> None:
    async with running(FakeSource()) as engine:
        engine.watch(["A"], "S")
        board = board_of(engine)
        asked = question(board, ["A"], ["A"], ALL, total=False)
        answer = await RelativeStudy(board).ask(asked)
        assert (answer.session, list(answer.days.span), answer.missing) == (None, [], [])
        assert rows(board, answer)[0].price is None
        assert line_of(board, answer, "A", ChartKind.RATIO) == []


def test_spans_turn_from_one_end_to_the_other_and_stop_there() -> None:
    assert SPANS[0] == Span(Window.D1)
    assert SPANS[-3:] == (Span(Window.Y3), Span(Window.Y5), ALL)
    assert turned(SPANS[0], -1) == SPANS[0]
    assert turned(ALL, 1) == ALL
    assert turned(Span(Window.Y1), 1) == Span(Window.Y3)
    assert turned(since("2020-01-02", SESSION), 1) == Span(Window.M1)


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2024-13-01", "12.07.2024", "2024-07-12", "2030-01-01", "0001-01-01"]
)
def test_a_date_that_cannot_be_compared_since_says_what_to_type(text: str) -> None:
    with pytest.raises(DataError, match=r"type a day before 2024-07-12 as YEAR-MONTH-DAY, for example 2024-01-01"):
        since(text, SESSION)
    with pytest.raises(DataError, match=r"for example 2023-01-01"):
        since(text, date(2024, 1, 1)) if text == "" else since("x", date(2024, 1, 1))


def test_a_date_is_taken_as_it_is_typed() -> None:
    assert since(" 2024-05-16 ", SESSION) == Span(since=date(2024, 5, 16))
