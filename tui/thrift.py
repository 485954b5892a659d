"""The app on a slow line: one frame a second, and nothing that flashes; and how the line is doing, for who asks."""

from __future__ import annotations

from tui.format import clean
from tui.frames import Frames
from tui.link.eco import EcoWanted
from tui.panels.link import in_words

ECO_FPS = 1


class Thrift(Frames):
    """Chooses the eco profile, unless the user has (`--eco`, `--no-eco`)."""

    def __init__(self) -> None:
        super().__init__()
        self.eco = bool(self.settings.eco)
        self.eco_wanted = EcoWanted()
        self._eco_said = False

    @property
    def fps(self) -> int:
        """Frames per second at most."""
        return ECO_FPS if self.eco else super().fps

    @property
    def calm(self) -> bool:
        """Whether nothing is to flash."""
        return self.eco or self.settings.reduced_motion

    def mind_the_line(self) -> None:
        """Once a second: choose the eco profile for a line that is slow, and say so the first time."""
        stats = self.link_stats()
        if stats is None or self.settings.eco is not None:
            return
        wanted = self.eco_wanted(stats)
        if wanted is self.eco:
            return
        self.eco = wanted
        if wanted and not self._eco_said:
            self._eco_said = True
            self.say(clean(f"slow line ({in_words(stats)}): 1 frame/s, no flash; --no-eco keeps both", 120), "warn")

    def action_link(self) -> None:
        """Show how the line is doing in the status line, or no longer."""
        self.link_shown = not self.link_shown
        self.page.tick()
        if self.link_shown and self.link_stats() is None:
            self.say("nothing is known of the line: --no-diff is on, or there is no terminal", "warn")
