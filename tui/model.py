"""The parcels of the program: frozen structs that flow one way, from a source's bytes to a cell.

Units, everywhere: prices in `currency` (pence and cents already divided), times as epoch seconds UTC, volumes in
shares, weights and returns as fractions (0.0172 is 1.72 %). Unknown is None, never zero.
"""

from datetime import date
from enum import StrEnum

from msgspec import Struct


class DataError(Exception):
    """Data could not be had or kept. The message is for the user: what happened and what to do."""


class State(StrEnum):
    """How much a datum can be trusted now, best first; the status bar shows the worst of the visible rows."""

    LIVE = "LIVE"
    """Real time, as the exchange sends it."""
    EOD = "EOD"
    """A finished session's figures: they will not change."""
    DELAYED = "DELAYED"
    """Late by the source's own delay."""
    STALE = "STALE"
    """Older than it should be while the market is open."""
    LIMITED = "LIMITED"
    """The source asked us to slow down; tried again at `Health.retry_at`."""
    OFFLINE = "OFFLINE"
    """The source cannot be reached."""
    WAITING = "WAITING"
    """Asked for, nothing has come yet."""
    UNKNOWN = "UNKNOWN"
    """The source does not know the symbol."""


SEVERITY = {state: rank for rank, state in enumerate(State)}
"""Rank of each state, 0 is best."""


class Kind(StrEnum):
    """What an instrument is."""

    FUND = "fund"
    INDEX = "index"
    STOCK = "stock"
    YIELD = "yield"
    CURRENCY = "currency"
    CRYPTO = "crypto"
    FUTURE = "future"
    SERIES = "series"
    OTHER = "other"


class Instrument(Struct, frozen=True, kw_only=True):
    """What is known of a symbol besides its prices."""

    symbol: str
    name: str | None = None
    kind: Kind = Kind.OTHER
    currency: str | None = None
    zone: str = "America/New_York"
    """IANA zone of the exchange."""


class Quote(Struct, frozen=True, kw_only=True, gc=False):
    """The latest of one symbol, as one source tells it."""

    symbol: str
    price: float | None
    """Last price of the regular session, in `currency`."""
    session: date | None
    """The session that `price` and `volume` belong to, in the exchange's zone."""
    as_of: float
    """When the price was made: epoch seconds UTC."""
    fetched_at: float
    """When we received it: epoch seconds UTC."""
    source: str
    delay: int = 0
    """By how much the source is late of the exchange, seconds."""
    final: bool = False
    """The session is over and `price` is its close."""
    open: float | None = None
    high: float | None = None
    low: float | None = None
    prev_close: float | None = None
    close: float | None = None
    """The close of `session` where it is known although the session still runs: a replay knows how the day ended."""
    volume: int | None = None
    """Shares traded in the session so far; None for an index."""
    currency: str | None = None
    name: str | None = None
    extended_price: float | None = None
    """Last price before or after the regular session, in `currency`; never part of `price`, `volume` or a return."""
    extended_phase: str | None = None
    """When that was: `PRE` or `POST`."""
    extended_at: float | None = None
    """When it was made: epoch seconds UTC."""
    other_price: float | None = None
    """What another source says of the same time, where it differs by more than `tui.sources.feed_merge.BOUND`."""
    other_source: str | None = None
    """Which source that is."""


class Bar(Struct, frozen=True, kw_only=True, gc=False):
    """One intraday bar of five minutes."""

    time: float
    """Its start: epoch seconds UTC."""
    open: float | None
    high: float | None
    low: float | None
    close: float | None
    volume: int | None


class Bars(Struct, frozen=True, kw_only=True):
    """Daily history of one symbol: parallel columns, oldest first, one entry per session."""

    symbol: str
    source: str
    fetched_at: float
    dates: list[date]
    open: list[float | None]
    high: list[float | None]
    low: list[float | None]
    close: list[float | None]
    """Split-adjusted, dividends ignored: `P(t)` of the formulas."""
    adj_close: list[float | None]
    """Adjusted for splits and dividends: `A(t)` of the formulas."""
    volume: list[int | None]
    dividends: dict[date, float] = {}
    """Cash per share by ex-date."""
    splits: dict[date, float] = {}
    """New shares per old share by date: 4.0 is a 4:1 split."""
    currency: str | None = None


class AssetClass(StrEnum):
    """What a position of a fund is."""

    EQUITY = "equity"
    CASH = "cash"
    """Money, money-market funds, collateral."""
    DERIVATIVE = "derivative"
    """Futures, options, swaps, and the contra entries that offset them."""
    BOND = "bond"
    OTHER = "other"


class Holding(Struct, frozen=True, kw_only=True):
    """One position of a fund."""

    symbol: str | None
    """Canonical, in Yahoo's spelling; None for what has no ticker of a stock: cash, futures, escrows."""
    name: str
    weight: float
    """Fraction of the fund's equity market value: the equity rows of a whole list make 1, other rows are measured by the
    same sum. Where a fund holds no equity, fraction of all its positions. In a partial list, as its source tells it."""
    sector: str | None = None
    """In the words of `tui.sectors`; None where nobody has said it."""
    market_value: float | None = None
    """In the fund's currency."""
    shares: float | None = None
    sector_original: str | None = None
    """The source's own word for the sector."""
    sector_source: str | None = None
    """Who said the sector: the source's name, then where in it (`ishares IWM`); it decides the taxonomy."""
    asset_class: AssetClass = AssetClass.EQUITY
    price: float | None = None
    cusip: str | None = None
    """Nine characters."""
    isin: str | None = None
    currency: str | None = None
    country: str | None = None
    """As the source writes it: a name or an ISO code."""


class Fund(Struct, frozen=True, kw_only=True):
    """A fund and what it held on a date."""

    symbol: str
    name: str
    as_of: date
    source: str
    holdings: list[Holding]
    partial: bool = False
    """Whether `holdings` is only a part of the list, such as the ten largest; the rest is not known."""
    sector_weights: dict[str, float] = {}
    """Fractions by sector, from sources that tell them apart from the holdings; their taxonomy is that of `source`."""


class Health(Struct, frozen=True, kw_only=True):
    """How a source is doing, in words that a user can act on."""

    state: State
    detail: str = ""
    """One short sentence, without a source's raw text."""
    retry_at: float | None = None
    """When it will be asked again: epoch seconds UTC."""
    question: str = ""
    """What only the user can decide, as a question; `consent` of the source takes the answer. Empty when there is none."""


class Update(Struct, frozen=True, kw_only=True):
    """What a source yields: a batch of quotes, answered for the list that was wanted at `epoch`."""

    epoch: int
    quotes: list[Quote] = []
    unknown: list[str] = []
    """Symbols that the source positively does not know."""
    health: Health | None = None
