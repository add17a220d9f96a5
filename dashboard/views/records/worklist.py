"""A page of a work list: findings to hand on, each with its place and its remedy."""

from __future__ import annotations

from govreport_core.model import Record
from govreport_core.worklist import Item


class WorkRow(Record, frozen=True, gc=False):
    """One row, with what leads to it.

    Attributes:
        item: The row in words, as in every file.
        year_text: Its year in words.
        report_id: None where there is no report.
        anchor: The cell it is about, as the report's page calls it.
        severity: Its code; `check` the rule's, None where no rule says it.
    """

    item: Item
    year_text: str
    report_id: str | None
    agency_id: str
    anchor: str | None
    severity: str
    sign: str
    check: str | None


class WorkList(Record, frozen=True, gc=False):
    """A page of the list.

    Attributes:
        items: How many there are on all pages: a rule that a report fails is one, a report
            that is late or wasn't found is one; some have several rows.
        agencies: How many agencies have any.
        page: From 1.
        remarks: Whether remarks are among them; `remarks_left` how many items are not.
    """

    order: str
    rows: tuple[WorkRow, ...]
    items: int
    agencies: int
    page: int
    pages: int
    remarks: bool
    remarks_left: int
