"""Lines in, the official form they print out: the one that explains the most of their labels."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property, lru_cache
from itertools import combinations, groupby

import msgspec

from govreport_core.align.draft import first_cell
from govreport_core.align.entries import label_rows
from govreport_core.align.indicators import Indicators, indicators
from govreport_core.align.lines import MAX_TABLE_LINE, Line
from govreport_core.align.telling import Wanted, telling
from govreport_core.align.vocabulary import key
from govreport_core.folding import Squashed, fold, squash
from govreport_core.forms import forms
from govreport_core.model import Cell, Diagnostic, Level
from govreport_core.numerals import looks_like_value

# The header cell above the row labels of table 2, in every form.
_ITEM = "信息内容"
# Rows of a list that must be there beneath its header, and without one.
_WITH_HEADER = 10
_BY_ROWS_ALONE = 18
# Lines of its own that a form may lack and still be found by what another lacks.
_MAY_LACK = 2
# A plain line of a header has no longer pieces than that; a label broken over its lines must
# stand among so many others.
_HEADING_PIECE = 9
_AMONG = 2
_SENTENCE = re.compile("[。；！？]")


class FoundForm(msgspec.Struct, frozen=True):
    """The form found, the printed words that show it, and what was odd."""

    id: str | None
    witness: str | None
    at: Cell | None
    signs: tuple[Diagnostic, ...]


class Printed:
    """What a document prints of the labels that tell forms apart.

    Attributes:
        text: Its cells and lines, squashed; sentences left out.
    """

    def __init__(self, lines: list[Line]) -> None:
        self._lines = lines
        self.text = "".join(
            [
                _words(cell.text)
                for line in lines
                for cell in line.cells
                if cell.text and (line.layout is not None or not _is_sentence(cell.text))
            ]
        )

    @cached_property
    def columns(self) -> frozenset[str]:
        """Labels of columns."""
        wanted = telling().columns
        return frozenset(_within(self.text, wanted)).union(_headers(self._lines, wanted))

    @cached_property
    def rows(self) -> frozenset[str]:
        """Labels of rows."""
        wanted = telling().rows
        return frozenset(_within(self.text, wanted)).union(_filled_rows(self._lines, wanted))


def recognise(lines: list[Line]) -> FoundForm:
    """The form that explains the most printed labels and lacks the fewest; never by the year.

    Forms are held against each other two by two, by the labels that only one of
    the two has: columns, or else rows. The form found is the one that wins over
    every other, and that prints something by which it is told. Where two have
    labels printed that the other doesn't explain, the one with clearly more of them
    wins, with a doubt; else no form is found.
    """
    printed = Printed(lines)
    for form in telling().order:
        rivals = [other for other in telling().order if other != form]
        if all(_wins(form, other, printed) for other in rivals) and (
            witness := _witness(form, printed)
        ):
            return FoundForm(form, witness, _place(lines, witness), _signs(form, rivals, printed))
    if any(_mixed(a, b, printed) for a, b in combinations(telling().order, 2)):
        return FoundForm(None, None, None, (Diagnostic(Level.DOUBT, "form_mixed"),))
    return _by_lists(lines) or FoundForm(
        None, None, None, (Diagnostic(Level.DOUBT, "form_unknown"),)
    )


def _counts(form: str, other: str, printed: Printed) -> tuple[int, int]:
    """How many labels are printed that only the one form has, and only the other."""
    mine, theirs = telling().apart[form, other], telling().apart[other, form]
    columns = len(printed.columns & mine.columns), len(printed.columns & theirs.columns)
    if any(columns):
        return columns
    return len(printed.rows & mine.rows), len(printed.rows & theirs.rows)


def _wins(form: str, other: str, printed: Printed) -> bool:
    """Whether a form explains the document better than another.

    Where nothing is printed that only one of them has, the one that lacks fewer
    lines wins: a form that only adds to its forerunner shows by what it adds, and a
    report without that is the forerunner's. Where they lack as many, it is the
    older: what is printed is all its own, and the newer would have to be taken on
    trust. But a form that lacks more than a line or two of its own is not found by
    what isn't there.
    """
    mine, theirs = _counts(form, other, printed)
    if mine or theirs:
        return mine >= 2 * theirs
    lacks, lacked = telling().alone[form, other], telling().alone[other, form]
    order = telling().order
    fewer = (lacks, order.index(form)) < (lacked, order.index(other))
    return fewer and lacks <= _MAY_LACK


def _mixed(form: str, other: str, printed: Printed) -> bool:
    mine, theirs = sorted(_counts(form, other, printed))
    return mine > 0 and theirs < 2 * mine


def _signs(form: str, rivals: list[str], printed: Printed) -> tuple[Diagnostic, ...]:
    found = []
    if not any(printed.columns & telling().apart[form, other].columns for other in rivals):
        found.append(Diagnostic(Level.NOTE, "form_by_rows"))
    if any(_counts(form, other, printed)[1] for other in rivals):
        found.append(Diagnostic(Level.DOUBT, "form_mixed"))
    return tuple(found)


def _witness(form: str, printed: Printed) -> str | None:
    """The longest label printed that tells a form from the nearest one, older ones first."""
    order = telling().order
    at = order.index(form)
    for other in (*reversed(order[:at]), *order[at + 1 :]):
        mine = telling().apart[form, other]
        if labels := (printed.columns & mine.columns) or (printed.rows & mine.rows):
            return max(sorted(labels), key=len)
    return None


def _within(text: str, wanted: Wanted) -> Iterator[str]:
    """The long labels that a text prints, other than as a piece of a longer one."""
    for label, longer in wanted.long:
        if label not in text:
            continue
        rest = text
        for other in longer:
            rest = rest.replace(other, "\n")
        if label in rest:
            yield label


def _headers(lines: list[Line], wanted: Wanted) -> Iterator[str]:
    """The short labels that stand in a header, among other columns' labels.

    A header is a run of lines without any figure; a plain one may break labels
    over several of them, side by side, but is no running text.
    """
    if not wanted.short:
        return
    for is_header, run in groupby(lines, key=_may_head):
        if not is_header:
            continue
        stretch = list(run)
        pieces = [piece for line in stretch for piece in _pieces(line)]
        plain = "".join([squash(line.text) for line in stretch if line.layout is None])
        yield from (label for label in wanted.short if _heads(label, pieces, plain, wanted))


def _heads(label: str, pieces: list[str], plain: str, wanted: Wanted) -> bool:
    others = wanted.known - {label}
    if label in pieces and not others.isdisjoint(pieces):
        return True
    broken = label in plain or _torn(label, pieces, wanted)
    return broken and sum(other in plain for other in others) >= _AMONG


def _torn(label: str, pieces: list[str], wanted: Wanted) -> bool:
    """Whether a label's two halves stand apart, as where a narrow header is read by height.

    A half that ends labels of all forms (机构) must be there once more than they need it.
    """
    common = wanted.known - wanted.short
    return any(
        all(
            pieces.count(half) > sum(other.endswith(half) for other in common)
            for half in (label[:at], label[at:])
        )
        for at in range(1, len(label))
    )


def _may_head(line: Line) -> bool:
    pieces = _pieces(line)
    if line.layout is None and any(len(piece) > _HEADING_PIECE for piece in pieces):
        return False
    return bool(pieces) and not any(map(looks_like_value, pieces))


def _filled_rows(lines: list[Line], wanted: Wanted) -> Iterator[str]:
    """The short labels with figures after them, on their line or on the next one."""
    if not wanted.short:
        return
    for at, line in enumerate(lines):
        here = _pieces(line)
        for label in wanted.short.intersection(here):
            after = here[here.index(label) + 1 :]
            if line.layout is None and not after and at + 1 < len(lines):
                after = _pieces(lines[at + 1])[:1]
            if any(map(looks_like_value, after)):
                yield label


def _pieces(line: Line) -> tuple[str, ...]:
    """A line's cells, or what a plain one prints between spaces, as labels are compared."""
    if line.layout is not None:
        return tuple([key(cell.text) for cell in line.cells if cell.text])
    text = line.cells[0].text
    if len(text) > MAX_TABLE_LINE:
        return ()
    return tuple([key(piece) or squash(piece) for piece in text.split()])


def _by_lists(lines: list[Line]) -> FoundForm | None:
    """The list with the most rows printed; the one that lacks fewer, then the older, of equals."""
    found = [
        (named, -len(table.value_rows), listed)
        for form in forms().values()
        for table in form.tables
        if table.listed
        for named, listed in _by_indicators(lines, form.id, table.code)
    ]
    return max(found, key=lambda one: one[:2])[2] if found else None


def _by_indicators(lines: list[Line], form_id: str, table: str) -> Iterator[tuple[int, FoundForm]]:
    """The form of a list, by its header and some of its rows, or by many of them; with how many.

    Its columns have names that any table may have, and lists before it had some
    of its rows.
    """
    words = indicators(form_id, table)
    header: Cell | None = None
    first: Cell | None = None
    rows: set[int] = set()
    for line in lines:
        named = label_rows(form_id, table, line)
        rows.update(named)
        first = first or (first_cell(line) if named else None)
        header = header or _header_cell(line, words)
    if len(rows) < (_WITH_HEADER if header else _BY_ROWS_ALONE):
        return
    signs = () if header else (Diagnostic(Level.NOTE, "form_by_rows"),)
    at = header or first
    yield len(rows), FoundForm(form_id, at.text if at else None, at, signs)


def _header_cell(line: Line, words: Indicators) -> Cell | None:
    """The cell, or the plain line, that names the column of the numbers."""
    if line.layout is None:
        cell = line.cells[0]
        return (
            cell if squash(cell.text.split()[-1]) in words.value and len(cell.text) < 40 else None
        )
    return next((c for c in line.cells if squash(c.text) in words.value), None)


@lru_cache(maxsize=8192)
def _words(text: str) -> str:
    """A cell's or line's text to look for columns in; prose has none."""
    if len(text) <= MAX_TABLE_LINE:
        return squash(text)
    return "".join(fold(text).split()) if _ITEM in text else ""


def _is_sentence(text: str) -> bool:
    """Whether a plain line is running text, that may speak of a column and print none."""
    return bool(_SENTENCE.search(text)) and _ITEM not in text


def _place(lines: list[Line], witness: str) -> Cell | None:
    for line in lines:
        for cell in line.cells:
            if not cell.text or witness[0] not in cell.text or witness not in _words(cell.text):
                continue
            if found := Squashed(cell.text).find(witness):
                start, end = (cell.start + at for at in found)
                return Cell(cell.text[found[0] : found[1]], cell.part, start, end)
    for line in lines:
        if line.layout is None and (printed := _words(line.cells[0].text)) and printed in witness:
            return first_cell(line)
    return None
