"""A report's sections in, what its card says of them out as text.

Text that stands in the source beside it isn't said a second time: its place leads there, and the
listing lets lines that are one paragraph follow each other.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from typing import Any, NamedTuple

from dashboard import labels
from dashboard.labels import t
from dashboard.site.blocks import escaped
from dashboard.views.records import ReportCard, SectionView

_TEXTS = "zh-CN"
# The one that is read on the card: what of it is in no point stands below the points.
_WHOLE = "s5_problems"
# A page's number, which no paragraph has; one may go on behind it.
_PAGE = re.compile(r"[^\w]{0,2}第?\d{1,4}页?[^\w]{0,2}")


class Found(NamedTuple):
    """What of the sections' text stands in the source, paragraph by paragraph.

    Attributes:
        sections: The codes of those whose whole text does.
        on: The parts that go on a paragraph which a part before them begins.
    """

    sections: frozenset[str]
    on: frozenset[str]


def found(parts: Sequence[Mapping[str, Any]], sections: Sequence[Mapping[str, Any]]) -> Found:
    """Find the sections' paragraphs in the source, spaces aside.

    Args:
        parts: The rows of `parts` of a document, in their order.
        sections: Its rows of `sections`.
    """
    names = [part["part"] for part in parts]
    texts = [_squashed(part["text"]) for part in parts]
    codes: set[str] = set()
    on: set[str] = set()
    for row in sections:
        at = names.index(row["part"]) if row["part"] in names else 0
        runs = _runs(row["text"], texts, at)
        if runs is not None:
            codes.add(row["section"])
            on.update(name for begin, end in runs for name in names[begin + 1 : end])
    return Found(frozenset(codes), frozenset(on))


def _runs(text: str, texts: Sequence[str], at: int) -> list[tuple[int, int]] | None:
    """The stretch of parts that is each paragraph, one behind the other; None where one isn't."""
    runs: list[tuple[int, int]] = []
    for paragraph in filter(None, map(_squashed, text.splitlines())):
        ends = ((i, _end(paragraph, texts, i)) for i in range(at, len(texts)) if texts[i])
        run = next(((begin, end) for begin, end in ends if end), None)
        if run is None:
            return None
        runs.append(run)
        at = run[1]
    return runs


def _end(paragraph: str, texts: Sequence[str], begin: int) -> int:
    """Behind the last part of those that from `begin` on are a paragraph; 0 where they aren't."""
    length = 0
    for place in range(begin, len(texts)):
        if paragraph.startswith(texts[place], length):
            length += len(texts[place])
        elif place == begin or not _PAGE.fullmatch(texts[place]):
            return 0
        if length == len(paragraph):
            return place + 1
    return 0


def _squashed(text: str) -> str:
    return "".join(text.split())


def plain(text: str) -> str:
    """A paragraph as two are held against each other: its spaces as one."""
    return " ".join(text.split())


def sections(card: ReportCard, there: Set[str], lang: str) -> str:
    """The sections of a report: each with its heading, and its text where the source lacks it.

    Args:
        card: The report's.
        there: The codes of those whose text stands in the source.
        lang: Language of the words.
    """
    points = {plain(point.text) for point in card.points}
    drawn = [
        _short(one, lang) if not one.paragraphs or _led(one, there) else _long(one, points, lang)
        for one in card.sections
    ]
    lead = escaped(t("site.report.sections_lead", lang))
    led = any(one.paragraphs and _led(one, there) for one in card.sections)
    return f"{f'<p class=note>{lead}' if led else ''}<ul class=sections>{''.join(drawn)}</ul>\n"


def _led(one: SectionView, there: Set[str]) -> bool:
    """Whether its place leads to all of its text."""
    return one.place is not None and one.code in there and one.code != _WHOLE


def _short(one: SectionView, lang: str) -> str:
    label = f"<li>{escaped(one.label)} "
    if one.paragraphs is None:
        return (
            f"{label}<span class=missing>{escaped(t('site.report.section_missing', lang))}</span>"
        )
    said = t("site.report.section_empty", lang)
    if one.paragraphs:
        count = sum(len(paragraph) for paragraph in one.paragraphs)
        said = t("site.report.section_length", lang, n=labels.number(count))
    return f"{label}<span class=note>{_heading(one, lang)} · {escaped(said)}</span>{_place(one)}"


def _long(one: SectionView, points: Set[str], lang: str) -> str:
    """Its text, but for the points, which stand above."""
    paragraphs = one.paragraphs or ()
    left = [paragraph for paragraph in paragraphs if paragraph not in points]
    note = (
        f"<p class=note>{escaped(t('site.report.heading_as_printed', lang))} {_heading(one, lang)}"
    )
    note += _place(one)
    if len(left) < len(paragraphs):
        note += f" · {escaped(t('site.report.section_points', lang))}"
    text = "".join([f"<p>{escaped(paragraph)}" for paragraph in left])
    opened = " open" if one.code == _WHOLE or len(left) < len(paragraphs) else ""
    return (
        f"<li><details{opened}><summary>{escaped(one.label)}</summary>\n{note}</p>"
        f"<div class=text{_foreign(lang)}>{text}</div></details>"
    )


def _heading(one: SectionView, lang: str) -> str:
    return f"“<span{_foreign(lang)}>{escaped(one.heading or '')}</span>”"


def _place(one: SectionView) -> str:
    place = one.place
    return f" <a href=#{place.anchor}>{escaped(place.label)}</a>" if place else ""


def _foreign(lang: str) -> str:
    return "" if labels.LANGUAGES[lang].tag == _TEXTS else f" lang={_TEXTS}"
