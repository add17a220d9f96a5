"""What a fault needs beside its report: years before, other captures, what the collector knows."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec

from govreport_core.model import Evidence
from govreport_core.samples.draw import retold
from govreport_core.samples.faults import Setting
from govreport_core.samples.sample import Fault, Key, Sample


class Scene(msgspec.Struct, frozen=True):
    """A report with one known fault, and all that is judged together with it.

    Attributes:
        sample: The report; its faults are what must fail.
        before: The same agency's earlier reports, without faults of their own.
        copy: Another capture of the same report, which isn't the one shown.
        same_address: Whether the copy was found at the report's own address.
        pictures: The document holds images only.
        missing: The roster lists the agency, and there is no report.
        sought: The year before the report's whose report the roster says was looked for.
        evidence: What page or collector tell beside what is read.
        region: The agency's division where it isn't the fictional one.
        members: Reports of the same year whose sums the report's figures are to be.
        peers: Reports of the same year of agencies like this one.
        skips: What can't be assessed, and so must neither pass nor fail.
        follows: Checks that may fail as a consequence.
        compared: Its text is compared with those of the reports beside it.
    """

    sample: Sample
    before: tuple[Sample, ...] = ()
    copy: Sample | None = None
    same_address: bool = True
    pictures: bool = False
    missing: bool = False
    sought: int | None = None
    evidence: tuple[Evidence, ...] = ()
    region: str | None = None
    members: tuple[Sample, ...] = ()
    peers: tuple[Sample, ...] = ()
    skips: tuple[Fault, ...] = ()
    follows: frozenset[str] = frozenset()
    compared: bool = False


History = tuple[Sample, ...]
"""An agency's clean reports of consecutive years, the one to be changed last."""

Make = Callable[[History, Setting], Scene | None]
"""One kind of fault; None where it doesn't suit the report."""


def alone(make: Callable[[Sample, Setting], Sample | None]) -> Make:
    """A kind that needs nothing but the report."""

    def made(history: History, setting: Setting) -> Scene | None:
        changed = make(history[-1], setting)
        return None if changed is None else Scene(changed)

    return made


def faults(kind: str, check: str, subjects: Iterable[str]) -> tuple[Fault, ...]:
    """One check's failures at these subjects."""
    return tuple(Fault(check, subject, kind) for subject in subjects)


def changed(sample: Sample, numbers: dict[Key, float], setting: Setting) -> Sample:
    """The report with these figures, and with prose that tells them."""
    sample = msgspec.structs.replace(sample, numbers={**sample.numbers, **numbers})
    return retold(sample, sample.numbers, seed=setting.seed)


def number(sample: Sample, *key: str) -> float:
    """A cell's number; 0 for a cell the form doesn't have."""
    return sample.numbers.get((key[0], key[1], key[2])) or 0.0
