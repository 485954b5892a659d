"""How the interpreter is set for a screen that answers keys at once: its collector, its threads, its environment."""

import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

SWITCH_SECONDS = 0.0005
"""How long a thread may keep the interpreter from the one that draws: a tenth of Python's own."""


@contextmanager
def starting() -> Iterator[None]:
    """Around the imports of the screen: nothing is collected, and what is imported is never looked at again."""
    # Read when Textual is imported. Its frame limiter delays a key that follows a frame; nothing is painted when
    # nothing has changed.
    os.environ.setdefault("TEXTUAL_FPS", "240")
    os.environ["TEXTUAL_ANIMATIONS"] = "none"
    # As well: how long a lone Esc is held back, in ms, for it may begin another key. Sequences come in one piece.
    os.environ.setdefault("ESCDELAY", "25")
    # Read when polars is imported: what a query has used goes back soon after it, not ten seconds later. At once would
    # take twice the time.
    os.environ.setdefault("_RJEM_MALLOC_CONF", "dirty_decay_ms:50,muzzy_decay_ms:0")
    sys.setswitchinterval(SWITCH_SECONDS)
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
