"""Fictional reports in, how the checks fare out: what fails on clean ones, which faults are found.

`python -m govreport_core.samples.trials.trial` prints the figures; `--json FILE` writes
them as `measured.Trial`: the methodology shows those of `trial.json` beside this module.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import islice
from pathlib import Path

import click
import msgspec

from govreport_core.checks import catalogue
from govreport_core.measured import Measured, Trial
from govreport_core.samples.chance import chance
from govreport_core.samples.draw import draw_history
from govreport_core.samples.faults import Setting
from govreport_core.samples.layouts import LAYOUTS
from govreport_core.samples.roster import agencies
from govreport_core.samples.sample import Agency, Sample
from govreport_core.samples.trials.injected import KINDS, Scene
from govreport_core.samples.trials.judging import Case, judge

AGENCIES = 20
YEARS = tuple(range(2019, 2025))
_BATCH = 600
"""Reports judged at once: whole histories, so that years are compared."""


Layout = Callable[[int], str]


class Clean(msgspec.Struct, frozen=True):
    """Reports without a fault: how many were judged, and what failed nonetheless.

    Attributes:
        failures: How often, by severity and check.
    """

    reports: int
    failures: dict[tuple[str, str], int]

    def of(self, severity: str) -> int:
        """Failures at that level."""
        return sum(n for (level, _), n in self.failures.items() if level == severity)


class Found(msgspec.Struct, frozen=True):
    """Reports with one kind of fault.

    Attributes:
        checks: The rules that must speak of it.
        found: In how many each of these spoke of the right place.
        missed: The others, by name.
        beyond: What else failed and isn't explained by the fault, by check.
    """

    kind: str
    checks: tuple[str, ...]
    reports: int
    found: int
    missed: tuple[str, ...]
    beyond: dict[str, int]


def clean_reports(reports: int, *, seed: int = 1) -> Clean:
    """Judge that many reports in which nothing is wrong.

    Args:
        reports: How many; histories of six years of twenty agencies a seed.
        seed: The first of the seeds.
    """
    failures: Counter[tuple[str, str]] = Counter()
    judged = 0
    cases = islice(clean_cases(seed), reports)
    while batch := list(islice(cases, _BATCH)):
        judged += len(batch)
        failures.update((r.severity, r.check) for r in judge(batch) if r.outcome == "fail")
    return Clean(judged, dict(failures))


def injected_faults(
    each: int, *, seed: int = 1, kinds: Iterable[str] = tuple(KINDS)
) -> Iterator[Found]:
    """Put each kind of fault into that many reports, and see which are found where they are.

    Kinds of few reports are judged together: the judging itself takes the longest.
    """
    left = iter(kinds)
    while batch := list(islice(left, max(1, _BATCH // each))):
        cases = {kind: list(islice(faulty_reports(kind, seed=seed), each)) for kind in batch}
        outcomes: dict[str, dict[tuple[str, str], str]] = {}
        for result in judge([case for some in cases.values() for case in some]):
            told = outcomes.setdefault(result.agency_id, {})
            told[(result.check, result.subject)] = result.outcome
        for kind, some in cases.items():
            yield _found(kind, some, outcomes)


def _found(kind: str, cases: list[Case], outcomes: dict[str, dict[tuple[str, str], str]]) -> Found:
    missed = [c.name for c in cases if not _is_found(c.scene, outcomes.get(c.agency_id, {}))]
    beyond: Counter[str] = Counter()
    for case in cases:
        beyond.update(_beyond(case.scene, outcomes.get(case.agency_id, {})))
    return Found(
        kind,
        tuple(sorted({f.check for c in cases for f in (*c.sample.faults, *c.scene.skips)})),
        len(cases),
        len(cases) - len(missed),
        tuple(missed),
        dict(beyond),
    )


def clean_cases(seed: int = 1) -> Iterator[Case]:
    """Reports in which nothing is wrong, an agency's years one after the other, for ever."""
    for seen, layout, history in _histories(seed):
        for sample in history:
            name = f"{sample.agency.agency_id}-{seen}"
            yield Case(Scene(sample), layout(sample.year), seen, name)


def faulty_reports(kind: str, *, seed: int = 1, tries: int = 60_000) -> Iterator[Case]:
    """Reports that this fault suits, each of an agency of its own."""
    number = 0
    for seen, layout, history in _histories(seed):
        for last in range(len(history)):
            number += 1
            if number > tries:
                return
            sample = history[last]
            rng = chance(seen, sample.agency.agency_id, sample.year, kind)
            setting = Setting(layout(sample.year), seen, YEARS, rng)
            scene = KINDS[kind](history[: last + 1], setting)
            if scene is not None:
                yield Case(scene, setting.layout, seen, f"{kind}-{number}")


def measure(reports: int, each: int, *, seed: int = 1) -> tuple[Trial, list[Found]]:
    """Both figures, as they are published, and what was missed."""
    clean = clean_reports(reports, seed=seed)
    found = list(injected_faults(each, seed=seed))
    levels = {level: clean.of(level) for level in ("error", "warning", "info")}
    kinds = tuple(
        Measured(one.kind, one.checks, is_prose(one.checks), one.reports, one.found, one.beyond)
        for one in found
    )
    return Trial(seed, clean.reports, levels, kinds), found


def is_prose(checks: Iterable[str]) -> bool:
    """Whether a fault is one of words: it is found by rules that read prose."""
    return any(catalogue()[check].group == "narrative" for check in checks)


def _is_found(scene: Scene, outcomes: dict[tuple[str, str], str]) -> bool:
    fails = all(outcomes.get((f.check, f.subject)) == "fail" for f in scene.sample.faults)
    return fails and all(outcomes.get((f.check, f.subject)) == "skip" for f in scene.skips)


def _beyond(scene: Scene, outcomes: dict[tuple[str, str], str]) -> Iterator[str]:
    explained = {(f.check, f.subject) for f in scene.sample.faults}
    for (check, subject), outcome in outcomes.items():
        told = (check, subject) in explained or check in scene.follows
        if outcome == "fail" and not told:
            yield check


def _histories(seed: int) -> Iterator[tuple[int, Layout, tuple[Sample, ...]]]:
    """Seed, layout by year, and the clean reports of one agency, for ever."""
    layouts = list(LAYOUTS)
    while True:
        for number, agency in enumerate(agencies(AGENCIES)):

            def layout(year: int, number: int = number) -> str:
                return layouts[(number + year) % len(layouts)]

            yield seed, layout, _history(agency, seed)
        seed += 1


@lru_cache(maxsize=4000)
def _history(agency: Agency, seed: int) -> tuple[Sample, ...]:
    """Every kind is put into the same reports: drawn once."""
    return tuple(draw_history(agency, YEARS, seed=seed))


def main() -> None:
    """Print both figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=5000, help="clean reports")
    parser.add_argument("--each", type=int, default=200, help="reports with each kind of fault")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path, help="a file for the figures")
    given = parser.parse_args()
    trial, found = measure(given.reports, given.each, seed=given.seed)
    clean = "; ".join(f"{level} {count}" for level, count in trial.failures.items())
    click.echo(f"clean reports: {trial.clean}; failures: {clean}")
    click.echo(f"{'kind of fault':<26}{'found':>6}{'of':>6}  blamed")
    for one in found:
        click.echo(f"{one.kind:<26}{one.found:>6}{one.reports:>6}  {', '.join(one.checks)}")
        for case in one.missed[:3]:
            click.echo(f"  missed: {case}")
        for check, count in one.beyond.items():
            click.echo(f"  beyond it: {check} {count}")
    for name, prose in (("arithmetic and structure", False), ("prose", True)):
        kinds = [kind for kind in trial.kinds if kind.prose == prose]
        right, every = sum(k.found for k in kinds), sum(k.reports for k in kinds)
        click.echo(f"{name}: found {right} of {every} in {len(kinds)} kinds")
    if given.json:
        given.json.write_bytes(trial.written())


if __name__ == "__main__":
    main()
