"""Palettes: the colours of every role, read from TOML files and checked before anything sees them.

A theme is a file: the built-in ones lie in `themes/`, the user's beside the config. A user's theme of the same name takes the place of a built-in one.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from msgspec import Struct, structs

if TYPE_CHECKING:
    from textual.theme import Theme

SERIES = 8
"""Colours of chart lines in a theme."""
ANSI_NAMES = tuple(
    ["ansi_default"]
    + [
        f"ansi_{bright}{name}"
        for bright in ("", "bright_")
        for name in ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
    ]
)
"""The terminal's own colours; a theme uses either these alone, or none of them."""
_NAME = re.compile(r"[a-z0-9][a-z0-9-]*")
_HEX = re.compile(r"#[0-9a-fA-F]{6}")


class ThemeError(ValueError):
    """A theme cannot be used; the message names the file, the key and what was expected there."""

    def __init__(self, origin: str, key: str, expected: str) -> None:
        super().__init__(f"{origin}: {key}: {expected}" if key else f"{origin}: {expected}")
        self.origin = origin
        self.key = key


class Palette(Struct, frozen=True, kw_only=True):
    """The colours of a theme: `#rrggbb`, or names of `ANSI_NAMES` throughout."""

    name: str
    description: str
    dark: bool
    background: str
    surface: str
    """Bars and fields."""
    panel: str
    """Raised above the surface: dialogs, the footer."""
    text: str
    muted: str
    """Axes, ages, what is unknown."""
    accent: str
    """Keys, focus, links."""
    up: str
    down: str
    flat: str
    warn: str
    error: str
    head: str
    """Column heads and titles."""
    cursor: str
    """Background of the row under the cursor."""
    cursor_text: str
    mark: str
    """Rows marked for comparison."""
    flash_up: str
    """Background of digits that have just risen."""
    flash_down: str
    flash: str
    """Background of digits that have just changed, with no direction."""
    series: tuple[str, ...]
    """Colours of chart lines."""

    @property
    def ansi(self) -> bool:
        """Whether the theme uses only the terminal's own colours."""
        return self.background.startswith("ansi_")


ROLES = tuple(
    field.name for field in structs.fields(Palette) if field.name not in {"name", "description", "dark", "series"}
)
"""The roles with one colour, as a theme's `[roles]` must name them, besides `series`."""


def load(text: str, origin: str) -> Palette:
    """Return the palette that a TOML text describes; `origin` names its file in errors.

    Raises `ThemeError` at the first thing wrong: syntax (with its line), a key missing or unknown, a value that is no colour.
    """

    def fail(key: str, expected: str) -> NoReturn:
        raise ThemeError(origin, key, expected)

    try:
        document: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        fail("", f"not valid TOML: {error}")
    for key, kind, expected in (
        ("name", str, "a name in quotes"),
        ("description", str, "a line of text in quotes"),
        ("dark", bool, "true or false"),
        ("roles", dict, "a table [roles] of colours"),
    ):
        if not isinstance(document.get(key), kind):
            fail(key, f"expected {expected}, {_found(document, key)}")
    if not _NAME.fullmatch(document["name"]):
        fail("name", f"expected small letters, digits and hyphens, found {document['name']!r}")
    roles: dict[str, Any] = document["roles"]
    for key in document.keys() - {"name", "description", "dark", "roles"}:
        fail(key, "unknown key; expected name, description, dark and [roles]")
    for key in sorted(roles.keys() - {*ROLES, "series"}):
        fail(f"roles.{key}", f"unknown role; expected one of {', '.join(ROLES)}, series")
    ansi = str(roles.get("background", "")).startswith("ansi_")
    for key in ROLES:
        if not _is_colour(roles.get(key), ansi=ansi):
            fail(f"roles.{key}", f"expected {_colours(ansi=ansi)}, {_found(roles, key)}")
    series = roles.get("series")
    if not isinstance(series, list) or len(series) != SERIES:
        fail("roles.series", f"expected a list of {SERIES} colours, {_found(roles, 'series')}")
    for number, colour in enumerate(series):
        if not _is_colour(colour, ansi=ansi):
            fail(f"roles.series[{number}]", f"expected {_colours(ansi=ansi)}, found {colour!r}")
    return Palette(
        name=document["name"],
        description=document["description"],
        dark=document["dark"],
        series=tuple(series),
        **{key: roles[key] for key in ROLES},
    )


def load_all(user_dir: Path | None) -> tuple[dict[str, Palette], list[str]]:
    """Return all themes by name, the built-in ones first, and a message for each file that was left out.

    `user_dir` holds the user's `*.toml`; it need not exist.
    """
    palettes: dict[str, Palette] = {}
    origins: dict[str, str] = {}
    messages: list[str] = []
    for origin, entry in [*_files(_built_in()), *(_files(user_dir) if user_dir else ())]:
        try:
            palette = load(entry.read_text(encoding="utf-8"), origin)
        except ThemeError as error:
            messages.append(str(error))
        except (OSError, UnicodeDecodeError) as error:
            messages.append(f"{origin}: cannot be read: {error}")
        else:
            taken = origins.get(palette.name)
            if taken is not None and Path(taken).parent == Path(origin).parent:
                messages.append(f"{origin}: name: {palette.name!r} is already taken by {taken}")
                continue
            palettes[palette.name] = palette
            origins[palette.name] = origin
    return palettes, messages


def default_name(env: Mapping[str, str]) -> str:
    """Return the theme to begin with: `ansi` where true colour is not to be expected or not wanted, else `dark`."""
    remote = bool(env.get("SSH_CONNECTION") or env.get("SSH_TTY"))
    plain = env.get("TERM") == "linux" or bool(env.get("NO_COLOR"))
    return "ansi" if plain or (remote and not env.get("COLORTERM")) else "dark"


def textual_theme(palette: Palette) -> "Theme":
    """Return the palette as a theme of Textual, whose CSS variables carry our roles beside Textual's own names.

    Ours are `up down flat muted head cursor cursor-text mark flash-up flash-down flash warn-text error-text series-1..8 rule`.
    """
    from textual.theme import Theme

    rule = "ansi_bright_black" if palette.ansi else _blend(palette.background, palette.muted, 0.42)
    ours = {
        **{
            key.replace("_", "-"): getattr(palette, key)
            for key in ("up", "down", "flat", "muted", "head", "cursor", "cursor_text", "mark")
        },
        **{key.replace("_", "-"): getattr(palette, key) for key in ("flash_up", "flash_down", "flash")},
        **{f"series-{number}": colour for number, colour in enumerate(palette.series, 1)},
        "warn-text": palette.warn,
        "error-text": palette.error,
        "rule": rule,
    }
    theirs = {
        "block-cursor-background": palette.cursor,
        "block-cursor-foreground": palette.cursor_text,
        "block-cursor-text-style": "bold",
        "block-cursor-blurred-background": palette.panel,
        "block-cursor-blurred-foreground": palette.text,
        "border": palette.accent,
        "border-blurred": rule,
        "footer-background": palette.panel,
        "footer-foreground": palette.muted,
        "footer-description-foreground": palette.muted,
        "footer-key-foreground": palette.accent,
        "input-cursor-background": palette.accent,
        "input-cursor-foreground": "ansi_black" if palette.ansi else palette.background,
        "input-selection-background": palette.cursor,
        "input-selection-foreground": palette.cursor_text,
        "screen-selection-background": palette.cursor,
        "screen-selection-foreground": palette.cursor_text,
        "foreground-muted": palette.muted,
        "scrollbar": rule,
        "scrollbar-hover": palette.muted,
        "scrollbar-active": palette.accent,
        **{
            f"scrollbar-{part}": palette.background
            for part in ("background", "background-hover", "background-active", "corner-color")
        },
        "text-muted": palette.muted,
    }
    if palette.ansi:
        # Textual's own style sheets read these two, and an ansi theme has to bring them.
        theirs |= {"ansi-background": palette.background, "ansi-foreground": palette.text}
    return Theme(
        name=palette.name,
        primary=palette.accent,
        secondary=palette.head,
        accent=palette.mark,
        foreground=palette.text,
        background=palette.background,
        surface=palette.surface,
        panel=palette.panel,
        success=palette.up,
        warning=palette.warn,
        error=palette.error,
        dark=palette.dark,
        ansi=palette.ansi,
        variables={**theirs, **ours},
    )


def _built_in() -> Traversable:
    """Return the folder of the built-in themes: inside the package when installed, else beside it in the checkout."""
    package = files("tui")
    inside = package / "themes"
    return inside if inside.is_dir() else Path(str(package)).parent / "themes"


def _files(folder: Traversable) -> Iterator[tuple[str, Traversable]]:
    """Yield the TOML files of a folder with their names for messages, in order."""
    try:
        entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        if entry.name.endswith(".toml") and entry.is_file():
            yield str(folder / entry.name), entry


def _is_colour(value: object, *, ansi: bool) -> bool:
    return isinstance(value, str) and (value in ANSI_NAMES if ansi else bool(_HEX.fullmatch(value)))


def _colours(*, ansi: bool) -> str:
    return "a colour of the terminal such as ansi_green or ansi_default" if ansi else "a colour such as #1e90ff"


def _found(table: Mapping[str, Any], key: str) -> str:
    return f"found {table[key]!r}" if key in table else "which is missing"


def _blend(below: str, above: str, share: float) -> str:
    """Return the colour between two `#rrggbb`, `share` of the way to the second."""
    pairs = ((int(below[at : at + 2], 16), int(above[at : at + 2], 16)) for at in (1, 3, 5))
    return "#" + "".join(f"{round(low + (high - low) * share):02x}" for low, high in pairs)
