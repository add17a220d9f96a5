"""A list's items in, their rows in words out: the results of these reports alone are read."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import polars as pl

from govreport_core import checks, languages, wording
from govreport_core.checks.publication import Collected
from govreport_core.coverage import due_words
from govreport_core.coverage.definitions import deadlines
from govreport_core.dataset import slices
from govreport_core.worklist.items import MISSED

_Dated = Mapping[tuple[str, int], Mapping[str, Any]]
"""Rows of `coverage` by agency and year."""
_KEYS = ("document_id", "agency_id", "year", "check", "severity")


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a list says beside the rules' own words, in one language.

    Attributes:
        columns: Heads, by the names of `Item`'s fields, in their order.
    """

    late: str
    late_undated: str
    not_found: str
    late_title: str
    not_found_title: str
    publication: str
    unnamed: str
    late_advice: str
    not_found_advice: str
    columns: dict[str, str]


class Item(msgspec.Struct, frozen=True):
    """One row of a list, in words.

    Attributes:
        problem: One sentence, with both figures and how far they are apart.
        link: Where the report is published; None where that is no web address.
    """

    agency: str
    year: int | None
    problem: str
    position: str
    basis: str
    advice: str
    link: str | None
    severity: str
    rule: str
    report: str | None
    code: str


class Row(msgspec.Struct, frozen=True):
    """An item's row with what leads to it: its report, and the row of `checks`, if it has one."""

    item: Item
    report_id: str | None
    agency_id: str
    severity: str
    check: str | None
    subject: str | None
    form: str | None


def rows(
    some: pl.DataFrame,
    version: Path,
    tables: Mapping[str, pl.LazyFrame],
    lang: str,
    failed: pl.DataFrame | None = None,
) -> tuple[Row, ...]:
    """The rows of some items, in their order.

    Args:
        some: What `items` gave, or a stretch of it.
        version: The folder of the dataset's version.
        tables: Its tables; read are `offsets`, of `checks` the files that hold any of the
            reports, `coverage` where something is late that no rule says, and `documents`
            where a report has neither an agency's name nor a title.
        lang: Language of the words.
        failed: All failed results of `checks`, where they have been read.
    """
    keyed = some.with_row_index("at")
    told = _failed(some, version, tables) if failed is None else failed
    own = told.with_columns(pl.col("year").cast(pl.Int32)).with_row_index("order")
    found = (
        keyed.join(own, on=list(_KEYS), how="left", nulls_equal=True)
        .filter(pl.col("check").is_in(MISSED) | pl.col("subject").is_not_null())
        .sort("at", "order", nulls_last=True)
    )
    late, files = _late(some, tables), _files(some, tables)
    return tuple(_row(row, late, files, lang) for row in found.iter_rows(named=True))


def _failed(some: pl.DataFrame, version: Path, tables: Mapping[str, pl.LazyFrame]) -> pl.DataFrame:
    told = slices.failures(version, tables, some["document_id"].drop_nulls().unique())
    if not some["document_id"].null_count():
        return told
    nothing = tables["checks"].filter(pl.col("document_id").is_null())
    return pl.concat([told, nothing.filter(pl.col("outcome") == "fail").collect()])


@cache
def words(lang: str) -> Words:
    """What a list says beside the rules' own words."""
    return languages.words(lang, "worklist", Words)


def _late(some: pl.DataFrame, tables: Mapping[str, pl.LazyFrame]) -> _Dated:
    """The rows of `coverage` of those late that no rule says."""
    late = some.filter(pl.col("check") == "late").select("agency_id", "year")
    if late.is_empty():
        return {}
    found = tables["coverage"].join(late.lazy(), on=["agency_id", "year"], how="semi").collect()
    return {(row["agency_id"], row["year"]): row for row in found.iter_rows(named=True)}


def _files(some: pl.DataFrame, tables: Mapping[str, pl.LazyFrame]) -> dict[str, str]:
    """The names of the files of reports that nothing else tells apart."""
    bare = pl.col("agency_name").is_null() & pl.col("title").is_null()
    wanted = some.filter(bare)["document_id"].drop_nulls().unique()
    if wanted.is_empty():
        return {}
    files = tables["documents"].filter(pl.col("document_id").is_in(wanted.implode()))
    found = files.select("document_id", "path").sort("path", descending=True).collect()
    return {document: path.rpartition("/")[2] for document, path in found.iter_rows()}


def _row(row: Mapping[str, Any], late: _Dated, files: Mapping[str, str], lang: str) -> Row:
    missed = row["subject"] is None
    said = _missed(row, late, lang) if missed else _of_rule(row, lang)
    link = row["source_url"]
    item = Item(
        agency=_agency(row, files, lang),
        year=row["year"],
        **said,
        link=link if link and link.startswith(("https://", "http://")) else None,
        severity=wording.grade(row["severity"], lang),
        report=row["report_id"],
        code=row["check"],
    )
    params = {} if missed else msgspec.json.decode(row["params"], type=dict[str, Any])
    return Row(
        item,
        row["report_id"],
        row["agency_id"],
        row["severity"],
        None if missed else row["check"],
        row["subject"],
        params.get("form"),
    )


def _of_rule(row: Mapping[str, Any], lang: str) -> dict[str, str]:
    """What a failed rule says; one that is no longer in the catalogue only that it failed."""
    rule = checks.catalogue().get(row["check"])
    if rule is None:
        return {
            "problem": wording.grade(row["outcome"], lang), "position": "", "basis": "",
            "advice": "", "rule": row["check"],
        }  # fmt: skip
    nowhere = row["document_id"] is None
    return {
        "problem": wording.sentence(row, lang),
        "position": words(lang).publication if nowhere else wording.position(row, lang),
        "basis": rule.source,
        "advice": wording.advice(rule.code, lang),
        "rule": checks.rule_words(lang)[rule.code].title,
    }


def _missed(row: Mapping[str, Any], late: _Dated, lang: str) -> dict[str, str]:
    """What the status alone says."""
    said = words(lang)
    if row["status"] == "not_found":
        return {
            "problem": said.not_found, "position": said.publication,
            "basis": _sought(), "advice": said.not_found_advice,
            "rule": said.not_found_title,
        }  # fmt: skip
    told = late.get((row["agency_id"], row["year"]), {})
    set_by = told.get("due_by")
    why, known = due_words(set_by, lang) if set_by else "", deadlines().get(set_by or "")
    problem = said.late_undated
    if why:
        problem = said.late.format(
            date=told["published_on"], due=told["due"], why=why, days=told["days_late"]
        )
    return {
        "problem": problem, "position": said.publication, "basis": known.source if known else why,
        "advice": said.late_advice, "rule": said.late_title,
    }  # fmt: skip


def _agency(row: Mapping[str, Any], files: Mapping[str, str], lang: str) -> str:
    """The agency's name; where it isn't known its report's title or file tells it from others."""
    if row["agency_name"]:
        return str(row["agency_name"])
    told = row["title"] or files.get(row["document_id"])
    if told:
        return words(lang).unnamed.format(title=told)
    return wording.verdict_words(lang).agency_unknown


def _sought() -> str:
    """What it rests on that a report was looked for."""
    rules = checks.catalogue().values()
    return next((rule.source for rule in rules if isinstance(rule.test, Collected)), "")
