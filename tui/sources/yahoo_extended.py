"""Prices before and after the regular session, as Yahoo tells them beside the regular one. Pure."""

from typing import TypedDict

from tui.sources.yahoo_wire import Money, Number, moment

_AHEAD = 300
"""Seconds by which their clock may be ahead of ours."""


class Extended(TypedDict, total=False):
    """The fields of a quote that tell of a price outside the regular session; all of them or none."""

    extended_price: float
    extended_phase: str
    extended_at: float


def extended(
    unit: Money, before: tuple[Number, Number], after: tuple[Number, Number], as_of: float, fetched_at: float
) -> Extended:
    """The newest of the prices (and their times) before and after the session, if made since its last one, `as_of`."""
    found: Extended = {}
    for phase, (price, made) in (("PRE", before), ("POST", after)):
        value, at = unit.price(price), moment(made)
        if (
            value is not None
            and at is not None
            and max(as_of, found.get("extended_at", 0.0)) < at <= fetched_at + _AHEAD
        ):
            found = {"extended_price": value, "extended_phase": phase, "extended_at": at}
    return found
