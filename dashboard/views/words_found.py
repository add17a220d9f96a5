"""Texts, filters and a query in, the reports, sections and points that have it out."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TypeAlias

import msgspec
import numpy as np
import polars as pl

from dashboard.texts import FIVE, Texts
from dashboard.views.filters import UNKNOWN, Filters, narrow
from govreport_core.model import Record
from govreport_core.search import Query, matching

EVERYWHERE = "all"
Orders: TypeAlias = np.ndarray[tuple[int], np.dtype[np.int64]]
_Mask: TypeAlias = np.ndarray[tuple[int], np.dtype[np.bool_]]


class Asked(Record, frozen=True):
    """What a search is about, beside the general filters.

    Attributes:
        query: Without words: all points.
        themes: Only points of these; `none` for those without.
        sections: Codes; none for points and section five, `EVERYWHERE` for all.
        agency: An agency's id.
        point: A point's id.
    """

    query: Query = Query()
    themes: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    agency: str = ""
    point: str = ""


class Found(msgspec.Struct, frozen=True, dict=True):
    """What was found.

    Attributes:
        sections: `order` and `section` of the sections that have all words and none of those
            left out.
        orders: The reports found, rows of `Texts.reports`; those found in points and section
            five come first.
        look: Gives the points found, when asked for.
    """

    texts: Texts
    sections: pl.DataFrame
    orders: Orders
    look: Callable[[], pl.DataFrame]

    @cached_property
    def points(self) -> pl.DataFrame:
        """Points that have all words and none of those left out.

        Returns:
            `row` of `Texts.points`, its `order` and `number`: there may be a million.
        """
        return self.look()

    @cached_property
    def reports(self) -> pl.DataFrame:
        """Their rows of `Texts.reports`."""
        return self.texts.reports[self.orders]


def found(texts: Texts, filters: Filters, asked: Asked) -> Found:
    """Look for what is asked.

    Narrowed to the reports that match first, then scanned. Without words all points that
    match are found. With them a report is found where section five (or one of the sections
    asked for) has all words and none of those left out; points are found one by one, and
    where a theme or one point is asked for, only they.
    """
    within = _reports(texts, filters, asked)
    query = asked.query
    if not query.words or asked.themes or asked.point:
        points = _of_points(texts, within, asked)
        if query.words:
            points = _matching(texts, _mask(points["order"], texts), query).join(
                points, on="row", how="semi", maintain_order="left"
            )
        here = _mask(points["order"], texts)
        return Found(texts, _NO_SECTIONS, np.flatnonzero(here), lambda: points)
    here = np.zeros(texts.reports.height, dtype=np.bool_)
    sections = [_NO_SECTIONS]
    if not asked.sections or {FIVE, EVERYWHERE} & {*asked.sections}:
        sections.append(matching(_kept(texts.five, within), texts.query(query)))
        here = _mask(sections[-1]["order"], texts)
    others = [code for code in asked.sections if code != FIVE]
    if others:
        rows = _kept(texts.others, within)
        if EVERYWHERE not in others:
            rows = rows.filter(rows["section"].cast(pl.String).is_in(others))
        sections.append(matching(rows, texts.query(query)))
    got = pl.concat(sections)
    there = _mask(got["order"], texts) & ~here
    orders = np.concatenate([np.flatnonzero(here), np.flatnonzero(there)])
    # What stands in a point stands in its section, so only these reports have any.
    return Found(texts, got, orders, lambda: _matching(texts, here, query))


def _matching(texts: Texts, reports: _Mask, query: Query) -> pl.DataFrame:
    """The points of some reports that match, as `Found.points` has them."""
    rows, asked = texts.searched_points, texts.query(query)
    if 2 * np.count_nonzero(reports) > len(reports):
        # Where most are looked through, to look through all takes less than to pick them.
        return _kept(matching(rows, asked), reports)
    return matching(_kept(rows, reports), asked)


def nothing(texts: Texts) -> Found:
    """What is found where nothing can be asked."""
    return Found(texts, _NO_SECTIONS, np.empty(0, np.int64), lambda: _numbered(texts).clear())


_NO_SECTIONS = pl.DataFrame(schema={"order": pl.UInt32(), "section": pl.Categorical()})


def _reports(texts: Texts, filters: Filters, asked: Asked) -> _Mask | None:
    """Which reports match by their cards; None for all."""
    where = msgspec.structs.replace(filters, outcomes=(), rules=())
    if where == Filters() and not asked.agency:
        return None
    rows = narrow(texts.reports.lazy().with_row_index("order"), where)
    if asked.agency:
        rows = rows.filter(pl.col("agency_id") == asked.agency)
    return _mask(rows.select("order").collect()["order"], texts)


def _mask(orders: pl.Series, texts: Texts) -> _Mask:
    return marked(orders, texts.reports.height)


def _kept(rows: pl.DataFrame, reports: _Mask | None) -> pl.DataFrame:
    if reports is None or reports.all():
        return rows
    return rows.filter(pl.Series(reports[rows["order"].to_numpy()]))


def _of_points(texts: Texts, within: _Mask | None, asked: Asked) -> pl.DataFrame:
    """The points of some reports that a search without words asks for."""
    rows = _numbered(texts)
    if asked.point:
        rows = rows.filter(texts.points["point_id"] == asked.point)
    rows = _kept(rows, within)
    if asked.themes:
        rows = rows.filter(pl.Series(_of_themes(texts, asked.themes)[rows["row"].to_numpy()]))
    return rows


def _numbered(texts: Texts) -> pl.DataFrame:
    return texts.points.select("order", "number").with_row_index("row")


def _of_themes(texts: Texts, themes: tuple[str, ...]) -> _Mask:
    """Which points are of one of these themes."""
    told = texts.themed
    wanted = [place for place, code in enumerate(texts.themes) if code in themes]
    mask = marked(told.filter(pl.col("theme").is_in(wanted))["row"], texts.points.height)
    return mask | ~marked(told["row"], texts.points.height) if UNKNOWN in themes else mask


def marked(rows: pl.Series, length: int) -> _Mask:
    """Which of so many rows are among these."""
    mask = np.zeros(length, dtype=np.bool_)
    mask[rows.to_numpy()] = True
    return mask
