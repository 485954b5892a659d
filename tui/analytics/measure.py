"""What is estimated from daily returns, and from how many of them."""

from enum import StrEnum

CORRELATION_WINDOW = 63
BETA_WINDOW = 252


class Measure(StrEnum):
    """An estimate that rolls along the sessions."""

    CORRELATION = "correlation"
    BETA = "beta"


WINDOWS = {Measure.CORRELATION: CORRELATION_WINDOW, Measure.BETA: BETA_WINDOW}
"""Daily returns behind each."""
