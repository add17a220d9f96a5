"""Two reports' texts side by side."""

from __future__ import annotations

from dashboard.views.records.shared import ReportLink
from govreport_core.model import Record
from govreport_core.search import Piece


class SideLine(Record, frozen=True, gc=False):
    """A sentence of either text, or one of each that belong together.

    Attributes:
        kind: `kept`, `changed`, `new` or `dropped`; `sign` and `label` tell it without colour.
        note: That it stands elsewhere in the other text; empty where it doesn't.
        first: As the first text has it, the words that differ marked; empty where it is new.
        second: As the second has it; empty where it was dropped or kept.
    """

    kind: str
    sign: str
    label: str
    note: str
    first: tuple[Piece, ...]
    second: tuple[Piece, ...]


class SideSection(Record, frozen=True, gc=False):
    """A section of both.

    Attributes:
        counts: How many lines of each kind, in words.
        note: Why it isn't compared, or not wholly; empty where it is.
    """

    code: str
    label: str
    counts: tuple[str, ...]
    lines: tuple[SideLine, ...]
    note: str = ""


class Sides(Record, frozen=True, gc=False):
    """Two reports side by side: of one agency the earlier year first, else the other agency's."""

    title: str
    first: ReportLink
    second: ReportLink
    first_name: str
    second_name: str
    sections: tuple[SideSection, ...]
