"""What was gathered in, a kind's pages and files out: what `kinds` lists."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.resources import files
from itertools import groupby

from dashboard import labels, views
from dashboard.site import addresses, circulars, reports
from dashboard.site.environment import inline_sheet, shared_sheet, words, words_said
from dashboard.site.gather import (
    Gathered,
    again_files,
)
from dashboard.site.index import index_files, index_words
from dashboard.site.opendata.of_agencies import agency_files
from dashboard.site.paged import paged
from dashboard.site.wordrows import words_rows
from dashboard.site.words import listings, tables
from dashboard.views.answer import DUE
from dashboard.views.groups import tallied
from dashboard.views.records import ChecksView, Narrowed, RuleRow

STATIC = (
    *("site.css", "icon.svg", "filter.js", "source.js"),
    *("search.js", "words.js", "reports.js", "csv.js", "compare.js"),
)
_MOST = 8
# Agencies on a page of a list.
_ROWS = 80

File = tuple[str, bytes]


def home(gathered: Gathered) -> Iterator[File]:
    """The first page."""
    yield gathered.draw(
        addresses.HOME,
        "overview.html",
        page=gathered.overview,
        answer=gathered.answer,
        goto=_goto,
        checks=gathered.checks,
        failing=_most_failed(gathered.checks),
    )


def _goto(room: str, narrowed: Narrowed) -> str:
    """The list of exactly what was counted."""
    chosen = dict(narrowed)
    if room == "coverage":
        chosen.setdefault("status", ",".join(DUE))
    return addresses.listed(**chosen)


def _most_failed(checks: ChecksView) -> list[RuleRow]:
    failed = [rule for rule in checks.rules if rule.reports_failed]
    return sorted(failed, key=lambda rule: -rule.reports_failed)[:_MOST]


def agencies(gathered: Gathered) -> Iterator[File]:
    """The list of agencies."""
    page = gathered.coverage
    for some in paged(addresses.AGENCIES, page.rows, _ROWS):
        yield gathered.draw(some.address, "agencies.html", page=page, some=some)


def coverage(gathered: Gathered) -> Iterator[File]:
    """Who published when."""
    page = gathered.timeliness
    total = sum(status.count for status in page.statuses)
    missed = list(paged(addresses.MISSED, page.missed, _ROWS))
    names = {"page": page, "total": total, "missed": missed[0]}
    for some in paged(addresses.COVERAGE, page.rows, _ROWS):
        yield gathered.draw(some.address, "coverage.html", some=some, **names)
    for further in missed[1:]:
        yield gathered.draw(further.address, "missed.html", page=page, missed=further)
    frame = views.timeliness_frame(gathered.data, views.Filters(), gathered.lang)
    yield gathered.folder + addresses.COVERAGE_FILE, views.to_csv(frame)


def regions(gathered: Gathered) -> Iterator[File]:
    """The regions, and the circular of each for its latest year."""
    told = circulars.regions(gathered.data)
    rows = gathered.groups.regions
    yield gathered.draw(addresses.REGIONS, "regions.html", rows=rows, circulars=told)
    for code, page in circulars.circulars(gathered.data, told, gathered.lang):
        yield gathered.draw(addresses.circular(code), "region.html", page=page)


def about(gathered: Gathered) -> Iterator[File]:
    """The method."""
    yield gathered.draw(addresses.ABOUT, "about.html", page=gathered.method)


def rules(gathered: Gathered) -> Iterator[File]:
    """The list of rules and a page for each."""
    yield gathered.draw(addresses.RULES, "rules.html", groups=_by_group(gathered.checks))
    for rule in gathered.rules:
        yield gathered.draw(addresses.rule(rule.rule.code), "rule.html", page=rule)


def _by_group(checks: ChecksView) -> list[tuple[str, list[RuleRow]]]:
    """Rules under their groups' names, groups in the order in which words list them."""
    order = list(labels.words(next(iter(labels.LANGUAGES))))

    def place(rule: RuleRow) -> int:
        key = f"groups.{rule.group}"
        return order.index(key) if key in order else len(order)

    found = sorted(checks.rules, key=place)
    return [(label, list(some)) for label, some in groupby(found, lambda r: r.group_label)]


def reports_room(gathered: Gathered) -> Iterator[File]:
    """The room of reports: its plain pages, and the words of what its script filters."""
    names = {"heads": reports.heads(gathered.lang), "said": reports.said(gathered.lang)}
    for page in reports.pages(gathered.reports):
        yield gathered.draw(page.address, "reports.html", page=page, **names)
    address, content = reports.about_file(gathered.reports)
    yield gathered.folder + address, content


def list_files(gathered: Gathered) -> Iterator[File]:
    """The rows that the script of that room filters."""
    yield from reports.files(gathered.reports)


def words_room(gathered: Gathered) -> Iterator[File]:
    """The room of problems and improvements, and its lists."""
    said = words_said(gathered.lang)
    page = gathered.words.room
    names = {"words_rows": words_rows}
    yield gathered.draw(
        addresses.WORDS, "words.html", page=page, said=said, again=gathered, **names
    )
    for listing in listings(gathered.words):
        yield gathered.draw(listing.address, "words_list.html", page=listing, **names)
    address, content = index_words(gathered.texts, gathered.lang)
    own = [(address, content), *again_files(gathered), *tables(gathered.words, gathered.lang)]
    for address, content in own:
        yield gathered.folder + address, content


def search_files(gathered: Gathered) -> Iterator[File]:
    """What that room's search reads."""
    yield from index_files(gathered.texts)


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
            yield one.draw(addresses.agency(agency_id), "agency.html", page=page)


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
    names = {"sheet": sheet, "policy": policy, "others": (), "said": said}
    yield gathered.draw(addresses.LOST, "404.html", **names)


def _lost(lang: str) -> dict[str, str]:
    return {
        "title": labels.t("site.lost_page.title", lang),
        "text": labels.t("site.lost_page.text", lang),
        "home": labels.t("site.nav.home", lang),
    }


def static(gathered: Gathered) -> Iterator[File]:
    """Styles, scripts, the icon."""
    folder = files("dashboard.site").joinpath("static")
    for name in STATIC:
        yield f"static/{name}", folder.joinpath(name).read_bytes()
    said = "".join(words(lang) for lang in gathered.draw.options.langs)
    yield "static/shared.css", (shared_sheet() + said).encode("utf-8")
