"""Reports and roster in; some agencies' coverage, and what the rules about it say, in shards out.

An agency's rows of `coverage` rest on its own reports, its row of the roster and on which years
the whole knows of. So those of some agencies stand in a folder that is kept by all that they
rest on: after a change most of them are linked, not made again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import polars as pl

from govreport_core import checks
from govreport_core.build import asked
from govreport_core.build.beside import scan, write_judged
from govreport_core.build.chunks import CARD
from govreport_core.build.shares import Share
from govreport_core.coverage import Unread, Years, coverage
from govreport_core.dataset.keys import key
from govreport_core.dataset.parquet import by_year, ends_well, filled, is_whole, put
from govreport_core.dataset.store import Shelf
from govreport_core.schemas import columns_of, frame, validated

COVERED = "coverage"


def covered(
    shares: Iterable[Share],
    years: Years,
    chunks: Mapping[str, Path],
    unread: Iterable[Unread],
    shelf: Shelf,
    version: str,
) -> list[Path]:
    """Where the coverage of all agencies stands, and the results of the rules about it.

    Args:
        shares: All agencies with all their reports: the table `reports` with `chunk`, `current`
            set, and `rests`: see `summaries.resting`.
        years: What `years_of` gave of all of them.
        chunks: The folders of the shards.
        unread: Agency and year of files that the manifest names and that couldn't be read.
        shelf: Where folders are kept.
        version: Of all that makes coverage and results.

    Returns:
        Folders with what `beside.write_judged` leaves, at least one, and `coverage`.

    Raises:
        OSError: They can't be written.
    """
    failed = sorted(set(unread))
    found, wanted = [], []
    for share in shares:
        ids = frozenset(share.agencies["agency_id"])
        mine = [one for one in failed if one[0] in ids]
        told = key(f"{version} {years} {mine} {share.told}", share.agencies)
        found.append(shelf.kept(COVERED, f"{share.name}-{told}", ending=""))
        if not (is_whole(found[-1]) and ends_well(found[-1] / CARD)):
            wanted.append((found[-1], share, mine))
    if wanted:
        dates, unlike = (asked.read(chunks.values(), one) for one in (asked.DATES, asked.UNLIKE))
        for folder, share, mine in wanted:
            of = pl.col("document_id").is_in(share.reports["document_id"].implode())
            rows = coverage(
                share.agencies,
                share.reports,
                dates.filter(of),
                diagnostics=unlike.filter(of),
                unread=mine,
                years=years,
            )
            _shelve(folder, share, rows)
    return found


def read(folders: Iterable[Path]) -> pl.DataFrame:
    """The table `coverage`.

    Args:
        folders: What `covered` gave.

    Returns:
        Its columns; agencies in no order, an agency's rows by year.
    """
    return scan(folders, COVERED).collect()


def _shelve(folder: Path, share: Share, rows: pl.DataFrame) -> None:
    """Write the coverage of some agencies, and what the rules say of it, in one step."""
    results = checks.of_agencies(
        {
            "reports": share.reports.select(columns_of("reports")),
            "agencies": share.agencies,
            COVERED: rows,
            "documents": frame("documents", []),  # files that weren't read are nobody's
        }
    )
    with filled(folder) as fresh:
        write_judged(results, fresh)
        (fresh / COVERED).mkdir()
        for stem, some in by_year(validated(COVERED, rows)):
            put(some, fresh / COVERED / f"{stem}.parquet")
