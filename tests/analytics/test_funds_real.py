"""Real funds taken apart: IWM of May 2025 over the sessions after, XBI of March 2025 with its members' bars."""

import csv
import subprocess
import sys
from collections import defaultdict
from datetime import date
from itertools import pairwise
from math import fsum

import polars as pl
import pytest

from tests.analytics import funds_reference as reference
from tests.analytics.reference import Day
from tests.analytics.test_funds import assert_is_reference
from tui.analytics.baseline import baselines, today
from tui.analytics.figures import Baseline
from tui.analytics.funds import FundBook
from tui.analytics.funds_history import closes_on, explained
from tui.analytics.funds_weights import weights_by_symbol
from tui.analytics.row import Today
from tui.analytics.style import style_of
from tui.analytics.windows import Window
from tui.model import Fund, Holding

IWM_DAY, XBI_DAY = date(2025, 5, 13), date(2025, 3, 14)

GOLDEN_SECTORS = {
    "Financials": 19.773,
    "Industrials": 18.270,
    "Health Care": 15.615,
    "Information Technology": 13.427,
    "Consumer Discretionary": 9.613,
    "Real Estate": 5.982,
    "Energy": 4.800,
    "Materials": 3.977,
    "Consumer Staples": 3.050,
    "Utilities": 2.939,
    "Communication": 2.551,
}


@pytest.fixture(scope="module")
def iwm(shared_data) -> Fund:
    """The equity rows, weights from market values."""
    path = shared_data / "recordings" / "ishares" / "IWM_holdings_2025-05-13.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file))
    head = next(at for at, line in enumerate(lines) if line and line[0] == "Ticker")
    rows = [dict(zip(lines[head], line, strict=True)) for line in lines[head:] if len(line) == len(lines[head])]
    rows = [row for row in rows if row["Asset Class"] == "Equity"]
    values = [float(row["Market Value"].replace(",", "")) for row in rows]
    holdings = [
        Holding(
            symbol=None if row["Ticker"] == "-" else row["Ticker"],
            name=row["Name"],
            weight=value / fsum(values),
            sector=None if row["Sector"] == "Other" else row["Sector"],
            market_value=value,
        )
        for row, value in zip(rows, values, strict=True)
    ]
    return Fund(symbol="IWM", name="Russell 2000", as_of=IWM_DAY, source="recording", holdings=holdings)


@pytest.fixture(scope="module")
def adjusted(shared_data) -> pl.DataFrame:
    return pl.read_parquet(shared_data / "history" / "r2000_members_adjclose_2023_2026.parquet")


def closes_of(frame: pl.DataFrame) -> dict[str, dict[date, float]]:
    """Adjusted closes by symbol and date."""
    closes: dict[str, dict[date, float]] = defaultdict(dict)
    for symbol, day, close in frame.select("symbol", "date", "adj_close").iter_rows():
        closes[symbol][day] = close
    return closes


def test_iwm_of_may_2025_has_the_published_sector_weights(iwm):
    assert len(iwm.holdings) == 1939
    published = {row.sector: row.weight_published * 100 for row in FundBook(iwm, {}).sector_rows()}
    assert {sector: published[sector] for sector in GOLDEN_SECTORS} == pytest.approx(GOLDEN_SECTORS, abs=5e-4)
    assert published.keys() - GOLDEN_SECTORS.keys() == {"Unclassified"}


def test_iwm_explained_total_return_is_within_ten_basis_points_on_20_of_25_sessions(iwm, adjusted, daily):
    own = daily("IWM")
    sessions = own.filter(pl.col("date") > IWM_DAY)["date"].head(25).to_list()
    made = explained(adjusted, weights_by_symbol(iwm), IWM_DAY, sessions, own)
    assert made["coverage"].to_list() == pytest.approx([0.910] * 25, abs=5e-4)
    apart = [abs(scaled - fund) for scaled, fund in made.select("scaled", "fund").iter_rows()]
    assert sum(each <= 0.0010 for each in apart) == 20
    assert max(apart) < 0.0015


def test_iwm_explained_total_return_is_that_of_the_reference(iwm, adjusted, daily):
    own = daily("IWM")
    sessions = own.filter(pl.col("date") >= IWM_DAY)["date"].head(6).to_list()
    weights = weights_by_symbol(iwm)
    made = explained(adjusted, weights, IWM_DAY, sessions[1:], own)
    near = adjusted.filter(pl.col("date").is_between(sessions[0], sessions[-1]))
    closes = closes_of(near)
    funds = dict(own.select("date", "adj_close").iter_rows())
    for row, (previous, session) in zip(made.iter_rows(named=True), pairwise(sessions), strict=True):
        drifted = reference.drift(
            list(weights.values()),
            [closes[symbol].get(previous) for symbol in weights],
            [closes[symbol].get(IWM_DAY) for symbol in weights],
        )
        known = [
            (weight, closes[symbol][session] / closes[symbol][previous] - 1)
            for symbol, weight in zip(weights, drifted, strict=True)
            if {session, previous} <= closes[symbol].keys()
        ]
        value, coverage = fsum(w * change for w, change in known), fsum(w for w, _ in known)
        assert row["explained"] == pytest.approx(value, abs=1e-12)
        assert row["coverage"] == pytest.approx(coverage)
        assert row["scaled"] == pytest.approx(value / coverage)
        assert row["fund"] == pytest.approx(funds[session] / funds[previous] - 1)


def test_iwm_live_on_a_session_after_explains_what_the_history_does(iwm, adjusted, daily):
    """The same day through the book, on total-return closes, sector by sector."""
    session = date(2025, 5, 21)
    own = daily("IWM").select("symbol", "date", "adj_close")
    frame = pl.concat([adjusted, own]).rename({"adj_close": "close"}).sort("symbol", "date")
    book = FundBook(iwm, baselines(frame, session))
    for symbol, bar in today(frame, session).items():
        book.update(symbol, Today(price=bar.close, session=session, final=True))
    [row] = explained(adjusted, weights_by_symbol(iwm), IWM_DAY, [session], own).iter_rows(named=True)
    fund = book.total()
    assert (fund.explained, fund.explained_scaled) == pytest.approx((row["explained"], row["scaled"]), abs=1e-12)
    assert (fund.return_1d, fund.coverage) == pytest.approx((row["fund"], row["coverage"]))
    contributions = [each.contribution for each in book.sector_rows() if each.contribution is not None]
    assert sum(contributions) + fund.unexplained == pytest.approx(fund.return_1d, abs=1e-9)
    assert fund.unexplained == pytest.approx(fund.return_1d - row["explained"], abs=1e-12)
    assert fund.advancers + fund.decliners + fund.unchanged == fund.covered


def test_iwm_by_size_is_a_third_each_of_ever_more_companies(iwm):
    made = style_of(iwm, [])
    assert (made.large, made.mid, made.small) == pytest.approx((1 / 3,) * 3, abs=2e-3)
    assert list(made.members.values()) == sorted(made.members.values())
    assert sum(made.members.values()) == 1939


@pytest.fixture(scope="module")
def xbi(shared_data) -> Fund:
    """As the issuer gives it; weights and shares agree with the closes of 14 March."""
    table = pl.read_csv(shared_data / "history" / "xbi_holdings_2025.csv")
    holdings = [
        Holding(symbol=None if ticker == "-" else ticker, name=name, weight=weight / 100)
        for ticker, name, weight in table.select("Ticker", "Name", "Weight").iter_rows()
    ]
    return Fund(symbol="XBI", name="Biotech", as_of=XBI_DAY, source="recording", holdings=holdings)


@pytest.fixture(scope="module")
def xbi_bars(shared_data, daily) -> pl.DataFrame:
    members = pl.read_parquet(shared_data / "history" / "xbi_members_ohlcv_2019_2025.parquet")
    members = members.with_columns(pl.col("open", "high", "low", "close").cast(pl.Float64))
    return pl.concat([members, daily("XBI").select(members.columns)]).sort("symbol", "date")


@pytest.fixture(scope="module")
def xbi_days(xbi_bars) -> dict[str, list[Day]]:
    days = defaultdict(list)
    for row in xbi_bars.select("symbol", "date", "high", "low", "close", "volume").iter_rows():
        days[row[0]].append(Day(*row[1:]))
    return days


@pytest.fixture(scope="module")
def xbi_baselines(xbi_bars) -> dict[str, Baseline]:
    return baselines(xbi_bars, XBI_DAY)


@pytest.mark.parametrize("window", [Window.D1, Window.M1, Window.M3, Window.YTD, Window.Y1])
@pytest.mark.parametrize("back", [0, 4])
def test_xbi_of_march_2025_is_that_of_the_reference(xbi, xbi_bars, xbi_days, xbi_baselines, window, back):
    """As of the holdings date itself (weights drift back a day), and with the file taken for one of 10 March."""
    then = closes_on(xbi_bars, XBI_DAY) if back == 0 else None
    as_of = XBI_DAY if back == 0 else date(2025, 3, 10)
    fund = Fund(symbol="XBI", name=xbi.name, as_of=as_of, source=xbi.source, holdings=xbi.holdings)
    book = FundBook(fund, xbi_baselines, window=window, closes_then=then)
    bars = today(xbi_bars, XBI_DAY)
    for symbol, bar in bars.items():
        book.update(symbol, Today(price=bar.close, volume=bar.volume, session=XBI_DAY, final=True))
    latest = {symbol: reference.Now(bar.close, bar.volume, 1.0) for symbol, bar in bars.items()}
    expected = reference.taken_apart(reference.Case(fund, xbi_days, XBI_DAY), latest, window.value, then=then)
    assert_is_reference(book, expected)
    total = book.total()
    assert total.return_1d == pytest.approx(87.13 / 85.97 - 1)
    for parts in (book.sector_rows(), book.holding_rows()):
        contributions = sum(part.contribution for part in parts if part.contribution is not None)
        assert contributions + total.unexplained == pytest.approx(total.return_1d, abs=1e-9)


def test_xbi_of_march_2025_is_explained_to_a_few_basis_points(xbi, xbi_bars, xbi_baselines):
    book = FundBook(xbi, xbi_baselines, closes_then=closes_on(xbi_bars, XBI_DAY))
    for symbol, bar in today(xbi_bars, XBI_DAY).items():
        book.update(symbol, Today(price=bar.close, volume=bar.volume, session=XBI_DAY, final=True))
    total = book.total()
    assert (total.members, total.covered) == (143, 137)
    assert total.coverage == pytest.approx(0.99877, abs=1e-4)
    assert abs(total.unexplained) < 0.0005
    assert total.advancers + total.decliners + total.unchanged == 137
    assert 0 < total.above_mean50 < total.above_mean200 < 1 or 0 < total.above_mean200 < total.above_mean50 < 1
    assert total.volume_ratio == pytest.approx(1, abs=0.5)


def test_book_needs_no_columns_library():
    script = (
        "import tui.analytics.funds, tui.analytics.compare, tui.analytics.style, sys; print('polars' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
