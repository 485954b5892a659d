"""Small files in the forms of the issuers, made here."""

import io
import json
import zipfile
from xml.sax.saxutils import escape

HEADER = (
    "Ticker,Name,Sector,Asset Class,Market Value,Weight (%),Notional Value,Quantity,Price,Location,Exchange,"
    "Currency,FX Rate,Market Currency,Accrual Date"
)
PREAMBLE = (
    '\ufeffiShares Russell 2000 ETF\nFund Holdings as of,"May 13, 2025"\nInception Date,"May 22, 2000"\n'
    'Shares Outstanding,"303,600,000.00"\nStock,"-"\nBond,"-"\nCash,"-"\nOther,"-"\n\u00a0\n'
)
TAIL = '\u00a0\n"The content contained herein is owned or licensed\nby BlackRock."\nHoldings subject to change.\n'


def ishares_row(ticker, name, sector, kind, *money):
    """A row; `money` is its market value and its weight."""
    value, weight = money
    cells = [ticker, name, sector, kind, value, weight, value, "1,000.00", "1.00"]
    cells += ["United States", "NASDAQ", "USD", "1.00", "USD", "-"]
    return ",".join(f'"{cell}"' for cell in cells)


ISHARES_ROWS = [
    ishares_row("SFM", "SPROUTS", "Consumer Staples", "Equity", "6,000,000.00", "59.88"),
    ishares_row("MOGA", "MOOG INC CLASS A", "Industrials", "Equity", "3,999,500.00", "39.92"),
    ishares_row("SATS", "ECHOSTAR", "Communication", "Equity", "400.00", "0.00"),
    ishares_row("-", "OMNIAB INC $12.50 VESTING Prvt", "Health Care", "Equity", "100.00", "0.00"),
    ishares_row("USD", "USD CASH", "Cash and/or Derivatives", "Cash", "22,000.00", "0.22"),
    ishares_row("ETD_USD", "ETD USD BALANCE", "Cash and/or Derivatives", "Cash", "-2,000.00", "-0.02"),
    ishares_row("RTYM5", "RUSSELL 2000 EMINI", "Cash and/or Derivatives", "Futures", "0.00", "0.00"),
]


def ishares(rows=ISHARES_ROWS, *, header=HEADER, preamble=PREAMBLE, tail=TAIL):
    return (preamble + "\n".join([header, *rows]) + "\n" + tail).encode()


def ishares_bare(rows=ISHARES_ROWS):
    """As people save it: the byte-order mark stays, what is above and below is gone."""
    return ishares(rows, preamble="\ufeff", tail="")


SSGA_HEADER = ["Name", "Ticker", "Identifier", "SEDOL", "Weight", "Sector", "Shares Held", "Local Currency"]
SSGA_ROWS = [
    ["Apple Inc.", "AAPL", "03783310", "2046251", "60.000000", "Information Technology", "100.000", "USD"],
    ["Berkshire Hathaway Inc. Class B", "BRK.B", "08467070", "2073390", "39.500000", "Financials", "50.000", "USD"],
    ["DUMMY", "DUMMY", "-", "-", "-", "DUMMY", "-", "-"],
    ["CONTRA INHIBRX INC", "-", "457CVR017", "-", "0.250000", "-", "10.000", "USD"],
    ["U.S. Dollar", "CASH_USD", "CASH_USD", "Unassigned", "0.200000", "Unassigned", "20.500", "USD"],
    ["S&P500 EMINI FUT DEC25", "ESZ5", "-", "-", "0.050000", "-", "1.000", "USD"],
]


def without_sectors(rows):
    """As since 2025: dashes for sectors, and numbers for numbers."""
    return [[*row[:4], number(row[4]), "-", number(row[6]), row[7]] for row in rows]


def number(text):
    return text if text == "-" else float(text)


def ssga(rows=SSGA_ROWS, *, header=SSGA_HEADER, symbol="SPY", day="As of 10-Jan-2023"):
    lines = [
        ["Fund Name:", "SPDR® S&P 500® ETF Trust"],
        ["Ticker Symbol:", symbol],
        ["Holdings:", day],
        [],
        header,
        *rows,
        [],
        ["Past performance is not a reliable indicator."],
    ]
    return workbook(lines)


def ssga_csv(rows=SSGA_ROWS):
    lines = [SSGA_HEADER, *(row for row in rows if row[1] != "DUMMY")]
    return "\n".join(",".join(map(str, line)) for line in lines).encode()


def workbook(lines):
    """The smallest XLSX that a reader takes."""
    rows = "".join(
        f'<row r="{line}">' + "".join(_cell(cell, line, place) for place, cell in enumerate(cells)) + "</row>"
        for line, cells in enumerate(lines, 1)
    )
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="r1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}">'
        '<sheets><sheet name="holdings" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="r1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>',
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(
                zipfile.ZipInfo(name, (2025, 5, 13, 0, 0, 0)), f'<?xml version="1.0" encoding="UTF-8"?>{text}'
            )
    return buffer.getvalue()


def _cell(value, line, place):
    where = f"{'ABCDEFGH'[place]}{line}"
    if isinstance(value, float):
        return f'<c r="{where}"><v>{value!r}</v></c>'
    return f'<c r="{where}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'


def invesco_row(ticker, name, percent, kind, **more):
    return {
        "ticker": ticker,
        "issuerName": name,
        "percentageOfTotalNetAssets": percent,
        "securityTypeName": kind,
        **more,
    }


INVESCO_ROWS = [
    invesco_row("NVDA", "NVIDIA Corp", 60.0, "Common Stock", marketValueBase=600.0, units=6, cusip="67066G104"),
    invesco_row("ASML ", "ASML Holding NV", 39.9, "American Depository Receipt - NY", marketValueBase=399.0),
    invesco_row("USD", "CASH &amp; EQUIVALENTS", 0.1, "Currency", marketValueBase=1.0),
    invesco_row("NQZ6", "CME E-Mini NASDAQ 100 Index Future", 0.5, "Index Future"),
    invesco_row(None, "CONTRA FUTURE NASDAQ 100", -0.5, "Synthetic Cash"),
    invesco_row("USDPDV", "USD Pending Dividends", None, "Currency"),
]


def invesco(rows=INVESCO_ROWS, *, cusip="46138G649", day="2026-09-24"):
    return json.dumps({"cusip": cusip, "effectiveDate": day, "holdings": rows}).encode()


def nport_row(name, value, category, *, ticker=None, cusip="000000000", isin=None, balance="10"):
    identifiers = "".join(
        f'<{tag} value="{text}"/>' for tag, text in (("isin", isin), ("ticker", ticker)) if text is not None
    )
    kind = (
        '<assetConditional desc="other" assetCat="OTHER"/>'
        if category == "OTHER"
        else f"<assetCat>{category}</assetCat>"
    )
    return (
        f"<invstOrSec><name>{escape(name)}</name><title>{escape(name)}</title><cusip>{cusip}</cusip>"
        f"<identifiers>{identifiers}</identifiers><balance>{balance}</balance><units>NS</units><curCd>USD</curCd>"
        f"<valUSD>{value}</valUSD><pctVal>1.0</pctVal>{kind}<invCountry>US</invCountry></invstOrSec>"
    )


NPORT_ROWS = [
    nport_row("Apple Inc.", "600.00", "EC", ticker="AAPL", cusip="037833100"),
    nport_row("Moog Inc Class A", "300.00", "EC", cusip="615394202"),
    nport_row("AT&T Inc", "100.00", "EP", isin="US00206R1023"),
    nport_row("State Street Liquid Reserves", "20.00", "STIV"),
    nport_row("E-mini future", "-1.00", "DE"),
    nport_row("A bond", "50.00", "DBT", ticker="BONDX"),
    nport_row("Something", "1.00", "OTHER"),
]


def nport(rows=NPORT_ROWS, *, series="S000012345", prefix="\n"):
    return (
        f'{prefix}<?xml version="1.0" encoding="UTF-8"?><edgarSubmission xmlns="http://www.sec.gov/edgar/nport">'
        "<headerData><submissionType>NPORT-P</submissionType></headerData><formData><genInfo>"
        f"<regName>A Trust</regName><seriesName>A Fund</seriesName><seriesId>{series}</seriesId>"
        "<repPdEnd>2025-12-31</repPdEnd><repPdDate>2025-06-30</repPdDate></genInfo><fundInfo/>"
        f"<invstOrSecs>{''.join(rows)}</invstOrSecs></formData></edgarSubmission>"
    ).encode()


TOP = {
    "stockPosition": 0.5,
    "holdings": [
        {"symbol": "AAPL", "holdingName": "Apple Inc", "holdingPercent": 0.09},
        {"symbol": "BRK-B", "holdingName": "Berkshire", "holdingPercent": {"raw": 0.05, "fmt": "5.00%"}},
        {"symbol": "", "holdingName": "Something unlisted", "holdingPercent": 0.01},
        {"symbol": "MSFT", "holdingName": "Microsoft", "holdingPercent": {}},
    ],
    "sectorWeightings": [{"realestate": 0.0}, {"technology": {"raw": 0.6, "fmt": "60%"}}, {"consumer_cyclical": 0.4}],
}


def summary(top=TOP, symbol="QQQ", **more):
    result = {"topHoldings": top, "quoteType": {"symbol": symbol, "longName": "A Fund"}, **more}
    return json.dumps({"quoteSummary": {"result": [result], "error": None}}).encode()
