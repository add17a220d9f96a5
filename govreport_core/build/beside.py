"""Some agencies' reports in, what is judged of each beside the others and what they promised out.

The cells and texts that this takes are fetched from the shards of the chunks the reports are
in, in a worker where there is one: nothing larger than the reports' rows goes there, and
what is found stands in files that are kept for the next build: results as a chunk's shards
do, with what cards count of them.
"""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec
import polars as pl

from govreport_core import checks
from govreport_core.build.chunks import CARD, JUDGED, SAID, write_tables
from govreport_core.checks.kinds import ACROSS
from govreport_core.dataset.cards import KEYS, of_results
from govreport_core.dataset.store import keep, put
from govreport_core.narrative.promises import ASKED, promises
from govreport_core.schemas import columns_of, frame

_FETCHED = ("values", "sections", "evidence", "diagnostics")


class Agencies(msgspec.Struct, frozen=True, tag=True):
    """Agencies whose reports are to be looked at beside each other.

    Attributes:
        rows: All their reports: the table `reports` with `chunk`, as Arrow IPC.
        folders: The folders of these chunks' shards, by name.
        judged: The folder that takes the results; None where they are known.
        promised: The file that takes what is promised; likewise.
    """

    rows: bytes
    folders: dict[str, str]
    judged: str | None
    promised: str | None


def look(job: Agencies) -> None:
    """Judge agencies by the rules that look at their other reports; match their promises.

    Raises:
        OSError: The results can't be written.
    """
    reports = pl.read_ipc(io.BytesIO(job.rows))
    folders = [Path(folder) for folder in job.folders.values()]
    if job.judged is not None:
        _shelve(_judged(reports, folders), Path(job.judged))
    if job.promised is not None:
        keep(_promised(reports, folders), Path(job.promised))


def _shelve(found: pl.DataFrame, folder: Path) -> None:
    """Write results as shards, and what cards count of them, in one step."""
    fresh = folder.with_suffix(".new")
    for old in (fresh, folder):
        shutil.rmtree(old, ignore_errors=True)
    write_tables({JUDGED: found}, fresh)
    put(of_results(found, KEYS), fresh / CARD)
    fresh.replace(folder)


def _judged(reports: pl.DataFrame, folders: list[Path]) -> pl.DataFrame:
    """The results of the rules that look at an agency's other reports."""
    found = checks.of_reports(_frames(reports, folders), ACROSS)
    return found.sort("document_id", maintain_order=True)


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
