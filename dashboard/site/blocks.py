"""A report's card in, the longest blocks of its page out as text: tables, results, source.

They are most of a site's bytes and would be most of its time: a cell or a line is put together
by hand here, escaped, as `pieces/form.html` and `pieces/source.html` draw it for the app. What
a form looks like before its numbers stand in it is drawn once a form.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import groupby
from operator import attrgetter

from dashboard import labels
from dashboard.labels import t
from dashboard.views.records import (
    CheckGroup,
    CheckRow,
    FigureRow,
    FormTableView,
    Fragment,
    HeadCell,
    IndicatorRow,
    IndicatorTable,
    PlaceRef,
    ReplyView,
    SourcePart,
    ValueCell,
    YearTable,
)
from dashboard.views.sentences import check_label
from dashboard.views.source import blocks

_ODD = re.compile("[&<>\"']")
# What leads from a result to its rule, or to another report.
Link = Callable[[str, str], str]


def escaped(text: str) -> str:
    """A text as it stands in a page, between quotes too."""
    return html.escape(text) if _ODD.search(text) else text


def tables(found: Iterable[FormTableView], lang: str) -> str:
    """The tables of the official form, under the names of their sections."""
    return "".join(
        f"<h3>{escaped(_section(section, lang))}</h3>\n"
        f'<div class="gr-forms">{"".join(drawn)}</div>\n'
        for section, drawn in _by_section(found, lang)
    )


def _by_section(found: Iterable[FormTableView], lang: str) -> Iterable[tuple[str, list[str]]]:
    for section, some in groupby(found, attrgetter("section")):
        mine = list(some)
        yield section, [_table(table, lang, titled=len(mine) > 1) for table in mine]


@lru_cache(maxsize=256)
def _section(code: str, lang: str) -> str:
    return labels.section_label(None, code, lang)


def _table(table: FormTableView, lang: str, *, titled: bool) -> str:
    label = escaped(table.label)
    columns = len(table.rows[0].cells) if table.rows else 0
    wide = " gr-wide" if columns > 4 else ""
    title = f"<h4>{label}</h4>" if titled else ""
    begin = f'<section class="gr-box{wide}" aria-label="{label}">{title}'
    if not table.present:
        absent = escaped(t("site.report.not_in_report", lang))
        return f'{begin}<p class="gr-caption">{absent}</p></section>\n'
    rows = [
        f"<tr{_TOTAL if row.kind == 'total' else ''}>{_heads(row.heads)}"
        f"{''.join([_value(cell, lang) for cell in row.cells])}</tr>\n"
        for row in table.rows
    ]
    return (
        f'{begin}<div class="gr-scroll" role="group" aria-label="{label}" tabindex="0">'
        f'<table class="gr-form stub-{table.stub} cols-{columns}">'
        f'<caption class="gr-visually-hidden">{label}</caption>'
        f"{_header(table.header, table.stub)}<tbody>\n{''.join(rows)}</tbody></table></div>"
        f"{_counts(table.counts, lang)}</section>\n"
    )


_TOTAL = ' class="total"'


def _counts(counts: Sequence[tuple[str, str, int]], lang: str) -> str:
    if len(counts) == 1 and counts[0][0] == "reported":
        return ""
    # What stands for the word in the cells themselves.
    signs = {"unreadable": f"{escaped(t('signs.doubt', lang))} "}
    said = " · ".join(
        f"{signs.get(state, '')}{escaped(label)} {labels.number(count)}"
        for state, label, count in counts
    )
    return f'<p class="gr-caption">{said}</p>'


@lru_cache(maxsize=512)
def _header(header: tuple[tuple[HeadCell, ...], ...], stub: int) -> str:
    corner = header[0][0] if stub and header and header[0] else None
    lines = [
        "".join(
            f'<th{_spans(head)} scope="{head.scope}"{_CORNER if head is corner else ""}>'
            f"{escaped(head.text)}</th>"
            for head in line
        )
        for line in header
    ]
    return "<thead>" + "".join(f"<tr>{line}</tr>" for line in lines) + "</thead>"


_CORNER = ' class="corner"'


@lru_cache(maxsize=1 << 14)
def _heads(heads: tuple[HeadCell, ...]) -> str:
    return "".join(_head(head, last=head is heads[-1]) for head in heads)


def _head(head: HeadCell, *, last: bool) -> str:
    if head.upright:
        kind, text = "upright", f"<span>{escaped(head.text)}</span>"
    else:
        listed = f"listed in-{head.indent}" if head.indent is not None else ""
        kind, text = listed or ("leaf" if last else "group"), escaped(head.text)
    return f'<th scope="{head.scope}"{_spans(head)} class="{kind}">{text}</th>'


def _spans(head: HeadCell) -> str:
    columns = f' colspan="{head.colspan}"' if head.colspan > 1 else ""
    return columns + (f' rowspan="{head.rowspan}"' if head.rowspan > 1 else "")


def _value(cell: ValueCell, lang: str) -> str:
    if cell.state == "reported" and not (
        cell.severity or cell.doubts or cell.reading or cell.correction
    ):
        # Nearly every cell.
        return f'<td id="{cell.cell_id}">{_linked(escaped(cell.text), cell)}</td>'
    return _odd_value(cell, lang)


def _linked(shown: str, cell: ValueCell) -> str:
    if cell.place is None:
        return f"<span>{shown}</span>"
    return f'<a href="#{cell.place.anchor}">{shown}</a>'


def _odd_value(cell: ValueCell, lang: str) -> str:
    failing = f" failing {cell.severity}" if cell.severity else ""
    state = f'<small class="state {cell.state}">{escaped(cell.state_label)}</small>'
    if cell.state == "reported":
        shown = escaped(cell.text)
    elif cell.text == cell.state_label:
        shown = state
    else:
        shown = f"{escaped(cell.text)} {state}"
    shown += _failing(cell, lang) + _doubts(cell, lang)
    shown = _linked(shown, cell)
    read = f'<small class="read">{escaped(cell.reading)}</small>' if cell.reading else ""
    right = _corrected(cell, lang)
    return f'<td id="{cell.cell_id}" class="{cell.state}{failing}">{shown}{right}{read}</td>'


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
    return (
        f'<small class="sign" title="{said}"><span aria-hidden="true"> {sign}</span>'
        f'<span class="gr-visually-hidden"> {said}</span></small>'
    )


def _doubts(cell: ValueCell, lang: str) -> str:
    if not cell.doubts:
        return ""
    said = escaped(f"{t('site.report.doubtful', lang)}: {' '.join(cell.doubts)}")
    sign = escaped(t("signs.doubt", lang))
    return (
        f'<small aria-hidden="true"> {sign}</small><span class="gr-visually-hidden"> {said}</span>'
    )


def results(groups: Iterable[CheckGroup], link: Link, lang: str) -> str:
    """What was checked: failures one by one, what passed or couldn't be judged by its rule."""
    drawn = []
    for group in groups:
        if group.rows:
            failed = group.outcome == "fail"
            head = f"{_tag(group.outcome, group.sign, group.label)} {len(group.rows)}"
            if failed:
                items = "".join([_failure(row, link, lang) for row in group.rows])
            else:
                items = "".join([_rule(rows, link, lang) for rows in _by_rule(group.rows)])
            kind = "results" if failed else "results plainly"
            drawn.append(
                f"<details{' open' if failed else ''}><summary>{head}</summary>\n"
                f'<ul class="{kind}">\n{items}</ul></details>\n'
            )
    return "".join(drawn)


def _by_rule(rows: Iterable[CheckRow]) -> Iterable[list[CheckRow]]:
    found: dict[str, list[CheckRow]] = {}
    for row in rows:
        found.setdefault(row.check, []).append(row)
    return found.values()


def _failure(row: CheckRow, link: Link, lang: str) -> str:
    said = f"<p>{escaped(row.sentence)}{_where(row, link, lang)}</p>"
    tag = _tag(row.severity, row.sign, row.severity_label)
    anchor, cite = escaped(row.anchor), escaped(t("remarks.cite", lang))
    rule = f'{_to_rule(row, link)} <a class="cite" href="#{anchor}">{cite}</a>'
    replies = "".join([_reply(one, lang) for one in row.replies])
    return f'<li id="{anchor}">{tag}\n<div>{said}<p class="rule">{rule}</p>{replies}</div></li>\n'


def _reply(one: ReplyView, lang: str) -> str:
    """As `pieces/remarks.html` has it."""
    sign, word = escaped(t("remarks.reply_sign", lang)), escaped(t("remarks.reply_said", lang))
    tag = f'<span class="gr-tag doubt"><span aria-hidden="true">{sign}</span> {word}</span>'
    web = ""
    if one.url:
        told = escaped(t("remarks.link", lang))
        rel = "noopener noreferrer external"
        web = f' · <a href="{escaped(one.url)}" rel="{rel}">{told}</a>'
    day = f" · {one.date}" if one.date else ""
    return f'<p class="gr-remark">{tag} <q>{escaped(one.text)}</q>{web}{day}</p>'


def _rule(rows: Sequence[CheckRow], link: Link, lang: str) -> str:
    """A rule's results: why they couldn't be judged; of what passed, as asked, where it stands."""
    head = _to_rule(rows[0], link)
    if rows[0].outcome == "skip":
        said: dict[str, str] = {}
        for row in rows:
            said[row.sentence] = said.get(row.sentence, "") + _where(row, link, lang)
        reasons = "".join([f"<p>{escaped(reason)}{where}</p>" for reason, where in said.items()])
        return f'<li><p class="rule">{head}</p>{reasons}</li>\n'
    count = f" {len(rows)}" if len(rows) > 1 else ""
    places = "".join([_where(row, link, lang) or f" {escaped(row.sentence)}" for row in rows])
    return f'<li><p class="rule">{head}{count}{places}</p></li>\n'


def _to_rule(row: CheckRow, link: Link) -> str:
    return f'<a href="{link("rule", row.check)}">{escaped(row.label)}</a>'


def years(table: YearTable, lang: str) -> str:
    """An agency's key figures, year beside year."""
    heads = "".join([f'<th scope="col" class="num">{year}</th>' for year in table.years])
    rows = "".join([_figure(row, lang) for row in table.rows])
    figure, change = t("site.report.figure", lang), t("site.report.change", lang)
    head = (
        f'<tr><th scope="col">{escaped(figure)}</th>{heads}'
        f'<th scope="col">{escaped(change)}</th></tr>'
    )
    return _figures(t("site.report.years", lang), head, rows, table.notes)


def _figures(title: str, head: str, rows: str, notes: Iterable[str]) -> str:
    title = escaped(title)
    said = "".join([f'<p class="note">{escaped(note)}</p>\n' for note in notes])
    return (
        f'<div class="scroll" role="group" aria-label="{title}" tabindex="0">'
        f'<table class="plain figures sticky"><caption class="vh">{title}</caption>'
        f"<thead>{head}</thead><tbody>\n{rows}</tbody></table></div>\n{said}"
    )


def _figure(row: FigureRow, lang: str) -> str:
    cells = []
    for cell in row.cells:
        broken = cell.year in row.breaks
        kind = f"num{' brk' if broken else ''}{'' if cell.known else ' unknown'}"
        told = escaped(t("site.report.break", lang)) if broken else ""
        aside = f'<span class="vh"> {told}</span>' if broken else ""
        cells.append(f'<td class="{kind}">{escaped(cell.text)}{aside}</td>')
    about = f"{escaped(row.label)}<small>{escaped(row.unit)} · {escaped(row.note)}</small>"
    change = escaped(row.change)
    return f'<tr><th scope="row">{about}</th>{"".join(cells)}<td>{change}</td></tr>\n'


def indicators(table: IndicatorTable, lang: str) -> str:
    """A report's indicators, each with what it was divided by; what each means stands elsewhere."""
    title = t("indicators.title", lang)
    drawn: list[str] = []
    for rows in table.groups:
        heads = "".join([f'<th scope="col" class="num">{year}</th>' for year in table.years])
        head = f'<tr><th scope="col">{escaped(t("indicators.indicator", lang))}</th>{heads}</tr>'
        body = "".join([_indicator(row, lang) for row in rows])
        one = _figures(title, head, body, ())
        if drawn:
            more = escaped(t("indicators.more", lang, n=len(rows)))
            one = f"<details><summary>{more}</summary>\n{one}</details>\n"
        drawn.append(one)
    return "".join(drawn) + "".join([f'<p class="note">{escaped(n)}</p>\n' for n in table.notes])


def _indicator(row: IndicatorRow, lang: str) -> str:
    cells = []
    for cell in row.cells:
        kind = "num" if cell.value is not None else "num unknown"
        zero = escaped(t("indicators.assumed_mark", lang)) if cell.assumed_zero else ""
        parts = f"<small>{escaped(cell.parts)}</small>" if cell.parts else ""
        cells.append(f'<td class="{kind}">{escaped(cell.text)}{zero}{parts}</td>')
    return f'<tr><th scope="row">{escaped(row.label)}</th>{"".join(cells)}</tr>\n'


def _tag(level: str, sign: str, word: str) -> str:
    return (
        f'<span class="gr-tag {level}"><span aria-hidden="true">{escaped(sign)}</span> '
        f"{escaped(word)}</span>"
    )


def _where(row: CheckRow, link: Link, lang: str) -> str:
    where = ""
    if row.place:
        where = to_source(row.place)
    elif row.cells:
        cell = escaped(t("site.to_cell", lang))
        where = f' <a class="src-link" href="#{row.cells[0]}">{cell}</a>'
    if row.other:
        where += f' <a href="{link("report", row.other)}">{escaped(t("card.other", lang))}</a>'
    return where


def to_source(place: PlaceRef | None) -> str:
    """A link to a place in the source, by its name; nothing where there is none."""
    if place is None:
        return ""
    return f' <a class="src-link" href="#{place.anchor}">{escaped(place.label)}</a>'


def source(parts: Iterable[SourcePart]) -> str:
    """The source as it was read, every place marked; of no language."""
    drawn = []
    for grid, rows in blocks(parts):
        if grid is None:
            lines = "".join([_line(part) for row in rows for part in row])
            drawn.append(f'<ol class="gr-lines">\n{lines}</ol>\n')
        else:
            cells = "".join(
                [f"<tr>{''.join([_cell(part) for part in row])}</tr>\n" for row in rows]
            )
            table = f'<table class="gr-grid"><tbody>\n{cells}</tbody></table>'
            drawn.append(f'<div class="gr-scroll">{table}</div>\n')
    return "".join(drawn)


def _line(part: SourcePart) -> str:
    blank = "" if part.text.strip() else ' class="blank"'
    return (
        f'<li id="{part.anchor}"{blank}><span aria-hidden="true">{part.number}</span>'
        f'<span class="gr-text">{_fragments(part.fragments)}</span></li>\n'
    )


def _cell(part: SourcePart) -> str:
    columns = f' colspan="{part.colspan}"' if part.colspan > 1 else ""
    rows = f' rowspan="{part.rowspan}"' if part.rowspan > 1 else ""
    return f'<td id="{part.anchor}"{columns}{rows}>{_fragments(part.fragments)}</td>'


def _fragments(found: Sequence[Fragment]) -> str:
    return "".join([_fragment(piece) for piece in found])


def _fragment(piece: Fragment) -> str:
    inner = _fragments(piece.inner) if piece.inner else ""
    if not piece.anchors:
        return escaped(piece.text) + inner
    empty = "" if piece.text or inner else ' class="empty"'
    if piece.cell_id and not inner:
        text = f'<a href="#{piece.cell_id}">{escaped(piece.text) or "□"}</a>'
    else:
        text = escaped(piece.text) + inner
    marks = "".join([f'<mark id="{anchor}"{empty}>' for anchor in piece.anchors])
    return f"{marks}{text}{'</mark>' * len(piece.anchors)}"
