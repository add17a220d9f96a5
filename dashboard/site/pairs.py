"""Two reports' official form in, the blocks of their comparison out as text.

Put together by hand, as `pieces/compare.html` draws it for the app; see `blocks`.
"""

from __future__ import annotations

from dashboard.labels import t
from dashboard.site.blocks import bare, escaped, frame, heads_of
from dashboard.views.records import FormPair, PairCell, PairTable


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
