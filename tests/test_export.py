"""Rows for other programs."""

import csv
import io
import json
from pathlib import Path

import pytest

from tui.export import flattened, form_of, render, to_csv

ROWS = [
    {"symbol": "IWM", "return_pct": {"1D": 1.25, "1W": None}, "name": "=cmd|' /C calc'!A0"},
    {"symbol": "X\x1b[31mY", "return_pct": {"1D": -0.5, "1W": 0.0}, "name": None},
]


def test_nested_values_become_columns_with_dotted_names() -> None:
    assert flattened(ROWS[0])["return_pct.1D"] == 1.25


def test_csv_leaves_unknown_empty_and_keeps_zero() -> None:
    lines = list(csv.DictReader(io.StringIO(to_csv(ROWS))))
    assert [line["return_pct.1W"] for line in lines] == ["", "0.0"]


def test_csv_text_can_be_no_formula_but_a_negative_number_stays_a_number() -> None:
    lines = list(csv.DictReader(io.StringIO(to_csv(ROWS))))
    assert lines[0]["name"].startswith("'=")
    assert lines[1]["return_pct.1D"] == "-0.5"


@pytest.mark.parametrize("form", ["json", "csv", "ndjson"])
def test_no_format_carries_an_escape_sequence(form: str) -> None:
    assert "\x1b" not in render({"view": "monitor", "rows": ROWS}, form)


def test_json_is_one_object_and_ndjson_one_row_a_line() -> None:
    document = {"view": "monitor", "rows": ROWS}
    assert json.loads(render(document, "json"))["rows"][0]["return_pct"]["1W"] is None
    assert [json.loads(line)["symbol"] for line in render(document, "ndjson").splitlines()] == ["IWM", "XY"]


def test_an_empty_list_is_an_empty_csv_and_an_empty_array() -> None:
    assert json.loads(render({"view": "monitor", "rows": []}, "json"))["rows"] == []
    assert render({"view": "monitor", "rows": []}, "csv").strip() == ""


def test_an_unknown_format_names_the_known_ones() -> None:
    with pytest.raises(ValueError, match="expected one of table, json, csv, ndjson"):
        render({"rows": []}, "xml")


def test_a_file_name_chooses_the_format() -> None:
    assert form_of(Path("a/b.CSV")) == "csv"
    with pytest.raises(ValueError, match="must end in"):
        form_of(Path("rows.txt"))
