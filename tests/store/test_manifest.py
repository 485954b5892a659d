import pytest

from tui.store import manifest
from tui.store.manifest import Manifest, Part


def test_commit_when_read_back_then_it_is_the_same_manifest(tmp_path):
    part = Part("daily/2024-0123456789ab.parquet", "daily/2024-0123456789ab.index.parquet", 3)
    stored = Manifest(generation=7, committed=1.5, daily={2024: part}, intraday={})
    manifest.commit(tmp_path, stored)
    assert manifest.load(tmp_path) == stored
    assert manifest.load(tmp_path / "elsewhere") == Manifest()


@pytest.mark.parametrize("stage", ["os.fsync", "pathlib.Path.replace"])
def test_replace_when_it_fails_then_the_old_content_stays_and_nothing_is_left_over(tmp_path, monkeypatch, stage):
    path = tmp_path / "manifest.json"
    manifest.replace(path, b"old")

    def fail(*_args):
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(stage, fail)
        with pytest.raises(OSError, match="Input/output"):
            manifest.replace(path, b"new")
    assert path.read_bytes() == b"old"
    assert [path] == list(tmp_path.iterdir())


def test_new_part_when_made_twice_then_the_names_differ_and_a_sweep_knows_them(tmp_path):
    parts = [manifest.new_part("daily", 987, 1) for _ in range(2)]
    (tmp_path / "daily").mkdir()
    for part in parts:
        (tmp_path / part.file).write_bytes(b"")
        (tmp_path / part.index).write_bytes(b"")
    manifest.sweep(tmp_path, Manifest(daily={987: parts[0]}))
    assert {parts[0].file, parts[0].index} == {f"daily/{path.name}" for path in (tmp_path / "daily").iterdir()}
