"""Cells as columns of plain text."""

from collections.abc import Sequence


def aligned(lines: Sequence[Sequence[str]], sides: str) -> str:
    """Lines of cells as columns two blanks apart; `sides` has an `l` or an `r` for each column."""
    from rich.cells import cell_len

    widths = [max(cell_len(line[i]) for line in lines) for i in range(len(lines[0]))]
    out = []
    for line in lines:
        cells = []
        for text, width, side in zip(line, widths, sides, strict=False):
            blank = " " * (width - cell_len(text))
            cells.append(text + blank if side == "l" else blank + text)
        out.append("  ".join(cells).rstrip())
    return "\n".join(out) + "\n"


def symbol_of(text: str) -> str:
    """A symbol as it was typed: blanks and a leading `$` are forgiven."""
    return text.strip().lstrip("$").upper()
