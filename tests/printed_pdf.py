"""Fictional tables printed to PDF for the tests of its reader."""

from __future__ import annotations

from govreport_core.samples.paper import FONT, RULES, Noise
from govreport_core.samples.ruled import Printer
from govreport_core.samples.sheet import Grid, GridCell

__all__ = ["FONT", "RULES", "Noise", "Printer", "plain_table"]


def plain_table(rows: list[list[str]], code: str = "plain") -> Grid:
    """A table without merged cells; its first column is labels."""
    return Grid(
        code,
        len(rows[0]),
        tuple(
            tuple(GridCell(text, value=at > 0 and r > 0) for at, text in enumerate(row))
            for r, row in enumerate(rows)
        ),
    )
