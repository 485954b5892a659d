"""The list by windows: excess and rank in each, and today's place of the spread in its own history."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from tui import format as fmt
from tui.columns import Field
from tui.format import MISSING, Cell
from tui.panels.table import Table
from tui.panels.title import show_title
from tui.studies.relative_rows import RelativeRow
from tui.studies.spans import Span

if TYPE_CHECKING:
    from tui.analytics.relative import Estimate

WINDOWS = ("1D", "1W", "1M", "3M", "6M", "YTD", "1Y", "3Y", "5Y")
"""The windows that stand side by side; the chosen span comes before them."""

SMALL = 0.01
"""An estimate below it is shown with four decimals."""

BLANK = Cell("")
"""For a symbol of the list that is not compared: nothing was asked of its history."""


class WindowTable(Table):
    """A row per symbol of the list; the compared ones are marked."""

    def show_relative(
        self,
        made: Sequence[RelativeRow],
        span: Span,
        compared: Sequence[str],
        words: Callable[[str], str],
        *,
        fresh: bool,
    ) -> None:
        """Draw the rows; `words` of a symbol are what a filter looks through.

        `fresh` says that the columns or the symbols may be others than last time.
        """
        show_title(self, f" {len(compared)} compared, ranks in the list ")
        found = {row.symbol: row for row in made}
        if fresh:
            self.show_rows(fields(span), list(found), found.get, words=words)
        else:
            self.change(set(found), found.get)
        self.marks = compared


def fields(span: Span) -> list[Field]:
    """The columns for a span."""
    text = span.text
    short = "SINCE" if span.since is not None else text
    place = f"{short}, own history"
    return [
        Field("symbol", "Symbol", 8, _symbol, lambda row: row.symbol, "left", fixed=True, flash=False),
        Field("return", f"{short}%", 8, lambda row: fmt.change(row.returns.get(text), 8), _value("returns", text)),
        Field("excess", "Excess", 7, lambda row: fmt.points(row.excess.get(text)), _value("excess", text)),
        Field("rank", "Rank", 4, lambda row: fmt.rank(row.rank.get(text)), _value("rank", text), flash=False),
        Field("percentile", "Pctl", 4, _percentile, _part("place", "percentile"), group=place, flash=False),
        Field("zscore", "z", 6, _zscore, _part("place", "zscore"), group=place, flash=False),
        Field("n", "n", 6, _count("place"), _part("place", "n"), group=place, flash=False),
        Field("streak", "Streak", 6, _streak, _part("streak", "length"), flash=False),
        *(_window(each) for each in WINDOWS),
        Field("longest", "Longest", 7, _longest, _part("streak", "longest"), flash=False),
        Field("correlation", "Corr", 6, _estimate("correlation"), _part("correlation", "value"), flash=False),
        Field("correlation_n", "n", 4, _count("correlation"), _part("correlation", "n"), flash=False),
        Field("beta", "Beta", 7, _estimate("beta"), _part("beta", "value"), flash=False),
        Field("beta_n", "n", 4, _count("beta"), _part("beta", "n"), flash=False),
    ]


def _window(text: str) -> Field:
    """Excess and, after it, the rank."""

    def cell(row: RelativeRow) -> Cell:
        shown = fmt.points(row.excess.get(text), 6)
        rank = row.rank.get(text)
        return shown if rank is None else Cell(f"{shown.text} {rank:>3}", shown.role)

    return Field(
        f"excess_{text}", f"{text} rk", 10, cell, _value("excess", text), group="excess, pp, and rank in the list"
    )


def _symbol(row: RelativeRow) -> Cell:
    return Cell(fmt.clean(row.symbol, 8), "symbol")


def _value(name: str, text: str) -> Callable[[RelativeRow], float | None]:
    return lambda row: getattr(row, name).get(text)


def _part(name: str, part: str) -> Callable[[RelativeRow], float | None]:
    return lambda row: getattr(getattr(row, name), part, None)


def _percentile(row: RelativeRow) -> Cell:
    if row.place is None:
        return BLANK
    return MISSING if row.place.percentile is None else Cell(f"{row.place.percentile * 100:.0f}")


def _zscore(row: RelativeRow) -> Cell:
    return fmt.zscore(row.place.zscore) if row.place else BLANK


def _streak(row: RelativeRow) -> Cell:
    if row.streak is None:
        return BLANK
    return MISSING if row.streak.length is None else Cell(f"{row.streak.length}")


def _longest(row: RelativeRow) -> Cell:
    return Cell(f"{row.streak.longest}", "muted") if row.streak else BLANK


def _count(name: str) -> Callable[[RelativeRow], Cell]:
    def cell(row: RelativeRow) -> Cell:
        part = getattr(row, name)
        return Cell(f"{part.n}", "muted") if part else BLANK

    return cell


def _estimate(name: str) -> Callable[[RelativeRow], Cell]:
    def cell(row: RelativeRow) -> Cell:
        estimate: Estimate | None = getattr(row, name)
        if estimate is None:
            return BLANK
        if estimate.value is None:
            return MISSING
        # A beta to a yield is a return per basis point.
        return Cell(f"{estimate.value:+.{2 if abs(estimate.value) >= SMALL else 4}f}")

    return cell
