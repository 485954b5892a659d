from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.analytics.deals import APART_DAYS, FORMS, OTHER, UNKNOWN, deals_since, opening, sector_of, targets

SCHEMA = {"accession": pl.String, "cik": pl.Int64, "kind": pl.String, "filed": pl.Date, "sic": pl.Int64}
START = date(2026, 1, 5)


def frame(rows):
    """Rows of an accession, a company, a form, days since the start, and an industry."""
    made = [(a, cik, kind, START + timedelta(days=day), sic) for a, cik, kind, day, sic in rows]
    return pl.DataFrame(made, SCHEMA, orient="row")


alone = st.lists(
    st.tuples(st.integers(1, 4), st.sampled_from(("425", "DEFM14A", "8-K")), st.integers(0, 400)), max_size=40
)


@given(alone)
@settings(max_examples=80, deadline=None)
def test_a_deal_is_counted_once_as_in_the_plain_loop(rows):
    filings = frame([(f"A{n}", cik, kind, day, None) for n, (cik, kind, day) in enumerate(rows)])
    last, deals = {}, 0
    for day, cik in sorted((day, cik) for cik, kind, day in rows if kind != "8-K"):
        deals += cik not in last or day - last[cik] > APART_DAYS
        last[cik] = day
    found = deals_since(filings, START)
    assert found.deals == deals
    assert found.filings == sum(kind != "8-K" for _, kind, _ in rows)
    assert sum(week.deals for week in found.weeks) == sum(form.deals for form in found.forms) == deals
    assert sum(week.filings for week in found.weeks) == sum(sector.filings for sector in found.sectors) == found.filings


@given(alone, st.integers(0, 400))
@settings(max_examples=40, deadline=None)
def test_what_was_open_before_the_date_is_no_new_deal(rows, since):
    filings = frame([(f"A{n}", cik, kind, day, None) for n, (cik, kind, day) in enumerate(rows)])
    day = START + timedelta(days=since)
    opens = opening(filings).filter(pl.col("opens"), pl.col("filed") >= day)
    assert deals_since(filings, day).deals == opens.height


def test_weeks_without_a_deal_are_there():
    found = deals_since(frame([("A", 1, "425", 0, None), ("B", 2, "425", 21, None)]), START)
    assert [(week.monday, week.deals) for week in found.weeks] == [
        (START, 1),
        (START + timedelta(weeks=1), 0),
        (START + timedelta(weeks=2), 0),
        (START + timedelta(weeks=3), 1),
    ]


def test_of_several_companies_the_one_that_files_as_a_target_is_bought():
    rows = [("A", 10, "425", 0, None), ("A", 99, "425", 0, None), ("B", 10, "DEFM14A", 30, None)]
    assert targets(frame(rows))["target"].to_list() == [10, 10]
    assert deals_since(frame(rows), START).deals == 1


def test_of_several_unknown_companies_the_youngest_is_taken_for_the_target():
    rows = [("A", 310764, "SC TO-T", 0, 3841), ("A", 1492658, "SC TO-T", 0, 3842)]
    assert targets(frame(rows)).row(0) == ("A", START, "SC TO-T", 1492658, 3842)


def test_the_registration_of_who_pays_with_shares_belongs_to_its_targets_deal():
    rows = [("A", 10, "425", 0, None), ("A", 99, "425", 0, None), ("B", 10, "S-4", 12, None), ("C", 7, "S-4", 12, None)]
    found = deals_since(frame(rows), START)
    assert (found.deals, found.filings) == (2, 3)
    assert {form.name: (form.deals, form.filings) for form in found.forms} == {"425": (1, 1), "S-4": (1, 2)}


def test_an_8k_is_no_deal():
    assert deals_since(frame([("A", 1, "8-K", 0, None)]), START).filings == 0
    assert "8-K" not in FORMS


def test_the_sector_is_the_targets():
    rows = [("A", 1, "425", 0, 2836), ("B", 2, "425", 0, None), ("C", 3, "425", 0, 9995), ("D", 3, "425", 3, None)]
    found = deals_since(frame(rows), START)
    assert {each.name: each.deals for each in found.sectors} == {"Drugs and biotech": 1, UNKNOWN: 1, OTHER: 1}


@pytest.mark.parametrize(
    ("sic", "name"),
    [
        (2836, "Drugs and biotech"),
        (6022, "Banks"),
        (6798, "Real estate"),
        (7372, "Software and services"),
        (3711, "Manufacturing"),
        (1311, "Oil and gas"),
        (6199, "Other finance"),
        (None, OTHER),
    ],
)
def test_an_industry_code_has_the_finest_group_that_holds_it(sic, name):
    assert sector_of(sic) == name


def test_no_filings_are_no_deals():
    found = deals_since(frame([]), START)
    assert (found.deals, found.filings, list(found.weeks), found.until) == (0, 0, [], None)


def test_the_real_index_of_a_day_is_counted(shared_data):
    from tui.sources.drivers.sec_index import parse_index

    filings = parse_index((shared_data / "recordings" / "sec" / "form.20200318.idx").read_bytes())
    rows = [(each.accession, each.cik, each.kind, each.filed, each.sic) for each in filings]
    found = deals_since(pl.DataFrame(rows, SCHEMA, orient="row"), date(2020, 3, 16))
    assert {form.name: form.filings for form in found.forms} == {"425": 9, "S-4": 1, "SC TO-T": 1}
    # The two Carey Watermark funds file three times about one deal.
    assert found.deals == 9
