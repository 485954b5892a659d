"""Mergers counted from filings: by form, by week and by sector, one deal once.

Frames hold one row per filing and company: `accession`, `cik`, `kind` (the form without its amendments' mark), `filed`,
and `sic` (the company's industry; null where unknown). A filing of several companies has a row for each.

A deal is a run of filings about one target with at most 60 days between one and the next: it makes dozens. The index of
the SEC does not say who buys whom. Of several companies the target is the one that also files what only a target files;
else the one that registered last, since who buys is mostly the older company.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

import polars as pl
from msgspec import Struct

APART_DAYS = 60
"""A filing opens a new deal when its target has filed nothing for more days than this."""

OTHER, UNKNOWN = "Other", "Not asked yet"
"""A sector that is none of those below, and a company whose industry nobody was asked for."""

SECTORS: tuple[tuple[int, int, str], ...] = (
    (1311, 1311, "Oil and gas"),
    (1381, 1389, "Oil and gas"),
    (2911, 2911, "Oil and gas"),
    (2833, 2836, "Drugs and biotech"),
    (8731, 8731, "Drugs and biotech"),
    (3840, 3851, "Medical devices"),
    (8000, 8099, "Health services"),
    (3570, 3579, "Hardware and semiconductors"),
    (3660, 3679, "Hardware and semiconductors"),
    (7370, 7379, "Software and services"),
    (6020, 6099, "Banks"),
    (6300, 6411, "Insurance"),
    (6500, 6599, "Real estate"),
    (6798, 6798, "Real estate"),
    (6770, 6770, "Blank checks"),
    (6000, 6799, "Other finance"),
    (100, 999, "Agriculture"),
    (1000, 1499, "Mining"),
    (1500, 1799, "Construction"),
    (2000, 3999, "Manufacturing"),
    (4800, 4899, "Communications"),
    (4900, 4999, "Utilities"),
    (4000, 4799, "Transport"),
    (5000, 5199, "Wholesale"),
    (5200, 5999, "Retail"),
    (7000, 8999, "Services"),
)
"""From, to, and what a Standard Industrial Classification code is: the divisions, and before them the finer groups that
deals are told by. The first that holds a code is its sector."""

FORMS = ("DEFM14A", "PREM14A", "SC 14D9", "SC 13E3", "SC TO-T", "SC TO-C", "425", "S-4", "F-4")
"""The forms of mergers, those that are about a target first. An 8-K tells of much besides, and is left out."""
ABOUT_TARGETS = frozenset({"DEFM14A", "PREM14A", "SC 14D9", "SC 13E3"})
"""Forms that a target files itself."""
REGISTRATIONS = frozenset({"S-4", "F-4"})
"""Forms of the company that pays with shares: not its target's."""


class Week(Struct, frozen=True, gc=False):
    """One week, from its Monday."""

    monday: date
    deals: int
    """Deals whose first filing is of that week."""
    filings: int


class Share(Struct, frozen=True, gc=False):
    """Deals of one form or sector."""

    name: str
    deals: int
    filings: int


class Deals(Struct, frozen=True, kw_only=True):
    """Merger filings since a date."""

    since: date
    first: date | None = None
    """The first day with a stored filing of any form; None without any."""
    until: date | None = None
    """The last day with one."""
    deals: int = 0
    filings: int = 0
    weeks: Sequence[Week] = ()
    """Every week from the first to the last, also those without deals."""
    forms: Sequence[Share] = ()
    """Each deal under the form that opened it, the most first."""
    sectors: Sequence[Share] = ()
    """Each deal under its target's sector, the most first."""


def sector_of(sic: int | None) -> str:
    """The sector of a Standard Industrial Classification code, `Other` for one that is in none, or unknown."""
    return next((name for low, high, name in SECTORS if sic is not None and low <= sic <= high), OTHER)


def targets(filings: pl.DataFrame) -> pl.DataFrame:
    """One row per filing on a form of mergers: `accession`, `filed`, `kind`, `target` (a CIK) and `sic`, oldest first."""
    rows = filings.filter(pl.col("kind").is_in(list(FORMS))).drop_nulls(["accession", "cik", "kind", "filed"])
    rows = rows.unique(["accession", "cik"], keep="first").sort("filed", "accession", "cik")
    # A company's industry is told once; where a row lacks it, another row of the company has it.
    known = {cik: sic for cik, sic in rows.select("cik", "sic").iter_rows() if sic is not None}
    alone = {c for c, kind in rows.select("cik", "kind").iter_rows() if kind in ABOUT_TARGETS}
    parties: dict[str, list[int]] = defaultdict(list)
    for accession, cik in rows.select("accession", "cik").iter_rows():
        parties[accession].append(cik)
    bought_by: dict[int, int] = {}
    found = []
    for accession, kind, filed in (
        rows.unique("accession", keep="first", maintain_order=True).select("accession", "kind", "filed").iter_rows()
    ):
        companies = parties[accession]
        target = max((c for c in companies if c in alone), default=max(companies))
        if kind not in REGISTRATIONS:
            bought_by.update((c, target) for c in companies if c != target)
        found.append((accession, filed, kind, target))
    made = [
        (accession, filed, kind, t := bought_by.get(target, target) if kind in REGISTRATIONS else target, known.get(t))
        for accession, filed, kind, target in found
    ]
    schema = {"accession": pl.String, "filed": pl.Date, "kind": pl.String, "target": pl.Int64, "sic": pl.Int64}
    return pl.DataFrame(made, schema=schema, orient="row")


def opening(filings: pl.DataFrame) -> pl.DataFrame:
    """The rows of `targets` with `opens`: whether a deal begins with the filing.

    Of several filings of a target on one day, the form that comes first in `FORMS` opens it.
    """
    order = {name: rank for rank, name in enumerate(FORMS)}
    rank = pl.col("kind").replace_strict(order, return_dtype=pl.Int64)
    told = targets(filings).sort("target", "filed", rank, "accession")
    gap = pl.col("filed").diff().over("target").dt.total_days()
    return told.with_columns(opens=gap.is_null() | (gap > APART_DAYS))


def deals_since(filings: pl.DataFrame, since: date) -> Deals:
    """Count from a date on. Filings before it are needed too: they say which deals were open already."""
    days = filings["filed"].drop_nulls()
    told = opening(filings).filter(pl.col("filed") >= since)
    rows = list(told.select("filed", "kind", "sic", "opens").iter_rows())
    weeks: Counter[date] = Counter()
    opened: Counter[date] = Counter()
    for filed, _, _, opens in rows:
        monday = filed - timedelta(days=filed.weekday())
        weeks[monday] += 1
        opened[monday] += opens
    return Deals(
        since=since,
        first=days.min() if days.len() else None,  # type: ignore[arg-type]
        until=days.max() if days.len() else None,  # type: ignore[arg-type]
        deals=sum(opened.values()),
        filings=len(rows),
        weeks=[Week(day, opened[day], weeks[day]) for day in _mondays(list(weeks))],
        forms=_shares((kind, opens) for _, kind, _, opens in rows),
        sectors=_shares((sector_of(sic) if sic is not None else UNKNOWN, opens) for _, _, sic, opens in rows),
    )


def _shares(rows: Iterable[tuple[str, bool]]) -> list[Share]:
    """Counted by name, the most deals first."""
    filings: Counter[str] = Counter()
    deals: Counter[str] = Counter()
    for name, opens in rows:
        filings[name] += 1
        deals[name] += opens
    return [
        Share(name, deals[name], filings[name]) for name in sorted(filings, key=lambda n: (-deals[n], -filings[n], n))
    ]


def _mondays(known: Sequence[date]) -> list[date]:
    """Every Monday from the first of some to the last."""
    if not known:
        return []
    first, last = min(known), max(known)
    return [first + timedelta(weeks=week) for week in range((last - first).days // 7 + 1)]
