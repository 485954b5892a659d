"""Make the pictures of the README from the simulated market: `python -m tests.pictures.make`.

The same seed and the same moment give the same bytes, so a picture changes only when the screen does.
"""

import asyncio
import re
import tempfile
from pathlib import Path

from tests.face import app_over, demo, opened, press

HERE = Path(__file__).parent

PICTURES: dict[str, tuple[tuple[int, int], tuple[str, ...], str]] = {
    "monitor": ((120, 36), ("j", "j", "j", "space", "g", "space"), "dark"),
    "symbol": ((120, 40), ("j", "j", "j", "enter"), "dark"),
    "sectors": ((130, 36), ("4",), "dark"),
    "relative": ((130, 40), ("2",), "dark"),
    "events": ((130, 44), ("5",), "dark"),
    "light": ((120, 36), ("j", "space"), "light"),
}
"""Name, size, keys pressed and theme."""


async def picture(name: str) -> str:
    """The SVG of one picture."""
    size, keys, theme = PICTURES[name]
    with tempfile.TemporaryDirectory() as folder:
        app = app_over(demo(), Path(folder), theme=theme)
        async with opened(app, size) as pilot:
            await press(app, pilot, *keys)
            return stable(app.export_screenshot(title="outpace demo"))


def stable(svg: str) -> str:
    """The SVG without what differs from run to run, and without fonts from elsewhere."""
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
    svg = svg.replace("Fira Code, monospace", "ui-monospace, 'DejaVu Sans Mono', 'FreeMono', monospace")
    return re.sub(r"terminal-\d+", "terminal", svg)


def main() -> None:
    """Write them all."""
    for name in PICTURES:
        (HERE / f"{name}.svg").write_text(asyncio.run(picture(name)), encoding="utf-8")


if __name__ == "__main__":
    main()
