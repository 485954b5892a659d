import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.analytics.estimates import outlook

SCHEMA = {
    "symbol": pl.String,
    "period": pl.String,
    "growth": pl.Float64,
    "average": pl.Float64,
    "year_ago": pl.Float64,
    "analysts": pl.Int64,
    "average_7d": pl.Float64,
    "average_30d": pl.Float64,
    "up_7d": pl.Int64,
    "down_7d": pl.Int64,
    "up_30d": pl.Int64,
    "down_30d": pl.Int64,
}
maybe = st.one_of(st.none(), st.floats(-5, 20).filter(lambda value: abs(value) > 1e-3))
counts = st.one_of(st.none(), st.integers(0, 30))
rows = st.lists(
    st.tuples(st.floats(0.01, 1), st.one_of(st.none(), st.floats(1, 500)), maybe, maybe, maybe, counts, counts),
    max_size=10,
)


def frame(made):
    table = [
        (f"S{n}", "0y", growth, now, then, analysts, then, then, up, up, up, up)
        for n, (_, _, growth, now, then, analysts, up) in enumerate(made)
    ]
    return pl.DataFrame(table, SCHEMA, orient="row")


def parts(made):
    weights = {f"S{n}": weight for n, (weight, *_) in enumerate(made)}
    prices = {f"S{n}": price for n, (_, price, *_) in enumerate(made) if price is not None}
    return weights, frame(made), prices


@given(rows)
@settings(max_examples=80, deadline=None)
def test_outlook_of_any_holdings_is_that_of_the_plain_loop(made):
    found = outlook("0y", *parts(made))
    total = sum(weight for weight, *_ in made)
    both = [(w, w / p, now, then) for w, p, _, now, then, *_ in made if None not in (p, now, then)]
    before = sum(shares * then for _, shares, _, then in both)
    assert found.growth.n == len(both)
    assert found.growth.coverage == pytest.approx(sum(w for w, *_ in both) / total if made else 0)
    if before > 1e-6:
        assert found.growth.value == pytest.approx(
            sum(s * now for _, s, now, _ in both) / before - 1, rel=1e-6, abs=1e-9
        )
    elif before < -1e-6:
        assert found.growth.value is None
    revised = [(w, min(up / n, 1)) for w, _, _, _, _, n, up in made if n and up is not None]
    assert found.up_7d.n == len(revised)
    share = sum(w * each for w, each in revised) / sum(w for w, _ in revised) if revised else None
    assert found.up_7d.value == pytest.approx(share)
    assert found.up_7d.value is None or 0 <= found.up_7d.value <= 1
    own = sorted((growth, w) for w, _, growth, *_ in made if growth is not None)
    if own:
        half = sum(w for _, w in own) / 2
        reached = [
            growth for place, (growth, _) in enumerate(own) if sum(w for _, w in own[: place + 1]) >= half - 1e-12
        ]
        assert found.typical.value == pytest.approx(reached[0])
    else:
        assert found.typical.value is None


@given(rows, st.floats(0.01, 100))
@settings(max_examples=30, deadline=None)
def test_outlook_when_prices_or_shares_scale_together_stays(made, scale):
    weights, estimates, prices = parts(made)
    found = outlook("0y", weights, estimates, prices)
    again = outlook("0y", weights, estimates, {symbol: price * scale for symbol, price in prices.items()})
    if found.growth.value is not None and abs(found.growth.value) < 1e3:
        assert again.growth.value == pytest.approx(found.growth.value, rel=1e-6, abs=1e-9)
    assert again.up_30d == found.up_30d


def test_a_loss_of_the_year_before_counts_against_the_growth():
    made = [(0.5, 10.0, None, 2.0, 3.0, None, None), (0.5, 10.0, None, 1.0, -1.0, None, None)]
    assert outlook("0y", *parts(made)).growth.value == pytest.approx(3.0 / 2.0 - 1)


def test_another_period_and_what_nobody_estimates_have_no_coverage():
    found = outlook("+1y", *parts([(1.0, 10.0, 0.1, 2.0, 1.0, 5, 1)]))
    assert (found.growth.value, found.growth.coverage, found.growth.n) == (None, 0.0, 0)
    assert (found.up_7d.value, found.up_7d.n) == (None, 0)


def test_a_holding_without_a_price_is_not_covered_but_its_revisions_are():
    found = outlook("0y", *parts([(0.6, 10.0, 0.1, 2.0, 1.0, 5, 1), (0.4, None, 0.1, 2.0, 1.0, 5, 3)]))
    assert found.growth.coverage == pytest.approx(0.6)
    assert found.up_30d.coverage == pytest.approx(1.0)
    assert found.up_30d.value == pytest.approx(0.6 * 0.2 + 0.4 * 0.6)
