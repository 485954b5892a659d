"""Two quotes of one symbol: which is the better, what it keeps of the other, and when both are to be told. Pure."""

from msgspec.structs import replace

from tui.model import Instrument, Quote

BOUND = 0.01
"""Relative difference of prices of the same time above which two sources are both told."""

BOUND_FINAL = 0.005
"""The same for closes, which no time separates."""

SAME_TIME = 120.0
"""Seconds within which two prices are of the same time."""

_ALWAYS = ("currency", "name")
_IN_SESSION = ("open", "high", "low", "prev_close", "volume", "extended_price", "extended_phase", "extended_at")


def better(new: Quote, known: Quote | None) -> Quote | None:
    """`new` with what only `known` tells of the same session; None when it is older or has lost its price."""
    if known is None:
        return new
    if new.as_of < known.as_of or (new.price is None and known.price is not None):
        return None
    kept = [*_ALWAYS, *(_IN_SESSION if new.session == known.session else ())]
    if (new.extended_at or 0.0) < (known.extended_at or 0.0) and new.session == known.session:
        new = replace(new, **{name: getattr(known, name) for name in _IN_SESSION[-3:]})
    gaps = {name: getattr(known, name) for name in kept if getattr(new, name) is None}
    return replace(new, **gaps, final=new.final or (known.final and known.as_of == new.as_of))


def richer(new: Instrument, known: Instrument | None) -> Instrument:
    """`new` with the name and currency of `known` where it has none."""
    if known is None:
        return new
    return replace(new, name=new.name or known.name, currency=new.currency or known.currency)


def disagree(one: Quote, other: Quote) -> bool:
    """Whether two sources tell of the same time, in the same money, and differ by more than the bound."""
    if one.source == other.source or one.price is None or other.price is None or one.session != other.session:
        return False
    if None not in {one.currency, other.currency} and one.currency != other.currency:
        return False
    both_final = one.final and other.final
    if not both_final and (one.final or other.final or abs(one.as_of - other.as_of) > SAME_TIME):
        return False
    bound = BOUND_FINAL if both_final else BOUND
    return abs(one.price - other.price) > bound * min(abs(one.price), abs(other.price))
