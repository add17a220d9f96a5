"""A dataset in, what one kind of pages may read of it out: that alone, and what tells it apart.

What a kind doesn't name isn't there when its pages are made: so nothing that they show can be
missing in its digest. Which document a report is stays out of that: it is another one as soon as
a figure changes that they don't show.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec
import polars as pl

from dashboard.data import Data
from dashboard.site import reports
from dashboard.texts import SHOWN
from dashboard.views.context import dates

STORED = ("parts", "sections", "points", "evidence")
"""Too much to be held: read from the files, some documents at a time."""


class Reads(msgspec.Struct, frozen=True):
    """What a kind reads.

    Attributes:
        tables: But for `cards`. Of `evidence` it may show no more than `dates` gives.
        cards: The columns; none where it is all of them.
        absent: Whether the cards of what has no report are among them.
    """

    tables: tuple[str, ...] = ()
    cards: tuple[str, ...] = ()
    absent: bool = False


_LIST = Reads(cards=(*SHOWN, *reports.NEEDED), absent=True)
# What rates of many agencies are told from, and whether a report was placed.
_RATES = (
    *("form", "status", "reason", "required", "due", "agree_errors", "agree_judged"),
    *("agree_doubted", "requests_received_numerator", "requests_received_state"),
)
_COVERAGE = Reads(("agencies", "coverage", "evidence"), (*SHOWN, *_RATES), absent=True)
_COUNTED = Reads(("agencies", "counts", "coverage", "documents"), absent=True)
READ_BY: dict[str, Reads] = {
    "search": Reads(("sections", "points", "parts"), SHOWN),
    "words": Reads(("sections", "points", "promises", "groups"), SHOWN),
    "coverage": _COVERAGE,
    "reports": _LIST,
    "list": _LIST,
    "home": _COUNTED,
    "indicators": _COUNTED,
    "agencies": _COUNTED,
    "regions": _COUNTED,
}
"""The kinds whose digests are of all that they read, each with that."""
_DOCUMENTS = ("document_id", "other_document_id")
# Their rows are of agencies or files, not of current reports: all, and the files that gave none.
_OF_ALL: dict[str, Callable[[pl.LazyFrame], pl.LazyFrame]] = {
    **dict.fromkeys(("agencies", "counts", "coverage"), pl.LazyFrame.lazy),
    "documents": lambda files: files.filter(pl.col("status") != "read"),
}


def narrowed(data: Data, reads: Reads) -> Data:
    """What a kind reads, and no more: of reports' tables the current ones', in `cards`' order.

    Args:
        data: What `opened_whole` gave.
        reads: Of `READ_BY`.
    """
    cards = data.cards.select([*dict.fromkeys(reads.cards)]) if reads.cards else data.cards
    reported = cards.drop_nulls("document_id")
    order = reported.lazy().select("document_id")
    mine = {
        name: _OF_ALL[name](data.tables[name])
        if name in _OF_ALL
        else data.tables[name].join(order, on="document_id", maintain_order="right_left")
        for name in reads.tables
    }
    held = {name: rows.collect().lazy() for name, rows in mine.items() if name not in STORED}
    tables = {**mine, **held, "offsets": data.tables["offsets"]}
    found = Data(Path(), {}, tables, data.version, held=frozenset(held), whole=True)
    found.__dict__["cards"] = cards if reads.absent else reported
    return found


def frames(data: Data) -> Iterable[pl.DataFrame]:
    """What `narrowed` gave and isn't on disk; documents by their places in `cards`."""
    order = data.cards["document_id"].drop_nulls()
    place = pl.int_range(order.len(), eager=True).cast(pl.String)
    tables = [data.tables[name] for name in sorted(data.held)]
    if "evidence" in data.tables:
        tables.append(dates(data.tables["evidence"]))
    for rows in (data.cards, *(table.collect() for table in tables)):
        named = [name for name in _DOCUMENTS if name in rows.columns]
        yield rows.with_columns(pl.col(named).replace(order, place))
