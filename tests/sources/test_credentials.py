"""The user's keys: where they may lie, and that they are never told."""

import pytest

from tui.sources.credentials import Key, KeyFileError, load


@pytest.fixture
def file(tmp_path):
    return tmp_path / "keys.toml"


def write(file, text, mode=0o600):
    file.write_text(text)
    file.chmod(mode)


def test_load_when_there_is_neither_then_no_key(file):
    assert load(file, {}) == {}


def test_load_when_in_the_environment_then_by_our_name_before_theirs(file):
    env = {
        "TIINGO_API_KEY": "theirs",
        "OUTPACE_TIINGO_KEY": "ours",
        "APCA_API_KEY_ID": "id",
        "APCA_API_SECRET_KEY": "half",
    }
    assert load(file, env) == {"tiingo": Key("ours"), "alpaca": Key("id", "half")}


def test_load_when_a_half_is_missing_then_there_is_no_key(file):
    assert load(file, {"OUTPACE_ALPACA_KEY": "id"}) == {}


def test_load_when_in_a_private_file_then_the_environment_wins(file):
    write(file, 'tiingo = "file"\nfinnhub = "f"\nalpaca = ["id", "half"]\n')
    assert load(file, {"OUTPACE_TIINGO_KEY": "env"}) == {
        "tiingo": Key("env"),
        "finnhub": Key("f"),
        "alpaca": Key("id", "half"),
    }


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o666])
def test_load_when_others_may_read_the_file_then_it_is_refused_and_says_what_to_do(file, mode):
    write(file, 'tiingo = "s3cret"', mode)
    with pytest.raises(KeyFileError, match="chmod 600") as caught:
        load(file, {})
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        'tiingo = "s3cret',
        "s3cret",
        'tiingo = ["s3cret", "s3cret"]',
        'alpaca = "s3cret"',
        'other = "s3cret"',
        "tiingo = 5",
    ],
)
def test_load_when_the_file_is_spoilt_then_it_says_so_without_a_word_of_it(file, text):
    write(file, text)
    with pytest.raises(KeyFileError) as caught:
        load(file, {})
    assert "s3cret" not in f"{caught.value} {caught.value.__cause__}"


@pytest.mark.parametrize("key", ["with space", "line\nbreak", "é", "x" * 300, "\x1b[2J"])
def test_load_when_a_key_is_unfit_for_a_header_then_it_is_refused(file, key):
    with pytest.raises(KeyFileError):
        load(file, {"OUTPACE_TIINGO_KEY": key})


def test_key_when_printed_then_it_keeps_its_secret():
    assert "s3cret" not in f"{Key('s3cret', 's3cret')!r}{[Key('s3cret')]}"
