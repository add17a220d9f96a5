"""One row a report in; which is current, what needs another report, and coverage out.

What a rule across reports looks at beside that row is `beside`'s matter, for some agencies
at a time, all reports of an agency together.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import polars as pl

from govreport_core.build import asked
from govreport_core.build.beside import Agencies, is_found
from govreport_core.build.companions import Companions
from govreport_core.build.joining import agencies_frame, mark_current
from govreport_core.build.likeness import alike
from govreport_core.build.state import judges_version, reads_version
from govreport_core.coverage import coverage
from govreport_core.dataset.store import Shelf
from govreport_core.schemas import columns_of

AT_ONCE = 4_000
"""Reports whose cells are in memory at a time."""

Look = Callable[[Iterable[Agencies]], None]


class Made(msgspec.Struct, frozen=True):
    """What a dataset holds beside its chunks' shards.

    Attributes:
        tables: `reports`, `agencies`, `coverage`, `similar` and `groups`.
        beside: Folders with what is found of some agencies' reports each: see `beside.look`.
        likeness: `texts` and `repeats`, which rules about repetition look at: see `Alike`.
    """

    tables: dict[str, pl.DataFrame]
    beside: list[Path]
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
        rows: What the reports send on, with `chunk`.
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

    def covering() -> pl.DataFrame:
        return coverage(
            agencies,
            reports,
            asked.read(chunks.values(), asked.DATES),
            diagnostics=asked.read(chunks.values(), asked.UNLIKE),
            unread=unread,
        )

    with ThreadPoolExecutor(1) as aside:
        covered = aside.submit(covering)
        found = _beside(marked, chunks, shelf, look)
    repeated = alike(marked, agencies, chunks, shelf, reads_version())
    order = ("region_code", "agency_id", "year", "document_id")
    return Made(
        tables={
            "reports": reports.sort(order, nulls_last=True),
            "agencies": agencies,
            "coverage": covered.result(),
            **repeated.tables,
        },
        beside=found,
        likeness=repeated.judged,
    )


def states(chunks: Iterable[Path]) -> dict[str, int]:
    """How many cells are in each state, of what stands in the folders of the shards."""
    counted = asked.read(chunks, asked.STATES).group_by("state").agg(pl.col("cells").sum())
    return dict(counted.iter_rows())


def _groups(reports: pl.DataFrame) -> Iterator[tuple[str, pl.DataFrame]]:
    """The reports of some agencies at a time, and what tells these from the others.

    Which agencies go together doesn't change until there are twice as many reports.
    """
    parts = 1
    while reports.height > parts * AT_ONCE:
        parts *= 2
    numbers = [zlib.crc32(a.encode()) * parts >> 32 for a in reports["agency_id"]]
    grouped = reports.with_columns(group=pl.Series(numbers, dtype=pl.UInt32))
    for number, some in grouped.partition_by("group", as_dict=True, include_key=False).items():
        yield f"{number[0]}of{parts}", some.sort("agency_id", "year", "document_id")


def _beside(
    reports: pl.DataFrame, chunks: Mapping[str, Path], shelf: Shelf, look: Look
) -> list[Path]:
    """The folders with what is found of some agencies' reports each: see `beside.look`.

    What an earlier build found of the same reports is taken from it.
    """
    version = f"{reads_version()} {judges_version()}"
    groups = [
        (some, f"{group}-{_short(version)}-", key(version, some.drop("chunk")))
        for group, some in _groups(reports)
    ]
    known = [[f for f in shelf.earlier("across", start) if is_found(f)] for _, start, _ in groups]
    found = [shelf.kept("across", start + told, ending="") for _, start, told in groups]
    look(
        Agencies(
            some.write_ipc(None).getvalue(),
            {name: str(chunks[name]) for name in some["chunk"].unique(maintain_order=True)},
            str(folder),
            str(earlier[-1]) if earlier else None,
        )
        for (some, _, _), earlier, folder in zip(groups, known, found, strict=True)
        if folder not in earlier
    )
    return found


def _short(version: str) -> str:
    return hashlib.sha256(version.encode()).hexdigest()[:12]


def key(version: str, rows: pl.DataFrame) -> str:
    """What rows say, however they lie in memory: a frame of other chunks has other bytes."""
    told = hashlib.sha256(" ".join((version, *rows.columns)).encode())
    told.update(rows.hash_rows().to_numpy().tobytes())
    return told.hexdigest()[:24]
