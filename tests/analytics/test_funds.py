import random
from datetime import timedelta
from math import inf, nan

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from tests.analytics import funds_reference as reference
from tests.analytics.funds_reference import Case, Now, case
from tests.analytics.reference import frame_of
from tui.analytics.baseline import baselines
from tui.analytics.funds import FundBook
from tui.analytics.row import Today
from tui.analytics.volume_model import MODEL
from tui.analytics.windows import Window

GROUP = ("contribution", "return_1d", "window_return", "excess", "volume_ratio", "dollar_volume")
BREADTH = ("advancers", "decliners", "unchanged", "above_mean50", "above_mean200", "new_highs", "new_lows")
SLOT = 30


def book_of(made: Case, window: Window = Window.M1, **options) -> FundBook:
    return FundBook(made.fund, baselines(frame_of(**made.days), made.session), window=window, **options)


def today_of(made: Case, now: Now) -> Today:
    final = now.share == 1.0
    slot = None if final else SLOT
    return Today(price=now.price, volume=now.volume, session=made.session, final=final, elapsed_slot=slot)


def ticks(made: Case, seed: int, count: int) -> list[tuple[str, Now]]:
    """Random news of all symbols of a fund, now and then that there is none."""
    rng = random.Random(seed)
    symbols = [*made.days, "NONE", "ELSEWHERE"]
    news = []
    for _ in range(count):
        symbol = rng.choice(symbols)
        past = [day.close for day in made.days.get(symbol, [])[:-1] if day.close is not None]
        last = past[-1] if past else 10.0
        price = rng.choice([None, last, max(past, default=1) * 1.2, *(last * rng.uniform(0.8, 1.2) for _ in range(5))])
        volume = rng.choice([None, 0, *(rng.randrange(1_000_000) for _ in range(5))])
        news.append((symbol, Now(price, volume, rng.choice([1.0, MODEL.shares[SLOT]]))))
    return news


def told(book: FundBook, made: Case, news: list[tuple[str, Now]]) -> dict[str, Now]:
    for symbol, now in news:
        book.update(symbol, today_of(made, now))
    return dict(news)


def close_to(value):
    return value if value is None else pytest.approx(value, rel=1e-9, abs=1e-12)


def assert_is_reference(book: FundBook, expected: dict) -> None:
    own, everything = expected["fund"], expected["all"]
    fund = book.total()
    assert fund.return_1d == close_to(own["return"])
    assert fund.window_return == close_to(own["window_return"])
    assert fund.explained == close_to(everything["contribution"])
    assert fund.explained_scaled == close_to(everything["return_1d"])
    assert fund.coverage == close_to(everything["covered_weight"])
    assert (fund.members, fund.covered) == (everything["members"], everything["covered"])
    rows = {row.sector: row for row in book.sector_rows()}
    assert rows.keys() == expected["sectors"].keys()
    for row, group in [(fund, everything), *((rows[sector], each) for sector, each in expected["sectors"].items())]:
        assert [getattr(row, name) for name in BREADTH] == [group[name] for name in BREADTH]
        assert row.volume_ratio == close_to(group["volume_ratio"])
        assert row.dollar_volume == (None if group["dollar_volume"] is None else pytest.approx(group["dollar_volume"]))
    for sector, group in expected["sectors"].items():
        row = rows[sector]
        assert [getattr(row, name) for name in GROUP] == [close_to(group[name]) for name in GROUP]
        assert (row.members, row.covered) == (group["members"], group["covered"])
        assert (row.weight, row.weight_published) == (close_to(group["weight"]), close_to(group["weight_published"]))
        assert row.weight * (row.coverage or 0) == close_to(group["covered_weight"])
    for holding, facts in zip(book.holding_rows(), expected["rows"], strict=True):
        assert holding.sector == facts["sector"]
        assert (holding.weight, holding.weight_published) == (close_to(facts["weight"]), facts["published"])
        assert holding.return_1d == close_to(facts["return"])
        assert holding.contribution == close_to(facts["contribution"])
        assert holding.window_return == close_to(facts["window_return"])
        assert holding.volume_ratio == close_to(facts["volume_ratio"])
        assert (holding.above_mean50, holding.above_mean200) == (facts["above50"], facts["above200"])
        assert (holding.new_high, holding.new_low) == (facts["high"], facts["low"])


cases = st.builds(
    case,
    st.integers(0, 10**6),
    st.integers(1, 12),
    st.sampled_from([2, 30, 60, 210, 260]),
    unknown=st.sampled_from([0.0, 0.02, 0.3]),
    holes=st.sampled_from([0, 0, 3]),
    back=st.sampled_from([0, 1, 4, 25, 300]),
)


@given(cases, st.integers(0, 10**6), st.integers(0, 60), st.sampled_from([Window.D1, Window.W1, Window.M1, Window.QTD]))
@settings(max_examples=60, deadline=None)
def test_book_after_any_ticks_is_the_reference_from_scratch(made, seed, count, window):
    book = book_of(made, window)
    latest = told(book, made, ticks(made, seed, count))
    assert_is_reference(book, reference.taken_apart(made, latest, window.value))


def everything(book: FundBook) -> tuple:
    return book.total(), book.sector_rows(), book.holding_rows()


@given(cases, st.integers(0, 10**6), st.integers(0, 200))
@settings(max_examples=40, deadline=None)
def test_book_after_any_ticks_is_its_own_regroup_to_the_last_bit(made, seed, count):
    book, fresh = book_of(made), book_of(made)
    latest = told(book, made, ticks(made, seed, count))
    before = everything(book)
    book.regroup()
    assert everything(book) == before
    told(fresh, made, list(latest.items()))
    assert everything(fresh) == before


def test_book_after_a_million_ticks_has_not_drifted():
    made = case(1, 8)
    book, news = book_of(made), ticks(made, 2, 1_000)
    todays = [(symbol, today_of(made, now)) for symbol, now in news]
    for _ in range(1_000):
        for symbol, today in todays:
            book.update(symbol, today)
    before = everything(book)
    book.regroup()
    assert everything(book) == before
    assert_is_reference(book, reference.taken_apart(made, dict(news), "1M"))


@given(cases, st.integers(0, 10**6), st.integers(1, 60))
@settings(max_examples=40, deadline=None)
def test_contributions_and_unexplained_after_any_ticks_add_up_to_the_return_of_the_fund(made, seed, count):
    book = book_of(made)
    told(book, made, ticks(made, seed, count))
    fund, rows, holdings = book.total(), book.sector_rows(), book.holding_rows()
    if fund.return_1d is None:
        assert fund.unexplained is None
        return
    for parts in (rows, holdings):
        contributions = sum(part.contribution for part in parts if part.contribution is not None)
        assert contributions + fund.unexplained == pytest.approx(fund.return_1d, abs=1e-12)


@given(cases, st.integers(0, 10**6), st.integers(1, 40), st.sampled_from(list(Window)))
@settings(max_examples=30, deadline=None)
def test_window_when_changed_gives_what_a_book_of_that_window_gives(made, seed, count, window):
    news = ticks(made, seed, count)
    changed, fresh = book_of(made, Window.M1), book_of(made, window)
    told(changed, made, news)
    changed.set_window(window)
    told(fresh, made, news)
    assert changed.window is window
    assert everything(changed) == everything(fresh)


@given(cases, st.integers(0, 10**6), st.integers(0, 30), st.integers(0, 10**6))
@settings(max_examples=30, deadline=None)
def test_sectors_that_a_tick_does_not_name_stay_as_they_were(made, seed, count, one_more):
    book = book_of(made)
    told(book, made, ticks(made, seed, count))
    before = {row.sector: row for row in book.sector_rows()}
    [(symbol, now)] = ticks(made, one_more, 1)
    touched = book.update(symbol, today_of(made, now))
    after = {row.sector: row for row in book.sector_rows()}
    assert {sector for sector in before if before[sector] != after[sector]} <= touched
    assert book.update(symbol, today_of(made, now)) == frozenset()


def test_tick_of_a_holding_names_its_sectors_and_one_of_the_fund_names_all():
    made = case(3, 12)
    book = book_of(made)
    of_s2 = {holding.sector or "Unclassified" for holding in made.fund.holdings if holding.symbol == "S2"}
    assert book.update("S2", today_of(made, Now(10.0, 100, 1.0))) == of_s2
    assert book.update("ELSEWHERE", today_of(made, Now(10.0, 100, 1.0))) == frozenset()
    assert book.update("FUND", today_of(made, Now(10.0, 100, 1.0))) == {row.sector for row in book.sector_rows()}


def test_tick_of_another_session_is_no_return_of_today():
    made = case(4, 6)
    book = book_of(made)
    yesterday = today_of(made, Now(10.0, 100, 1.0))
    for symbol in ("S4", "FUND"):
        book.update(symbol, structs.replace(yesterday, session=made.session - timedelta(days=1)))
    assert book.total().covered == 0
    assert book.total().return_1d is None
    assert [row.price for row in book.rows_of("S4")] == [None]


@pytest.mark.parametrize("price", [0.0, -5.0, nan, inf, 1e-300, 1e300, None])
def test_price_that_cannot_be_one_is_unknown_and_takes_the_last_away(price):
    made = case(5, 6)
    book = book_of(made)
    book.update("S4", today_of(made, Now(10.0, 100, 1.0)))
    assert book.total().covered == 1
    book.update("S4", today_of(made, Now(price, 100, 1.0)))
    assert book.total().covered == 0
    assert book.total().coverage == 0
    assert book.total().explained is None


def test_book_before_any_tick_explains_nothing_and_covers_nothing():
    made = case(6, 8)
    book = book_of(made)
    fund = book.total()
    assert (fund.explained, fund.explained_scaled, fund.unexplained, fund.coverage) == (None, None, None, 0.0)
    assert fund.holdings_as_of == made.fund.as_of
    assert sum(row.weight for row in book.sector_rows()) == pytest.approx(1)
    assert {row.contribution for row in book.sector_rows()} == {None}
    book.update("FUND", today_of(made, Now(10.0, None, 1.0)))
    assert book.total().unexplained == book.total().return_1d


def test_holdings_without_a_price_are_neither_scaled_away_nor_taken_as_unchanged():
    made = case(7, 10)
    book = book_of(made)
    prev = [day for day in made.days["S4"] if day.date < made.session][-1].close
    book.update("S4", today_of(made, Now(prev * 1.1, None, 1.0)))
    [holding], fund = book.rows_of("S4"), book.total()
    assert fund.coverage == pytest.approx(holding.weight)
    assert fund.explained == pytest.approx(holding.weight * 0.1)
    assert fund.explained_scaled == pytest.approx(0.1)
    [row] = [row for row in book.sector_rows() if row.sector == holding.sector]
    assert row.return_1d == pytest.approx(0.1)
    assert row.contribution == pytest.approx(row.return_1d * row.weight * row.coverage)


def test_cash_and_what_has_no_sector_are_sectors_too():
    made = case(8, 3)
    cash, unknown, share = made.fund.holdings
    holdings = [
        structs.replace(cash, sector="Cash and derivatives"),
        structs.replace(unknown, sector=None),
        structs.replace(share, sector="Energy"),
    ]
    book = book_of(made._replace(fund=structs.replace(made.fund, holdings=holdings)))
    assert {row.sector for row in book.sector_rows()} == {"Cash and derivatives", "Unclassified", "Energy"}
    assert [row.symbol for row in book.holding_rows("Unclassified")] == ["NONE"]
    assert book.holding_rows("Utilities") == []


def test_holdings_of_the_session_itself_drift_back_when_their_close_is_given():
    made = case(9, 9, back=0)
    assert made.fund.as_of == made.session
    news = [(symbol, Now(days[-1].close, days[-1].volume, 1.0)) for symbol, days in made.days.items()]
    then = {symbol: days[-1].close for symbol, days in made.days.items()}
    without, given = book_of(made), book_of(made, closes_then=then)
    told(without, made, news)
    told(given, made, news)
    assert [row.weight for row in without.holding_rows()] == [row.weight_published for row in without.holding_rows()]
    grown = [
        row.weight * (1 + row.return_1d) / row.weight_published
        for row in given.holding_rows()
        if row.return_1d is not None
    ]
    assert len(grown) == 7
    assert grown == pytest.approx([grown[0]] * 7)
    assert_is_reference(given, reference.taken_apart(made, dict(news), "1M", then=then))


@pytest.mark.parametrize("count", [10, 20, 50, 63])
def test_volume_ratios_are_over_the_chosen_number_of_sessions(count):
    made = case(10, 10)
    book = book_of(made, volume_window=count)
    latest = told(book, made, ticks(made, 11, 80))
    assert_is_reference(book, reference.taken_apart(made, latest, "1M", count))


def test_sector_of_one_holding_trading_as_usual_has_the_ratio_of_its_dollars():
    made = case(12, 5)
    book = book_of(made)
    past = [day for day in made.days["S4"] if day.date < made.session]
    book.update("S4", today_of(made, Now(past[-1].close, 1_000, MODEL.shares[SLOT])))
    usual = sum(day.close * day.volume for day in past[-63:]) / 63
    expected = past[-1].close * 1_000 / (usual * MODEL.shares[SLOT])
    [row] = [row for row in book.sector_rows() if row.volume_ratio is not None]
    assert row.volume_ratio == pytest.approx(expected, rel=1e-6)
    assert book.total().volume_ratio == row.volume_ratio


def test_window_of_a_fund_without_history_begins_where_that_of_most_holdings_does():
    made = case(13, 8)
    days = {symbol: each for symbol, each in made.days.items() if symbol != "FUND"}
    days["S4"] = days["S4"][:-30] + days["S4"][-25:]
    book = book_of(made._replace(days=days), Window.W1)
    assert book.total().window_start == days["S5"][-6].date
    assert book.total().window_return is None


def test_symbol_that_is_not_held_has_no_rows():
    made = case(14, 6)
    assert book_of(made).rows_of("ELSEWHERE") == []
    assert len(book_of(made).rows_of("S2")) == 2


def test_volume_that_stays_while_time_goes_on_becomes_less_unusual():
    made = case(15, 6)
    book = book_of(made)
    early = Today(price=10.0, volume=1_000, session=made.session, final=False, elapsed_slot=10)
    late = structs.replace(early, elapsed_slot=60)
    book.update("S4", early)
    before = book.total().volume_ratio
    assert book.update("S4", late)
    assert book.total().volume_ratio == pytest.approx(before * MODEL.shares[10] / MODEL.shares[60])


def test_holding_whose_volume_is_not_its_own_has_no_dollar_volume():
    made = case(16, 5)
    index = structs.replace(made.fund.holdings[4], symbol="^X")
    made = made._replace(
        fund=structs.replace(made.fund, holdings=[index]), days={"INDEX": made.days["S4"], "FUND": made.days["FUND"]}
    )
    book = book_of(made)
    book.update("^X", today_of(made, Now(10.0, 1_000, 1.0)))
    [row] = book.holding_rows()
    assert row.return_1d is not None
    assert (row.dollar_volume, row.volume_ratio, book.total().volume_ratio) == (None, None, None)
