"""The file of alerts: comments, line ends, and what is said of a broken one."""

from datetime import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.alert_quiet import Quiet
from tui.alerts import Alert, Repeat
from tui.alerts_file import FILE, HEAD, AlertsError, AlertsFile

NIGHT = Quiet(time(22), time(7))


@pytest.fixture
def alerts(tmp_path: Path) -> AlertsFile:
    return AlertsFile(tmp_path / "outpace" / FILE)


def written(alerts: AlertsFile, text: str) -> AlertsFile:
    alerts.path.parent.mkdir(exist_ok=True)
    alerts.path.write_bytes(text.encode())
    return alerts


def alert(name: str, **more: object) -> Alert:
    return Alert(name=name, condition="IWM.1d > 3%", **more)  # type: ignore[arg-type]


def test_without_a_file_there_are_no_alerts_and_nothing_is_written(alerts: AlertsFile):
    alerts.load()
    assert alerts.all() == []
    assert not alerts.path.parent.exists()


def test_the_example_in_the_head_of_the_file_is_an_alert(alerts: AlertsFile):
    lines = [line.removeprefix("# ") for line in HEAD.splitlines()[2:]]
    written(alerts, "\n".join(lines)).load()
    (found,) = alerts.all()
    assert (found.name, found.quiet, found.command[0]) == ("Volume of QQQS", NIGHT, "notify-send")
    assert alerts.problems() == {}


def test_an_alert_that_is_added_is_there_for_the_next_program(alerts: AlertsFile):
    full = alert(
        "IWM.1d > 3%",
        repeat=Repeat.CROSSING,
        bell=False,
        toast=False,
        desktop=True,
        command=("a b", "{name}; $(x)\n'\""),
        quiet=Quiet(time(20), time(4), "NYSE"),
    )
    alerts.add(full)
    alerts.add(alert("plain"))
    other = AlertsFile(alerts.path)
    other.load()
    assert other.all() == [full, alert("plain")]
    assert other.get("PLAIN") == alert("plain")


@settings(max_examples=25)
@given(name=st.text(st.characters(categories=("L", "N", "P", "S")), min_size=1, max_size=40))
def test_any_printable_name_comes_back_and_goes_again(tmp_path_factory: pytest.TempPathFactory, name: str):
    if name.casefold() == "quiet":
        return
    alerts = AlertsFile(tmp_path_factory.mktemp("alerts") / FILE)
    alerts.add(alert(name))
    other = AlertsFile(alerts.path)
    other.load()
    assert other.all() == [alert(name)]
    other.remove(name)
    assert other.all() == []


def test_a_change_keeps_comments_order_and_line_ends(alerts: AlertsFile):
    text = '# mine\r\nquiet = "22:00-07:00"\r\n\r\n["A b"]  # why\r\ncondition = "IWM.1d > 3%"\r\n# last\r\n'
    written(alerts, text).load()
    alerts.add(alert("new"))
    assert alerts.path.read_bytes().decode() == text + '\r\n[new]\r\ncondition = "IWM.1d > 3%"\r\n'
    alerts.remove("new")
    assert alerts.path.read_bytes().decode().rstrip() == text.rstrip()


def test_two_programs_lose_nothing(alerts: AlertsFile):
    other = AlertsFile(alerts.path)
    alerts.add(alert("one"))
    other.add(alert("two"))
    alerts.add(alert("three"))
    assert [each.name for each in alerts.all()] == ["one", "two", "three"]


def test_hours_above_hold_for_all_that_have_none_of_their_own(alerts: AlertsFile):
    text = 'quiet = "22:00-07:00"\n[a]\ncondition = "x"\n[b]\ncondition = "x"\nquiet = ""\n[c]\ncondition = "x"\nquiet = "01:00-02:00"\n'
    written(alerts, text).load()
    assert [each.quiet for each in alerts.all()] == [NIGHT, None, Quiet(time(1), time(2))]
    assert alerts.quiet == NIGHT


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('a = "IWM.1d > 3%"\n', "line 1: a: no alert and no setting"),
        ("[a]\n", "line 1: a: it has no condition"),
        ('[a]\ncondition = "x"\nbel = true\n', "line 3: a: bel: did you mean bell?"),
        ('[a]\ncondition = "x"\nbell = 1\n', "line 3: a: bell: expected true or false"),
        ('[a]\ncondition = "x"\n[b]\ncondition = 3\n', "line 4: b: condition: expected a condition"),
        ('[a]\ncondition = "x"\nrepeat = "often"\n', 'line 3: a: repeat: expected "session" or "crossing"'),
        ('[a]\ncondition = "x"\ncommand = "rm -rf /"\n', "line 3: a: command: expected a list"),
        ('[a]\ncondition = "x"\ncommand = ["p", 3]\n', "line 3: a: command: expected a list"),
        (
            '[a]\ncondition = "x"\ncommand = ["p", "{nmae}"]\n',
            "line 3: a: command: {nmae} stands for nothing; expected {name}",
        ),
        ('[a]\ncondition = "x"\ncommand = ["{name}"]\n', "line 3: a: command: the program itself is no placeholder"),
        ('[a]\ncondition = "x"\n["b.c"]\ncondition = "x"\nquiet = "9-5"\n', "line 5: b.c: quiet: expected hours"),
        ("quiet = 22\n", "line 1: quiet: expected hours"),
        ('[quiet]\ncondition = "x"\n', "line 1: quiet: expected hours"),
        ('[a]\ncondition = "x\n', "line 2: condition: "),
        ('[a]\ncondition = "x"\n[a]\ncondition = "y"\n', "line 3"),
    ],
)
def test_a_broken_file_is_named_with_its_line_kept_aside_and_never_written(alerts: AlertsFile, text: str, says: str):
    written(alerts, text)
    with pytest.raises(AlertsError) as caught:
        alerts.load()
    assert str(caught.value).startswith(str(alerts.path))
    assert says in str(caught.value)
    assert alerts.path.with_name(f"{FILE}.bak").read_text() == text
    with pytest.raises(AlertsError):
        alerts.add(alert("new"))
    assert alerts.path.read_text() == text


def test_a_file_that_breaks_leaves_the_alerts_last_known(alerts: AlertsFile):
    alerts.add(alert("one"))
    written(alerts, "[one\n")
    with pytest.raises(AlertsError):
        alerts.load()
    assert alerts.all() == [alert("one")]


def test_a_condition_that_cannot_be_read_is_told_with_line_and_column_and_the_others_stay(alerts: AlertsFile):
    written(alerts, '[good]\ncondition = "IWM.1d > 3%"\n[bad]\nbell = true\ncondition = "IWM.1d > 3"\n').load()
    assert [each.name for each in alerts.all()] == ["good", "bad"]
    expected = f"{alerts.path}, line 5: bad: condition, column 10: IWM.1d is a return: write 3%"
    assert alerts.problems() == {"bad": expected}


@pytest.mark.parametrize("name", ["", " a", "a\nb", "x" * 41, "Quiet"])
def test_a_name_that_cannot_be_kept_is_refused(alerts: AlertsFile, name: str):
    with pytest.raises(AlertsError, match="choose another"):
        alerts.add(alert(name))
    assert not alerts.path.exists()


def test_a_name_that_is_taken_is_refused_and_a_free_one_is_found(alerts: AlertsFile):
    alerts.add(alert("One"))
    with pytest.raises(AlertsError, match="there is an alert 'one' already"):
        alerts.add(alert("one"))
    assert [alerts.free_name("one"), alerts.free_name("two"), alerts.free_name("quiet")] == ["one 2", "two", "quiet 2"]
    assert len(alerts.free_name("x" * 90)) <= 40


@pytest.mark.parametrize(("name", "says"), [("volum", "did you mean Volume?"), ("zzzz", "there are Volume")])
def test_an_unknown_name_is_answered_with_the_nearest(alerts: AlertsFile, name: str, says: str):
    alerts.add(alert("Volume"))
    with pytest.raises(AlertsError, match="no alert is called") as caught:
        alerts.remove(name)
    assert says in str(caught.value)


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path):
    (tmp_path / "outpace").write_text("a file")
    with pytest.raises(AlertsError, match="nothing was changed|cannot be read"):
        AlertsFile(tmp_path / "outpace" / FILE).add(alert("a"))
