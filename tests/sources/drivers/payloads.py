"""Answers of the drivers' sources as they send them, made here."""

import json

CURVE = (
    b'Date,"1 Mo","1.5 Month","2 Mo","10 Yr","30 Yr","40 Yr"\n'
    b"11/20/2026,0.00,4.02,4.01,4.19,0.00,9\n"
    b"11/19/2026,4.03,,N/A,4.21,4.80,9\n"
    b"11/11/2026,,,,,,"
)
"""Newest first, with a true zero, a stand-in one, a holiday, a tenor that nobody knows, and no newline at the end."""

FRED = b"observation_date,DGS10,DGS2\n2026-01-01,,\n2026-01-02,4.19,3.47\n2026-01-05,4.17,\n"
FRED_OLD = b"DATE,DGS10\n1962-02-09,4.05\n1962-02-12,.\n1962-02-13,4.03\n"
FRED_API = json.dumps(
    {
        "realtime_start": "2026-06-02",
        "realtime_end": "2026-06-02",
        "observations": [
            {"realtime_start": "2026-06-02", "date": "2023-01-02", "value": "."},
            {"realtime_start": "2026-06-02", "date": "2023-01-03", "value": "-0.74"},
        ],
    }
).encode()
FRED_ABOUT = json.dumps(
    {"seriess": [{"id": "DGS10", "title": "Market Yield", "units": "Percent", "frequency_short": "D"}]}
).encode()

MISSING = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>'
)
BAN = b"<!DOCTYPE html><html><body>Your Request Originates from an Undeclared Automated Tool</body></html>"

INDEX_HEAD = (
    "Description:           Daily Index of EDGAR Dissemination Feed by Form Type\n"
    "Last Data Received:    Mar 18, 2020\n \n"
    "Form Type   Company Name                                                  CIK         Date Filed  File Name\n"
    "------------------------------------------------------------------------------------------------------------\n"
)


def filing(form, company="ANIXTER  INTERNATIONAL INC", cik=52795, day="20200318", number="0001140361-20-006194", at=12):
    """A line of the index, with the company in the column `at`."""
    return f"{form:<{at}}{company:<62}{cik:<12}{day}    edgar/data/{cik}/{number}.txt         \n"


def index(*lines):
    return (INDEX_HEAD + "".join(lines)).encode()


def xml(*days):
    """The feed of today's site: pairs of a day and its properties."""
    entries = "".join(
        f'<entry><content type="application/xml"><m:properties><d:Id m:type="Edm.Int32">1</d:Id>'
        f'<d:NEW_DATE m:type="Edm.DateTime">{day}T00:00:00</d:NEW_DATE>{properties}</m:properties></content></entry>'
        for day, properties in days
    )
    return (
        '<?xml version="1.0" encoding="utf-8" standalone="yes" ?>\n'
        '<feed xml:base="https://home.treasury.gov/resource-center/data-chart-center/interest-rates/pages/xml" '
        'xmlns:d="http://schemas.microsoft.com/ado/2007/08/dataservices" '
        'xmlns:m="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata" '
        f'xmlns="http://www.w3.org/2005/Atom">{entries}</feed>'
    ).encode()


def bc(name, value):
    return f'<d:BC_{name} m:type="Edm.Double">{value}</d:BC_{name}>'


def raw(value):
    return {"raw": value, "fmt": str(value)}


def figures(symbol="AAPL", **modules):
    """An answer of quoteSummary; a module of None is left out."""
    result = {
        "price": {"symbol": symbol, "currency": "USD", "quoteType": "EQUITY", "regularMarketPrice": raw(100.0)},
        "summaryDetail": {
            "marketCap": raw(2e9),
            "trailingPE": 25.0,
            "priceToSalesTrailing12Months": raw(4.0),
            "currency": "USD",
        },
        "defaultKeyStatistics": {"trailingEps": raw(4.0), "netIncomeToCommon": raw(8e7)},
        "financialData": {"totalRevenue": 5e8, "currentPrice": raw(100.0), "financialCurrency": "USD"},
        "earningsTrend": {"trend": [trend("0q"), trend("+1y", growth={}), {"period": "+5y", "growth": raw(0.1)}]},
    } | modules
    result = {name: module for name, module in result.items() if module is not None}
    return json.dumps({"quoteSummary": {"result": [result], "error": None}}).encode()


def trend(period, **more):
    return {
        "period": period,
        "endDate": "2025-09-30",
        "growth": raw(0.08),
        "earningsEstimate": {
            "avg": raw(1.77),
            "yearAgoEps": raw(0.97),
            "numberOfAnalysts": {"raw": 32, "fmt": "32"},
            "growth": raw(0.8247),
            "earningsCurrency": "USD",
        },
        "epsTrend": {"current": raw(1.77), "7daysAgo": raw(1.76), "30daysAgo": raw(1.75)},
        "epsRevisions": {
            "upLast7days": raw(6),
            "upLast30days": raw(8),
            "downLast7Days": {"raw": 0, "fmt": None},
            "downLast30days": raw(1),
            "downLast90days": {},
        },
    } | more


NOT_FOUND = (
    b'{"quoteSummary":{"result":null,"error":{"code":"Not Found","description":"Quote not found for symbol: X"}}}'
)

FUNDAMENTALS = (
    b'symbol,as_of,market_cap,sales,eps,currency\nbrk.b,2026-11-20,1000000000,"250,000,000",-1.5,USD\nAAPL,,4e12,,,\n'
)
ESTIMATES = b"symbol,period,growth,up_30d,down_30d\nAAPL,0y,12%,8,1\nAAPL,+1y,0.09,,\n"
