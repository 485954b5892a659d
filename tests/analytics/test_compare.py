import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from tui.analytics.compare import ABSENT, compare
from tui.analytics.funds_figures import SectorFigures
from tui.sectors import SECTORS


def sector(name: str, weight: float, return_1d: float | None = 0.01, window_return: float | None = 0.05):
    return SectorFigures(
        sector=name,
        weight=weight,
        weight_published=weight,
        coverage=1.0,
        return_1d=return_1d,
        contribution=None if return_1d is None else weight * return_1d,
        window_return=window_return,
        excess=None,
        volume_ratio=None,
        dollar_volume=None,
        members=1,
        covered=1,
        advancers=1,
        decliners=0,
        unchanged=0,
        above_mean50=None,
        above_mean200=None,
        new_highs=0,
        new_lows=0,
    )


def test_sectors_of_two_funds_stand_side_by_side_with_the_difference():
    [pair] = compare([sector("Energy", 0.3, 0.02, 0.10)], [sector("Energy", 0.1, -0.01, 0.04)])
    assert (pair.one.weight, pair.other.weight, pair.weight) == (0.3, 0.1, pytest.approx(0.2))
    assert pair.return_1d == pytest.approx(0.03)
    assert pair.contribution == pytest.approx(0.006 + 0.001)
    assert pair.window_return == pytest.approx(0.06)


def test_sector_that_one_fund_lacks_weighs_and_contributes_nothing_there():
    [pair] = compare([], [sector("Energy", 0.1, 0.02)])
    assert pair.one == ABSENT
    assert (pair.weight, pair.contribution) == (-0.1, pytest.approx(-0.002))
    assert (pair.return_1d, pair.window_return) == (None, None)


def test_what_is_unknown_on_one_side_has_no_difference():
    [pair] = compare([sector("Energy", 0.3, None, None)], [sector("Energy", 0.1)])
    assert (pair.contribution, pair.return_1d, pair.window_return) == (None, None, None)
    assert pair.weight == pytest.approx(0.2)


lists = st.dictionaries(st.sampled_from(SECTORS), st.floats(0, 1)).map(
    lambda weights: [sector(name, weight) for name, weight in weights.items()]
)


@given(lists, lists)
def test_comparison_the_other_way_round_is_the_negative_in_the_same_order(one, other):
    there, back = compare(one, other), compare(other, one)
    assert [pair.sector for pair in there] == [pair.sector for pair in back]
    assert {pair.sector for pair in there} == {row.sector for row in [*one, *other]}
    for pair, turned in zip(there, back, strict=True):
        assert (pair.weight, pair.contribution) == (-turned.weight, -turned.contribution)
        assert (pair.one, pair.other) == (turned.other, turned.one)
    assert sum(pair.weight for pair in there) == pytest.approx(
        sum(r.weight for r in one) - sum(r.weight for r in other)
    )


@given(lists)
def test_fund_compared_with_itself_differs_in_nothing(rows):
    assert {pair.weight for pair in compare(rows, [structs.replace(row) for row in rows])} <= {0.0}
