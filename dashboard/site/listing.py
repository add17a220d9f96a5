"""A report's source in, its listing on the card out as text: every line, every place marked.

A line's number is the list's own, a part is called by an id only where something on the page
leads to it as a whole, and the mark of a cell's number is the link back to the cell. Lines that
are one paragraph follow each other, each behind its number.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Any

from dashboard.site import addresses
from dashboard.site.blocks import escaped
from dashboard.views.records import Fragment, PlaceRef, ReportCard
from dashboard.views.source import Span, fragments, grid_of, number_of, part_anchor

_Marks = Mapping[str, Sequence[Span]]


def whole_parts(card: ReportCard) -> frozenset[str]:
    """The ids of the parts that a card leads to as a whole, but for those of its cells."""
    places: list[PlaceRef | None] = [row.place for row in (*card.doubts, *card.notes)]
    places += [*(row.place for row in card.sections), *(row.place for row in card.points)]
    places += [row.place for group in card.checks for row in group.rows]
    places += [row.place for fact in card.facts for row in fact.evidence]
    return frozenset(p.anchor for p in places if p is not None and p.anchor.startswith("p-"))


def listing(
    parts: Iterable[Mapping[str, Any]], spans: Iterable[Span], called: Set[str], on: Set[str]
) -> str:
    """The source as it was read, every place marked; of no language.

    Args:
        parts: Its rows of `parts`.
        spans: The places to be marked in them.
        called: The ids of those parts that something leads to as a whole.
        on: The parts that go on a paragraph which a part before them begins.
    """
    marks: dict[str, list[Span]] = {}
    for span in spans:
        marks.setdefault(span.part, []).append(span)
    ordered = sorted(parts, key=itemgetter("ordinal"))
    return "\n".join(
        _lines(some, marks, called, on) if grid is None else _grid(some, marks, called)
        for grid, run in groupby(ordered, grid_of)
        for some in [list(run)]
    )


def _grid(parts: Sequence[Mapping[str, Any]], marks: _Marks, called: Set[str]) -> str:
    # A row or column in which no cell begins is none.
    columns, lines = (frozenset(part[name] or 0 for part in parts) for name in ("col", "row"))
    rows = "".join(
        f"<tr>{''.join([_cell(part, columns, lines, marks, called) for part in row])}"
        for _, row in groupby(parts, itemgetter("row"))
    )
    return f"<div class=gr-scroll><table class=gr-grid>{rows}</table></div>"


def _lines(
    parts: Sequence[Mapping[str, Any]], marks: _Marks, called: Set[str], on: Set[str]
) -> str:
    """Lines one below the other; in a list of their own those that have no number."""
    drawn = []
    for known, some in groupby(parts, lambda part: number_of(part["part"]).isdecimal()):
        kind = "ol" if known else "ul"
        drawn.append(f"<{kind}>")
        last = listed = 0
        for part in some:
            number = int(number_of(part["part"])) if known else 0
            follows = number == last + 1
            last = number
            text = _text(part, marks)
            if known and follows and part["part"] in on:
                drawn.append(f"<i{_id(part, called)}>{text}</i>")
                continue
            # A list counts its items, not the lines within them.
            told = "" if number == listed + 1 or not known else f" value={number}"
            listed = number
            drawn.append(f"<li{told}{_id(part, called)}>{text}")
        drawn.append(f"</{kind}>")
    return "".join(drawn)


def _id(part: Mapping[str, Any], called: Set[str]) -> str:
    anchor = part_anchor(part["ordinal"])
    return f" id={anchor}" if anchor in called else ""


def _cell(
    part: Mapping[str, Any],
    columns: frozenset[int],
    lines: frozenset[int],
    marks: _Marks,
    called: Set[str],
) -> str:
    spans = _span("col", part, columns) + _span("row", part, lines)
    return f"<td{_id(part, called)}{spans}>{_text(part, marks)}"


def _span(name: str, part: Mapping[str, Any], there: frozenset[int]) -> str:
    """Over how many of those that are there a cell goes."""
    given = part[f"{name}span"] or 1
    if given == 1:
        return ""
    first = part[name] or 0
    over = len(there.intersection(range(first, first + given)))
    return f" {name}span={over}" if over > 1 else ""


def _text(part: Mapping[str, Any], marks: _Marks) -> str:
    """What a part says; one of spaces alone is empty."""
    text: str = part["text"]
    if mine := marks.get(part["part"]):
        span = mine[0]
        if len(mine) == 1 and span.cell_id and text and (span.start, span.end) == (0, len(text)):
            # Nearly every cell of a table.
            return _back(span.anchor, span.cell_id, escaped(text))
        return _apart(text, mine) or _fragments(fragments(text, mine))
    return escaped(text) if text and not text.isspace() else ""


def _apart(text: str, spans: Sequence[Span]) -> str:
    """A text whose marks stand one behind the other, as nearly all do; empty where they don't."""
    drawn = []
    at = 0
    for span in sorted(spans, key=_BEGINS):
        if not at <= span.start < span.end <= len(text):
            return ""
        inner = escaped(text[span.start : span.end])
        if span.cell_id:
            mark = _back(span.anchor, span.cell_id, inner)
        else:
            mark = f"<mark id={span.anchor}>{inner}</mark>"
        drawn += [escaped(text[at : span.start]), mark]
        at = span.end
    return "".join([*drawn, escaped(text[at:])])


_BEGINS = attrgetter("start")


def _fragments(found: Sequence[Fragment]) -> str:
    return "".join([_fragment(piece) for piece in found])


def _fragment(piece: Fragment) -> str:
    inner = _fragments(piece.inner) if piece.inner else ""
    if not piece.anchors:
        return escaped(piece.text) + inner
    text = escaped(piece.text) + inner
    anchors = piece.anchors
    if piece.cell_id and not inner:
        cell = next(anchor for anchor in anchors if anchor.startswith("v"))
        text = _back(cell, piece.cell_id, text)
        anchors = tuple(anchor for anchor in anchors if anchor != cell)
    empty = "" if text else " class=empty"
    marks = "".join([f"<mark id={anchor}{empty}>" for anchor in anchors])
    return f"{marks}{text}{'</mark>' * len(anchors)}"


def _back(anchor: str, cell_id: str, text: str) -> str:
    """The mark of a cell's number, which leads back to it."""
    empty = "" if text else " class=empty"
    return f"<a id={anchor} href=#{addresses.cell(cell_id)}{empty}>{text or '□'}</a>"
