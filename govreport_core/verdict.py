"""A report file in, its verdict out: what holds, what fails, where, and what wasn't assessed."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import msgspec
import polars as pl

from govreport_core import checks, wording
from govreport_core.build.companions import Companions
from govreport_core.build.frames import frames_of
from govreport_core.build.intake import Read, as_report, lacks, read_report
from govreport_core.build.joining import joined
from govreport_core.checks.facts import Reason
from govreport_core.errors import SourceError
from govreport_core.model import Document, Outcome, Report, State
from govreport_core.sources import MAX_BYTES, read_bytes


class Draft(msgspec.Struct, frozen=True):
    """A report file, read and judged.

    Attributes:
        file: Its name as given.
        frames: The dataset's tables of facts for this one report, `checks` among them.
    """

    file: str
    document: Document
    report: Report
    frames: dict[str, pl.DataFrame]


class Finding(msgspec.Struct, frozen=True):
    """One check's result, with its sentence and its place in the source."""

    check: str
    subject: str
    outcome: str
    severity: str
    sentence: str
    part: str | None
    start: int | None
    end: int | None
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


def verdict(path: Path, lang: str = "zh") -> Verdict:
    """Read one file and run all checks on it.

    Raises:
        SourceError: The file can't be read as an annual report.
    """
    return verdict_of(read_draft(path), lang)


def read_draft(path: Path) -> Draft:
    """Read a file and judge it.

    Raises:
        SourceError: The file can't be read as an annual report.
    """
    return _judged(str(path), *read_report(path))


def read_draft_bytes(name: str, data: bytes) -> Draft:
    """Read and judge a file's content; the ending of its name tells the format.

    Raises:
        SourceError: It can't be read as an annual report.
    """
    if len(data) > MAX_BYTES:
        message = f"{len(data):,} bytes; a report has at most {MAX_BYTES:,}: split it"
        raise SourceError("too_large", message)
    document = read_bytes(data, Path(name).suffix.lower())
    return _judged(name, document, as_report(document))


def verdict_of(draft: Draft, lang: str = "zh") -> Verdict:
    """What all checks say of a draft, in words."""
    report = draft.report
    findings = [
        Finding(
            row["check"],
            row["subject"],
            row["outcome"],
            row["severity"],
            wording.sentence(row, lang),
            row["part"],
            row["start"],
            row["end"],
            row["assumed_zero"],
        )
        for row in draft.frames["checks"].iter_rows(named=True)
    ]
    findings.sort(key=lambda f: (_ORDER.index(f.outcome), _GRAVITY.index(f.severity)))
    return Verdict(
        draft.file,
        report.agency_name,
        report.year,
        report.form,
        report.title,
        lacks(report),
        {s.value: sum(v.state is s for v in report.values) for s in State},
        {o: sum(f.outcome == o for f in findings) for o in _ORDER},
        tuple(findings),
    )


def verdict_lines(found: Verdict, lang: str = "zh", *, everything: bool = False) -> list[str]:
    """A verdict as a terminal shows it, a line each.

    Args:
        found: The verdict.
        lang: struage of the words, the same as of its sentences.
        everything: With what wasn't assessed, by reason, and what passed, by rule.
    """
    words = wording.verdict_words(lang)
    year = words.year_unknown if found.year is None else words.year.format(year=found.year)
    who = found.agency_name or words.agency_unknown
    counted = {s: n for s, n in found.cells.items() if s not in (State.ABSENT, State.UNREADABLE)}
    lines = [
        f"{who} · {year} · {wording.form_label(found.form, lang)}",
        words.read.format(
            read=sum(counted.values()), unreadable=found.cells["unreadable"], **found.counts
        ),
    ]
    for finding in found.findings:
        if finding.outcome == Outcome.FAIL:
            at = wording.place_label(finding.part, lang) if finding.part else ""
            place = words.at.format(place=at) if at else ""
            grade = wording.grade(finding.severity, lang)
            lines.append(f"  {grade}  {finding.sentence}{place} [{finding.check}]")
    rest = [finding for finding in found.findings if finding.outcome != Outcome.FAIL]
    if not everything:
        return [*lines, *([f"  {words.more}"] if rest else [])]
    reasons: dict[str, dict[str, None]] = {}
    for finding in rest:
        if finding.outcome == Outcome.SKIP:
            reasons.setdefault(finding.sentence, {})[finding.check] = None
    lines += [
        f"  {wording.grade(Outcome.SKIP, lang)}  {sentence} [{words.and_.join(codes)}]"
        for sentence, codes in reasons.items()
    ]
    passes = wording.grade(Outcome.PASS, lang)
    passed = Counter(finding.check for finding in rest if finding.outcome == Outcome.PASS)
    for code, count in passed.items():
        times = words.times.format(count=count) if count > 1 else ""
        lines.append(f"  {passes}  {wording.rule_asks(code, lang)}{times} [{code}]")
    return lines


def _judged(file: str, document: Document, report: Report) -> Draft:
    filed, _ = joined(Read(file, 0, document, report), Companions())
    frames = frames_of([filed])
    return Draft(file, document, report, {**frames, "checks": _of_one_file(checks.run(frames))})


def _of_one_file(results: pl.DataFrame) -> pl.DataFrame:
    """Where one file is all there is, no year can be compared because no other year is given."""
    alone = pl.col("reason") == Reason.AGENCY_UNKNOWN
    other = pl.lit(str(Reason.NO_PRIOR_YEAR))
    return results.with_columns(reason=pl.when(alone).then(other).otherwise("reason"))
