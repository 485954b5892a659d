"""What is traded in the simulated market: well-known funds and indices, and companies that do not exist.

Loadings are on the daily log returns of the market's forces (`demo_market`), volatilities are daily.
"""

from random import Random

from msgspec import Struct

from tui.model import Kind


class Listing(Struct, frozen=True, kw_only=True):
    """One instrument and what moves it: either the common forces, or the parts that it is made of."""

    symbol: str
    name: str
    kind: Kind
    price: float
    """Close before the first session of `demo_market.ANCHOR`, USD; percent for a yield."""
    volume: int | None
    """Shares of a usual session; None for what does not trade itself."""
    market: float = 1.0
    size: float = 0.0
    rates: float = 0.0
    sector: str | None = None
    """GICS sector, loaded with 1."""
    idio: float = 0.0
    """Volatility of its own; for a fund of parts, of its tracking error."""
    payout: float = 0.0
    """Dividends of a year as a fraction of the price, paid in four."""
    parts: tuple[tuple[str, float], ...] = ()
    """(symbol, weight) of what it consists of or tracks, largest first; weights sum to 1."""
    discloses: bool = False
    """Its parts are companies, and published as holdings."""


class _Sector(Struct, frozen=True):
    """A GICS sector: its fund, its weight among large and small companies, and how its companies behave."""

    fund: str
    price: float
    volume: int
    large: float
    small: float
    market: float
    rates: float
    trades: tuple[str, ...]


_SECTORS = {
    "Information Technology": _Sector("XLK", 145.2, 14_000_000, 0.32, 0.134, 1.2, 0.0, ("Software", "Semiconductor")),
    "Financials": _Sector("XLF", 53.4, 40_000_000, 0.14, 0.198, 1.05, 0.05, ("Bancorp", "Insurance")),
    "Consumer Discretionary": _Sector("XLY", 120.6, 8_000_000, 0.105, 0.096, 1.15, 0.0, ("Motors", "Retail")),
    "Communication Services": _Sector("XLC", 118.1, 6_000_000, 0.10, 0.026, 1.0, 0.0, ("Media", "Wireless")),
    "Health Care": _Sector("XLV", 150.3, 9_000_000, 0.095, 0.156, 0.75, 0.0, ("Medical", "Therapeutics")),
    "Industrials": _Sector("XLI", 160.8, 9_000_000, 0.085, 0.183, 1.0, 0.0, ("Aerospace", "Logistics")),
    "Consumer Staples": _Sector("XLP", 82.5, 14_000_000, 0.055, 0.03, 0.6, 0.0, ("Foods", "Household")),
    "Energy": _Sector("XLE", 47.2, 30_000_000, 0.03, 0.048, 0.8, 0.03, ("Petroleum", "Drilling")),
    "Utilities": _Sector("XLU", 44.1, 18_000_000, 0.025, 0.029, 0.55, -0.08, ("Power", "Water")),
    "Real Estate": _Sector("XLRE", 42.3, 6_000_000, 0.025, 0.06, 0.85, -0.12, ("Properties", "Storage")),
    "Materials": _Sector("XLB", 48.4, 12_000_000, 0.02, 0.04, 0.95, 0.0, ("Chemicals", "Metals")),
}

SECTORS = tuple(_SECTORS)
"""The eleven GICS sectors, largest of the large first."""

_HEADS = ("Vex", "Zor", "Qua", "Lum", "Bri", "Tov", "Kel", "Nyx", "Pav", "Ryl", "Sko", "Tha", "Wex", "Yar")
_TAILS = ("ado", "eri", "imo", "ova", "uki", "ane", "oth", "iru", "ebo", "ulo", "axi", "ont")

_LARGE = 7
_SMALL = 6
_BIOTECHS = 9


def universe(seed: int) -> dict[str, Listing]:
    """Every listing by symbol; the companies' names, prices and weights follow from the seed.

    Tickers of companies have six letters: one more than any of a US exchange, so that none is a real one.
    """
    rng = Random(f"{seed} universe")
    names = [head + tail for head in _HEADS for tail in _TAILS]
    rng.shuffle(names)
    large = {sector: [_company(rng, names.pop(), sector, small=False) for _ in range(_LARGE)] for sector in SECTORS}
    small = {sector: [_company(rng, names.pop(), sector, small=True) for _ in range(_SMALL)] for sector in SECTORS}
    small["Health Care"] += [_biotech(rng, names.pop()) for _ in range(_BIOTECHS)]
    companies = [listing for group in (large, small) for members in group.values() for listing in members]
    return {
        listing.symbol: listing for listing in [*_broad(large, small), *_sector_funds(large), *_others(), *companies]
    }


def _company(rng: Random, word: str, sector: str, *, small: bool) -> Listing:
    traits = _SECTORS[sector]
    return Listing(
        symbol=word.upper(),
        name=f"{word} {rng.choice(traits.trades)}",
        kind=Kind.STOCK,
        price=round(rng.uniform(9, 90) if small else rng.uniform(45, 420), 2),
        volume=round(10 ** (rng.uniform(4.9, 6.2) if small else rng.uniform(6.2, 7.6))),
        market=traits.market * (rng.uniform(0.9, 1.4) if small else rng.uniform(0.8, 1.2)),
        size=rng.uniform(0.8, 1.2) if small else rng.uniform(-0.2, 0.0),
        rates=traits.rates,
        sector=sector,
        idio=rng.uniform(0.016, 0.028) if small else rng.uniform(0.008, 0.016),
        payout=rng.choice((0.0, 0.0, 0.01)) if small else rng.choice((0.0, 0.008, 0.015, 0.03)),
    )


def _biotech(rng: Random, word: str) -> Listing:
    """A small company of the health care sector with a pipeline and no profit."""
    return Listing(
        symbol=word.upper(),
        name=f"{word} Biosciences",
        kind=Kind.STOCK,
        price=round(rng.uniform(6, 60), 2),
        volume=round(10 ** rng.uniform(5.2, 6.3)),
        market=rng.uniform(0.9, 1.3),
        size=rng.uniform(1.0, 1.4),
        sector="Health Care",
        idio=rng.uniform(0.028, 0.042),
    )


def _weighed(weights: dict[str, float]) -> tuple[tuple[str, float], ...]:
    """Parts with weights that sum to 1, largest first."""
    total = sum(weights.values())
    return tuple(sorted(((symbol, weight / total) for symbol, weight in weights.items()), key=lambda part: -part[1]))


def _by_value(members: dict[str, list[Listing]], sectors: dict[str, float]) -> tuple[tuple[str, float], ...]:
    """Parts weighed like a market: the sector's weight, falling with the rank inside the sector."""
    weights: dict[str, float] = {}
    for sector, weight in sectors.items():
        ranks = [(rank + 1) ** -0.8 for rank in range(len(members[sector]))]
        for listing, share in zip(members[sector], ranks, strict=True):
            weights[listing.symbol] = weight * share / sum(ranks)
    return _weighed(weights)


def _broad(large: dict[str, list[Listing]], small: dict[str, list[Listing]]) -> list[Listing]:
    """The funds of many sectors, which publish their holdings."""
    by_large = {sector: traits.large for sector, traits in _SECTORS.items()}
    by_small = {sector: traits.small for sector, traits in _SECTORS.items()}
    growth = {
        "Information Technology": 0.55,
        "Consumer Discretionary": 0.2,
        "Communication Services": 0.2,
        "Health Care": 0.05,
    }
    young = {"Information Technology": 0.42, "Health Care": 0.33, "Consumer Discretionary": 0.15, "Industrials": 0.1}
    biotech = _weighed({listing.symbol: 1.0 for listing in small["Health Care"]})
    return [
        _open_fund("SPY", "SPDR S&P 500 ETF", 690.38, 75_000_000, _by_value(large, by_large), payout=0.011),
        _open_fund("IWM", "iShares Russell 2000 ETF", 262.41, 32_000_000, _by_value(small, by_small), payout=0.010),
        _open_fund("QQQ", "Invesco QQQ Trust", 621.87, 55_000_000, _by_value(large, growth), payout=0.005),
        _open_fund("QQQS", "Invesco NASDAQ Future Gen 200 ETF", 33.12, 24_000, _by_value(small, young), payout=0.004),
        _open_fund("XBI", "SPDR S&P Biotech ETF", 122.64, 9_000_000, biotech),
    ]


def _sector_funds(large: dict[str, list[Listing]]) -> list[Listing]:
    """The eleven sector funds, each of the large companies of its sector."""
    short = {"Information Technology": "Technology", "Financials": "Financial", "Industrials": "Industrial"}
    return [
        _open_fund(
            traits.fund,
            f"{short.get(sector, sector)} Select Sector SPDR",
            traits.price,
            traits.volume,
            _by_value(large, {sector: 1.0}),
            payout=0.016,
        )
        for sector, traits in _SECTORS.items()
    ]


def _open_fund(
    symbol: str, name: str, price: float, volume: int, parts: tuple[tuple[str, float], ...], *, payout: float = 0.0
) -> Listing:
    """A fund that publishes what it holds."""
    return Listing(
        symbol=symbol,
        name=name,
        kind=Kind.FUND,
        price=price,
        volume=volume,
        payout=payout,
        parts=parts,
        idio=0.0002,
        discloses=True,
    )


def _others() -> list[Listing]:
    """Funds whose holdings are not published here, indices that follow a fund, and the yield."""
    return [
        _closed_fund("QQQJ", "Invesco NASDAQ Next Gen 100 ETF", 38.26, 180_000, 0.007, market=1.1, size=0.35),
        _closed_fund("MDY", "SPDR S&P MidCap 400 ETF", 631.5, 800_000, 0.012, size=0.5),
        _closed_fund("IJR", "iShares Core S&P Small-Cap ETF", 128.35, 5_000_000, 0.015, market=1.05, size=0.95),
        _closed_fund("RSP", "Invesco S&P 500 Equal Weight ETF", 198.72, 12_000_000, 0.015, market=0.95, size=0.1),
        _closed_fund("IWN", "iShares Russell 2000 Value ETF", 190.15, 1_200_000, 0.017, size=0.95),
        _closed_fund("IWO", "iShares Russell 2000 Growth ETF", 345.6, 600_000, 0.006, market=1.1, size=1.05),
        _closed_fund("TLT", "iShares 20+ Year Treasury Bond ETF", 87.3, 38_000_000, 0.043, market=-0.05, rates=-0.5),
        _tracker("VTWO", "Vanguard Russell 2000 ETF", 105.3, of="IWM", volume=1_500_000),
        _tracker("^RUT", "Russell 2000", 2641.2, of="IWM"),
        _tracker("^GSPC", "S&P 500", 6921.4, of="SPY"),
        _tracker("^IXIC", "NASDAQ Composite", 23612.5, of="QQQ"),
        Listing(
            symbol="^TNX",
            name="10-Year Treasury Yield",
            kind=Kind.YIELD,
            price=4.27,
            volume=None,
            market=0.1,
            rates=1.0,
            idio=0.001,
        ),
    ]


def _closed_fund(
    symbol: str,
    name: str,
    price: float,
    volume: int,
    payout: float,
    *,
    market: float = 1.0,
    size: float = 0.0,
    rates: float = 0.0,
) -> Listing:
    """A fund that the common forces move, its holdings not being published."""
    return Listing(
        symbol=symbol,
        name=name,
        kind=Kind.FUND,
        price=price,
        volume=volume,
        payout=payout,
        market=market,
        size=size,
        rates=rates,
        idio=0.002,
    )


def _tracker(symbol: str, name: str, price: float, *, of: str, volume: int | None = None) -> Listing:
    """What moves as one fund does: another fund, or the index when it trades no volume."""
    kind = Kind.INDEX if volume is None else Kind.FUND
    return Listing(symbol=symbol, name=name, kind=kind, price=price, volume=volume, idio=0.0001, parts=((of, 1.0),))
