"""A dataset and filters in, two lists of its texts out: what is said for years, what several share.

Each is bounded and says of how many; its table has all of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

from dashboard.labels import section_label
from dashboard.texts import Texts
from dashboard.views.context import Context
from dashboard.views.echoes import (
    PointKey,
    Step,
    chain_of,
    echoes_of,
    shared_text,
    steps_of,
    texts_of,
)
from dashboard.views.filters import Filters, narrow
from dashboard.views.lists import region_label
from dashboard.views.records import Cut, Running
from dashboard.views.words_themes import theme_label

YEARS = 3
SHOWN = 20
_SAID = 3  # sentences of each that are shown; the table has all
_AT_ONCE = 1000
_REPEATED = ("repeated",)
_Link = Callable[[str, str, str], str]


def running(texts: Texts, shared: Context, filters: Filters, lang: str, limit: int = SHOWN) -> Cut:
    """What agencies name as a problem of one theme for `YEARS` years running and more.

    Args:
        texts: The texts.
        shared: Their dataset.
        filters: Which reports: of the last of these years.
        lang: Language of the words.
        limit: How many at most.

    Returns:
        The longest first, then the newest.
    """
    ends = _ends(texts, filters)
    rows = tuple(_running(shared, ends.head(limit), lang, _SAID))
    return Cut(running=rows, of=ends.height, rows=int(ends["years"].sum()))


def shared_cut(
    texts: Texts, shared: Context, filters: Filters, lang: str, limit: int = SHOWN
) -> Cut:
    """The groups of agencies that share a text, of which a report matches; the largest first."""
    groups = _groups(texts, filters)
    rows = tuple(shared_text(shared, group, lang) for group in groups.head(limit)["group"])
    shares = shared.data.sharing.rows["group"].is_in(groups["group"].implode())
    return Cut(shared=rows, of=groups.height, rows=int(shares.sum()))


def running_frame(
    texts: Texts, shared: Context, filters: Filters, lang: str, link: _Link
) -> pl.DataFrame:
    """All of `running` as a table: a row a point, names and words first.

    Args:
        texts: The texts.
        shared: Their dataset.
        filters: Which reports.
        lang: Language of the words.
        link: The address of a report, a point and its mark.

    Returns:
        `agency`, `region`, `theme`, `years` (how many running), `year`, `text`, `likeness` (0 to
        1, to the point of the year after; null of the last), `link`, `agency_id`, `report_id`,
        `point_id`.
    """
    ends = _ends(texts, filters)
    made: list[dict[str, Any]] = []
    for at in range(0, ends.height, _AT_ONCE):
        chains = _chains(shared, ends[at : at + _AT_ONCE])
        said = texts_of(shared.data, (step.earlier for one in chains for step in one[1]))
        for row, chain in chains:
            about = {
                "agency": row["agency_name"],
                "region": region_label(row, lang),
                "theme": theme_label(row["theme"], lang),
                "years": len(chain),
                "agency_id": row["agency_id"],
            }
            for step in chain:
                card = shared.of_document(step.earlier[0])
                if card is None or step.earlier not in said:
                    continue
                text, number = said[step.earlier]
                made.append(
                    about
                    | {
                        "year": card["year"],
                        "text": text.strip(),
                        "likeness": None if step is chain[0] else step.likeness,
                        "link": link(card["report_id"], step.earlier[1], f"m-{number}"),
                        "report_id": card["report_id"],
                        "point_id": step.earlier[1],
                    }
                )
    return pl.DataFrame(made, schema=_RUNNING)


def shared_frame(
    texts: Texts, shared: Context, filters: Filters, lang: str, link: _Link
) -> pl.DataFrame:
    """All of `shared_cut` as a table: a row a report.

    Args:
        texts: The texts.
        shared: Their dataset.
        filters: Which reports.
        lang: Language of the words.
        link: The address of a report, a point and its mark.

    Returns:
        `section` in words, `agencies` (how many share it), `agency`, `region`, `year`, `link`,
        `agency_id`, `report_id`, `group`.
    """
    groups = _groups(texts, filters).with_row_index("place").select("place", "group")
    cards = texts.reports.lazy()
    rows = (
        shared.data.sharing.rows.lazy()
        .join(groups.lazy(), on="group")
        .join(cards, on="document_id")
        .sort("place", "agency_id", "year")
        .collect()
    )
    made = [
        {
            "section": section_label(None, row["section"], lang),
            "agencies": row["agencies"],
            "agency": row["agency_name"],
            "region": region_label(row, lang),
            "year": row["year"],
            "link": link(row["report_id"], "", ""),
            "agency_id": row["agency_id"],
            "report_id": row["report_id"],
            "group": row["group"],
        }
        for row in rows.iter_rows(named=True)
    ]
    return pl.DataFrame(made, schema=_SHARED)


_RUNNING = {
    "agency": pl.String(),
    "region": pl.String(),
    "theme": pl.String(),
    "years": pl.Int32(),
    "year": pl.Int32(),
    "text": pl.String(),
    "likeness": pl.Float64(),
    "link": pl.String(),
    "agency_id": pl.String(),
    "report_id": pl.String(),
    "point_id": pl.String(),
}
_SHARED = {
    "section": pl.String(),
    "agencies": pl.Int32(),
    "agency": pl.String(),
    "region": pl.String(),
    "year": pl.Int32(),
    "link": pl.String(),
    "agency_id": pl.String(),
    "report_id": pl.String(),
    "group": pl.String(),
}


def _ends(texts: Texts, filters: Filters) -> pl.DataFrame:
    """Of each run of years its last point: the year after takes up none of its theme.

    Of several points of a report and theme the one with the longest run stands for all.
    """
    links = texts.data.tables["promises"].filter(pl.col("link").is_in(_REPEATED))
    taken = links.select("theme", document_id="other_document_id").unique()
    named = texts.reports.lazy().select(
        *("document_id", "agency_name", "agency_kind", "agency_level"),
        *("region_code", "region", "report_id"),
    )
    ends = (
        links.filter(pl.col("years") >= YEARS)
        .join(taken, on=["theme", "document_id"], how="anti")
        .join(named, on="document_id")
    )
    order = ["years", "year", "region_code", "agency_id", "theme", "likeness", "point_id"]
    falling = [True, True, False, False, False, True, False]
    return (
        narrow(ends, filters)
        .sort(order, descending=falling, nulls_last=True)
        .unique(["document_id", "theme"], keep="first", maintain_order=True)
        .collect()
    )


def _running(shared: Context, ends: pl.DataFrame, lang: str, most: int) -> list[Running]:
    chains = _chains(shared, ends)
    said = texts_of(shared.data, (step.earlier for _, chain in chains for step in chain[:most]))
    return [
        Running(
            agency=row["agency_name"] or row["agency_id"],
            agency_id=row["agency_id"],
            region=region_label(row, lang),
            theme=theme_label(row["theme"], lang),
            years=len(chain),
            said=echoes_of(shared, chain[:most], said, lang),
        )
        for row, chain in chains
    ]


def _chains(shared: Context, ends: pl.DataFrame) -> list[tuple[dict[str, Any], tuple[Step, ...]]]:
    """Each run with all its points, the last year's first.

    The last point is a step to itself, whose likeness is none.
    """
    agencies = ends["agency_id"].unique()
    rows = (
        shared.data.tables["promises"]
        .filter(pl.col("link").is_in(_REPEATED), pl.col("agency_id").is_in(agencies.implode()))
        .collect()
    )
    steps = steps_of(rows.iter_rows(named=True))
    return [(row, _chain(steps, row)) for row in ends.iter_rows(named=True)]


def _chain(
    steps: Mapping[tuple[str, str], Mapping[PointKey, Step]], row: dict[str, Any]
) -> tuple[Step, ...]:
    point = (row["document_id"], row["point_id"])
    return (Step(point, 0.0), *chain_of(steps[row["link"], row["theme"]], point))


def _groups(texts: Texts, filters: Filters) -> pl.DataFrame:
    mine = narrow(texts.reports.lazy(), filters).select("document_id", "year")
    return (
        texts.data.tables["groups"]
        .join(mine, on="document_id")
        .group_by("group")
        .agg(pl.col("agencies").first(), pl.col("year").max())
        .sort(["agencies", "year", "group"], descending=[True, True, False], nulls_last=True)
        .collect()
    )
