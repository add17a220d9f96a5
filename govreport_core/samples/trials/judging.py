"""Scenes of fictional reports in, what the checks say of them out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
import polars as pl

from govreport_core import checks
from govreport_core.build.frames import FiledReport, Identity, frames_of
from govreport_core.build.likeness import alike_of_frames
from govreport_core.coverage import coverage
from govreport_core.extract import extract
from govreport_core.model import Evidence
from govreport_core.samples.draw import render
from govreport_core.samples.sample import Sample
from govreport_core.samples.trials.injected import Scene
from govreport_core.schemas import frame
from govreport_core.sources import read_bytes

_ADDRESS = "https://www.example.com/{agency_id}/{year}{mark}.html"


class Case(msgspec.Struct, frozen=True):
    """A scene, how its report is printed, and as whose it is judged."""

    scene: Scene
    layout: str
    seed: int
    agency_id: str

    @property
    def sample(self) -> Sample:
        """The report that is looked at."""
        return self.scene.sample

    @property
    def name(self) -> str:
        """What to look for when it goes wrong."""
        sample = self.sample
        return f"{sample.agency.agency_id} {sample.year} {self.layout} seed {self.seed}"


class Result(msgspec.Struct, frozen=True):
    """One result of one rule; `agency_id` is the case's."""

    agency_id: str
    check: str
    subject: str
    outcome: str
    severity: str


def judge(cases: Sequence[Case]) -> Iterator[Result]:
    """Every result of these cases' own reports: what the earlier ones give is left out.

    The reports of all cases are judged together, so the agencies must differ.
    """
    if not cases:
        return
    for row in judged(cases).iter_rows(named=True):
        yield Result(row["owner"], row["check"], row["subject"], row["outcome"], row["severity"])


def judged(cases: Sequence[Case]) -> pl.DataFrame:
    """The same as rows of the table `checks`, with `owner`, the case's `agency_id`.

    Args:
        cases: At least one.

    Returns:
        The columns of `checks` and `owner`, a row a result, in the order of `checks.run`:
        numbers in their cells' unit (money in 万元). Results of no case's own report are left
        out.
    """
    frames = frames_of([reading for n, case in enumerate(cases) for reading in _readings(case, n)])
    gone = [case for case in cases if case.scene.pictures]
    if gone:
        frames["documents"] = frame("documents", [_picture(case) for case in gone])
    listed = [row for number, case in enumerate(cases) for row in _roster(case, number)]
    if listed:
        agencies = frame("agencies", listed)
        held = (frames[name] for name in ("reports", "evidence"))
        frames["agencies"] = agencies
        frames["coverage"] = coverage(agencies, *held, diagnostics=frames["diagnostics"])
    frames |= _likeness(frames, cases)
    owners = {f"{case.agency_id}-{case.sample.year}": case.agency_id for case in cases}
    own = pl.coalesce("document_id", pl.format("{}-{}", "agency_id", "year"))
    return (
        checks.run(frames)
        .with_columns(owner=own.replace_strict(owners, default=None, return_dtype=pl.String))
        .filter(pl.col("owner").is_not_null())
    )


def _likeness(frames: dict[str, pl.DataFrame], cases: Sequence[Case]) -> dict[str, pl.DataFrame]:
    """What is alike: sound reports are held against each other, a fault's within its scene.

    Two faults of one kind are put into the same agency's years, or have a sentence in common.
    """
    if not any(case.sample.faults for case in cases):
        return alike_of_frames(frames).judged
    found = [
        alike_of_frames(_of_case(frames, case)).judged for case in cases if case.scene.compared
    ]
    names = found[0] if found else ()
    return {name: pl.concat(one[name] for one in found) for name in names}


def _of_case(frames: dict[str, pl.DataFrame], case: Case) -> dict[str, pl.DataFrame]:
    own = pl.col("agency_id")
    mine = (own == case.agency_id) | own.str.starts_with(f"{case.agency_id}-")
    reports = frames["reports"].filter(mine)
    sections = frames["sections"].join(reports.select("document_id"), on="document_id", how="semi")
    return {"reports": reports, "sections": sections}


def _readings(case: Case, number: int) -> Iterator[FiledReport]:
    scene = case.scene
    if scene.peers:
        # A city of its own, so that no other case's agencies are like them.
        case = _placed(case, f"9{number:03}01")
    for sample in scene.before:
        yield _read(case, sample, case.agency_id)
    if scene.pictures or scene.missing:
        # Another agency's report, so that there are reports of that year.
        yield _read(case, scene.sample, f"{case.agency_id}-other")
        return
    yield _read(case, scene.sample, case.agency_id, told=scene.evidence)
    if scene.copy is not None:
        yield _read(case, scene.copy, case.agency_id, copy=True)
    for nth, other in enumerate((*scene.members, *scene.peers)):
        yield _read(case, other, f"{case.agency_id}-{nth}")


def _placed(case: Case, region: str) -> Case:
    scene = msgspec.structs.replace(case.scene, region=region)
    return msgspec.structs.replace(case, scene=scene)


def _read(
    case: Case,
    sample: Sample,
    agency_id: str,
    *,
    copy: bool = False,
    told: tuple[Evidence, ...] = (),
) -> FiledReport:
    """The report as its file would be read, with what its manifest and roster say."""
    document = read_bytes(render(sample, case.layout, seed=case.seed).encode())
    report_id = f"{agency_id}-{sample.year}"
    document_id = f"{report_id}-copy" if copy else report_id
    report = extract(document)
    report = msgspec.structs.replace(
        report, document_id=document_id, evidence=(*report.evidence, *told)
    )
    document = msgspec.structs.replace(document, document_id=document_id)
    published = sample.published_on
    mark = "-elsewhere" if copy and not case.scene.same_address else ""
    identity = Identity(
        report_id=report_id,
        current=not copy,
        agency_id=agency_id,
        agency_name=report.agency_name,
        agency_kind=sample.agency.kind,
        agency_level=sample.agency.level,
        region_code=case.scene.region or sample.agency.region_code,
        year=report.year,
        published_on=dt.date.fromisoformat(published) if published else None,
        source_url=_ADDRESS.format(agency_id=agency_id, year=sample.year, mark=mark),
    )
    return FiledReport(document, report, identity)


def _picture(case: Case) -> dict[str, Any]:
    name = f"{case.agency_id}-{case.sample.year}"
    return {"path": f"{name}.pdf", "document_id": name, "status": "failed", "error": "image_only"}


def _roster(case: Case, number: int) -> Iterator[dict[str, Any]]:
    """The roster's rows: of an agency without a report, or of a government and its agencies."""
    scene, year = case.scene, case.sample.year
    listed = {"name": scene.sample.agency.name, "source": "roster"}
    if scene.missing:
        span = {"valid_from": str(year), "valid_to": str(year + 1), "searched": [year]}
        yield {"agency_id": case.agency_id, **listed, **span}
    if scene.sought:
        yield {"agency_id": case.agency_id, **listed, "searched": [scene.sought]}
    if scene.members:
        # An area of its own, so that no other case's agencies lie in it.
        area = {**listed, "region_code": f"1{number:03}01"}
        yield {"agency_id": case.agency_id, "perimeter": "complete", **area}
        for member in range(len(scene.members)):
            yield {"agency_id": f"{case.agency_id}-{member}", **area}
