"""One row a report in; which is current, what needs another report, coverage and cards out.

The cells and texts that a rule across reports looks at are fetched from the shards
for some agencies at a time, all reports of an agency together.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import msgspec
import polars as pl

from govreport_core import checks
from govreport_core.build import asked
from govreport_core.build.chunks import CARD, JUDGED, SAID
from govreport_core.build.companions import Companions
from govreport_core.build.joining import agencies_frame, mark_current
from govreport_core.build.likeness import alike
from govreport_core.build.state import judges_version, reads_version
from govreport_core.checks.kinds import ACROSS
from govreport_core.coverage import coverage
from govreport_core.dataset.cards import KEYS, RESULTS, of_results, yearly
from govreport_core.dataset.counting import counts
from govreport_core.dataset.store import Shelf, put
from govreport_core.narrative.promises import promises
from govreport_core.schemas import columns_of, frame

AT_ONCE = 4_000
"""Reports whose cells are in memory at a time."""

_FETCHED = ("values", "sections", "evidence", "diagnostics")


class Made(msgspec.Struct, frozen=True):
    """What a dataset holds beside its chunks' shards.

    Attributes:
        tables: `reports`, `agencies`, `coverage`, `similar` and `groups`.
        promises: The table `promises`, some agencies a frame; a frame is made, or read, as it is
            asked for.
        checks: The results of the rules that look at other reports of the agency, some
            agencies a frame.
        named: Of `values` the cells that a rule about the whole dataset names.
        likeness: `texts` and `repeats`, which rules about repetition look at: see `Alike`.
    """

    tables: dict[str, pl.DataFrame]
    promises: Iterator[pl.DataFrame]
    checks: list[pl.DataFrame]
    named: pl.DataFrame
    likeness: dict[str, pl.DataFrame]


def tables(
    rows: pl.DataFrame,
    chunks: Mapping[str, Path],
    companions: Companions,
    unread: list[tuple[str, int]],
    shelf: Shelf,
) -> Made:
    """What a dataset holds beside its chunks' shards.

    Args:
        rows: What the reports send on, with `chunk`.
        chunks: The folders of the shards.
        companions: Manifests and roster.
        unread: Agency and year of files that the manifest names and that couldn't be read.
        shelf: Where results are kept that hold for the next build too.

    Returns:
        `reports` with `current` set, by `region_code`, `agency_id`, `year` and `document_id`,
        nulls last; the others in their own order; the results in `checks`, and what rules
        about the whole look at beside the tables.
    """
    marked = mark_current(rows)
    reports = marked.select(columns_of("reports"))
    agencies = agencies_frame(companions.roster, reports)
    covered = coverage(
        agencies,
        reports,
        asked.read(chunks.values(), asked.DATES),
        diagnostics=asked.read(chunks.values(), asked.UNLIKE),
        unread=unread,
    )
    repeated = alike(marked, agencies, chunks, shelf, reads_version())
    order = ("region_code", "agency_id", "year", "document_id")
    return Made(
        tables={
            "reports": reports.sort(order, nulls_last=True),
            "agencies": agencies,
            "coverage": covered,
            **repeated.tables,
        },
        promises=(_promised(some, chunks, shelf) for some in _groups(marked)),
        checks=[_judged(some, chunks, shelf) for some in _groups(marked)],
        named=asked.read(chunks.values(), asked.NAMED),
        likeness=repeated.judged,
    )


def cards_of(
    rows: pl.DataFrame, chunks: Mapping[str, Path], judged: Iterable[pl.DataFrame]
) -> Iterator[pl.DataFrame]:
    """The table `cards`, of what the chunks say of their reports and what was judged here.

    Args:
        rows: Which cards there are: see `dataset.cards.carded`.
        chunks: The folders of the shards.
        judged: All results that aren't in the shards.

    Yields:
        The rows of `cards`, some of a year at a time: see `dataset.cards.yearly`.
    """
    told = pl.concat(pl.read_parquet(path / CARD) for path in chunks.values())
    results = [told.select(*KEYS, *RESULTS), *(of_results(some, KEYS) for some in judged)]
    return yearly(rows, told.drop("agency_id", "year", *RESULTS), results)


def counted(
    rows: pl.DataFrame, chunks: Mapping[str, Path], judged: Iterable[pl.DataFrame]
) -> pl.DataFrame:
    """The table `counts`, of the chunks' results, a chunk at a time, and those judged here.

    Args:
        rows: Which cards there are: see `dataset.cards.carded`.
        chunks: The folders of the shards.
        judged: All results that aren't in the shards, of the columns of `checks`.

    Returns:
        The columns and the order of `counts`: see `dataset.counting.counts`.
    """
    shards = (_scan({chunk: path}, JUDGED) for chunk, path in chunks.items())
    return counts(rows, [*shards, *(some.lazy() for some in judged)])


def states(chunks: Iterable[Path]) -> dict[str, int]:
    """How many cells are in each state, of what stands in the folders of the shards."""
    counted = asked.read(chunks, asked.STATES).group_by("state").agg(pl.col("cells").sum())
    return dict(counted.iter_rows())


def _groups(reports: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """The reports of some agencies at a time; which agencies go together doesn't change."""
    parts = 1
    while reports.height > parts * AT_ONCE:
        parts *= 2
    numbers = [zlib.crc32(a.encode()) * parts >> 32 for a in reports["agency_id"]]
    grouped = reports.with_columns(group=pl.Series(numbers, dtype=pl.UInt32))
    for some in grouped.partition_by("group", maintain_order=True, include_key=False):
        yield some.sort("agency_id", "year", "document_id")


def _judged(reports: pl.DataFrame, chunks: Mapping[str, Path], shelf: Shelf) -> pl.DataFrame:
    """The results of the rules that look at an agency's other reports, kept for the next build."""
    content = reports.drop("chunk").write_ipc(None).getvalue()
    key = hashlib.sha256(judges_version().encode() + content).hexdigest()[:24]
    kept = shelf.kept("across", key)
    if kept.is_file():
        return pl.read_parquet(kept)
    found = checks.of_reports(_frames(reports, chunks), ACROSS).sort(
        "document_id", maintain_order=True
    )
    put(found, kept.with_suffix(".new"))
    kept.with_suffix(".new").replace(kept)
    return found


def _promised(reports: pl.DataFrame, chunks: Mapping[str, Path], shelf: Shelf) -> pl.DataFrame:
    """What these agencies' reports take up of the year before, kept for the next build."""
    told = reports.select("document_id", "agency_id", "year", "current")
    key = hashlib.sha256(reads_version().encode() + told.write_ipc(None).getvalue()).hexdigest()
    kept = shelf.kept("promises", key[:24])
    if kept.is_file():
        return pl.read_parquet(kept)
    mine = {chunk: chunks[chunk] for chunk in reports["chunk"].unique(maintain_order=True)}
    of_these = pl.col("document_id").is_in(reports["document_id"].implode())
    found = promises(told, _scan(mine, "points").filter(of_these).collect())
    put(found, kept.with_suffix(".new"))
    kept.with_suffix(".new").replace(kept)
    return found


def _frames(reports: pl.DataFrame, chunks: Mapping[str, Path]) -> dict[str, pl.DataFrame]:
    """The tables of facts of these reports, from the shards of the chunks they are in."""
    mine = {chunk: chunks[chunk] for chunk in reports["chunk"].unique(maintain_order=True)}
    ids = reports["document_id"].implode()
    found = {
        name: _scan(mine, name).filter(pl.col("document_id").is_in(ids)).collect()
        for name in _FETCHED
    }
    return {
        "reports": reports.select(columns_of("reports")),
        "claims": frame("claims", []),
        "parts": _said(mine).filter(pl.col("document_id").is_in(ids)).collect(),
        **found,
    }


def _said(chunks: Mapping[str, Path]) -> pl.LazyFrame:
    """The lines that may explain a difference from another report."""
    return pl.scan_parquet([path / SAID for path in chunks.values()])


def _scan(chunks: Mapping[str, Path], table: str) -> pl.LazyFrame:
    files = [file for path in chunks.values() for file in sorted((path / table).glob("*.parquet"))]
    if not files:
        return frame(table, []).lazy()
    return pl.scan_parquet(files, hive_partitioning=False)
