"""Results of the rules about the whole in, shards of some agencies' each out.

After a change most of these rules say of most reports what they said before: a shard is kept by
all that stands in it, so that the next build links it instead of writing and counting it again.
"""

from __future__ import annotations

import zlib
from pathlib import Path

import polars as pl

from govreport_core.build.across import key
from govreport_core.build.chunks import CARD, JUDGED, write_tables
from govreport_core.dataset.cards import KEYS, of_results
from govreport_core.dataset.store import Shelf, ends_well, filled, is_whole, put

AT_ONCE = 8_000
"""Reports whose results stand together."""


def shelved(results: pl.DataFrame, reports: int, shelf: Shelf, version: str) -> list[Path]:
    """Results of the rules about the whole as shards, with what cards count of them.

    Args:
        results: What `checks.of_the_whole` gave.
        reports: How many there are: twice as many, and other agencies stand together.
        shelf: Where shards are kept.
        version: Of all that makes results and what is counted of them.

    Returns:
        Folders as `beside.look` leaves them: `checks`, and `card.parquet` by `KEYS`.

    Raises:
        OSError: They can't be written.
    """
    parts = 1
    while reports > parts * AT_ONCE:
        parts *= 2
    agencies = results.select("agency_id").unique().drop_nulls()
    numbers = [zlib.crc32(one.encode()) * parts >> 32 for one in agencies["agency_id"]]
    numbered = agencies.with_columns(share=pl.Series(numbers, dtype=pl.UInt32))
    placed = results.join(numbered, on="agency_id", how="left", maintain_order="left")
    cut = placed.with_columns(pl.col("share").fill_null(0)).partition_by(
        "share", as_dict=True, include_key=False
    )
    found = []
    for (number,), some in sorted(cut.items()):
        folder = shelf.kept("whole", f"{number}of{parts}-{key(version, some)}", ending="")
        if not (is_whole(folder) and ends_well(folder / CARD)):
            _shelve(some, folder)
        found.append(folder)
    return found


def _shelve(results: pl.DataFrame, folder: Path) -> None:
    """Write a shard, in one step."""
    with filled(folder) as fresh:
        write_tables({JUDGED: results}, fresh)
        put(of_results(results, KEYS), fresh / CARD)
