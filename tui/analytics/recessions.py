"""The recessions of the United States, as the National Bureau of Economic Research dates them.

Source: NBER, "US Business Cycle Expansions and Contractions", https://www.nber.org/research/business-cycle-dating. A
recession runs from the month after the peak to the month of the trough, as in FRED's series USREC. The committee names
both months long after: the trough of April 2020 in July 2021. So nobody could have acted on these dates at the time.
"""

from datetime import date

from msgspec import Struct


class Recession(Struct, frozen=True):
    """One recession; both dates are the first of a month."""

    peak: date
    """The last month of the expansion before."""
    trough: date
    """The last month of the recession."""


RECESSIONS: tuple[Recession, ...] = tuple(
    Recession(date(*peak, 1), date(*trough, 1))
    for peak, trough in (
        ((1948, 11), (1949, 10)),
        ((1953, 7), (1954, 5)),
        ((1957, 8), (1958, 4)),
        ((1960, 4), (1961, 2)),
        ((1969, 12), (1970, 11)),
        ((1973, 11), (1975, 3)),
        ((1980, 1), (1980, 7)),
        ((1981, 7), (1982, 11)),
        ((1990, 7), (1991, 3)),
        ((2001, 3), (2001, 11)),
        ((2007, 12), (2009, 6)),
        ((2020, 2), (2020, 4)),
    )
)
"""Oldest first, since 1948. None has been dated after these as of 2025."""
