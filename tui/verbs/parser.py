"""What commands share: the flags of a market and of the screen, and a parser that is filled when it is wanted."""

import argparse
from collections.abc import Sequence
from importlib import import_module
from typing import Any


class LateParser(argparse.ArgumentParser):
    """The parser of one command.

    Args:
        words: As for any parser.
        file: Module whose `add(parser)` adds the arguments; imported when they are parsed, or help on them is asked
            for. None: they are added by whoever made the parser.
        named: As for any parser.
    """

    def __init__(self, *words: Any, file: str | None = None, **named: Any) -> None:
        super().__init__(*words, **named)
        self._file = file
        self._complete = False

    def parse_known_args(  # type: ignore[override]
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """Parse, with the arguments of the file."""
        if not self._complete:
            self._complete = True
            self.complete()
        return super().parse_known_args(args, namespace)

    def complete(self) -> None:
        """Add the arguments of the file."""
        if self._file is not None:
            import_module(self._file).add(self)


def shared_flags() -> LateParser:
    """Flags that hold for the screen and for `show` alike."""
    # Without a default a flag after the command would be overwritten by its absence before it.
    common = LateParser(add_help=False, argument_default=argparse.SUPPRESS)
    market = common.add_argument_group("what is shown")
    market.add_argument("--symbols", metavar="A,B", help="these symbols instead of a list")
    market.add_argument("--list", metavar="NAME", help="this watchlist")
    market.add_argument("--benchmark", metavar="SYM", help="measure against this symbol")
    market.add_argument("--window", metavar="W", help="1D 1W WTD 1M MTD 3M QTD 6M YTD 1Y")
    market.add_argument("--volume-window", metavar="N", help="sessions behind the volume ratio: 10, 20, 50 or 63")
    market.add_argument("--as-of", metavar="DATE", help="the time machine: a past session from the local history")
    market.add_argument("--source", metavar="S", help="demo, replay:DIR, yahoo, or history (the local store alone)")
    market.add_argument(
        "--total-return", action="store_const", const=True, help="with --as-of: dividends reinvested, marked TR"
    )
    face = common.add_argument_group("the screen")
    face.add_argument("--theme", metavar="T", help="a theme by its name")
    face.add_argument("--fps", metavar="N", help="frames per second at most (10; 4 over SSH)")
    face.add_argument(
        "--diff",
        action=argparse.BooleanOptionalAction,
        help="send only the cells that differ, paced to the line (on unless switched off)",
    )
    face.add_argument(
        "--eco", action=argparse.BooleanOptionalAction, help="one frame per second, no flash (by itself on a slow line)"
    )
    face.add_argument("--reduced-motion", action="store_const", const=True, help="no flash of changed digits")
    return common
