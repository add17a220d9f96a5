"""A picture's element in, whether it is large enough to show text out."""

from __future__ import annotations

import re

from lxml import etree

from govreport_core.sources.pictures import may_show_text
from govreport_core.sources.whole import whole_number

_EXTENT = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}extent"
# English Metric Units in a point.
_EMU = 12_700
# From a picture to the frame that says its size there are some six elements.
_AROUND = 8
_SIDE = {
    side: re.compile(rf"(?<![-\w]){side}\s*:\s*([\d.]{{1,8}})\s*(pt|in|cm|mm|px)?")
    for side in ("width", "height")
}
_POINTS = {"pt": 1.0, "in": 72.0, "cm": 28.35, "mm": 2.835, "px": 0.75}


def shows_text(picture: etree._Element) -> bool:
    """Whether a picture is more than an ornament; one of unknown size may be."""
    around: etree._Element | None = picture
    for _ in range(_AROUND):
        around = around.getparent() if around is not None else None
        if around is None:
            break
        extent = around.find(_EXTENT)
        if extent is not None:
            return may_show_text("", _emu(extent.get("cx")), _emu(extent.get("cy")))
        if style := around.get("style"):
            return may_show_text("", _points(style, "width"), _points(style, "height"))
    return True


def _emu(printed: str | None) -> float | None:
    size = whole_number(printed)
    return None if size is None else size / _EMU


def _points(style: str, side: str) -> float | None:
    match = _SIDE[side].search(style)
    if match is None:
        return None
    try:
        return float(match[1]) * _POINTS[match[2] or "pt"]
    except ValueError:
        return None
