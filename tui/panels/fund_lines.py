"""Two funds' valuation and estimates, and the deals, as lines of cells. Pure; nothing here draws."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui import format as fmt
from tui import format_bars
from tui.analytics.valuation import discount
from tui.format import MISSING, Cell
from tui.panels.driver_lines import NARROW, WIDE, Lines, covered_cells, percent_cell
from tui.widgets.column import Column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.analytics.deals import Share
    from tui.analytics.estimates import Covered, Outlook
    from tui.studies.drivers_answers import DealsAnswer, EarningsAnswer, FundOutlook, FundValuation, ValuationAnswer

HISTORY_ROWS = 250
"""Days of the discount's history that are listed; the line over them has all."""

PERIODS = {"0q": "This quarter", "+1q": "Next quarter", "0y": "This year", "+1y": "Next year"}
"""Periods of estimates, in words: fiscal ones, each company its own."""

EARNINGS: tuple[tuple[str, str, bool], ...] = (
    ("growth", "growth", True),
    ("typical", "typical", True),
    ("revision_7d", "revised 7d", True),
    ("revision_30d", "revised 30d", True),
    ("up_7d", "raised 7d", False),
    ("down_7d", "cut 7d", False),
    ("up_30d", "raised 30d", False),
    ("down_30d", "cut 30d", False),
)
"""Figures of an outlook: name, words, and whether it has a sign."""

DEALS_BAR = 24

SHORT = {"ps": "P/S", "pe_all": "P/E, losses", "pe_profitable": "P/E, no loss"}
"""Figures where there is little room."""


def valuation_columns(a: str, b: str, width: int = WIDE) -> list[Column]:
    """The columns of a fund's valuation against another's, for a width in cells."""
    figure = 6 if width < NARROW else 10
    return [
        Column("figure", "Figure", 12 if width < NARROW else 19, "left", fixed=True, flash=False),
        Column("a", fmt.clean(a, figure), figure, flash=False),
        Column("b", fmt.clean(b, figure), figure, flash=False),
        Column("discount", "Discount", 9, flash=False),
        Column("note", "", 48, "left", flash=False),
    ]


def valuation_lines(answer: ValuationAnswer, width: int = WIDE) -> Lines:
    """The figures, what they are made of, and the history of the discount with its newest day first."""
    a, b = answer.a, answer.b
    one, two = a.valuation, b.valuation
    lines: Lines = {}
    for key, words, note in (
        ("ps", "P/S", "price / sales of twelve months"),
        ("pe_all", "P/E, with losses", "earnings yields summed, losses too"),
        ("pe_profitable", "P/E, without losses", "holdings that earn something"),
    ):
        mine, theirs = getattr(one, key), getattr(two, key)
        lines[key] = (
            Cell(SHORT[key] if width < NARROW else words),
            fmt.price(mine, width=6),
            fmt.price(theirs, width=6),
            _signed(discount(mine, theirs)),
            Cell(note, "muted"),
        )
    for key, words in (("sales_coverage", "sales known"), ("earnings_coverage", "profit known")):
        n = key.replace("coverage", "n")
        note = f"of the weight; {getattr(one, n)} and {getattr(two, n)} holdings"
        lines[key] = (Cell(words, "muted"), *_shares(one, two, key), Cell(""), Cell(note, "muted"))
    losses = f"of that; {one.losses_n} and {two.losses_n} holdings"
    lines["loss_weight"] = (
        Cell("loss-makers", "muted"),
        *_shares(one, two, "loss_weight"),
        Cell(""),
        Cell(losses, "muted"),
    )
    lines["told"] = (
        Cell("told on", "muted"),
        _day(a, width),
        _day(b, width),
        Cell(""),
        Cell(_holdings(answer), "muted"),
    )
    history = list(answer.history)
    known = [each.ps for each in history]
    lines["history"] = (
        Cell("by P/S", "muted"),
        format_bars.spark(known, 6 if width < NARROW else 10),
        Cell(""),
        Cell(f"{len(history)} day{'' if len(history) == 1 else 's'}", "muted"),
        Cell("one value for each day something was told", "muted"),
    )
    for each in reversed(history[-HISTORY_ROWS:]):
        note = f"by P/E {_signed(each.pe_all).text} with, {_signed(each.pe_profitable).text} without losses"
        lines[f"{each.day}"] = (Cell(f"{each.day}", "muted"), Cell(""), Cell(""), _signed(each.ps), Cell(note, "muted"))
    return lines


def _shares(one: object, two: object, key: str) -> tuple[Cell, Cell]:
    return percent_cell(getattr(one, key), 1), percent_cell(getattr(two, key), 1)


def _signed(value: float | None) -> Cell:
    cell = fmt.change(value, 8)
    return cell if cell is MISSING else Cell(f"{cell.text}%", cell.role)


def _day(fund: FundValuation, width: int) -> Cell:
    if fund.told is None:
        return MISSING
    return Cell(f"{fund.told:%m-%d}" if width < NARROW else f"{fund.told}", "muted")


def _holdings(answer: ValuationAnswer) -> str:
    days = [f"{each.symbol} {each.holdings_as_of}" for each in (answer.a, answer.b) if each.holdings_as_of]
    return f"holdings of {', '.join(days)}" if days else ""


def earnings_columns(a: str, b: str) -> list[Column]:
    """The columns of two funds' estimates."""
    columns = [Column("figure", "Expected", 13, "left", fixed=True, flash=False)]
    for key, group in (("a", a), ("b", b)):
        columns += [
            Column(key, "Value", 9, group=fmt.clean(group, 12), flash=False),
            Column(f"{key}_coverage", "of", 4, group=fmt.clean(group, 12), flash=False),
            Column(f"{key}_n", "n", 5, group=fmt.clean(group, 12), flash=False),
        ]
    return [*columns, Column("difference", "A - B pp", 8, flash=False)]


def earnings_lines(answer: EarningsAnswer) -> Lines:
    """Each period with its figures, the nearest first."""
    lines: Lines = {}
    theirs = {each.period: each for each in answer.b.outlooks}
    periods = dict.fromkeys((*(each.period for each in answer.a.outlooks), *theirs))
    mine = {each.period: each for each in answer.a.outlooks}
    for period in periods:
        lines[period] = (Cell(PERIODS.get(period, period), "accent"), *[Cell("")] * 7)
        for key, words, signed in EARNINGS:
            a, b = _figure(mine.get(period), key), _figure(theirs.get(period), key)
            gap = None if a is None or b is None or a.value is None or b.value is None else a.value - b.value
            lines[f"{period}.{key}"] = (
                Cell(f" {words}"),
                *_covered(a, signed=signed),
                *_covered(b, signed=signed),
                fmt.points(gap, 8),
            )
    return lines


def _figure(outlook: Outlook | None, key: str) -> Covered | None:
    return None if outlook is None else getattr(outlook, key)


def _covered(covered: Covered | None, *, signed: bool) -> list[Cell]:
    if covered is None:
        return [MISSING] * 3
    return [*covered_cells(covered, signed=signed), Cell(f"{covered.n}", "muted")]


def told_text(a: FundOutlook | FundValuation, b: FundOutlook | FundValuation) -> str:
    """Which day each fund's figures are of."""
    return ", ".join(f"{each.symbol} told {each.told}" for each in (a, b) if each.told)


def deals_columns(width: int = WIDE) -> list[Column]:
    """The columns of the deals for a width in cells: by week, by form and by sector, one under the other."""
    return [
        Column("what", "Week of", 17 if width < NARROW else 29, "left", fixed=True, flash=False),
        Column("deals", "Deals", 6, flash=False),
        Column("filings", "Filings", 7, flash=False),
        Column("bar", "", DEALS_BAR, "left", flash=False),
    ]


def deals_lines(answer: DealsAnswer) -> Lines:
    """Weeks with the newest first, then forms and sectors with the most deals first."""
    deals = answer.deals
    if not deals.filings:
        return {}
    most = max((week.deals for week in deals.weeks), default=0) or 1
    lines: Lines = {
        f"{week.monday}": (
            Cell(f"{week.monday}"),
            Cell(f"{week.deals}"),
            Cell(f"{week.filings}", "muted"),
            format_bars.share_bar(week.deals / most, DEALS_BAR),
        )
        for week in reversed(deals.weeks)
    }
    for title, shares in (("By form", deals.forms), ("By sector of the target", deals.sectors)):
        lines[title] = (Cell(title, "accent"), Cell(""), Cell(""), Cell(""))
        lines |= _share_lines(title, shares, deals.deals)
    return lines


def _share_lines(title: str, shares: Sequence[Share], total: int) -> Lines:
    return {
        f"{title}.{each.name}": (
            Cell(f" {each.name}"),
            Cell(f"{each.deals}"),
            Cell(f"{each.filings}", "muted"),
            format_bars.share_bar(each.deals / total if total else None, DEALS_BAR),
        )
        for each in shares
    }
