from datetime import date

import pytest

from tests.sources.drivers.payloads import FRED, FRED_API, FRED_OLD
from tests.sources.server import QUICK, Answer
from tui.model_drivers import Frequency
from tui.sources.base import LimitedError, MalformedError, NoDataError, UnknownSymbolError, UnreachableError
from tui.sources.drivers.fred import Fred, parse_fredgraph, parse_observations
from tui.sources.http import Http


def test_parse_fredgraph_when_there_are_several_columns_then_each_has_its_own_days():
    ten, two = parse_fredgraph(FRED, 5.0)
    assert (ten.id, ten.dates, ten.values) == ("DGS10", [date(2026, 1, 2), date(2026, 1, 5)], [4.19, 4.17])
    assert (two.id, two.dates, two.values) == ("DGS2", [date(2026, 1, 2)], [3.47])
    assert (ten.title, ten.unit, ten.frequency) == ("10-year Treasury yield", "percent", Frequency.DAILY)
    assert (ten.source, ten.fetched_at) == ("fred", 5.0)


def test_parse_fredgraph_when_it_is_the_old_form_then_a_dot_is_missing():
    (ten,) = parse_fredgraph(FRED_OLD, 0.0)
    assert (ten.dates, ten.values) == ([date(1962, 2, 9), date(1962, 2, 13)], [4.05, 4.03])


def test_parse_fredgraph_when_the_catalogue_has_no_such_series_then_the_frequency_is_seen():
    (found,) = parse_fredgraph(b"observation_date,NEWORDER\n2026-01-01,1\n2026-02-01,2\n2026-03-01,-3\n", 0.0)
    assert (found.title, found.frequency, found.values) == (None, Frequency.MONTHLY, [1.0, 2.0, -3.0])


def test_parse_fredgraph_when_a_column_has_no_observation_then_it_is_left_out():
    assert parse_fredgraph(b"observation_date,DGS10\n2026-01-01,\n", 0.0) == []


def test_parse_observations_when_a_value_is_a_dot_then_it_is_missing():
    found = parse_observations(FRED_API, "T10Y3M", 5.0)
    assert (found.id, found.dates, found.values) == ("T10Y3M", [date(2023, 1, 3)], [-0.74])


def test_parse_observations_when_there_is_none_then_there_is_no_data():
    with pytest.raises(NoDataError):
        parse_observations(b'{"observations": []}', "DGS10", 0.0)


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        (b"", "empty"),
        (b"<!DOCTYPE html><html>504</html>", "web page"),
        (b"observation_date,DGS10\n2026-01-02\n", "line 2"),
        (b"observation_date,DGS10\n2026-1-2,4\n", "line 2"),
        (b"observation_date,DGS10\n2026-02-30,4\n", "line 2"),
        (b"observation_date,DGS10\n2026-01-02,4.1.9\n", "line 2"),
        (b"observation_date,DGS10\n2026-01-02,inf\n", "line 2"),
        (b"observation_date\n2026-01-02\n", "line 1"),
        (b"observation_date,DGS10,DGS10\n2026-01-02,1,2\n", "twice"),
        (b"date,some words\n", "line 1"),
    ],
)
def test_parse_fredgraph_when_it_is_not_freds_then_the_error_says_what_is_wrong(payload, words):
    with pytest.raises(MalformedError, match=words):
        parse_fredgraph(payload, 0.0)


@pytest.mark.parametrize("payload", [b"[]", b"{}", b'{"observations": [{"date": 1}]}', b"{", b"\xff", b"<html>"])
def test_parse_observations_when_it_is_no_answer_of_the_api_then_it_is_refused(payload):
    with pytest.raises(MalformedError):
        parse_observations(payload, "DGS10", 0.0)


@pytest.fixture
async def fred(server, clock):
    source = Fred(Http("FRED", limits=QUICK, clock=clock), base=server.url, clock=clock)
    yield source
    await source.aclose()


async def test_series_when_asked_since_a_day_then_the_query_says_so(fred, server, clock):
    server.routes["/graph/fredgraph.csv"] = Answer(FRED)
    found = await fred.series("DGS10", date(2026, 1, 1))
    assert (found.values, found.fetched_at) == ([4.19, 4.17], clock.now)
    assert server.requests[0].query == {"id": "DGS10", "cosd": "2026-01-01"}
    assert (await fred.series("DGS10")).values == [4.19, 4.17]
    assert server.requests[1].query == {"id": "DGS10"}


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Answer(b"<html>Gateway Time-out</html>", 504), UnreachableError),
        (Answer(b"<html>no such series</html>", 404), UnknownSymbolError),
        (Answer(b"<html>bad</html>", 400), UnknownSymbolError),
        (Answer(b"", 429), LimitedError),
        (Answer(b"<!doctype html><html></html>", 200), MalformedError),
        (Answer(b"observation_date,DGS10\n", 200), NoDataError),
        (Answer(b"observation_date,DGS2\n2026-01-02,4\n", 200), NoDataError),
    ],
)
async def test_series_when_fred_is_in_trouble_then_the_error_is_typed(fred, server, answer, error):
    server.routes["/graph"] = answer
    with pytest.raises(error):
        await fred.series("DGS10")


async def test_series_when_the_name_cannot_be_one_then_nothing_is_asked(fred, server):
    with pytest.raises(UnknownSymbolError):
        await fred.series("dgs10&x=1")
    assert server.requests == []
