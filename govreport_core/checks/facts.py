"""What the kinds of rule look at and hand back: the dataset's frames in, facts by form out.

Each kind is a function of a rule and of the facts of all reports on one form;
it hands back a lazy frame made by `findings`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import StrEnum
from functools import cache

import msgspec
import polars as pl
import polars.selectors as cs

from govreport_core.cells import LAID, Axis, Lack, key, lack, lines, spread
from govreport_core.checks.claimed import beside_cells
from govreport_core.checks.unlike import declared, enlarged
from govreport_core.folding import SIMPLER
from govreport_core.forms import Form, FormTable, forms


class Reason(StrEnum):
    """Why a check was skipped; each has its words in `wording.toml`."""

    FORM_UNKNOWN = "form_unknown"
    YEAR_UNKNOWN = "year_unknown"
    YEAR_OUTSIDE_FORMS = "year_outside_forms"
    UNREADABLE = "unreadable"
    NOT_A_NUMBER = "not_a_number"
    ABSENT = "absent"
    ALL_BLANK = "all_blank"
    TOTAL_BLANK = "total_blank"
    PARTS_BLANK = "parts_blank"
    CELL_BLANK = "cell_blank"
    NO_HEADING = "no_heading"
    NO_CLAIM = "no_claim"
    SCOPE = "scope"
    TOLD = "told"
    AGENCY_UNKNOWN = "agency_unknown"
    NO_PRIOR_YEAR = "no_prior_year"
    FORM_BREAK = "form_break"
    NO_SECTION = "no_section"
    NO_PERIOD = "no_period"
    YEAR_UNSURE = "year_unsure"
    IDENTITY_UNSURE = "identity_unsure"
    KIND_UNKNOWN = "kind_unknown"
    DATE_UNKNOWN = "date_unknown"
    DATE_UNSURE = "date_unsure"
    AGENCIES_UNKNOWN = "agencies_unknown"
    REGION_UNKNOWN = "region_unknown"
    REGION_UNSURE = "region_unsure"
    COLUMN_UNKNOWN = "column_unknown"
    FILE_UNKNOWN = "file_unknown"
    NOT_STATED = "not_stated"
    LIST_UNSURE = "list_unsure"
    NOT_READ = "not_read"
    PERIMETER_UNKNOWN = "perimeter_unknown"
    REPORTS_MISSING = "reports_missing"
    NOT_SEARCHED = "not_searched"
    YEARS_NOT_SEARCHED = "years_not_searched"
    DIVISION_MERGED = "division_merged"
    SCOPE_CHANGED = "scope_changed"
    FEW_PEERS = "few_peers"
    IN_PICTURE = "in_picture"
    ANOTHER_COPY = "another_copy"
    TEXT_SHORT = "text_short"
    NO_OTHERS = "no_others"


# No headings in traditional characters are without any of these.
TELLTALE = list("總體況動開請處訴訟復問題進報項無")
_CELL = "[#!@]$"  # columns of `cells.spread`
SHORTEST = 24  # bytes of a cell in which something can be said: eight characters


class Facts(msgspec.Struct, frozen=True):
    """All reports on one form; `doc` numbers the reports of all forms.

    Attributes:
        reports: One row a report: `doc`, the columns of the table `reports`, and these flags:
            `<table>~absent` and `<table>.<row>~absent` (the document has no cell of it),
            `<table>.<group>~as_one` (the group row is printed in the place of
            its leaves), `<table>~unreadable` (some cell can't be read),
            `<table>~unseen` (nor is it known what is printed there, if anything);
            `prior`: the `doc` of the same agency's report for the year before, null
            with its reason in `prior~lack`; `prior~unlike`: why that one counts other
            bodies, so that a difference is no fault.
        laid: The same with the columns of `cells.spread` for the form's own rows.
        cells: `laid` as a lazy frame. Its thousand columns make every query longer: what
            names no cell asks `reports`.
        every: The reports of all forms, `doc` being the row, with the columns of
            `cells.spread`: what `prior` points into.
        odd: The cells that hold no plain number: `doc`, `at` and the columns of
            `values`.
        diagnostics: That table with `doc`, `order` and what its params name:
            `table`, `row`, `column`, `section`, `printed`, `expected`.
        sections, claims, evidence: Those tables with `doc` and `order`; of sections also
            `plain`, their text in simplified characters.
            `claims` are those of `claimed.beside_cells`.
        points: That table's `doc` and `kind`; None where it wasn't given.
        parts: That table with `doc`, without cells too short to hold a sentence; None
            where it wasn't given.
        lines: What `lines_of` has laid out already, for all rules that ask for it.
        said: What `text.sentences_of` has cut already, likewise.
    """

    form: Form
    reports: pl.LazyFrame
    laid: pl.DataFrame
    cells: pl.LazyFrame
    every: pl.DataFrame
    odd: pl.LazyFrame
    diagnostics: pl.LazyFrame
    sections: pl.LazyFrame
    claims: pl.LazyFrame
    evidence: pl.LazyFrame
    parts: pl.LazyFrame | None
    points: pl.LazyFrame | None
    lines: dict[tuple[str, Axis], pl.DataFrame] = {}
    said: list[pl.DataFrame] = []


def facts_by_form(
    frames: Mapping[str, pl.DataFrame], reports: pl.DataFrame, *, across: bool = True
) -> dict[str, Facts]:
    """The facts of every form that some report uses, by the form's id.

    Args:
        frames: The dataset's tables, as `run` takes them; `LAID` where it is known already.
        reports: Its table `reports` with `doc`.
        across: Whether other reports of the agency are looked at: else `prior~unlike` isn't found
            out and stays null.

    Returns:
        One `Facts` a form, all with the same `every` and `points`; numbers as in `values`: money
        in 万元, counts in 件, on the form of 2014 in each row's unit.
    """
    used = set(reports["form"])
    docs = reports.lazy().select("document_id", "doc", used="form")
    chained = _chained(reports).with_columns(pl.lit(None, pl.String).alias("prior~unlike"))
    if across:
        chained = _unlike(chained, declared(frames, docs.drop("used")))
    wide = chained.hstack(frames[LAID]) if LAID in frames else spread(frames["values"], chained)
    told = {
        name: frames[name]
        .lazy()
        .with_row_index("order")
        .join(docs, on="document_id", maintain_order="left")
        for name in ("diagnostics", "sections", "claims", "evidence")
    }
    told["diagnostics"] = told["diagnostics"].with_columns(
        pl.col("params").str.json_path_match(f"$.{name}").alias(name)
        for name in ("table", "row", "column", "section", "printed", "expected")
    )
    told["sections"] = told["sections"].with_columns(plain=_simplified())
    plain = (
        (pl.col("state") == "reported")
        & (pl.col("number") >= 0)
        & (pl.col("number") == pl.col("number").floor())
    )
    told["odd"] = (
        frames["values"]
        .lazy()
        .with_row_index("at")
        .filter(~plain.fill_null(value=False) & (pl.col("state") != "absent"))
        .join(docs, on="document_id", maintain_order="left")
    )
    told = {name: table.collect().lazy() for name, table in told.items()}
    parts = None
    if "parts" in frames:
        # a line of prose may be the short end of another
        said = (pl.col("kind") == "paragraph") | (pl.col("text").str.len_bytes() >= SHORTEST)
        parts = (
            frames["parts"]
            .lazy()
            .filter(said)
            .join(docs, on="document_id", maintain_order="left")
            .collect()
            .lazy()
        )
    points = None
    if "points" in frames:
        points = frames["points"].lazy().join(docs, on="document_id").select("doc", "kind")
    laid = {
        form.id: _flagged(_of_form(wide, form), form, told["odd"])
        for form in forms().values()
        if form.id in used
    }
    return {
        name: _facts(forms()[name], told, own, every=wide, parts=parts, points=points)
        for name, own in laid.items()
    }


def _facts(
    form: Form,
    told: Mapping[str, pl.LazyFrame],
    laid: pl.DataFrame,
    *,
    every: pl.DataFrame,
    parts: pl.LazyFrame | None,
    points: pl.LazyFrame | None,
) -> Facts:
    """The facts of one form, of the tables of all."""
    own = {name: table.filter(pl.col("used") == form.id) for name, table in told.items()}
    return Facts(
        form=form,
        reports=laid.select(~cs.matches(_CELL)).lazy(),
        laid=laid,
        cells=laid.lazy(),
        every=every,
        odd=own["odd"],
        diagnostics=own["diagnostics"],
        sections=own["sections"],
        claims=beside_cells(own["claims"], laid, form.id).lazy(),
        evidence=own["evidence"],
        parts=None if parts is None else parts.filter(pl.col("used") == form.id),
        points=points,
    )


def _simplified() -> pl.Expr:
    """A section's text in simplified characters; those of most reports pass untouched."""
    other = pl.col("heading").str.contains_any(TELLTALE).any().over("doc")
    traditional = pl.when(other).then(pl.col("text"))
    return pl.coalesce(traditional.str.replace_many(SIMPLER), "text")


def _chained(reports: pl.DataFrame) -> pl.DataFrame:
    """Point each current report to its agency's report for the year before.

    An agency whose id comes from a document is none that is known: it has no years.
    """
    unknown = pl.col("agency_id").str.starts_with("doc-")
    before = (
        reports.filter(pl.col("current") & ~unknown & pl.col("year").is_not_null())
        .select("agency_id", year=pl.col("year") + 1, prior="doc")
        .unique(["agency_id", "year"], keep="first", maintain_order=True)
    )
    return reports.join(
        before, on=["agency_id", "year"], how="left", maintain_order="left"
    ).with_columns(
        pl.when(pl.col("year").is_null())
        .then(pl.lit(Reason.YEAR_UNKNOWN))
        .when(unknown)
        .then(pl.lit(Reason.AGENCY_UNKNOWN))
        .when(pl.col("prior").is_null())
        .then(pl.lit(Reason.NO_PRIOR_YEAR))
        .alias("prior~lack")
    )


def _unlike(chained: pl.DataFrame, scopes: pl.DataFrame) -> pl.DataFrame:
    """Say of each report why the one before counts other bodies, null where nothing says so."""
    scope, before = pl.col("scope"), pl.col("scope~before")
    changed = (scope == "changed") | ((scope != before) & (before != "changed"))
    return (
        chained.join(scopes, on="doc", how="left", maintain_order="left")
        .join(
            scopes.rename({"doc": "prior", "scope": "scope~before"}),
            on="prior",
            how="left",
            maintain_order="left",
        )
        .with_columns(
            pl.when(pl.col("doc").is_in(enlarged(chained)["doc"].implode()))
            .then(pl.lit(Reason.DIVISION_MERGED))
            .when(changed.fill_null(value=False))
            .then(pl.lit(Reason.SCOPE_CHANGED))
            .alias("prior~unlike")
        )
        .drop("scope", "scope~before")
    )


def _of_form(wide: pl.DataFrame, form: Form) -> pl.DataFrame:
    """The reports on a form, without the cells that only other forms have."""
    own = {f"{table.code}.{row.code}" for table in form.tables for row in table.rows}
    kept = [name for name in wide.columns if "." not in name or name.rpartition(".")[0] in own]
    return wide.select(kept).filter(pl.col("form") == form.id)


def _flagged(wide: pl.DataFrame, form: Form, odd: pl.LazyFrame) -> pl.DataFrame:
    unreadable = odd.filter(pl.col("state") == "unreadable").select("doc", "table", "raw").collect()
    unseen = unreadable.filter(pl.col("raw").is_null())
    doubts = {
        f"{table.code}~{name}": _among(cells, table.code)
        for table in form.tables
        for name, cells in (("unreadable", unreadable), ("unseen", unseen))
    }
    rows, above = _absences(form)
    return wide.with_columns(**rows, **doubts).with_columns(**above)


@cache
def _absences(form: Form) -> tuple[dict[str, pl.Expr], dict[str, pl.Expr]]:
    """The flags of rows that aren't there, and those of groups and tables that rest on them.

    Made once: expressions take longer to put together than to ask.
    """
    rows = {
        f"{table.code}.{row.code}~absent": pl.all_horizontal(
            lack(key(table.code, row.code, column.code)) == Lack.ABSENT
            for column in table.value_columns
        )
        for table in form.tables
        for row in table.rows
    }
    groups = {
        f"{table.code}.{row.code}~as_one": ~pl.col(f"{table.code}.{row.code}~absent")
        & pl.all_horizontal(f"{table.code}.{leaf.code}~absent" for leaf in table.leaves(row.code))
        for table in form.tables
        for row in table.rows
        if row.kind == "group"
    }
    tables = {
        f"{table.code}~absent": pl.all_horizontal(
            f"{table.code}.{row.code}~absent" for row in table.rows
        )
        for table in form.tables
    }
    return rows, groups | tables


def _among(cells: pl.DataFrame, table: str) -> pl.Expr:
    docs = cells.filter(pl.col("table") == table)["doc"].unique()
    return pl.col("doc").is_in(docs.implode())


def lines_of(facts: Facts, table: FormTable, sums: Axis) -> pl.DataFrame:
    """A table's lines across an axis below each other: see `cells.lines`.

    Args:
        facts: Whose `laid` is looked at.
        table: The table.
        sums: The axis whose lines stay side by side.

    Returns:
        What `cells.lines` gives.
    """
    found = facts.lines.get((table.code, sums))
    if found is None:
        found = facts.lines[table.code, sums] = lines(facts.laid, table, sums)
    return found


def some(facts: Facts, flag: str) -> bool:
    """Whether any report has a flag: to ask for those that have takes its time, found or not.

    Args:
        facts: Whose `laid` is looked at.
        flag: The column's name.

    Returns:
        Whether it is true of a report.
    """
    return bool(facts.laid.get_column(flag).any())


def others(facts: Facts, found: pl.LazyFrame) -> pl.LazyFrame:
    """The reports that have no row in `found`.

    Args:
        facts: Whose `reports` are looked at.
        found: Any rows with `doc`.

    Returns:
        Rows of `facts.reports`, with all their columns.
    """
    return facts.reports.join(found.select("doc"), on="doc", how="anti")


REASONS = {
    Lack.BLANK: Reason.CELL_BLANK,
    Lack.PLACEHOLDER: Reason.CELL_BLANK,
    Lack.ABSENT: Reason.ABSENT,
    Lack.TEXT: Reason.NOT_A_NUMBER,
    Lack.UNREADABLE: Reason.UNREADABLE,
}


def because(of: pl.Expr) -> pl.Expr:
    """The reason to skip that a `Lack` is; null for none.

    Args:
        of: A `Lack`, as `cells.lack` or `Sum.worst` give it.

    Returns:
        A `Reason`'s value, as text: a blank and a placeholder are both `cell_blank`.
    """
    return of.replace_strict(
        {why.value: reason.value for why, reason in REASONS.items()},
        default=None,
        return_dtype=pl.String,
    )


COLUMNS: dict[str, pl.DataType | type[pl.DataType]] = {
    "doc": pl.UInt32,
    "subject": pl.String,
    "outcome": pl.String,
    "severity": pl.String,
    "reason": pl.String,
    "expected": pl.Float64,
    "actual": pl.Float64,
    "params": pl.String,
    "assumed_zero": pl.Boolean,
    "at": pl.Int64,
    "part": pl.String,
    "start": pl.Int32,
    "end_part": pl.String,
    "end": pl.Int32,
    "document_id": pl.String,
    "agency_id": pl.String,
    "year": pl.Int32,
}
"""A result; the last three only where it belongs to no report that was read."""

_NOTHING = {name: pl.lit(None, dtype).alias(name) for name, dtype in COLUMNS.items()}

PLACE = ("part", "start", "end_part", "end")
"""The columns of a place."""


def findings(
    frame: pl.LazyFrame,
    form: Form,
    *,
    reason: pl.Expr | None = None,
    fails: pl.Expr | None = None,
    said: Mapping[str, pl.Expr] | None = None,
    placed: bool = False,
    **columns: pl.Expr,
) -> pl.LazyFrame:
    """Bring results into the one shape all kinds hand back.

    Args:
        frame: One row a result, with `doc`.
        form: The form of these reports; the sentences take their labels from it.
        reason: Why it is skipped; null, or no expression, where it isn't.
        fails: Whether it fails, where it isn't skipped.
        said: What the sentence of a failure needs beside the columns.
        placed: The frame has the columns of `PLACE`, and they are the result's.
        **columns: Others of `COLUMNS`: `subject`, of cells `table.row.column` with `*` for a whole
            line, else a table, a section or `report`; `expected` and `actual` in the cells' units;
            `at` is a row of `values` whose place is the result's.

    Returns:
        A row a row of `frame`, with the columns `COLUMNS`: `outcome` is `skip` where there is a
        `reason`, else `fail` or `pass`; `params` is a JSON object with `form` and, of a failure,
        what `said` has.
    """
    why, failed = pl.col("why"), pl.col("failed")
    named = [value.alias(name) for name, value in (said or {}).items()]
    given = {
        "doc": pl.col("doc"),
        "outcome": pl.when(why.is_not_null())
        .then(pl.lit("skip"))
        .when(failed)
        .then(pl.lit("fail"))
        .otherwise(pl.lit("pass")),
        "reason": why,
        "params": pl.when(why.is_null() & failed)
        .then(pl.struct(pl.lit(form.id).alias("form"), *named).struct.json_encode())
        .otherwise(pl.lit(json.dumps({"form": form.id}, separators=(",", ":")))),
        "assumed_zero": pl.lit(value=False),
        **({name: pl.col(name) for name in PLACE} if placed else {}),
        **columns,
    }
    return frame.with_columns(
        why=pl.lit(None, pl.String) if reason is None else reason,
        failed=pl.lit(value=False) if fails is None else fails,
    ).select(
        given[name].cast(dtype).alias(name) if name in given else _NOTHING[name]
        for name, dtype in COLUMNS.items()
    )
