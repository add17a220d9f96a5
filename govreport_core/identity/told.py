"""Lines and metadata in, candidates for agency, year and day out, each with its evidence."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache

from govreport_core.align.lines import Line
from govreport_core.folding import fold, squash
from govreport_core.identity.candidates import Candidate, Prose, placed
from govreport_core.identity.names import AGENCY, alone, own_name, trimmed
from govreport_core.identity.title import Title
from govreport_core.model import Cell, Document

_DATE = re.compile(
    r"(?P<y>\d{4})\s*(?:年|-|/|\.)\s*(?P<m>\d{1,2})\s*(?:月|-|/|\.)\s*(?P<d>\d{1,2})\s*日?"
)
_SIGNED = re.compile(rf"^{_DATE.pattern}$")
_PERIOD = re.compile(
    r"(?P<y>\d{4})\s*年\s*1\s*月\s*1\s*日\s*(?:起)?\s*(?:至|到|-|~)\s*(?:(?P<z>\d{4})\s*年)?\s*(?:12\s*月\s*31\s*日)"
)
# A year the prose reports on, not one of a law, a plan or a reform.
_PROSE_YEAR = re.compile(
    r"(?<!\d)(?P<y>20\d{2})\s*年(?!\s*(?:修订|印发|施行|实施|公布|颁布|以来|起|前|将|机构改革|国办)"
    r"|[^,。;]{0,12}(?:条例|通知|办法|工作(?:要点|计划|安排|谋划|提前)|机构改革|格式))"
)
_PAGE = re.compile(r"-?\d{1,3}-?")
_TAIL = 8


Signature = tuple[Cell | None, Cell | None, tuple[int, ...]]


def find_signature(lines: list[Line]) -> Signature | None:
    """Agency and date at the end, each on a line of its own."""
    agency = date = None
    used: list[int] = []
    for number in range(len(lines) - 1, max(-1, len(lines) - 1 - _TAIL), -1):
        cell = alone(lines[number])
        if cell is None or lines[number].layout is not None:
            break
        text = squash(cell.text)
        printed = trimmed(cell)
        if date is None and _SIGNED.match(text):
            date = printed
        elif agency is None and AGENCY.match(text) and len(text) <= 40:
            agency = printed
        elif _PAGE.fullmatch(text):
            continue
        else:
            break
        used.append(number)
    if date is None:
        return None
    return agency, date, tuple(used)


def agencies(
    document: Document, title: Title | None, signature: Signature | None
) -> list[Candidate]:
    """Who reports: by the title, the signature, the page; the first that is there counts."""
    found: list[Candidate] = []
    if title is not None and title.agency:
        found.append(Candidate(title.agency, "title", title.at))
    if signature is not None and signature[0] is not None:
        found.append(Candidate(own_name(signature[0].text), "signature", signature[0]))
    if named := document.metadata.get("agency"):
        found.append(Candidate(own_name(named.text), "metadata", named))
    return found


def years(
    title: Title | None,
    covered: list[Candidate],
    lines: list[Line],
    overview: tuple[int, int] | None,
    signature: Signature | None,
) -> list[Candidate]:
    """Of which year: by the title, the period covered or the prose, and the signature."""
    found: list[Candidate] = []
    if title is not None and title.year:
        found.append(Candidate(str(title.year), "title", title.at))
    found.extend(covered)
    if overview and not found:
        found.extend(_prose_years(lines, overview))
    signed = signature[1] if signature else None
    if signed is not None and (date := _DATE.search(fold(signed.text))):
        found.append(Candidate(str(int(date["y"]) - 1), "signature", signed))
    return found


def periods(head: Prose) -> list[Candidate]:
    """The year whose days the introduction says the figures cover, lines joined."""
    stated = [p for p in _PERIOD.finditer(head.text) if p["z"] in (None, p["y"])]
    if len({p["y"] for p in stated}) != 1:
        return []
    period = stated[0]
    return [Candidate(period["y"], "period", placed(period["y"], period.start(), head))]


def _prose_years(lines: list[Line], overview: tuple[int, int]) -> list[Candidate]:
    """The first year the overview speaks of, if no other is spoken of as often."""
    first: Cell | None = None
    counts: dict[str, int] = {}
    for number in range(*overview):
        if lines[number].layout is not None:
            continue
        cell = lines[number].cells[0]
        for match in _PROSE_YEAR.finditer(fold(cell.text)):
            counts[match["y"]] = counts.get(match["y"], 0) + 1
            if first is None:
                start = cell.start + match.start()
                first = Cell(match["y"], cell.part, start, start + 4)
    if first is None or max(counts.values()) > counts[first.text]:
        return []
    others = [y for y, n in counts.items() if n == counts[first.text] and y != first.text]
    return [] if others else [Candidate(first.text, "prose", first)]


def dates(document: Document, signature: Signature | None) -> list[Candidate]:
    """When it was published, as ISO dates: by the page, then by the signature."""
    found: list[Candidate] = []
    if (printed := document.metadata.get("published_on")) and (date := _date(printed.text)):
        found.append(Candidate(date, "metadata", printed))
    if signature is not None and signature[1] is not None and (date := _date(signature[1].text)):
        found.append(Candidate(date, "signature", signature[1]))
    return found


@lru_cache(maxsize=4096)
def _date(text: str) -> str | None:
    """An ISO date; None where digits are lost or the day doesn't exist."""
    match = _DATE.search(fold(text))
    if match is None:
        return None
    try:
        return dt.date(int(match["y"]), int(match["m"]), int(match["d"])).isoformat()
    except ValueError:
        return None
