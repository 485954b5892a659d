"""Style sheets for tests: every app has the same, and each would parse them anew, for a fifth of the time it opens in."""

from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet
from textual.css.types import CSSLocation

_parse = Stylesheet._parse_rules
_kept: dict[tuple[object, ...], list[RuleSet]] = {}


def parse_once(
    sheet: Stylesheet,
    css: str,
    read_from: CSSLocation,
    is_default_rules: bool = False,
    tie_breaker: int = 0,
    scope: str = "",
) -> list[RuleSet]:
    """The rules of a text under the variables of a sheet, as the sheet itself keeps them, but for all sheets."""
    variables = frozenset(sheet._variables.items())
    key = (variables, css, read_from, is_default_rules, tie_breaker, scope)
    if key not in _kept:
        _kept[key] = _parse(sheet, css, read_from, is_default_rules, tie_breaker, scope)
    return _kept[key]
