"""The drivers as a document: a row for each series, regime, fund, period, week; each says which part it is of."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from tui.board import Board
from tui.documents.base import definitions, head
from tui.rows import percent
from tui.studies.drivers_answers import (
    DealsAnswer,
    EarningsAnswer,
    FundOutlook,
    FundValuation,
    MacroAnswer,
    MacroLine,
    RegimesAnswer,
    SeriesAnswer,
    ValuationAnswer,
)

if TYPE_CHECKING:
    from datetime import date

    from tui.analytics.estimates import Covered, Outlook
    from tui.analytics.regimes import Outcome, Regime

FIGURES = {
    "macro": ("series_latest", "series_change", "series_correlation"),
    "regimes": (
        "regime_return_pct",
        "regime_difference_pp",
        "regime_yield",
        "regime_growth",
        "regime_recession",
        "regime_cut",
    ),
    "valuation": (
        "price_to_sales",
        "price_to_earnings_all",
        "price_to_earnings_profitable",
        "discount_pct",
        "valuation_coverage_pct",
        "loss_weight_pct",
    ),
    "earnings": (
        "earnings_growth_pct",
        "earnings_growth_typical_pct",
        "estimates_revised_pct",
        "estimates_raised_pct",
        "estimates_cut_pct",
    ),
    "deals": ("deals", "deal_filings", "deal_sector"),
}
"""The figures of each part."""


def drivers(
    board: Board, answers: Mapping[str, object], correlations: Sequence[SeriesAnswer] = (), symbols: Sequence[str] = ()
) -> dict[str, object]:
    """The answers of some parts, by their names, as one document; `correlations` belong to the macro series."""
    rows: list[dict[str, object]] = []
    about: dict[str, object] = {}
    for part, answer in answers.items():
        match answer:
            case MacroAnswer():
                rows += _macro(answer, {each.line.id: each for each in correlations})
            case RegimesAnswer():
                rows += [_regime(answer, each) for each in answer.regimes]
                about["regimes"] = {
                    "small": answer.small,
                    "large": answer.large,
                    "session": iso_day(answer.session),
                    "first_session": iso_day(answer.first),
                    "sessions": answer.sessions,
                    "series": list(answer.series),
                    "missing": list(answer.missing),
                }
            case ValuationAnswer():
                rows += [_fund(answer, each) for each in (answer.a, answer.b)]
                about["discount_history"] = [
                    {
                        "date": iso_day(each.day),
                        "price_to_sales": percent(each.ps),
                        "price_to_earnings_all": percent(each.pe_all),
                        "price_to_earnings_profitable": percent(each.pe_profitable),
                    }
                    for each in answer.history
                ]
            case EarningsAnswer():
                rows += [_outlook(fund, each) for fund in (answer.a, answer.b) for each in fund.outlooks]
            case DealsAnswer():
                rows += _deals(answer)
                about["deals_since"] = iso_day(answer.since)
                about["deals_days"] = {"weekdays": answer.days, "read": answer.days_read}
        if problem := getattr(answer, "problem", ""):
            about[f"{part}_problem"] = problem
    names = tuple(name for part in answers for name in FIGURES.get(part, ()))
    return {
        **head(board, "drivers", [board.row(symbol) for symbol in symbols]),
        "definitions": definitions(names),
        **about,
        "rows": rows,
    }


def iso_day(day: "date | None") -> str | None:
    """A day as text."""
    return day.isoformat() if day else None


def _macro(answer: MacroAnswer, correlations: Mapping[str, SeriesAnswer]) -> list[dict[str, object]]:
    return [_series(line, correlations.get(line.id)) for line in answer.lines]


def _series(line: MacroLine, found: SeriesAnswer | None) -> dict[str, object]:
    change = line.change if line.in_percent else percent(line.change)
    return {
        "part": "macro",
        "series": line.id,
        "title": line.title,
        "unit": line.unit,
        "frequency": line.frequency.value,
        "source": line.source,
        "date": iso_day(line.day),
        "series_latest": line.latest,
        "before": line.before,
        "series_change": change,
        "change_unit": "pp" if line.in_percent else "%",
        "correlated_symbol": found.symbol if found else None,
        "series_correlation": found.correlation if found else None,
        "correlation_n": found.n if found else None,
    }


def _regime(answer: RegimesAnswer, regime: "Regime") -> dict[str, object]:
    return {
        "part": "regimes",
        "regime": regime.name,
        "title": regime.title,
        "window": regime.window,
        "known": regime.basis.value,
        "first": iso_day(regime.first),
        "last": iso_day(regime.last),
        "apart": regime.apart,
        "starts": " ".join(day.isoformat() for day in regime.starts) or None,
        "small_symbol": answer.small,
        "large_symbol": answer.large,
        "small": _outcome(regime.small),
        "large": _outcome(regime.large),
        "difference": _outcome(regime.difference),
    }


def _outcome(outcome: "Outcome") -> dict[str, object]:
    return {
        "mean_pct": percent(outcome.mean),
        "median_pct": percent(outcome.median),
        "positive_pct": percent(outcome.positive),
        "n": outcome.n,
    }


def _fund(answer: ValuationAnswer, fund: FundValuation) -> dict[str, object]:
    found = fund.valuation
    last = answer.history[-1] if answer.history else None
    first = fund is answer.a
    return {
        "part": "valuation",
        "fund": fund.symbol,
        "against": answer.b.symbol if first else answer.a.symbol,
        "told": iso_day(fund.told),
        "holdings_as_of": iso_day(fund.holdings_as_of),
        "price_to_sales": found.ps,
        "price_to_earnings_all": found.pe_all,
        "price_to_earnings_profitable": found.pe_profitable,
        "discount_pct": {
            "price_to_sales": percent(last.ps) if last and first else None,
            "price_to_earnings_all": percent(last.pe_all) if last and first else None,
            "price_to_earnings_profitable": percent(last.pe_profitable) if last and first else None,
        },
        "valuation_coverage_pct": {
            "sales": percent(found.sales_coverage),
            "earnings": percent(found.earnings_coverage),
        },
        "loss_weight_pct": percent(found.loss_weight),
        "n": {"sales": found.sales_n, "earnings": found.earnings_n, "losses": found.losses_n, "holdings": found.n},
        "problem": fund.problem or None,
    }


def _outlook(fund: FundOutlook, outlook: "Outlook") -> dict[str, object]:
    return {
        "part": "earnings",
        "fund": fund.symbol,
        "period": outlook.period,
        "told": iso_day(fund.told),
        "earnings_growth_pct": _covered(outlook.growth),
        "earnings_growth_typical_pct": _covered(outlook.typical),
        "estimates_revised_pct": {"7d": _covered(outlook.revision_7d), "30d": _covered(outlook.revision_30d)},
        "estimates_raised_pct": {"7d": _covered(outlook.up_7d), "30d": _covered(outlook.up_30d)},
        "estimates_cut_pct": {"7d": _covered(outlook.down_7d), "30d": _covered(outlook.down_30d)},
        "problem": fund.problem or None,
    }


def _covered(figure: "Covered") -> dict[str, object]:
    return {"value": percent(figure.value), "coverage": percent(figure.coverage), "n": figure.n}


def _deals(answer: DealsAnswer) -> list[dict[str, object]]:
    deals = answer.deals
    weeks = [(iso_day(each.monday), each.deals, each.filings) for each in deals.weeks]
    counted = [
        *(("week", *each) for each in weeks),
        *(("form", each.name, each.deals, each.filings) for each in deals.forms),
        *(("sector", each.name, each.deals, each.filings) for each in deals.sectors),
        ("all", "all", deals.deals, deals.filings),
    ]
    return [
        {"part": "deals", "by": by, "name": name, "deals": count, "deal_filings": filings}
        for by, name, count, filings in counted
    ]
