"""Reports in, frames of the dataset's tables out: a record's fields are its table's columns."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from operator import attrgetter
from typing import Any

import msgspec
import numpy as np
import polars as pl

from govreport_core.folding import squash
from govreport_core.model import (
    Claim,
    Diagnostic,
    Document,
    Evidence,
    Part,
    Point,
    Report,
    Section,
    Value,
)
from govreport_core.narrative.themes import theme_codes
from govreport_core.schemas import frame, schema_of

_BETWEEN = "\n"  # codes of themes


class Identity(msgspec.Struct, frozen=True):
    """Whose report it is: the columns of `reports` that the document alone doesn't tell.

    They come from the manifest, the roster and the table of divisions;
    `current` from the choice among several readings.
    """

    report_id: str
    agency_id: str
    current: bool = True
    agency_name: str | None = None
    agency_kind: str | None = None
    agency_level: str | None = None
    region_code: str | None = None
    year: int | None = None
    published_on: dt.date | None = None
    source_url: str | None = None
    province: str | None = None
    prefecture: str | None = None
    county: str | None = None


class FiledReport(msgspec.Struct, frozen=True):
    """A source, what was read from it, and whose report it is."""

    document: Document
    report: Report
    identity: Identity


def frames_of(filed: Iterable[FiledReport]) -> dict[str, pl.DataFrame]:
    """The tables of facts of these reports.

    Numbers are as in `Value`: money in 万元, all else counts; null where none is certain.

    Args:
        filed: One a document; whose report it is is known already.

    Returns:
        `reports`, `parts`, `evidence`, `values`, `sections`, `points`, `claims` and
        `diagnostics`, with the columns of `schemas`, in the order of the reports.
    """
    found = list(filed)
    return {"reports": _reports(found), **{name: _facts(name, found) for name in RECORDS}}


RECORDS: dict[str, tuple[type[msgspec.Struct], Callable[[FiledReport], Sequence[Any]]]] = {
    "parts": (Part, lambda filed: filed.document.parts),
    "evidence": (Evidence, lambda filed: filed.report.evidence),
    "values": (Value, lambda filed: filed.report.values),
    "sections": (Section, lambda filed: filed.report.sections),
    "points": (Point, lambda filed: filed.report.points),
    "claims": (Claim, lambda filed: filed.report.claims),
    "diagnostics": (Diagnostic, lambda filed: filed.report.diagnostics),
}
"""The tables of records, a row each: their columns are fields, or in `OF_REPORT` or `BESIDE`."""

OF_REPORT: dict[str, Callable[[FiledReport], Any]] = {
    "document_id": lambda filed: filed.document.document_id,
    "year": lambda filed: filed.identity.year,
    "form": lambda filed: filed.report.form,
}
"""What all rows of a report hold, where its table has it."""

BESIDE: dict[str, Callable[[FiledReport, Sequence[Any]], list[Any]]] = {
    "ordinal": lambda _, rows: list(range(len(rows))),
    "point_id": lambda filed, rows: _point_ids(filed.identity.report_id, rows),
    "themes": lambda _, rows: [_BETWEEN.join(theme_codes(row.text)) for row in rows],
    "params": lambda _, rows: [_params(row.params) for row in rows],
}
"""What a row holds beside its record's fields, or in another shape, where its table has it."""


def _reports(filed: list[FiledReport]) -> pl.DataFrame:
    rows = [
        {
            "document_id": f.document.document_id,
            "form": f.report.form,
            "title": f.report.title,
            **msgspec.structs.asdict(f.identity),
        }
        for f in filed
    ]
    return frame("reports", rows)


def _facts(table: str, filed: list[FiledReport]) -> pl.DataFrame:
    """A table of records, made column by column: no row is made on the way."""
    record, rows_of = RECORDS[table]
    each = [rows_of(one) for one in filed]
    flat = list(chain.from_iterable(each))
    report = np.repeat(np.arange(len(filed)), [len(rows) for rows in each])
    columns: dict[str, Any] = {}
    for name, kind in schema_of(table).items():
        if name in record.__struct_fields__ and name != "params":
            columns[name] = list(map(attrgetter(name), flat))
        elif name in OF_REPORT:
            columns[name] = pl.Series(map(OF_REPORT[name], filed), dtype=kind)[report]
        else:
            beside = map(BESIDE[name], filed, each)
            columns[name] = list(chain.from_iterable(beside))
    if "themes" in columns:
        columns["themes"] = _codes(columns["themes"])
    return frame(table, columns)


def _codes(joined: list[str]) -> pl.Series:
    """Lists of codes; made of them joined, in a tenth of the time that lists take one by one."""
    codes = pl.col("codes")
    none = pl.lit([], dtype=pl.List(pl.String))
    split = pl.when(codes == "").then(none).otherwise(codes.str.split(_BETWEEN))
    return pl.DataFrame({"codes": joined}, schema={"codes": pl.String}).select(codes=split)["codes"]


def _params(params: Mapping[str, Any]) -> str:
    return json.dumps(dict(params), ensure_ascii=False, sort_keys=True)


def _point_ids(report_id: str, points: Sequence[Point]) -> list[str]:
    """A name for each point that a rebuild keeps: of the report, the kind and the folded text."""
    seen: Counter[tuple[str, str]] = Counter()
    found: list[str] = []
    for point in points:
        text = squash(point.text)
        digest = hashlib.sha256(f"{report_id}|{point.kind}|{text}".encode()).hexdigest()[:12]
        again = seen[point.kind, text]
        seen[point.kind, text] += 1
        found.append(f"{digest}-{again + 1}" if again else digest)
    return found
