"""A dataset in, what one kind of pages may read of it out: that alone, and what tells it apart.

What a kind doesn't name isn't there when its pages are made: so nothing that they show can be
missing in its digest. Which document a report is stays out of that: it is another one as soon as
a figure changes that they don't show.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import polars as pl

from dashboard.data import Data
from dashboard.texts import SHOWN

STORED = ("parts", "sections", "points")
"""Too much to be held: read from the files, some documents at a time."""
READ_BY: dict[str, tuple[str, ...]] = {
    "search": ("sections", "points", "parts"),
    "words": ("sections", "points", "promises", "groups"),
}
"""The kinds that read no more of `cards` than `SHOWN`, and of other tables these."""
_DOCUMENTS = ("document_id", "other_document_id")


def narrowed(data: Data, kind: str) -> Data:
    """The current reports' rows of what a kind reads, in the order of `cards`, and no more.

    Args:
        data: What `opened_whole` gave.
        kind: Of `READ_BY`.
    """
    cards = data.cards.select(SHOWN).drop_nulls("document_id")
    order = cards.lazy().select("document_id")
    mine = {
        name: data.tables[name].join(order, on="document_id", maintain_order="right_left")
        for name in READ_BY[kind]
    }
    held = {name: rows.collect().lazy() for name, rows in mine.items() if name not in STORED}
    tables = {**mine, **held, "offsets": data.tables["offsets"]}
    found = Data(Path(), {}, tables, data.version, held=frozenset(held), whole=True)
    found.__dict__["cards"] = cards
    return found


def frames(data: Data) -> Iterable[pl.DataFrame]:
    """What `narrowed` gave and isn't on disk; documents by their places in `cards`."""
    order = data.cards["document_id"]
    place = pl.int_range(order.len(), eager=True).cast(pl.String)
    tables = (data.tables[name].collect() for name in sorted(data.held))
    for rows in (data.cards, *tables):
        named = [name for name in _DOCUMENTS if name in rows.columns]
        yield rows.with_columns(pl.col(named).replace(order, place))
