"""One spelling for each symbol, Yahoo's (`BRK-B`), out of the many that issuers and vendors use. Pure.

The same share is `BRK.B` to SSGA and S&P, `BRKB` to iShares, `BRK/B` to Nasdaq and `BRK-B` to Yahoo and the SEC.
"""

import re

_CLASS_SHARES = (
    "AGM-A AKO-A AKO-B BF-A BF-B BH-A BIO-B BRK-A BRK-B CRD-A CRD-B CWEN-A EBR-B GEF-B GTN-A HEI-A HVT-A LEN-B LGF-A "
    "LGF-B MKC-V MOG-A MOG-B PBR-A TAP-A UHAL-B WSO-B"
)
_EXCHANGES = (
    "AS AT AX BC BD BE BK BO BR CN CO CR DE DU EX F HA HE HK HM IC IL IR IS JK JO KL KQ KS L LS MC MI MU MX NE NS NZ OL "
    "PA PR PS QA RG SA SG SI SN SR SS ST SW SZ T TA TI TL TO TW TWO V VI VN VS XC"
)

CLASS_SHARES = tuple(_CLASS_SHARES.split())
"""Share classes that exchanges write with a separator and iShares without. A class that its exchange writes without one
(`RUSHA`, `CENTA`) is none of them, so no rule about the last letter can stand in for the list."""

EXCHANGES = frozenset(_EXCHANGES.split())
"""Yahoo's suffixes of exchanges outside the United States (`HSBA.L`)."""

_INDICES = frozenset(
    ["^GSPC", "^RUT", "^IXIC", "^DJI", "^NDX", "^VIX", "^RUA", "^RUI", "^MID", "^SP600", "^OEX", "^NYA", "^XAX"]
)
"""Indices of shares that trade in New York; a yield (`^TNX`) has days off of its own."""
_LISTED = re.compile(r"[A-Z]{1,5}(?:-[A-Z]{1,2})?")

_GLUED = {symbol.replace("-", ""): symbol for symbol in CLASS_SHARES} | {"MKC.V": "MKC-V"}
_PLAIN = re.compile(r"[A-Z]{1,5}")
_CLASSED = re.compile(r"([A-Z]{1,5})[./ -]([ABCDEKV])")
_PREFERRED = re.compile(r"([A-Z]{1,5})(?:\^|\$|-P| PR ?|\.PR\.?|/PR/?|-PR-?)([A-Z]?)")
_PREFERRED_SMALL = re.compile(r"([A-Z]{1,5})p([A-Z])")
_WARRANT = re.compile(r"([A-Z]{1,5})[./ -](?:WS|WT)")
_UNIT = re.compile(r"([A-Z]{1,5})[./-](?:U|UN)")
_FOREIGN = re.compile(r"[A-Z0-9]{1,12}(?:-[A-Z])?\.([A-Z]{1,3})")
_INDEX = re.compile(r"\^[A-Z0-9][A-Z0-9.]{0,14}")
_BLOOMBERG = re.compile(r" U[SNWQARPV](?: EQUITY)?$")
_CUSIP = re.compile(r"[0-9]{3}[A-Z0-9]{5}[0-9]|[A-Z][0-9]{2}[A-Z0-9]{5}[0-9]")
_SHORT_CUSIP = re.compile(r"[0-9A-Z][0-9]{2}[A-Z0-9]{5}")
_ISIN = re.compile(r"[A-Z]{2}[A-Z0-9]{9}[0-9]")


def canonical(ticker: str | None) -> str | None:
    """The symbol of a share in Yahoo's spelling; None for what names none: `-`, futures (`RTYM6`), escrows (`P5N994`)."""
    raw = " ".join((ticker or "").split())
    if small := _PREFERRED_SMALL.fullmatch(raw):
        return f"{small[1]}-P{small[2]}"
    text = _BLOOMBERG.sub("", raw.upper())
    if text in _GLUED:
        return _GLUED[text]
    if _PLAIN.fullmatch(text) or _INDEX.fullmatch(text):
        return text
    if (foreign := _FOREIGN.fullmatch(text)) and foreign[1] in EXCHANGES:
        return text
    for pattern, spelling in (
        (_CLASSED, "{}-{}"),
        (_PREFERRED, "{}-P{}"),
        (_WARRANT, "{}-WT"),
        (_UNIT, "{}-UN"),
    ):
        if found := pattern.fullmatch(text):
            return spelling.format(*found.groups())
    return None


def trades_in_new_york(symbol: str) -> bool:
    """Whether a symbol, in Yahoo's spelling, has the sessions of the New York exchanges and no others."""
    return symbol in _INDICES or _LISTED.fullmatch(symbol) is not None


def cusip(text: str | None) -> str | None:
    """A CUSIP of nine characters; the check digit is added to eight, and None is the answer when it is wrong."""
    code = (text or "").strip().upper()
    if _SHORT_CUSIP.fullmatch(code):
        return f"{code}{_check_digit(code)}"
    return code if _CUSIP.fullmatch(code) and int(code[8]) == _check_digit(code[:8]) else None


def isin(text: str | None) -> str | None:
    """An ISIN of twelve characters, or None."""
    code = (text or "").strip().upper()
    return code if _ISIN.fullmatch(code) else None


def cusip_of_isin(code: str | None) -> str | None:
    """The CUSIP inside a US or Canadian ISIN."""
    return cusip(code[2:11]) if code and code[:2] in {"US", "CA"} else None


def _check_digit(code: str) -> int:
    """The ninth digit of a CUSIP: every second value doubled, their digits summed."""
    total = 0
    for place, sign in enumerate(code):
        value = int(sign, 36) * (1 + place % 2)
        total += value // 10 + value % 10
    return -total % 10
