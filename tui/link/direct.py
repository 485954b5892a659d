"""The way from the compositor to the driver without the text between them: half of a frame's work is to write and read it."""

from typing import Any

from rich.console import Console
from textual._compositor import CompositorUpdate
from textual.app import App, ReturnType
from textual.screen import Screen

from tui.link.driver import DiffDriver


class Handed(CompositorUpdate):
    """An update whose text is empty where the driver has drawn the update itself."""

    def __init__(self, update: CompositorUpdate, driver: DiffDriver) -> None:
        self._update, self._driver = update, driver

    def render_segments(self, console: Console) -> str:
        """What is left to be written."""
        return "" if self._driver.draw(self._update, console) else self._update.render_segments(console)


class Direct(App[ReturnType]):
    """Hands updates to a driver that draws them itself; to any other, as ever, as text."""

    def _display(self, screen: Screen[object], renderable: Any) -> None:
        if isinstance(renderable, CompositorUpdate) and isinstance(self._driver, DiffDriver):
            renderable = Handed(renderable, self._driver)
        super()._display(screen, renderable)
