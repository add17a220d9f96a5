"""Labels of plain lines in, those marked doubtful whose figures a converter may have torn.

A page's marks within words and figures come out as spaces where a converter puts one
for each. A row with as many figures as columns may then have one torn and another blank.
Figures too long for their cells go on below: a piece of one that ends or begins within its
thousands says so, and then what looks like a row may be all ends. A year that a converter took
out of its sentence looks like a figure. A converter that guesses where a table's columns are
shows it by two figures in one cell, by two columns in one, or by figures beyond the header's
last column.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise, takewhile
from typing import NamedTuple

from govreport_core.align.gathering import Gathering
from govreport_core.align.lines import MAX_TABLE_LINE, Line
from govreport_core.align.tables.headers import begun_by
from govreport_core.align.tables.items import Label, Stretch, Values, Words
from govreport_core.align.tables.places import Places
from govreport_core.align.vocabulary import key, vocabulary
from govreport_core.folding import fold, squash
from govreport_core.model import Layout

# People put spaces into shorter words, and beside marks.
_LONG = 4
_LONGEST = 60  # characters of a line that is a label
_WITHIN = re.compile(r"[^\W\d] [^\W\d]")
# A figure with commas, and one whose commas stand where those of thousands do.
_COMMAS = re.compile(r"\d*,[\d,]*")
# So many figures of one length on a line, so long at least; their ends stand so near below.
# Pieces of a label, so short, may stand between.
_SEVERAL, _CUT, _NEAR, _PIECE = 3, 5, 2, 8
_TWO = re.compile(r"\d+(?: +\d+)+")
_YEAR = re.compile(r"(?:19|20)\d\d")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+")


def doubt_torn(stretches: Sequence[Stretch], lines: Iterable[Line], gathered: Gathering) -> None:
    """Doubt rows: all where a plain line has a piece of a figure, else where a label is torn.

    Where it is a label, some row must have blanks, and plain lines with their figures beside
    their label are doubted. Padded rows are, all of them, where their columns are guessed; those
    with blanks, where full ones stand aside of the header or on plain lines.

    Args:
        stretches: Those of the region; their labels' `doubtful` is set.
        lines: All lines of the region.
        gathered: Says which form it is.
    """
    labels = [i for s in stretches for i in s.items if isinstance(i, Label)]
    lines = list(lines)
    figures = cuts_figures(lines)
    words = any(map(_is_torn, labels)) and any(_is_short(x, gathered) for x in labels)
    over = gathered.torn or any(_is_over(s, gathered) for s in stretches)
    padded = list(_padded(stretches, gathered))
    guessed = any(
        _is_guessed(line, gathered.form_id) for line in lines if line.layout is Layout.PADDED
    ) or any(map(_is_off, padded))
    aside = guessed or _is_mixed(labels) or any(_is_beyond(some, full=True) for some in padded)
    for label in labels if figures or words or over or aside else ():
        beside = label.layout is None and bool(label.values)
        columns = vocabulary(gathered.form_id).tables[label.match.table].width
        wide = label.layout is None and columns > 1
        label.doubtful |= figures or (words and beside) or (over and wide)
        blanks = sum(bool(c.text) for c in label.values or ()) < columns
        label.doubtful |= label.layout is Layout.PADDED and (guessed or (aside and blanks))
    for label in _below_years(stretches):
        label.doubtful = True


def cuts_figures(lines: Sequence[Line]) -> bool:
    """Whether a line has a piece of a figure, or plain ends of figures stand below them."""
    plain = ["" if line.layout is not None else line.cells[0].text for line in lines]
    return _tear([cell.text for line in lines for cell in line.cells]) or _wraps(plain)


def are_torn(lines: Iterable[Line], form_id: str) -> bool:
    """Whether an official label stands in two pieces on plain lines, the first the short one.

    Where a cell's width has cut it, its first piece is the longest.
    """
    labels = _labels(form_id)
    before = ""
    for line in lines:
        text = line.cells[0].text if line.layout is None else ""
        # A figure is no piece of a label.
        if not text or text.isdigit() or (len(text) > _LONGEST and len(text.strip()) > _LONGEST):
            before = ""
            continue
        pieces = text.split()
        if len(pieces) > 1:
            first, before = pieces[0], ""
            rest = "".join(pieces[1:]) if 3 * len(first) < len(text) else ""
        else:
            first, rest = before, "".join(pieces)
            before = rest
        if first and 2 * len(first) <= len(rest) and _is_label_of(first, rest, labels):
            return True
    return False


def _below_years(stretches: Sequence[Stretch]) -> Iterable[Label]:
    """Labels whose only figure stands above them, no label before it, and may be a year."""
    for stretch in stretches:
        before: object = None
        for here, after in pairwise(stretch.items):
            first = isinstance(here, Values) and not isinstance(before, Label | Values)
            if first and _is_year(here) and isinstance(after, Label) and after.values is None:
                yield after
            before = here


def _is_year(item: Label | Values | Words) -> bool:
    cells = item.cells if isinstance(item, Values) else ()
    return len(cells) == 1 and _YEAR.fullmatch(fold(cells[0].text)) is not None


def _is_label_of(first: str, rest: str, labels: frozenset[str]) -> bool:
    if first.isdigit() or rest.isascii():
        return False
    return bool(key(first)) and key(first + rest) in labels


@lru_cache
def _labels(form_id: str) -> frozenset[str]:
    """The long labels of a form's tables."""
    words = vocabulary(form_id)
    every = words.item.union(*(set(t.columns) | set(t.rows) for t in words.tables.values()))
    return frozenset(label for label in every if len(label) >= _LONG)


def _is_over(stretch: Stretch, gathered: Gathering) -> bool:
    """Whether beside some labels, not all, stand more figures than columns: one torn by a space."""
    tables = vocabulary(gathered.form_id).tables
    over = {
        len(item.values) > tables[item.match.table].width
        for item in stretch.items
        if isinstance(item, Label) and item.layout is None and item.values
        if tables[item.match.table].width > 1
    }
    return over == {True, False}


def _is_guessed(line: Line, form_id: str) -> bool:
    """Whether cells of a padded row hold two figures, or begin two columns' labels."""
    texts = [cell.text for cell in line.cells]
    # Mostly no cell has a space within.
    if len("|".join(texts).split(None, 1)) < 2:
        return False
    return _has_two_in_a_cell(texts) or _begins_two(texts, form_id)


def _has_two_in_a_cell(texts: list[str]) -> bool:
    """Whether a cell of a padded row holds two whole figures, while another is blank."""
    begins = next((i for i, text in enumerate(texts) if text), len(texts))
    return not all(texts[begins:]) and any(
        _TWO.fullmatch(fold(text)) is not None for text in texts if " " in text
    )


def _begins_two(texts: list[str], form_id: str) -> bool:
    """Whether a cell of a padded row is where two columns' labels begin: 商业企 科研机."""
    begun = ([begun_by(form_id, piece) for piece in text.split()] for text in texts)
    return any(
        (table, column + 1) in two
        for some in begun
        for one, two in pairwise(some)
        for table, column in one
    )


def _is_mixed(labels: Iterable[Label]) -> bool:
    """Whether of a table's rows with figures some are padded and some plain lines."""
    figured = {(x.match.table, x.layout) for x in labels if len(x.values or ()) > 1}
    return any((table, Layout.PADDED) in figured for table, layout in figured if layout is None)


class _Padded(NamedTuple):
    """A stretch's padded rows, and where the header above them has what."""

    labels: list[Label]
    header: Places


def _padded(stretches: Sequence[Stretch], gathered: Gathering) -> Iterator[_Padded]:
    """Those of the stretches that have both."""
    for stretch in stretches:
        labels = [i for i in stretch.items if isinstance(i, Label) and i.layout is Layout.PADDED]
        if labels and stretch.header_rows:
            yield _Padded(labels, stretch.places_in(gathered.form_id, labels[0].match.table))


def _is_off(some: _Padded) -> bool:
    """Whether the header has two columns in one, or a row with blanks a figure beyond the last."""
    return some.header.collide or _is_beyond(some, full=False)


def _is_beyond(some: _Padded, *, full: bool) -> bool:
    """Whether a row, full or with blanks, has a figure beyond the header's last column."""
    if some.header.positions is None:
        return False
    width, positions = some.header.positions
    for label in some.labels:
        values = label.values or ()
        beyond = values[max(0, len(values) + positions[-1] + 1 - width) :]
        if (
            label.width == width
            and any(c.text for c in beyond)
            and full is (sum(bool(c.text) for c in values) >= len(positions))
        ):
            return True
    return False


def _tear(texts: list[str]) -> bool:
    """Whether a piece of a figure stands in one of these texts, cut within its thousands."""
    together = "\n".join(texts)
    if "," not in together and "，" not in together:
        return False
    return any(_tears(text) for text in texts if "," in text or "，" in text)


def _tears(text: str) -> bool:
    return any(
        _COMMAS.fullmatch(piece) is not None
        and any(map(str.isdigit, piece))
        and _THOUSANDS.fullmatch(piece) is None
        for piece in fold(text).split()
    )


def _wraps(texts: Iterable[str]) -> bool:
    """Whether figures as long as each other stand above shorter ones alone: their ends.

    Cells as narrow as that cut all their long figures at the same place.

    Args:
        texts: The plain lines'; empty for a row of a table.
    """
    since, cut = _NEAR + 1, 0
    for text in texts:
        if since > _NEAR and (len(text) < _SEVERAL * _CUT or not _may_end_in_figures(text)):
            continue  # neither a line of long figures nor below one
        printed = fold(text).split()
        ends = list(takewhile(str.isdigit, reversed(printed)))
        if len(ends) >= _SEVERAL and len(set(map(len, ends))) == 1 and len(ends[0]) >= _CUT:
            since, cut = 0, len(ends[0])
            continue
        since += bool(ends) or len(text) > _PIECE
        rest = len(ends) == len(printed) > 1 and max(map(len, ends)) < cut
        if rest and since <= _NEAR:
            return True
    return False


def _may_end_in_figures(text: str) -> bool:
    """Whether several long figures may stand at a line's end."""
    if len(text) > MAX_TABLE_LINE:
        return True
    return squash(text)[-1:].isdigit() and len(fold(text).rsplit(None, 1)[-1]) >= _CUT


def _is_torn(label: Label) -> bool:
    """Whether a space stands within a label's words, its figures beside it on the line."""
    if label.layout is not None or not label.values or len(key(label.text)) < _LONG:
        return False
    whole = label.match.how in ("exact", "alias")
    return whole and _WITHIN.search(label.text) is not None


def _is_short(label: Label, gathered: Gathering) -> bool:
    """Whether fewer figures than columns stand beside a row's label."""
    words = vocabulary(gathered.form_id).tables[label.match.table]
    row = label.match.code not in words.groups and label.added is None
    return row and label.layout is None and len(label.values or ()) < words.width
