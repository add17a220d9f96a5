"""The kinds that look at the whole report: a rule and the facts in, one result a finding out.

A report without a finding has one result of its own, a pass or a skip.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from govreport_core.cells import at, key
from govreport_core.checks.base import COMPARED, RuleKind
from govreport_core.checks.facts import PLACE, Facts, Reason, findings, others
from govreport_core.checks.running import begins_here, running
from govreport_core.forms import Form, forms
from govreport_core.forms.lineage import print_alike
from govreport_core.model import Severity

TITLE_LENGTH = 120  # characters of a title that a sentence quotes
REPORT = pl.lit("report")
ALWAYS = pl.lit(value=True)


class Title(RuleKind, frozen=True, tag="title"):
    """The title is there and names the agency and the year.

    Where the document is a plain text without one, which may have lost it on its way
    from a page, the failure weighs `lost`.
    """

    lost: Severity

    fail_words = frozenset({"title"})
    cases = frozenset({"no_title", "not_in_file", "no_agency", "no_year", "neither"})


def title(test: Title, facts: Facts) -> Iterator[pl.LazyFrame]:
    """The title, and what of the identity was found in it.

    Args:
        test: The rule.
        facts: Looks at `title` of `reports`, at `evidence` by the rule `title`, and at `part` of
            `parts`.

    Yields:
        Results as `findings` makes them, one a report: `subject` is `report`; a failure's case
        says what is missing, and `title` quotes the title.

    Source:
        国办公开办函〔2019〕60号、国办公开办函〔2021〕30号：格式标题
    """
    in_title = pl.col("rule") == "title"
    told = (
        facts.evidence.sort("order")
        .group_by("doc")
        .agg(
            ((pl.col("field") == "agency_name") & in_title).any().alias("agency"),
            ((pl.col("field") == "year") & in_title).any().alias("dated"),
            *(
                pl.col(name)
                .filter((pl.col("field") == "title") & pl.col("chosen") | in_title)
                .first()
                for name in PLACE
            ),
        )
    )
    agency = pl.col("agency").fill_null(value=False)
    dated = pl.col("dated").fill_null(value=False)
    lost = pl.col("doc").is_in(_plain_texts(facts).implode())
    case = (
        pl.when(pl.col("title").is_null() & lost)
        .then(pl.lit("not_in_file"))
        .when(pl.col("title").is_null())
        .then(pl.lit("no_title"))
        .when(~agency & ~dated)
        .then(pl.lit("neither"))
        .when(~agency)
        .then(pl.lit("no_agency"))
        .when(~dated)
        .then(pl.lit("no_year"))
    )
    yield findings(
        facts.reports.join(told, on="doc", how="left"),
        facts.form,
        fails=case.is_not_null(),
        said={"case": case, "title": pl.col("title").str.slice(0, TITLE_LENGTH)},
        subject=REPORT,
        severity=pl.when(case == "not_in_file").then(pl.lit(test.lost)),
        placed=True,
    )


def _plain_texts(facts: Facts) -> pl.Series:
    """The reports whose parts are lines: dumps and Markdown, where a page's title may be gone."""
    if facts.parts is None:
        return pl.Series("doc", [], dtype=pl.UInt32)
    lines = facts.parts.filter(pl.col("part").str.starts_with("line:"))
    return lines.select(pl.col("doc").unique()).collect()["doc"]


class FormOfYear(RuleKind, frozen=True, tag="form_of_year"):
    """The form used is the one in force for the report's year."""

    fail_words = frozenset({"year", "used", "right"})


def form_of_year(_: FormOfYear, facts: Facts) -> Iterator[pl.LazyFrame]:
    """The form used against the one in force for the year.

    Args:
        facts: Looks at `year` and `form` of `reports`; the place is that of the year in
            `evidence`.

    Yields:
        Results as `findings` makes them, one a report: `subject` is `report`; a failure holds
        `year`, `used` and `right`, the last two ids of forms.

    Source:
        国办公开办函〔2021〕30号（自2021年度起施行，取代国办公开办函〔2019〕60号的格式）
    """
    year = pl.col("year")
    right = pl.coalesce(
        pl.when(_covers(form, year)).then(pl.lit(form.id)) for form in forms().values()
    )
    alike = [form.id for form in forms().values() if print_alike(form, facts.form)]
    place = facts.evidence.filter((pl.col("field") == "year") & pl.col("chosen")).unique(
        "doc", keep="first", maintain_order=True
    )
    yield findings(
        facts.reports.join(place.select("doc", *PLACE), on="doc", how="left"),
        facts.form,
        reason=pl.when(year.is_null())
        .then(pl.lit(Reason.YEAR_UNKNOWN))
        .when(right.is_null())
        .then(pl.lit(Reason.YEAR_OUTSIDE_FORMS)),
        fails=~right.is_in(alike),
        said={"year": year, "used": pl.lit(facts.form.id), "right": right},
        subject=REPORT,
        placed=True,
    )


def _covers(form: Form, year: pl.Expr) -> pl.Expr:
    after = year >= form.years_from
    return after if form.years_to is None else after & (year <= form.years_to)


_TRACES = {
    "heading_unlike": "unlike",
    "section_by_number": "number",
    "section_by_table": "table",
    "section_by_words": "words",
}
"""What tells of a section whose heading isn't the form's, and the case that it is."""
PICTURES = ("picture_in_report", "pages_without_text")


class SectionsPresent(RuleKind, frozen=True, tag="sections_present"):
    """Each section of the form has its heading in the report.

    One that is there in other words or without a heading has `traced` as its severity.
    """

    traced: Severity

    fail_words = frozenset({"printed"})
    cases = frozenset({"missing", "unlike", "number", "table", "words"})


def sections_present(test: SectionsPresent, facts: Facts) -> Iterator[pl.LazyFrame]:
    """One result a section without heading or with an unlike one, else one for the report.

    Args:
        test: The rule.
        facts: Looks at `section` of `sections`, and at `diagnostics` for a section's traces and
            for pictures.

    Yields:
        Results as `findings` makes them: `subject` is the section; a failure's case is `missing`
        or what tells of the section, with `printed`, what stands there. A report without a finding
        has a pass, about `report`.

    Source:
        《政府信息公开条例》第五十条；
        国办公开办函〔2019〕60号、国办公开办函〔2021〕30号
    """
    wanted = pl.LazyFrame({"section": [section.code for section in facts.form.sections]})
    gone = (
        facts.reports.select("doc")
        .join(wanted, how="cross")
        .join(facts.sections, on=["doc", "section"], how="anti")
    )
    traced = (
        facts.diagnostics.filter(pl.col("code").is_in(list(_TRACES)))
        .with_columns(case=pl.col("code").replace_strict(_TRACES, default=None))
        .select("doc", "section", "case", "printed", *PLACE)
        .unique(["doc", "section"], keep="first", maintain_order=True)
    )
    found = gone.select("doc", "section").join(
        traced, on=["doc", "section"], how="full", coalesce=True
    )
    pictured = pl.col("doc").is_in(_pictured(facts).implode())
    yield findings(
        found,
        facts.form,
        reason=pl.when(pl.col("case").is_null() & pictured).then(pl.lit(Reason.IN_PICTURE)),
        fails=ALWAYS,
        said={"case": pl.col("case").fill_null("missing"), "printed": pl.col("printed")},
        subject=pl.col("section"),
        severity=pl.when(pl.col("case").is_not_null()).then(pl.lit(test.traced)),
        placed=True,
    )
    yield findings(others(facts, found), facts.form, subject=REPORT)


def _pictured(facts: Facts) -> pl.Series:
    """The reports in which something stands that isn't text."""
    of = facts.diagnostics.filter(pl.col("code").is_in(PICTURES)).select("doc").unique()
    return of.collect()["doc"]


class SectionOrder(RuleKind, frozen=True, tag="section_order"):
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


def section_order(test: SectionOrder, facts: Facts) -> Iterator[pl.LazyFrame]:
    """One result a heading that is out of place or oddly numbered, else one for the report.

    Args:
        test: The rule.
        facts: Looks at `diagnostics` of the codes `test.cases`, and at `sections` for whether
            there are any.

    Yields:
        Results as `findings` makes them: `subject` is the section; a failure's case is the
        diagnostic's code, with `printed`, the heading. A pass or skip is about `report`.

    Source:
        国办公开办函〔2019〕60号、国办公开办函〔2021〕30号
    """
    found = facts.diagnostics.filter(pl.col("code").is_in(sorted(test.cases)))
    yield findings(
        found,
        facts.form,
        fails=ALWAYS,
        said={"case": pl.col("code"), "printed": pl.col("printed")},
        subject=pl.col("section"),
        placed=True,
    )
    headed = facts.sections.select("doc", headed=ALWAYS).unique("doc")
    yield findings(
        others(facts, found).join(headed, on="doc", how="left"),
        facts.form,
        reason=pl.when(pl.col("headed").is_null()).then(pl.lit(Reason.NO_HEADING)),
        subject=REPORT,
    )


class TablesPresent(RuleKind, frozen=True, tag="tables_present"):
    """Each table of the form is in the report.

    A report with the headings of its sections and no table at all is a finding of its own,
    with `pictured` as its severity where pictures may show them.
    """

    pictured: Severity

    cases = frozenset({"missing", "all", "pictured"})


def tables_present(_: TablesPresent, facts: Facts) -> Iterator[pl.LazyFrame]:
    """One result a table none of whose cells is in the document, else one for the report.

    Args:
        facts: Looks at `state` of `values` in all cells of the form.

    Yields:
        Results as `findings` makes them: `subject` is the table, with the case `missing`; a pass
        is about `report`.

    Source:
        国办公开办函〔2019〕60号、国办公开办函〔2021〕30号
    """
    missing = {table.code: pl.col(f"{table.code}~absent") for table in facts.form.tables}
    for table, absent in missing.items():
        yield findings(
            facts.reports.filter(absent),
            facts.form,
            fails=ALWAYS,
            said={"case": pl.lit("missing")},
            subject=pl.lit(table),
        )
    yield findings(
        facts.reports.filter(~pl.any_horizontal(missing.values())), facts.form, subject=REPORT
    )


def no_tables(test: TablesPresent, diagnostics: pl.LazyFrame) -> pl.LazyFrame:
    """One failure a report of no known form that has its sections' headings and no table.

    Args:
        test: The rule.
        diagnostics: Those of the reports of no known form, with `doc`: `code` is looked at.

    Returns:
        Columns of `COLUMNS`: `subject` is `report`, and `params` holds the case, `all` or, where
        pictures may show the tables, `pictured` with the severity `test.pictured`.

    Source:
        国办公开办函〔2019〕60号、国办公开办函〔2021〕30号
    """
    pictured = pl.col("code").is_in(PICTURES).any()
    case = pl.when("pictured").then(pl.lit("pictured")).otherwise(pl.lit("all"))
    return (
        diagnostics.group_by("doc", maintain_order=True)
        .agg(none=(pl.col("code") == "no_tables").any(), pictured=pictured)
        .filter("none")
        .select(
            "doc",
            subject=REPORT,
            outcome=pl.lit("fail"),
            severity=pl.when("pictured").then(pl.lit(test.pictured)),
            params=pl.struct(case=case).struct.json_encode(),
        )
    )


class RowsPresent(RuleKind, frozen=True, tag="rows_present"):
    """Each row of the form is in the report.

    Several leaves printed as their group's one row are a finding of their own,
    with `combined` as its severity.
    """

    combined: Severity

    cases = frozenset({"missing", "combined"})


def rows_present(test: RowsPresent, facts: Facts) -> Iterator[pl.LazyFrame]:
    """One result a row that is missing from a table that is there, else one for the report.

    Args:
        test: The rule.
        facts: Looks at `state` of `values` in all cells of the form.

    Yields:
        Results as `findings` makes them: `subject` is `table.row.*`, with the case `missing` or
        `combined`; a pass, or a skip where no table is there, is about `report`.

    Source:
        国办公开办函〔2019〕60号、国办公开办函〔2021〕30号
    """
    lost = (
        facts.reports.select("doc", **_rows_lost(facts.form))
        .unpivot(index="doc", variable_name="subject", value_name="lost")
        .filter("lost")
    )
    merged = pl.concat(_rows_merged(facts))
    found = pl.concat(
        [lost.select("doc", "subject", case=pl.lit("missing"), at=pl.lit(None, pl.Int64)), merged]
    )
    found = found.collect().lazy()
    yield findings(
        found,
        facts.form,
        fails=ALWAYS,
        said={"case": pl.col("case")},
        subject=pl.col("subject"),
        severity=pl.when(pl.col("case") == "combined").then(pl.lit(test.combined)),
        at=pl.col("at"),
    )
    yield findings(
        others(facts, found),
        facts.form,
        reason=pl.when(
            pl.all_horizontal(f"{table.code}~absent" for table in facts.form.tables)
        ).then(pl.lit(Reason.ABSENT)),
        subject=REPORT,
    )


def _rows_lost(form: Form) -> dict[str, pl.Expr]:
    """By subject, whether a row is missing and no group row stands in its place."""
    lost = {}
    for table in form.tables:
        for row in table.value_rows:
            subject = key(table.code, row.code, "*")
            there = ~pl.col(f"{table.code}~absent")
            lost[subject] = there & pl.col(f"{table.code}.{row.code}~absent")
            if row.parent is not None:
                lost[subject] &= ~pl.col(f"{table.code}.{row.parent}~as_one")
    return lost


def _rows_merged(facts: Facts) -> Iterator[pl.LazyFrame]:
    """The group rows printed in the place of their leaves, with their first cell's place."""
    yield pl.LazyFrame(
        schema={"doc": pl.UInt32, "subject": pl.String, "case": pl.String, "at": pl.Int64}
    )
    for table in facts.form.tables:
        for group in (row.code for row in table.rows if row.kind == "group"):
            cells = [key(table.code, group, column.code) for column in table.value_columns]
            yield facts.reports.filter(f"{table.code}.{group}~as_one").select(
                "doc",
                subject=pl.lit(key(table.code, group, "*")),
                case=pl.lit("combined"),
                at=pl.coalesce(at(cell) for cell in cells),
            )


_NUMBER = "[一二三四五六七八九十]|1?[0-9]"
_COUNTED = rf"({_NUMBER})个?(?:大?部分|方面|章节)"
# `由甲、乙、丙等六个部分组成`, `共分六个部分：甲、乙、丙。`
_LISTED = r"([^。：:]{8,260}?)(等)?"
_LISTED_BEFORE = (
    r"(?:由|包括|包含|分为|分别为|分别是|内容为)[:：]?"
    + _LISTED
    + r"(?:共计|总共|共|这)?"
    + _COUNTED
)
_LISTED_AFTER = (
    _COUNTED
    + r"(?:内容|组成|构成)?[,，]?(?:分别为|分别是|包括|包含|即|依次为|具体为|[:：])[:：]?"
    + _LISTED
    + r"(?:组成|构成|内容)?。"
)
_NUMERALS = {n: i for i, n in enumerate("一二三四五六七八九十", start=1)}
_BETWEEN = r"[\s、，,；;\d.．()（）一二三四五六七八九十]|以及|及其|和|与|及|等|内容|方面"
_PART = "\ue000"  # stands for a part's name; no document has it (private use)


class PartsListed(RuleKind, frozen=True, tag="parts_listed"):
    """Where the introduction says how many parts there are, it lists as many.

    `parts` are patterns of a part's name, the longer before those within them.
    """

    parts: tuple[str, ...]

    fail_words = COMPARED | {"text"}
    pass_words = COMPARED


def parts_listed(test: PartsListed, facts: Facts) -> Iterator[pl.LazyFrame]:
    """The parts that the introduction counts, against those that it lists.

    Only where what is listed are names of parts and nothing else.

    Args:
        test: The rule.
        facts: Looks at `text` of paragraphs in `parts`; without that table there are no results.

    Yields:
        Results as `findings` makes them, one a report: `subject` is `report`, `expected` the
        number of parts that is said, `actual` that of those listed; a failure holds `text`, the
        list. The place is that of the part.

    Source:
        国办公开办函〔2019〕60号、国办公开办函〔2021〕30号：格式分六个部分
    """
    if facts.parts is None:
        return
    text = pl.col("run")
    words = ["部分", "方面", "章节", "由", "包括", "包含", "分为", "分别", "内容为"]
    found = (
        running(facts.parts.filter(pl.col("kind") == "paragraph"), words)
        .filter(text.str.contains(_COUNTED))
        .with_columns(
            before=pl.when(begins_here(_LISTED_BEFORE)).then(
                text.str.extract_groups(_LISTED_BEFORE)
            ),
            after=pl.when(begins_here(_LISTED_AFTER)).then(text.str.extract_groups(_LISTED_AFTER)),
        )
        .with_columns(
            number=pl.coalesce(
                pl.col("before").struct.field("3"), pl.col("after").struct.field("1")
            ),
            listed=pl.coalesce(
                pl.col("before").struct.field("1"), pl.col("after").struct.field("2")
            ),
            open=pl.coalesce(pl.col("before").struct.field("2"), pl.col("after").struct.field("3")),
        )
        .filter(pl.col("number").is_not_null())
        .sort("ordinal")
        .unique("doc", keep="first", maintain_order=True)
        .select("doc", "number", "listed", "open", "part", length=pl.col("text").str.len_chars())
    )
    named = pl.col("listed")
    for pattern in test.parts:
        named = named.str.replace_all(pattern, _PART)
    rest = named.str.replace_all(_BETWEEN, "")
    number = pl.col("number").replace_strict(
        _NUMERALS, default=pl.col("number").cast(pl.Float64, strict=False), return_dtype=pl.Float64
    )
    found = found.with_columns(
        counted=number,
        made=rest.str.count_matches(_PART).cast(pl.Float64),
        rest=rest.str.replace_all(_PART, ""),
    )
    counted, made = pl.col("counted"), pl.col("made")
    # `等` may close a list as well as leave it open
    unsure = (
        (pl.col("rest") != "") | (made == 0) | ((made < counted) & pl.col("open").is_not_null())
    )
    known = pl.col("why").is_null()
    yield findings(
        facts.reports.select("doc").join(found, on="doc", how="left"),
        facts.form,
        reason=pl.when(counted.is_null())
        .then(pl.lit(Reason.NOT_STATED))
        .when(unsure.fill_null(value=True))
        .then(pl.lit(Reason.LIST_UNSURE)),
        fails=counted != made,
        said={"text": pl.col("listed").str.slice(0, TITLE_LENGTH)},
        subject=REPORT,
        expected=pl.when(known).then(counted),
        actual=pl.when(known).then(made),
        part=pl.col("part"),
        start=pl.when(pl.col("part").is_not_null()).then(0),
        end=pl.col("length"),
    )
