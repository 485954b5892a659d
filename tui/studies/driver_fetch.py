"""What is missing of the drivers, asked of their source in small groups and stored: never more than is due.

Every function stores what has come before it asks for more, so that a cancelled one loses nothing, and says why it
ended early in words for the user, or nothing.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from tui.model import DataError
from tui.model_drivers import CATALOG, MACRO, Estimate, Frequency, Fundamental
from tui.sources.base import DeniedError, LimitedError, NoDataError, UnreachableError

if TYPE_CHECKING:
    from tui.sources.drivers.base import DriverSource

Tell = Callable[[str], None]
"""Called with what is being done."""


def quietly(_text: str) -> None:
    """Tell nobody."""


HOUR = 3600.0
MACRO_HOURS = {Frequency.DAILY: 6.0, Frequency.WEEKLY: 24.0}
"""How old the last answer may be before a series is asked for again; others once a day and a half."""
SLOW_HOURS = 36.0
FUNDAMENTAL_DAYS, ESTIMATE_DAYS = 7, 3
"""How old a company's figures may be before they are asked for again."""
MOST_COMPANIES = 40
"""Companies asked for at a time, the heaviest first: each is a request. The rest follows with the next look."""
GROUP = 5
"""Companies between two savings."""
MOST_DAYS = 60
"""Days of filings read at a time, the newest first: each is a file of some hundred kilobytes."""
MOST_INDUSTRIES = 20
"""Companies whose industry is asked for at a time."""
INDEX_FIRST = date(1994, 1, 3)
SETTLED_DAYS = 4
"""A day without an index may get one for so long: the SEC is late, or it was asked too early."""
ALL = 10**6


async def fetch_macro(source: "DriverSource", stores: Any, now: float, tell: Tell) -> str:
    """The series of the screen, those that were not told lately; the ten-year yield from the Treasury where they fail."""
    problem = ""
    failed = False
    for series_id in MACRO:
        held = await asyncio.to_thread(stores.macro.load, series_id)
        often = held.frequency if held else CATALOG[series_id].frequency
        if held and now - held.fetched_at < MACRO_HOURS.get(often, SLOW_HOURS) * HOUR:
            continue
        tell(f"Asking for {series_id}")
        try:
            found = await source.series(series_id)
        except NoDataError:
            continue  # nobody publishes it: it is there where the user has a file
        except DataError as error:
            problem = problem or str(error)
            failed = failed or series_id == "DGS10"
            if isinstance(error, UnreachableError | LimitedError):
                break
        else:
            await asyncio.to_thread(stores.macro.save, found)
    if not failed:
        return problem
    # Someone else publishes the yields.
    held = await asyncio.to_thread(stores.macro.load, "UST10Y")
    if held is None or now - held.fetched_at > MACRO_HOURS[Frequency.DAILY] * HOUR:
        tell("Asking the Treasury for its yields")
        since = held.dates[-1] if held and held.dates else date.fromordinal(_today(now).toordinal() - 400)
        try:
            curve = await source.yields(since)
        except DataError as error:
            return problem or str(error)
        await asyncio.to_thread(stores.macro.save, *curve)
    return problem


async def fetch_companies(
    source: "DriverSource", stores: Any, weights: dict[str, float], today: date, tell: Tell, *, estimates: bool
) -> str:
    """Fundamentals, or estimates, of the heaviest holdings that were not told lately."""
    store = stores.estimates if estimates else stores.fundamentals
    days = ESTIMATE_DAYS if estimates else FUNDAMENTAL_DAYS
    frame = await asyncio.to_thread(store.frame, list(weights), today - timedelta(days=days), today)
    fresh = set(frame["symbol"].to_list())
    free = source.nature() is not None
    missing = sorted((s for s in weights if s not in fresh), key=lambda symbol: -weights[symbol])
    missing = missing[: ALL if free else MOST_COMPANIES]
    # What is simulated is worked out on the event loop: one company at a time lets the keys through.
    step = 1 if free else GROUP
    for at in range(0, len(missing), step):
        tell(f"Asking for {'estimates' if estimates else 'fundamentals'}, {at + 1} of {len(missing)}")
        group = missing[at : at + step]
        found: Sequence[Fundamental] | Sequence[Estimate]
        try:
            found = await (source.estimates(group) if estimates else source.fundamentals(group))
        except DataError as error:
            return str(error)
        await asyncio.to_thread(store.save, found)
        await asyncio.sleep(0)
    return ""


async def fetch_deals(
    source: "DriverSource", stores: Any, since: date, today: date, now: float, tell: Tell, asked: set[int]
) -> str:
    """The daily indexes since a date that were not read, the newest first; then industries of companies without one.

    `asked` keeps who was asked for: not every company has an industry.
    """
    from tui.analytics.deals import APART_DAYS
    from tui.store.deals import DayRead

    read = await asyncio.to_thread(stores.deals.days)
    free = source.nature() is not None
    settled = today - timedelta(days=SETTLED_DAYS)
    missing = [
        day
        for day in weekdays(max(since - timedelta(days=APART_DAYS), INDEX_FIRST), today)
        if day not in read or (read[day].filings is None and day > settled and now - read[day].asked_at > HOUR)
    ]
    for count, day in enumerate(sorted(missing, reverse=True)[: ALL if free else MOST_DAYS], 1):
        tell(f"Reading the filings of {day}, {count} of {min(len(missing), ALL if free else MOST_DAYS)}")
        try:
            found = await source.filings(day)
        except NoDataError:
            await asyncio.to_thread(stores.deals.save, [], {day: DayRead(now, None)})
        except DataError as error:
            return str(error)
        else:
            await asyncio.to_thread(stores.deals.save, found, {day: DayRead(now, len(found))})
    return await _fetch_industries(source, stores, since, tell, asked)


async def _fetch_industries(source: "DriverSource", stores: Any, since: date, tell: Tell, asked: set[int]) -> str:
    """The industry of targets without one."""
    from tui.analytics.deals import targets

    frame = await asyncio.to_thread(stores.deals.frame, since)
    told = await asyncio.to_thread(targets, frame)
    known = await asyncio.to_thread(stores.deals.industries)
    rows = zip(told["target"].to_list(), told["sic"].to_list(), strict=True)
    lacking = dict.fromkeys(cik for cik, sic in rows if sic is None and cik not in known and cik not in asked)
    free = source.nature() is not None
    learned: dict[int, tuple[int, str]] = {}
    problem = ""
    for cik in list(lacking)[: ALL if free else MOST_INDUSTRIES]:
        tell(f"Asking for the industries of companies, {len(learned) + 1} of {len(lacking)}")
        asked.add(cik)
        try:
            found = await source.industry(cik)
        except DeniedError as error:
            problem = str(error)
            break
        except DataError:
            continue
        if found is not None:
            learned[cik] = found
    if learned:
        await asyncio.to_thread(stores.deals.classify, learned)
    return problem


def weekdays(first: date, last: date) -> list[date]:
    """The weekdays from one day to another, both included."""
    span = (date.fromordinal(day) for day in range(first.toordinal(), last.toordinal() + 1))
    return [day for day in span if day.weekday() < 5]


def since_date(text: str, today: date) -> date:
    """A date as it was typed: `2026-04-01`, `2026-04`, `2026`.

    Raises:
        DataError: it is none, or lies ahead; says what to type.
    """
    parts = text.strip().split("-")
    try:
        year, month, dom = (int(part) for part in [*parts, "1", "1"][: max(3, len(parts))])
        day = date(year, month, dom)
    except (ValueError, TypeError):
        raise DataError(f"{text.strip() or 'nothing'}: expected a date such as {today:%Y}-04-01") from None
    if day > today:
        raise DataError(f"{day} is still to come; give a date up to {today}")
    if day < INDEX_FIRST:
        raise DataError(f"the SEC's index begins on {INDEX_FIRST}; give a later date than {day}")
    return day


def _today(now: float) -> date:
    return date.fromordinal(date(1970, 1, 1).toordinal() + int(now // 86_400))
