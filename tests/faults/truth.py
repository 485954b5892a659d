"""A market of which everything is known: what each source would rightly say of it at any moment."""

import json
from datetime import UTC, date, datetime, timedelta

from tests.sources.chain_kit import local
from tests.sources.ws_server import pricing
from tui.sessions import previous_session

OPENED = 1_761_744_600.0  # 2025-10-29 09:30 in New York
CLOSES = OPENED + 23_400
START = OPENED + 1800
SESSION = date(2025, 10, 29)
REGULAR = {"regular": {"start": int(OPENED), "end": int(CLOSES), "timezone": "EDT", "gmtoffset": -14400}}
LATE = 900

BASES = {"SPY": 680.0, "IWM": 245.0, "QQQ": 630.0, "BRK-B": 490.0, "^RUT": 2480.0, "HSBA.L": 1050.0}
SYMBOLS = ("SPY", "IWM", "QQQ", "BRK-B", "^RUT")
_CBOE = {"BRK.B": "BRK-B", "_RUT": "^RUT"}


def wire(symbol: str, at: float) -> float:
    """The price as the exchange writes it: a hundredth more every quarter of a minute."""
    return round(BASES[symbol] + 0.01 * ((at - OPENED) // 15), 2)


def price(symbol: str, at: float) -> float:
    """The price that is true: London's pence are pounds."""
    return round(wire(symbol, at) / 100, 8) if symbol.endswith(".L") else wire(symbol, at)


def volume(at: float) -> int:
    return int(100 * (at - OPENED))


def quote(symbol: str, now: float) -> dict[str, object]:
    """A record of v7 quote."""
    return {
        "symbol": symbol,
        "quoteType": "INDEX" if symbol.startswith("^") else "ETF",
        "currency": "GBp" if symbol.endswith(".L") else "USD",
        "exchangeTimezoneName": "Europe/London" if symbol.endswith(".L") else "America/New_York",
        "exchangeDataDelayedBy": 0,
        "marketState": "REGULAR",
        "regularMarketTime": int(now),
        "regularMarketPrice": wire(symbol, int(now)),
        "regularMarketPreviousClose": BASES[symbol],
        "regularMarketVolume": volume(now),
        "longName": f"Name of {symbol}",
    }


def spark(symbol: str, now: float) -> dict[str, object]:
    """An item of v7 spark."""
    told = quote(symbol, now)
    meta = {
        "symbol": symbol,
        "currency": told["currency"],
        "instrumentType": told["quoteType"],
        "exchangeTimezoneName": told["exchangeTimezoneName"],
        "regularMarketTime": told["regularMarketTime"],
        "regularMarketPrice": told["regularMarketPrice"],
        "previousClose": BASES[symbol],
        "regularMarketVolume": told["regularMarketVolume"],
        "currentTradingPeriod": REGULAR,
    }
    return {"symbol": symbol, "response": [{"meta": meta, "indicators": {"quote": [{"close": [1]}]}}]}


def wrapped(records: object, wrapper: str) -> bytes:
    return json.dumps({wrapper: {"result": records, "error": None}}).encode()


def cboe(code: str, now: float) -> dict[str, object]:
    """Cboe's quote, a quarter of an hour late."""
    symbol = _CBOE.get(code, code)
    made = int(now) - LATE
    told = wire(symbol, made)
    data = {
        "symbol": code.lstrip("_") if not code.startswith("_") else f"^{code[1:]}",
        "current_price": told,
        "close": told,
        "prev_day_close": told,
        "volume": volume(made),
        "last_trade_time": local(made),
    }
    return {"timestamp": "2025-10-29 16:37:00", "data": data, "symbol": code}


def frame(symbol: str, now: float, version: int = 2, **fields: object) -> str:
    """A frame of the stream."""
    at = int(now)
    return pricing(
        symbol,
        fields.pop("price", wire(symbol, at)),
        fields.pop("at", at),
        volume=volume(at),
        version=version,
        **fields,
    )


def chart(symbol: str, now: float) -> dict[str, object]:
    """A v8 chart of the thirty sessions before this one."""
    days = [previous_session(SESSION)]
    while len(days) < 30:
        days.insert(0, previous_session(days[0]))
    times = [int(datetime(day.year, day.month, day.day, 14, 30, tzinfo=UTC).timestamp()) for day in days]
    closes = [BASES[symbol]] * len(days)
    columns = dict.fromkeys(("open", "high", "low", "close"), closes) | {"volume": [1000] * len(days)}
    meta = {
        "symbol": symbol,
        "currency": "USD",
        "instrumentType": "ETF",
        "exchangeTimezoneName": "America/New_York",
        "dataGranularity": "1d",
        "currentTradingPeriod": REGULAR,
    }
    return {"meta": meta, "timestamp": times, "indicators": {"quote": [columns], "adjclose": [{"adjclose": closes}]}}


def past(code: str) -> dict[str, object]:
    """Cboe's history of the same sessions."""
    symbol = _CBOE.get(code, code)
    days, rows = SESSION - timedelta(days=45), []
    while days < SESSION:
        if days.weekday() < 5:
            told = BASES[symbol]
            rows.append(
                {"date": days.isoformat(), "open": told, "high": told, "low": told, "close": told, "volume": "1000"}
            )
        days += timedelta(days=1)
    return {"symbol": code, "data": rows}
