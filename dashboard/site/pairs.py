"""Two reports' official form, or their sentences, in; the blocks of their comparison out as text.

Put together by hand, as `pieces/compare.html` and `pieces/sides.html` draw them for the app; see
`blocks`.
"""

from __future__ import annotations

from collections.abc import Iterable

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
        both = f"<del>{first}</del><i> → </i><ins>{second}</ins>"
        return f"<td class=changed>{both}<small>{sign} {escaped(one.difference)}</small>"
    arrow = "<i> → </i>" if first and second else ""
    return f"<td class={bare(one.mark)}>{first}{arrow}{second}<small>{sign}</small>"


def sides(view: Sides, foreign: str) -> str:
    """Two texts side by side, section by section; `foreign` marks what is in Chinese."""
    return "".join([_section(one, view, foreign) for one in view.sections])


def _section(one: SideSection, view: Sides, foreign: str) -> str:
    said = [" · ".join(one.counts)] if one.counts else []
    notes = [f"<p class=gr-caption>{escaped(note)}</p>" for note in (*said, one.note) if note]
    head = f"<h3 class=gr-h>{escaped(one.label)}</h3>\n{''.join(notes)}"
    if not one.lines:
        return head
    names = "".join(
        [f"<span>{escaped(name)}</span>" for name in (view.first_name, view.second_name)]
    )
    lines = "".join([_line(line, foreign) for line in one.lines])
    return (
        f"{head}<div class=gr-sides-head aria-hidden=true><span></span>{names}</div>\n"
        f"<ol class=gr-sides>{lines}</ol>\n"
    )


def _line(line: SideLine, foreign: str) -> str:
    note = f" · {escaped(line.note)}" if line.note else ""
    kept = line.kind == "kept"
    first = f"<p{foreign}>{_words(line.first, 'b' if kept else 'del')}" if line.first else ""
    second = f"<p class=other{foreign}>{_words(line.second, 'ins')}" if line.second else ""
    return f"<li class={line.kind}><i>{line.sign} {escaped(line.label)}{note}</i>{first}{second}"


def _words(pieces: Iterable[Piece], tag: str) -> str:
    return "".join(
        [
            f"<{tag}>{escaped(piece.text)}</{tag}>" if piece.marked else escaped(piece.text)
            for piece in pieces
        ]
    )
