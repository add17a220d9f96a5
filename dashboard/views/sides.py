"""Two reports in, their texts side by side out: what was kept, changed, is new, was dropped.

Only sections without tables are compared: the words of the others are the form's.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from dashboard import labels
from dashboard.data import Row
from dashboard.labels import section_label, t
from dashboard.views.context import Context
from dashboard.views.echoes import report_link
from dashboard.views.records import ReportCard, ReportLink, SideLine, Sides, SideSection
from govreport_core.forms import forms
from govreport_core.narrative.likeness.aligning import Kind, Line, Span, aligned
from govreport_core.search import Piece

# Of each text so many characters are compared, and so many lines shown: no real section has more.
LONGEST, LINES = 60_000, 600
# Where the page's width broke a line between two Chinese characters.
_BROKEN = re.compile(r"(?<=[^\x00-\xff]) *\n *(?=[^\x00-\xff])")
KINDS: tuple[Kind, ...] = ("kept", "changed", "new", "dropped")
# What a line of each kind is called: nothing of another agency's is new or dropped here.
_OF_YEARS, _OF_AGENCIES = "sides.kinds", "sides.kinds_of_agencies"


def sides(shared: Context, report_id: str, other_id: str, lang: str) -> Sides:
    """Two reports side by side.

    Args:
        shared: The dataset.
        report_id: A report.
        other_id: The one that it is held against. Of one agency the earlier year stands first,
            else this one does.
        lang: Language of the words.

    Raises:
        KeyError: The data has no such report.
    """
    found = []
    for one in (other_id, report_id):
        card = shared.of_report(one)
        if card is None:
            raise KeyError(one)
        found.append(card)
    same = found[0]["agency_id"] == found[1]["agency_id"]
    if same:
        found.sort(key=lambda card: card["year"] or 0)
    first, second = found
    return Sides(
        title=t("sides.of_years" if same else "sides.of_agencies", lang, **_names(found, lang)),
        first=report_link(first, lang),
        second=report_link(second, lang),
        first_name=_name(first, lang, same=same),
        second_name=_name(second, lang, same=same),
        sections=_sections(shared, first, second, _OF_YEARS if same else _OF_AGENCIES, lang),
    )


def beside(shared: Context, card: ReportCard, lang: str) -> tuple[ReportLink, ...]:
    """What a report may be set beside.

    Args:
        shared: The dataset.
        card: The report's.
        lang: Language of the words.

    Returns:
        The report of the year before first, then the agency's others, the newest first, then those
        of others that share most of a text; each once.
    """
    years = [
        report_link(row, lang)
        for row in reversed(shared.dated(card.agency.agency_id))
        if row["report_id"] != card.report_id
    ]
    years.sort(key=lambda link: link.report_id != card.previous)
    near = [one.other for one in card.alike if not one.same_agency]
    return tuple({link.report_id: link for link in (*years, *near)}.values())


def _names(cards: Sequence[Row], lang: str) -> dict[str, str]:
    first, second = (report_link(card, lang) for card in cards)
    return {
        "agency": first.agency,
        "year": first.year_text,
        "other": second.agency,
        "other_year": second.year_text,
    }


def _name(card: Row, lang: str, *, same: bool) -> str:
    link = report_link(card, lang)
    return link.year_text if same else f"{link.agency} {link.year_text}"


def _sections(
    shared: Context, first: Row, second: Row, kinds: str, lang: str
) -> tuple[SideSection, ...]:
    texts = [
        {row["section"]: row["text"] for row in shared.rows("sections", card["document_id"])}
        for card in (first, second)
    ]
    codes = dict.fromkeys([*_worded(first["form"]), *_worded(second["form"])])
    return tuple(
        _section(code, (texts[0].get(code), texts[1].get(code)), kinds, lang)
        for code in sorted(codes)
        if any(text.get(code) is not None for text in texts)
    )


def _worded(form: str | None) -> list[str]:
    """The sections of a form that have no table."""
    known = forms().get(form or "") or list(forms().values())[-1]
    tables = {table.section for table in known.tables}
    return [section.code for section in known.sections if section.code not in tables]


def _section(code: str, texts: tuple[str | None, str | None], kinds: str, lang: str) -> SideSection:
    first, second = texts
    label = section_label(None, code, lang)
    if first is None or second is None:
        missing = t("sides.missing_first" if first is None else "sides.missing_second", lang)
        return SideSection(code, label, (), (), missing)
    lines = _aligned(first[:LONGEST], second[:LONGEST])
    counted = Counter(line.kind for line in lines)
    note = t("sides.empty", lang) if not lines else ""
    if len(lines) > LINES or max(len(first), len(second)) > LONGEST:
        note = t("sides.cut", lang, chars=labels.number(LONGEST), lines=labels.number(LINES))
    return SideSection(
        code=code,
        label=label,
        counts=tuple(
            t("sides.count", lang, kind=t(f"{kinds}.{kind}", lang), n=labels.number(n))
            for kind in KINDS
            if (n := counted[kind])
        ),
        lines=tuple(_line(line, kinds, lang) for line in lines[:LINES]),
        note=note,
    )


class _Words(NamedTuple):
    """A line in no language: `first` and `second` as of `SideLine`."""

    kind: str
    moved: bool
    first: tuple[Piece, ...]
    second: tuple[Piece, ...]


# Asked for again by the next language.
@lru_cache(maxsize=64)
def _aligned(first: str, second: str) -> list[_Words]:
    return [_worded_line(line, (first, second)) for line in aligned(first, second)]


def _worded_line(line: Line, texts: tuple[str, str]) -> _Words:
    pieces: list[list[Piece]] = [[], []]
    for side, (text, span) in enumerate(zip(texts, (line.first, line.second), strict=True)):
        if span is None or (side == 1 and line.kind == "kept"):
            continue
        places = [(piece.second if side else piece.first, piece.same) for piece in line.pieces]
        pieces[side] = _pieces(text, places or [(span, line.kind == "kept")])
    return _Words(line.kind, line.moved, tuple(pieces[0]), tuple(pieces[1]))


def _line(line: _Words, kinds: str, lang: str) -> SideLine:
    return SideLine(
        kind=line.kind,
        sign=t(f"sides.signs.{line.kind}", lang),
        label=t(f"{kinds}.{line.kind}", lang),
        note=t("sides.moved", lang) if line.moved else "",
        first=line.first,
        second=line.second,
    )


def _pieces(text: str, places: Sequence[tuple[Span, bool]]) -> list[Piece]:
    """Words of a text, those that aren't the same marked; neighbours of a kind as one."""
    found: list[Piece] = []
    for (start, end), same in places:
        words = _BROKEN.sub("", text[start:end]).replace("\n", " ")
        marked = bool(words.strip()) and not same
        if found and found[-1].marked == marked:
            words = found.pop().text + words
        if words:
            found.append(Piece(words, marked=marked))
    return found
