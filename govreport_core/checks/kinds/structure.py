"""The kinds that look at the whole report: title, form, sections, tables, rows."""

from __future__ import annotations

from govreport_core.checks.kinds.base import COMPARED, Kind
from govreport_core.model import Severity


class Title(Kind, frozen=True, tag="title"):
    """The title is there and names the agency and the year."""

    fail_words = frozenset({"title"})
    cases = frozenset({"no_title", "no_agency", "no_year", "neither"})


class FormOfYear(Kind, frozen=True, tag="form_of_year"):
    """The form used is the one in force for the report's year."""

    fail_words = frozenset({"year", "used", "right"})


class SectionsPresent(Kind, frozen=True, tag="sections_present"):
    """Each section of the form has its heading in the report.

    One that is there in other words or without a heading has `traced` as its severity.
    """

    traced: Severity

    fail_words = frozenset({"printed"})
    cases = frozenset({"missing", "unlike", "number", "table", "words"})


class SectionOrder(Kind, frozen=True, tag="section_order"):
    """Headings stand in order, numbered as the form numbers them, before their tables."""

    fail_words = frozenset({"printed"})
    cases = frozenset(
        {
            "heading_after_table",
            "section_number_odd",
            "section_out_of_order",
            "heading_unnumbered",
        }
    )


class TablesPresent(Kind, frozen=True, tag="tables_present"):
    """Each table of the form is in the report.

    A report with the headings of its sections and no table at all is a finding of its own,
    with `pictured` as its severity where pictures may show them.
    """

    pictured: Severity

    cases = frozenset({"missing", "all", "pictured"})


class RowsPresent(Kind, frozen=True, tag="rows_present"):
    """Each row of the form is in the report.

    Several leaves printed as their group's one row are a finding of their own,
    with `combined` as its severity.
    """

    combined: Severity

    cases = frozenset({"missing", "combined"})


class PartsListed(Kind, frozen=True, tag="parts_listed"):
    """Where the introduction says how many parts there are, it lists as many.

    `parts` are patterns of a part's name, the longer before those within them.
    """

    parts: tuple[str, ...]

    fail_words = COMPARED | {"text"}
    pass_words = COMPARED
