"""What a report says again: its points beside its own earlier ones, its texts beside others'."""

from __future__ import annotations

from dashboard.views.records.shared import ReportLink
from govreport_core.model import Record


class Echo(Record, frozen=True, gc=False):
    """A point of an earlier report.

    Attributes:
        text: As printed.
        anchor: Of its mark in the source on that report's card.
        alike: How alike its words and those of the year after are, in words; empty where they
            share the theme alone.
    """

    report: ReportLink
    point_id: str
    text: str
    anchor: str
    alike: str


class Again(Record, frozen=True, gc=False):
    """What a point takes up of the year before.

    Attributes:
        link: A link of the table `promises`; `label` says it in words.
        themes: The names of those that both are of.
        running: For how many years such points follow from each other, in words; empty of two.
        said: The earlier points, the newest first.
    """

    link: str
    label: str
    themes: tuple[str, ...]
    running: str
    said: tuple[Echo, ...]


class Alike(Record, frozen=True, gc=False):
    """How much of a section stands in another report.

    Attributes:
        share: In words.
        near: Whether it is so much that the rules remark on it.
        sentences: How many sentences stand in the other.
        quotes: Some of them, each as it stands here and there.
    """

    section: str
    section_label: str
    other: ReportLink
    same_agency: bool
    share: str
    near: bool
    sentences: int
    quotes: tuple[tuple[str, str], ...]


class SharedText(Record, frozen=True, gc=False):
    """A text that several agencies share.

    Attributes:
        agencies: How many.
        reports: Some of the reports that have it, `of` how many.
    """

    group: str
    section_label: str
    agencies: int
    reports: tuple[ReportLink, ...]
    of: int


class Running(Record, frozen=True, gc=False):
    """A theme that an agency names as a problem for some years running, the newest point first."""

    agency: str
    agency_id: str
    region: str
    theme: str
    years: int
    said: tuple[Echo, ...]


class Cut(Record, frozen=True, gc=False):
    """The first entries of a list, of how many, and how many rows the table of all of it has."""

    running: tuple[Running, ...] = ()
    shared: tuple[SharedText, ...] = ()
    of: int = 0
    rows: int = 0
