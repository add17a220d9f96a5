"""What many reports taken together show: how well they were read, and whether they agree."""

from __future__ import annotations

from dashboard.views.records.checks import Counts
from dashboard.views.records.shared import AgencyRef, Badge
from govreport_core.model import Record


class GroupRow(Record, frozen=True, gc=False):
    """The reports of an agency or a region, with both badges kept apart.

    Attributes:
        key: The agency's id, or the region's code; empty where the region isn't known.
        agency: The agency; None for a region.
        reports: How many there are.
        failing: How many fail a check.
        skips: Why checks weren't assessed, in words, with how often.
    """

    key: str
    label: str
    agency: AgencyRef | None
    reports: int
    failing: int
    reading: Badge
    consistency: Badge
    counts: Counts
    skips: tuple[tuple[str, int], ...]


class Groups(Record, frozen=True, gc=False):
    """The same reports by agency and by region; a region takes in all below it.

    Attributes:
        agencies: Those with most failures first; cut.
        regions: By their codes; cut.
        failing: How many agencies have a report that fails.
        places: How many regions there are.
    """

    agencies: tuple[GroupRow, ...]
    regions: tuple[GroupRow, ...]
    failing: int
    places: int
