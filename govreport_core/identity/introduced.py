"""The lines before and within the overview in, whom they name as the report's author out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from govreport_core.align.lines import Line, is_page_mark
from govreport_core.folding import fold
from govreport_core.identity.candidates import Candidate, Prose, placed, prose
from govreport_core.identity.names import (
    AGENCY,
    GENERIC,
    alone,
    bare,
    begins_with_a_place,
    own_name,
    trimmed,
)

# Where an introduction names an agency, by the rule of evidence it goes by.
_INTRODUCED = {
    "introduction": re.compile(
        r"(?:现(?:向社会)?公布|由)\s*(?P<agency>[^,，。;:、()\d由]{2,40}?)\s*(?=编制|汇总|\d{4}\s*年)"
    ),
    "contact": re.compile(r"请(?:与|同|联系)\s*(?P<agency>[^,，。;:、()]{2,40}?)\s*(?:联系|\()"),
}
# A clause whose subject writes this very report: X特编制2023年政府信息公开年度报告。
_STATED = re.compile(
    r"(?:^|[,，。;:])\s*(?P<agency>[^,，。;:、()\d\s由]{4,40}?)\s*(?:特|现)?(?:此)?"
    r"(?:编制(?:了|并公布|形成)?|编写(?:了)?|(?:向社会)?(?:公布|发布))\s*"
    r"(?:本报告|(?:本单位|本机关|本级)?(?P<year>\d{4})\s*年(?:度)?\s*政府信息公开(?:工作)?(?:年度)?(?:报告|年报))"
)
_PUBLISHED = re.compile(
    r"(?:编制|编写|公布|发布)[^,，。;:\d]{0,40}(?P<year>20\d{2})\s*年(?:度)?\s*"
    r"政府信息公开(?:工作)?(?:年度)?(?:报告|年报)"
)
# What a report isn't the agency of: its own site, what it stands under.
_NO_AGENCY = re.compile(r"网站?$|[各该本我]|人民代表大会|常务委员会|^中华人民共和国|国务院")
_LONG = 20  # characters of a line that is prose, not an item of a menu
_ALIKE = 3  # characters of a name's end that tell the body: 国资局


def introduced(head: Prose) -> list[Candidate]:
    """Who the introduction says wrote the report, publishes it or answers for it.

    Told as evidence only: these are often offices, or another body's name.
    """
    found: dict[str, Candidate] = {}
    for rule, pattern in _INTRODUCED.items():
        for match in pattern.finditer(head.text):
            name = bare(match["agency"])
            if AGENCY.match(name) and name not in GENERIC:
                at = placed(match["agency"].rstrip(), match.start("agency"), head)
                found.setdefault(name, Candidate(name, rule, at))
    return list(found.values())


def named_above(head: list[Line], body: int) -> Candidate | None:
    """The name that stands alone above the prose of a document without a title.

    Nothing else may stand there but prose: what stands among a page's menus is the
    site's name. Another body in the introduction refutes it.

    Args:
        head: The lines to the overview's first.
        body: How many of them stand before the overview.
    """
    lines = [line for line in head[:body] if not is_page_mark(line.text)]
    first = alone(lines[0]) if lines else None
    if first is None or lines[0].layout is not None or not all(map(_is_prose, lines[1:])):
        return None
    name = own_name(first.text[: 3 * _LONG])
    if not _is_full(name):
        return None
    others = [c.value for c in introduced(prose(head)) if c.rule == "introduction"]
    if any(other[-_ALIKE:] != name[-_ALIKE:] for other in others):
        return None
    return Candidate(name, "name_line", trimmed(first))


def stated(opening: Prose) -> list[Candidate]:
    """Whom a sentence names as this report's author, where all that do name the same one."""
    found = [m for m in _STATED.finditer(opening.text) if _is_full(own_name(m["agency"]))]
    if len({own_name(m["agency"]) for m in found}) != 1:
        return []
    printed = found[0]["agency"]
    at = placed(printed, found[0].start("agency"), opening)
    return [Candidate(own_name(printed), "self_reference", at)]


def stated_years(opening: Prose) -> Iterator[Candidate]:
    """The year of the report that a sentence of its own says is written or published."""
    found = {m["year"]: m for m in _PUBLISHED.finditer(opening.text)}
    if len(found) == 1:
        for year, match in found.items():
            yield Candidate(year, "self_reference", placed(year, match.start("year"), opening))


def _is_prose(line: Line) -> bool:
    cell = alone(line)
    return cell is not None and line.layout is None and len(cell.text.strip()) >= _LONG


def _is_full(name: str) -> bool:
    """Whether a name tells whom it means by itself: with its place, and no site or other body."""
    folded = fold(name)
    return bool(
        AGENCY.match(folded)
        and name not in GENERIC
        and begins_with_a_place(name)
        and not _NO_AGENCY.search(folded)
    )
