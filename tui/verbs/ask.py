"""What a view of `show` is given: the running market and what was asked for."""

from msgspec import Struct

from tui.assembly import Assembly
from tui.board import Board
from tui.config import Paths, Settings
from tui.desk import FundDesk
from tui.engine import Engine
from tui.view import View

WAIT_SECONDS = 30.0
"""How long an answer may take before what is there is printed."""


class Ask(Struct, frozen=True):
    """One look at the market."""

    engine: Engine
    board: Board
    desk: FundDesk
    view: View
    assembly: Assembly
    settings: Settings
    paths: Paths
