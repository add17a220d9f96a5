"""A small fictional dataset for tests of views, charts and site, with the traps they must mind.

Agencies of one county: A reports 2019-2022 (a number of 2021 can't be read, 2022
doesn't balance; of 2020 there is a second reading with another number), B reports 2021
only, with blanks for zeros and a hostile name; C's name, year and form can't be told;
D, on the roster, has no report. The report of 2022 is 6 days late by its page.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from pathlib import Path
from typing import Any

from govreport_core import checks
from govreport_core.dataset import publishing
from govreport_core.dataset.cards import of_frames
from govreport_core.dataset.counting import counts
from govreport_core.forms import forms
from govreport_core.schemas import TABLES, frame

HOSTILE = '海棠县<script>alert("x")</script>局'
A, B, C, D = "370199-a", "370199-b", "doc-c", "370199-d"


class Rows:
    """Collects the rows of all tables."""

    def __init__(self) -> None:
        self.tables: dict[str, list[dict[str, Any]]] = {name: [] for name in TABLES}

    def add(self, table: str, /, **row: Any) -> None:
        self.tables[table].append(row)


def write_small(folder: Path) -> Path:
    rows = Rows()
    for year in (2019, 2020, 2021, 2022):
        form = "form_2019" if year < 2021 else "form_2021"
        done = year - 2011.0
        numbers = {
            "requests_received": done + 1,
            "granted_full": done,
            "disposed_total": done,
            "requests_carried_forward": 1.0,
        }
        report(rows, A, "海棠县财政局", year, form, numbers)
        if year == 2020:
            numbers["requests_received"] = done + 3
            report(rows, A, "海棠县财政局", year, form, numbers, copy="b")
    five = dict.fromkeys(("requests_received", "granted_full", "disposed_total"), 5.0)
    report(rows, B, HOSTILE, 2021, "form_2021", five)
    report(rows, C, None, None, None, {})
    rows.add(
        "documents", path="bad/empty.txt", status="failed", error="empty", message="empty file"
    )
    _faults(rows)
    for agency, name in ((A, "海棠县财政局"), (B, HOSTILE), (D, "海棠县档案馆")):
        rows.add(
            "agencies", agency_id=agency, name=name, region_code="370199",
            level="county", kind="department", source="roster",
        )  # fmt: skip
    return written(folder, rows)


def written(folder: Path, rows: Rows) -> Path:
    """A dataset of these rows, judged and counted."""
    frames = {name: frame(name, found) for name, found in rows.tables.items()}
    frames["checks"] = checks.run(frames)
    frames["cards"] = of_frames(frames)
    frames["counts"] = counts(frames["cards"], [frames["checks"].lazy()])
    publishing.write(folder, frames, versions={"forms": "test", "rules": "test"})
    return folder


def document(agency: str, year: int | None, copy: str = "") -> str:
    return hashlib.sha256(f"{agency}-{year}{copy}".encode()).hexdigest()


def report(
    rows: Rows,
    agency: str,
    name: str | None,
    year: int | None,
    form: str | None,
    numbers: dict[str, float],
    copy: str = "",
) -> None:
    doc = document(agency, year, copy)
    lines = [f"{name}{year}年政府信息公开工作年度报告", "一、总体情况", "本年工作平稳。"]
    title = lines[0] if name else None
    rows.add(
        "reports", document_id=doc, report_id=f"{agency}-{year or 'null'}", current=not copy,
        agency_id=agency, agency_name=name, agency_kind="department" if name else None,
        agency_level="county" if name else None, region_code="370199" if name else None,
        province="山东省" if name else None, prefecture="海州市" if name else None,
        county="海棠县" if name else None, year=year, form=form, title=title,
        source_url="https://example.org/r.html" if agency == A else "javascript:alert(1)",
    )  # fmt: skip
    rows.add(
        "documents", path=f"{agency}/{year}{copy}.txt", document_id=doc, status="read",
        media_type="text/plain", size=10,
    )  # fmt: skip
    if name:
        rows.add(
            "evidence", document_id=doc, field="agency_name", candidate=name, chosen=True,
            rule="title", part="line:1", start=0, end=len(name),
        )  # fmt: skip
        rows.add(
            "sections", document_id=doc, year=year, section="s1_overview", heading=lines[1],
            text=lines[2], part="line:2", start=0, end_part="line:3", end=len(lines[2]),
        )  # fmt: skip
        rows.add(
            "points", document_id=doc, point_id=f"p-{doc}", year=year, kind="problem", ordinal=1,
            text="内容不够细", themes=[], part="line:3", start=0, end_part="line:3", end=2,
        )  # fmt: skip
    if form is not None:
        _values(rows, lines, doc, year, form, numbers)
    for ordinal, text in enumerate(lines):
        rows.add(
            "parts", document_id=doc, ordinal=ordinal, part=f"line:{ordinal + 1}",
            kind="paragraph", text=text,
        )  # fmt: skip


def _values(
    rows: Rows, lines: list[str], doc: str, year: int | None, form: str, numbers: dict[str, float]
) -> None:
    for table in forms()[form].tables:
        for row in table.value_rows:
            for column in table.value_columns:
                number: float | None = 0.0
                if column.code in ("natural_person", "applicant_total"):
                    number = numbers.get(row.code, 0.0)
                lines.append(f"\t{number:g}")
                rows.add(
                    "values", document_id=doc, year=year, form=form, table=table.code,
                    row=row.code, column=column.code, number=number, state="reported",
                    raw=f"{number:g}", part=f"line:{len(lines)}", start=1, end=len(lines[-1]),
                )  # fmt: skip


def value(rows: Rows, agency: str, year: int, cell: str) -> dict[str, Any]:
    doc = document(agency, year)
    key = (doc, *cell.split("."))
    return next(
        row
        for row in rows.tables["values"]
        if (row["document_id"], row["table"], row["row"], row["column"]) == key
    )


def _faults(rows: Rows) -> None:
    received = "t3_requests.requests_received.applicant_total"
    value(rows, A, 2021, received).update(number=None, state="unreadable", raw="012")
    rows.add(
        "diagnostics", document_id=document(A, 2021), level="doubt", code="number_unreadable",
        params=json.dumps(
            {
                "table": "t3_requests", "row": "requests_received",
                "column": "applicant_total", "raw": "012",
            }
        ),
        part="line:4", start=0, end=1,
    )  # fmt: skip
    value(rows, A, 2022, "t3_requests.denied_state_secret.applicant_total").update(
        number=None, state="placeholder", raw="/"
    )
    for column in ("natural_person", "applicant_total"):
        value(rows, A, 2022, f"t3_requests.requests_carried_over.{column}").update(
            number=3.0, raw="3"
        )
    value(rows, A, 2022, "t2_art20_8.administrative_fees.fee_amount").update(
        number=25.1, raw="251000元", unit="元"
    )
    _coverage(rows)
    for row in rows.tables["values"]:
        of_b = row["document_id"] == document(B, 2021) and row["table"] == "t3_requests"
        if of_b and row["number"] == 0:
            row.update(number=None, state="blank", raw="")


def _coverage(rows: Rows) -> None:
    """A is in time for 2021 and late for 2022; D wasn't found for 2021, and not looked for else."""
    rows.add(
        "evidence", document_id=document(A, 2022), field="published_on", candidate="2023-02-06",
        chosen=True, rule="metadata", part="line:3", start=0, end=2,
    )  # fmt: skip
    law = {"required": True, "due_by": "law_department"}
    for agency, year, status, more in (
        (A, 2019, "published", {"reason": "date_unknown", "due": dt.date(2020, 1, 31)}),
        (A, 2020, "published", {"reason": "date_unknown", "due": dt.date(2021, 1, 31)}),
        (A, 2021, "on_time", {
            "due": dt.date(2022, 1, 31), "published_on": dt.date(2022, 1, 20),
            "date_rule": "manifest",
        }),
        (A, 2022, "late", {
            "due": dt.date(2023, 1, 31), "published_on": dt.date(2023, 2, 6), "days_late": 6,
            "date_rule": "metadata", "part": "line:3", "start": 0, "end": 2,
        }),
        (B, 2021, "published", {"reason": "no_deadline"}),
        (D, 2020, "not_required", {"reason": "outside_its_time", "required": False}),
        (D, 2021, "not_found", {"due": dt.date(2022, 1, 31)}),
        (D, 2022, "not_collected", {"due": dt.date(2023, 1, 31)}),
    ):  # fmt: skip
        doc = None if agency == D else document(agency, year)
        set_by = law if "due" in more else {}
        rows.add(
            "coverage", agency_id=agency, year=year, status=status, document_id=doc,
            **(set_by | more),
        )  # fmt: skip
