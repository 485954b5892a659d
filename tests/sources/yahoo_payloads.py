"""Small answers in the shapes that Yahoo sends, made here; the real ones are recordings."""

import json

NOW = 1_761_755_820.0  # 2025-10-29 12:37 in New York
OPENED = 1_761_744_600  # 09:30
CLOSES = OPENED + 23_400
DAY = 86_400
REGULAR = {"regular": {"start": OPENED, "end": CLOSES, "timezone": "EDT", "gmtoffset": -14400}}


def chart(rows, *, symbol="SPY", granularity="1d", adjusted=True, events=None, **meta):
    """A v8 chart of rows (time, open, high, low, close, volume)."""
    columns = list(zip(*rows, strict=True)) or [[]] * 6
    quote = dict(zip(("open", "high", "low", "close", "volume"), columns[1:], strict=True))
    result = {
        "meta": {
            "symbol": symbol,
            "currency": "USD",
            "instrumentType": "ETF",
            "exchangeTimezoneName": "America/New_York",
            "dataGranularity": granularity,
            "currentTradingPeriod": REGULAR,
            **meta,
        },
        "timestamp": columns[0],
        "indicators": {"quote": [quote], "adjclose": [{"adjclose": columns[4]}] if adjusted else None},
        **({"events": events} if events else {}),
    }
    return json.dumps({"chart": {"result": [result], "error": None}}).encode()


def answer(record, wrapper="quoteResponse"):
    return json.dumps({wrapper: {"result": record if isinstance(record, list) else [record], "error": None}}).encode()


def record(**fields):
    return {
        "symbol": "SPY",
        "quoteType": "ETF",
        "currency": "USD",
        "exchangeTimezoneName": "America/New_York",
        "exchangeDataDelayedBy": 0,
        "marketState": "REGULAR",
        "regularMarketTime": NOW - 60,
        "regularMarketPrice": 101.5,
        "regularMarketPreviousClose": 100.0,
        "regularMarketVolume": 1000,
        **fields,
    }


def spark(meta=None, symbol="SPY", **item):
    inner = {
        "symbol": symbol,
        "currency": "USD",
        "instrumentType": "ETF",
        "exchangeTimezoneName": "America/New_York",
        "regularMarketTime": NOW - 60,
        "regularMarketPrice": 101.5,
        "previousClose": 100.0,
        "regularMarketVolume": 1000,
        "currentTradingPeriod": REGULAR,
        **(meta or {}),
    }
    return {"symbol": symbol, "response": [{"meta": inner, "indicators": {"quote": [{"close": [1]}]}}], **item}


def fault(code, description="words of theirs", wrapper="chart"):
    return json.dumps({wrapper: {"result": None, "error": {"code": code, "description": description}}}).encode()


def minutes(*places, volume=10):
    return [(OPENED + 300 * place, 1, 2, 0.5, 1.5, volume) for place in places]
