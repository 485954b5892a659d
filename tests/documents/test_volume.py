"""The volume documents: the curve by slot, and what is unknown."""

import pytest

from tests.panels.test_volume import day_of
from tui.documents.volume import curve


def test_curve_has_a_line_per_slot_with_today_as_far_as_it_is_known() -> None:
    lines = curve(day_of(), [100, 200, None])
    assert len(lines) == 78
    assert lines[0]["until"] == "2024-07-12T13:35:00Z"
    assert lines[-1]["until"] == "2024-07-12T20:00:00Z"
    assert [line["volume"] for line in lines[:4]] == [100, 200, None, None]
    assert [line["so_far_pct"] for line in lines[:4]] == [5.0, 10.0, None, None]
    assert lines[38]["usual_so_far_pct"] == pytest.approx(50.0)
    assert lines[-1]["usual_volume"] == pytest.approx(1000.0)


def test_curve_without_a_usual_day_has_only_what_was_traded() -> None:
    assert curve(day_of(band=False), [100, 200]) == [
        {"until": "2024-07-12T13:35:00Z", "volume": 100},
        {"until": "2024-07-12T13:40:00Z", "volume": 200},
    ]
    assert curve(day_of(band=False), []) == []
