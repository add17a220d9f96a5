"""A page's tree in, its lines and tables in reading order out, each with where it hangs.

The tree is walked without recursion. A table that only lays out the page is taken
apart where it ends, so that what it holds stands among the other lines.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

from govreport_core.errors import SourceError
from govreport_core.sources.grids import Item, RawCell, RawTable, lays_out
from govreport_core.sources.html.chrome import is_chrome

MAX_CELLS = 100_000
MAX_TABLE_DEPTH = 40
# As browsers have it: a wider span is cut.
MAX_COLSPAN = 1_000
MAX_ROWSPAN = 65_534
# Grid places that spans may take up over the page.
MAX_SPANNED = 2_000_000

# Stands for a picture in a cell: what it shows can't be read, yet the cell isn't blank.
PICTURE = "\ufffc"

_COLLAPSE = re.compile("[ \t\n\r\f]+")
_SPAN = re.compile(r"\s*\+?(\d{1,9})")
_UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff"
_EDGE = " \t\r\n\f\v\xa0\u3000" + _INVISIBLE
_ROOT = 0


class Line(str):
    """A line outside a grid's cells: its text, and where it hangs in the page.

    Attributes:
        linked: How many of its characters are links'.
        owner: The number of the box it stands in, see `Page.boxes`.
        marks: The boxes around it that look like no part of an article.
    """

    __slots__ = ()
    linked: int
    owner: int
    marks: tuple[int, ...]


class Grid(RawTable):
    """A table, with the box it stands in and the marks around it, as a line has them."""

    owner: int = _ROOT
    marks: tuple[int, ...] = ()
