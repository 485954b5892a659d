"""What the views of a fund share: its book, the line above the table."""

from tui.analytics.funds_figures import FundFigures
from tui.desk import OpenFund
from tui.sources.base import NoDataError
from tui.verbs.ask import WAIT_SECONDS, Ask


async def opened_fund(ask: Ask) -> tuple[OpenFund, bool]:
    """The fund with its book, and whether all of its holdings have come.

    Raises:
        NoDataError: no holdings, or no history of them.
    """
    symbol, desk = ask.view.symbols[0], ask.desk
    opened = await desk.open(symbol)
    await desk.renewed(symbol)
    if opened.fund is None:
        raise NoDataError(opened.problem)
    ask.engine.watch(opened.members, ask.view.benchmark)
    whole = await ask.engine.settle(WAIT_SECONDS)
    opened = await desk.build(symbol)
    if opened.book is None:
        raise NoDataError(f"no history of {symbol} and its holdings")
    return opened, whole


def headline(opened: OpenFund, total: FundFigures) -> str:
    """The fund's return and what its holdings explain of it."""
    partial = ", partial" if opened.fund is not None and opened.fund.partial else ""
    return (
        f"{opened.symbol} {number(percent(total.return_1d))} %  explained {number(percent(total.explained))}"
        f"  unexplained {number(percent(total.unexplained))} pp  coverage {total.coverage * 100:.1f} %"
        f"  holdings of {total.holdings_as_of}{partial}"
    )


def percent(value: float | None) -> float | None:
    """A fraction in percent."""
    return None if value is None else value * 100


def number(value: float | None) -> str:
    """A signed figure with three digits, or a dash."""
    return "-" if value is None else f"{value:+.3f}"
