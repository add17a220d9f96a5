"""Some agencies in, out of a dataset what their pages and their reports' show, in memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec
import polars as pl

from dashboard.data.cards import in_memory, told_once
from dashboard.data.documents import rows_of_documents

if TYPE_CHECKING:
    from dashboard.data import Data


def opened_lean(data: Data) -> Data:
    """The same data for drawing all pages of a kind that reads little: nothing of it is held yet.

    Args:
        data: A dataset on disk.
    """
    offsets = told_once(data.tables["offsets"].collect()).lazy()
    return msgspec.structs.replace(data, tables=data.tables | {"offsets": offsets}, whole=True)


def near(data: Data, agencies: Sequence[str]) -> Data:
    """What the pages of some agencies and of their reports are made from, as if of all.

    Nothing may be counted in it over reports of several agencies: of those that aren't asked for
    no more is there than the cards of reports whose texts are held against theirs; of `checks` the
    failures. What a report consists of is read by `offsets`.

    Args:
        data: A dataset on disk.
        agencies: Their ids; for memory's sake of some thousand reports.
    """
    tables = dict(data.tables)
    mine = pl.col("agency_id").is_in(list(agencies))

    def some(name: str, which: pl.Expr) -> pl.DataFrame:
        """A table's rows, in their order, from now on the only ones."""
        rows = tables[name].filter(which).collect()
        tables[name] = rows.lazy()
        return rows

    for name in ("coverage", "promises"):
        some(name, mine)
    named = tables["cards"].filter(mine).select("document_id", "report_id")
    own = named.drop_nulls("document_id").collect()
    others = some("similar", _among("document_id", own["document_id"]))["other"]
    groups = data.tables["groups"].filter(_among("document_id", own["document_id"]))
    theirs = groups.select(pl.col("group").unique()).collect()["group"]
    members = some("groups", _among("group", theirs))["document_id"]
    readings = some("reports", _among("report_id", own["report_id"]))["document_id"]
    documents = pl.concat([own["document_id"], others, members, readings]).drop_nulls().unique()
    cards = tables["cards"].filter(mine | _among("document_id", documents)).collect()
    some("documents", _among("document_id", documents))
    offsets = told_once(data.tables["offsets"].filter(_among("document_id", documents)).collect())
    tables["offsets"] = offsets.lazy()
    some("checks", mine & (pl.col("outcome") == "fail"))
    found = msgspec.structs.replace(data, tables=tables, whole=True)
    found.__dict__["cards"] = in_memory(cards.lazy(), tables["agencies"])
    tables["evidence"] = rows_of_documents(found, own["document_id"].to_list(), "evidence").lazy()
    return found


def _among(column: str, keys: pl.Series) -> pl.Expr:
    return pl.col(column).is_in(keys.unique().implode())
