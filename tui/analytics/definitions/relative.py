"""The figures of the comparisons and of the rotation, in the words of docs, formulas."""

from tui.analytics.definitions.base import Definition

ALL: tuple[Definition, ...] = ()
