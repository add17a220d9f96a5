"""The contract of every frame: rows or columns in, a frame of one of the dataset's tables out.

The schemas say which columns a table has and what a row may hold; `dataset`
validates against them before anything is written.
"""

from __future__ import annotations

import tomllib
import types
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import dataframely as dy
import polars as pl

from govreport_core.errors import DatasetError


class Documents(dy.Schema):
    """One row a path. `status` is `read`, `failed` (with `error` and `message`) or `skipped`."""

    path = dy.String(primary_key=True)
    document_id = dy.String(nullable=True)
    media_type = dy.String(nullable=True)
    size = dy.Int64(nullable=True, min=0)
    status = dy.String(check=lambda c: c.is_in(["read", "failed", "skipped"]))
    error = dy.String(nullable=True)
    message = dy.String(nullable=True)
    source_url = dy.String(nullable=True)


class Parts(dy.Schema):
    """The sources as read: every `part` in the other tables names a row here."""

    document_id = dy.String(primary_key=True)
    ordinal = dy.Int32(nullable=False, min=0)
    part = dy.String(primary_key=True)
    kind = dy.String(check=lambda c: c.is_in(["paragraph", "row", "cell"]))
    row = dy.Int32(nullable=True)
    col = dy.Int32(nullable=True)
    rowspan = dy.Int32(nullable=True)
    colspan = dy.Int32(nullable=True)
    text = dy.String()


class Reports(dy.Schema):
    """One row a document that was read; `report_id` is `<agency_id>-<year>`.

    `current` marks the one of several readings of the same report that is shown.
    """

    document_id = dy.String(primary_key=True)
    report_id = dy.String()
    current = dy.Bool()
    agency_id = dy.String()
    agency_name = dy.String(nullable=True)
    agency_kind = dy.String(nullable=True)
    agency_level = dy.String(nullable=True)
    region_code = dy.String(nullable=True, regex=r"^\d{6}$")
    province = dy.String(nullable=True)
    prefecture = dy.String(nullable=True)
    county = dy.String(nullable=True)
    year = dy.Int32(nullable=True, min=2000, max=2100)
    form = dy.String(nullable=True)
    title = dy.String(nullable=True)
    published_on = dy.Date(nullable=True)
    source_url = dy.String(nullable=True)


class Evidence(dy.Schema):
    """Candidates for each fact about a report, the chosen one marked, with their places."""

    document_id = dy.String()
    field = dy.String()
    candidate = dy.String()
    chosen = dy.Bool()
    rule = dy.String()
    part = dy.String(nullable=True)
    start = dy.Int32(nullable=True)
    end_part = dy.String(nullable=True)
    end = dy.Int32(nullable=True)


class Values(dy.Schema):
    """One row a cell of the form; see `govreport_core.model.Value`. Money is in 万元."""

    document_id = dy.String(primary_key=True)
    year = dy.Int32(nullable=True)
    form = dy.String()
    table = dy.String(primary_key=True)
    row = dy.String(primary_key=True)
    column = dy.String(primary_key=True)
    number = dy.Float64(nullable=True)
    state = dy.String(
        check=lambda c: c.is_in(
            ["reported", "blank", "placeholder", "text", "unreadable", "absent"]
        )
    )
    raw = dy.String(nullable=True)
    unit = dy.String(nullable=True)
    part = dy.String(nullable=True)
    start = dy.Int32(nullable=True)
    end_part = dy.String(nullable=True)
    end = dy.Int32(nullable=True)

    @dy.rule()
    def number_only_where_certain(cls) -> pl.Expr:  # noqa: N805 - dataframely passes the schema
        """A number goes with `reported` always, with `text` sometimes, else never.

        Returns:
            A boolean over `state` and `number`.
        """
        return (
            pl.when(pl.col("state") == "reported")
            .then(pl.col("number").is_not_null())
            .when(pl.col("state") == "text")
            .then(pl.lit(value=True))
            .otherwise(pl.col("number").is_null())
        )


class Sections(dy.Schema):
    """The six sections found, with their prose."""

    document_id = dy.String(primary_key=True)
    year = dy.Int32(nullable=True)
    section = dy.String(primary_key=True)
    heading = dy.String()
    text = dy.String()
    part = dy.String()
    start = dy.Int32()
    end_part = dy.String(nullable=True)
    end = dy.Int32()


class Points(dy.Schema):
    """Problems and improvements named in section five, one row each.

    `point_id` is of report, kind and folded text: it survives a rebuild.
    """

    document_id = dy.String(primary_key=True)
    point_id = dy.String(primary_key=True)
    year = dy.Int32(nullable=True)
    kind = dy.String(check=lambda c: c.is_in(["problem", "improvement"]))
    ordinal = dy.Int32()
    text = dy.String()
    themes = dy.List(dy.String(), nullable=True)
    part = dy.String()
    start = dy.Int32()
    end_part = dy.String(nullable=True)
    end = dy.Int32()


class Similar(dy.Schema):
    """How much of a section stands in another report, the agency's own earlier one or another's.

    `share` is that of the characters of its sentences, names, places and numbers masked and
    official phrases left out, that have a near-equal one in `other`; `sentences` how many these
    are. Of the agency's last year there is a row whatever the share.
    """

    document_id = dy.String(primary_key=True)
    section = dy.String(primary_key=True)
    other = dy.String(primary_key=True)
    share = dy.Float64(min=0, max=1)
    sentences = dy.Int32(min=0)
    same_agency = dy.Bool()


class Groups(dy.Schema):
    """Sections that are the same text in the reports of several agencies, a row a report.

    `group` goes by its first report; `agencies` is how many share the text.
    """

    group = dy.String()
    section = dy.String(primary_key=True)
    document_id = dy.String(primary_key=True)
    agencies = dy.Int32(min=2)


class Promises(dy.Schema):
    """What a report's points take up of the same agency's points of the year before, by theme.

    `link` says what is held against what: `promised` a problem against last year's
    improvement, `repeated` a problem against last year's problem, `promised_again` an
    improvement against last year's. Of several of the theme the most alike in wording is
    named; `likeness` is the ratio of its words to the point's. `years` is how many years
    running such points follow from each other, null for `promised`.
    """

    document_id = dy.String(primary_key=True)
    point_id = dy.String(primary_key=True)
    link = dy.String(
        primary_key=True, check=lambda c: c.is_in(["promised", "repeated", "promised_again"])
    )
    theme = dy.String(primary_key=True)
    agency_id = dy.String()
    year = dy.Int32()
    other_document_id = dy.String()
    other_point_id = dy.String()
    likeness = dy.Float64(min=0, max=1)
    years = dy.Int32(nullable=True, min=2)


class Claims(dy.Schema):
    """Figures the prose states, with the cell they are held against."""

    document_id = dy.String()
    year = dy.Int32(nullable=True)
    claim = dy.String()
    number = dy.Float64()
    text = dy.String()
    scope = dy.String(nullable=True)
    table = dy.String()
    row = dy.String()
    column = dy.String()
    agrees = dy.Bool(nullable=True)
    part = dy.String()
    start = dy.Int32()
    end_part = dy.String(nullable=True)
    end = dy.Int32()


class Checks(dy.Schema):
    """One row a check of a report (or of an axis of a table, or of a single cell).

    `document_id` is null where the finding is that a report doesn't exist.
    `subject` is `table.row.column` with `*` for a summed axis, a section's or a
    table's code, or `report`. `params` is a JSON object that fills the rule's
    sentences. `reason` says why a check was skipped.
    """

    document_id = dy.String(nullable=True)
    agency_id = dy.String(nullable=True)
    year = dy.Int32(nullable=True)
    check = dy.String()
    subject = dy.String()
    outcome = dy.String(check=lambda c: c.is_in(["pass", "fail", "skip"]))
    severity = dy.String(check=lambda c: c.is_in(["error", "warning", "info"]))
    reason = dy.String(nullable=True)
    expected = dy.Float64(nullable=True)
    actual = dy.Float64(nullable=True)
    params = dy.String()
    assumed_zero = dy.Bool()
    part = dy.String(nullable=True)
    start = dy.Int32(nullable=True)
    end_part = dy.String(nullable=True)
    end = dy.Int32(nullable=True)

    @dy.rule()
    def a_skip_has_its_reason(cls) -> pl.Expr:  # noqa: N805 - dataframely passes the schema
        """What couldn't be assessed says why.

        Returns:
            A boolean over `outcome` and `reason`.
        """
        return (pl.col("outcome") != "skip") | pl.col("reason").is_not_null()


class Diagnostics(dy.Schema):
    """What was odd in reading a document; `params` is a JSON object."""

    document_id = dy.String()
    level = dy.String(check=lambda c: c.is_in(["note", "doubt"]))
    code = dy.String()
    params = dy.String()
    part = dy.String(nullable=True)
    start = dy.Int32(nullable=True)
    end_part = dy.String(nullable=True)
    end = dy.Int32(nullable=True)


class Agencies(dy.Schema):
    """The roster as used: from `agencies.csv`, and those seen in the reports alone.

    `deadline` is the date due where the agency lies, in the next year; `searched`
    the report years for which the collector looked.
    """

    agency_id = dy.String(primary_key=True)
    name = dy.String(nullable=True)
    region_code = dy.String(nullable=True)
    level = dy.String(nullable=True)
    kind = dy.String(nullable=True)
    valid_from = dy.String(nullable=True)
    valid_to = dy.String(nullable=True)
    successor = dy.String(nullable=True)
    perimeter = dy.String(nullable=True, check=lambda c: c.is_in(["complete"]))
    deadline = dy.String(nullable=True, regex=r"^\d{2}-\d{2}$")
    searched = dy.List(dy.Int32(), nullable=True)
    source = dy.String()


class Coverage(dy.Schema):
    """One row an agency and year: whether its report is there, and in time.

    `status` is one of `coverage.statuses()`; `reason` says why it isn't more
    certain, or why none was due. `required` is null for an agency that isn't in
    the roster. `due_by` is what set the date due: a deadline's code, or `roster`.
    `date_rule`, `part`, `start`, `end_part` and `end` are where `published_on` comes from.
    """

    agency_id = dy.String(primary_key=True)
    year = dy.Int32(primary_key=True)
    status = dy.String(
        check=lambda c: c.is_in(
            [
                *("on_time", "late", "published", "unread"),
                *("not_found", "not_collected", "unclear", "not_required"),
            ]
        )
    )
    reason = dy.String(nullable=True)
    required = dy.Bool(nullable=True)
    due = dy.Date(nullable=True)
    due_by = dy.String(nullable=True)
    published_on = dy.Date(nullable=True)
    days_late = dy.Int32(nullable=True, min=1)
    date_rule = dy.String(nullable=True)
    document_id = dy.String(nullable=True)
    part = dy.String(nullable=True)
    start = dy.Int32(nullable=True)
    end_part = dy.String(nullable=True)
    end = dy.Int32(nullable=True)


class Corrections(dy.Schema):
    """What the publisher or the collector corrected: beside the printed number, never in its place.

    Of a document, or of an agency's report of a year. Amounts are in 万元.
    """

    document_id = dy.String(nullable=True)
    agency_id = dy.String(nullable=True)
    year = dy.Int32(nullable=True)
    table = dy.String()
    row = dy.String()
    column = dy.String()
    printed = dy.Float64(nullable=True)
    corrected = dy.Float64()
    reason = dy.String(nullable=True)
    source = dy.String(nullable=True)
    date = dy.Date(nullable=True)


class Replies(dy.Schema):
    """What an agency answers to a finding about its report."""

    report_id = dy.String()
    check = dy.String(nullable=True)
    subject = dy.String(nullable=True)
    text = dy.String()
    url = dy.String(nullable=True)
    date = dy.Date(nullable=True)


class _Cards(dy.Schema):
    """One row an agency and year of `coverage`, and a current report that has no row there.

    `document_id` and what is told of the report are null where there is none; the
    agency's name and place are then the roster's. `status`, `reason`, `required`, `due`
    and `days_late` are of `coverage`.

    `cells` are the form's cells that the report has, `cells_read` those of them that
    could be read, `cells_absent` those that it doesn't have; `doubts` the diagnostics
    of that level. Results are counted by outcome, failures by severity; of a report
    that doesn't exist those that say so. `agree_` counts those on whether numbers and
    parts agree; `agree_errors` those failed of severity error, `agree_judged` those of
    that severity that weren't skipped, `agree_doubted` those that a doubt of our reading
    skipped. `failed_rules` has each code once a severity, `failed_severities` beside it;
    `skip_reasons` each reason once, `skip_counts` beside it.
    `problem_themes` and `improvement_themes` have each theme of its points once, by code.

    Of section five, `like_last_year` is the share that stands in the agency's last report,
    `like_other` the share that stands in another agency's nearest text, null where none is known
    to be near; `alike_agencies` how many agencies share the text, 0 where it is its own.

    After these stand the key figures and the dispositions by their codes, and of each
    indicator `_numerator`, for a rate `_base`, both null where it isn't known, and `_state`:
    `known`, `assumed` (a blank counted as 0), or why not; null where the form lacks it.
    """

    agency_id = dy.String()
    agency_name = dy.String(nullable=True)
    agency_kind = dy.String(nullable=True)
    agency_level = dy.String(nullable=True)
    region_code = dy.String(nullable=True)
    province = dy.String(nullable=True)
    prefecture = dy.String(nullable=True)
    county = dy.String(nullable=True)
    year = dy.Int32(nullable=True)
    document_id = dy.String(nullable=True)
    report_id = dy.String(nullable=True)
    form = dy.String(nullable=True)
    title = dy.String(nullable=True)
    published_on = dy.Date(nullable=True)
    source_url = dy.String(nullable=True)
    status = dy.String(nullable=True)
    reason = dy.String(nullable=True)
    required = dy.Bool(nullable=True)
    due = dy.Date(nullable=True)
    days_late = dy.Int32(nullable=True)
    cells = dy.Int32(min=0)
    cells_read = dy.Int32(min=0)
    cells_absent = dy.Int32(min=0)
    doubts = dy.Int32(min=0)
    fail_error = dy.Int32(min=0)
    fail_warning = dy.Int32(min=0)
    fail_info = dy.Int32(min=0)
    passed = dy.Int32(min=0)
    skipped = dy.Int32(min=0)
    agree_passed = dy.Int32(min=0)
    agree_failed = dy.Int32(min=0)
    agree_errors = dy.Int32(min=0)
    agree_skipped = dy.Int32(min=0)
    agree_judged = dy.Int32(min=0)
    agree_doubted = dy.Int32(min=0)
    failed_rules = dy.List(dy.String())
    failed_severities = dy.List(dy.String())
    skip_reasons = dy.List(dy.String())
    skip_counts = dy.List(dy.Int32())
    problems = dy.Int32(min=0)
    improvements = dy.Int32(min=0)
    problem_themes = dy.List(dy.String())
    improvement_themes = dy.List(dy.String())
    like_last_year = dy.Float64(nullable=True)
    like_other = dy.Float64(nullable=True)
    alike_agencies = dy.Int32(min=0)


def _figures() -> dict[str, dy.Column]:
    """The columns of figures and indicators, by the catalogues' codes: a new one is one TOML."""
    told = files("govreport_core").joinpath("indicators")
    figures = tomllib.loads(told.joinpath("figures.toml").read_text(encoding="utf-8"))
    rates = tomllib.loads(told.joinpath("catalogue.toml").read_text(encoding="utf-8"))
    codes = [one["code"] for one in (*figures["figures"], *figures["outcomes"]["groups"])]
    columns: dict[str, dy.Column] = {code: dy.Float64(nullable=True) for code in codes}
    for one in rates["indicators"]:
        columns[f"{one['code']}_numerator"] = dy.Float64(nullable=True)
        if one.get("denominator"):
            columns[f"{one['code']}_base"] = dy.Float64(nullable=True)
        columns[f"{one['code']}_state"] = dy.String(nullable=True)
    return columns


Cards: type[dy.Schema] = types.new_class(
    "Cards", (_Cards,), exec_body=lambda space: space.update(_figures())
)


class Counts(dy.Schema):
    """How often a rule had an outcome, over the current reports of a division and year.

    Provinces have rows, and each division in them of at least a thousand reports, with
    its own and those above it, so that regions mustn't be added up: the whole is the sum of
    the provinces and of `region_code` null, where it isn't known. Of a smaller division the
    results in `checks` are counted: they are few, and its rows would be nearly as many.
    `reason` is why it was skipped, where it was. `reports` is how many reports the results
    are of; a finding that a report doesn't exist is of none.
    """

    check = dy.String()
    form = dy.String(nullable=True)
    year = dy.Int32(nullable=True)
    region_code = dy.String(nullable=True)
    kind = dy.String(nullable=True)
    level = dy.String(nullable=True)
    severity = dy.String()
    outcome = dy.String()
    reason = dy.String(nullable=True)
    results = dy.Int32(min=1)
    reports = dy.Int32(min=0)


class Offsets(dy.Schema):
    """Where a document's rows of a table stand: `rows` of them in `file`, from `first` on.

    `file` is a path in the dataset. A document has as many rows here as its rows of
    the table stand in places; in the order of the files and within them.
    """

    document_id = dy.String()
    table = dy.String()
    file = dy.String()
    first = dy.Int64(min=0)
    rows = dy.Int64(min=1)


TABLES: dict[str, type[dy.Schema]] = {
    "documents": Documents,
    "parts": Parts,
    "reports": Reports,
    "evidence": Evidence,
    "values": Values,
    "sections": Sections,
    "points": Points,
    "similar": Similar,
    "groups": Groups,
    "promises": Promises,
    "claims": Claims,
    "checks": Checks,
    "diagnostics": Diagnostics,
    "agencies": Agencies,
    "coverage": Coverage,
    "corrections": Corrections,
    "replies": Replies,
    "cards": Cards,
    "counts": Counts,
    "offsets": Offsets,
}


SCHEMA_VERSION = 5

FACTS = ("parts", "evidence", "values", "sections", "points", "claims", "diagnostics")
"""The tables that a document's own content fills, whatever other documents say."""


def validated(table: str, given: pl.DataFrame) -> pl.DataFrame:
    """A frame as its schema has it.

    Args:
        table: A name of `TABLES`.
        given: Its columns; types that can be cast are.

    Returns:
        The same rows in their order, of the schema's columns and types alone.

    Raises:
        DatasetError: It breaks the schema: a defect of ours; the message names the rule.
    """
    schema = TABLES[table]
    if given.schema == schema_of(table) and schema.is_valid(given):
        return given  # whether a cast would lose anything needn't be asked
    if schema.is_valid(given, cast=True):
        return schema.cast(given)
    try:
        return schema.validate(given, cast=True)
    except (dy.exc.ValidationError, dy.exc.SchemaError) as error:
        msg = f"{table}: {' '.join(str(error).split())}"
        raise DatasetError(msg) from error


def columns_of(table: str) -> list[str]:
    """The names of a table's columns, in their order."""
    return list(schema_of(table))


def frame(table: str, rows: list[dict[str, Any]] | Mapping[str, Any]) -> pl.DataFrame:
    """A frame of that table's columns and types, from rows or from columns.

    Args:
        table: A name of `TABLES`.
        rows: Dicts by column, or columns of equal length; what isn't given is null.

    Returns:
        The rows in their order; not validated: see `validated`.
    """
    return pl.DataFrame(rows, schema=schema_of(table))


@cache
def schema_of(table: str) -> pl.Schema:
    """The types of a table's columns, by name; nobody changes them."""
    return TABLES[table].create_empty().schema
