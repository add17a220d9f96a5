"""One row a report in; which is current, what needs another report, and coverage out.

What a rule across reports looks at beside that row is `beside`'s matter, for some agencies
at a time, all reports of an agency together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import msgspec
import polars as pl

from govreport_core.build import asked
from govreport_core.build.beside import Agencies, is_found
from govreport_core.build.companions import Companions
from govreport_core.build.covering import covered
from govreport_core.build.joining import agencies_frame, mark_current
from govreport_core.build.likeness import Alike, alike
from govreport_core.build.shares import Share, shared
from govreport_core.build.state import judges_version, reads_version
from govreport_core.coverage import years_of
from govreport_core.dataset.keys import short
from govreport_core.dataset.store import Shelf
from govreport_core.schemas import columns_of

AT_ONCE = 4_000
"""Reports whose cells are in memory at a time."""

_FEW = 1  # agencies' groups that are looked at beside other work

Look = Callable[[Iterable[Agencies]], None]


class Made(msgspec.Struct, frozen=True):
    """What a dataset holds beside its chunks' shards.

    Attributes:
        tables: `reports`, `agencies`, `similar` and `groups`.
        beside: Folders with what is found of some agencies' reports each: see `beside.look`.
        covered: Folders with the coverage of some agencies each: see `covering.covered`.
        likeness: `texts` and `repeats`, which rules about repetition look at: see `Alike`.
    """

    tables: dict[str, pl.DataFrame]
    beside: list[Path]
    covered: list[Path]
    likeness: dict[str, pl.DataFrame]


def tables(
    rows: pl.DataFrame,
    chunks: Mapping[str, Path],
    companions: Companions,
    unread: list[tuple[str, int]],
    shelf: Shelf,
    look: Look,
) -> Made:
    """What a dataset holds beside its chunks' shards.

    Args:
        rows: What the reports send on, with `chunk`, and `rests`: see `summaries.resting`.
        chunks: The folders of the shards.
        companions: Manifests and roster.
        unread: Agency and year of files that the manifest names and that couldn't be read.
        shelf: Where results are kept that hold for the next build too.
        look: Carries out jobs that look at the reports of some agencies: see `beside.look`.

    Returns:
        `reports` with `current` set, by `region_code`, `agency_id`, `year` and `document_id`,
        nulls last; the others in their own order; where what was found of agencies is, and
        what rules about the whole look at beside the tables.
    """
    marked = mark_current(rows)
    reports = marked.select(columns_of("reports"))
    agencies = agencies_frame(companions.roster, reports)
    some, years = shared(marked, agencies, AT_ONCE), years_of(agencies, reports)
    version = f"{reads_version()} {judges_version()}"

    def covering() -> list[Path]:
        return covered(some, years, chunks, unread, shelf, version)

    def repeating() -> Alike:
        return alike(marked, agencies, chunks, shelf, reads_version())

    found, wanted = _beside(some, shelf, version)
    with ThreadPoolExecutor(1) as aside:
        coverage = aside.submit(covering)
        # where workers look at many agencies texts wait: both together would take their memory
        early = aside.submit(repeating) if len(wanted) <= _FEW else None
        look(one.job(chunks) for one in wanted)
        repeated = early.result() if early else repeating()
    order = ("region_code", "agency_id", "year", "document_id")
    return Made(
        tables={
            "reports": reports.sort(order, nulls_last=True),
            "agencies": agencies,
            **repeated.tables,
        },
        beside=found,
        covered=coverage.result(),
        likeness=repeated.judged,
    )


def states(chunks: Iterable[Path]) -> dict[str, int]:
    """How many cells are in each state, of what stands in the folders of the shards."""
    counted = asked.read(chunks, asked.STATES).group_by("state").agg(pl.col("cells").sum())
    return dict(counted.iter_rows())


class _Asked(NamedTuple):
    """Agencies to look at: their reports, the folder for what is found, and that of before."""

    reports: pl.DataFrame
    found: Path
    before: Path | None

    def job(self, chunks: Mapping[str, Path]) -> Agencies:
        """The same for a worker."""
        mine = self.reports["chunk"].unique(maintain_order=True)
        folders = {name: str(chunks[name]) for name in mine}
        before = str(self.before) if self.before else None
        return Agencies(self.reports.write_ipc(None).getvalue(), folders, str(self.found), before)


def _beside(some: Iterable[Share], shelf: Shelf, version: str) -> tuple[list[Path], list[_Asked]]:
    """The folders with what is found of some agencies' reports each, and which are asked for.

    What an earlier build found of the same reports is taken from it: see `beside.look`.
    """
    folders, wanted = [], []
    for share in some:
        if share.reports.is_empty():
            continue
        start = f"{share.name}-{short(version)}-"
        known = [one for one in shelf.earlier("across", start) if is_found(one)]
        folders.append(shelf.kept("across", start + share.told, ending=""))
        if folders[-1] not in known:
            wanted.append(_Asked(share.reports, folders[-1], known[-1] if known else None))
    return folders, wanted
