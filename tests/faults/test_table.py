"""The README says of faults what the bench shows."""

import pytest

from tests import readme
from tests.faults.scripts import SCRIPTS
from tests.faults.table import faults_table


def test_readme_when_it_has_a_table_of_faults_then_it_is_that_of_the_scripts():
    assert readme.parts("faults")[1] == faults_table()


def test_table_when_made_then_every_fault_is_in_it_once():
    table = faults_table()
    assert [table.count(f"{script.fault}; ") + table.count(f"{script.fault} |") for script in SCRIPTS] == [1] * len(
        SCRIPTS
    )


def test_put_when_the_marks_are_there_then_only_what_is_between_them_changes(tmp_path):
    file = tmp_path / "README.md"
    file.write_text("before\n<!-- faults -->\nold\n<!-- /faults -->\nafter\n", encoding="utf-8")
    readme.put("faults", faults_table(), file)
    expected = f"before\n<!-- faults -->\n{faults_table()}<!-- /faults -->\nafter\n"
    assert file.read_text(encoding="utf-8") == expected


def test_put_when_there_are_no_marks_then_nothing_is_written(tmp_path):
    file = tmp_path / "README.md"
    file.write_text("nothing\n", encoding="utf-8")
    with pytest.raises(SystemExit):
        readme.put("faults", faults_table(), file)
    assert file.read_text(encoding="utf-8") == "nothing\n"
