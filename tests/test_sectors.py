from datetime import date

import pytest

from tui.model import Fund, Holding
from tui.sectors import CASH, GICS, SECTORS, UNCLASSIFIED, Taxonomy, sector_of, taxonomies, taxonomy_of

YAHOO_KEYS = (
    "realestate consumer_cyclical basic_materials consumer_defensive technology communication_services "
    "financial_services utilities industrials energy healthcare"
)
NASDAQ_WORDS = (
    "Finance/Consumer Discretionary/Health Care/Technology/Industrials/Real Estate/Energy/Utilities/Basic Materials/"
    "Consumer Staples/Telecommunications"
)


@pytest.mark.parametrize(
    ("word", "sector"),
    [
        ("Communication", "Communication Services"),
        ("Communication Services", "Communication Services"),
        ("Telecommunication Services", "Communication Services"),
        ("Financials", "Financials"),
        ("Information Technology", "Information Technology"),
        ("information  technology ", "Information Technology"),
        ("Cash and/or Derivatives", CASH),
        ("Other", UNCLASSIFIED),
        ("Unassigned", UNCLASSIFIED),
        ("-", None),
        ("", None),
        (None, None),
        ("Shipping", None),
    ],
)
def test_sector_of_when_an_issuer_uses_its_word_then_it_is_gics(word, sector):
    assert sector == sector_of(word)


@pytest.mark.parametrize(
    ("words", "taxonomy"),
    [
        (list(GICS), Taxonomy.GICS),
        (YAHOO_KEYS.split(), Taxonomy.MORNINGSTAR),
        (NASDAQ_WORDS.split("/"), Taxonomy.NASDAQ),
    ],
)
def test_sector_of_when_all_words_of_a_book_are_given_then_all_eleven_sectors_are_met_once(words, taxonomy):
    assert sorted(GICS) == sorted(sector_of(word, taxonomy) for word in words)


def test_sector_of_when_a_word_is_of_another_book_then_it_is_not_taken():
    assert sector_of("consumer_defensive") is None
    assert sector_of("Finance", Taxonomy.MORNINGSTAR) is None


@pytest.mark.parametrize(
    ("source", "taxonomy"),
    [
        ("yahoo", Taxonomy.MORNINGSTAR),
        ("yahoo search", Taxonomy.MORNINGSTAR),
        ("nasdaq", Taxonomy.NASDAQ),
        ("ishares IWM", Taxonomy.GICS),
        (None, Taxonomy.GICS),
    ],
)
def test_taxonomy_of_when_a_source_is_named_then_its_book_is_known(source, taxonomy):
    assert taxonomy == taxonomy_of(source)


def test_taxonomies_when_sectors_come_of_two_books_then_both_are_told():
    def held(sector, source):
        return Holding(symbol="A", name="A", weight=0.5, sector=sector, sector_source=source)

    holdings = [held("Energy", "ishares"), held("Energy", "yahoo search"), held(CASH, "nasdaq")]
    fund = Fund(symbol="F", name="F", as_of=date(2025, 1, 2), source="ishares", holdings=holdings)
    assert {Taxonomy.GICS, Taxonomy.MORNINGSTAR} == taxonomies(fund)


def test_sectors_when_listed_then_eleven_and_the_two_that_are_none():
    assert (len(set(SECTORS)), len(GICS)) == (13, 11)
