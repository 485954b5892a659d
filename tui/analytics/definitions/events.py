"""The figures of the answers to a condition, in the words of docs, formulas."""

from tui.analytics.definitions.base import Definition

ALL: tuple[Definition, ...] = ()
