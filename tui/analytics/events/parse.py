"""From text to a checked condition."""

from tui.analytics.events.tree import Condition


def parse(text: str) -> Condition:
    """Read and check a condition. The first one takes a tenth of a second: read it in a thread.

    Raises:
        ConditionError: the text is none, or it means nothing that could be sometimes true and sometimes not.
    """
    from tui.analytics.events.reader import read

    return read(text)
