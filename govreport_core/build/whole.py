"""Results of the rules about the whole in, shards of some agencies' each out.

After a change most of these rules say of most reports what they said before: a shard is kept by
all that stands in it, so that the next build links it instead of writing and counting it again.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from govreport_core.build.beside import write_judged
from govreport_core.build.chunks import CARD
from govreport_core.build.shares import numbered, shares
from govreport_core.dataset.keys import key
from govreport_core.dataset.parquet import ends_well, filled, is_whole
from govreport_core.dataset.store import Shelf

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
        Folders with what `beside.write_judged` leaves.

    Raises:
        OSError: They can't be written.
    """
    parts = shares(reports, AT_ONCE)
    mine = numbered(results["agency_id"], parts)
    placed = results.join(mine, on="agency_id", how="left", maintain_order="left")
    cut = placed.with_columns(pl.col("share").fill_null(0)).partition_by(
        "share", as_dict=True, include_key=False
    )
    found = []
    for (number,), some in sorted(cut.items()):
        folder = shelf.kept("whole", f"{number}of{parts}-{key(version, some)}", ending="")
        if not (is_whole(folder) and ends_well(folder / CARD)):
            with filled(folder) as fresh:
                write_judged(some, fresh)
        found.append(folder)
    return found
