"""A Word file's properties in, the title they name out, where it can be trusted."""

from __future__ import annotations

import re

from lxml import etree

from govreport_core.errors import SourceError
from govreport_core.folding import squash
from govreport_core.model import Cell, Part
from govreport_core.sources.container import parse_xml
from govreport_core.sources.docx.flat import Package

_CORE = "docProps/core.xml"
_TITLE = "{http://purl.org/dc/elements/1.1/}title"
_YEAR = re.compile(r"(?<!\d)20\d{2}(?!\d)")
_LONGEST = 120


def core_title(container: Package, parts: tuple[Part, ...]) -> tuple[Part, Cell] | None:
    """The title in the file's properties, as a part of its own.

    People write this year's report over last year's file: a title whose year
    isn't in the text is that file's. Author and dates are those of the computer
    and are never taken.
    """
    content = container.read(_CORE)
    if b":title" not in content:
        return None
    title = _printed(content)
    if len(title) > _LONGEST or "政府信息公开" not in squash(title):
        return None
    years = _YEAR.findall(squash(title))
    if not years or not all(any(y in squash(p.text) for p in parts) for y in years):
        return None
    part = Part("meta:title", "paragraph", title)
    return part, Cell(title, part.part, 0, len(title))


def _printed(content: bytes) -> str:
    try:
        found: etree._Element | None = parse_xml(content).find(_TITLE)
    except SourceError:
        return ""
    return (found.text or "").strip() if found is not None else ""
