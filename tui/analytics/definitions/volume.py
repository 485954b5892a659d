"""The figures of the volume screen, in the words of docs, formulas."""

from tui.analytics.definitions.base import Definition

ALL: tuple[Definition, ...] = ()
