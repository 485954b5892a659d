"""Lists on disk: every change kept, none lost, and the user's text as it was."""

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from tui.watchlists import BUILT_IN, MAX_SYMBOLS, Watchlist, WatchlistError, Watchlists, parse_symbols

COMMENTED = """\
# my file

# small caps
[Small]  # first
symbols = [
    "IWM",  # the fund
    # one of them
    "XBI",
]
benchmark = "SPY"  # the market

[Large]
symbols = ["SPY", "QQQ"]  # two
"""

BROKEN = '[Mine]\nsymbols = ["IWM", "SPY"\nbenchmark = "QQQ"\n'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config" / "watchlists.toml"


def opened(path: Path, text: str | None = None) -> Watchlists:
    if text is not None:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    lists = Watchlists(path)
    lists.load()
    return lists


def on_disk(path: Path) -> list[Watchlist]:
    lists = opened(path)
    return [lists.get(name) for name in lists.names()]


# Reading


def test_load_without_a_file_gives_the_built_in_lists_and_writes_nothing(path):
    lists = opened(path)

    assert list(BUILT_IN) == [lists.get(name) for name in lists.names()]
    assert not path.parent.exists()


def test_load_of_a_file_gives_its_lists_in_order_and_in_upper_case(path):
    lists = opened(path, '[b]\nsymbols = ["iwm", "IWM", "^rut"]\nbenchmark = "qqq"\n[a]\n')

    assert [lists.get(name) for name in lists.names()] == [
        Watchlist("b", ("IWM", "^RUT"), "QQQ"),
        Watchlist("a", (), "SPY"),
    ]


@pytest.mark.parametrize("text", ["", "# nothing yet\n"])
def test_load_of_a_file_without_lists_gives_the_built_in_ones_and_keeps_its_text(path, text):
    lists = opened(path, text)
    lists.add("Rotation", ["TLT"])

    assert path.read_text(encoding="utf-8").startswith(text)
    assert [each.name for each in on_disk(path)] == [each.name for each in BUILT_IN]


@pytest.mark.parametrize(
    ("text", "place", "expected"),
    [
        (BROKEN, "line 3: benchmark: unclosed array", 'symbols = ["IWM", "SPY"]'),
        ("[A]\nsymbol = []\n", "line 2: A.symbol", "did you mean symbols?"),
        ('# c\n\n[A]\nsymbols = "IWM"\n', "line 4: A.symbols", 'symbols = ["IWM", "SPY"]'),
        ('[A]\nsymbols = ["I W"]\n', "line 2: A.symbols", "'I W' is no symbol"),
        ("[A]\nsymbols = [1]\n", "line 2: A.symbols", "1 is not in quotes"),
        ('[A]\n\n["B C"]\nbenchmark = 3\n', "line 4: B C.benchmark", 'benchmark = "SPY"'),
        ("x = 1\n", "line 1: x", "a line [x]"),
        ('A = {symbols = ["IWM"]}\n', "line 1: A", "a line [A]"),
        ('[a.b]\nsymbols = ["IWM"]\n', "line 1: a", "a line [a]"),
        ("[A]\n[A]\n", "line 2: A", "expected [Name]"),
    ],
)
def test_load_of_a_malformed_file_names_file_line_key_and_what_was_expected(path, text, place, expected):
    with pytest.raises(WatchlistError) as error:
        opened(path, text)

    assert f"{path}, {place}" in str(error.value)
    assert expected in str(error.value)


def test_load_of_bytes_that_are_no_text_names_the_line(path):
    path.parent.mkdir()
    path.write_bytes(b'[A]\nsymbols = ["\xff"]\n')

    with pytest.raises(WatchlistError, match="line 2: not UTF-8"):
        Watchlists(path).load()


def test_load_of_a_folder_in_place_of_the_file_is_told(path):
    path.mkdir(parents=True)

    with pytest.raises(WatchlistError, match="cannot be read"):
        Watchlists(path).load()


def test_get_of_an_unknown_list_names_the_nearest(path):
    with pytest.raises(WatchlistError, match="did you mean Rotation"):
        opened(path).get("Rotaton")


# A malformed file


def test_malformed_file_when_lists_change_stays_and_its_copy_and_the_changes_are_kept(path):
    with pytest.raises(WatchlistError):
        opened(path, BROKEN)
    lists = Watchlists(path)
    with pytest.raises(WatchlistError):
        lists.load()

    lists.add("Rotation", ["TLT"])

    assert str(path) in lists.problem
    assert path.read_text(encoding="utf-8") == BROKEN
    assert path.with_name("watchlists.toml.bak").read_text(encoding="utf-8") == BROKEN
    assert not path.with_name("watchlists.toml.bak2").exists()
    assert lists.get("Rotation").symbols[-1] == "TLT"
    assert lists.spare.exists()


def test_malformed_file_when_opened_again_shows_the_changes_made_meanwhile(path):
    with pytest.raises(WatchlistError):
        opened(path, BROKEN)
    first = Watchlists(path)
    first.add("Rotation", ["TLT"])
    second = Watchlists(path)

    with pytest.raises(WatchlistError):
        second.load()

    assert second.get("Rotation").symbols[-1] == "TLT"


def test_malformed_file_when_repaired_counts_again_and_the_spare_one_is_named(path):
    lists = opened(path, COMMENTED)
    path.write_text(BROKEN, encoding="utf-8")
    lists.add("Small", ["TLT"])
    path.write_text(COMMENTED, encoding="utf-8")

    lists.load()

    assert lists.get("Small").symbols == ("IWM", "XBI")
    assert str(lists.spare) in lists.notice
    assert not lists.problem
    assert '"TLT"' in lists.spare.read_text(encoding="utf-8")
    with pytest.raises(WatchlistError, match="nothing to undo"):
        lists.undo()


def test_malformed_file_broken_while_running_keeps_the_lists_last_known(path):
    lists = opened(path, COMMENTED)
    path.write_text(BROKEN, encoding="utf-8")

    lists.add("Large", ["RSP"])

    assert lists.names() == ["Small", "Large"]
    assert lists.get("Large").symbols == ("SPY", "QQQ", "RSP")
    assert path.read_text(encoding="utf-8") == BROKEN


def test_malformed_file_of_another_kind_gets_a_copy_of_its_own(path):
    for text in (BROKEN, "x = 1\n", BROKEN):
        with pytest.raises(WatchlistError):
            opened(path, text)

    assert path.with_name("watchlists.toml.bak").read_text(encoding="utf-8") == BROKEN
    assert path.with_name("watchlists.toml.bak2").read_text(encoding="utf-8") == "x = 1\n"
    assert not path.with_name("watchlists.toml.bak3").exists()


# Changing


def test_add_tells_what_was_new_and_keeps_every_comment(path):
    lists = opened(path, COMMENTED)

    assert lists.add("Small", ["iwm", "TLT", "TLT", "GLD"]) == ("TLT", "GLD")
    assert path.read_text(encoding="utf-8") == COMMENTED.replace('    "XBI",\n', '    "XBI",\n    "TLT",\n    "GLD",\n')


def test_changes_of_every_kind_leave_the_comments_of_the_other_lists(path):
    lists = opened(path, COMMENTED)

    lists.move("Large", "QQQ", -1)
    lists.remove("Large", "SPY")
    lists.set_benchmark("Large", "rsp")
    lists.rename("Large", "Big ones")
    lists.create("Third", ["A"], "XBI")
    lists.delete("Third")

    kept = COMMENTED[: COMMENTED.index("[Large]")]
    assert path.read_text(encoding="utf-8") == f'{kept}["Big ones"]\nbenchmark = "RSP"\nsymbols = ["QQQ"]  # two\n\n'


def test_change_that_changes_nothing_writes_nothing_and_leaves_no_undo(path):
    lists = opened(path)

    assert lists.add("Rotation", ["IWM"]) == ()
    lists.remove("Rotation", "NONE")
    lists.move("Rotation", "IWM", -3)
    lists.rename("Rotation", "Rotation")
    lists.set_benchmark("Rotation", "SPY")

    assert not path.exists()
    assert lists.undo() is None


@pytest.mark.parametrize(("offset", "expected"), [(1, "BAC"), (-1, "ABC"), (2, "BCA"), (99, "BCA"), (0, "ABC")])
def test_move_by_an_offset_stops_at_the_ends(path, offset, expected):
    lists = opened(path, '[L]\nsymbols = ["A", "B", "C"]\n')
    lists.move("L", "A", offset)

    assert "".join(on_disk(path)[0].symbols) == expected


@pytest.mark.parametrize("name", ["", " x", "a\nb", "a\x1b[31m", "a\u202eb", "x" * 41, "Small"])
def test_create_under_a_name_that_cannot_be_shown_or_is_taken_is_refused(path, name):
    lists = opened(path, COMMENTED)

    with pytest.raises(WatchlistError):
        lists.create(name)

    assert path.read_text(encoding="utf-8") == COMMENTED


@pytest.mark.parametrize("name", ["a.b", "Größe", "[x]", 'quo"te', "#1", "東京", "a]b", "back\\slash", "it's"])
def test_create_and_rename_with_any_printable_name_is_read_back(path, name):
    lists = opened(path, COMMENTED)
    lists.create(name, ["A"])
    lists.set_benchmark(name, "QQQ")
    lists.rename("Small", f"{name}2")

    assert [each.name for each in on_disk(path)] == [f"{name}2", "Large", name]


def test_delete_of_the_only_list_is_refused(path):
    lists = opened(path, "[A]\n")

    with pytest.raises(WatchlistError, match="only list"):
        lists.delete("A")


def test_add_beyond_the_most_is_refused_and_two_thousand_are_kept(path):
    lists = opened(path, "[A]\n")
    lists.add("A", [f"S{n}" for n in range(MAX_SYMBOLS)])

    with pytest.raises(WatchlistError, match="2,001"):
        lists.add("A", ["ONE-MORE"])

    assert len(on_disk(path)[0].symbols) == MAX_SYMBOLS


def test_line_ends_of_windows_when_changed_stay(path):
    lists = opened(path)
    path.parent.mkdir()
    path.write_bytes(COMMENTED.replace("\n", "\r\n").encode())

    lists.add("Large", ["RSP"])

    assert path.read_bytes() == COMMENTED.replace('"QQQ"]', '"QQQ", "RSP"]').replace("\n", "\r\n").encode()


def test_symbolic_link_when_changed_stays_a_link(path, tmp_path):
    target = tmp_path / "dotfiles.toml"
    target.write_text(COMMENTED, encoding="utf-8")
    target.chmod(0o640)
    path.parent.mkdir()
    path.symlink_to(target)

    opened(path).add("Large", ["RSP"])

    assert path.is_symlink()
    assert '"RSP"' in target.read_text(encoding="utf-8")
    assert target.stat().st_mode & 0o777 == 0o640


def test_folder_that_cannot_be_written_is_told_and_nothing_changes(tmp_path):
    (tmp_path / "file").touch()
    lists = Watchlists(tmp_path / "file" / "watchlists.toml")

    with pytest.raises(WatchlistError, match="nothing was changed"):
        lists.add("Rotation", ["TLT"])

    assert "TLT" not in lists.get("Rotation").symbols
    assert "will not be kept" in (lists.first_run() or "")


def test_first_run_writes_the_built_in_lists_once(path):
    assert Watchlists(path).first_run() is None
    assert on_disk(path) == list(BUILT_IN)

    path.write_text("[A]\n", encoding="utf-8")
    assert Watchlists(path).first_run() is None
    assert path.read_text(encoding="utf-8") == "[A]\n"


# Undo


def test_undo_of_each_change_restores_the_text_to_the_character(path):
    lists = opened(path, COMMENTED)
    changes = [
        (lambda: lists.add("Small", ["TLT"]), "added TLT to Small"),
        (lambda: lists.remove("Small", "IWM"), "removed IWM from Small"),
        (lambda: lists.move("Large", "QQQ", -1), "moved QQQ in Large"),
        (lambda: lists.set_benchmark("Large", "RSP"), "measured Large against RSP"),
        (lambda: lists.rename("Large", "Big"), "renamed Large to Big"),
        (lambda: lists.create("New", ["A"]), "created New"),
        (lambda: lists.delete("Small"), "deleted Small"),
    ]
    texts = []
    for change, _ in changes:
        texts.append(path.read_text(encoding="utf-8"))
        change()

    for text, (_, words) in zip(reversed(texts), reversed(changes), strict=True):
        assert lists.undo() == words
        assert path.read_text(encoding="utf-8") == text
    assert lists.undo() is None


@pytest.mark.parametrize(
    ("change", "others", "expected"),
    [
        (lambda a: a.add("L", ["X"]), lambda b: b.add("L", ["Y"]), {"L": "ABCY"}),
        (lambda a: a.remove("L", "A"), lambda b: b.add("L", ["Y"]), {"L": "ABCY"}),
        (lambda a: a.move("L", "C", -2), lambda b: b.add("L", ["Y"]), {"L": "ABCY"}),
        (lambda a: a.rename("L", "N"), lambda b: b.add("N", ["Y"]), {"L": "ABCY", "M": ""}),
        (lambda a: a.rename("L", "N"), lambda b: b.create("L", ["Y"]), {"N": "ABC", "M": "", "L": "Y"}),
        (lambda a: a.create("N", ["X"]), lambda b: b.add("L", ["Y"]), {"L": "ABCY", "M": ""}),
        (lambda a: a.create("N", ["X"]), lambda b: b.add("N", ["Y"]), {"N": "Y"}),
        (lambda a: a.create("N", ["X"]), lambda b: b.delete("N"), {"L": "ABC", "M": ""}),
        (lambda a: a.delete("L"), lambda b: b.add("M", ["Y"]), {"M": "Y", "L": "ABC"}),
        (lambda a: a.delete("L"), lambda b: b.create("L", ["Y", "B"]), {"L": "ABCY"}),
        (lambda a: a.add("L", ["X"]), lambda b: b.delete("L"), {"M": ""}),
    ],
)
def test_undo_after_another_program_changed_the_file_keeps_what_that_did(path, change, others, expected):
    mine = opened(path, '[L]\nsymbols = ["A", "B", "C"]\n[M]\n')
    change(mine)
    others(opened(path))

    mine.undo()

    now = {each.name: "".join(each.symbols) for each in on_disk(path)}
    assert expected == {name: now[name] for name in expected}
    assert set(now) <= {"L", "M", "N"}


def test_undo_of_a_new_list_that_is_the_only_one_by_now_empties_it(path):
    mine = opened(path, "[L]\n")
    mine.create("N", ["X"])
    opened(path).delete("L")

    mine.undo()

    assert on_disk(path) == [Watchlist("N", ())]


def test_undo_of_a_benchmark_that_another_program_changed_again_leaves_it(path):
    mine = opened(path, COMMENTED)
    mine.set_benchmark("Large", "RSP")
    opened(path).set_benchmark("Large", "DIA")

    mine.undo()

    assert on_disk(path)[1].benchmark == "DIA"


NAMES = ["Small", "Large", "a b", "Neu"]
TICKERS = ["IWM", "SPY", "QQQ", "XBI", "^RUT", "BRK-B"]
names, tickers = st.sampled_from(NAMES), st.sampled_from(TICKERS)


class Edits(RuleBasedStateMachine):
    """Random edits through two programs on one file, against plain lists in memory."""

    folder: Path

    @initialize()
    def start(self):
        path = self.folder / "watchlists.toml"
        path.write_text(COMMENTED, encoding="utf-8")
        self.programs = [opened(path), opened(path)]
        self.model = {"Small": (["IWM", "XBI"], "SPY"), "Large": (["SPY", "QQQ"], "SPY")}
        self.path = path

    def change(self, who, change, *, allowed):
        if allowed:
            change(self.programs[who])
        else:
            with pytest.raises(WatchlistError):
                change(self.programs[who])
        return allowed

    @rule(who=st.integers(0, 1), name=names, symbols=st.lists(tickers))
    def add(self, who, name, symbols):
        if self.change(who, lambda lists: lists.add(name, symbols), allowed=name in self.model):
            known = self.model[name][0]
            known += [symbol for symbol in dict.fromkeys(symbols) if symbol not in known]

    @rule(who=st.integers(0, 1), name=names, symbol=tickers)
    def remove(self, who, name, symbol):
        known = self.model.get(name, ([], ""))[0]
        if self.change(who, lambda lists: lists.remove(name, symbol), allowed=name in self.model) and symbol in known:
            known.remove(symbol)

    @rule(who=st.integers(0, 1), name=names, symbol=tickers, offset=st.integers(-3, 3))
    def move(self, who, name, symbol, offset):
        known = self.model.get(name, ([], ""))[0]
        if (
            self.change(who, lambda lists: lists.move(name, symbol, offset), allowed=name in self.model)
            and symbol in known
        ):
            at = known.index(symbol)
            known.insert(max(0, at + offset), known.pop(at))

    @rule(who=st.integers(0, 1), name=names, symbols=st.lists(tickers, unique=True), benchmark=tickers)
    def create(self, who, name, symbols, benchmark):
        if self.change(who, lambda lists: lists.create(name, symbols, benchmark), allowed=name not in self.model):
            self.model[name] = (list(symbols), benchmark)

    @rule(who=st.integers(0, 1), name=names)
    def delete(self, who, name):
        allowed = name in self.model and len(self.model) > 1
        if self.change(who, lambda lists: lists.delete(name), allowed=allowed):
            del self.model[name]

    @rule(who=st.integers(0, 1), name=names, new=names)
    def rename(self, who, name, new):
        allowed = name in self.model and (new not in self.model or new == name)
        if self.change(who, lambda lists: lists.rename(name, new), allowed=allowed):
            self.model = {new if each == name else each: value for each, value in self.model.items()}

    @rule(who=st.integers(0, 1), name=names, symbol=tickers)
    def set_benchmark(self, who, name, symbol):
        if self.change(who, lambda lists: lists.set_benchmark(name, symbol), allowed=name in self.model):
            self.model[name] = (self.model[name][0], symbol)

    @rule(who=st.integers(0, 1))
    def undo_at_once(self, who):
        before = self.path.read_text(encoding="utf-8")
        free = next(name for name in ("U1", "U2") if name not in self.model)
        self.programs[who].create(free, ["IWM"])

        assert self.programs[who].undo() == f"created {free}"
        assert self.path.read_text(encoding="utf-8") == before

    @invariant()
    def file_holds_the_model_and_the_comments(self):
        if not hasattr(self, "model"):
            return
        expected = [Watchlist(name, tuple(symbols), benchmark) for name, (symbols, benchmark) in self.model.items()]
        assert expected == on_disk(self.path)
        assert self.path.read_text(encoding="utf-8").startswith("# my file\n")


def test_edits_in_any_order_by_two_programs_leave_what_plain_lists_would(tmp_path_factory):
    class Here(Edits):
        @property
        def folder(self):
            return self.__dict__.setdefault("_folder", tmp_path_factory.mktemp("lists"))

    run_state_machine_as_test(Here, settings=settings(max_examples=30, stateful_step_count=20, deadline=None))


# Several programs


def run(code: str, *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", textwrap.dedent(code), *arguments])


def test_two_programs_that_add_at_once_lose_nothing(path):
    opened(path, "[A]\nsymbols = []  # ours\n")
    code = """
        import sys
        from pathlib import Path
        from tui.watchlists import Watchlists
        for n in range(25):
            Watchlists(Path(sys.argv[1])).add("A", [f"{sys.argv[2]}{n}"])
    """
    programs = [run(code, str(path), letter) for letter in "XYZ"]

    assert [program.wait(timeout=60) for program in programs] == [0, 0, 0]
    assert {f"{letter}{n}" for letter in "XYZ" for n in range(25)} == set(on_disk(path)[0].symbols)
    assert "# ours" in path.read_text(encoding="utf-8")


@pytest.mark.skipif(os.name != "posix", reason="needs SIGKILL")
def test_program_killed_before_the_file_is_replaced_leaves_the_old_one(path):
    opened(path, COMMENTED)
    code = """
        import os, signal, sys
        from pathlib import Path
        from tui.watchlists import Watchlists
        Path.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
        Watchlists(Path(sys.argv[1])).add("Large", ["TLT"])
    """

    assert run(code, str(path)).wait(timeout=60) == -signal.SIGKILL
    assert path.read_text(encoding="utf-8") == COMMENTED
    assert opened(path).add("Large", ["TLT"]) == ("TLT",)


# Pasted text


@pytest.mark.parametrize(
    ("text", "accepted", "rejected"),
    [
        ("aaa,bbb ccc", ["AAA", "BBB", "CCC"], []),
        ("$iwm; SPY\n\tQQQ\r\n", ["IWM", "SPY", "QQQ"], []),
        (
            "^RUT BRK-B BRK.B EURUSD=X GC=F 0P000071W8.TO M&M.NS",
            ["^RUT", "BRK-B", "BRK.B", "EURUSD=X", "GC=F", "0P000071W8.TO", "M&M.NS"],
            [],
        ),
        ("IWM iwm IWM", ["IWM"], []),
        ('["IWM", "SPY"]', ["IWM", "SPY"], []),
        ("\x1b[200~IWM,\x00SPY\x1b[201~ \u200bQQQ", ["IWM", "SPY", "QQQ"], []),
        ("I/W =X ^^RUT ABCDEFGHIJKLMNOPQ straße", [], ["I/W", "=X", "^^RUT", "ABCDEFGHIJKLMNOPQ", "straße"]),
        (" , ;; \n$", [], ["$"]),
        ("", [], []),
    ],
)
def test_parse_symbols_of_pasted_text_accepts_symbols_and_names_the_rest(text, accepted, rejected):
    assert (accepted, rejected) == parse_symbols(text)


def test_parse_symbols_beyond_two_thousand_rejects_the_rest():
    accepted, rejected = parse_symbols(",".join(f"S{n}" for n in range(MAX_SYMBOLS + 2)))

    assert len(accepted) == MAX_SYMBOLS
    assert rejected == ["S2000", "S2001"]


@given(st.text())
def test_parse_symbols_of_any_text_gives_symbols_that_a_list_takes_and_parses_alike_again(text):
    accepted, rejected = parse_symbols(text)

    assert (accepted, []) == parse_symbols(" ".join(accepted))
    assert len(set(accepted)) == len(accepted)
    assert all(word.isprintable() for word in rejected)
