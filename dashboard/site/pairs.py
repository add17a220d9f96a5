"""Two reports' official form, or their sentences, in; the blocks of their comparison out as text.

Put together by hand, as `pieces/compare.html` and `pieces/sides.html` draw them for the app; see
`blocks`. What a run of lines, or both texts, share is said once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from dashboard.labels import t
from dashboard.site.blocks import bare, escaped, frame, heads_of
from dashboard.views.records import (
    FormPair,
    PairCell,
    PairTable,
    SideLine,
    Sides,
    SideSection,
)
from govreport_core.search import Piece


def form_tables(pair: FormPair, lang: str) -> str:
    """The tables of the later form, each cell with both numbers where they aren't the same."""
    note = escaped(t("compare.form.note", lang))
    return f"<p class=gr-caption>{note}</p>" + "".join([_table(one) for one in pair.tables])


def _table(table: PairTable) -> str:
    columns = len(table.rows[0].cells)
    begin, end = frame(table.label, table.stub, columns, table.header, titled=True, kind="gr-pair ")
    rows = "".join(
        [
            f"<tr{' class=total' if row.kind == 'total' else ''}>{heads_of(row.heads)}"
            f"{''.join([_cell(cell) for cell in row.cells])}"
            for row in table.rows
        ]
    )
    return f"{begin}{rows}{end}\n"


def _cell(one: PairCell) -> str:
    if one.mark == "same":
        return f"<td>{escaped(one.second)}"
    first, second, sign = escaped(one.first), escaped(one.second), escaped(one.sign)
    if one.mark == "changed":
        how = f"{sign} {escaped(one.difference)}".strip()
        return f"<td><del>{first}</del> → <ins>{second}</ins><b>{how}</b>"
    arrow = " → " if first and second else ""
    return f"<td class={bare(one.mark)}>{first}{arrow}{second}<small>{sign}</small>"


def sides(view: Sides, tag: str) -> str:
    """Two texts side by side, section by section.

    Args:
        view: Both, line by line.
        tag: The language of the page; the texts are in Chinese.
    """
    names = "".join(
        [f"<span>{escaped(name)}</span>" for name in (view.first_name, view.second_name)]
    )
    head = f"<div class=gr-sides-head aria-hidden=true><span></span>{names}</div>\n"
    there = any(one.lines for one in view.sections)
    return (head if there else "") + "".join([_section(one, tag) for one in view.sections])


def _section(one: SideSection, tag: str) -> str:
    said = [" · ".join(one.counts)] if one.counts else []
    notes = [f"<p class=gr-caption>{escaped(note)}</p>" for note in (*said, one.note) if note]
    head = f"<h3 class=gr-h>{escaped(one.label)}</h3>\n{''.join(notes)}"
    if not one.lines:
        return head
    texts, words = ("", "") if tag == _TEXTS else (f" lang={_TEXTS}", f" lang={tag}")
    runs = groupby(one.lines, lambda line: (line.kind, line.note))
    lines = "".join([_run(list(some), words) for _, some in runs])
    return f"{head}<ol class=gr-sides{texts}>{lines}</ol>\n"


_TEXTS = "zh-CN"


def _run(lines: Sequence[SideLine], words: str) -> str:
    """Lines that are of one kind: one below the other, or a pair each of changed ones."""
    if lines[0].kind == "changed":
        return "".join([_item(line, _both(line), words) for line in lines])
    return _item(lines[0], "".join([_one(line) for line in lines]), words)


def _item(line: SideLine, texts: str, words: str) -> str:
    note = f" · {escaped(line.note)}" if line.note else ""
    told = f"<i{words}>{line.sign} {escaped(line.label)}{note}</i>"
    return f"<li class={line.kind}>{told}{texts}"


def _both(line: SideLine) -> str:
    return f"<p>{_words(line.first, 'del')}<p class=other>{_words(line.second, 'ins')}"


def _one(line: SideLine) -> str:
    if line.kind == "new":
        return f"<p>{_words(line.second, 'ins')}"
    return f"<p>{_words(line.first, 'b' if line.kind == 'kept' else 'del')}"


def _words(pieces: Iterable[Piece], tag: str) -> str:
    return "".join(
        [
            f"<{tag}>{escaped(piece.text)}</{tag}>" if piece.marked else escaped(piece.text)
            for piece in pieces
        ]
    )
