from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.analytics.valuation import Valuation, as_known, days_of, discount, discount_on, valuation

amounts = st.one_of(st.none(), st.floats(1e3, 1e12))
signed = st.one_of(st.none(), st.floats(-1e10, -1e3), st.floats(1e3, 1e10))
holdings = st.lists(st.tuples(st.floats(0.001, 1), amounts, amounts, signed), max_size=12)
SCHEMA = {
    "symbol": pl.String,
    "as_of": pl.Date,
    "market_cap": pl.Float64,
    "sales": pl.Float64,
    "earnings": pl.Float64,
    "currency": pl.String,
    "sales_currency": pl.String,
}
DAY = date(2026, 6, 1)


def told(rows):
    made = [(f"S{n}", DAY, cap, sales, earned, "USD", "USD") for n, (_, cap, sales, earned) in enumerate(rows)]
    return pl.DataFrame(made, SCHEMA, orient="row")


def weights(rows):
    return {f"S{n}": weight for n, (weight, *_) in enumerate(rows)}


def naive(rows):
    sold = [(w, s / cap) for w, cap, s, _ in rows if None not in (cap, s)]
    earned = [(w, e / cap) for w, cap, _, e in rows if None not in (cap, e)]
    gaining = [(w, e) for w, e in earned if e > 0]

    def multiple(pairs):
        below = sum(w * each for w, each in pairs)
        return sum(w for w, _ in pairs) / below if below > 0 else None

    total = sum(w for w, *_ in rows)
    return multiple(sold), multiple(earned), multiple(gaining), sum(w for w, _ in sold) / total if rows else 0.0


@given(holdings)
@settings(max_examples=80, deadline=None)
def test_valuation_of_any_holdings_is_that_of_the_plain_loop(rows):
    found = valuation(weights(rows), told(rows))
    ps, pe_all, pe_profitable, coverage = naive(rows)
    assert found.ps == pytest.approx(ps)
    assert found.pe_profitable == pytest.approx(pe_profitable)
    assert found.sales_coverage == pytest.approx(coverage)
    if pe_all is None or pe_all > 1e6:
        # Gains and losses that all but cancel: the sum's last digit decides.
        assert found.pe_all is None or found.pe_all > 1e5
    else:
        assert found.pe_all == pytest.approx(pe_all, rel=1e-6)
    assert found.losses_n <= found.earnings_n <= found.n == len(rows)


@given(holdings, st.floats(1e-3, 1e3), st.floats(0.1, 10))
@settings(max_examples=30, deadline=None)
def test_valuation_when_a_currency_or_the_fund_scales_stays(rows, scale, size):
    found = valuation(weights(rows), told(rows))
    scaled = [(w * size, *(None if each is None else each * scale for each in rest)) for w, *rest in rows]
    again = valuation(weights(scaled), told(scaled))
    assert again.ps == pytest.approx(found.ps)
    assert again.pe_profitable == pytest.approx(found.pe_profitable)
    assert again.sales_coverage == pytest.approx(found.sales_coverage)


def test_the_harmonic_mean_with_and_without_the_loss_maker():
    rows = [(0.5, 100.0, 50.0, 10.0), (0.5, 100.0, 100.0, -5.0)]
    found = valuation(weights(rows), told(rows))
    assert found.ps == pytest.approx(1 / 0.75)
    assert found.pe_all == pytest.approx(1 / 0.025)
    assert found.pe_profitable == pytest.approx(10.0)
    assert (found.loss_weight, found.losses_n) == (0.5, 1)


def test_a_holding_without_a_symbol_is_part_of_what_is_not_covered():
    rows = [(0.75, 100.0, 50.0, 10.0)]
    found = valuation({**weights(rows), "\0cash": 0.25, "SHORT": -0.5}, told(rows))
    assert found.sales_coverage == found.earnings_coverage == 0.75
    assert found.ps == 2.0


def test_amounts_in_two_currencies_are_not_divided_but_the_ratio_is_taken():
    frame = told([(1.0, 100.0, 9000.0, 500.0)]).with_columns(
        sales_currency=pl.lit("JPY"), price_to_sales=pl.lit(1.6), price_to_earnings=pl.lit(20.0)
    )
    found = valuation({"S0": 1.0}, frame)
    assert (found.ps, found.pe_all) == (pytest.approx(1.6), pytest.approx(20.0))


def test_a_loss_per_share_counts_where_a_source_tells_no_ratio():
    frame = pl.DataFrame({"symbol": ["S0"], "price": [10.0], "eps": [-1.0], "price_to_sales": [4.0]})
    found = valuation({"S0": 1.0}, frame)
    assert (found.ps, found.pe_all, found.pe_profitable, found.loss_weight) == (4.0, None, None, 1.0)


@pytest.mark.parametrize(("a", "b", "expected"), [(73, 100, 0.27), (100, 80, -0.25), (None, 80, None), (5, 0, None)])
def test_discount_is_one_less_the_ratio(a, b, expected):
    assert discount(a, b) == (None if expected is None else pytest.approx(expected))


def test_discount_on_a_day_has_every_figure():
    found = discount_on(DAY, Valuation(ps=1.0, pe_all=None, pe_profitable=15.0), Valuation(ps=2.0, pe_all=20.0))
    assert (found.ps, found.pe_all, found.pe_profitable) == (0.5, None, None)


def test_what_was_told_later_is_not_known_before():
    frame = pl.concat([told([(1.0, 100.0, 50.0, 5.0)]).with_columns(as_of=day) for day in (DAY, date(2026, 6, 9))])
    later = frame.with_columns(sales=pl.when(pl.col("as_of") == DAY).then(50.0).otherwise(80.0))
    assert as_known(later, date(2026, 6, 8))["sales"].to_list() == [50.0]
    assert as_known(later, date(2026, 6, 9))["sales"].to_list() == [80.0]
    assert as_known(later, date(2026, 5, 31)).is_empty()
    assert days_of(later, ["S0"]) == [DAY, date(2026, 6, 9)]
