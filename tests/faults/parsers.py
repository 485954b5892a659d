"""Every parser of what comes from outside, with payloads of its own and the figures that it reads of them."""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from tests.faults import truth
from tests.sources.chain_kit import cboe as cboe_quote
from tests.sources.chain_kit import snapshots, zulu
from tests.sources.drivers.payloads import CURVE, FRED, FRED_API, bc, figures, filing, index, xml
from tests.sources.holdings.payloads import invesco, ishares, nport, ssga_csv, summary
from tests.sources.server import recorded
from tests.sources.yahoo_payloads import NOW, OPENED, answer, chart, minutes, record, spark
from tests.store.test_dialects import OURS, YAHOO
from tui.model import Fund, Instrument, Quote
from tui.sources import alpaca, cboe, finnhub, tiingo, yahoo_parse, yahoo_pricing, yahoo_quotes
from tui.sources.drivers import earnings, fred, fundamentals, sec_index, treasury
from tui.sources.holdings import invesco as invesco_file
from tui.sources.holdings import ishares as ishares_file
from tui.sources.holdings import nport as nport_file
from tui.sources.holdings import ssga as ssga_file
from tui.sources.holdings import yahoo_top
from tui.store.dialects import Hints, parse_csv

Facts = Mapping[tuple[object, ...], object]
"""Figures by whose they are and of when."""

DAY = date(2025, 5, 13)
LATER = datetime(2026, 11, 1, tzinfo=UTC).timestamp()


@dataclass(frozen=True)
class Case:
    """A parser with a payload."""

    name: str
    payload: bytes
    facts: Callable[[bytes], Facts]
    labels: tuple[bytes, ...] = ()
    """What says whose a figure is, or in which unit: to spoil it is to lie, which nobody can see."""
    kind: str = "json"
    """`json`, `text` or `bytes`: how it may be spoiled besides byte by byte."""
    loose: tuple[str, ...] = ()
    """First words of keys whose figures follow from several numbers."""
    hundredths: bool = False
    """Whether some of its prices are told in hundredths."""
    cost: int = 1
    """How many times as dear as others it is to read; in the quick tests it is read so many times less."""
    derived: bool = False
    """Whether figures are worked out, so that none of them needs to stand in the payload."""


def quotes(found: list[Quote]) -> Facts:
    return {("price", quote.symbol): quote.price for quote in found if quote.price is not None}


def _daily(bars: Any) -> Facts:
    closes = zip(bars.dates, bars.close, strict=True)
    return {("close", bars.symbol, day): close for day, close in closes if close is not None}


def _intraday(sessions: Any) -> Facts:
    return {("close", bar.time): bar.close for bars in sessions.values() for bar in bars if bar.close is not None}


def _series(found: Any) -> Facts:
    return {
        ("value", each.id, day): value for each in found for day, value in zip(each.dates, each.values, strict=True)
    }


def _fund(fund: Fund) -> Facts:
    positions = {("value", each.name): each.market_value for each in fund.holdings if each.market_value is not None}
    return positions | {("weight", each.name): each.weight for each in fund.holdings}


def _values(fund: Fund) -> Facts:
    """Market values alone: whose class is not told counts to no whole, so that weights are of another one."""
    return {key: value for key, value in _fund(fund).items() if key[0] == "value"}


def _top(fund: Fund) -> Facts:
    """Its symbol alone: all weights are of a part, which may be missing, or told twice."""
    return {("fund", fund.symbol): fund.source}


def _filings(found: Any) -> Facts:
    return {(each.accession, each.cik): (each.form, each.filed) for each in found}


def _frame(payload: bytes) -> Facts:
    told = yahoo_pricing.parse_frame(payload)
    known = {"SPY": Instrument(symbol="SPY")}
    quote = told and yahoo_pricing.quote_of(told, {}, known, NOW)
    return quotes([quote]) if quote else {}


def _message(payload: bytes) -> Facts:
    return _frame(base64.b64encode(payload))


def _import(payload: bytes) -> Facts:
    parsed = parse_csv(payload, Hints(stem="SPY"))
    facts: dict[tuple[object, ...], object] = dict(_series(parsed.series))
    if parsed.daily is not None:
        facts |= {
            ("close", symbol, day): close
            for symbol, day, close in parsed.daily.select("symbol", "date", "close").iter_rows()
            if close is not None
        }
    return facts


def _one(found: Any, *names: str) -> Facts:
    return {(name, found.symbol): value for name in names if (value := getattr(found, name)) is not None}


_ROWS = [(OPENED - 86_400 * n, 100 + n, 103 + n, 99.5 + n, 101.25 + n, 1000 + n) for n in range(9, 0, -1)]
_PENCE = {"symbol": "HSBA.L", "currency": "GBp", "exchangeTimezoneName": "Europe/London", "quoteType": "EQUITY"}
_SYMBOLS = (b"SPY", b"IWM", b"QQQ", b"HSBA.L", b"USD", b"GBp", b"FUTURE")


def _quoted(wrapper: str) -> bytes:
    make: Any = record if wrapper == "quoteResponse" else spark
    told = [
        {"symbol": "SPY", "regularMarketPrice": 681.23, "regularMarketPreviousClose": 680.01, "previousClose": 680.01},
        {"symbol": "IWM", "regularMarketPrice": 245.67, "regularMarketPreviousClose": 244.5, "previousClose": 244.5},
        {**_PENCE, "regularMarketPrice": 1051.4, "regularMarketPreviousClose": 1049.8, "previousClose": 1049.8},
    ]
    if wrapper == "quoteResponse":
        return answer([make(**each) for each in told], wrapper)
    return answer([make(each, each["symbol"]) for each in told], wrapper)


_CBOE_PAST = json.dumps(
    {"symbol": "SPY", "data": [{"date": f"2025-10-{n:02}", "open": 670 + n, "close": f"{671.5 + n}", "volume": "1000"} for n in (20, 21, 22, 23, 24)]}
).encode()  # fmt: skip
_IEX = json.dumps(
    [{"ticker": name, "tngoLast": price, "prevClose": price - 1.5, "timestamp": zulu(NOW - 30)} for name, price in (("SPY", 681.23), ("IWM", 245.67))]
).encode()  # fmt: skip
_TIINGO = json.dumps(
    [{"date": f"2025-10-{n:02}T00:00:00.000Z", "close": 4 * (671.5 + n) if n < 22 else 671.5 + n, "open": 1.5, "divCash": 0.0, "splitFactor": 4.0 if n == 22 else 1.0, "volume": 5} for n in (20, 21, 22, 23)]
).encode()  # fmt: skip
_FINNHUB = json.dumps({"c": 681.23, "h": 683.1, "l": 679.7, "o": 680.5, "pc": 680.01, "t": int(NOW - 30)}).encode()
_PAGE = json.dumps(
    {"bars": {"SPY": [{"t": f"2025-10-{n:02}T04:00:00Z", "o": 670.5, "h": 680.25, "l": 660.75, "c": 671.5 + n, "v": 5} for n in (20, 21, 22)]}, "next_page_token": None}
).encode()  # fmt: skip


def _page(payload: bytes) -> Facts:
    told = alpaca.parse_page(payload)
    return {
        ("bar", name, bar.t): bar.c
        for name, bars in (told.bars or {}).items()
        for bar in bars
        if isinstance(bar.c, float)
    }


CASES = (
    Case("yahoo chart, daily", chart(_ROWS), lambda b: _daily(yahoo_parse.parse_chart_daily(b, "SPY", NOW)), _SYMBOLS),
    Case("yahoo chart, pence", chart(_ROWS, symbol="HSBA.L", currency="GBp", exchangeTimezoneName="Europe/London"),
         lambda b: _daily(yahoo_parse.parse_chart_daily(b, "HSBA.L", NOW)), _SYMBOLS, hundredths=True),
    Case("yahoo chart, intraday", chart(minutes(0, 1, 2, 5), granularity="5m", adjusted=False),
         lambda b: _intraday(yahoo_parse.parse_chart_intraday(b, "SPY")), _SYMBOLS),
    Case("yahoo quote", _quoted("quoteResponse"), lambda b: quotes(yahoo_quotes.parse_quote(b, NOW).quotes), _SYMBOLS, hundredths=True),
    Case("yahoo spark", _quoted("spark"), lambda b: quotes(yahoo_quotes.parse_spark(b, NOW).quotes), _SYMBOLS, hundredths=True),
    Case("yahoo stream, v2", truth.frame("SPY", NOW - 5).encode(), _frame, (truth.frame("SPY", NOW - 5, version=1).encode(),)),
    Case("yahoo stream, message", base64.b64decode(truth.frame("SPY", NOW - 5, version=1)), _message, kind="bytes"),
    Case("yahoo quoteSummary, figures", figures(), lambda b: _one(fundamentals.parse_fundamental(b, "AAPL", DAY, 0.0), "price", "eps"), (b"AAPL", b"USD")),
    Case("yahoo quoteSummary, estimates", figures(),
         lambda b: {("average", each.symbol, each.period): each.average for each in earnings.parse_estimates(b, "AAPL", DAY, 0.0) if each.average is not None}, (b"AAPL", b"USD")),
    Case("yahoo quoteSummary, holdings", summary(), lambda b: _top(yahoo_top.parse_top_holdings(b, "QQQ", DAY)), (b"QQQ",), loose=("weight",)),
    Case("cboe quote", cboe_quote("SPY", 681.23, made=NOW - 900), lambda b: quotes([cboe.parse_quote(b, "SPY", NOW)]), _SYMBOLS),
    Case("cboe history", _CBOE_PAST, lambda b: _daily(cboe.parse_history(b, "SPY", NOW)), _SYMBOLS),
    Case("alpaca snapshots", snapshots(SPY=(681.23, NOW - 5), IWM=(245.67, NOW - 7)), lambda b: quotes(alpaca.parse_snapshots(b, NOW).quotes), _SYMBOLS),
    Case("alpaca bars", _PAGE, _page, _SYMBOLS),
    Case("tiingo iex", _IEX, lambda b: quotes(tiingo.parse_iex(b, NOW).quotes), _SYMBOLS),
    Case("tiingo daily", _TIINGO, lambda b: _daily(tiingo.parse_daily(b, "SPY", LATER)), derived=True),
    Case("finnhub quote", _FINNHUB, lambda b: quotes([q] if (q := finnhub.parse_quote(b, "SPY", NOW)) else [])),
    Case("treasury csv", CURVE, lambda b: _series(treasury.parse_curve(b, 0.0)), kind="text"),
    Case("treasury xml", xml(("2026-11-20", bc("1MONTH", "4.03") + bc("10YEAR", "4.19")), ("2026-11-19", bc("30YEAR", "4.8"))),
         lambda b: _series(treasury.parse_curve(b, 0.0)), kind="text"),
    Case("fred csv", FRED, lambda b: _series(fred.parse_fredgraph(b, 0.0)), kind="text"),
    Case("fred api", FRED_API, lambda b: _series([fred.parse_observations(b, "T10Y3M", 0.0)])),
    Case("sec index", index(filing("425"), filing("10-K"), filing("SC TO-T/A", number="0001140361-20-006199")), lambda b: _filings(sec_index.parse_index(b)), (b"425", b"SC TO-T/A"), kind="text"),
    Case("ishares csv", ishares(), lambda b: _fund(ishares_file.parse_ishares(b, "IWM", DAY)), (b"Equity",), kind="text", loose=("weight",)),
    Case("invesco json", invesco(), lambda b: _values(invesco_file.parse_invesco(b, "QQQM", DAY)), loose=("weight",)),
    Case("ssga csv", ssga_csv(), lambda b: _fund(ssga_file.parse_ssga(b, "XBI", DAY)), kind="text", loose=("weight",)),
    Case("n-port xml", nport(), lambda b: _values(nport_file.parse_nport(b, "ABC", DAY)), kind="text", loose=("weight",)),
    Case("import, daily", OURS.encode(), _import, (OURS.encode().split(b"\n")[0],), kind="text", cost=4),
    Case("import, yahoo's csv", YAHOO.encode(), _import, (YAHOO.encode().split(b"\r\n")[0],), kind="text", cost=4),
)  # fmt: skip


_RECORDED: tuple[tuple[str, str, Callable[[bytes], Facts]], ...] = (
    ("chart", "yahoo/chart/yf2_chart-AAPL-2020-08-31-to-2020-11-07.json", lambda b: _daily(yahoo_parse.parse_chart_daily(b, "AAPL", LATER))),
    ("chart with nulls", "yahoo/chart/pricehist_inrx-with-null.json", lambda b: _daily(yahoo_parse.parse_chart_daily(b, "INR=X", LATER))),
    ("quotes", "yahoo/quote/pageQQQ_quote_v7_SPY_VOO_DIA_IWM_AMD.json", lambda b: quotes(yahoo_quotes.parse_quote(b, LATER).quotes)),
    ("quotes of five exchanges", "yahoo/quote/pageAAPL_quote_v7_GPRO_1810.HK_005930.KS_SONY_5371.TWO_249.json", lambda b: quotes(yahoo_quotes.parse_quote(b, LATER).quotes)),
    ("quote in pence", "yahoo/quote/yf2_quote-OCDO.L.json", lambda b: quotes(yahoo_quotes.parse_quote(b, LATER).quotes)),
    ("spark", "yahoo/spark/pageQQQ_spark_v7_QQQ.json", lambda b: quotes(yahoo_quotes.parse_spark(b, LATER).quotes)),
    ("spark, flat", "yahoo/spark/omarchy_spark_v8_4symbols_5m.json", lambda b: quotes(yahoo_quotes.parse_spark(b, LATER).quotes)),
    ("cboe", "cboe/quotes_AAPL.json", lambda b: quotes([cboe.parse_quote(b, "AAPL", LATER)])),
    ("tiingo", "tiingo/ticker_price_with_date_0.json", lambda b: _daily(tiingo.parse_daily(b, "GOOGL", LATER))),
    ("treasury", "treasury/daily-treasury-rates_2023.csv", lambda b: _series(treasury.parse_curve(b, 0.0))),
    ("fred", "fred/macrocharts_GDPC1_2026-07.csv", lambda b: _series(fred.parse_fredgraph(b, 0.0))),
)  # fmt: skip


def recordings(shared: Path) -> list[Case]:
    """The same parsers over small recordings of the real services."""
    found = []
    for name, path, facts in _RECORDED:
        body = recorded(shared / "recordings" / path).body
        kind = "json" if path.endswith(".json") else "text"
        found.append(Case(f"recorded {name}", body, facts, kind=kind, loose=("weight",), hundredths=True))
    return found
