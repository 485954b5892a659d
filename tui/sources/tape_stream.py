"""The frames of a recording in place of the connection that they came by."""

import asyncio

from tui.sources.base import MalformedError
from tui.sources.yahoo_stream import Stream

LOOK_SECONDS = 0.2
"""Between two looks at the clock that is played."""


class PlayedStream(Stream):
    """A stream whose frames come from a tape, each at its time. What was not followed then cannot be followed now."""

    async def _session(self) -> None:
        assert self._wire is not None
        assert self._wire.tape is not None
        tape = self._wire.tape
        self._connected_at, self._again = self._clock(), False
        self._subscribed = self._window()
        frames = [entry for entry in tape.frames(self._url) if entry.at >= self._clock() - LOOK_SECONDS]
        while self._wanted and not self._again:
            self._subscribed = self._window()
            while frames and frames[0].at <= self._clock():
                try:
                    self._hear(tape.body(frames.pop(0)))
                except MalformedError:
                    continue
            await asyncio.sleep(LOOK_SECONDS)
