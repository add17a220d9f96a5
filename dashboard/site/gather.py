"""A dataset in, everything the site shows out, as views; nothing is drawn yet."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec
import polars as pl

from dashboard import views
from dashboard.data import Data, near, opened_lean, opened_whole
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
from dashboard.views.peers import WANTED, peers_of
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
    """

    data: Data
    shared: Context
    texts: Texts
    lang: str
    draw: Draw
    fresh: Path
    waiting: Path
    every: Rows

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


STRETCH, STRETCHES = 1_000, 40
"""So many reports are made from what is held of their agencies alone; of very many reports more at
a time, as all are looked through for each stretch."""


class Common(msgspec.Struct, frozen=True):
    """What pages are told of the whole dataset.

    Attributes:
        latest: The day on which the newest report was published.
        fictional: Whether its reports are the project's samples.
        places: The regions that have a page.
    """

    latest: str
    fictional: bool
    places: tuple[str, ...]


class Gathering:
    """What kinds of pages are made from, of a dataset, in each language.

    A dataset of few reports is held whole. Of a larger one, once `let_go` was called, no more is
    held than what the last one that asked is made from.

    Attributes:
        draws: What draws pages, in each language.
        common: What is told of the whole dataset.
        large: Whether it has more reports than a stretch.
    """

    def __init__(
        self,
        data: Data,
        options: Options,
        fresh: Path,
        before: Drawn = NOTHING,
        common: Common | None = None,
    ) -> None:
        """Gather a dataset.

        Args:
            data: The dataset, on disk.
            options: The site's.
            fresh: See `Gathered`.
            before: The earlier site.
            common: What is told of it, where that is known.
        """
        self._data, self._fresh = data, fresh
        self._last: dict[Reads | tuple[str, ...], tuple[Gathered, ...]] = {}
        self.large = _reports(data) > STRETCH
        whole: Data | None = None
        if common is None:
            whole = opened_whole(data)
            common = _common(whole)
        elif not self.large:
            whole = opened_whole(data)
        self.common = common
        about = {"latest": common.latest, "fictional": common.fictional}
        self.draws = tuple(Draw(lang, options, before, **about) for lang in options.langs)
        self._whole = self._of(whole, fresh) if whole else ()

    @property
    def whole(self) -> tuple[Gathered, ...]:
        """All of it."""
        return self._whole or self._asked(
            (), lambda: self._of(opened_whole(self._data), self._fresh)
        )

    def let_go(self) -> None:
        """Hold no longer all of a large dataset."""
        if self.large:
            self._whole = ()
        self._last.clear()

    def of(self, kind: str) -> tuple[Gathered, ...]:
        """What that kind of pages may be made from: see `narrow.READ_BY`."""
        reads = READ_BY.get(kind)
        return self.whole if reads is None else self.reading(reads)

    def reading(self, reads: Reads) -> tuple[Gathered, ...]:
        """What is made from no more than that; it has no open data."""
        return self._asked(reads, lambda: self._of(self._narrowed(reads), Path()))

    def _narrowed(self, reads: Reads) -> Data:
        whole = self._whole[0].data if self._whole else opened_lean(self._data)
        return narrowed(whole, reads)

    def near(self, agencies: Sequence[str]) -> tuple[Gathered, ...]:
        """What the pages of some agencies and of their reports are made from.

        Args:
            agencies: Those of a stretch; none where it is the whole dataset.
        """
        if agencies and not self._whole:
            return self._asked(tuple(agencies), lambda: self._near(agencies))
        if self._whole:
            # What a kind that reads little was made from isn't asked for any more.
            self._last.clear()
        return self.whole

    def _near(self, agencies: Sequence[str]) -> tuple[Gathered, ...]:
        made = self._of(near(self._data, agencies), self._fresh)
        for one in made:
            one.__dict__["places"] = self.common.places
        made[0].shared.__dict__["peers"] = self._peers
        return made

    @cached_property
    def _peers(self) -> dict[Any, Any]:
        """What reports are held against, of all: see `views.peers`."""
        alike = Reads(cards=("document_id", "year", "agency_kind", "agency_level", *WANTED))
        return peers_of(context(self._narrowed(alike)))

    def _asked(
        self, key: Reads | tuple[str, ...], make: Callable[[], tuple[Gathered, ...]]
    ) -> tuple[Gathered, ...]:
        """What was asked for last, or else is made, once the last is let go of."""
        if key not in self._last:
            self._last.clear()
            self._last[key] = make()
        return self._last[key]

    def _of(self, data: Data, fresh: Path) -> tuple[Gathered, ...]:
        shared, texts, every = context(data), Texts(data), Rows(data)
        return tuple(
            Gathered(data, shared, texts, draw.lang, draw, fresh, self._fresh, every)
            for draw in self.draws
        )


def _common(data: Data) -> Common:
    return Common(_latest(data), data.fictional, circulars.regions(data))


def _reports(data: Data) -> int:
    there = data.tables["cards"].select(pl.col("document_id").count())
    return int(there.collect().item())


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
