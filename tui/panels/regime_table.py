"""What two symbols returned in each regime, every figure with its n."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.panels.driver_lines import regime_columns, regime_lines
from tui.panels.listing import Listing
from tui.panels.title import show_subtitle, show_title

if TYPE_CHECKING:
    from tui.analytics.regimes import Regime
    from tui.studies.drivers_answers import RegimesAnswer


class RegimeTable(Listing):
    """A row per regime, the base rate under those of the same window."""

    def show_answer(self, answer: RegimesAnswer) -> None:
        """Draw the regimes of two symbols."""
        since = f", {answer.sessions:,} sessions since {answer.first}" if answer.first else ""
        show_title(self, f" Regimes: {answer.small} against {answer.large}{since} ")
        missing = "; ".join(answer.missing)
        show_subtitle(self, f" {missing} " if missing else "")
        self.empty_text = missing
        width = self.size.width
        self.show_lines(regime_columns(answer.small, answer.large, width), regime_lines(answer, width))


def regime_text(regime: Regime) -> str:
    """What is to be said of one regime: when its windows began, where they are single events."""
    if regime.starts:
        return f"{regime.title}: {', '.join(f'{day}' for day in regime.starts)}"
    span = f", {regime.first} to {regime.last}" if regime.first else ""
    return f"{regime.title}: {regime.difference.n} windows of {regime.window}, {regime.apart} apart{span}"
