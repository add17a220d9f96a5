"""A dataset in, everything the site shows out, as views; nothing is drawn yet."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

import msgspec
import polars as pl

from dashboard import views
from dashboard.data import Data, opened_whole
from dashboard.labels import t
from dashboard.site import addresses, circulars
from dashboard.site.narrow import READ_BY, Reads, narrowed
from dashboard.site.opendata import Made, made_in
from dashboard.site.opendata.days import made_on
from dashboard.site.options import Options
from dashboard.site.render import NOTHING, Draw, Drawn
from dashboard.site.reports import Listed, Rows, listed
from dashboard.texts import Texts
from dashboard.views.context import Context, context
from dashboard.views.coverage import lost_documents
from dashboard.views.lists import region_path
from dashboard.views.records import (
    Answer,
    ChecksView,
    CoverageGrid,
    Cut,
    GroupRow,
    Method,
    Overview,
    RuleView,
    Timeliness,
)

_EVERYTHING = views.Filters()
FINDINGS = 120
"""Failures that a rule's page tells in words; a file has all."""


class Gathered(msgspec.Struct, frozen=True, dict=True):
    """What is to be drawn in a language; each view is made when a kind of page asks for it.

    Attributes:
        data: The dataset.
        shared: What its pages share.
        texts: Its texts.
        lang: The language.
        draw: Draws a page of it.
        fresh: The folder of the site that is made, with its open data in it already.
        waiting: That folder, also of what may not read the open data: what waits stands there.
        every: The rows of the room of reports, of all languages.
        narrow: What the last kind that reads little was made from, of all languages.
    """

    data: Data
    shared: Context
    texts: Texts
    lang: str
    draw: Draw
    fresh: Path
    waiting: Path
    every: Rows
    narrow: dict[Reads, dict[str, Gathered]] = {}

    def only(self, kind: str) -> Gathered:
        """What that kind of pages may be made from: see `narrow.READ_BY`.

        It is kept for the kind's other languages, and for kinds that read the same, until one
        asks that doesn't.
        """
        reads = READ_BY.get(kind)
        if reads is None or reads not in self.narrow:
            self.narrow.clear()
        if reads is None:
            return self
        known = self.narrow.setdefault(reads, {})
        if self.lang not in known:
            known[self.lang] = self._narrowed(reads, next(iter(known.values()), None))
        return known[self.lang]

    def _narrowed(self, reads: Reads, other: Gathered | None) -> Gathered:
        """The same of what a kind reads; `other` is that of another language."""
        if other is None:
            data = narrowed(self.data, reads)
            return self._of(data, context(data), Texts(data), Rows(data))
        return self._of(other.data, other.shared, other.texts, other.every)

    def _of(self, data: Data, shared: Context, texts: Texts, every: Rows) -> Gathered:
        about = (data, shared, texts, self.lang, self.draw)
        return Gathered(*about, Path(), self.waiting, every)

    @cached_property
    def made(self) -> Made:
        """The open data that goes with it."""
        return made_in(self.fresh)

    @property
    def folder(self) -> str:
        """What the addresses of the language's files begin with."""
        return self.draw.folder

    @cached_property
    def answer(self) -> Answer:
        """What the first page opens with."""
        return views.answer(self.data, _EVERYTHING, self.lang)

    @cached_property
    def overview(self) -> Overview:
        """The first page."""
        return views.overview(self.data, _EVERYTHING, self.lang)

    @cached_property
    def checks(self) -> ChecksView:
        """All rules, counted; no page lists the results of all together."""
        return views.checks_view(self.data, _EVERYTHING, self.lang, limit=0)

    @cached_property
    def rules(self) -> tuple[RuleView, ...]:
        """Each rule with its failures."""
        return views.rule_views(self.data, _EVERYTHING, self.lang, FINDINGS, self.shared)

    @cached_property
    def timeliness(self) -> Timeliness:
        """Who published when."""
        return views.timeliness(self.data, _EVERYTHING, self.lang)

    @cached_property
    def regions(self) -> tuple[GroupRow, ...]:
        """The regions with what is counted of each, by their codes."""
        return views.region_groups(self.data, _EVERYTHING, self.lang)

    @cached_property
    def counted(self) -> dict[str, GroupRow]:
        """The regions' own rows, by their codes."""
        return {row.key: row for row in self.regions}

    @cached_property
    def places(self) -> tuple[str, ...]:
        """The regions that have a page."""
        return circulars.regions(self.data)

    @cached_property
    def place_of(self) -> dict[str, str]:
        """The region's page that each agency belongs to: its own region's, else that above it."""
        paged = frozenset(self.places)
        rows = self.data.agencies.rows.select("agency_id", "region_code").drop_nulls()
        found = {
            agency: next((one for one in reversed(region_path(code)) if one in paged), "")
            for agency, code in rows.iter_rows()
        }
        return {agency: place for agency, place in found.items() if place}

    @cached_property
    def method(self) -> Method:
        """What the page on the method says."""
        return views.method(self.data, self.lang)

    @cached_property
    def reports(self) -> Listed:
        """The rows of the room of reports."""
        return listed(self.data, self.lang, self.places, self.every)

    @cached_property
    def running(self) -> Cut:
        """What is said for years."""
        return views.running(self.texts, self.shared, _EVERYTHING, self.lang)

    @cached_property
    def shared_texts(self) -> Cut:
        """What several agencies share."""
        return views.shared_cut(self.texts, self.shared, _EVERYTHING, self.lang)

    @property
    def coverage(self) -> CoverageGrid:
        """All agencies against all years."""
        return self.overview.coverage

    @cached_property
    def warnings(self) -> tuple[str, ...]:
        """The files that gave no report."""
        return tuple(
            t("site.lost", self.lang, path=lost.path, reason=lost.reason)
            for lost in lost_documents(self.data, self.lang)
            if lost.status == "failed"
        )


def gather(
    data: Data, options: Options, fresh: Path, before: Drawn = NOTHING
) -> tuple[Gathered, ...]:
    """What all kinds of pages need of a dataset, read into memory once, for each language."""
    mine = opened_whole(data)
    shared = context(mine)
    texts = Texts(mine)
    about = {"latest": _latest(mine), "fictional": mine.fictional}
    every, narrow = Rows(mine), dict[Reads, dict[str, Gathered]]()
    return tuple(
        Gathered(
            *(mine, shared, texts, lang, Draw(lang, options, before, **about)),
            *(fresh, fresh, every, narrow),
        )
        for lang in options.langs
    )


def _latest(data: Data) -> str:
    """The day on which the newest report was published, of no day after the dataset was made.

    A page says this and not when it was made, so that the same reports make the same pages.
    """
    made = made_on(data)
    days = data.reports.select(pl.col("published_on").drop_nulls().cast(pl.String).unique())
    return max(
        (day for (day,) in days.collect().iter_rows() if not made or day <= made), default=""
    )


def again_files(gathered: Gathered) -> Iterator[tuple[str, bytes]]:
    """What is said for years and what several share, as CSV; links from the language's root."""

    def link(report_id: str, point_id: str, _: str) -> str:
        page = addresses.report(report_id)
        return f"{page}#point-{point_id}" if point_id else page

    about = (gathered.texts, gathered.shared, _EVERYTHING, gathered.lang, link)
    for address, frame in (
        (addresses.RUNNING_FILE, views.running_frame),
        (addresses.SHARED_FILE, views.shared_frame),
    ):
        yield address, views.to_csv(views.headed(frame(*about), "words", gathered.lang))
