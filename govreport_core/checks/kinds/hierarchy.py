"""The kinds that hold a government's report against those of the agencies below it."""

from __future__ import annotations

from govreport_core.checks.kinds.base import COMPARED, Kind, Named


class Rollup(Kind, frozen=True, tag="rollup"):
    """A government's figures are those of all agencies in its area together.

    Only where the roster says `perimeter = complete` of it: a lower government of
    which the roster says so too stands for its own area.
    """

    cells: tuple[str, ...]

    fail_words = COMPARED | {"count"}
    pass_words = COMPARED | {"count"}

    def named(self) -> list[Named]:
        """See `Kind`."""
        cells = (cell.split(".") for cell in self.cells)
        return [(table, (row,), (column,)) for table, row, column in cells]
