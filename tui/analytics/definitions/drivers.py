"""The figures of the drivers: yields, macro series, valuation, earnings, deals, in the words of docs, formulas."""

from tui.analytics.definitions.base import Definition

ALL: tuple[Definition, ...] = ()
