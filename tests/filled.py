"""A complete filled form for the tests: every check passes until a test changes a cell."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, field

import polars as pl

from govreport_core.coverage import coverage
from govreport_core.forms import forms
from govreport_core.schemas import frame

T3 = "t3_requests"
T4 = "t4_review_litigation"
TEXT = {
    "s1_overview": "本机关按期主动公开，依申请公开有序，管理、平台、监督各有专人。",
    "s5_problems": "更新不够及时，将加强培训。",
    "s6_other": "本年度未收取信息处理费。",
}
"""What the sections of a filled form say, so that no rule about text has anything to find."""


@dataclass
class Filled:
    """One report on a form, all its cells 0, with the frames it makes."""

    form: str | None = "form_2021"
    year: int | None = 2023
    document_id: str = "d1"
    agency_id: str = "a1"
    agency_kind: str | None = "bureau"
    agency_level: str | None = "county"
    region_code: str | None = None
    current: bool = True
    published_on: dt.date | None = None
    source_url: str | None = None
    title: str | None = "青禾县水务局2023年政府信息公开工作年度报告"
    cells: dict[tuple[str, str, str], dict] = field(default_factory=dict)
    sections: list[str] = field(default_factory=list)
    text: dict[str, str] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    diagnostics: list[dict] = field(default_factory=list)
    claims: list[dict] = field(default_factory=list)
    evidence: list[dict] = field(default_factory=list)
    others: list[Filled] = field(default_factory=list)
    given: dict[str, pl.DataFrame] = field(default_factory=dict)

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
            {"field": name, "candidate": told, "chosen": True, "rule": "title", "part": "line:1"}
            for name, told in (("title", "-"), ("agency_name", "-"), ("year", str(self.year)))
        ]
        self.text = dict(TEXT)
        self.claim(0, agrees=True)

    def prior(self, form=None, **names) -> Filled:
        """The agency's report for the year before, in the same dataset."""
        names = {"year": self.year - 1, "document_id": f"d{self.year - 1}", **names}
        self.others.append(Filled(form or self.form, agency_id=self.agency_id, **names))
        return self.others[-1]

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

    def state(self, claim, number, row, column="applicant_total", table=T3, *, agrees, scope=None):
        """State in the prose some other figure."""
        self.claim(number, agrees=agrees, scope=scope, text="正文有一句说到件数的话。")
        self.claims[-1] |= {"claim": claim, "table": table, "row": row, "column": column}

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

    def published(self, day, rule="manifest", *, chosen=True):
        """Say when the report was published, and how that is known."""
        if chosen:
            self.published_on = dt.date.fromisoformat(day)
        place = {"part": "line:9", "start": 0, "end": 9}
        date = {"field": "published_on", "candidate": day, "chosen": chosen, "rule": rule}
        self.evidence.append({**date, **place})

    def page(self, field, candidate):
        """Say what the report's page tells of its column, or of a file it links to."""
        self.evidence.append(
            {"field": field, "candidate": candidate, "chosen": True, "rule": "metadata"}
        )

    def note(self, code, level="note", **params):
        """Say something odd about the reading."""
        place = {"part": "line:7", "start": 1, "end": 3}
        self.diagnostics.append(
            {"level": level, "code": code, "params": json.dumps(params), **place}
        )

    def frames(self) -> dict[str, pl.DataFrame]:
        """The dataset's frames for this report, and for the others that it stands with."""
        own = self.own_frames()
        every = [own, *(other.frames() for other in self.others)]
        found = self.given | {name: pl.concat(frames[name] for frames in every) for name in own}
        if "agencies" in found and "coverage" not in found:
            given = (found[name] for name in ("agencies", "reports", "evidence"))
            found["coverage"] = coverage(*given, diagnostics=found["diagnostics"])
        return found

    def own_frames(self) -> dict[str, pl.DataFrame]:
        """The dataset's frames for this report alone."""
        about = {"document_id": self.document_id, "year": self.year}
        reports = {
            **about,
            "report_id": f"{self.agency_id}-{self.year}",
            "current": self.current,
            "published_on": self.published_on,
            "source_url": self.source_url,
            "agency_id": self.agency_id,
            "agency_name": "青禾县水务局",
            "agency_kind": self.agency_kind,
            "agency_level": self.agency_level,
            "region_code": self.region_code,
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
                "text": self.text.get(code, ""),
                "part": f"line:{n}",
                "start": 0,
                "end_part": f"line:{n}",
                "end": 4,
            }
            for n, code in enumerate(self.sections)
        ]
        lines = [
            {
                "document_id": self.document_id,
                "part": f"line:{n}",
                "kind": "paragraph",
                "text": text,
            }
            for n, text in enumerate(self.lines)
        ]
        return {
            "parts": frame("parts", [{"ordinal": n, **line} for n, line in enumerate(lines)]),
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
    many = {
        name: ids.join(table.drop("document_id"), how="cross").select(table.columns)
        for name, table in frames.items()
    }
    # each the only reading of its own report
    many["reports"] = many["reports"].with_columns(report_id=pl.col("document_id"))
    return many
