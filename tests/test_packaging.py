"""The wheel, installed in an environment of its own, far from the checkout."""

import importlib.util
import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from tui import __version__

ROOT = Path(__file__).parents[1]
THEMES = {"ansi", "blue-orange", "contrast", "dark", "light", "red-up"}

pytestmark = pytest.mark.slow


def run(*command: object, cwd: Path, env: Mapping[str, str] | None = None) -> str:
    """What a command prints; an AssertionError with all it said when it fails."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "COVERAGE"))}
    done = subprocess.run(
        [str(word) for word in command],
        check=False,
        capture_output=True,
        text=True,
        timeout=100,
        cwd=cwd,
        env={**clean, **(env or {})},
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    # With the build backend at hand nothing is fetched.
    isolation = ["--no-isolation"] if importlib.util.find_spec("hatchling") else []
    run(sys.executable, "-m", "build", "--wheel", *isolation, "--outdir", folder, ROOT, cwd=folder)
    [built] = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of scripts of a fresh environment with the wheel in it.

    The libraries that it depends on are those of this environment, found through a path file: such a file is not
    followed to the path files behind it, so that a checkout installed here for editing is out of reach.
    """
    home = tmp_path_factory.mktemp("environment")
    venv.create(home, with_pip=False, symlinks=True)
    scripts = home / "bin"
    pip = (sys.executable, "-m", "pip", "--python", scripts / "python", "install", "-q", "--no-deps", "--no-index")
    run(*pip, wheel, cwd=home)
    [packages] = home.glob("lib/python*/site-packages")
    libraries = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (packages / "libraries.pth").write_text("\n".join(sorted(libraries)) + "\n", encoding="utf-8")
    return scripts


def test_the_wheel_has_the_style_sheet_the_themes_and_the_mark_of_types_and_no_tests(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert {"tui/py.typed", "tui/outpace.tcss"} <= names
    assert {name for name in names if name.endswith(".toml")} == {f"tui/themes/{theme}.toml" for theme in THEMES}
    modules = {str(path.relative_to(ROOT)) for path in (ROOT / "tui").rglob("*.py")}
    assert modules <= names
    tops = {name.partition("/")[0] for name in names}
    assert tops == {"tui", f"outpace-{__version__}.dist-info"}
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_the_installed_program_runs_from_the_wheel_alone(installed: Path, tmp_path: Path) -> None:
    assert run(installed / "outpace", "--version", cwd=tmp_path) == f"outpace {__version__}\n"
    shown = run(installed / "outpace", "show", "monitor", "--source", "demo", "--format", "json", cwd=tmp_path)
    document = json.loads(shown)
    assert (document["view"], document["source"], document["nature"]) == ("monitor", "demo", "SIMULATED")
    assert all(row["last"] is not None for row in document["rows"])


def test_the_themes_are_read_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    code = (
        "import json, sys, tui; from importlib.resources import files; from pathlib import Path; from tui import themes; "
        "found, broken = themes.load_all(Path('none')); "
        "print(json.dumps([tui.__file__, str(files('tui') / 'themes'), sorted(found), broken, sys.path]))"
    )
    module, folder, found, broken, path = json.loads(run(installed / "python", "-c", code, cwd=tmp_path))
    environment = installed.parent
    assert Path(module).is_relative_to(environment)
    assert Path(folder).is_relative_to(environment)
    assert len(list(Path(folder).glob("*.toml"))) == len(THEMES)
    assert (set(found), broken) == (THEMES, [])
    assert str(ROOT) not in path
