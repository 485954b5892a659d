"""The volume of a list, and of one symbol, as documents."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from tui import sessions
from tui.board import Board
from tui.documents.base import definitions, head, iso
from tui.rows import percent
from tui.studies.volume import VolumeDay
from tui.studies.volume_rows import VolumeRow, flow_of

if TYPE_CHECKING:
    from tui.analytics.volume_curve import HalfHours
    from tui.analytics.volume_flow import Flow
    from tui.analytics.volume_unusual import UnusualDay

ROW_FIGURES = (
    "last",
    "return_pct",
    "volume",
    "volume_ratio",
    "volume_ratio_median",
    "volume_ratio_basis",
    "dollar_volume",
    "volume_mean",
    "volume_median",
    "first_half_hour_pct",
    "last_half_hour_pct",
    "profile_sessions",
)
LIST_FIGURES = (*ROW_FIGURES, "advancing_dollar_volume", "declining_dollar_volume", "advancing_share_pct")
DAY_FIGURES = (
    *ROW_FIGURES,
    "usual_volume",
    "so_far_pct",
    "usual_so_far_pct",
    "bars_of_tape_pct",
    "unusual_days",
    "followed_pct",
)


def volume_list(board: Board, rows: Sequence[VolumeRow], hours: "Mapping[str, HalfHours]") -> dict[str, object]:
    """The list by its ratios as given, with the balance of its dollar volume.

    `hours` has the first and the last half hour of the symbols that have five-minute bars.
    """
    symbols = [row.symbol for row in rows]
    return {
        **head(board, "volume", [board.row(symbol) for symbol in symbols]),
        "definitions": definitions(LIST_FIGURES),
        "flow": _flow(flow_of(board, symbols)),
        "rows": [_row(row, hours.get(row.symbol)) for row in rows],
    }


def volume_day(board: Board, row: VolumeRow, day: VolumeDay, so_far: Sequence[float | None]) -> dict[str, object]:
    """One symbol: its figures, its usual day by slot with today's, and a row per unusual day."""
    band = day.band
    return {
        **head(board, "volume", [board.row(day.symbol)]),
        "symbol": day.symbol,
        "session": day.session.isoformat(),
        "half_day": day.half_day,
        "tracked_by": day.tracked_by,
        "note": day.why or None,
        "definitions": definitions(DAY_FIGURES),
        "figures": _row(row, day.hours),
        "volume_ratios": [
            {
                "sessions": each.sessions,
                "by_mean": each.by_mean,
                "by_median": each.by_median,
                "mean": each.mean,
                "median": each.median,
                "known": each.known,
            }
            for each in day.lines
        ],
        "profile": _profile(day.hours),
        "band": None
        if band is None
        else {
            "sessions": band.sessions,
            "first": band.first.isoformat(),
            "last": band.last.isoformat(),
            "half_days_left_out": _dates(band.half_days),
            "usual_volume": band.usual,
            "bars_of_tape_pct": percent(day.held),
        },
        "curve": curve(day, so_far),
        "unusual": {
            "bound": day.unusual.bound,
            "sessions": day.unusual.known,
            "first": day.unusual.first.isoformat() if day.unusual.first else None,
            "last": day.unusual.last.isoformat() if day.unusual.last else None,
            "highest": _unusual(day.unusual.highest) if day.unusual.highest else None,
        },
        "rows": [_unusual(each) for each in day.unusual.days],
    }


def curve(day: VolumeDay, so_far: Sequence[float | None]) -> list[dict[str, object]]:
    """A line per five-minute slot, named by its end in UTC: today so far, and the usual with its quartiles."""
    band = day.band
    opened = sessions.session_open(day.session)
    lines: list[dict[str, object]] = []
    for slot in range(sessions.SLOTS if band is not None else len(so_far)):
        done = so_far[slot] if slot < len(so_far) else None
        line: dict[str, object] = {"until": iso(opened + timedelta(minutes=5 * (slot + 1))), "volume": done}
        if band is not None:
            line |= {
                "so_far_pct": None if done is None or not band.usual else 100 * done / band.usual,
                "usual_so_far_pct": 100 * band.shares.median[slot],
                "usual_low_pct": 100 * band.shares.low[slot],
                "usual_high_pct": 100 * band.shares.high[slot],
                "usual_volume": band.volumes.median[slot],
                "usual_volume_low": band.volumes.low[slot],
                "usual_volume_high": band.volumes.high[slot],
            }
        lines.append(line)
    return lines


def _row(row: VolumeRow, hours: "HalfHours | None") -> dict[str, object]:
    return {
        "symbol": row.symbol,
        "name": row.name,
        "last": row.last,
        "currency": row.currency,
        "return_pct": {"1D": percent(row.change)},
        "volume": row.volume,
        "volume_ratio": row.by_mean,
        "volume_ratio_median": row.by_median,
        "volume_ratio_basis": row.basis,
        "dollar_volume": row.dollar_volume,
        "volume_mean": row.usual.mean,
        "volume_median": row.usual.median,
        "first_half_hour_pct": percent(hours.opening.value) if hours else None,
        "last_half_hour_pct": percent(hours.closing.value) if hours else None,
        "profile_sessions": hours.opening.sessions if hours else None,
        "session": row.session.isoformat() if row.session else None,
        "state": row.state.value,
        "tracked_by": row.tracked_by,
        "note": row.note or None,
    }


def _profile(hours: "HalfHours") -> dict[str, object]:
    return {
        "first_half_hour_pct": percent(hours.opening.value),
        "last_half_hour_pct": percent(hours.closing.value),
        "sessions": hours.opening.sessions,
        "first": hours.first.isoformat() if hours.first else None,
        "last": hours.last.isoformat() if hours.last else None,
        "half_days_left_out": _dates(hours.half_days),
    }


def _unusual(day: "UnusualDay") -> dict[str, object]:
    return {
        "date": day.session.isoformat(),
        "half_day": day.half_day,
        "volume": day.volume,
        "volume_ratio": day.ratio,
        "volume_ratio_median": day.by_median,
        "dollar_volume": day.dollar_volume,
        "return_pct": percent(day.change),
        "followed_pct": {window.value: percent(value) for window, value in day.followed.items()},
    }


def _flow(flow: "Flow") -> dict[str, object]:
    return {
        "advancing_dollar_volume": flow.advancing.dollars,
        "declining_dollar_volume": flow.declining.dollars,
        "unchanged_dollar_volume": flow.unchanged.dollars,
        "advancing": flow.advancing.members,
        "declining": flow.declining.members,
        "unchanged": flow.unchanged.members,
        "not_counted": flow.unknown,
        "advancing_share_pct": percent(flow.advancing_share),
        "advancing_to_declining": flow.ratio,
    }


def _dates(days: Sequence[date]) -> list[str]:
    return [day.isoformat() for day in days]
