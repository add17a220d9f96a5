"""Some agencies' reports in, what is judged of each beside the others and what they promised out.

The cells and texts that this takes are fetched from the shards of the chunks the reports are
in, in a worker where there is one: nothing larger than the reports' rows goes there, and
what is found stands in a folder that is kept for the next build: results and promises as a
chunk's shards do, with what cards count of them.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec
import polars as pl

from govreport_core import checks
from govreport_core.build.chunks import CARD, JUDGED, SAID, read_table, write_tables
from govreport_core.checks.kinds import ACROSS
from govreport_core.dataset.cards import KEYS, of_results
from govreport_core.dataset.parquet import by_year, ends_well, filled, is_whole, put
from govreport_core.narrative.promises import ASKED, promises
from govreport_core.schemas import columns_of, frame, validated

PROMISED = "promises"
_TOLD = "told.parquet"
_FETCHED = ("values", "sections", "evidence", "diagnostics")


class Agencies(msgspec.Struct, frozen=True, tag=True):
    """Agencies whose reports are to be looked at beside each other.

    Attributes:
        rows: All their reports: the table `reports` with `chunk`, as Arrow IPC.
        folders: The folders of these chunks' shards, by name.
        found: The folder that takes what is found.
        before: The folder with what was found of these agencies, or of some, when their
            reports were others; None where there is none.
    """

    rows: bytes
    folders: dict[str, str]
    found: str
    before: str | None


def look(job: Agencies) -> None:
    """Judge agencies by the rules that look at their other reports; match their promises.

    Only those of which a report came, went or changed: the others' results are as before.

    Raises:
        OSError: What is found can't be written.
    """
    reports = pl.read_ipc(io.BytesIO(job.rows))
    told = reports.select("agency_id", "document_id", told=reports.drop("chunk").hash_rows())
    before = Path(job.before) if job.before else None
    gone = pl.col("agency_id").is_in(_changed(told, before).implode())
    some, stay = reports.filter(gone), told.filter(~gone)["document_id"]
    folders = [Path(job.folders[chunk]) for chunk in sorted(some["chunk"].unique())]
    judged, promised = [_judged(some, folders)], [_promised(some, folders)]
    if before is not None:
        mine = pl.col("document_id").is_in(stay.implode())
        judged.append(read_table(before, JUDGED).filter(mine))
        promised.append(read_table(before, PROMISED).filter(mine))
    results = pl.concat(judged).sort("document_id", maintain_order=True)
    links = pl.concat(promised).sort("agency_id", maintain_order=True)
    _shelve(Path(job.found), results, links, told)


def _changed(told: pl.DataFrame, before: Path | None) -> pl.Series:
    """The agencies of which reports aren't, or weren't, the same."""
    if before is None:
        return told["agency_id"].unique()
    was = pl.read_parquet(before / _TOLD)
    unlike = [a.join(b, on=told.columns, how="anti") for a, b in ((told, was), (was, told))]
    return pl.concat(unlike)["agency_id"].unique()


def _shelve(folder: Path, results: pl.DataFrame, links: pl.DataFrame, told: pl.DataFrame) -> None:
    """Write results and promises as shards, and what stands beside them, in one step."""
    with filled(folder) as fresh:
        write_judged(results, fresh)
        (fresh / PROMISED).mkdir()
        for stem, some in by_year(validated(PROMISED, links)):
            put(some, fresh / PROMISED / f"{stem}.parquet")
        put(told, fresh / _TOLD)


def write_judged(results: pl.DataFrame, folder: Path) -> None:
    """Write results as shards, with what cards count of them and a number that tells it apart.

    Args:
        results: The table `checks`, of any reports; those of a document stand together.
        folder: Takes `checks`, and `card.parquet`: what `of_results` gives by `KEYS`, and `told`.

    Raises:
        DatasetError: The results break their schema (a defect of ours).
        OSError: They can't be written.
    """
    write_tables({JUDGED: results}, folder)
    counted = of_results(results, KEYS)
    put(counted.with_columns(told=pl.struct(counted.columns).hash()), folder / CARD)


def is_found(folder: Path) -> bool:
    """Whether what `look` finds is there, and whole."""
    return is_whole(folder) and all(ends_well(folder / n) for n in (CARD, _TOLD))


def _judged(reports: pl.DataFrame, folders: list[Path]) -> pl.DataFrame:
    """The results of the rules that look at an agency's other reports."""
    if reports.is_empty():
        return frame(JUDGED, [])
    return checks.of_reports(_frames(reports, folders), ACROSS)


def _promised(reports: pl.DataFrame, folders: list[Path]) -> pl.DataFrame:
    """What these agencies' reports take up of the year before."""
    told = reports.select("document_id", "agency_id", "year", "current")
    return promises(told, _of(reports, scan(folders, "points").select(ASKED)))


def _frames(reports: pl.DataFrame, folders: list[Path]) -> Mapping[str, pl.DataFrame]:
    """The tables of facts of these reports, from the shards of the chunks they are in."""
    return {
        "reports": reports.select(columns_of("reports")),
        "claims": frame("claims", []),
        # the lines that may explain a difference from another report
        "parts": _of(reports, pl.scan_parquet([folder / SAID for folder in folders])),
        **{name: _of(reports, scan(folders, name)) for name in _FETCHED},
    }


def _of(reports: pl.DataFrame, table: pl.LazyFrame) -> pl.DataFrame:
    ids = reports["document_id"].implode()
    return table.filter(pl.col("document_id").is_in(ids)).collect()


def scan(folders: Iterable[Path], table: str) -> pl.LazyFrame:
    """A table of some chunks, lazily.

    Args:
        folders: The folders of their shards.
        table: One of the tables that a chunk holds.

    Returns:
        Its columns, chunk by chunk, in each by year.
    """
    files = [file for folder in folders for file in sorted((folder / table).glob("*.parquet"))]
    if not files:
        return frame(table, []).lazy()
    return pl.scan_parquet(files, hive_partitioning=False)
