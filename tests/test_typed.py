"""Types are worked out by one thread at a time, and by nobody else."""

import re
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from tui.typed import converted, from_json, json_decoder, msgpack_decoder

ROOT = Path(__file__).parents[1]

CROWD = """
import sys, threading
from msgspec import defstruct
from tui.typed import converted, from_json
sys.setswitchinterval(1e-6)
BODY = b'{"b": {"a": {}, "many": [{"x1": 3}], "by": {"q": {}}}, "bs": []}'
PLAIN = {"b": {"a": {}, "many": [{"x1": 3}], "by": {"q": {}}}, "bs": []}
for n in range(100):
    A = defstruct(f"A{n}", [(f"x{i}", int | None, None) for i in range(8)])
    B = defstruct(f"B{n}", [("a", A), ("many", list[A]), ("by", dict[str, A])])
    C = defstruct(f"C{n}", [("b", B), ("bs", list[B])])
    together, found = threading.Barrier(4), []
    def decode(at):
        together.wait(10)
        found.append((from_json(BODY, C) if at % 2 else converted(PLAIN, C)).b.many[0].x1)
    threads = [threading.Thread(target=decode, args=(at,)) for at in range(4)]
    for each in threads: each.start()
    for each in threads: each.join()
    assert found == [3] * 4, found
"""


def test_types_when_threads_meet_them_first_at_once_then_the_process_lives():
    """By msgspec alone this ends with a segmentation fault within a few types."""
    ended = subprocess.run(
        [sys.executable, "-c", CROWD], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert (ended.returncode, ended.stderr) == (0, "")


def test_decoders_when_asked_for_again_then_they_are_the_same():
    assert json_decoder(dict[str, int]) is json_decoder(dict[str, int])
    assert msgpack_decoder(list[float]) is msgpack_decoder(list[float])
    assert from_json(b'{"a": 1}', dict[str, int]) == converted({"a": 1}, dict[str, int]) == {"a": 1}


def test_types_when_they_are_decoded_then_by_way_of_the_one_that_is_safe():
    own = re.compile(r"msgspec\.convert\(|\.Decoder\(|\.decode\([^)]*\btype=")
    found = {path.name for path in (ROOT / "tui").rglob("*.py") if own.search(path.read_text(encoding="utf-8"))}
    assert found == {"typed.py"}


def test_from_json_when_it_is_something_else_then_it_is_said():
    with pytest.raises(msgspec.ValidationError):
        from_json(b'{"a": "b"}', dict[str, int])
    with pytest.raises(msgspec.ValidationError):
        converted({"a": "b"}, dict[str, int])
