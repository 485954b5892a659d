"""Invented mergers of companies that do not exist, and the filings that each makes over its first two months."""

from datetime import date, timedelta
from random import Random

from tui.model_drivers import Filing
from tui.sessions import is_session, next_session

_HEADS = (
    "Alder",
    "Birch",
    "Cinder",
    "Delta",
    "Elm",
    "Fjord",
    "Granite",
    "Harbor",
    "Iris",
    "Juniper",
    "Kestrel",
    "Lark",
)
_TAILS = ("wood", "stone", "field", "bridge", "gate", "brook", "haven", "ridge", "mark", "well")

_INDUSTRIES = (
    (2836, "Biological Products, (No Diagnostic Substances)", "Therapeutics", 5),
    (7372, "Services-Prepackaged Software", "Software", 4),
    (6022, "State Commercial Banks", "Bancorp", 4),
    (3841, "Surgical & Medical Instruments & Apparatus", "Medical", 2),
    (3674, "Semiconductors & Related Devices", "Devices", 2),
    (1311, "Crude Petroleum & Natural Gas", "Energy", 2),
    (6798, "Real Estate Investment Trusts", "Properties", 2),
    (4911, "Electric Services", "Power", 1),
    (5812, "Retail-Eating Places", "Restaurants", 1),
    (6331, "Fire, Marine & Casualty Insurance", "Insurance", 1),
)

_MERGER = (
    (0, "425", "both"),
    (0, "8-K", "target"),
    (2, "425", "both"),
    (24, "S-4", "buyer"),
    (38, "DEFM14A", "target"),
)
_CASH = ((0, "8-K", "target"), (20, "PREM14A", "target"), (32, "DEFM14A", "target"))
_TENDER = ((0, "SC TO-C", "both"), (8, "SC TO-T", "both"), (8, "SC 14D9", "target"), (15, "SC TO-T/A", "both"))
_LONGEST = 38
"""Days after which a deal files no more."""

_FIRST_CIK = 9_000_000
"""Above any that the SEC has given."""


def filings_of(seed: int, day: date) -> list[Filing]:
    """The filings of one session; a filing that falls between two sessions is made on the next."""
    found = []
    for back in range(_LONGEST + 5):
        announced = day - timedelta(days=back)
        if not is_session(announced):
            continue
        rng = Random(f"{seed} {announced} deals")
        for number in range(rng.choices((0, 1, 2), (0.5, 0.38, 0.12))[0]):
            found += _of_deal(rng, announced, number, day)
    return found


def industry_of(cik: int) -> tuple[int, str] | None:
    """Code and words of an invented company, whose number ends with them; None for any other."""
    place = cik % 100
    if cik < _FIRST_CIK or place >= len(_INDUSTRIES):
        return None
    return _INDUSTRIES[place][:2]


def _of_deal(rng: Random, announced: date, number: int, day: date) -> list[Filing]:
    """What a deal files on `day`."""
    plan = rng.choices((_MERGER, _CASH, _TENDER), (5, 3, 2))[0]
    place = rng.choices(range(len(_INDUSTRIES)), [each[3] for each in _INDUSTRIES])[0]
    parties = {role: _company(rng, place) for role in ("buyer", "target")}
    found = []
    for step, (after, form, who) in enumerate(plan):
        if _session(announced + timedelta(days=after)) != day:
            continue
        accession = f"{_FIRST_CIK + number:010d}-{announced:%y}-{announced.timetuple().tm_yday:03d}{number}{step:02d}"
        for role, (cik, company) in parties.items():
            if who in {role, "both"}:
                sic, industry = _INDUSTRIES[place][:2]
                found.append(
                    Filing(
                        accession=accession,
                        cik=cik,
                        company=company,
                        form=form,
                        kind=form.removesuffix("/A"),
                        filed=day,
                        amendment=form.endswith("/A"),
                        sic=sic,
                        industry=industry,
                        items="1.01,9.01" if form == "8-K" else None,
                    )
                )
    return found


def _company(rng: Random, place: int) -> tuple[int, str]:
    word = rng.choice(_HEADS) + rng.choice(_TAILS)
    return _FIRST_CIK + rng.randrange(9_999) * 100 + place, f"{word} {_INDUSTRIES[place][2]} Inc"


def _session(day: date) -> date:
    return day if is_session(day) else next_session(day)
