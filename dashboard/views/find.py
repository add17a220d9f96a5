"""Some typed words in, what they name out: agencies, regions, rules, and a search of the texts.

Compared as searches compare: width, spaces and script don't matter. Every word must stand in the
name or the region of what is found; a year among them leads to that year's report, or to the
region in that year.
"""

from __future__ import annotations

import re

import polars as pl

from dashboard.data import Data
from dashboard.labels import t
from dashboard.labels import year as year_words
from dashboard.views.lists import agency_ref
from dashboard.views.records import Found, FoundGroup, FoundRow, Option
from dashboard.views.sentences import check_label
from govreport_core.checks import catalogue
from govreport_core.search.plain import plain

LONGEST = 100
"""Characters that are looked for."""
SHOWN = 8
_WORDS = 6
_YEAR = re.compile(r"^(20\d\d)年?度?$")


def find(data: Data, typed: str, regions: tuple[Option, ...], lang: str) -> Found:
    """What some words name.

    Args:
        data: The dataset.
        typed: As a person typed it; hostile.
        regions: The regions there are: those of `filter_options`.
        lang: Language of the words.
    """
    asked = typed[:LONGEST].strip()
    words = [plain(word) for word in asked.split()][:_WORDS]
    years = [found[1] for word in words if (found := _YEAR.match(word))]
    named = [word for word in words if word and not _YEAR.match(word)]
    groups = []
    if named:
        groups = [
            _agencies(data, named, years, lang),
            _regions(regions, named, _there(data, years), lang),
            _rules(named, lang),
        ]
    if asked:
        row = FoundRow(t("find.in_texts", lang, asked=asked), "", "words", (("q", asked),))
        groups.append(FoundGroup("words", t("find.words", lang), (row,), 1))
    return Found(asked, len(typed) > LONGEST, tuple(group for group in groups if group.rows))


def _agencies(data: Data, named: list[str], years: list[str], lang: str) -> FoundGroup:
    """The agencies whose name and region hold every word; the shortest names first."""
    names = data.plain_agencies
    tests = [pl.col("whole").str.contains(word, literal=True) for word in named]
    hits = names.filter(pl.all_horizontal(tests))
    whole = "".join(named)
    near = hits.sort(
        pl.col("name") != whole,
        ~pl.col("name").str.contains(named[-1], literal=True),
        pl.col("name").str.len_chars(),
        "at",
    )
    rows = data.agencies.rows[near["at"].head(SHOWN)]
    found = []
    for row in rows.iter_rows(named=True):
        ref = agency_ref(row, lang)
        report = _report(data, ref.agency_id, years)
        words = [ref.region, ref.kind]
        if report is not None:
            words.append(year_words(report[0], lang))
            at = FoundRow(ref.name, " · ".join(filter(None, words)), "report", report[1])
        else:
            to = (("agency", ref.agency_id),)
            at = FoundRow(ref.name, " · ".join(filter(None, words)), "coverage", to)
        found.append(at)
    return FoundGroup("agencies", t("find.agencies", lang), tuple(found), hits.height)


def _report(data: Data, agency: str, years: list[str]) -> tuple[int, tuple[tuple[str, str]]] | None:
    """The agency's report of one of the years."""
    if not years:
        return None
    rows = data.by_agency.of(agency).select("year", "document_id", "report_id")
    for year, document, report in rows.iter_rows():
        if document is not None and str(year) in years:
            return year, (("report", report),)
    return None


def _there(data: Data, years: list[str]) -> tuple[str, ...]:
    """Those of the years that the data has."""
    known = {str(year) for year in data.cards["year"].unique()} if years else set()
    return tuple(dict.fromkeys(year for year in years if year in known))


def _regions(
    regions: tuple[Option, ...], named: list[str], years: tuple[str, ...], lang: str
) -> FoundGroup:
    names = {option.value: option.label for option in regions}

    def path(code: str) -> str:
        above = dict.fromkeys((code[:2] + "0000", code[:4] + "00", code))
        return "".join(names.get(one, "") for one in above)

    hits = [
        option
        for option in regions
        if named[-1] in plain(option.label)
        and all(word in plain(path(option.value)) for word in named)
    ]
    hits.sort(key=lambda option: (plain(option.label) != named[-1], option.value))
    when = (("year", ",".join(years)),) if years else ()
    said = [year_words(int(year), lang) for year in years]
    rows = tuple(
        FoundRow(
            option.label,
            " · ".join([path(option.value), *said]),
            "",
            (("region", option.value), *when),
        )
        for option in hits[:SHOWN]
    )
    return FoundGroup("regions", t("find.regions", lang), rows, len(hits))


def _rules(named: list[str], lang: str) -> FoundGroup:
    hits = [
        (code, label)
        for code in catalogue()
        if all(word in plain(label := check_label(code, lang)) or word in code for word in named)
    ]
    rows = tuple(
        FoundRow(
            label, t(f"severities.{catalogue()[code].severity}", lang), "checks", (("rule", code),)
        )
        for code, label in hits[:SHOWN]
    )
    return FoundGroup("rules", t("find.rules", lang), rows, len(hits))
