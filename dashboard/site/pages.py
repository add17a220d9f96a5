"""What was gathered in, a kind's pages and files out: what `kinds` lists."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain, groupby

import msgspec

from dashboard import labels, views
from dashboard.site import addresses, circulars, reports
from dashboard.site.environment import (
    find_words,
    inline_sheet,
    script,
    shared_sheet,
    words,
    words_said,
)
from dashboard.site.gather import (
    Gathered,
    again_files,
)
from dashboard.site.index import index_files, index_words
from dashboard.site.opendata.of_agencies import agency_files
from dashboard.site.opendata.of_forms import form_files
from dashboard.site.paged import paged
from dashboard.site.wordrows import words_rows
from dashboard.site.words import listings, lists, tables
from dashboard.views.answer import DUE
from dashboard.views.filters import FIGURES, stem
from dashboard.views.groups import tallied
from dashboard.views.records import ChecksView, GroupRow, Narrowed, RuleRow
from govreport_core.model import Severity

STATIC = (
    *("site.css", "icon.svg", "theme.js", "filter.js", "source.js"),
    *("search.js", "words.js", "reports.js", "csv.js", "fill.js", "compare.js", "find.js"),
)
_MOST = 8
_MOST_PLACES = 20
# Agencies on a page of a list, and regions on the one page that they have.
_ROWS = 30
_REGIONS = 60
# Parts of a region with their counts in a table; of more the counts are in its file, and few
# reports stand below.
_PARTS = 25
_FEW = 5

File = tuple[str, bytes]


def home(gathered: Gathered) -> Iterator[File]:
    """The first page."""
    yield gathered.draw(
        addresses.HOME,
        "overview.html",
        page=gathered.overview,
        answer=gathered.answer,
        goto=_goto(gathered, addresses.HOME),
        checks=gathered.checks,
        failing=_most_failed(gathered.checks),
        said=find_words(gathered.lang),
    )


def indicators(gathered: Gathered) -> Iterator[File]:
    """All indicators of all reports, year beside year."""
    table = gathered.overview.indicators
    yield gathered.draw.again(addresses.INDICATORS, "indicators.html", table=table)


def _goto(gathered: Gathered, here: str) -> Callable[[str, Narrowed], str]:
    """What leads from a page to the list of exactly what was counted, or to a region's page."""
    root = addresses.to_root(here)

    def goto(room: str, narrowed: Narrowed) -> str:
        chosen = dict(narrowed)
        if room == "overview" and chosen["region"] in gathered.places:
            return root + addresses.region(chosen["region"])
        if room == "coverage":
            chosen.setdefault("status", ",".join(DUE))
        return root + addresses.listed(**chosen)

    return goto


def _most_failed(checks: ChecksView) -> list[RuleRow]:
    failed = [rule for rule in checks.rules if rule.reports_failed]
    return sorted(failed, key=lambda rule: -rule.reports_failed)[:_MOST]


def agencies(gathered: Gathered) -> Iterator[File]:
    """The list of agencies."""
    page = gathered.coverage
    names = {"years": page.years, "count": len(page.rows)}
    for some in paged(addresses.AGENCIES, page.rows, _ROWS):
        yield gathered.draw.again(some.address, "agencies.html", some=some, **names)


def coverage(gathered: Gathered) -> Iterator[File]:
    """Who published when."""
    page = gathered.timeliness
    total = sum(status.count for status in page.statuses)
    missed = list(paged(addresses.MISSED, page.missed, _ROWS))
    names = {"page": page, "total": total, "missed": missed[0]}
    for some in paged(addresses.COVERAGE, page.rows, _ROWS):
        yield gathered.draw.again(some.address, "coverage.html", some=some, **names)
    for further in missed[1:]:
        yield gathered.draw.again(further.address, "missed.html", page=page, missed=further)
    frame = views.timeliness_frame(gathered.data, views.Filters(), gathered.lang)
    taken = views.headed(frame, "timeliness", gathered.lang)
    yield gathered.folder + addresses.COVERAGE_FILE, views.to_csv(taken)


def regions(gathered: Gathered) -> Iterator[File]:
    """The list of regions."""
    told = gathered.places
    top, cut = _top(gathered.regions)
    year, counts = views.last_year(gathered.data)
    yield gathered.draw(
        addresses.REGIONS,
        "regions.html",
        rows=top,
        cut=cut,
        told=told,
        year=year,
        counts=counts,
        # Without a roster nobody knows what was due.
        rostered=any(one["listed"] for one in counts.values()),
        goto=_goto(gathered, addresses.REGIONS),
    )


def region(gathered: Sequence[Gathered], codes: Sequence[str]) -> Iterator[File]:
    """The regions' pages with their parts' counts, and their latest years' circulars."""
    for one in gathered:
        yield from _regions(one, codes)


def _regions(gathered: Gathered, codes: Sequence[str]) -> Iterator[File]:
    last = reports.by_region(gathered.reports, codes)
    heads = reports.heads(gathered.lang)
    for code in codes:
        here = addresses.region(code)
        page = views.region(gathered.data, code, gathered.lang)
        rows, count = last.get((code, page.answer.year), ([], 0))
        many = bool(page.tiles) and len(page.answer.places) > _PARTS
        names = {
            "page": page,
            "many": many,
            # None where nothing of it is here but the roster.
            "own": gathered.counted.get(code),
            "lines": reports.lines(rows[: _FEW if many else None], gathered.lang),
            "count": count,
            "heads": heads,
            "goto": _goto(gathered, here),
        }
        yield gathered.draw(here, "place.html", **names)
        frame = views.region_frame(gathered.data, code, gathered.lang)
        yield gathered.folder + addresses.region_file(code), views.to_csv(frame)
    for code, circular in circulars.circulars(gathered.data, codes, gathered.lang):
        yield gathered.draw(addresses.circular(code), "region.html", page=circular)


def _top(rows: Sequence[GroupRow]) -> tuple[list[tuple[int, GroupRow]], bool]:
    """The regions that one page can list, each with its depth, and whether others lie below."""
    deep = [(len(stem(row.key)) // 2, row) for row in rows]
    most = next((most for most in (3, 2) if sum(d <= most for d, _ in deep) <= _REGIONS), 1)
    top = [(depth, row) for depth, row in deep if depth <= most]
    return top, len(top) < len(deep)


def about(gathered: Gathered) -> Iterator[File]:
    """The method."""
    yield gathered.draw(addresses.ABOUT, "about.html", page=gathered.method)


def rules(gathered: Gathered) -> Iterator[File]:
    """The list of rules and a page for each."""
    yield gathered.draw.again(addresses.RULES, "rules.html", groups=_by_group(gathered))
    places = views.regions_failing(gathered.data, gathered.lang)
    frames = views.worklist_frames(gathered.data, gathered.lang)
    for page in gathered.rules:
        code = page.rule.code
        names = {"page": page, "places": places.get(code, ()), "most": _MOST_PLACES}
        yield gathered.draw.again(addresses.rule(code), "rule.html", taken=code in frames, **names)
        if code in frames:
            yield gathered.folder + addresses.rule_file(code), views.to_csv(frames[code])


def _by_group(gathered: Gathered) -> list[tuple[str, list[RuleRow]]]:
    """What fails first, errors before all; then the other rules under their groups' names.

    Groups come in the order in which words list them.
    """
    rows = gathered.checks.rules
    weights = list(Severity)
    failing = sorted(
        (rule for rule in rows if rule.counts.failed),
        key=lambda rule: (weights.index(Severity(rule.severity)), -rule.reports_failed),
    )
    order = list(labels.words(next(iter(labels.LANGUAGES))))

    def place(rule: RuleRow) -> int:
        key = f"groups.{rule.group}"
        return order.index(key) if key in order else len(order)

    others = sorted((rule for rule in rows if not rule.counts.failed), key=place)
    first = [(labels.t("site.rules.failing", gathered.lang), failing)] if failing else []
    return first + [(label, list(some)) for label, some in groupby(others, lambda r: r.group_label)]


def reports_room(gathered: Gathered) -> Iterator[File]:
    """The room of reports: its plain pages, and the words of what its script filters."""
    heads = reports.heads(gathered.lang)
    ranges = [(name, label) for name, label in heads if name in FIGURES]
    names = {"heads": heads, "ranges": ranges, "said": reports.said(gathered.lang)}
    for page in reports.pages(gathered.reports):
        yield gathered.draw.again(page.address, "reports.html", page=page, **names)
    address, content = reports.about_file(gathered.reports)
    yield gathered.folder + address, content


def list_files(gathered: Gathered) -> Iterator[File]:
    """The rows that the script of that room filters."""
    yield from reports.files(gathered.reports)


def words_room(gathered: Gathered) -> Iterator[File]:
    """The room of problems and improvements, and its lists."""
    said = words_said(gathered.lang)
    names = {"words_rows": words_rows}
    with lists(gathered.texts, gathered.lang, gathered.waiting) as found:
        yield gathered.draw(
            addresses.WORDS, "words.html", page=found.room, said=said, again=gathered, **names
        )
        for listing in listings(found):
            yield gathered.draw(listing.address, "words_list.html", page=listing, **names)
        own = chain(
            [index_words(gathered.texts, gathered.lang)],
            again_files(gathered),
            tables(found, gathered.lang),
        )
        for address, content in own:
            yield gathered.folder + address, content


def search_files(gathered: Gathered) -> Iterator[File]:
    """What that room's search reads."""
    yield from index_files(gathered.texts, gathered.waiting)


def agency(gathered: Sequence[Gathered], agencies: Sequence[str]) -> Iterator[File]:
    """The agencies' pages."""
    shared = gathered[0].shared
    shared.prepare(agencies=agencies)
    cards = shared.data.cards
    mine = cards.filter(cards["agency_id"].is_in(list(agencies)))
    tallies = tallied(shared.data, [mine.lazy()])
    for one in gathered:
        for agency_id in agencies:
            page = views.agency_page(one.data, agency_id, one.lang, shared, tallies)
            names = {"page": page, "place": gathered[0].place_of.get(agency_id)}
            yield one.draw(addresses.agency(agency_id), "agency.html", **names)


def agency_data(gathered: Sequence[Gathered], agencies: Sequence[str]) -> Iterator[File]:
    """What is to be taken away of the agencies."""
    yield from agency_files(gathered[0].data, agencies)


def lost(gathered: Gathered) -> Iterator[File]:
    """The page of what isn't there, one for all languages: a server has only one."""
    sheet, policy = inline_sheet()
    options = gathered.draw.options
    said = [
        (labels.LANGUAGES[lang].tag, options.folder(lang), _lost(lang))
        for lang in options.langs[1:]
    ]
    names = {"sheet": sheet, "policy": policy, "others": (), "room": "", "said": said}
    yield gathered.draw(addresses.LOST, "404.html", **names)


class _Lost(msgspec.Struct, frozen=True):
    title: str
    text: str
    home: str


def _lost(lang: str) -> _Lost:
    return _Lost(
        title=labels.t("site.lost_page.title", lang),
        text=labels.t("site.lost_page.text", lang),
        home=labels.t("site.nav.home", lang),
    )


def static(gathered: Gathered) -> Iterator[File]:
    """Styles, scripts, the icon; what the files of reports are read by."""
    yield from form_files()
    langs = gathered.draw.options.langs
    for name in STATIC:
        yield f"static/{name}", script(name, langs).encode("utf-8")
    yield "static/cells.js", b"export const numbers = " + addresses.cells() + b";\n"
    said = "".join(words(lang) for lang in langs)
    yield "static/shared.css", (shared_sheet() + said).encode("utf-8")
