"""Reports and roster in; some agencies' coverage, and what the rules about it say, in shards out.

An agency's rows of `coverage` rest on its own reports, its row of the roster and on which years
the whole knows of. So those of some agencies stand in a folder that is kept by all that they
rest on: after a change most of them are linked, not made again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import polars as pl

from govreport_core import checks
from govreport_core.build import asked
from govreport_core.build.beside import scan, write_judged
from govreport_core.build.chunks import CARD
from govreport_core.build.shares import numbered, shares
from govreport_core.coverage import Unread, Years, coverage, years_of
from govreport_core.dataset.keys import key
from govreport_core.dataset.store import Shelf, by_year, ends_well, filled, is_whole, put
from govreport_core.schemas import frame, validated

COVERED = "coverage"
AT_ONCE = 4_000
"""Reports that are looked at together."""
_AGENCIES = 20_000  # agencies, which may be many more than reports


def covered(
    reports: pl.DataFrame,
    agencies: pl.DataFrame,
    chunks: Mapping[str, Path],
    unread: Iterable[Unread],
    shelf: Shelf,
    version: str,
) -> list[Path]:
    """Where the coverage of all agencies stands, and the results of the rules about it.

    Args:
        reports: The table `reports` with `chunk`, `current` set, and `rests`: see
            `summaries.resting`.
        agencies: The table `agencies`.
        chunks: The folders of the shards.
        unread: Agency and year of files that the manifest names and that couldn't be read.
        shelf: Where folders are kept.
        version: Of all that makes coverage and results.

    Returns:
        Folders with what `beside.write_judged` leaves, at least one, and `coverage`.

    Raises:
        OSError: They can't be written.
    """
    years = years_of(agencies, reports)
    said = f"{version} {years}"
    found, wanted = [], []
    for share, mine, listed in _shared(reports, agencies, unread):
        folder = shelf.kept(COVERED, f"{share}-{key(said, mine.drop('chunk'), listed)}", ending="")
        found.append(folder)
        if not (is_whole(folder) and ends_well(folder / CARD)):
            wanted.append((folder, mine, listed))
    if wanted:
        dates, unlike = (asked.read(chunks.values(), one) for one in (asked.DATES, asked.UNLIKE))
        for folder, mine, listed in wanted:
            _shelve(folder, mine, listed, [_of(mine, dates), _of(mine, unlike)], years)
    return found


def read(folders: Iterable[Path]) -> pl.DataFrame:
    """The table `coverage`.

    Args:
        folders: What `covered` gave.

    Returns:
        Its columns; agencies in no order, an agency's rows by year.
    """
    return scan(folders, COVERED).collect()


def _shared(
    reports: pl.DataFrame, agencies: pl.DataFrame, unread: Iterable[Unread]
) -> Iterator[tuple[str, pl.DataFrame, pl.DataFrame]]:
    """Some agencies at a time: their share, their reports, and their rows with years `unread`."""
    parts = max(shares(reports.height, AT_ONCE), shares(agencies.height, _AGENCIES))
    failed = pl.DataFrame(
        sorted(set(unread)), schema={"agency_id": pl.String, "unread": pl.Int32}, orient="row"
    )
    every = agencies.join(
        failed.group_by("agency_id", maintain_order=True).agg("unread"),
        on="agency_id",
        how="left",
        maintain_order="left",
    )
    share = numbered(every["agency_id"], parts)
    order = ("agency_id", "year", "document_id")
    mine = reports.join(share, on="agency_id").sort(order)
    split = mine.partition_by("share", as_dict=True, include_key=False)
    listed = every.join(share, on="agency_id", maintain_order="left")
    for number, some in listed.partition_by("share", as_dict=True, include_key=False).items():
        yield f"{number[0]}of{parts}", split.get(number, reports.clear()), some


def _of(reports: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    return rows.filter(pl.col("document_id").is_in(reports["document_id"].implode()))


def _shelve(
    folder: Path,
    reports: pl.DataFrame,
    listed: pl.DataFrame,
    told: list[pl.DataFrame],
    years: Years,
) -> None:
    """Write the shards of some agencies, in one step."""
    dates, unlike = told
    failed = listed.select("agency_id", "unread").drop_nulls().explode("unread")
    agencies = listed.drop("unread")
    rows = coverage(
        agencies, reports, dates, diagnostics=unlike, unread=failed.iter_rows(), years=years
    )
    frames = {
        "reports": reports.select(frame("reports", []).columns),
        "agencies": agencies,
        COVERED: rows,
        "documents": frame("documents", []),  # files that weren't read are nobody's
    }
    results = checks.of_agencies(frames)
    with filled(folder) as fresh:
        write_judged(results, fresh)
        (fresh / COVERED).mkdir()
        for stem, some in by_year(validated(COVERED, rows)):
            put(some, fresh / COVERED / f"{stem}.parquet")
