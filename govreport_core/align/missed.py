"""An alignment and all lines in, doubts about tables that are printed but weren't found out.

Where a table's own words stand in the text, in whatever shape, its rows aren't
absent: we failed to read them.
"""

from __future__ import annotations

from collections.abc import Iterable

from govreport_core.align.gathering import Gathering
from govreport_core.align.lines import Line
from govreport_core.align.vocabulary import TableWords, Vocabulary, vocabulary
from govreport_core.folding import squash
from govreport_core.forms import Row

# A label this long stands in tables only; of shorter ones it takes several, as prose
# uses them too. Among a table's own lines any will do.
_LONG = 9
_SHORT = 4
_LEAST = 3


def doubt_missed(lines: list[Line], glued: Iterable[int], gathered: Gathering) -> None:
    """Doubt each table that lacks rows though some of their words are printed.

    Called once all tables are aligned.

    Args:
        lines: The document's.
        glued: The numbers of lines that hold glued tables.
        gathered: The alignment so far; its tables in doubt are added to.
    """
    words = vocabulary(gathered.form_id)
    lacking = {
        code: gone
        for code, table in words.tables.items()
        if code not in gathered.unplaced and (gone := missing_rows(table, gathered))
    }
    if not lacking:
        return
    text = _text_of(lines)
    among = _text_of([lines[number] for number in sorted({*gathered.consumed, *glued})])
    for code, gone in lacking.items():
        own = _own_words(words, code, {row.code for row in gone}, code not in gathered.seen)
        beside = [word for word in own if word in among]
        printed = [word for word in own if len(word) >= _SHORT and word in text]
        if beside or len(printed) >= _LEAST or any(len(word) >= _LONG for word in printed):
            gathered.unplaced.add(code)
            gathered.doubt("row_unplaced", table=code, text="、".join((beside or printed)[:_LEAST]))


def _text_of(lines: list[Line]) -> str:
    return squash("".join(cell.text for line in lines for cell in line.cells))


def missing_rows(words: TableWords, gathered: Gathering) -> list[Row]:
    """The rows that have no cells, nor has a group's one row in their place."""
    code = words.table.code
    gone = [row for row in words.value_rows if (code, row.code) not in gathered.cells]
    if not gone:
        return gone
    parents = {row.code: row.parent for row in words.table.rows}

    def is_there(row: str | None) -> bool:
        return row is not None and ((code, row) in gathered.cells or is_there(parents[row]))

    return [row for row in gone if not is_there(row.parent)]


def _own_words(words: Vocabulary, code: str, rows: set[str], whole: bool) -> list[str]:
    """Labels of a table's rows, and of its columns where all of it is missing.

    None of them stands within a label of another row or column of the form.
    """
    printed: dict[str, set[tuple[str, str]]] = {}
    for name, table in words.tables.items():
        for label, (row, _) in table.rows.items():
            printed.setdefault(label, set()).add((name, row))
        for label, column in table.columns.items():
            printed.setdefault(label, set()).add((name, column))
    mine = {(code, row) for row in rows}
    if whole:
        mine |= {(code, column) for column in words.tables[code].columns.values()}
    return [
        word
        for word, places in printed.items()
        if places <= mine and not any(word in label and at - mine for label, at in printed.items())
    ]
