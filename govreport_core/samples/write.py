"""A folder and a seed in, a fictional prefecture's reports with known answers out."""

from __future__ import annotations

import csv
import io
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

import msgspec

from govreport_core.dataset.store import replace_folder
from govreport_core.errors import GovReportError
from govreport_core.samples.answers import (
    RULE,
    Answer,
    Answers,
    Gap,
    answer,
    write_answers,
)
from govreport_core.samples.chance import chance, happens, pick, pick_some
from govreport_core.samples.draw import draw_history, render
from govreport_core.samples.faults import KINDS, Setting, with_fault
from govreport_core.samples.files import FILES, ending, render_file, require
from govreport_core.samples.layouts import LAYOUTS
from govreport_core.samples.noise import with_noise
from govreport_core.samples.remarks import remarks
from govreport_core.samples.repeats import KINDS as REPEATS
from govreport_core.samples.repeats import Around, report_id
from govreport_core.samples.roster import agencies as draw_agencies
from govreport_core.samples.roster import roster_csv
from govreport_core.samples.sample import Agency, Sample

ANSWERS = "answers.json"
_BATCH = 20
"""Agencies among which each kind of fault occurs once."""
ENCODINGS = ("utf-8",) * 7 + ("gb18030", "utf-8-sig", "utf-16")
_GAPS = 0.05
_AS_FILES = 0.35
_MANIFEST = ("file", "agency", "region_code", "year", "source_url", "published_on")
_YEARS_A_LAYOUT = 2
_NOISE = 0.08
"""How often a sound report has each kind of noise; blanks are a finding of their own."""


class Summary(msgspec.Struct, frozen=True):
    """What was written: files, those with a fault, reports left out, bytes in all."""

    folder: Path
    reports: int
    faulty: int
    missing: int
    size: int


class Planned(msgspec.Struct, frozen=True):
    """A report and how its file is to be written."""

    sample: Sample
    layout: str
    encoding: str
    newline: str

    @property
    def file(self) -> str:
        """Its path below `reports/`."""
        return f"{self.sample.year}/{self.sample.agency.agency_id}{ending(self.layout)}"


def write_samples(
    out: Path,
    *,
    agencies: int = 20,
    years: Sequence[int] = range(2019, 2025),
    formats: Sequence[str] = (*LAYOUTS, *FILES),
    faults: bool = True,
    seed: int = 1,
) -> Summary:
    """Write `reports/`, with what stands beside reports, and `answers.json` next to it.

    The same arguments give the same bytes. The folder is written beside its
    place and then put there, so it is whole or not there.

    Args:
        out: The folder; an older one with samples is replaced.
        agencies: How many; the first 20 make up the prefecture.
        years: Report years, ascending and consecutive.
        formats: Text layouts, of `layouts.LAYOUTS`, at least one, and file formats,
            of `files.FILES`. Faults are put into text only.
        faults: Whether about one report in five breaks a known check, and some repeat what
            others, or last year's, said.
        seed: Another seed, other figures and words.

    Raises:
        GovReportError: `out` holds something else, no such layout, too many agencies.
    """
    _refuse(out, years, formats)
    roster = draw_agencies(agencies)
    out.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        planned = plan(roster, years, formats, faults=faults, seed=seed)
        size, answered, gaps = _write_reports(fresh / "reports", roster, planned, years, seed)
        known = write_answers(Answers(RULE, tuple(gaps), tuple(answered)))
        (fresh / ANSWERS).write_bytes(known)
        fresh.chmod(0o755)
        replace_folder(fresh, out)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    faulty = sum(bool(one.faults) for one in answered)
    return Summary(out, len(answered), faulty, len(gaps), size + len(known))


def plan(
    roster: Sequence[Agency],
    years: Sequence[int],
    formats: Sequence[str],
    *,
    faults: bool = True,
    seed: int = 1,
) -> Iterator[tuple[list[Planned], list[Gap]]]:
    """The reports of these agencies, some twenty agencies at a time, and the gaps among them."""
    layouts = [name for name in formats if name in LAYOUTS]
    others = [name for name in formats if name in FILES]
    for first in range(0, len(roster), _BATCH):
        planned, gaps = [], []
        for number, agency in enumerate(roster[first : first + _BATCH], first):
            for sample in draw_history(agency, years, seed=seed):
                rng = chance(seed, agency.agency_id, sample.year, "file")
                if len(years) > 1 and happens(rng, _GAPS):
                    gaps.append(Gap(agency.agency_id, sample.year))
                    continue
                turn = number + (sample.year - years[0]) // _YEARS_A_LAYOUT
                layout = layouts[turn % len(layouts)]
                newline = "\r\n" if happens(rng, 0.12) else "\n"
                planned.append(Planned(sample, layout, pick(rng, ENCODINGS), newline))
        if faults:
            planned = _with_faults(planned, tuple(years), chance(seed, first, "faults"), seed)
            planned = _with_repeats(planned, chance(seed, first, "repeats"), seed)
        if others:
            planned = [_as_file(one, others, seed) for one in planned]
        planned = [_noisy(one, seed) for one in planned]
        yield planned, gaps


def content(one: Planned, seed: int) -> bytes:
    """The file's bytes."""
    if one.layout in FILES:
        return render_file(one.sample, one.layout, seed=seed)
    text = render(one.sample, one.layout, seed=seed).replace("\n", one.newline)
    return text.encode(one.encoding)


def _as_file(one: Planned, others: Sequence[str], seed: int) -> Planned:
    """One sound report in three as a file of one of the other formats."""
    rng = chance(seed, one.sample.agency.agency_id, one.sample.year, "format")
    if one.sample.faults or not happens(rng, _AS_FILES):
        return one
    return Planned(one.sample, pick(rng, tuple(others)), "", "")


def _noisy(one: Planned, seed: int) -> Planned:
    if one.sample.faults:
        return one
    rng = chance(seed, one.sample.agency.agency_id, one.sample.year, "noise")
    noisy = with_noise(one.sample, one.layout, rng, each=_NOISE, without=("blank_zeros",))
    return msgspec.structs.replace(one, sample=noisy)


def _refuse(out: Path, years: Sequence[int], formats: Sequence[str]) -> None:
    if out.exists() and any(out.iterdir()) and not (out / ANSWERS).is_file():
        msg = f"{out}: not empty and holds no samples; choose another folder for -o"
        raise GovReportError(msg)
    require(formats)
    unknown = [name for name in formats if name not in (*LAYOUTS, *FILES)]
    if unknown or not any(name in LAYOUTS for name in formats):
        known = f"{', '.join(LAYOUTS)} (at least one) and {', '.join(FILES)}"
        msg = f"--formats {','.join(unknown or formats)}: known are {known}"
        raise GovReportError(msg)
    if list(years) != list(range(years[0], years[0] + len(years))) if years else True:
        msg = "--years: consecutive years are needed, such as 2019-2024"
        raise GovReportError(msg)


def _with_faults(
    planned: list[Planned], years: tuple[int, ...], rng: Random, seed: int
) -> list[Planned]:
    """Each kind of fault once, in a report of its own, spread over the agencies."""
    faulty: dict[int, Planned] = {}
    for kind in KINDS:
        burdened = Counter(planned[i].sample.agency.agency_id for i in faulty)
        sound = [i for i in range(len(planned)) if i not in faulty]
        order = pick_some(rng, sound, len(sound))
        for i in sorted(order, key=lambda i: burdened[planned[i].sample.agency.agency_id]):
            setting = Setting(planned[i].layout, seed, years, rng)
            changed = with_fault(planned[i].sample, kind, setting)
            if changed is not None:
                faulty[i] = msgspec.structs.replace(planned[i], sample=changed)
                break
    return [faulty.get(i, one) for i, one in enumerate(planned)]


def _with_repeats(planned: list[Planned], rng: Random, seed: int) -> list[Planned]:
    """Each kind of repetition in turn, an agency one, in reports without a fault."""
    sound = {(p.sample.agency.agency_id, p.sample.year): i for i, p in enumerate(planned)
             if not p.sample.faults}  # fmt: skip
    plain = set(sound.values())
    ids = sorted({agency_id for agency_id, _ in sound})
    told = dict(enumerate(planned))
    for turn, agency_id in enumerate(pick_some(rng, ids, len(ids))):
        years, make = list(REPEATS.values())[turn % len(REPEATS)]
        runs = _runs(agency_id, years, sound, plain)
        if not runs:
            continue
        run = pick(rng, runs)
        last = planned[run[-1]].sample
        others = [i for i in sorted(plain) if _beside(planned[i].sample, last)]
        around = Around([planned[i].sample for i in others], rng, seed)
        changed = make([planned[i].sample for i in run], around)
        for sample in changed or ():
            at = sound[agency_id, sample.year]
            told[at] = msgspec.structs.replace(planned[at], sample=sample)
        # Nothing else may copy what was changed, nor change what was copied.
        from_others = {s.retelling.copied_from for s in changed or ()}
        plain -= {*run, *(i for i in others if report_id(planned[i].sample) in from_others)}
    return [told[i] for i in range(len(planned))]


def _runs(
    agency_id: str, years: int, sound: dict[tuple[str, int], int], plain: set[int]
) -> list[list[int]]:
    """Where an agency's plain reports of so many consecutive years stand."""
    found = []
    for of, year in sound:
        run = [sound.get((agency_id, year - back), -1) for back in reversed(range(years))]
        if of == agency_id and plain.issuperset(run):
            found.append(run)
    return found


def _beside(other: Sample, sample: Sample) -> bool:
    return other.year == sample.year and other.agency != sample.agency


def _write_reports(
    folder: Path,
    roster: Sequence[Agency],
    planned: Iterator[tuple[list[Planned], list[Gap]]],
    years: Sequence[int],
    seed: int,
) -> tuple[int, list[Answer], list[Gap]]:
    """The files, with manifest, roster and what is said of them; bytes, answers and gaps."""
    answered: list[Answer] = []
    missing: list[Gap] = []
    rows: list[tuple[str, ...]] = []
    size = 0
    for batch, gaps in planned:
        missing += gaps
        for one in batch:
            file = folder / one.file
            file.parent.mkdir(parents=True, exist_ok=True)
            size += file.write_bytes(content(one, seed))
            answered.append(
                answer(
                    one.sample, f"{folder.name}/{one.file}", one.layout, one.encoding, one.newline
                )
            )
            rows.append(_manifest_row(one, seed))
    manifest = _csv(_MANIFEST, rows).encode()
    listed = roster_csv(tuple(roster), f"{years[0]}-{years[-1]}").encode()
    size += (folder / "manifest.csv").write_bytes(manifest)
    size += (folder / "agencies.csv").write_bytes(listed)
    for name, said in remarks(answered).items():
        size += (folder / name).write_bytes(said)
    return size, answered, missing


def _manifest_row(one: Planned, seed: int) -> tuple[str, ...]:
    """What a collector knows of the file; not always the agency, nor the day it came out."""
    sample = one.sample
    rng = chance(seed, sample.agency.agency_id, sample.year, "manifest")
    named = sample.agency.name if happens(rng, 0.75) else ""
    url = f"https://www.example.com/zwgk/{sample.agency.agency_id}/{sample.year}.html"
    where = (one.file, named, sample.agency.region_code, str(sample.year))
    known = bool(sample.faults) or happens(rng, 0.85)
    return (*where, url, sample.published_on if known else "")


def _csv(columns: Sequence[str], rows: Sequence[tuple[str, ...]]) -> str:
    out = io.StringIO()
    written = csv.writer(out, lineterminator="\n")
    written.writerow(columns)
    written.writerows(sorted(rows))
    return out.getvalue()
