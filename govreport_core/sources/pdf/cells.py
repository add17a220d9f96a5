"""A page's characters and tables in, which cell each character is in out."""

from __future__ import annotations

from itertools import accumulate

import numpy as np

from govreport_core.sources.pdf.glyphs import Glyphs, Numbers
from govreport_core.sources.pdf.grid import Grid
from govreport_core.sources.pdf.lines import Lines

# Figures nearer than this part of their height are one figure.
_ONE_NUMBER = 0.15
# A table that comes as near to the paper's edge as no margin is, in points, goes on beyond it.
_EDGE = 2.0


class Cells:
    """What a page's cells hold: the characters whose middles lie in them.

    Attributes:
        grids: Its tables, inner ones before outer ones.
        firsts: The number of each table's first cell: they are numbered through all tables.
        outside: The number of what stands in no table.
        groups: The cell of each character.
        sizes: How many characters each cell has.
        crossed: The cells between which a figure's characters are torn.
    """

    def __init__(self, glyphs: Glyphs, grids: list[Grid]) -> None:
        self.grids = grids
        self.firsts = list(accumulate((len(grid.boxes) for grid in grids), initial=0))
        self.outside = self.firsts[-1]
        self.groups = self._groups(glyphs)
        self.sizes: list[int] = np.bincount(self.groups, minlength=self.outside + 1).tolist()
        self.crossed = self._crossed(glyphs) if grids else set()
        self._glyphs = glyphs

    def leaks(self, grid: int) -> bool:
        """Whether a table has text in cells that run into one another."""
        first = self.firsts[grid]
        return any(self.sizes[first + cell] for cell in self.grids[grid].open)

    def lines(self, without: list[int]) -> Lines:
        """The lines of each cell, and of what stands outside the tables.

        Args:
            without: Tables whose text counts as outside.
        """
        glyphs, groups = self._glyphs, self.groups
        if without:
            moved = np.concatenate([self._by_cell(grid) for grid in without])
            order = np.append(np.delete(np.arange(len(groups)), moved), moved)
            groups = groups.copy()
            groups[moved] = self.outside
            glyphs, groups = glyphs[order], groups[order]
        return Lines(glyphs, groups, self.outside + 1)

    def cut(self, grid: int, width: float) -> set[int]:
        """Cells without words that the page's edge cuts: they show a part, or nothing, of a figure.

        A web page wider than the paper is printed so; some programs end the lines at the edge.
        """
        xs, boxes = self.grids[grid].xs, self.grids[grid].boxes
        left, right = _EDGE, width - _EDGE
        if xs[0] >= left and xs[-1] <= right:
            return set()
        words = {*self.groups[~self._glyphs.figures()].tolist()}
        return {
            number
            for number, box in enumerate(boxes, start=self.firsts[grid])
            if (xs[box.col] < left or xs[box.col + box.colspan] > right) and number not in words
        }

    def turned(self, glyphs: Glyphs) -> dict[int, str]:
        """Characters set sideways, in cells that hold nothing else: they aren't blank."""
        if not len(glyphs):
            return {}
        groups = self._groups(glyphs)
        return {
            cell: glyphs[groups == cell].text()
            for cell in np.unique(groups).tolist()
            if cell != self.outside and not self.sizes[cell]
        }

    def _groups(self, glyphs: Glyphs) -> Numbers:
        groups = np.full(len(glyphs), self.outside, np.intp)
        x, y = glyphs.middles()
        for grid, first in zip(self.grids, self.firsts, strict=False):
            xs, ys = grid.xs, grid.ys
            inside = (ys[0] <= y) & (y <= ys[-1]) & (xs[0] <= x) & (x <= xs[-1])
            here = np.flatnonzero(inside & (groups == self.outside))
            groups[here] = first + grid.cells_at(x[here], y[here])
        return groups

    def _crossed(self, glyphs: Glyphs) -> set[int]:
        figures = glyphs.figures()
        figures[1:] &= figures[:-1].copy()
        figures[:1] = False
        apart = self.groups[1:] != self.groups[:-1]
        here = np.flatnonzero(figures[1:] & apart) + 1
        before = here - 1
        near = _ONE_NUMBER * (glyphs.bottom[here] - glyphs.top[here])
        torn = np.abs(glyphs.left[here] - glyphs.right[before]) < near
        torn &= np.abs(glyphs.top[here] - glyphs.top[before]) < near
        cells = {*self.groups[here[torn]].tolist(), *self.groups[before[torn]].tolist()}
        return cells - {self.outside}

    def _by_cell(self, grid: int) -> Numbers:
        """A table's characters cell by cell, in the order in which the file comes to the cells."""
        first, after = self.firsts[grid : grid + 2]
        here = np.flatnonzero((first <= self.groups) & (self.groups < after))
        _, begins, cell = np.unique(self.groups[here], return_index=True, return_inverse=True)
        return here[np.argsort(begins[cell], kind="stable")]
