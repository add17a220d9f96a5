"""A complete filled form for the tests: every check passes until a test changes a cell."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import polars as pl

from govreport_core.forms import forms
from govreport_core.schemas import frame

T3 = "t3_requests"
T4 = "t4_review_litigation"


@dataclass
class Filled:
    """One report on a form, all its cells 0, with the frames it makes."""

    form: str | None = "form_2021"
    year: int | None = 2023
    document_id: str = "d1"
    title: str | None = "青禾县水务局2023年政府信息公开工作年度报告"
    cells: dict[tuple[str, str, str], dict] = field(default_factory=dict)
    sections: list[str] = field(default_factory=list)
    diagnostics: list[dict] = field(default_factory=list)
    claims: list[dict] = field(default_factory=list)
    evidence: list[dict] = field(default_factory=list)

    def __post_init__(self):
        if self.form is None:
            return
        form = forms()[self.form]
        self.sections = [section.code for section in form.sections]
        for table in form.tables:
            for row in table.value_rows:
                for column in table.value_columns:
                    self.put(table.code, row.code, column.code, 0)
        self.evidence = [
            {"field": name, "candidate": "-", "chosen": True, "rule": "title", "part": "line:1"}
            for name in ("title", "agency_name", "year")
        ]
        self.claim(0, agrees=True)

    def put(self, table, row, column, number, raw=None):
        """Print a number in a cell."""
        self._set(table, row, column, "reported", float(number), raw or str(number))

    def leave(self, table, row, column, state, raw=None, number=None):
        """Leave a cell in a state without a number (or, for words, with one)."""
        self._set(table, row, column, state, number, raw)

    def _set(self, table, row, column, state, number, raw):
        place = {"part": f"{table}/{row}", "start": 0, "end": len(raw or "")}
        if state == "absent":
            place = dict.fromkeys(place)
        self.cells[table, row, column] = {"number": number, "state": state, "raw": raw, **place}

    def row(self, table, row, *numbers):
        """Print a whole row; None is a blank cell."""
        columns = forms()[self.form].table(table).value_columns
        for column, number in zip(columns, numbers, strict=True):
            if number is None:
                self.leave(table, row, column.code, "blank", "")
            else:
                self.put(table, row, column.code, number)

    def every(self, state, *, table=None, row=None, column=None, raw=None):
        """Leave all matching cells of the form in a state."""
        for t, r, c in list(self.cells):
            if table in (None, t) and row in (None, r) and column in (None, c):
                self.leave(t, r, c, state, raw)

    def claim(self, number, *, agrees, scope=None, text="本年收到申请若干件。"):
        """State in the prose how many requests were received."""
        self.claims.append(
            {
                "claim": "received" if number else "none_received",
                "number": float(number),
                "text": text,
                "scope": scope,
                "table": T3,
                "row": "requests_received",
                "column": "applicant_total",
                "agrees": agrees,
                "part": "line:5",
                "start": 2,
                "end": 8,
            }
        )

    def note(self, code, level="note", **params):
        """Say something odd about the reading."""
        place = {"part": "line:7", "start": 1, "end": 3}
        self.diagnostics.append(
            {"level": level, "code": code, "params": json.dumps(params), **place}
        )

    def frames(self) -> dict[str, pl.DataFrame]:
        """The dataset's frames for this report alone."""
        about = {"document_id": self.document_id, "year": self.year}
        reports = {
            **about,
            "report_id": f"a1-{self.year}",
            "current": True,
            "agency_id": "a1",
            "agency_name": "青禾县水务局",
            "form": self.form,
            "title": self.title,
        }
        values = [
            {**about, "form": self.form, "table": t, "row": r, "column": c, **cell}
            for (t, r, c), cell in self.cells.items()
        ]
        sections = [
            {
                **about,
                "section": code,
                "heading": code,
                "text": "",
                "part": f"line:{n}",
                "start": 0,
                "end_part": f"line:{n}",
                "end": 4,
            }
            for n, code in enumerate(self.sections)
        ]
        return {
            "reports": frame("reports", [reports]),
            "values": frame("values", values),
            "sections": frame("sections", sections),
            "claims": frame("claims", [{**about, **claim} for claim in self.claims]),
            "diagnostics": frame(
                "diagnostics", [{"document_id": self.document_id, **d} for d in self.diagnostics]
            ),
            "evidence": frame(
                "evidence", [{"document_id": self.document_id, **e} for e in self.evidence]
            ),
        }


def stacked(frames: dict[str, pl.DataFrame], times: int, first: int = 0) -> dict[str, pl.DataFrame]:
    """The same report as that many documents, numbered, each document's rows together."""
    ids = pl.DataFrame({"document_id": [f"{n:064x}" for n in range(first, first + times)]})
    return {
        name: ids.join(table.drop("document_id"), how="cross").select(table.columns)
        for name, table in frames.items()
    }
