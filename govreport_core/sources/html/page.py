"""The records a page's walk fills: its lines in reading order, and where each hangs."""

from __future__ import annotations

import msgspec

from govreport_core.sources.html.grid import PageTable

# What a box is: part of the page as any other, furniture by its names, not shown.
PLAIN, CHROME, HIDDEN = range(3)


class Picture(msgspec.Struct, frozen=True):
    """A picture of the page.

    Attributes:
        source: Its address.
        names: Its caption and classes.
        width, height: Where given, in pixels.
        box: The box it is in.
        line: The number of the line that it stands before, or in.
    """

    source: str
    names: str
    width: int | None
    height: int | None
    box: int
    line: int


class Page(msgspec.Struct):
    """A page's content in reading order.

    Attributes:
        texts: Its lines, each without space around it.
        owners: The box each line stands in.
        linked: How many characters of each line are links'.
        parents: For each box the one around it; box 0 is the page.
        kinds: For each box `PLAIN`, `CHROME` or `HIDDEN`.
        tables: Real tables; those in their cells are with the cells.
        pictures: Its pictures.
        files: Addresses that links and frames point to.
        metas: Name and content of each meta tag, the name in lower case.
        title: What the browser's tab says.
    """

    texts: list[str] = []
    owners: list[int] = []
    linked: list[int] = []
    parents: list[int] = msgspec.field(default_factory=lambda: [0])
    kinds: list[int] = msgspec.field(default_factory=lambda: [PLAIN])
    tables: list[PageTable] = []
    pictures: list[Picture] = []
    files: list[str] = []
    metas: list[tuple[str, str]] = []
    title: str = ""
