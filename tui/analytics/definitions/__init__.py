"""What each figure means, in words: one definition per name, for the screens and for `show --format json`.

The words are those of docs, formulas; the names are the fields of a row as `show` prints it. A group is a file.
"""

from collections.abc import Mapping

from tui.analytics.definitions import drivers, events, inside, market, relative, seasons, volume
from tui.analytics.definitions.base import Definition

__all__ = ["DEFINITIONS", "INSIDE_A_FUND", "Definition"]

_GROUPS = (market, inside, relative, volume, events, seasons, drivers)

DEFINITIONS: Mapping[str, Definition] = {each.name: each for group in _GROUPS for each in group.ALL}
"""By name, in the order of a row; then those of the other views. A name means the same wherever it stands."""

INSIDE_A_FUND: Mapping[str, Definition] = {**DEFINITIONS, **{each.name: each for each in inside.MEANT_OTHERWISE}}
"""The same names as they are meant of a fund's sectors and holdings."""
