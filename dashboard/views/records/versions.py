"""What is shown where a report was captured more than once: which cells differ, and how."""

from __future__ import annotations

from govreport_core.model import Record


class DifferenceRow(Record, frozen=True, gc=False):
    """A cell in which two readings differ; `kind_label` and `sign` say how, without colour.

    Attributes:
        cell_id: Its id on the card.
        other, shown: What either reading has there, as text.
    """

    kind: str
    kind_label: str
    sign: str
    label: str
    cell_id: str
    other: str
    shown: str


class VersionView(Record, frozen=True, gc=False):
    """Another reading of the same report, held against the one that is shown.

    Attributes:
        headline: How many cells differ, in a sentence; those of which one reading couldn't be
            read differ in nothing that is known, and are told apart.
        facts: Where it comes from: (name, text).
    """

    document_id: str
    headline: str
    facts: tuple[tuple[str, str], ...]
    differences: tuple[DifferenceRow, ...]
