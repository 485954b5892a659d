"""One vocabulary of sectors, the eleven names of GICS, and what each source's words mean in it. Pure.

Sources sort by different books: Yahoo by Morningstar's, Nasdaq by its own. Their words are mapped to the nearest name, and
`Taxonomy` keeps apart what must never be added up in one chart without saying so.
"""

from enum import StrEnum

from tui.model import Fund

GICS = (
    "Communication Services",
    "Consumer Discretionary",
    "Consumer Staples",
    "Energy",
    "Financials",
    "Health Care",
    "Industrials",
    "Information Technology",
    "Materials",
    "Real Estate",
    "Utilities",
)
CASH = "Cash and derivatives"
"""The sector of everything in a fund that is money or a bet on the whole."""
UNCLASSIFIED = "Unclassified"
"""The sector of what nobody has put anywhere."""
SECTORS = (*GICS, CASH, UNCLASSIFIED)


class Taxonomy(StrEnum):
    """The book by which a source sorts companies."""

    GICS = "gics"
    MORNINGSTAR = "morningstar"
    NASDAQ = "nasdaq"


TAXONOMIES = {"yahoo": Taxonomy.MORNINGSTAR, "nasdaq": Taxonomy.NASDAQ}
"""The book of each source that does not sort by GICS."""

_CASH_WORDS = ("cash and/or derivatives", "cash and derivatives", "cash", "derivatives", "cash equivalents", "currency")
_NO_WORDS = ("other", "others", "unassigned", "unclassified", "not classified", "miscellaneous", "dummy", "n/a", "none")
_COMMON = dict.fromkeys(_CASH_WORDS, CASH) | dict.fromkeys(_NO_WORDS, UNCLASSIFIED)

_WORDS: dict[Taxonomy, dict[str, str]] = {
    Taxonomy.GICS: {name.casefold(): name for name in GICS}
    | _COMMON
    | {
        "communication": "Communication Services",
        "communications": "Communication Services",
        # The sector's name before it took in media, in September 2018.
        "telecommunication services": "Communication Services",
        "telecommunications": "Communication Services",
        "consumer cyclical": "Consumer Discretionary",
        "consumer non cyclical": "Consumer Staples",
        "financial": "Financials",
        "healthcare": "Health Care",
        "industrial": "Industrials",
        "technology": "Information Technology",
        "information tech": "Information Technology",
        "it": "Information Technology",
        "basic materials": "Materials",
        "realestate": "Real Estate",
        "utility": "Utilities",
    },
    Taxonomy.MORNINGSTAR: _COMMON
    | {
        "basic materials": "Materials",
        "communication services": "Communication Services",
        "consumer cyclical": "Consumer Discretionary",
        "consumer defensive": "Consumer Staples",
        "energy": "Energy",
        "financial": "Financials",
        "financial services": "Financials",
        "healthcare": "Health Care",
        "industrials": "Industrials",
        "real estate": "Real Estate",
        "realestate": "Real Estate",
        "technology": "Information Technology",
        "utilities": "Utilities",
    },
    Taxonomy.NASDAQ: _COMMON
    | {
        "basic materials": "Materials",
        "consumer discretionary": "Consumer Discretionary",
        "consumer staples": "Consumer Staples",
        "energy": "Energy",
        "finance": "Financials",
        "health care": "Health Care",
        "industrials": "Industrials",
        "real estate": "Real Estate",
        "technology": "Information Technology",
        "telecommunications": "Communication Services",
        "utilities": "Utilities",
    },
}


def sector_of(text: str | None, taxonomy: Taxonomy = Taxonomy.GICS) -> str | None:
    """The sector that a source's word means by its book; None for no word (`-`) or one that is not known."""
    word = " ".join((text or "").casefold().replace("_", " ").replace("-", " ").replace("&", " and ").split())
    return _WORDS[taxonomy].get(word)


def taxonomy_of(source: str | None) -> Taxonomy:
    """The book by which a source sorts, by the first word of its name: `yahoo search`, `ishares IWM`."""
    return TAXONOMIES.get((source or "").partition(" ")[0], Taxonomy.GICS)


def taxonomies(fund: Fund) -> set[Taxonomy]:
    """The books by which the sectors of a fund's holdings were sorted: of more than one, a chart must say so."""
    return {taxonomy_of(holding.sector_source) for holding in fund.holdings if holding.sector in GICS}
