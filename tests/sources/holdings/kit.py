"""What the tests of all sources of holdings share."""

from math import fsum

from tui.model import AssetClass


def shares(fund):
    """The rows that are shares."""
    return [each for each in fund.holdings if each.asset_class is AssetClass.EQUITY]


def weights(fund):
    """Sum of the weights of the shares."""
    return fsum(each.weight for each in shares(fund))


def sector_weights(fund):
    """Percent by sector of the shares, the heaviest first, to three places."""
    sums = {}
    for each in shares(fund):
        sums[each.sector] = sums.get(each.sector, 0.0) + 100 * each.weight
    return {sector: round(weight, 3) for sector, weight in sorted(sums.items(), key=lambda item: -item[1])}


def row(fund, name):
    """The holding whose name begins so."""
    return next(each for each in fund.holdings if each.name.startswith(name))


def told(value):
    """The name of a test's case: what the error says, not the bytes of a file."""
    return value if isinstance(value, str) else "file"
