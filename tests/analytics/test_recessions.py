from datetime import date
from itertools import pairwise

from tui.analytics.recessions import RECESSIONS


def test_recessions_when_looked_up_then_they_are_the_nbers_twelve_in_order():
    assert len(RECESSIONS) == 12
    assert (RECESSIONS[0].peak, RECESSIONS[-1].trough) == (date(1948, 11, 1), date(2020, 4, 1))
    assert all(each.peak < each.trough for each in RECESSIONS)
    assert all(earlier.trough < later.peak for earlier, later in pairwise(RECESSIONS))
    assert all(each.peak.day == each.trough.day == 1 for each in RECESSIONS)


def test_recessions_when_their_months_are_counted_then_they_are_as_long_as_published():
    """Months from peak to trough, as the NBER publishes them."""
    months = [(e.trough.year - e.peak.year) * 12 + e.trough.month - e.peak.month for e in RECESSIONS]
    assert months == [11, 10, 8, 10, 11, 16, 6, 16, 8, 8, 18, 2]
