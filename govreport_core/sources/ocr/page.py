"""A page's picture and a recogniser in, its lines and tables and how sure each cell is out.

Lines of ink are cut out and recognised one by one: within a table cell by cell, as
its ruling lines show them, so that no figure is missed or put into another column.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import numpy as np
from numpy.typing import NDArray

from govreport_core.numerals import looks_like_value
from govreport_core.sources.ocr.ink import Mask, dark, ruling, spans
from govreport_core.sources.pdf.glyphs import UNMAPPED, Glyph, glyphs_of
from govreport_core.sources.pdf.grid import Box, Grid, find_grids
from govreport_core.sources.pdf.lines import text_lines
from govreport_core.sources.pdf.pages import PageCell, PageContent, PageItem, PageTable

Crop = NDArray[np.uint8]
Recogniser = Callable[[list[Crop]], list[tuple[str, float]]]
"""Pictures of single lines in, the text of each and how sure it is (0 to 1) out."""

# In points. Characters of a report are at least this high, its lines this far apart.
_HEIGHT = 10.5
_LINE_GAP = 1.2
_STROKES = 4.0
# A gap that parts two columns, in parts of a character's height.
_COLUMN = 1.6
# Pixels of ink that are a speck.
_SPECK = 6
# White around a crop, in parts of its height: two readings differ in it.
_MARGINS = (0.2, 0.45)
_INSIDE = 1.0
_NARROW = 0.55


class _Piece(msgspec.Struct):
    """A stretch of a line: its box in pixels, and what was read there."""

    left: int
    top: int
    right: int
    bottom: int
    text: str = ""
    sure: float = 0.0
    again: str = ""


_Held = dict[int, list[_Piece]]
"""By a cell's number in its grid, the pieces in it."""


def recognise_page(
    number: int, grey: Crop, scale: float, recogniser: Recogniser, least: float
) -> tuple[PageContent, dict[str, float]]:
    """Read a page.

    Args:
        number: The page's, from 1.
        grey: Its pixels, 0 black to 255 white.
        scale: Pixels in a point.
        recogniser: What reads single lines.
        least: How sure a figure must be; one that is less gets a mark that makes
            it unreadable.

    Returns:
        The page, and how sure each cell with a value is, by its part.

    Raises:
        SourceError: `too_large`.
    """
    ink = dark(grey)
    across, down, ink = ruling(ink, scale)
    grids = find_grids(across, down)
    held: list[tuple[Grid, _Held]] = []
    # The inner ones come first: what they hold isn't the outer one's.
    for grid in grids:
        boxes = enumerate(grid.boxes)
        held.append((grid, {i: _pieces(ink, _inside(grid, b, scale), scale) for i, b in boxes}))
        _clear(ink, grid, scale)
    outside = _pieces(ink, (0, 0, ink.shape[1], ink.shape[0]), scale)
    inside = [piece for _, cells in held for pieces in cells.values() for piece in pieces]
    _read(grey, [*inside, *outside], recogniser)
    items: list[PageItem] = list(text_lines(glyphs_of(_glyphs(outside, scale))))
    sureness: dict[str, float] = {}
    held.sort(key=lambda pair: pair[0].ys[0])
    for count, (grid, cells) in enumerate(held, start=1):
        rows = _rows(grid, cells, least)
        items.append(PageTable(count, grid.xs, grid.ys[0], grid.ys[-1], rows))
        for index, pieces in cells.items():
            if pieces and _is_value(pieces):
                box = grid.boxes[index]
                part = f"page:{number}/table:{count}/r{box.row + 1}/c{box.col + 1}"
                sureness[part] = _sureness(pieces)
    items.sort(key=lambda item: item.top)
    return PageContent(number, grey.shape[0] / scale, items, "", 0, []), sureness


# Where there is something to read.

Area = tuple[int, int, int, int]


def _inside(grid: Grid, box: Box, scale: float) -> Area:
    """A cell without its lines, in pixels."""
    left, right = grid.xs[box.col], grid.xs[box.col + box.colspan]
    top, bottom = grid.ys[box.row], grid.ys[box.row + box.rowspan]
    return (
        max(int((left + _INSIDE) * scale), 0),
        max(int((top + _INSIDE) * scale), 0),
        int((right - _INSIDE) * scale),
        int((bottom - _INSIDE) * scale),
    )


def _clear(ink: Mask, grid: Grid, scale: float) -> None:
    """Take away what a table holds."""
    left, right = int(grid.xs[0] * scale), int(grid.xs[-1] * scale)
    top, bottom = int(grid.ys[0] * scale), int(grid.ys[-1] * scale)
    ink[max(top, 0) : bottom + 1, max(left, 0) : right + 1] = False


def _pieces(ink: Mask, area: Area, scale: float) -> list[_Piece]:
    """The stretches of ink in an area, line by line."""
    left, top, right, bottom = area
    part = ink[top:bottom, left:right]
    if part.size == 0 or int(part.sum()) <= _SPECK:
        return []
    found: list[_Piece] = []
    for y0, y1 in _lines(part, scale):
        line = part[y0:y1]
        for x0, x1 in spans(line.sum(axis=0) > 0, _COLUMN * _HEIGHT * scale):
            if int(line[:, x0:x1].sum()) > _SPECK:
                found.append(_Piece(left + x0, top + y0, left + x1, top + y1))
    return found


def _lines(part: Mask, scale: float) -> list[tuple[int, int]]:
    """Where lines of text lie: strokes of one character, as in 三, are one line."""
    lines: list[tuple[int, int]] = []
    for start, end in spans(part.sum(axis=1) > 0, _LINE_GAP * scale / 2):
        if lines:
            first, last = lines[-1]
            if start - last <= _STROKES * scale and end - first <= 1.25 * _HEIGHT * scale:
                lines[-1] = (first, end)
                continue
        lines.append((start, end))
    return lines


# What is printed there.


def _read(grey: Crop, pieces: list[_Piece], recogniser: Recogniser) -> None:
    """Read each piece, and those that are figures a second time."""
    found = recogniser([_crop(grey, piece, _MARGINS[0]) for piece in pieces])
    for piece, (text, sure) in zip(pieces, found, strict=True):
        piece.text, piece.sure = text.strip(), sure
    figures = [piece for piece in pieces if not _is_words(piece.text)]
    found = recogniser([_crop(grey, piece, _MARGINS[1]) for piece in figures])
    for piece, (text, sure) in zip(figures, found, strict=True):
        piece.again, piece.sure = text.strip(), min(piece.sure, sure)


def _crop(grey: Crop, piece: _Piece, margin: float) -> Crop:
    """A piece's pixels with white around them: its own, not what stands near it."""
    around = max(int(margin * (piece.bottom - piece.top)), 2)
    crop = grey[piece.top : piece.bottom, piece.left : piece.right]
    return np.pad(crop, around, constant_values=int(np.percentile(grey[::8, ::8], 80)))


def _is_words(text: str) -> bool:
    return any("\u4e00" <= c <= "\u9fff" for c in text) and not looks_like_value(text)


def _is_value(pieces: list[_Piece]) -> bool:
    """Whether a cell holds no words: a figure, or what can't be told to be none."""
    return not any(_is_words(piece.text) for piece in pieces)


def _sureness(pieces: list[_Piece]) -> float:
    return min(piece.sure if piece.text and piece.text == piece.again else 0.0 for piece in pieces)


def _rows(grid: Grid, pieces_of: _Held, least: float) -> list[list[PageCell]]:
    rows: dict[int, list[PageCell]] = {}
    for index, box in enumerate(grid.boxes):
        pieces = pieces_of[index]
        lines = [piece.text for piece in pieces if piece.text]
        if pieces and _is_value(pieces) and _sureness(pieces) < least:
            lines = ["".join((*lines[:1], UNMAPPED)), *lines[1:]]
        rows.setdefault(box.row, []).append(PageCell(box, tuple(lines)))
    return [rows[row] for row in sorted(rows)]


def _glyphs(pieces: list[_Piece], scale: float) -> list[Glyph]:
    """Characters side by side over a piece's width, as wide as their kind is."""
    glyphs: list[Glyph] = []
    for piece in pieces:
        shares = [_NARROW if ord(char) < 0x2E80 else 1.0 for char in piece.text]
        whole = sum(shares)
        top, bottom = piece.top / scale, piece.bottom / scale
        x = piece.left / scale
        for char, share in zip(piece.text, shares, strict=True):
            width = (piece.right - piece.left) / scale * share / whole
            if not char.isspace():
                glyphs.append((x, top, x + width, bottom, char))
            x += width
    return glyphs
