"""Texts, filters and a query in, the reports that have it and their counts out."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TypeAlias

import msgspec
import numpy as np
import polars as pl

from dashboard.labels import section_label, t, term
from dashboard.texts import FIVE, Texts
from dashboard.views.filters import UNKNOWN, Filters, narrow
from dashboard.views.lists import region_label
from dashboard.views.records import Option
from dashboard.views.records.words import Facet
from dashboard.views.words_themes import theme_label
from govreport_core.model import Record
from govreport_core.search import Query, matching

EVERYWHERE = "all"
_AGENCIES = 12
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
        orders: The reports found; those found in points and section five come first.
        look: Gives the points found, when asked for.
    """

    texts: Texts
    sections: pl.DataFrame
    orders: list[int]
    look: Callable[[], pl.DataFrame]

    @cached_property
    def points(self) -> pl.DataFrame:
        """Rows of `Texts.points`: points that have all words and none of those left out."""
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
        points = _of_points(_kept(texts.points, within), asked)
        if query.words:
            points = _matching(texts, _mask(points["order"], texts), query).join(
                points.select("order", "number"), on=["order", "number"], how="semi"
            )
        here = _mask(points["order"], texts)
        return Found(texts, _NO_SECTIONS, np.flatnonzero(here).tolist(), lambda: points)
    here = np.zeros(texts.reports.height, dtype=np.bool_)
    sections = [_NO_SECTIONS]
    if not asked.sections or {FIVE, EVERYWHERE} & {*asked.sections}:
        sections.append(matching(_kept(texts.five, within), query).drop("plain"))
        here = _mask(sections[-1]["order"], texts)
    others = [code for code in asked.sections if code != FIVE]
    if others:
        rows = _kept(texts.others, within)
        if EVERYWHERE not in others:
            rows = rows.filter(rows["section"].cast(pl.String).is_in(others))
        sections.append(matching(rows, query).drop("plain"))
    got = pl.concat(sections)
    there = _mask(got["order"], texts) & ~here
    orders = [*np.flatnonzero(here).tolist(), *np.flatnonzero(there).tolist()]
    # What stands in a point stands in its section, so only these reports have any.
    return Found(texts, got, orders, lambda: _matching(texts, here, query))


def _matching(texts: Texts, reports: _Mask, query: Query) -> pl.DataFrame:
    """The points of some reports that match."""
    return texts.points[matching(_kept(texts.searched_points, reports), query)["row"]]


def nothing(texts: Texts) -> Found:
    """What is found where nothing can be asked."""
    return Found(texts, _NO_SECTIONS, [], texts.points.clear)


def facets(got: Found, filters: Filters, asked: Asked, lang: str) -> tuple[Facet, ...]:
    """Reports found by year, region, kind, agency, section and theme; with two choices or more."""
    made = (
        Facet("year", t("app.filter_year", lang), _years(got, lang), filters.years),
        Facet("region", t("app.filter_region", lang), _regions(got, lang), filters.regions),
        Facet("kind", t("app.filter_kind", lang), _kinds(got, lang), filters.kinds),
        Facet("agency", t("app.agency", lang), _agencies(got, lang), (asked.agency,)),
        Facet("section", t("words.section", lang), _sections(got, lang), asked.sections),
        Facet("theme", t("words.theme", lang), _themes(got, lang), asked.themes),
    )
    return tuple(facet for facet in made if len(facet.options) > 1)


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
    mask = np.zeros(texts.reports.height, dtype=np.bool_)
    mask[orders.to_numpy()] = True
    return mask


def _kept(rows: pl.DataFrame, reports: _Mask | None) -> pl.DataFrame:
    if reports is None or reports.all():
        return rows
    return rows.filter(pl.Series(reports[rows["order"].to_numpy()]))


def _of_points(points: pl.DataFrame, asked: Asked) -> pl.DataFrame:
    rows = points
    if asked.point:
        rows = rows.filter(rows["point_id"] == asked.point)
    if asked.themes:
        lacking = UNKNOWN in asked.themes
        none = pl.col("themes").list.len().fill_null(0) == 0
        wanted = pl.lit([name for name in asked.themes if name != UNKNOWN], dtype=_WORDS)
        some = pl.col("themes").list.set_intersection(wanted).list.len().fill_null(0) > 0
        rows = rows.filter(some | none if lacking else some)
    return rows


_WORDS = pl.List(pl.String)


def _years(got: Found, lang: str) -> tuple[Option, ...]:
    counted = got.reports["year"].value_counts().sort("year", descending=True, nulls_last=True)
    return tuple(
        Option(UNKNOWN if year is None else str(year), _year(year, lang), n)
        for year, n in counted.iter_rows()
    )


def _year(year: int | None, lang: str) -> str:
    return t("values.year_unknown", lang) if year is None else str(year)


def _kinds(got: Found, lang: str) -> tuple[Option, ...]:
    counted = got.reports["agency_kind"].cast(pl.String).value_counts(sort=True)
    return tuple(
        Option(kind or UNKNOWN, term("kinds", kind, lang) if kind else _unknown(lang), n)
        for kind, n in counted.iter_rows()
    )


def _unknown(lang: str) -> str:
    return t("values.unknown", lang)


def _regions(got: Found, lang: str) -> tuple[Option, ...]:
    """By the first level of divisions at which there are several."""
    code = got.reports["region_code"]
    names = got.reports.select("province", "prefecture", "county")
    for place, digits in enumerate((2, 4, 6), 1):
        above = code.str.slice(0, digits).str.pad_end(6, "0").alias("code")
        # A prefecture's own code stands beside those of its counties, under its own name.
        name = pl.coalesce(*reversed(names.columns[:place])).drop_nulls().first()
        counted = names.with_columns(above).group_by("code").agg(n=pl.len(), name=name)
        if counted.height > 1 or digits == 6:
            break
    shown = counted.sort("n", "code", descending=[True, False])
    return tuple(
        Option(UNKNOWN if c is None else c, name or c or t("values.region_unknown", lang), n)
        for c, n, name in shown.iter_rows()
    )


def _agencies(got: Found, lang: str) -> tuple[Option, ...]:
    """The agencies with the most reports found."""
    counted = got.reports["agency_id"].value_counts(sort=True)
    if counted.height < 2:
        return ()
    some = counted.head(_AGENCIES).join(
        got.reports.unique("agency_id", keep="first", maintain_order=True),
        on="agency_id",
        maintain_order="left",
    )
    return tuple(
        Option(row["agency_id"], row["agency_name"] or region_label(row, lang), row["count"])
        for row in some.iter_rows(named=True)
    )


def _sections(got: Found, lang: str) -> tuple[Option, ...]:
    counted = got.sections.group_by(pl.col("section").cast(pl.String)).len().sort("section")
    return tuple(
        Option(code, section_label(None, code, lang), n) for code, n in counted.iter_rows()
    )


def _themes(got: Found, lang: str) -> tuple[Option, ...]:
    """Reports by the themes of the points found."""
    some = got.points.select("order", "themes").explode("themes").unique()
    counted = some["themes"].drop_nulls().value_counts(sort=True)
    return tuple(Option(code, theme_label(code, lang), n) for code, n in counted.iter_rows())
