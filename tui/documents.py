"""The documents of `show` and of the exports: what a view shows, as plain data with definitions and units."""

from collections.abc import Sequence
from datetime import UTC, datetime

from tui.analytics.definitions import DEFINITIONS, INSIDE_A_FUND
from tui.analytics.style import THIRDS, FundStyle
from tui.analytics.windows import Window
from tui.board import Board
from tui.desk import OpenFund
from tui.detail import Detail
from tui.model import SEVERITY, Instrument, State
from tui.rows import Row, percent, record

MONITOR_FIGURES = (
    "last",
    "return_pct",
    "excess_pp",
    "rank",
    "volume",
    "volume_ratio",
    "volume_ratio_basis",
    "dollar_volume",
    "range52_position",
    "zscore50",
    "drawdown_pct",
)


def definitions(names: Sequence[str]) -> dict[str, str]:
    """Definition of each figure in one or two sentences, its unit in brackets."""
    found = [DEFINITIONS[name] for name in names]
    return {each.name: f"{each.text} [{each.unit}]" for each in found}


def worst_state(rows: Sequence[Row]) -> State:
    """The worst state of these rows; unknown symbols count as nothing, unless there is nothing else."""
    states = [row.state for row in rows]
    known = [state for state in states if state is not State.UNKNOWN]
    return max(known or states or [State.WAITING], key=SEVERITY.__getitem__)


def head(board: Board, view: str, rows: Sequence[Row]) -> dict[str, object]:
    """What every document begins with."""
    source = board.engine.source
    return {
        "view": view,
        "as_of": iso(source.now()),
        "benchmark": board.benchmark,
        "volume_window": board.volume_window,
        "state": worst_state(rows).value,
        "nature": source.nature(),
        "source": source.name,
    }


def monitor(board: Board, symbols: Sequence[str]) -> dict[str, object]:
    """The monitor's rows, all symbols of the list in its order."""
    rows = board.rows(symbols)
    return {
        **head(board, "monitor", rows),
        "definitions": definitions(MONITOR_FIGURES),
        "rows": [record(row) for row in rows],
    }


def symbol(board: Board, detail: Detail, instrument: Instrument | None) -> dict[str, object]:
    """One symbol: a row per window, and beside them its figures, volume and ranges."""
    row = board.row(detail.symbol)
    return {
        **head(board, "symbol", [row]),
        "symbol": detail.symbol,
        "kind": instrument.kind.value if instrument else None,
        "definitions": definitions(
            (*MONITOR_FIGURES, "total_return_pct", "beta", "correlation", "volume_ratio_median")
        ),
        "figures": record(row),
        "ranges": {
            "day_low": detail.day_low,
            "day_high": detail.day_high,
            "low52": detail.low52,
            "high52": detail.high52,
            "peak": detail.peak,
        },
        "beta": {"value": detail.beta.value, "n": detail.beta.n},
        "correlation": {"value": detail.correlation.value, "n": detail.correlation.n},
        "correlation_by_year": [{"year": each.year, "value": each.value, "n": each.n} for each in detail.yearly],
        "volume_ratios": [
            {
                "sessions": each.sessions,
                "by_mean": each.by_mean,
                "by_median": each.by_median,
                "mean": each.mean,
                "median": each.median,
                "known": each.known,
            }
            for each in detail.volumes
        ],
        "tracked_by": detail.tracked_by,
        "rows": [
            {
                "window": line.window.value,
                "from": line.base.isoformat() if line.base else None,
                "return_pct": percent(line.own),
                "benchmark_return_pct": percent(line.benchmark),
                "excess_pp": percent(line.excess),
                "total_return_pct": percent(line.total),
            }
            for line in detail.lines
        ],
    }


def iso(moment: datetime) -> str:
    """RFC 3339 in UTC."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def sectors(board: Board, opened: OpenFund) -> dict[str, object]:
    """A fund's sectors, heaviest first; what they leave unexplained stands beside the rows."""
    assert opened.book is not None
    return {
        **_fund_head(board, "sectors", opened),
        "rows": [
            {
                "sector": row.sector,
                "weight_pct": percent(row.weight),
                "return_pct": percent(row.return_1d),
                "contribution_pp": percent(row.contribution),
                "window_return_pct": percent(row.window_return),
                "excess_pp": percent(row.excess),
                "volume_ratio": row.volume_ratio,
                "advancers": row.advancers,
                "decliners": row.decliners,
                "unchanged": row.unchanged,
                "above_mean50_pct": percent(row.above_mean50),
                "above_mean200_pct": percent(row.above_mean200),
                "new_highs": row.new_highs,
                "new_lows": row.new_lows,
                "coverage_pct": percent(row.coverage),
                "members": row.members,
            }
            for row in opened.book.sector_rows()
        ],
        "style": _style(opened.style),
    }


def holdings(board: Board, opened: OpenFund, sector: str | None) -> dict[str, object]:
    """The holdings of a fund or of one of its sectors, heaviest first."""
    assert opened.book is not None
    rows = sorted(opened.book.holding_rows(sector), key=lambda row: -row.weight)
    told = opened.sector_sources
    return {
        **_fund_head(board, "holdings", opened),
        "sector": sector,
        "rows": [
            {
                "symbol": row.symbol,
                "name": row.name,
                "sector": row.sector,
                "sector_source": told.get(row.symbol or ""),
                "weight_pct": percent(row.weight),
                "weight_published_pct": percent(row.weight_published),
                "last": row.price,
                "return_pct": percent(row.return_1d),
                "contribution_pp": percent(row.contribution),
                "window_return_pct": percent(row.window_return),
                "excess_pp": percent(row.excess),
                "volume_ratio": row.volume_ratio,
                "dollar_volume": row.dollar_volume,
                "above_mean50": row.above_mean50,
                "above_mean200": row.above_mean200,
                "new_high": row.new_high,
                "new_low": row.new_low,
            }
            for row in rows
        ],
    }


def funds(board: Board, symbol: str, holders: Sequence[tuple[str, float]]) -> dict[str, object]:
    """The funds that hold a symbol, the heaviest weight first."""
    row = board.row(symbol)
    return_1d = row.figures.returns.get(Window.D1) if row.figures else None
    return {
        **head(board, "funds", [row]),
        "symbol": symbol,
        "definitions": {
            "weight_pct": INSIDE_A_FUND["weight_pct"].text,
            "contribution_pp": INSIDE_A_FUND["contribution_pp"].text,
        },
        "rows": [
            {
                "fund": fund,
                "weight_pct": percent(weight),
                "contribution_pp": None if return_1d is None else percent(weight * return_1d),
            }
            for fund, weight in holders
        ],
    }


def _fund_head(board: Board, view: str, opened: OpenFund) -> dict[str, object]:
    assert opened.book is not None
    assert opened.fund is not None
    total = opened.book.total()
    return {
        **head(board, view, [board.row(opened.symbol)]),
        "fund": opened.symbol,
        "name": opened.fund.name,
        "window": opened.book.window.value,
        "window_start": total.window_start.isoformat() if total.window_start else None,
        "holdings_as_of": total.holdings_as_of.isoformat(),
        "holdings_source": opened.fund.source,
        "partial": opened.fund.partial,
        "return_pct": percent(total.return_1d),
        "explained_pp": percent(total.explained),
        "explained_scaled_pp": percent(total.explained_scaled),
        "unexplained_pp": percent(total.unexplained),
        "coverage_pct": percent(total.coverage),
        "members": total.members,
        "covered": total.covered,
        "definitions": {name: each.text for name, each in INSIDE_A_FUND.items()},
    }


def _style(style: FundStyle | None) -> dict[str, object] | None:
    if style is None:
        return None
    return {
        "value_pct": percent(style.value),
        "growth_pct": percent(style.growth),
        "unknown_pct": percent(style.unknown),
        "style_methods": list(style.methods),
        "large_pct": percent(style.large),
        "mid_pct": percent(style.mid),
        "small_pct": percent(style.small),
        "size_members": {size.value: count for size, count in style.members.items()},
        "size_method": THIRDS,
    }
