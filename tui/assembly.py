"""From settings to a running market: which source, which history, and what is true of the pair."""

import os
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from tui import sessions
from tui.config import Paths, Settings
from tui.loader import Shelf
from tui.sources.base import FundSource, NoDataError, SectorLookup, Source

STALE_SECONDS = 600.0
"""Without news for so long in an open market, a polled price is stale."""


if TYPE_CHECKING:
    from tui.model import Quote
    from tui.sources.drivers.base import DriverSource
    from tui.sources.holdings.chain import Chain
    from tui.sources.holdings.yahoo_top import YahooTop
    from tui.sources.tape_wire import Wire
    from tui.sources.yahoo import Yahoo
    from tui.store.history import History
    from tui.store.holdings import Holdings
    from tui.store.total import TotalReturn


class SpecError(Exception):
    """The wording of `--source` is not understood; says what is."""


class Assembly(Struct, frozen=True):
    """A source with the history it belongs to."""

    source: Source
    shelf: Shelf
    fetch: bool
    """Whether history that the shelf lacks is asked of the source."""
    stale_after: float
    funds: FundSource
    """Who is asked what a fund holds."""
    sectors: SectorLookup | None = None
    """Who is asked in which sector a company is, where no list says so."""
    holdings: "Holdings | None" = None
    """Stored holdings; None where the source has its own."""
    recall: "Callable[[Sequence[str]], list[Quote]] | None" = None
    """The last stored quotes of symbols, shown until the source tells; blocking."""
    drivers: "DriverSource | None" = None
    """Who is asked for yields, macro series, fundamentals, estimates and filings; None where only what is stored counts."""
    root: Path | None = None
    """The folder of the history and of the stores beside it (`tui.store.drivers.DriverStores.at(root)`); None where
    nothing is stored."""
    live: bool = False
    """Whether holdings of yesterday can be had again today."""
    past: bool = False
    """Whether a past session is shown that will not change."""
    notice: str = ""
    """Something the user should know: another session is shown than was asked for."""

    async def aclose(self) -> None:
        """Release what the sources hold; safe to call twice."""
        for each in (self.source, self.funds, self.drivers):
            if each is not None:
                await each.aclose()


def history_root(settings: Settings, paths: Paths) -> Path:
    """Where the local history lies."""
    return settings.history or paths.data_dir / "history"


def feed_folder(settings: Settings, paths: Paths) -> Path:
    """Where the instances on this home share a live source; sources elsewhere (a proxy, a test) have one of their own."""
    where = repr((settings.yahoo, settings.addresses))
    usual = where == repr((type(settings.yahoo)(), type(settings.addresses)()))
    mark = "" if usual else f"-{blake2b(where.encode(), digest_size=6).hexdigest()}"
    return paths.state_dir / f"feed{mark}"


def assemble(
    settings: Settings, paths: Paths, symbols: Sequence[str], benchmark: str, *, once: bool = False
) -> Assembly:
    """Build what `--source` and `--as-of` ask for. Blocking and heavy (imports): called in a thread.

    With `once`, for a single look, a replay stands still at the close of its session.

    Raises:
        SpecError: the source is not one of demo, replay:DIR, yahoo, history.
        NoDataError: there is nothing stored to show.
    """
    kind, _, argument = settings.source.partition(":")
    if settings.as_of is not None and kind in {"yahoo", "history"}:
        return _past(settings, paths, symbols, benchmark)
    match kind:
        case "history":
            return _past(settings, paths, symbols, benchmark)
        case "demo":
            return _demo(settings)
        case "replay":
            if not argument:
                raise SpecError("--source replay: which folder? Write --source replay:DIR")
            return _replay(settings, paths, Path(argument), once=once)
        case "yahoo" if settings.record is not None:
            from tui.assembly_tape import recorded

            return recorded(settings, paths)
        case "yahoo":
            return _yahoo(settings, paths)
        case _:
            raise SpecError(f"--source {settings.source}: expected demo, replay:DIR, yahoo or history")


def _demo(settings: Settings) -> Assembly:
    from tui.sources.demo import Demo
    from tui.sources.drivers.demo import DemoDrivers
    from tui.store.memory import Memory

    start = None
    if settings.as_of is not None:
        start = datetime.combine(settings.as_of, time(10, 30), sessions.NEW_YORK)
    source = Demo(speed=settings.speed or 1.0, start=start)
    return Assembly(source, Memory(), fetch=True, stale_after=float("inf"), funds=source, drivers=DemoDrivers(source))


def _replay(settings: Settings, paths: Paths, folder: Path, *, once: bool) -> Assembly:
    from tui.sources.tape import is_tape

    if is_tape(folder):
        from tui.assembly_tape import played

        return played(settings, paths, folder)
    from tui.sources.holdings.chain import Chain
    from tui.sources.replay import Replay
    from tui.store.folder import Folder
    from tui.store.holdings import Holdings
    from tui.store.memory import Memory

    if not folder.is_dir():
        raise NoDataError(f"{folder} is not a folder; give one with daily bars (CSV or Parquet)")
    speed = 0.0 if once else settings.speed or 60.0
    source = Replay(Folder(folder), settings.as_of, speed, at_close=once)
    return Assembly(
        source,
        Memory(),
        fetch=True,
        stale_after=float("inf"),
        funds=Chain(()),
        holdings=Holdings(history_root(settings, paths)),
        root=history_root(settings, paths),
    )


def _yahoo(settings: Settings, paths: Paths) -> Assembly:
    from tui.last_known import LastKnown
    from tui.shared_feed import SharedFeed
    from tui.sources.chain_make import make
    from tui.sources.credentials import Key, KeyFileError, load
    from tui.sources.holdings.yahoo_top import YahooTop
    from tui.sources.past import Past
    from tui.store.history import History
    from tui.store.holdings import Holdings
    from tui.store.state import States

    keys: dict[str, Key] = {}
    notice = ""
    try:
        keys = load(paths.config_dir / "keys.toml", os.environ)
    except KeyFileError as error:
        notice = str(error)
    source, yahoo = make(settings, keys, paths.cache_dir)
    root = history_root(settings, paths)
    history = History(root)
    top = YahooTop(yahoo.http, yahoo.auth, base=settings.yahoo.base)
    folder = feed_folder(settings, paths)
    past = Past(history, sessions.session_of(source.now()))
    return Assembly(
        SharedFeed(source, folder, history),
        history,
        fetch=True,
        stale_after=STALE_SECONDS,
        funds=issuers(settings, top),
        sectors=top,
        holdings=Holdings(root),
        recall=LastKnown(past.recall, States(folder), lambda: source.now().timestamp()).recall,
        drivers=drivers(settings, yahoo),
        root=root,
        live=True,
        notice=notice,
    )


def issuers(settings: Settings, top: "YahooTop", wire: "Wire | None" = None) -> "Chain":
    """Who publishes holdings: the issuers, the filings where the user gave an address, and Yahoo's top ten."""
    from tui.sources.holdings.base import HoldingsSource
    from tui.sources.holdings.chain import Chain
    from tui.sources.holdings.edgar import ContactHttp, Edgar
    from tui.sources.holdings.invesco import Invesco
    from tui.sources.holdings.ishares import IShares
    from tui.sources.holdings.ssga import SSGA
    from tui.sources.http import Http
    from tui.sources.needs import Need, in_order

    issuers: dict[str, HoldingsSource] = {
        "ishares": IShares(Http("iShares", wire=wire)),
        "ssga": SSGA(Http("SSGA", wire=wire)),
        "invesco": Invesco(Http("Invesco", wire=wire)),
        "edgar": Edgar(ContactHttp(settings.email, wire=wire) if settings.email else None),
        "yahoo": top,
    }
    return Chain(in_order(settings.chain, Need.HOLDINGS, issuers))


def drivers(settings: Settings, source: "Yahoo", wire: "Wire | None" = None) -> "DriverSource":
    """Who publishes what drives prices: the Treasury, FRED, Yahoo, and the SEC where the user gave an address."""
    from tui.sources.chain_drivers import ChainDrivers
    from tui.sources.drivers.companies import Companies
    from tui.sources.drivers.fred import Fred
    from tui.sources.drivers.live import FRED_LIMITS, TREASURY_LIMITS
    from tui.sources.drivers.sec_index import SecIndex
    from tui.sources.drivers.treasury import Treasury
    from tui.sources.holdings.edgar import ContactHttp
    from tui.sources.http import Http

    return ChainDrivers(
        Treasury(Http("The Treasury", limits=TREASURY_LIMITS, wire=wire)),
        Fred(Http("FRED", limits=FRED_LIMITS, wire=wire)),
        Companies(source.http, source.auth, base=settings.yahoo.base),
        SecIndex(ContactHttp(settings.email, wire=wire) if settings.email else None),
        order=settings.chain.yields,
    )


def _past(settings: Settings, paths: Paths, symbols: Sequence[str], benchmark: str) -> Assembly:
    from tui.sources.holdings.chain import Chain
    from tui.sources.past import Past
    from tui.store.history import History
    from tui.store.holdings import Holdings
    from tui.store.total import TotalReturn

    root = history_root(settings, paths)
    history = TotalReturn(History(root)) if settings.total_return else History(root)
    session, notice = past_session(_last_stored(history, symbols, benchmark, settings.as_of), settings.as_of)
    known = {each.symbol: each for each in history.instruments(history.symbols())}
    return Assembly(
        Past(history, session, known, total=settings.total_return),
        history,
        fetch=False,
        stale_after=float("inf"),
        funds=Chain(()),
        holdings=Holdings(root),
        root=root,
        past=True,
        notice=notice,
    )


def _last_stored(
    history: "History | TotalReturn", symbols: Sequence[str], benchmark: str, as_of: date | None
) -> list[date]:
    """The last stored session up to a day: the benchmark's, since all is measured against it, else every symbol's."""
    spans = history.spans()
    for names in ((benchmark,), symbols):
        found = [spans[name].last for name in names if name in spans]
        if as_of is not None:
            bars = [history.daily(name, end=as_of) for name in names if name in spans and spans[name].first <= as_of]
            found = [each.dates[-1] for each in bars if each.dates]
        if found:
            return found
    return []


def past_session(last: Sequence[date], as_of: date | None) -> tuple[date, str]:
    """The session to show, and a notice when it is not the one that was asked for.

    Args:
        last: The last stored session up to `as_of` of the benchmark, or of each symbol when it has none.
        as_of: The day that was asked for; None for the last one stored.

    Raises:
        NoDataError: nothing is stored so early.
    """
    if not last:
        when = f" on or before {as_of}" if as_of else ""
        raise NoDataError(f"no history is stored{when}; import some with: outpace history import PATH")
    session = max(last)
    asked = sessions.last_session(as_of) if as_of else session
    if session < asked:
        return session, f"no session is stored for {as_of}; this is {session}, the last one before it"
    return session, ""
