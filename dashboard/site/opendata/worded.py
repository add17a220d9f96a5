"""Rows of a table in, the same for people out: names and labels first, codes and hashes last.

A column `x_label` has the words of the code in `x`; `sentence` says what a result or a
remark on our reading says. Null stays null.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, lru_cache

import msgspec
import polars as pl

from dashboard.data import Data, Row
from dashboard.labels import t
from dashboard.site import hashes
from dashboard.views.datatables import column_label, word
from dashboard.views.sentences import check_sentence, diagnostic_sentence, result_label

LANG = "zh"
OTHER = "en"
FRONT = ("agency_name", "region", "year")
"""Whose row it is, in the first columns of every table about reports."""
_CODES = (
    *("form", "table", "row", "column", "section", "kind", "check", "subject", "outcome"),
    *("severity", "state", "level", "field", "rule", "status", "reason", "due_by", "date_rule"),
    *("agency_kind", "agency_level", "source", "error"),
)
_LAST = (
    *("scope", "code", "link", "theme", "themes", "point_id", "other_point_id", "group"),
    *("report_id", "agency_id", "region_code", "document_id", "other", "other_document_id"),
    *("params", "part", "start", "end_part", "end"),
)
# What of the row a code's words depend on.
_CONTEXT = {"row": ("form", "table"), "column": ("form", "table"), "table": ("form",)}
_CONTEXT |= {"subject": ("form",), "check": ("outcome",)}
# Those whose own columns say whose they are, or that are about files.
_NAMELESS = ("agencies", "documents")
_KEYS = {"document_id", "agency_id", "report_id"}
_SENTENCES = ("checks", "diagnostics")
_NO_CODE = {("corrections", "reason"), ("corrections", "source"), ("promises", "link")}


class Named(msgspec.Struct, frozen=True, dict=True):
    """Who is behind a document or an agency, for the first columns.

    Attributes:
        documents: `document_id`, `agency_name`, `region`, `year`, `form`, `report_id`,
            `agency_id`, `region_code` of current reports, in the order of lists.
        agencies: `agency_id`, `agency_name`, `region`, `region_code` of all agencies.
    """

    documents: pl.DataFrame
    agencies: pl.DataFrame

    @cached_property
    def told(self) -> bytes:
        """The hash of the agencies."""
        return hashes.whole(self.agencies)

    @cached_property
    def of_documents(self) -> hashes.Hashes:
        """Of each document the hash of all that `with_names` may put beside its rows."""
        found = hashes.by(self.documents, "document_id")
        # Of these the agencies of their rows say what isn't known.
        nameless = pl.col("agency_name").is_null() | pl.col("region").is_null()
        for document in self.documents.filter(nameless)["document_id"]:
            found[document] += self.told
        return found


def named(data: Data) -> Named:
    """Of a dataset."""
    columns = ("agency_name", "region", "year", "form", "report_id", "agency_id", "region_code")
    order = ("region_code", "agency_level", "agency_name", "agency_id", "year", "document_id")
    cards = data.reports.with_columns(pl.col("agency_level", "form").cast(pl.String))
    documents = cards.sort(*order, nulls_last=True).select("document_id", *columns).collect()
    agencies = data.agencies.rows.select("agency_id", "agency_name", "region", "region_code")
    return Named(documents, agencies)


def in_words(table: str, full: pl.DataFrame, own: Sequence[str]) -> pl.DataFrame:
    """Some rows of a table with words before codes.

    Args:
        table: Its name.
        full: What `with_names` gave.
        own: The columns that the table has in the dataset.

    Returns:
        The same rows in their order; columns by `columns`.
    """
    coded = [name for name in _CODES if name in own and (table, name) not in _NO_CODE]
    full = full.with_columns(_label(table, name, full) for name in coded)
    if table in _SENTENCES:
        full = full.with_columns(
            pl.Series("sentence", _said(table, full, LANG), pl.String),
            pl.Series("sentence_en", _said(table, full, OTHER), pl.String),
        )
    return full.select(columns(table, own))


def columns(table: str, own: Sequence[str]) -> list[str]:
    """The columns of a worded table: whose, what it says, labels, its own; codes and ids last.

    Args:
        table: Its name.
        own: The columns that it has in the dataset.
    """
    coded = [name for name in _CODES if name in own and (table, name) not in _NO_CODE]
    named_here = bool(_KEYS & set(own)) and table not in _NAMELESS
    front = list(FRONT) if named_here else []
    said = ["sentence", "sentence_en"] if table in _SENTENCES else []
    ids = ["report_id"] if "document_id" in own and named_here else []
    plain = [name for name in own if name not in (*front, *coded, *_LAST)]
    last = [name for name in _LAST if name in (*own, *ids)]
    return [*front, *said, *(f"{name}_label" for name in coded), *plain, *coded, *last]


def with_names(rows: pl.DataFrame, known: Named) -> pl.DataFrame:
    """Rows of a table with all that is known of whose they are: what their words are made from."""
    key = next((one for one in ("document_id", "report_id") if one in rows.columns), None)
    if key is not None:
        more = [name for name in known.documents.columns if name not in rows.columns]
        about = known.documents.select(key, *more)
        rows = rows.join(about, on=key, how="left", maintain_order="left")
    if "agency_id" in rows.columns:
        rows = _with_agencies(rows, known)
    lacking = [name for name in FRONT if name not in rows.columns]
    return rows.with_columns(pl.lit(None).alias(name) for name in lacking)


def _with_agencies(rows: pl.DataFrame, known: Named) -> pl.DataFrame:
    """Names by the agency's id, where the document doesn't say."""
    about = known.agencies.select("agency_id", _name="agency_name", _region="region")
    found = rows.join(about, on="agency_id", how="left", maintain_order="left")
    pairs = {"agency_name": "_name", "region": "_region"}
    return found.with_columns(
        pl.coalesce(*(one for one in (name, own) if one in found.columns)).alias(name)
        for name, own in pairs.items()
    ).drop("_name", "_region")


def _label(table: str, name: str, rows: pl.DataFrame) -> pl.Series:
    """The words of a code, told once for each that there is."""
    about = [one for one in _CONTEXT.get(name, ()) if one in rows.columns]
    keys = rows.select(*about, name).unique(maintain_order=True)
    said = [
        None if row[name] is None else _words(table, name, row) or None
        for row in keys.iter_rows(named=True)
    ]
    label = f"{name}_label"
    keys = keys.with_columns(pl.Series(label, said, pl.String))
    joined = rows.select(*about, name).join(
        keys, on=[*about, name], how="left", nulls_equal=True, maintain_order="left"
    )
    return joined[label]


def _words(table: str, name: str, row: Row) -> str:
    """Beside a result stands what the rule asks, unless it fails: its title names the failure."""
    if table == "checks" and name == "check":
        return result_label(row["check"], row["outcome"], LANG)
    return word(table, name, row[name], row, LANG)


def _said(table: str, rows: pl.DataFrame, lang: str) -> list[str | None]:
    if table == "checks":
        # What a failure says; of a pass and a skip the labels say enough.
        told: list[str | None] = [None] * rows.height
        failed = rows.with_row_index("_at").filter(pl.col("outcome") == "fail")
        for row in failed.iter_rows(named=True):
            told[row["_at"]] = check_sentence(row, lang)
        return told
    return [_remark(*row, lang) for row in rows.select("code", "params", "form").iter_rows()]


@lru_cache(maxsize=50_000)
def _remark(code: str, params: str, form: str | None, lang: str) -> str:
    """What a diagnostic says; the same is said of many cells."""
    return diagnostic_sentence({"code": code, "params": params}, form, lang)


def column_title(name: str, lang: str) -> str:
    """What a column of a worded table has, in words."""
    if name in ("sentence", "sentence_en"):
        return t(f"opendata.columns.{name}", lang)
    base = name.removesuffix("_label")
    if base != name:
        return t("opendata.columns.label", lang, column=column_label(base, lang))
    return column_label(name, lang)
