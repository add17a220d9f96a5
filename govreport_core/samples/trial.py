"""Fictional reports in, how the checks fare out: what fails on clean ones, which faults are found.

`python -m govreport_core.samples.trial --reports 5000 --each 200` prints both figures.
"""

from __future__ import annotations

import argparse
import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import click
import msgspec

from govreport_core import checks
from govreport_core.extract import extract
from govreport_core.frames import Reading, frames_of
from govreport_core.samples.chance import chance
from govreport_core.samples.draw import draw_history, render
from govreport_core.samples.faults import KINDS, Setting, with_fault
from govreport_core.samples.layouts import LAYOUTS
from govreport_core.samples.roster import agencies
from govreport_core.samples.sample import Sample
from govreport_core.sources import read_bytes

AGENCIES = 20
YEARS = tuple(range(2019, 2025))
_BATCH = 600
"""Reports judged at once: whole histories, so that years are compared."""


class Clean(msgspec.Struct, frozen=True):
    """Reports without a fault: how many were judged, and what failed nonetheless."""

    reports: int
    failures: dict[tuple[str, str], int]

    @property
    def errors(self) -> int:
        """Failures at error level."""
        return sum(n for (severity, _), n in self.failures.items() if severity == "error")


class Found(msgspec.Struct, frozen=True):
    """Reports with one kind of fault: in how many every check it breaks failed at its place."""

    kind: str
    reports: int
    found: int
    missed: tuple[str, ...]


class Case(msgspec.Struct, frozen=True):
    """A report, how it is printed, and under which id it is judged."""

    sample: Sample
    layout: str
    seed: int
    agency_id: str


def clean_reports(reports: int, *, seed: int = 1) -> Clean:
    """Judge that many reports in which nothing is wrong.

    Args:
        reports: How many; histories of six years of twenty agencies a seed.
        seed: The first of the seeds.
    """
    failures: Counter[tuple[str, str]] = Counter()
    judged = 0
    cases = islice(_histories(seed), reports)
    while batch := list(islice(cases, _BATCH)):
        judged += len(batch)
        for row in _failures(batch):
            failures[row["severity"], row["check"]] += 1
    return Clean(judged, dict(failures))


def injected_faults(
    each: int, *, seed: int = 1, kinds: Iterable[str] = tuple(KINDS)
) -> list[Found]:
    """Put each kind of fault into that many reports, and see which are found where they are."""
    results = []
    for kind in kinds:
        cases = list(islice(faulty_reports(kind, seed=seed), each))
        failed: dict[str, set[tuple[str, str]]] = {}
        for row in _failures(cases):
            failed.setdefault(row["agency_id"], set()).add((row["check"], row["subject"]))
        missed = [
            f"{case.sample.agency.agency_id} {case.sample.year} {case.layout} seed {case.seed}"
            for case in cases
            if not {(f.check, f.subject) for f in case.sample.faults}
            <= failed.get(case.agency_id, set())
        ]
        results.append(Found(kind, len(cases), len(cases) - len(missed), tuple(missed)))
    return results


def faulty_reports(kind: str, *, seed: int = 1, tries: int = 20_000) -> Iterator[Case]:
    """Reports that this fault suits, each of an agency of its own; years aren't joined."""
    for number, case in enumerate(islice(_histories(seed), tries)):
        rng = chance(case.seed, case.agency_id, case.sample.year, kind)
        setting = Setting(case.layout, case.seed, YEARS, rng)
        changed = with_fault(case.sample, kind, setting)
        if changed is not None:
            yield Case(changed, case.layout, case.seed, f"{kind}-{number}")


def _histories(seed: int) -> Iterator[Case]:
    layouts = list(LAYOUTS)
    while True:
        for number, agency in enumerate(agencies(AGENCIES)):
            for sample in draw_history(agency, YEARS, seed=seed):
                layout = layouts[(number + sample.year) % len(layouts)]
                yield Case(sample, layout, seed, f"{agency.agency_id}-{seed}")
        seed += 1


def _failures(cases: list[Case]) -> Iterator[dict[str, Any]]:
    if not cases:
        return
    found = checks.run(frames_of([_read(case) for case in cases]))
    yield from found.filter(outcome="fail").iter_rows(named=True)


def _read(case: Case) -> Reading:
    """The report as its file would be read, with what its manifest and roster say."""
    sample = case.sample
    document = read_bytes(render(sample, case.layout, seed=case.seed).encode())
    document_id = f"{case.agency_id}-{sample.year}"
    report = msgspec.structs.replace(extract(document), document_id=document_id)
    document = msgspec.structs.replace(document, document_id=document_id)
    identity = {
        "report_id": document_id,
        "current": True,
        "agency_id": case.agency_id,
        "agency_name": report.agency_name,
        "agency_kind": sample.agency.kind,
        "agency_level": sample.agency.level,
        "year": report.year,
        "published_on": dt.date.fromisoformat(sample.published_on),
    }
    return Reading(document, report, identity)


def main() -> None:
    """Print both figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=1000, help="clean reports")
    parser.add_argument("--each", type=int, default=20, help="reports with each kind of fault")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    clean = clean_reports(given.reports, seed=given.seed)
    click.echo(f"clean reports: {clean.reports}; failures at error level: {clean.errors}")
    for (severity, check), count in sorted(clean.failures.items()):
        click.echo(f"  {severity} {check}: {count}")
    for result in injected_faults(given.each, seed=given.seed):
        click.echo(f"{result.kind}: found {result.found} of {result.reports}")
        for case in result.missed[:3]:
            click.echo(f"  missed: {case}")


if __name__ == "__main__":
    main()
