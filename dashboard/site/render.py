"""Gathered views in, the files of the site out, one at a time: pages, styles, CSV."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from importlib.resources import files
from itertools import groupby
from typing import Any

import jinja2

from dashboard import labels
from dashboard.site import addresses, circulars, reports
from dashboard.site.environment import (
    environment,
    inline_sheet,
    shared_sheet,
    words,
    words_said,
)
from dashboard.site.gather import (
    CSV_TABLES,
    Gathered,
    again_files,
    agency_pages,
    beside,
    cards,
    coverage_file,
    csv_file,
)
from dashboard.site.index import index_files
from dashboard.site.words import listings, tables
from dashboard.views.answer import DUE
from dashboard.views.datatables import column_label
from dashboard.views.records import ChecksView, Narrowed, RuleRow

STATIC = (
    *("site.css", "icon.svg", "filter.js", "source.js"),
    *("search.js", "words.js", "reports.js", "csv.js"),
)

_MOST = 8

File = tuple[str, bytes]


def render(gathered: Gathered) -> Iterator[File]:
    """Every file of the site as its address and content."""
    draw = partial(
        _page, environment(gathered.lang, latest=gathered.latest, fictional=gathered.data.fictional)
    )
    yield draw(
        addresses.HOME,
        "overview.html",
        page=gathered.overview,
        answer=gathered.answer,
        goto=_goto,
        checks=gathered.checks,
        failing=_most_failed(gathered.checks),
    )
    yield draw(addresses.AGENCIES, "agencies.html", page=gathered.coverage)
    yield draw(
        addresses.COVERAGE,
        "coverage.html",
        page=gathered.timeliness,
        total=sum(status.count for status in gathered.timeliness.statuses),
    )
    yield addresses.COVERAGE_FILE, coverage_file(gathered)
    told = circulars.regions(gathered.data)
    rows = gathered.groups.regions
    yield draw(addresses.REGIONS, "regions.html", rows=rows, circulars=told)
    for code, circular in circulars.circulars(gathered.data, told, gathered.lang):
        yield draw(addresses.circular(code), "region.html", page=circular)
    yield draw(addresses.RULES, "rules.html", groups=_by_group(gathered.checks))
    yield draw(addresses.ABOUT, "about.html", page=gathered.method)
    yield from _reports(gathered, draw)
    yield from _words(gathered, draw)
    sheet, policy = inline_sheet()
    yield draw(addresses.LOST, "404.html", sheet=sheet, policy=policy)
    for agency in agency_pages(gathered):
        address = addresses.agency(agency.agency.agency_id)
        yield draw(address, "agency.html", page=agency)
    for card in cards(gathered):
        yield draw(addresses.report(card.report_id), "report.html", page=card)
        if card.beside:
            address = addresses.beside(card.report_id)
            yield draw(address, "beside.html", page=card, views=beside(gathered, card))
    for rule in gathered.rules:
        yield draw(addresses.rule(rule.rule.code), "rule.html", page=rule)
    yield from _data(gathered, draw)
    yield from _static(gathered.lang)


def _goto(room: str, narrowed: Narrowed) -> str:
    """The list of exactly what was counted."""
    chosen = dict(narrowed)
    if room == "coverage":
        chosen.setdefault("status", ",".join(DUE))
    return addresses.listed(**chosen)


def _most_failed(checks: ChecksView) -> list[RuleRow]:
    failed = [rule for rule in checks.rules if rule.reports_failed]
    return sorted(failed, key=lambda rule: -rule.reports_failed)[:_MOST]


def _by_group(checks: ChecksView) -> list[tuple[str, list[RuleRow]]]:
    """Rules under their groups' names, groups in the order in which words list them."""
    order = list(labels.words(next(iter(labels.LANGUAGES))))

    def place(rule: RuleRow) -> int:
        key = f"groups.{rule.group}"
        return order.index(key) if key in order else len(order)

    rules = sorted(checks.rules, key=place)
    return [(label, list(found)) for label, found in groupby(rules, lambda r: r.group_label)]


def _page(templates: jinja2.Environment, address: str, template: str, **names: Any) -> File:
    root = addresses.to_root(address)
    text = templates.get_template(template).render(
        root=root,
        address=address,
        link=lambda kind, name: root + getattr(addresses, kind)(name),
        listed=lambda **asked: root + addresses.listed(**asked),
        **names,
    )
    return address, text.encode("utf-8")


def _reports(gathered: Gathered, draw: Any) -> Iterator[File]:
    """The room of reports: its plain pages, and what its script filters."""
    names = {"heads": reports.heads(gathered.lang), "said": reports.said(gathered.lang)}
    for page in reports.pages(gathered.reports):
        yield draw(page.address, "reports.html", page=page, **names)
    yield from reports.files(gathered.reports)


def _words(gathered: Gathered, draw: Any) -> Iterator[File]:
    """The room of problems and improvements, its lists, and what its search reads."""
    said = words_said(gathered.lang)
    yield draw(addresses.WORDS, "words.html", page=gathered.words.room, said=said, again=gathered)
    yield from again_files(gathered)
    for page in listings(gathered.words):
        yield draw(page.address, "words_list.html", page=page)
    yield from tables(gathered.words, gathered.lang)
    yield from index_files(gathered.texts, gathered.prose, gathered.lang)


def _data(gathered: Gathered, draw: Any) -> Iterator[File]:
    listed = []
    for table in CSV_TABLES:
        content, rows = csv_file(gathered, table)
        yield addresses.table(table), content
        names = gathered.data.tables[table].collect_schema().names()
        columns = [(name, column_label(name, gathered.lang)) for name in names]
        listed.append((table, rows, len(content), columns))
    yield draw(addresses.DATA, "data.html", tables=listed)


def _static(lang: str) -> Iterator[File]:
    folder = files("dashboard.site").joinpath("static")
    for name in STATIC:
        yield f"static/{name}", folder.joinpath(name).read_bytes()
    yield "static/shared.css", (shared_sheet() + words(lang)).encode("utf-8")
