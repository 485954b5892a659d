"""The inside of a fund, and the funds that hold a symbol, as documents."""

from collections.abc import Sequence

from tui.analytics.definitions import INSIDE_A_FUND
from tui.analytics.style import THIRDS, FundStyle
from tui.analytics.windows import Window
from tui.board import Board
from tui.desk import OpenFund
from tui.documents.base import head
from tui.rows import percent


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
