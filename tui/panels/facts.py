"""What is known of one symbol beside its windows: ranges, volume ratios, beta, z-score, drawdown."""

from collections.abc import Sequence

from tui import format as fmt
from tui import format_bars
from tui.detail import Detail
from tui.format import MISSING, Cell
from tui.rows import Row
from tui.widgets.grid import Column, Grid

COLUMNS = (
    Column("what", "Figure", 17, "left", fixed=True, flash=False),
    Column("value", "", 11, flash=False),
    Column("more", "", 36, "left", flash=False),
)


class Facts(Grid):
    """A list of figures with their surroundings, which is only read."""

    def on_mount(self) -> None:
        """There is nothing to choose here."""
        self.cursor_shown = False

    def show_detail(self, row: Row, detail: Detail) -> None:
        """Draw the figures of one symbol."""
        lines = facts(row, detail)
        cells = {f"{index}": line for index, line in enumerate(lines)}
        if list(self.columns) != list(COLUMNS):
            self.set_columns(COLUMNS)
        if list(cells) == list(self.keys):
            self.update(cells)
        else:
            self.set_rows(list(cells), cells.__getitem__)


def facts(row: Row, detail: Detail) -> list[Sequence[Cell]]:
    """The lines: a name, a value, and what helps to read it."""
    figures = row.figures
    day = _position(row.quote.price if row.quote else None, detail.day_low, detail.day_high)
    lines: list[Sequence[Cell]] = [
        _line("Day range", format_bars.range_bar(day, 11), _span(detail.day_low, detail.day_high)),
        _line(
            "52-week range",
            format_bars.range_bar(figures.range52 if figures else None, 11),
            _span(detail.low52, detail.high52),
        ),
        _line("From the peak, %", fmt.change(figures.drawdown if figures else None), _peak(detail)),
        _line(
            "z-score, 50",
            fmt.zscore(figures.zscore50 if figures else None),
            Cell("against its mean of 50 closes", "muted"),
        ),
        _line(
            "Beta",
            Cell(f"{detail.beta.value:.2f}") if detail.beta.value is not None else MISSING,
            Cell(f"daily returns, n {detail.beta.n}", "muted"),
        ),
        _line(
            "Correlation",
            Cell(f"{detail.correlation.value:.2f}") if detail.correlation.value is not None else MISSING,
            Cell(f"daily returns, n {detail.correlation.n}", "muted"),
        ),
    ]
    if detail.tracked_by:
        lines.append(_line("Volume", MISSING, Cell(f"an index has none: see {detail.tracked_by}", "warn")))
        return lines
    lines.append(
        _line(
            "Volume",
            fmt.shares(figures.volume if figures else None),
            Cell(
                f"${fmt.dollars(figures.dollar_volume).text} traded" if figures and figures.dollar_volume else "",
                "muted",
            ),
        )
    )
    lines += [
        _line(
            f"Volume ratio, {each.sessions}",
            fmt.ratio(each.by_mean),
            Cell(f"by median {fmt.ratio(each.by_median).text}, usual {fmt.shares(each.mean).text}", "muted"),
        )
        for each in detail.volumes
    ]
    return lines


def _line(what: str, value: Cell, more: Cell) -> Sequence[Cell]:
    return (Cell(what, "muted"), value, more)


def _span(low: float | None, high: float | None) -> Cell:
    if low is None or high is None:
        return MISSING
    return Cell(f"{fmt.price(low).text} to {fmt.price(high).text}", "muted")


def _peak(detail: Detail) -> Cell:
    since = f", stored since {detail.first:%Y}" if detail.first else ""
    return Cell(f"peak {fmt.price(detail.peak).text}{since}", "muted")


def _position(price: float | None, low: float | None, high: float | None) -> float | None:
    if price is None or low is None or high is None or high <= low:
        return None
    return (price - low) / (high - low)
