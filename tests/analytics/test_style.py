from datetime import date
from math import fsum

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from tui.analytics.style import Size, style_of, thirds
from tui.model import AssetClass, Fund, Holding


def fund(symbol: str, *rows: tuple[str | None, float]) -> Fund:
    holdings = [Holding(symbol=held, name=f"name of {held}", weight=weight) for held, weight in rows]
    return Fund(symbol=symbol, name=symbol, as_of=date(2025, 5, 13), source="test", holdings=holdings)


IWN = fund("IWN", ("V", 0.02), ("B", 0.03))
IWO = fund("IWO", ("G", 0.02), ("B", 0.01))
IWD = fund("IWD", ("B", 1.0), ("D", 0.5))
IWF = fund("IWF", ("E", 0.5))


def test_style_of_a_holding_is_that_of_the_fund_that_holds_it():
    made = style_of(fund("IWM", ("V", 0.1), ("G", 0.2), ("B", 0.4), ("X", 0.2), (None, 0.1)), [(IWN, IWO)])
    assert [row.value for row in made.holdings] == [1.0, 0.0, pytest.approx(0.75), None, None]
    assert [row.style_method for row in made.holdings] == [*["membership IWN/IWO"] * 3, None, None]
    assert (made.value, made.growth, made.unknown) == pytest.approx((0.1 + 0.3, 0.2 + 0.1, 0.3))
    assert made.methods == ("membership IWN/IWO",)


def test_style_when_several_pairs_are_known_is_that_of_the_first_that_holds_the_symbol():
    made = style_of(fund("IWV", ("B", 0.5), ("D", 0.3), ("E", 0.2)), [(IWN, IWO), (IWD, IWF)])
    assert [row.value for row in made.holdings] == [pytest.approx(0.75), 1.0, 0.0]
    assert [row.style_method for row in made.holdings] == ["membership IWN/IWO", *["membership IWD/IWF"] * 2]
    assert made.methods == ("membership IWN/IWO", "membership IWD/IWF")


def test_style_without_any_pair_is_unknown_and_size_is_not():
    made = style_of(fund("IWM", ("A", 0.7), ("B", 0.3)), [])
    assert (made.value, made.growth, made.unknown) == (0, 0, pytest.approx(1))
    assert made.methods == ()
    assert [(row.size, row.size_method) for row in made.holdings] == [
        (Size.LARGE, "market-value thirds"),
        (Size.SMALL, "market-value thirds"),
    ]


def test_style_of_a_holding_in_both_without_any_weight_is_half_of_each():
    made = style_of(fund("IWM", ("A", 1.0)), [(fund("V", ("A", 0.0)), fund("G", ("A", 0.0)))])
    assert made.holdings[0].value == 0.5


def test_cash_has_no_size_however_large_it_is():
    made = fund("IWM", ("A", 0.7), (None, 2.0), ("B", 0.3))
    made.holdings[1] = structs.replace(made.holdings[1], asset_class=AssetClass.CASH)
    sized = style_of(made, [])
    assert [row.size for row in sized.holdings] == [Size.LARGE, None, Size.SMALL]
    assert sized.large + sized.mid + sized.small == pytest.approx(1)


def test_size_is_the_third_in_which_the_holding_begins():
    assert thirds([0.1, 0.4, 0.2, 0.2, 0.1]) == [Size.SMALL, Size.LARGE, Size.MID, Size.MID, Size.SMALL]
    assert thirds([1.0, 1.0, 1.0]) == [Size.LARGE, Size.MID, Size.SMALL]
    assert thirds([0.5, 0.0, -0.1]) == [Size.LARGE, None, None]
    assert thirds([]) == []


@given(st.lists(st.floats(0.001, 1), min_size=1, max_size=40))
def test_sizes_of_any_weights_are_thirds_of_the_whole(weights):
    sizes = thirds(weights)
    order = [Size.LARGE, Size.MID, Size.SMALL]
    ranked = [order.index(size) for _, size in sorted(zip(weights, sizes, strict=True), key=lambda pair: -pair[0])]
    assert ranked == sorted(ranked)
    assert ranked[0] == 0
    whole, most = fsum(weights), max(weights)
    for at, size in enumerate(order):
        until = fsum(weight for weight, each in zip(weights, sizes, strict=True) if order.index(each) <= at)
        assert until >= whole * (at + 1) / 3 * (1 - 1e-9) or size is Size.SMALL
        assert until <= whole * (at + 1) / 3 + most * (1 + 1e-9)


@given(st.lists(st.tuples(st.sampled_from("VGBXYZ"), st.floats(0, 1)), max_size=20))
def test_style_and_size_of_any_fund_add_up_to_it(rows):
    made = style_of(fund("F", *rows), [(IWN, IWO)])
    whole = fsum(weight for _, weight in rows)
    assert made.value + made.growth + made.unknown == pytest.approx(whole)
    assert made.large + made.mid + made.small == pytest.approx(whole)
    assert sum(made.members.values()) == sum(weight > 0 for _, weight in rows)
