"""The readings of one report in, how the others differ from the one that is shown out."""

from __future__ import annotations

from typing import Any

import polars as pl

from dashboard import labels
from dashboard.data import Data, Row, rows_of
from dashboard.labels import t
from dashboard.views.records import DifferenceRow, VersionView
from dashboard.views.tables import cell_id
from govreport_core.dataset.versions import difference, versions
from govreport_core.model import Record


class Other(Record, frozen=True, gc=False):
    """A reading that isn't shown, its row of `versions`, and the cells that differ."""

    row: Row
    form: str | None
    differences: list[Row]


def other_readings(data: Data, card: Row) -> list[Other]:
    """The readings of a report that aren't shown, with the cells that differ; mostly none."""
    replaced = data.replaced
    if not replaced.is_empty():
        replaced = replaced.filter(pl.col("report_id") == card["report_id"])
    if replaced.is_empty():
        return []
    shown = card["document_id"]
    here = pl.col("document_id").is_in([*replaced["document_id"], shown])
    found = versions(data.tables["reports"].filter(here).collect())
    values = pl.concat(rows_of(data, document, "values") for document in found["document_id"])
    forms: dict[str, str | None] = dict(replaced.select("document_id", "form").iter_rows())
    return [
        Other(
            row,
            card["form"] or forms[row["document_id"]],
            difference(values, row["document_id"], shown).to_dicts(),
        )
        for row in found.filter(~pl.col("current")).iter_rows(named=True)
    ]


def version_view(other: Other, paths: tuple[str, ...], lang: str) -> VersionView:
    """One other reading in words."""
    row = other.row
    same = {True: "same", False: "elsewhere", None: "unknown"}[row["same_address"]]
    facts = [
        (t("app.file", lang), t("places.and", lang).join(paths)),
        (t("fields.published_on", lang), str(row["published_on"] or t("values.unknown", lang))),
        (t("fields.source_url", lang), t(f"versions.address.{same}", lang)),
    ]
    unread = sum(cell["kind"] == "unread" for cell in other.differences)
    count = len(other.differences) - unread
    headline = t("versions.differ" if count else "versions.same", lang, n=count)
    if unread:
        key = "versions.differ_unread" if count else "versions.unread"
        headline = t(key, lang, n=count, unread=unread)
    return VersionView(
        document_id=row["document_id"],
        headline=headline,
        facts=tuple(facts),
        differences=tuple(_difference(cell, other.form, lang) for cell in other.differences),
    )


def _difference(cell: Row, form: str | None, lang: str) -> DifferenceRow:
    key = (cell["table"], cell["row"], cell["column"])
    return DifferenceRow(
        kind=cell["kind"],
        kind_label=t(f"versions.kinds.{cell['kind']}", lang),
        sign=t(f"versions.signs.{cell['kind']}", lang),
        label=labels.cell_label(form, *key, lang),
        cell_id=cell_id(*key),
        other=_said(cell["before"], cell["state_before"], cell["raw_before"], lang),
        shown=_said(cell["after"], cell["state_after"], cell["raw_after"], lang),
    )


def _said(number: float | None, state: str, raw: Any, lang: str) -> str:
    """The number, or what stands there instead and what that is."""
    if number is not None:
        return labels.number(number)
    word = t(f"states.{state}", lang)
    printed = " ".join(str(raw or "").split())
    return f"{printed} ({word})" if printed else word
