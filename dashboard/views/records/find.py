"""What one search box finds: agencies, regions, rules, and the way to the words."""

from __future__ import annotations

from dashboard.views.records.answer import Narrowed
from govreport_core.model import Record


class FoundRow(Record, frozen=True, gc=False):
    """One thing that was found: its name, what tells it from others, and where it leads."""

    name: str
    note: str
    room: str
    narrowed: Narrowed


class FoundGroup(Record, frozen=True, gc=False):
    """What was found of one kind; `of` counts all, `rows` holds the nearest."""

    kind: str
    label: str
    rows: tuple[FoundRow, ...]
    of: int


class Found(Record, frozen=True, gc=False):
    """What a search found.

    Attributes:
        asked: What was looked for, as it is shown again.
        cut: Whether more was typed than is looked for.
        groups: Only those in which something was found; the words' always.
    """

    asked: str
    cut: bool
    groups: tuple[FoundGroup, ...]
