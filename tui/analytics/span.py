"""How far back a comparison goes: a window, a date, or all that there is."""

from datetime import date

from msgspec import Struct

from tui.analytics.windows import Window


class Span(Struct, frozen=True):
    """A window, or since a date; with neither, since the first session that all of the compared have."""

    window: Window | None = None
    since: date | None = None

    @property
    def text(self) -> str:
        """How it is called: `1M`, `SINCE 2024-05-16`, `ALL`."""
        if self.window is not None:
            return self.window.value
        return f"SINCE {self.since}" if self.since is not None else "ALL"


ALL = Span()
