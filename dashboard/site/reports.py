"""The cards in, the room of reports out: its plain pages, and the rows that its script filters.

`static/reports.js` reads the files of `FOLDER`. A year's rows are one file, each row an array
of the fields of `FIELDS`; an agency and a code are numbers there, places in the lists of
`about.json`. A report has a row, and so has an agency whose report of a year isn't here: it is
listed where a status is asked for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

import msgspec
import polars as pl

from dashboard import labels
from dashboard.data import Data, Row
from dashboard.labels import t, term
from dashboard.site import addresses
from dashboard.views import region_options
from dashboard.views.filters import FIGURES, READINGS, UNKNOWN
from dashboard.views.lists import FAILURES, agency_name, region_label, region_path
from dashboard.views.sentences import check_label
from dashboard.views.words_themes import theme_label
from govreport_core.coverage import status_words, statuses
from govreport_core.model import Severity

FOLDER = "list"
PAGE = 50
FIRST = 15
"""Reports that a region's page lists."""
FIELDS = (
    *("agency", "report", "status", "days_late", "published_on", "reading"),
    *(*Severity, "passed", "skipped", "rules", "themes", *FIGURES),
)
COLUMNS = ("agency", "region", "year", "status", "reading", *FIGURES, *Severity)
"""What a list shows of a row, in its order; it can be sorted by each."""
TAKEN = (
    *("agency", "region", "year", "kind", "level", "status", "days_late", "published_on"),
    *("reading", *FIGURES, *Severity, "rules", "themes", "link"),
    *("agency_id", "region_code", "report_id", "rule_codes", "theme_codes"),
)
"""What the CSV has of a row: words first, codes last."""
_OF_AGENCY = ("agency_id", "agency_name", "region_code", "region", "agency_kind", "agency_level")
NEEDED = (
    *_OF_AGENCY,
    *("year", "document_id", "report_id", "status", "days_late", "published_on"),
    *("form", "cells", "cells_read", "doubts", "passed", "skipped"),
    *(*(f"fail_{severity}" for severity in Severity), "failed_rules", "failed_severities"),
    *("problem_themes", "improvement_themes", *FIGURES),
)
"""What the room reads of cards."""

File = tuple[str, bytes]


class Line(msgspec.Struct, frozen=True):
    """A report as a plain page lists it: `figures` as `FIGURES`, `failures` by severity.

    Of these None is what isn't known.
    """

    name: str
    known: bool
    region: str
    year: str
    address: str
    status: str
    sign: str
    expected: str
    reading: str
    reading_sign: str
    figures: tuple[str, ...]
    failures: tuple[int | None, ...]


class Page(msgspec.Struct, frozen=True):
    """A plain page of the list of all reports, the newest year first."""

    address: str
    rows: tuple[Line, ...]
    reports: int
    first: int
    page: int
    pages: int
    before: str | None
    after: str | None


class Packed(NamedTuple):
    """What the script reads of the rows: a file a year, and what their numbers stand for.

    Attributes:
        files: Each year's rows.
        shards: Of each year its name, how many reports and how many that aren't here.
        agencies: See `_OF_AGENCY`.
        rules: The codes of failed rules; `weights` has how grave each is.
        themes: Codes.
    """

    files: tuple[File, ...]
    shards: tuple[tuple[str, int, int], ...]
    agencies: tuple[tuple[Any, ...], ...]
    rules: tuple[str, ...]
    weights: dict[str, str]
    themes: tuple[str, ...]


class Rows:
    """What the room is made from in every language: rows of cards, in the order of the list."""

    def __init__(self, data: Data) -> None:
        """The rows of a dataset; they are made when they are first asked for."""
        self._data = data

    @cached_property
    def frame(self) -> pl.DataFrame:
        """All reports, and what is known of those that aren't here: as dicts ten times as much."""
        return _rows(self._data)

    @cached_property
    def packed(self) -> Packed:
        """The same as the script reads them."""
        return _packed_years(self.frame.iter_rows(named=True))


class Listed(msgspec.Struct, frozen=True):
    """Everything the room is made from in a language.

    `paged` are the regions that have a page.
    """

    every: Rows
    regions: tuple[tuple[str, str], ...]
    paged: frozenset[str]
    lang: str

    @property
    def frame(self) -> pl.DataFrame:
        """The rows of cards, in the order of the list."""
        return self.every.frame


def listed(data: Data, lang: str, paged: Collection[str] = (), every: Rows | None = None) -> Listed:
    """The rows of the room: all reports, and what is known of those that aren't here.

    Args:
        data: The dataset.
        lang: Language of the words.
        paged: The regions that have a page.
        every: Its rows, where another language has them already.
    """
    every = every or Rows(data)
    regions = {option.value: option.label for option in region_options(data, lang)}
    told = every.frame.select("region_code", "region").unique("region_code", keep="last")
    named = {
        row["region_code"] or UNKNOWN: region_label(row, lang) for row in told.iter_rows(named=True)
    }
    return Listed(every, tuple(sorted((named | regions).items())), frozenset(paged), lang)


def _rows(data: Data) -> pl.DataFrame:
    test = pl.coalesce(pl.when(one).then(pl.lit(code)) for code, one in READINGS.items())
    there = pl.col("document_id").is_not_null()
    return (
        data.cards.lazy()
        .select(NEEDED)
        .filter(there | pl.col("status").is_not_null())
        .with_columns(
            reading=pl.when(there).then(test),
            **{f"fail_{severity}": told for severity, told in FAILURES.items()},
        )
        .sort(
            *("year", "region_code", "agency_level", "agency_name", "agency_id"),
            descending=[True, False, False, False, False],
            nulls_last=True,
            maintain_order=True,
        )
        .collect()
    )


def pages(found: Listed) -> Iterator[Page]:
    """The plain pages: all reports, without what isn't here."""
    reports = found.frame.filter(pl.col("document_id").is_not_null())
    count = max(1, -(-reports.height // PAGE))
    every = [addresses.numbered(addresses.REPORTS, page) for page in range(1, count + 1)]
    for at, here in enumerate(every):
        mine = reports.slice(at * PAGE, PAGE).to_dicts()
        yield Page(
            address=here,
            rows=lines(mine, found.lang),
            reports=reports.height,
            first=at * PAGE + 1,
            page=at + 1,
            pages=count,
            before=every[at - 1] if at else None,
            after=every[at + 1] if at + 1 < count else None,
        )


def by_region(
    found: Listed, codes: Sequence[str]
) -> dict[tuple[str, int | None], tuple[list[Row], int]]:
    """The first reports of each region and year, at most `FIRST`, and how many there are.

    Args:
        found: The rows.
        codes: The divisions; a report is in each that holds its agency's.
    """
    places: dict[tuple[str, int | None], list[int]] = {}
    counts: Counter[tuple[str, int | None]] = Counter()
    wanted = frozenset(codes)
    frame = found.frame.filter(pl.col("document_id").is_not_null())
    regions = frame["region_code"].drop_nulls().unique()
    above = {code: wanted.intersection(region_path(code)) for code in regions}
    inside = pl.Series([code for code, some in above.items() if some], dtype=pl.String)
    frame = frame.filter(pl.col("region_code").is_in(inside.implode()))
    for at, (region, year) in enumerate(frame.select("region_code", "year").iter_rows()):
        for code in above[region]:
            key = code, year
            counts[key] += 1
            if counts[key] <= FIRST:
                places.setdefault(key, []).append(at)
    return {key: (frame[some].to_dicts(), counts[key]) for key, some in places.items()}


def lines(rows: Sequence[Row], lang: str) -> tuple[Line, ...]:
    """Some rows as a page lists them."""
    return tuple(_line(row, lang) for row in rows)


def _line(row: Row, lang: str) -> Line:
    words, sign, expected = _status(row["status"], lang)
    reading, reading_sign = _reading(row["reading"], lang)
    days = "" if row["days_late"] is None else t("timeliness.days", lang, n=row["days_late"])
    return Line(
        name=agency_name(row, lang),
        known=row["agency_name"] is not None,
        region=region_label(row, lang),
        year=labels.year(row["year"], lang),
        address=addresses.report(row["report_id"]),
        status=days or words,
        sign=sign,
        expected=expected,
        reading=reading,
        reading_sign=reading_sign,
        figures=tuple(labels.number_or_unknown(row[name], lang) for name in FIGURES),
        failures=tuple(row[f"fail_{severity}"] for severity in Severity),
    )


@lru_cache
def _status(status: str | None, lang: str) -> tuple[str, str, str]:
    """Its words, its sign and what it counts as."""
    if not status:
        return t("values.unknown", lang), "", ""
    sign = t(f"timeliness.signs.{status}", lang)
    return status_words(lang)[status].title, sign, statuses()[status].expected


@lru_cache
def _reading(reading: str | None, lang: str) -> tuple[str, str]:
    """Its words and its sign."""
    return t(f"readings.{reading}", lang), t(f"reports.reading_signs.{reading}", lang)


def files(found: Listed) -> Iterator[File]:
    """What the script reads, but for `about_file`: a file of rows a year."""
    yield from found.every.packed.files


def about_file(found: Listed) -> File:
    """What is said in a language: the words of all codes, and which years there are."""
    return f"{FOLDER}/about.json", msgspec.json.encode(_about(found))


def _packed_years(every: Iterable[Row]) -> Packed:
    packed = []
    agencies: dict[tuple[Any, ...], int] = {}
    rules: dict[str, int] = {}
    themes: dict[str, int] = {}
    shards = []
    weights: dict[str, str] = {}
    for year, rows in groupby(every, itemgetter("year")):
        name = UNKNOWN if year is None else str(year)
        lines = []
        reports = 0
        for row in rows:
            reports += row["document_id"] is not None
            weights |= zip(row["failed_rules"], row["failed_severities"], strict=True)
            lines.append(msgspec.json.encode(_packed(row, agencies, rules, themes)))
        shards.append((name, reports, len(lines) - reports))
        packed.append((f"{FOLDER}/{name}.json", b"[" + b",\n".join(lines) + b"]"))
    return Packed(
        tuple(packed), tuple(shards), tuple(agencies), tuple(rules), weights, tuple(themes)
    )


def _packed(
    row: Row, agencies: dict[tuple[Any, ...], int], rules: dict[str, int], themes: dict[str, int]
) -> list[object]:
    """A row as an array of `FIELDS`; a report's is its slug, null where there is none."""
    there = row["document_id"] is not None
    said = dict.fromkeys([*(row["problem_themes"] or ()), *(row["improvement_themes"] or ())])
    published = row["published_on"]
    return [
        _place(tuple(row[name] for name in _OF_AGENCY), agencies),
        addresses.slug(row["report_id"]) if there else None,
        row["status"],
        row["days_late"],
        published and published.isoformat(),
        row["reading"],
        *(row[f"fail_{severity}"] if there else None for severity in Severity),
        row["passed"] if there else 0,
        row["skipped"] if there else 0,
        [_place(code, rules) for code in row["failed_rules"]] if there else [],
        [_place(code, themes) for code in said] if there else [],
        *(_plain(row[name]) for name in FIGURES),
    ]


def _plain(value: float | None) -> float | int | None:
    return int(value) if value is not None and value == int(value) else value


def _place(key: Any, known: dict[Any, int]) -> int:
    return known.setdefault(key, len(known))


def _about(found: Listed) -> dict[str, object]:
    lang, packed = found.lang, found.every.packed
    kinds, levels, there = (
        {code or UNKNOWN for code in found.frame[name].unique()}
        for name in ("agency_kind", "agency_level", "status")
    )
    names = status_words(lang)
    return {
        "fields": FIELDS,
        "agencies": [
            _agency(dict(zip(_OF_AGENCY, one, strict=True)), lang) for one in packed.agencies
        ],
        "region": [
            [code, label, _depth(code), addresses.region(code) if code in found.paged else ""]
            for code, label in found.regions
        ],
        "kind": [[code, _term("kinds", code, lang)] for code in sorted(kinds)],
        "level": [[code, _term("levels", code, lang)] for code in sorted(levels)],
        "status": [
            [code, names[code].title, t(f"timeliness.signs.{code}", lang), status.expected]
            for code, status in statuses().items()
            if code in there
        ]
        + [[UNKNOWN, t("values.unknown", lang), "", ""] for _ in there & {UNKNOWN}],
        "reading": [
            [code, t(f"readings.{code}", lang), t(f"reports.reading_signs.{code}", lang)]
            for code in READINGS
        ],
        "severity": [[code, t(f"severities.{code}", lang)] for code in Severity],
        "outcome": [[code, t(f"reports.with.{code}", lang)] for code in ("fail", "pass", "skip")],
        "rule": [
            [code, check_label(code, lang), packed.weights[code], addresses.rule(code)]
            for code in packed.rules
        ],
        "theme": [[code, theme_label(code, lang)] for code in packed.themes],
        "year": [[name, _year(name, lang)] for name, *_ in packed.shards],
        "shards": packed.shards,
    }


def _year(name: str, lang: str) -> str:
    return labels.year(None if name == UNKNOWN else int(name), lang)


def _agency(row: Row, lang: str) -> list[object]:
    """Id, address, name, the code of its region and its name, kind, level; null where unknown."""
    return [
        row["agency_id"],
        addresses.slug(row["agency_id"]),
        row["agency_name"],
        row["region_code"],
        region_label(row, lang),
        row["agency_kind"],
        row["agency_level"],
    ]


def _term(group: str, code: str, lang: str) -> str:
    return t("values.unknown", lang) if code == UNKNOWN else term(group, code, lang)


def _depth(code: str) -> int:
    return 0 if code == UNKNOWN or code.endswith("0000") else 1 if code.endswith("00") else 2


def said(lang: str) -> str:
    """The words that the script puts on its page, as JSON."""
    own = ("shown", "shown_absent", "nothing", "failed", "loading", "bad", "both", "file")
    words: dict[str, Any] = {name: labels.words(lang)[f"reports.site.{name}"] for name in own}
    words |= {
        "unknown": t("values.unknown", lang),
        "unnamed": labels.words(lang)["values.agency_unnamed"],
        "no_region": t("values.region_unknown", lang),
        "no_year": t("values.year_unknown", lang),
        "absent": t("reports.absent", lang),
        "and": t("places.and", lang),
        "days": labels.words(lang)["timeliness.days"],
        "year": labels.words(lang)["values.year"],
        "columns": COLUMNS,
        "taken": [[name, _head(name, lang)] for name in TAKEN],
    }
    return msgspec.json.encode(words).decode()


def heads(lang: str) -> Sequence[tuple[str, str]]:
    """The list's columns by code and name."""
    return [(name, _head(name, lang)) for name in COLUMNS]


def _head(name: str, lang: str) -> str:
    if name in FIGURES:
        return t(f"figures.{name}.label", lang)
    if name in tuple(Severity):
        return t(f"severities.{name}", lang)
    return t(f"reports.columns.{name}", lang)
