"""A report file in, its verdict out: what holds, what fails, where, and what wasn't assessed."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import msgspec

from govreport_core import checks
from govreport_core.frames import Reading, frames_of
from govreport_core.model import State
from govreport_core.pipeline import lacks, read_report

Lang = Literal["zh", "en"]


class Finding(msgspec.Struct, frozen=True):
    """One check's result, with its sentence."""

    check: str
    subject: str
    outcome: str
    severity: str
    sentence: str
    part: str | None
    assumed_zero: bool


class Verdict(msgspec.Struct, frozen=True):
    """What govreport says of a draft.

    Attributes:
        cells: How many cells of the form are in each state.
        counts: How many checks passed, failed, were skipped.
        findings: Failures first, worst first, then skips, then passes.
    """

    file: str
    agency_name: str | None
    year: int | None
    form: str | None
    title: str | None
    lacks: str | None
    cells: dict[str, int]
    counts: dict[str, int]
    findings: tuple[Finding, ...]

    def fails(self, severity: str) -> bool:
        """Whether anything fails at this severity or a graver one."""
        grave = _GRAVITY[: _GRAVITY.index(severity) + 1]
        return any(f.outcome == "fail" and f.severity in grave for f in self.findings)


_GRAVITY = ("error", "warning", "info")
_ORDER = ("fail", "skip", "pass")


def verdict(path: Path, lang: Lang = "zh") -> Verdict:
    """Read one file and run all checks on it.

    Raises:
        SourceError: The file can't be read as an annual report.
    """
    document, report = read_report(path)
    identity: dict[str, Any] = {
        "report_id": f"doc-{document.document_id[:12]}",
        "current": True,
        "agency_id": f"doc-{document.document_id[:12]}",
        "agency_name": report.agency_name,
        "year": report.year,
        "source_url": report.source_url,
    }
    results = checks.run(frames_of([Reading(document, report, identity)]))
    findings = [
        Finding(
            row["check"],
            row["subject"],
            row["outcome"],
            row["severity"],
            checks.sentence(row["check"], row, lang),
            row["part"],
            row["assumed_zero"],
        )
        for row in results.iter_rows(named=True)
    ]
    findings.sort(key=lambda f: (_ORDER.index(f.outcome), _GRAVITY.index(f.severity)))
    return Verdict(
        str(path),
        report.agency_name,
        report.year,
        report.form,
        report.title,
        lacks(report),
        {s.value: sum(v.state is s for v in report.values) for s in State},
        {o: sum(f.outcome == o for f in findings) for o in _ORDER},
        tuple(findings),
    )
