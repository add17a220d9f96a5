"""A report's rows in, its card out: identity, tables, source, checks, text and years."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

import msgspec

from dashboard import labels
from dashboard.data import Data, Row, document_rows
from dashboard.labels import t, term
from dashboard.views import echoes, source
from dashboard.views.compare_form import follows
from dashboard.views.context import Context, context
from dashboard.views.figures import key_figures, year_table
from dashboard.views.findings import OUTCOMES, check_groups, check_row, drawn_of
from dashboard.views.indicators import own_indicators
from dashboard.views.lists import form_label, report_ref
from dashboard.views.peers import peers
from dashboard.views.reading import Read
from dashboard.views.records import (
    Again,
    Alike,
    CheckRow,
    Counts,
    DiagnosticRow,
    EvidenceRow,
    Fact,
    FormTableView,
    PlaceRef,
    PointView,
    ReportCard,
    SectionView,
    SourcePart,
    TimelyCell,
    ValueCell,
)
from dashboard.views.remarks import told
from dashboard.views.sentences import diagnostic_told, reason_words
from dashboard.views.subjects import CellKey
from dashboard.views.tables import NOTHING_SAID, About, form_tables
from dashboard.views.timeliness import timely_cell
from dashboard.views.versions import other_readings, version_view
from dashboard.views.words_themes import theme_names, theme_pieces
from govreport_core.forms import Form, forms

FACTS = ("agency_name", "year", "title", "published_on", "form", "source_url")

_Index = Mapping[str, tuple[int, int]]


def report_card(data: Data, report_id: str, lang: str, shared: Context | None = None) -> ReportCard:
    """The card of a report's current reading.

    Raises:
        KeyError: The data has no such report.
    """
    shared = shared or context(data)
    report = shared.of_report(report_id)
    if report is None:
        raise KeyError(report_id)
    return card(report, document_rows(data, report["document_id"]), shared, lang)


# Shown beside each other on a card.
YEARS = 4
Listing = Callable[[Sequence[Row], Iterable[source.Span], str], tuple[SourcePart, ...]]
Tables = Callable[[Form, Read, Mapping[CellKey, About], str], tuple[FormTableView, ...]]


def whole_tables(
    form: Form, read: Read, said: Mapping[CellKey, About], lang: str
) -> tuple[FormTableView, ...]:
    """The tables of a report's form, every cell with its place and what is said of it."""
    about = {}
    for key in read.values:
        one, place = said.get(key, NOTHING_SAID), read.places.get(key)
        ref = place and PlaceRef(*place, source.part_label(place[0], lang))
        about[key] = About(one.failing, one.severity, one.doubts, ref)
    return form_tables(form, read.values, about, lang)


class Way(msgspec.Struct, frozen=True):
    """How a card is made.

    Attributes:
        listing: What makes its source, from its parts, the places to be marked in them and the
            language; a site draws it once for all languages.
        tables: What makes its tables, from its form, what was read, what is said of cells and the
            language; a site draws most cells once for all languages.
        years: Of how many years its indicators stand beside each other.
        said: The outcomes of which each result is told in words; of the others each rule once.
    """

    listing: Listing = source.source_parts
    tables: Tables = whole_tables
    years: int = YEARS
    said: Collection[str] = OUTCOMES


_WHOLE = Way()


def card(
    report: Row,
    rows: Mapping[str, Sequence[Row]],
    shared: Context,
    lang: str,
    way: Way = _WHOLE,
    read: Read | None = None,
) -> ReportCard:
    """A report as a page shows it.

    Args:
        report: Its row of `cards`.
        rows: All rows about it, by table.
        shared: The dataset.
        lang: Language of the words.
        way: How it is made.
        read: Its rows, read; kept by who asks for the card in several languages.
    """
    read = read or Read(report["form"], rows)
    index = read.index
    form = forms().get(report["form"] or "")
    evidence = [
        (row, source.place_ref(row, f"e-{n}", index, lang))
        for n, row in enumerate(rows["evidence"], 1)
    ]
    diagnostics = [
        (row["level"], _diagnostic(row, report["form"], mark, index, n, lang))
        for n, (row, mark) in enumerate(zip(rows["diagnostics"], read.doubted, strict=True), 1)
    ]
    drawn = drawn_of(report["form"], read.cells)
    checks = [
        check_row(
            row,
            report["form"],
            drawn,
            source.place_ref(row, mark, index, lang) if times == 1 else None,
            lang,
            anchor,
            said=row["outcome"] in way.said,
            times=times,
        )
        for row, mark, anchor, times in read.listed(way.said)
    ]
    points = _points(
        rows["points"], echoes.again(shared, report, rows["points"], lang), index, lang
    )
    about = _about(read, rows["diagnostics"], diagnostics)
    # Asked for by what draws the source: of a site that is one of its languages.
    spans = chain.from_iterable(
        (
            read.spans(),
            (span for _, place in evidence for span in source.spans_of(place)),
            _once([place for _, row in diagnostics if (place := row.place)], checks),
            (span for point in points for span in source.spans_of(point.place)),
        )
    )
    same_agency = shared.dated(report["agency_id"])
    ref = report_ref(report, lang)
    before, after = _neighbours(report, same_agency)
    alike = echoes.alike(shared, report, rows["sections"], lang)
    last = next((row for row in same_agency if row["year"] + 1 == report["year"]), None)
    until = [row for row in same_agency if row["year"] <= (report["year"] or 0)][-YEARS:]
    rates, others = own_indicators(until[-way.years :], lang), peers(shared, report, lang)
    found = ReportCard(
        report_id=report["report_id"],
        document_id=report["document_id"],
        agency=ref.agency,
        year=report["year"],
        year_text=ref.year_text,
        heading=t("card.heading", lang, agency=ref.agency.name, year=ref.year_text),
        form=form_label(report["form"], lang),
        source_url=web_address(report["source_url"]),
        paths=shared.paths(report["document_id"]),
        facts=tuple(_fact(field, report, evidence, lang) for field in FACTS),
        reading=ref.reading,
        consistency=ref.consistency,
        counts=_counts(rows["checks"]),
        agree_failed=report["agree_failed"],
        skips=_skips(rows["checks"], lang),
        tables=way.tables(form, read, about, lang) if form else (),
        source=way.listing(rows["parts"], spans, lang),
        checks=check_groups(checks, lang),
        doubts=tuple(row for level, row in diagnostics if level == "doubt"),
        notes=tuple(row for level, row in diagnostics if level == "note"),
        sections=_sections(report["form"], rows["sections"], index, lang),
        points=points,
        figures=year_table(until, lang),
        indicators=rates,
        previous=before,
        following=after,
        timely=_timely(report, rows["evidence"], shared, lang),
        versions=tuple(
            version_view(other, shared.paths(other.row["document_id"]), lang)
            for other in other_readings(shared.data, report)
        ),
        alike=alike,
        shared=echoes.shared_texts(shared, report, lang),
        beside=_beside(before, alike),
        peers=others,
        follows=_follows(shared, before, report),
        key=key_figures(report, last, set(read.cells), rates, others, lang),
        form_id=report["form"],
        years=tuple(echoes.report_link(row, lang) for row in reversed(same_agency)),
    )
    return told(found, report, rows["checks"], shared, lang)


def _once(doubts: Sequence[PlaceRef], checks: Sequence[CheckRow]) -> Iterator[source.Span]:
    """What is to be marked of them: a place that another names too is marked already."""
    places = [*doubts, *(row.place for row in checks if row.place)]
    found = {place.anchor: place for place in places if not place.anchor.startswith("v")}
    for place in found.values():
        yield from source.spans_of(place)


def cell(found: ReportCard, wanted: str) -> ValueCell | None:
    """The cell of a card with that id, if it has one."""
    for table in found.tables:
        for row in table.rows:
            for one in row.cells:
                if one.cell_id == wanted:
                    return one
    return None


FITTING = 2000
"""Characters of points of one kind that are printed: with the rest of the sheet, four pages."""


def fitting(points: Sequence[PointView]) -> int:
    """How many of some points, from the first on, have room on a printed sheet."""
    room = FITTING
    for count, point in enumerate(points):
        room -= len(point.text)
        if room < 0:
            return count
    return len(points)


def web_address(text: str | None) -> str | None:
    """The address where it is one of the web; else None, for it mustn't become a link."""
    return text if text and text.lower().startswith(("https://", "http://")) else None


def _follows(shared: Context, before: str | None, report: Row) -> int | None:
    last = shared.of_report(before) if before else None
    return last["year"] if last is not None and follows(last, report) else None


def _points(
    rows: Sequence[Row], again: Mapping[str, tuple[Again, ...]], index: _Index, lang: str
) -> tuple[PointView, ...]:
    return tuple(
        PointView(
            kind=row["kind"],
            kind_label=t(f"points.{row['kind']}", lang),
            ordinal=row["ordinal"],
            text=row["text"],
            place=source.place_ref(row, f"m-{n}", index, lang),
            point_id=row["point_id"],
            pieces=theme_pieces(row["text"], row["themes"] or ()),
            themes=theme_names(row["text"], row["themes"] or (), lang),
            again=again.get(row["point_id"], ()),
        )
        for n, row in enumerate(rows, 1)
    )


def _beside(before: str | None, alike: Sequence[Alike]) -> tuple[str, ...]:
    """The agency's last report, and the nearest of another agency where it is very near."""
    near = [one.other.report_id for one in alike if one.near and not one.same_agency]
    return (*([before] if before else []), *near[:1])


def _counts(rows: Sequence[Row]) -> Counts:
    found = Counter(row["outcome"] for row in rows)
    return Counts(found["pass"], found["fail"], found["skip"])


def _skips(rows: Sequence[Row], lang: str) -> tuple[tuple[str, int], ...]:
    found = Counter(row["reason"] for row in rows if row["outcome"] == "skip")
    return tuple((reason_words(reason, lang), count) for reason, count in found.most_common())


def _timely(report: Row, evidence: Sequence[Row], shared: Context, lang: str) -> TimelyCell | None:
    for row in shared.rows("coverage", report["agency_id"]):
        if row["document_id"] == report["document_id"]:
            place = (row["part"], row["start"], row["end"])
            marks = (
                number
                for number, one in enumerate(evidence, 1)
                if one["field"] == "published_on"
                and one["part"] is not None
                and (one["part"], one["start"], one["end"]) == place
            )
            known = {"report_id": report["report_id"], "mark": next(marks, None)}
            return timely_cell(row | known, lang)
    return None


def _about(
    read: Read, rows: Sequence[Row], diagnostics: Sequence[tuple[str, DiagnosticRow]]
) -> dict[CellKey, About]:
    """What is said of cells, but for where they stand; those of which nothing is aren't there."""
    doubts: dict[CellKey, dict[str, DiagnosticRow]] = {}
    for row, (level, shown) in zip(rows, diagnostics, strict=True):
        if level != "doubt":
            continue
        params = msgspec.json.decode(row["params"], type=dict[str, Any])
        for key in _doubted(params, read.values):
            doubts.setdefault(key, {}).setdefault(shown.sentence, shown)
    about = {}
    for key in {*read.failing, *doubts}:
        codes, severity = read.failing.get(key, ((), None))
        about[key] = About(
            failing=tuple(dict.fromkeys(codes)),
            severity=severity,
            doubts=tuple(doubts.get(key, {}).values()),
        )
    return about


def _doubted(params: Mapping[str, Any], values: Mapping[CellKey, Row]) -> list[CellKey]:
    """The unreadable cells that a doubt is about; a name left out stands for all of its axis."""
    if not params.get("table"):
        return []
    wanted = (params["table"], params.get("row"), params.get("column"))
    return [
        key
        for key, row in values.items()
        if row["state"] == "unreadable"
        and all(name in (None, part) for name, part in zip(wanted, key, strict=True))
    ]


def _diagnostic(
    row: Row, form: str | None, mark: str, index: _Index, number: int, lang: str
) -> DiagnosticRow:
    sentence, line = diagnostic_told(row, form, lang)
    return DiagnosticRow(
        level=row["level"],
        level_label=t(f"levels_of_reading.{row['level']}", lang),
        code=row["code"],
        sentence=sentence,
        place=source.place_ref(row, mark, index, lang),
        row=line,
        anchor=f"doubt-{number}",
    )


def _fact(
    field: str,
    report: Row,
    evidence: Sequence[tuple[Row, PlaceRef | None]],
    lang: str,
) -> Fact:
    value = report[field]
    if value is None:
        text = t("values.not_found", lang)
    elif field == "year":
        text = labels.year(value, lang)
    elif field == "form" and value in forms():
        number = forms()[value].document_number
        text = t("card.form", lang, form=form_label(value, lang), document_number=number)
    else:
        text = str(value)
    return Fact(
        field=field,
        label=t(f"fields.{field}", lang),
        text=text,
        found=value is not None,
        evidence=tuple(
            EvidenceRow(
                candidate=form_label(row["candidate"], lang)
                if field == "form"
                else row["candidate"],
                chosen=row["chosen"],
                agrees=row["candidate"] == str(value),
                rule=term("evidence", row["rule"], lang),
                place=place,
            )
            for row, place in evidence
            if row["field"] == field
        ),
    )


def _sections(
    form: str | None, rows: Sequence[Row], index: _Index, lang: str
) -> tuple[SectionView, ...]:
    found = {row["section"]: row for row in rows}
    known = forms().get(form or "")
    codes = [section.code for section in known.sections] if known else list(found)
    return tuple(_section(code, form, found.get(code), index, lang) for code in codes)


def _section(code: str, form: str | None, row: Row | None, index: _Index, lang: str) -> SectionView:
    label = labels.section_label(form, code, lang)
    if row is None:
        return SectionView(code, label, None, None, None)
    # A section is too long to mark: its place is the part it begins in.
    place = source.place_ref({"part": row["part"]}, "", index, lang)
    lines = [" ".join(line.split()) for line in row["text"].splitlines()]
    return SectionView(code, label, row["heading"], tuple(line for line in lines if line), place)


def _neighbours(report: Row, same_agency: Sequence[Row]) -> tuple[str | None, str | None]:
    ids = [row["report_id"] for row in same_agency]
    if report["report_id"] not in ids:
        return None, None
    at = ids.index(report["report_id"])
    return ids[at - 1] if at else None, ids[at + 1] if at + 1 < len(ids) else None
