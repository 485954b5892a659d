"""The columns of a fund's sectors, of its holdings, and of two funds side by side, as data."""

from collections.abc import Callable, Mapping
from typing import Any

from tui import format as fmt
from tui import format_bars
from tui.analytics.compare import SectorPair
from tui.analytics.funds_figures import FundFigures, HoldingFigures, SectorFigures
from tui.analytics.windows import Window
from tui.columns import Field
from tui.format import MISSING, Cell


def _percent(value: float | None, digits: int = 2) -> Cell:
    return MISSING if value is None else fmt.price(value * 100, digits, width=6)


def _share(value: float | None) -> Cell:
    return MISSING if value is None else Cell(f"{value * 100:.0f}")


def _signed(name: str, width: int = 7) -> Callable[[Any], Cell]:
    return lambda row: fmt.change(getattr(row, name), width)


def _value(name: str) -> Callable[[Any], Any]:
    return lambda row: getattr(row, name)


def _pair(row: Any, up: str, down: str) -> Cell:
    one, other = getattr(row, up), getattr(row, down)
    role = "up" if one > other else "down" if one < other else "flat"
    return Cell(f"{one}/{other}", role)


def sector_fields(window: Window, sessions: int, heaviest: float, most: float) -> list[Field]:
    """A fund's sectors: `heaviest` weight and `most` contribution (absolute) fill their bars."""
    return [
        Field(
            "sector",
            "Sector",
            23,
            lambda row: Cell(row.sector, "symbol"),
            _value("sector"),
            "left",
            fixed=True,
            flash=False,
        ),
        Field("weight", "Wt%", 6, lambda row: _percent(row.weight), _value("weight"), flash=False),
        Field("return", "1D%", 7, _signed("return_1d"), _value("return_1d")),
        Field("contribution", "Contr", 6, lambda row: fmt.points(row.contribution, 6), _value("contribution")),
        Field(
            "picture",
            "contribution, pp",
            17,
            lambda row: format_bars.balance_bar(row.contribution, most, 17),
            _value("contribution"),
            "left",
            flash=False,
        ),
        Field("window", f"{window}%", 7, _signed("window_return"), _value("window_return")),
        Field("excess", "Excess", 7, lambda row: fmt.points(row.excess), _value("excess")),
        Field("volume_ratio", f"Vol×{sessions}", 6, lambda row: fmt.ratio(row.volume_ratio), _value("volume_ratio")),
        Field(
            "breadth",
            "Adv/Dec",
            9,
            lambda row: _pair(row, "advancers", "decliners"),
            lambda row: row.advancers - row.decliners,
            flash=False,
        ),
        Field("above50", ">50", 4, lambda row: _share(row.above_mean50), _value("above_mean50"), flash=False),
        Field("above200", ">200", 4, lambda row: _share(row.above_mean200), _value("above_mean200"), flash=False),
        Field(
            "highs",
            "Hi/Lo",
            7,
            lambda row: _pair(row, "new_highs", "new_lows"),
            lambda row: row.new_highs - row.new_lows,
            flash=False,
        ),
        Field(
            "weight_bar",
            "weight",
            14,
            lambda row: format_bars.share_bar(row.weight / heaviest if heaviest else None, 14),
            _value("weight"),
            "left",
            flash=False,
        ),
    ]


def total_cells(total: FundFigures, fields: list[Field], excess: float | None = 0.0) -> list[Cell]:
    """The fund's own line under its sectors: its return beside what its holdings explain of it."""
    cells = {
        "sector": Cell(total.symbol, "head"),
        "weight": _percent(1.0),
        "return": fmt.change(total.return_1d),
        "contribution": fmt.points(total.explained, 6),
        "window": fmt.change(total.window_return),
        "excess": fmt.points(excess if total.window_return is not None else None),
        "volume_ratio": fmt.ratio(total.volume_ratio),
        "breadth": _pair(total, "advancers", "decliners"),
        "above50": _share(total.above_mean50),
        "above200": _share(total.above_mean200),
        "highs": _pair(total, "new_highs", "new_lows"),
    }
    return [cells.get(field.key, Cell("")) for field in fields]


def pair_fields(one: str, other: str, window: Window) -> list[Field]:
    """Two funds side by side, and the difference of each figure: `one` minus `other`."""

    def of(side: str, name: str) -> Callable[[SectorPair], float | None]:
        return lambda row: getattr(getattr(row, side), name)

    def signed(get: Callable[[SectorPair], float | None]) -> Callable[[SectorPair], Cell]:
        return lambda row: fmt.change(get(row))

    fields = [
        Field(
            "sector",
            "Sector",
            23,
            lambda row: Cell(row.sector, "symbol"),
            _value("sector"),
            "left",
            fixed=True,
            flash=False,
        )
    ]
    for name, head in (
        ("weight", "weight, %"),
        ("return_1d", "1D, %"),
        ("contribution", "contribution, pp"),
        ("window_return", f"{window}, %"),
    ):
        for side, title in (("one", one), ("other", other)):
            get = of(side, name)
            cell = (lambda row, get=get: _percent(get(row))) if name == "weight" else signed(get)
            fields.append(Field(f"{name}_{side}", fmt.clean(title, 7), 7, cell, get, group=head))
        fields.append(Field(f"{name}_diff", "diff", 7, signed(_value(name)), _value(name), group=head))
    return fields


def holding_fields(window: Window, sessions: int, told: Mapping[str, str] | None = None) -> list[Field]:
    """The holdings of a fund or of one of its sectors; `told` is who else said in which sector a symbol is."""
    others = told or {}

    def sector(row: HoldingFigures) -> Cell:
        source = others.get(row.symbol or "")
        return Cell(f"{row.sector} ({fmt.clean(source, 20)})" if source else row.sector, "muted")

    return [
        Field(
            "symbol",
            "Symbol",
            8,
            lambda row: Cell(fmt.clean(row.symbol or "-", 8), "symbol"),
            _value("symbol"),
            "left",
            fixed=True,
            flash=False,
        ),
        Field("weight", "Wt%", 6, lambda row: _percent(row.weight, 3), _value("weight"), flash=False),
        Field("last", "Last", 9, lambda row: fmt.price(row.price), _value("price")),
        Field("return", "1D%", 7, _signed("return_1d"), _value("return_1d")),
        Field(
            "contribution",
            "Contr",
            7,
            lambda row: MISSING if row.contribution is None else _small(row.contribution),
            _value("contribution"),
        ),
        Field("window", f"{window}%", 7, _signed("window_return"), _value("window_return")),
        Field("excess", "Excess", 7, lambda row: fmt.points(row.excess), _value("excess")),
        Field("volume_ratio", f"Vol×{sessions}", 6, lambda row: fmt.ratio(row.volume_ratio), _value("volume_ratio")),
        Field("dollar_volume", "$Vol", 6, lambda row: fmt.dollars(row.dollar_volume), _value("dollar_volume")),
        Field("marks", "Marks", 9, _marks, lambda row: row.new_high - row.new_low, "left", flash=False),
        Field(
            "name", "Name", 34, lambda row: Cell(fmt.clean(row.name, 34), "muted"), _value("name"), "left", flash=False
        ),
        Field("sector", "Sector", 38, sector, _value("sector"), "left", flash=False),
    ]


def _small(value: float) -> Cell:
    """A holding's contribution in thousandths of a point: one of two thousand rarely moves a hundredth."""
    shown = f"{value * 100:+.3f}"
    if float(shown) == 0:
        return Cell("0.000", "flat")
    return Cell(shown, "up" if value > 0 else "down") if len(shown) <= 7 else fmt.points(value, 7)


def _marks(row: HoldingFigures) -> Cell:
    """Above its means and at its extremes, in signs: `50 200 H`."""
    words = [
        word
        for word, true in (
            ("50", row.above_mean50),
            ("200", row.above_mean200),
            ("H", row.new_high),
            ("L", row.new_low),
        )
        if true
    ]
    return Cell(" ".join(words), "up" if row.new_high else "down" if row.new_low else "muted")


__all__ = ["SectorFigures", "holding_fields", "pair_fields", "sector_fields", "total_cells"]
