"""The tables of the drivers as cells: every figure with its n, unknown as a dash, and room for a small screen."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.analytics.deals import Deals, Share, Week
from tui.analytics.estimates import Covered, Outlook
from tui.analytics.regimes import Basis, Outcome, Regime
from tui.analytics.valuation import Discount, Valuation
from tui.model_drivers import Frequency
from tui.panels.deals import deals_title
from tui.panels.driver_chart import ticks
from tui.panels.driver_lines import (
    change_cell,
    day_text,
    macro_columns,
    macro_lines,
    regime_columns,
    regime_lines,
    value_text,
)
from tui.panels.fund_lines import (
    deals_columns,
    deals_lines,
    earnings_columns,
    earnings_lines,
    valuation_columns,
    valuation_lines,
)
from tui.panels.regime_table import regime_text
from tui.studies.drivers_answers import (
    DealsAnswer,
    EarningsAnswer,
    FundOutlook,
    FundValuation,
    MacroAnswer,
    MacroLine,
    RegimesAnswer,
    ValuationAnswer,
)

DAY = date(2026, 6, 17)
NOTHING = Outcome(None, None, None, 0)
WIDTHS = [30, 40, 80, 119, 120, 200]


def line(**more) -> MacroLine:
    told = {
        "id": "DGS10",
        "title": "10-year Treasury yield",
        "unit": "percent",
        "in_percent": True,
        "frequency": Frequency.DAILY,
        "source": "fred",
        "latest": 4.256,
        "day": DAY,
        "before": 4.2,
        "change": 0.056,
        "trend": [4.1, 4.2, 4.256],
    }
    return MacroLine(**(told | more))


def regime(name: str = "yield_fell", **more) -> Regime:
    told = {
        "title": "10-year yield fell over 1M",
        "window": "1M",
        "basis": Basis.SAME,
        "small": Outcome(-0.0052, -0.001, 0.493, 3311),
        "large": Outcome(-0.0023, 0.0057, 0.559, 3310),
        "difference": Outcome(-0.003, -0.0023, 0.46, 3309),
        "apart": 226,
        "first": date(2000, 5, 26),
        "last": DAY,
    }
    return Regime(name=name, **(told | more))


def answer(*regimes: Regime) -> RegimesAnswer:
    return RegimesAnswer(small="IWM", large="SPY", session=DAY, regimes=regimes, series=(), missing=())


@pytest.mark.parametrize(
    ("day", "often", "text"),
    [
        (DAY, Frequency.DAILY, "2026-06-17"),
        (DAY, Frequency.WEEKLY, "2026-06-17"),
        (date(2026, 4, 1), Frequency.MONTHLY, "2026-04"),
        (date(2026, 4, 1), Frequency.QUARTERLY, "2026 Q2"),
        (date(2026, 12, 1), Frequency.QUARTERLY, "2026 Q4"),
        (date(2026, 1, 1), Frequency.ANNUAL, "2026"),
    ],
)
def test_a_value_is_of_a_day_a_month_or_a_quarter(day, often, text):
    assert day_text(day, often) == text


def test_a_change_has_its_unit():
    assert change_cell(line()).text == "+0.06 pp"
    assert change_cell(line(in_percent=False, change=-0.0123)) == ("-1.23%", "down")
    assert change_cell(line(change=None)).text == "-"
    assert value_text(line(), 4.256) == "4.26"
    assert value_text(line(in_percent=False), 31406.642) == "31406.64"
    assert value_text(line(), None) == "-"


@pytest.mark.parametrize("width", WIDTHS)
def test_every_line_has_a_cell_for_each_column(width):
    macro = MacroAnswer(lines=[line(), line(id="GDP", frequency=Frequency.QUARTERLY, is_old=True)])
    lines = macro_lines(macro, width)
    assert {len(cells) for cells in lines.values()} == {len(macro_columns(width))}
    assert lines["GDP"][3].role == "warn"
    table = regime_lines(answer(regime(), regime("all_1m", small=NOTHING)), width)
    columns = regime_columns("IWM", "SPY", width)
    assert {len(cells) for cells in table.values()} == {len(columns)}


@pytest.mark.parametrize("width", WIDTHS)
def test_every_figure_of_a_regime_has_its_n_beside_it(width):
    columns = [column.key for column in regime_columns("IWM", "SPY", width)]
    cells = dict(zip(columns, regime_lines(answer(regime()), width)["yield_fell"], strict=True))
    assert [cells[f"{key}_n"].text for key in ("small", "large", "difference")] == ["3311", "3310", "3309"]
    assert cells["difference_mean"].text == "-0.30"
    assert cells["difference_positive"].text == "46%"
    empty = dict(zip(columns, regime_lines(answer(regime(small=NOTHING)), width)["yield_fell"], strict=True))
    assert (empty["small_mean"].text, empty["small_n"].text) == ("-", "0")


def test_on_a_small_screen_the_difference_and_its_n_fit():
    columns = regime_columns("IWM", "SPY", 40)
    used = 2
    for column in columns[:5]:
        used += column.width + 1
    assert [column.key for column in columns[2:5]] == ["difference_mean", "difference_positive", "difference_n"]
    assert used <= 40


def test_the_words_of_a_regime_tell_its_events_or_its_windows():
    assert "3,309 windows" not in regime_text(regime())
    assert "3309 windows of 1M, 226 apart, 2000-05-26 to 2026-06-17" in regime_text(regime())
    assert regime_text(regime(title="after", starts=[DAY])) == "after: 2026-06-17"


def fund(symbol: str, **more) -> FundValuation:
    return FundValuation(symbol=symbol, holdings_as_of=DAY, told=DAY, valuation=Valuation(**more))


@pytest.mark.parametrize("width", [40, 80, 200])
def test_valuation_shows_both_funds_the_discount_and_the_coverage(width):
    found = ValuationAnswer(
        a=fund("IWM", ps=1.25, pe_all=35.0, sales_coverage=0.9, sales_n=75),
        b=fund("SPY", ps=2.5, pe_all=None, sales_coverage=1.0, sales_n=77),
        history=[Discount(day=DAY - timedelta(days=1), ps=0.4), Discount(day=DAY, ps=0.5, pe_all=-0.6)],
    )
    lines = valuation_lines(found, width)
    assert {len(cells) for cells in lines.values()} == {len(valuation_columns("IWM", "SPY", width))}
    assert [cell.text for cell in lines["ps"][1:4]] == ["1.25", "2.50", "+50.00%"]
    assert [cell.text for cell in lines["pe_all"][1:4]] == ["35.00", "-", "-"]
    assert lines["sales_coverage"][1].text == "90.0%"
    assert "75 and 77 holdings" in lines["sales_coverage"][4].text
    days = [key for key in lines if key.startswith("2026")]
    assert days == ["2026-06-17", "2026-06-16"]
    assert lines["2026-06-16"][3].text == "+40.00%"


def outlook(value: float | None) -> Outlook:
    figure = Covered(value, 0.4, 12)
    names = ("growth", "typical", "up_7d", "down_7d", "up_30d", "down_30d", "revision_7d", "revision_30d")
    return Outlook(period="0y", **dict.fromkeys(names, figure))


def test_earnings_show_both_funds_with_coverage_n_and_the_difference():
    found = EarningsAnswer(
        a=FundOutlook(symbol="IWM", told=DAY, outlooks=[outlook(0.2)]),
        b=FundOutlook(symbol="SPY", told=DAY, outlooks=[outlook(0.125)]),
    )
    lines = earnings_lines(found)
    assert {len(cells) for cells in lines.values()} == {len(earnings_columns("IWM", "SPY"))}
    assert [cell.text for cell in lines["0y.growth"]] == [
        " growth", "+20.00%", "40%", "12", "+12.50%", "40%", "12", "+7.50",
    ]  # fmt: skip
    assert lines["0y.up_7d"][1].text == "20.0%"
    assert lines["0y.growth"][2].role == "warn"
    alone = EarningsAnswer(a=found.a, b=FundOutlook(symbol="SPY", told=None, outlooks=[]))
    assert [cell.text for cell in earnings_lines(alone)["0y.growth"]][4:] == ["-", "-", "-", "-"]


def deals(**more) -> DealsAnswer:
    found = Deals(
        since=DAY,
        deals=3,
        filings=8,
        weeks=[Week(date(2026, 6, 8), 1, 3), Week(date(2026, 6, 15), 2, 5)],
        forms=[Share("425", 3, 8)],
        sectors=[Share("Banks", 2, 6), Share("Other", 1, 2)],
    )
    return DealsAnswer(since=DAY, deals=found, days_read=3, days=3, **more)


def test_deals_are_weeks_from_the_newest_then_forms_and_sectors():
    lines = deals_lines(deals())
    assert {len(cells) for cells in lines.values()} == {len(deals_columns())}
    assert [cells[0].text for cells in lines.values()] == [
        "2026-06-15", "2026-06-08", "By form", " 425", "By sector of the target", " Banks", " Other",
    ]  # fmt: skip
    assert lines["2026-06-15"][3].text == "█" * 24
    assert lines["2026-06-08"][3].text == "█" * 12
    assert deals_lines(DealsAnswer(since=DAY, deals=Deals(since=DAY), days_read=0, days=3)) == {}


def test_the_title_of_the_deals_says_what_was_not_read():
    assert deals_title(deals()) == "Deals: 3 in 8 filings since 2026-06-17"
    assert deals_title(deals(run_up=False)).endswith(", older ones may count as new")
    part = DealsAnswer(since=DAY, deals=deals().deals, days_read=1, days=3)
    assert "1 of 3 weekdays read" in deals_title(part)


@given(st.dates(date(1950, 1, 1), date(2030, 1, 1)), st.integers(0, 6000), st.integers(1, 90))
def test_the_axis_has_a_handful_of_labels_in_order(first, count, step):
    made = ticks([first + timedelta(days=step * place) for place in range(min(count, 600))])
    assert len(made) <= 12
    assert [slot for slot, _ in made] == sorted({slot for slot, _ in made})
