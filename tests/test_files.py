"""Files that are whole at every moment."""

import os
from pathlib import Path

import pytest

from tui.files import keep_copy, reason, write_atomic


def test_write_atomic_into_a_new_folder_makes_both_and_leaves_nothing_else(tmp_path):
    path = tmp_path / "a" / "b" / "file"

    assert write_atomic(path, "ü\r\n")
    assert path.read_bytes() == "ü\r\n".encode()
    assert list(path.parent.iterdir()) == [path]


def test_write_atomic_over_a_file_replaces_it_and_keeps_its_permissions(tmp_path):
    path = tmp_path / "file"
    path.write_text("old", encoding="utf-8")
    path.chmod(0o644)

    assert write_atomic(path, "new")
    assert path.read_text(encoding="utf-8") == "new"
    assert path.stat().st_mode & 0o777 == 0o644


def test_write_atomic_through_a_link_changes_what_it_leads_to(tmp_path):
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_text("old", encoding="utf-8")
    link.symlink_to(target)

    write_atomic(link, "new")

    assert link.is_symlink()
    assert target.read_text(encoding="utf-8") == "new"


def test_write_atomic_without_replacing_leaves_a_file_that_is_there(tmp_path):
    path = tmp_path / "file"

    assert write_atomic(path, "first", replace=False)
    assert not write_atomic(path, "second", replace=False)
    assert path.read_text(encoding="utf-8") == "first"
    assert list(tmp_path.iterdir()) == [path]


def test_write_atomic_without_replacing_where_links_are_unknown_still_writes_once(tmp_path, monkeypatch):
    def refuse(*_):
        raise PermissionError

    monkeypatch.setattr(os, "link", refuse)
    path = tmp_path / "file"

    assert write_atomic(path, "first", replace=False)
    assert not write_atomic(path, "second", replace=False)
    assert path.read_text(encoding="utf-8") == "first"


def test_write_atomic_that_fails_leaves_the_old_file_and_no_other(tmp_path, monkeypatch):
    def refuse(*_):
        raise OSError(28, "No space left on device")

    path = tmp_path / "file"
    path.write_text("old", encoding="utf-8")
    monkeypatch.setattr(Path, "replace", refuse)

    with pytest.raises(OSError, match="No space") as error:
        write_atomic(path, "new")

    assert reason(error.value) == "No space left on device"
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_keep_copy_of_changing_content_keeps_each_once(tmp_path):
    path = tmp_path / "x.toml"
    copies = []
    for content in (b"one\r\n", b"one\r\n", b"\xfftwo", b"one\r\n"):
        path.write_bytes(content)
        copies.append(keep_copy(path))

    assert copies == [path.with_name(name) for name in ("x.toml.bak", "x.toml.bak", "x.toml.bak2", "x.toml.bak")]
    assert copies[2].read_bytes() == b"\xfftwo"


def test_keep_copy_of_nothing_is_none(tmp_path):
    assert keep_copy(tmp_path / "none") is None
