"""A report's card in, the longest blocks of its page out as text: tables, results, figures.

They are most of a site's bytes and would be most of its time: a cell is put together by hand
here, escaped, as `pieces/form.html` draws it for the app. What a form looks like before its
numbers stand in it is drawn once a form. End tags and quotes that HTML doesn't ask for are left
out, and nothing is named in each cell that its row, column or table can say once. A heading says
whose it is (`scope`) only where its place doesn't: beside other headings of a row, or over several.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import lru_cache
from itertools import groupby
from operator import attrgetter
from typing import TypeVar

from dashboard import labels
from dashboard.labels import t
from dashboard.site import addresses
from dashboard.site.templating import ODD, shown
from dashboard.views.records import (
    CheckGroup,
    CheckRow,
    CorrectionView,
    DiagnosticRow,
    FigureRow,
    FormTableView,
    HeadCell,
    IndicatorRow,
    IndicatorTable,
    ReplyView,
    ValueCell,
    YearTable,
)
from dashboard.views.sentences import check_label

_BARE = re.compile(r"[\w.~:#/-]+", re.ASCII)
# What leads from a result to its rule, or to another report.
Link = Callable[[str, str], str]
_Row = TypeVar("_Row")


def escaped(text: str) -> str:
    """A text as it stands in a page, between double quotes too; there are no others."""
    return shown(html.escape(text)).replace("&#x27;", "'") if ODD.search(text) else text


@lru_cache(maxsize=1 << 14)
def bare(value: str) -> str:
    """An attribute's value as it stands behind `=`: without quotes where it needs none."""
    return value if _BARE.fullmatch(value) else f'"{escaped(value)}"'


def tables(found: Iterable[FormTableView], lang: str) -> str:
    """The tables of the official form, under the names of their sections."""
    return sections(found, lang, _table)


def sections(found: Iterable[FormTableView], lang: str, drawn: Callable[..., str]) -> str:
    """The same, each table drawn by `drawn`."""
    said = []
    for section, some in groupby(found, attrgetter("section")):
        mine = list(some)
        every = "".join([drawn(table, lang, titled=len(mine) > 1) for table in mine])
        head = escaped(_section(section, lang))
        said.append(f"<h3>{head}</h3>\n<div class=gr-forms>{every}</div>\n")
    return "".join(said)


@lru_cache(maxsize=256)
def _section(code: str, lang: str) -> str:
    return labels.section_label(None, code, lang)


def _table(table: FormTableView, lang: str, *, titled: bool) -> str:
    rows = [
        (row.kind, row.heads, "".join([value(cell, lang) for cell in row.cells]))
        for row in table.rows
    ]
    columns = len(table.rows[0].cells) if table.rows else 0
    return form_table(table, rows, columns, lang, titled=titled)


def form_table(
    table: FormTableView,
    rows: Iterable[tuple[str, tuple[HeadCell, ...], str]],
    columns: int,
    lang: str,
    *,
    titled: bool,
) -> str:
    """A table of the official form.

    Args:
        table: It.
        rows: Of each row its kind, its headings and its cells as they are drawn.
        columns: How many cells its first row has.
        lang: Language of the words.
        titled: Whether its label is to be seen above it.
    """
    label = escaped(table.label)
    wide = ' class="gr-box gr-wide"' if columns > 4 else " class=gr-box"
    if not table.present:
        absent = escaped(t("site.report.not_in_report", lang))
        return f"<div{wide}>{label}<p class=gr-caption>{absent}</div>\n"
    lines = [
        f"<tr{_TOTAL if kind == 'total' else ''}>{heads_of(heads)}{cells}"
        for kind, heads, cells in rows
    ]
    begin, end = frame(table.label, table.stub, columns, table.header, titled=titled)
    return f"<div{wide}>{begin}{''.join(lines)}{end}{_counts(table.counts, lang)}</div>\n"


@lru_cache(maxsize=512)
def frame(
    label: str,
    stub: int,
    columns: int,
    header: tuple[tuple[HeadCell, ...], ...],
    *,
    titled: bool,
    kind: str = "",
) -> tuple[str, str]:
    """What stands before the rows of a table of a form, and what behind.

    Args:
        label: The table's.
        stub: How many columns are headings.
        columns: How many have values.
        header: Its lines.
        titled: Whether the label is to be seen above it; it is there for listeners anyhow.
        kind: A further class.
    """
    label = escaped(label)
    title = "" if titled else " class=vh"
    begin = (
        f'<div class=gr-scroll role=group aria-label="{label}" tabindex=0>'
        f'<table class="gr-form {kind}stub-{stub} cols-{columns}">'
        f"<caption{title}>{label}</caption>{_header(header, stub)}<tbody>"
    )
    return begin, "</table></div>"


_TOTAL = " class=total"


def _counts(counts: Sequence[tuple[str, str, int]], lang: str) -> str:
    if len(counts) == 1 and counts[0][0] == "reported":
        return ""
    # What stands for the word in the cells themselves.
    signs = {"unreadable": f"{escaped(t('signs.doubt', lang))} "}
    said = " · ".join(
        f"{signs.get(state, '')}{escaped(label)} {labels.number(count)}"
        for state, label, count in counts
    )
    return f"<p class=gr-caption>{said}"


@lru_cache(maxsize=512)
def _header(header: tuple[tuple[HeadCell, ...], ...], stub: int) -> str:
    corner = header[0][0] if stub and header and header[0] else None
    lines = [
        "".join(
            f"<th{_spans(head)}{_scope(head, alone=len(line) == 1)}"
            f"{_CORNER if head is corner else ''}>{escaped(head.text)}"
            for head in line
        )
        for line in header
    ]
    return "<thead>" + "".join(f"<tr>{line}" for line in lines)


_CORNER = " class=corner"


@lru_cache(maxsize=1 << 14)
def heads_of(heads: tuple[HeadCell, ...]) -> str:
    """The headings of a row of a form."""
    several = len(heads) > 1
    return "".join(_head(head, last=head is heads[-1], several=several) for head in heads)


def _scope(head: HeadCell, *, alone: bool) -> str:
    """Whose heading it is; a browser knows it of one among a line of them, or before values."""
    return "" if head.scope == "col" and not alone else f" scope={head.scope}"


def _head(head: HeadCell, *, last: bool, several: bool) -> str:
    if head.upright:
        kind, text = " class=upright", f"<span>{escaped(head.text)}</span>"
    else:
        listed = f' class="listed in-{head.indent}"' if head.indent is not None else ""
        kind, text = listed or ("" if last else " class=group"), escaped(head.text)
    scope = f" scope={head.scope}" if several or head.scope != "row" else ""
    return f"<th{scope}{_spans(head)}{kind}>{text}"


def _spans(head: HeadCell) -> str:
    columns = f" colspan={head.colspan}" if head.colspan > 1 else ""
    return columns + (f" rowspan={head.rowspan}" if head.rowspan > 1 else "")


def value(cell: ValueCell, lang: str) -> str:
    """A cell of the official form."""
    if cell.state == "reported" and not (
        cell.severity or cell.doubts or cell.reading or cell.correction
    ):
        # Nearly every cell.
        return plain(cell.text, cell.cell_id, _anchor(cell))
    return _odd_value(cell, lang)


def _anchor(cell: ValueCell) -> str | None:
    return cell.place.anchor if cell.place else None


def plain(text: str, cell_id: str, anchor: str | None) -> str:
    """A cell of which nothing is said: what is printed, and the id of its mark if it has one."""
    return f"<td>{_linked(escaped(text), cell_id, anchor)}"


def _linked(shown: str, cell_id: str, anchor: str | None) -> str:
    """A number by its address, that leads to its mark; the mark leads back to it."""
    own = addresses.cell(cell_id)
    if anchor is None:
        return f"<span id={own}>{shown}</span>"
    return f"<a id={own} href=#{anchor}>{shown}</a>"


def _odd_value(cell: ValueCell, lang: str) -> str:
    failing = f" failing {cell.severity}" if cell.severity else ""
    state = f'<small class="state {cell.state}">{escaped(cell.state_label)}</small>'
    # A blank's word looks as its cell says.
    if cell.state in ("reported", "blank"):
        shown = escaped(cell.text)
    elif cell.text == cell.state_label:
        shown = state
    else:
        shown = f"{escaped(cell.text)} {state}"
    shown += _failing(cell, lang)
    if cell.doubts and cell.place is None:
        # There is nothing else that the cell could lead to.
        sign = f"<small aria-hidden=true>{escaped(t('signs.doubt', lang))}</small>"
        own = addresses.cell(cell.cell_id)
        shown = f"<a id={own} {_to_doubts(cell)}>{shown}{sign}</a>"
    else:
        shown = _linked(shown, cell.cell_id, _anchor(cell)) + _doubts(cell, lang)
    read = f'<small class="read">{escaped(cell.reading)}</small>' if cell.reading else ""
    right = _corrected(cell, lang)
    kind = bare(f"{cell.state}{failing}")
    return f"<td class={kind}>{shown}{right}{read}"


def _corrected(cell: ValueCell, lang: str) -> str:
    if cell.correction is None:
        return ""
    said = escaped(t("remarks.cell_said", lang, corrected=cell.correction.corrected))
    sign = escaped(t("remarks.sign", lang))
    return f'<small class="read corrected"><span aria-hidden="true">{sign}</span> {said}</small>'


def _failing(cell: ValueCell, lang: str) -> str:
    if not cell.severity:
        return ""
    names = t("places.and", lang).join(check_label(code, lang) for code in cell.failing)
    said = escaped(t("site.report.in_failed", lang, checks=names))
    sign = escaped(t(f"signs.{cell.severity}", lang))
    # Named by its title, to those who point at it and those who listen.
    return f'<small class=sign role=img title="{said}"> {sign}</small>'


def _doubts(cell: ValueCell, lang: str) -> str:
    """The way to what is said below of a cell, each time once: a row's cells have the same."""
    if not cell.doubts:
        return ""
    sign, said = escaped(t("signs.doubt", lang)), escaped(t("site.report.doubtful", lang))
    seen = f"<small aria-hidden=true>{sign}</small><span class=gr-visually-hidden>{said}</span>"
    return f" <a {_to_doubts(cell)}>{seen}</a>"


def _to_doubts(cell: ValueCell) -> str:
    """A link's attributes: it leads to the first doubt about a cell, and is told with all."""
    names = [one.anchor for one in cell.doubts]
    return f"href=#{names[0]} aria-describedby={bare(' '.join(names))}"


def results(groups: Iterable[CheckGroup], link: Link, lang: str) -> str:
    """What was checked: failures one by one, what couldn't be judged by its reason, what passed."""
    drawn = []
    for group in groups:
        if group.rows:
            head = f"{_tag(group.outcome, group.sign, group.label)} {_count(group.rows)}"
            items, lead, kind = _items(group, link, lang)
            drawn.append(
                f"<details{'' if lead else ' open'}><summary>{head}</summary>\n"
                f"{lead}<ul class={bare(kind)}>{items}</ul></details>\n"
            )
    return "".join(drawn)


def _items(group: CheckGroup, link: Link, lang: str) -> tuple[str, str, str]:
    """Those of a list, what stands above it and its class."""
    if group.outcome == "fail":
        return "".join([_failure(row, link, lang) for row in group.rows]), "", "results"
    lead = f"<p class=note>{escaped(t(f'site.report.{group.outcome}_lead', lang))}"
    if group.outcome == "skip":
        by = _together(group.rows, attrgetter("sentence"))
        return "".join([_reason(rows, link, lang) for rows in by]), lead, "results plainly"
    return "".join([f"<li>{_passed(row, link, lang)}" for row in group.rows]), lead, "passed"


def _count(rows: Iterable[CheckRow]) -> int:
    """How many results some rows stand for."""
    return sum(row.times for row in rows)


def _together(rows: Iterable[_Row], key: Callable[[_Row], str]) -> Iterable[list[_Row]]:
    found: dict[str, list[_Row]] = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    return found.values()


def _failure(row: CheckRow, link: Link, lang: str) -> str:
    said = f"<p>{escaped(row.sentence)}{_where(row, link, lang)}</p>"
    tag = _tag(row.severity, row.sign, row.severity_label)
    cite = escaped(t("remarks.cite", lang))
    rule = f"{_named(row, link, lang)} <a class=cite href={bare('#' + row.anchor)}>{cite}</a>"
    beside = [_correction(one, lang) for one in row.corrections]
    beside += [_reply(one, lang) for one in row.replies]
    told = "".join(beside)
    return f"<li id={bare(row.anchor)}>{tag}<div>{said}<p class=rule>{rule}</p>{told}</div>"


def _correction(one: CorrectionView, lang: str) -> str:
    """As `pieces/remarks.html` has it beside a finding."""
    printed = one.printed or one.read
    said = t("remarks.beside", lang, label=one.label, printed=printed, corrected=one.corrected)
    return _remark("sign", "correction_said", escaped(said), (one.url, "source"), one.date, lang)


def _reply(one: ReplyView, lang: str) -> str:
    """As `pieces/remarks.html` has it."""
    said = f"<q>{escaped(one.text)}</q>"
    return _remark("reply_sign", "reply_said", said, (one.url, "link"), one.date, lang)


def _remark(
    sign: str, word: str, said: str, source: tuple[str | None, str], date: str, lang: str
) -> str:
    """What is said beside a result: words behind three keys of `remarks`, markup between them."""
    sign, word = escaped(t(f"remarks.{sign}", lang)), escaped(t(f"remarks.{word}", lang))
    tag = f'<span class="gr-tag doubt"><span aria-hidden="true">{sign}</span> {word}</span>'
    web, (url, named) = "", source
    if url:
        told = escaped(t(f"remarks.{named}", lang))
        rel = "noopener noreferrer external"
        web = f' · <a href="{escaped(url)}" rel="{rel}">{told}</a>'
    day = f" · {date}" if date else ""
    return f'<p class="gr-remark">{tag} {said}{web}{day}</p>'


def _reason(rows: Sequence[CheckRow], link: Link, lang: str) -> str:
    """Why some rules couldn't be judged, which, and where each would have been."""
    by = _together(rows, attrgetter("check"))
    rules = [_named(some[0], link, lang) + _places(some, link, lang) for some in by]
    return f"<li>{escaped(rows[0].sentence)} {escaped(t('places.and', lang)).join(rules)}"


def _places(rows: Iterable[CheckRow], link: Link, lang: str) -> str:
    """Where some results stand; of those in one line the first leads there."""
    by = _together(rows, lambda row: row.place.label if row.place else row.subject)
    return "".join([_where(some[0], link, lang) for some in by])


def _passed(row: CheckRow, link: Link, lang: str) -> str:
    """A rule that passed: the way to where it stands, of several how often."""
    name = _named(row, link, lang)
    if row.times > 1:
        return f"{name} {row.times}"
    place = row.place
    if place is None or row.other:
        return f"{name}{_where(row, link, lang)}"
    return f"{name} <a href=#{place.anchor}>{escaped(t('site.report.to_source', lang))}</a>"


def _named(row: CheckRow, link: Link, lang: str) -> str:
    """A rule by its title, which names what it looks for, whatever came of it."""
    return f"<a href={bare(link('rule', row.check))}>{escaped(check_label(row.check, lang))}</a>"


def notes(rows: Iterable[DiagnosticRow], lang: str) -> str:
    """What was odd in our reading; of several rows once, with where the others stand."""
    likewise = escaped(t("site.report.likewise", lang))
    drawn = []
    for some in _together(rows, lambda row: row.sentence.replace(row.row, "", 1)):
        first, *others = some
        also = [_source(one).strip() or escaped(one.row) for one in others]
        more = f" {likewise}{escaped(t('places.and', lang)).join(also)}" if also else ""
        drawn.append(f"<li>{escaped(first.sentence)}{_source(first)}{more}")
    return "".join(drawn)


def years(table: YearTable, lang: str) -> str:
    """An agency's key figures, year beside year."""
    told = table.told
    heads = "".join([f"<th>{year}" for year in told])
    rows = "".join([_figure(row, told, lang) for row in table.rows])
    figure, change = t("site.report.figure", lang), t("site.report.change", lang)
    head = f"<tr><th>{escaped(figure)}{heads}<th>{escaped(change)}"
    return _figures(t("site.report.years", lang), head, rows, table.notes, " changes")


def _figures(title: str, head: str, rows: str, notes: Iterable[str], kind: str = "") -> str:
    title = escaped(title)
    said = "".join([f"<p class=note>{escaped(note)}</p>\n" for note in notes])
    return (
        f'<div class=scroll role=group aria-label="{title}" tabindex=0>'
        f'<table class="plain figures sticky nums{kind}"><caption class=vh>{title}</caption>'
        f"<thead>{head}<tbody>{rows}</table></div>\n{said}"
    )


def _figure(row: FigureRow, years: Collection[int], lang: str) -> str:
    cells = []
    for cell in reversed(row.cells):
        if cell.year not in years:
            continue
        broken = cell.year in row.breaks
        kinds = " ".join([*["brk"] * broken, *["unknown"] * (not cell.known)])
        kind = f" class={bare(kinds)}" if kinds else ""
        told = escaped(t("site.report.break", lang)) if broken else ""
        aside = f"<span class=vh> {told}</span>" if broken else ""
        cells.append(f"<td{kind}>{escaped(cell.text)}{aside}")
    about = f"{escaped(row.label)}<p>{escaped(row.unit)} · {escaped(row.note)}"
    change = escaped(row.change)
    return f"<tr><th>{about}{''.join(cells)}<td>{change}"


def indicators(table: IndicatorTable, lang: str) -> str:
    """A report's indicators, each with what it was divided by; what each means stands elsewhere."""
    title = t("indicators.title", lang)
    drawn: list[str] = []
    for group in table.groups:
        # The counts among them stand in the key figures right above.
        rows = [row for row in group if row.base]
        if not rows:
            continue
        heads = "".join([f"<th>{year}" for year in table.years])
        head = f"<tr><th>{escaped(t('indicators.indicator', lang))}{heads}"
        body = "".join([_indicator(row, lang) for row in rows])
        one = _figures(title, head, body, ())
        if drawn:
            more = escaped(t("indicators.more", lang, n=len(rows)))
            one = f"<details><summary>{more}</summary>\n{one}</details>\n"
        drawn.append(one)
    return "".join(drawn) + "".join([f"<p class=note>{escaped(n)}</p>\n" for n in table.notes])


def _indicator(row: IndicatorRow, lang: str) -> str:
    cells = []
    for cell in row.cells:
        kind = "" if cell.value is not None else " class=unknown"
        zero = escaped(t("indicators.assumed_mark", lang)) if cell.assumed_zero else ""
        parts = f"<p>{escaped(cell.parts)}" if cell.parts else ""
        cells.append(f"<td{kind}>{escaped(cell.text)}{zero}{parts}")
    return f"<tr><th>{escaped(row.label)}{''.join(cells)}"


def _tag(level: str, sign: str, word: str) -> str:
    return (
        f'<span class="gr-tag {level}"><span aria-hidden=true>{escaped(sign)}</span> '
        f"{escaped(word)}</span>"
    )


def _source(row: CheckRow | DiagnosticRow) -> str:
    place = row.place
    return f" <a href=#{place.anchor}>{escaped(place.label)}</a>" if place else ""


def _where(row: CheckRow, link: Link, lang: str) -> str:
    where = _source(row)
    if not where and row.cells:
        cell = escaped(t("site.to_cell", lang))
        where = f" <a href=#{addresses.cell(row.cells[0])}>{cell}</a>"
    if row.other:
        other = bare(link("report", row.other))
        where += f" <a href={other}>{escaped(t('card.other', lang))}</a>"
    return where
