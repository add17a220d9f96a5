"""A page's images in, where those begin that may show a report's text out."""

from __future__ import annotations

import numpy as np

from govreport_core.sources.pdf.sheet import Box, Sheet
from govreport_core.sources.pictures import may_show_text

# With more characters printed over it, an image is a background.
_BACKGROUND = 8
# Scanners and converters cut one picture into strips that lie this near.
_SAME = 3.0
_MAX_IMAGES = 500


def picture_tops(sheet: Sheet) -> list[float]:
    """Where the pictures begin that are neither ornament nor background, from the top down."""
    return [
        box[1]
        for box in _joined(sheet.pictures[:_MAX_IMAGES])
        if may_show_text("", box[2] - box[0], box[3] - box[1]) and not _lies_under(box, sheet)
    ]


def _joined(boxes: list[Box]) -> list[Box]:
    """Strips of one picture as one."""
    found: list[Box] = []
    for x0, y0, x1, y1 in sorted(boxes, key=lambda box: (round(box[0]), box[1])):
        if found:
            left, top, right, bottom = found[-1]
            if abs(left - x0) < _SAME and abs(right - x1) < _SAME and y0 - bottom < _SAME:
                found[-1] = (left, top, right, max(bottom, y1))
                continue
        found.append((x0, y0, x1, y1))
    return sorted(found, key=lambda box: box[1])


def _lies_under(box: Box, sheet: Sheet) -> bool:
    left, top, right, bottom = box
    x, y = sheet.glyphs.middles()
    over = (left <= x) & (x <= right) & (top <= y) & (y <= bottom)
    return bool(np.count_nonzero(over) > _BACKGROUND)
