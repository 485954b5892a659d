"""The text of the first `config.toml`: every setting in a comment, with its meaning and its default or an example."""

import ast
import inspect
from itertools import pairwise

import msgspec

from tui.config import APP, Settings, as_toml, example

_PREAMBLE = f"""\
# Settings of {APP}. Take the `#` from a line to change its setting; what you leave out keeps its default.
# A flag (--window 3M) or the environment ({APP.upper()}_WINDOW=3M) wins over this file.
"""

_TABLES = ("keys", "chain")
"""They stand behind all plain settings."""
_HIDDEN = ("yahoo", "addresses")


def template() -> str:
    """The file's text; it changes nothing as long as every line is a comment."""
    parts = [_PREAMBLE]
    meanings = _meanings()
    for name, meaning in meanings.items():
        if name not in {*_TABLES, *_HIDDEN}:
            default = getattr(Settings(), name)
            parts.append(f"# {meaning}\n# {name} = {as_toml(example(name) if default is None else default)}\n")
    for table in _TABLES:
        lines = example(table) if table == "keys" else msgspec.structs.asdict(getattr(Settings(), table))
        parts.append(f"# {meanings[table]}\n# [{table}]\n")
        parts[-1] += "".join(f"# {key} = {as_toml(value)}\n" for key, value in lines.items())
    return "\n".join(parts)


def _meanings() -> dict[str, str]:
    """The words under each setting, taken from the source of `Settings`: they are said once."""
    (settings,) = ast.parse(inspect.getsource(Settings)).body
    assert isinstance(settings, ast.ClassDef)
    meanings = {}
    for field, words in pairwise(settings.body):
        match field, words:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                meanings[name] = " ".join(text.split())
    return meanings
