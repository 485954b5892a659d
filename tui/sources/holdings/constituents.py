"""The constituents of the S&P 500 with their GICS sectors: who belongs where, without weights (docs: sources, 4).

From `datasets/s-and-p-500-companies`, in the public domain (PDDL), made of Wikipedia's list every day.
"""

from tui.sectors import GICS, sector_of
from tui.sources.base import MalformedError, UnreachableError
from tui.sources.holdings.table import read_csv
from tui.sources.http import Http
from tui.sources.text import text_of
from tui.symbology import canonical

SOURCE = "sp500"
HOSTS = ("raw.githubusercontent.com",)
URL = "https://raw.githubusercontent.com/datasets/s-and-p-500-companies/main/data/constituents.csv"

_WHO = "S&P 500"
_REQUIRED = ("symbol", "security", "gics sector")


def recognises(payload: bytes) -> bool:
    """Whether the bytes begin with the columns of the list."""
    return b"GICS Sector" in payload[:400]


def parse_constituents(payload: bytes) -> dict[str, tuple[str, str]]:
    """Sector and source by symbol, as `fill_sectors` wants them.

    Raises:
        MalformedError: it is no such list, or breaks off.
    """
    table = read_csv(text_of(payload, _WHO), _REQUIRED, _WHO)
    known: dict[str, tuple[str, str]] = {}
    for row in table.rows:
        symbol, sector = canonical(row.text("symbol")), sector_of(row.text("gics sector"))
        if symbol is None or sector not in GICS:
            raise MalformedError(f"{_WHO}: line {row.line} has no symbol or no GICS sector; download the file again.")
        known[symbol] = (sector, SOURCE)
    if not known:
        raise MalformedError(f"{_WHO}: the list is empty; download it again.")
    return known


class Constituents:
    """The list on the web. `http` is its own and closed with it."""

    name = SOURCE

    def __init__(self, http: Http, *, url: str = URL) -> None:
        self._http = http
        self._url = url

    async def sectors(self) -> dict[str, tuple[str, str]]:
        """Sector and source by symbol.

        Raises:
            SourceError: one of its kinds; nothing else.
        """
        reply = await self._http.get(self._url, accept="text/csv")
        if reply.status != 200:
            raise UnreachableError(f"The list of the S&P 500 is not there ({reply.status}).")
        return parse_constituents(reply.body)

    async def aclose(self) -> None:
        """Close the connections; safe to call twice."""
        await self._http.aclose()
