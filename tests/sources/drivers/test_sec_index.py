from datetime import date

import pytest

from tests.sources.drivers.payloads import BAN, INDEX_HEAD, MISSING, filing, index
from tests.sources.server import QUICK, Answer
from tui.sources.base import DeniedError, LimitedError, MalformedError, NoDataError, UnreachableError
from tui.sources.drivers.sec_index import SecIndex, kind_of, parse_index, parse_industry, recognises
from tui.sources.holdings.edgar import LIMITS, ContactHttp

DAY = date(2020, 3, 18)


def test_parse_index_when_forms_differ_then_those_of_deals_are_kept():
    forms = ["1-A", "425", "8-K", "8-K/A", "S-4", "SC TO-I", "SC TO-T/A", "SC 13D", "DEFM14A", "10-K", ""]
    lines = [filing(form, number=f"0001140361-20-{place:06d}") for place, form in enumerate(forms) if form]
    found = parse_index(index(*lines))
    assert [each.form for each in found] == ["425", "8-K", "8-K/A", "S-4", "SC TO-T/A", "DEFM14A"]
    assert [each.kind for each in found] == ["425", "8-K", "8-K", "S-4", "SC TO-T", "DEFM14A"]
    assert [each.amendment for each in found] == [False, False, True, False, True, False]


def test_parse_index_when_a_filing_is_read_then_all_of_it_is_told():
    (found,) = parse_index(index(filing("425")))
    assert (found.accession, found.cik, found.company, found.filed, found.path) == (
        "0001140361-20-006194",
        52795,
        "ANIXTER INTERNATIONAL INC",
        DAY,
        "edgar/data/52795/0001140361-20-006194.txt",
    )
    assert (found.sic, found.industry, found.items) == (None, None, None)


def test_parse_index_when_a_filing_is_of_two_companies_then_each_has_a_row_once():
    lines = [filing("SC TO-T", "STRYKER CORP", 310764), filing("SC TO-T", "Wright Medical", 1492658)]
    found = parse_index(index(*lines, lines[0]))
    assert [each.cik for each in found] == [310764, 1492658]
    assert len({each.accession for each in found}) == 1


def test_parse_index_when_a_form_is_wider_than_its_column_then_it_is_still_told_from_the_name():
    (found,) = parse_index(index(filing("SCHEDULE 14D9/A", "Wright Medical", at=17)))
    assert (found.form, found.kind, found.company) == ("SCHEDULE 14D9/A", "SC 14D9", "Wright Medical")


def test_parse_index_when_the_columns_are_wider_then_the_header_says_so():
    head = INDEX_HEAD.replace("Form Type   Company Name", "Form Type            Company Name")
    (found,) = parse_index((head + filing("SC 13E3", "3 4 5 Inc", at=21, day="2020-03-18")).encode())
    assert (found.kind, found.company, found.filed) == ("SC 13E3", "3 4 5 Inc", DAY)


def test_parse_index_when_a_name_is_not_utf8_then_it_is_read_as_it_used_to_be():
    assert parse_index(index(filing("425", "CAFE")).replace(b"CAFE", b"CAF\xc9"))[0].company == "CAFÉ"


@pytest.mark.parametrize(
    ("form", "kind"),
    [("SCHEDULE TO-T", "SC TO-T"), ("SCHEDULE 13E3/A", "SC 13E3"), ("SC TO-C", "SC TO-C"), ("PREM14A", "PREM14A")],
)
def test_kind_of_when_the_form_is_spelled_either_way_then_it_is_one_kind(form, kind):
    assert kind_of(form) == kind


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        (b"", "empty"),
        (BAN, "web page"),
        (MISSING, "header is missing"),
        (index(filing("425"))[:-40], "line 6"),
        (index(filing("425", day="20201318")), "line 6"),
        (index("something else\n"), "line 6"),
    ],
)
def test_parse_index_when_it_is_no_index_then_the_error_says_what_is_wrong(payload, words):
    with pytest.raises(MalformedError, match=words):
        parse_index(payload)


def test_recognises_when_it_is_another_file_then_no():
    assert recognises(index())
    assert not recognises(MISSING)


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        (b'{"sic": "3711", "sicDescription": "Motor Vehicles &  Passenger Car Bodies"}',
         (3711, "Motor Vehicles & Passenger Car Bodies")),
        (b'{"sic": "", "sicDescription": ""}', None),
        (b'{"sic": "0000"}', None),
        (b'{"name": "A Fund"}', None),
        (b'{"sic": "many"}', None),
    ],
)  # fmt: skip
def test_parse_industry_when_a_company_is_told_then_its_code_is_known(payload, expected):
    assert parse_industry(payload) == expected


@pytest.mark.parametrize("payload", [b"", b"[]", b"{", b'{"sic": 3711}', MISSING])
def test_parse_industry_when_it_is_no_list_of_filings_then_it_is_refused(payload):
    with pytest.raises(MalformedError):
        parse_industry(payload)


@pytest.fixture
async def sec(server, clock, monkeypatch):
    monkeypatch.setattr("tui.sources.holdings.edgar.HOSTS", {"127.0.0.1"})
    source = SecIndex(ContactHttp("me@example.org", limits=QUICK), base=server.url, data=server.url, clock=clock)
    yield source
    await source.aclose()


async def test_filings_when_asked_then_the_quarters_index_is_read_and_says_who_asks(sec, server):
    server.routes["/Archives/edgar/daily-index/2020/QTR1/form.20200318.idx"] = Answer(index(filing("425")))
    assert [each.cik for each in await sec.filings(DAY)] == [52795]
    assert server.requests[0].headers["user-agent"].endswith(" me@example.org")


@pytest.mark.parametrize("status", [403, 404])
async def test_filings_when_the_store_has_no_such_file_then_there_is_no_index_and_no_ban(sec, server, status):
    server.routes["/Archives"] = Answer(MISSING, status)
    with pytest.raises(NoDataError, match="no index for 2020-03-18"):
        await sec.filings(DAY)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Answer(BAN, 403), DeniedError),
        (Answer(BAN, 429), LimitedError),
        (Answer(b"", 500), UnreachableError),
        (Answer(b"", 301), UnreachableError),
        (Answer(BAN), MalformedError),
    ],
)
async def test_filings_when_the_sec_refuses_then_the_error_is_typed(sec, server, answer, error):
    server.routes["/Archives"] = answer
    with pytest.raises(error):
        await sec.filings(DAY)


@pytest.mark.parametrize("day", [date(2020, 3, 21), date(2020, 3, 22), date(1993, 12, 31), date(2025, 11, 3)])
async def test_filings_when_the_day_has_no_index_yet_or_ever_then_nothing_is_asked(sec, server, day):
    with pytest.raises(NoDataError):
        await sec.filings(day)
    assert server.requests == []


async def test_industry_when_asked_then_the_company_is_looked_up(sec, server):
    server.routes["/submissions/CIK0001318605.json"] = Answer(b'{"sic": "3711", "sicDescription": "Motor Vehicles"}')
    assert await sec.industry(1318605) == (3711, "Motor Vehicles")


async def test_filings_when_no_address_is_set_then_the_source_is_off(server):
    source = SecIndex(None, base=server.url, data=server.url)
    with pytest.raises(DeniedError, match="email in config.toml"):
        await source.filings(DAY)
    with pytest.raises(DeniedError):
        await source.industry(1)
    await source.aclose()
    assert server.requests == []


def test_limits_when_the_sec_is_asked_then_far_below_ten_a_second():
    assert LIMITS.per_minute / 60 <= 10
    assert LIMITS.burst <= 10
