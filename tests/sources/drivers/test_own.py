from datetime import date

import pytest

from tests.sources.drivers.payloads import ESTIMATES, FUNDAMENTALS
from tui.sources.base import MalformedError
from tui.sources.drivers.own import (
    ESTIMATE_COLUMNS,
    FUNDAMENTAL_COLUMNS,
    parse_estimates,
    parse_fundamentals,
    recognises_estimates,
    recognises_fundamentals,
)

DAY = date(2026, 11, 21)


def test_parse_fundamentals_when_cells_are_empty_then_they_are_unknown():
    berkshire, apple = parse_fundamentals(FUNDAMENTALS, DAY, 5.0)
    assert (berkshire.symbol, berkshire.as_of, berkshire.market_cap) == ("BRK-B", date(2026, 11, 20), 1e9)
    assert (berkshire.sales, berkshire.eps, berkshire.currency, berkshire.sales_currency) == (2.5e8, -1.5, "USD", "USD")
    assert (apple.symbol, apple.as_of, apple.market_cap, apple.sales, apple.eps) == ("AAPL", DAY, 4e12, None, None)
    assert (apple.source, apple.fetched_at, apple.currency) == ("own", 5.0, None)


def test_parse_estimates_when_growth_has_a_percent_sign_then_it_is_a_fraction():
    year, following = parse_estimates(ESTIMATES, DAY, 5.0)
    assert (year.symbol, year.period, year.growth, year.up_30d, year.down_30d) == ("AAPL", "0y", 0.12, 8, 1)
    assert (following.period, following.growth, following.up_30d, following.as_of) == ("+1y", 0.09, None, DAY)


@pytest.mark.parametrize("columns", [FUNDAMENTAL_COLUMNS, ESTIMATE_COLUMNS])
def test_parse_when_every_documented_column_is_there_then_the_file_is_recognised_and_read(columns):
    cells = dict.fromkeys(columns, "1") | {
        "symbol": "AAPL",
        "period": "0q",
        "as_of": "2026-11-20",
        "ends": "",
        "currency": "USD",
    }
    payload = (",".join(columns) + "\n" + ",".join(cells[name] for name in columns) + "\n").encode()
    mine, other = (recognises_fundamentals, recognises_estimates)[:: 1 if columns is FUNDAMENTAL_COLUMNS else -1]
    assert mine(payload)
    assert not other(payload)
    (row,) = (parse_fundamentals if columns is FUNDAMENTAL_COLUMNS else parse_estimates)(payload, DAY, 0.0)
    assert row.as_of == date(2026, 11, 20)


def test_recognises_when_it_holds_bars_then_it_is_neither():
    for payload in (b"symbol,date,close\n", b"date,close\n", b"", b"\xff\xfe", b"symbol,weight\n"):
        assert not recognises_fundamentals(payload)
        assert not recognises_estimates(payload)


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        (b"symbol,marketcap,sales\nAAPL,1,2\n", "line 1: 'marketcap' is no column of this file: expected symbol,as_of"),
        (b"ticker,sales\nAAPL,1\n", "line 1: no column symbol: expected symbol"),
        (b"symbol,sales,Sales\nAAPL,1,2\n", "line 1: 'Sales' is twice there"),
        (b"symbol,currency\nAAPL,USD\n", "no column of figures"),
        (b"symbol,sales\nAAPL,much\n", "line 2: sales 'much' in your fundamentals: expected a number"),
        (b"symbol,sales\nRTYM6,1\n", "line 2: symbol 'RTYM6'"),
        (b"symbol,as_of,sales\nAAPL,yesterday,1\n", "line 2: as_of 'yesterday'"),
        (b"symbol,sales\nAAPL\n", "line 2 has 1 cells"),
        (b"symbol,sales\n", "no rows"),
    ],
)
def test_parse_fundamentals_when_a_cell_is_wrong_then_line_and_expectation_are_told(payload, words):
    with pytest.raises(MalformedError) as caught:
        parse_fundamentals(payload, DAY, 0.0)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        (b"symbol,growth\nAAPL,1\n", "line 1: no column period"),
        (
            b"symbol,period,growth\nAAPL,2026,1\n",
            "line 2: period '2026' in your estimates: expected one of 0q +1q 0y +1y",
        ),
        (b"symbol,period,up_7d\nAAPL,0q,1.5\n", "line 2: up_7d '1.5' in your estimates: expected a count"),
        (b"symbol,period,up_7d\nAAPL,0q,-1\n", "line 2: up_7d '-1'"),
        (b"symbol,period,ends,growth\nAAPL,0q,soon,1\n", "line 2: ends 'soon'"),
    ],
)
def test_parse_estimates_when_a_cell_is_wrong_then_line_and_expectation_are_told(payload, words):
    with pytest.raises(MalformedError) as caught:
        parse_estimates(payload, DAY, 0.0)
    assert words in str(caught.value)
