"""The README says of faults what the bench shows."""

import pytest

from tests.faults.scripts import SCRIPTS
from tests.faults.table import CLOSE, OPEN, README, faults_table, write


def test_readme_when_it_has_a_table_of_faults_then_it_is_that_of_the_scripts():
    text = README.read_text(encoding="utf-8")
    if OPEN not in text:
        pytest.skip("the README has no marks for the table")
    assert text.partition(OPEN)[2].partition(CLOSE)[0] == f"\n{faults_table()}"


def test_table_when_made_then_every_fault_is_in_it_once():
    table = faults_table()
    assert [table.count(f"{script.fault}; ") + table.count(f"{script.fault} |") for script in SCRIPTS] == [1] * len(
        SCRIPTS
    )


def test_write_when_the_marks_are_there_then_only_what_is_between_them_changes(tmp_path):
    file = tmp_path / "README.md"
    file.write_text(f"before\n{OPEN}\nold\n{CLOSE}\nafter\n", encoding="utf-8")
    write(file)
    assert file.read_text(encoding="utf-8") == f"before\n{OPEN}\n{faults_table()}{CLOSE}\nafter\n"


def test_write_when_there_are_no_marks_then_nothing_is_written(tmp_path):
    file = tmp_path / "README.md"
    file.write_text("nothing\n", encoding="utf-8")
    with pytest.raises(SystemExit):
        write(file)
    assert file.read_text(encoding="utf-8") == "nothing\n"
