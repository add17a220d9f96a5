"""Lines and metadata in, who reports on which year out: candidates, each with its evidence.

An agency's name is as printed in the title (lines joined, year and document name
removed), else in the signature, else in the page's metadata; never expanded or
guessed. A year is the title's, else the statistical period's, else the prose's.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache

import msgspec

from govreport_core.align.lines import Line
from govreport_core.folding import fold
from govreport_core.model import Cell, Diagnostic, Document, Evidence, Level

# 政府信息公开(工作)(年度)报告, with the year before, within or after it.
_NAME = (
    r"(?:政府|政务)?\s*信息\s*公开\s*(?:工作)?\s*(?:情况)?\s*的?\s*"
    r"(?:(?P<y2>\d{4})\s*年\s*(?:度)?\s*)?(?:年度|年)?\s*(?:工作)?\s*(?:报\s*告|年?\s*报|总结)"
)
_TITLE = re.compile(
    r"^(?P<agency>.*?)\s*(?:关于)?\s*(?:(?P<y1>\d{4})\s*年\s*(?:度)?)?\s*(?P<office>[^\d\s]*?)\s*"
    rf"{_NAME}\s*(?:\(?(?P<y3>\d{{4}})\s*年?\s*(?:度)?\)?)?$"
)
_DOCUMENT = re.compile(r"信息\s*公开.{0,14}?(?:报\s*告|年\s*报)")
_METADATA_LINE = re.compile(r"^\s*[\u4e00-\u9fff]{2,6}\s*:")
# A title may be broken within its name; it begins on a line with this.
_BEGINS = re.compile(r"信息\s*公?\s*开?|年度\s*报告")
_LAST = "告报)度年结"
_TITLE_LENGTH = 90
# What is left of a name when the line above has its beginning.
_GENERIC = frozenset(
    {"人民政府", "人民政府办公室", "人民政府办公厅", "办公室", "管理委员会", "委员会"}
)
_BEFORE_YEAR = re.compile(r"^(?P<agency>.*?)\s*(?:(?P<year>\d{4})\s*年\s*(?:度)?)?$")
_YEAR_ALONE = re.compile(r"^\(?(?P<year>\d{4})\s*年\s*(?:度)?\)?$")
_AGENCY_END = (
    "人民政府|行政公署|公署|办公厅|办公室|委员会|管委会|党工委|总局|分局|支局|局|厅|委|办|院|署|队"
    "|街道办事处|街道办|街道|办事处|镇|乡|苏木|中心|站|所|馆|社|兵团|开发区|高新区|经开区|新区"
    "|保税区|示范区|实验区|合作区|园区|度假区|管理区|海关|联合会|公司|集团|医院|学校|大学"
)
_AGENCY = re.compile(rf"^[\u4e00-\u9fff·()A-Za-z]{{2,40}}?(?:{_AGENCY_END})(?:\([^()]{{1,20}}\))?$")
_DATE = re.compile(
    r"(?P<y>\d{4})\s*(?:年|-|/|\.)\s*(?P<m>\d{1,2})\s*(?:月|-|/|\.)\s*(?P<d>\d{1,2})\s*日?"
)
_SIGNED = re.compile(rf"^{_DATE.pattern}$")
_PERIOD = re.compile(
    r"(?P<y>\d{4})\s*年\s*1\s*月\s*1\s*日\s*(?:起)?\s*(?:至|到|-|~)\s*(?:(?P<z>\d{4})\s*年)?\s*(?:12\s*月\s*31\s*日)"
)
_PROSE_YEAR = re.compile(r"(?<!\d)(?P<y>20\d{2})\s*年\s*(?:度|以来|来|底|初|末)?\s*[,，]?")
_HEAD = 12
_LONGEST = 2000
_TAIL = 8


class Identity(msgspec.Struct, frozen=True):
    """Who and when, each from the evidence marked as chosen, or None."""

    agency_name: str | None
    year: int | None
    title: str | None
    published_on: str | None
    source_url: str | None
    evidence: tuple[Evidence, ...]
    diagnostics: tuple[Diagnostic, ...]
    title_lines: tuple[int, ...]
    signature_lines: tuple[int, ...]


class _Title(msgspec.Struct, frozen=True):
    text: str
    agency: str | None
    year: int | None
    at: Cell
    lines: tuple[int, ...]


class _Candidate(msgspec.Struct, frozen=True):
    value: str
    rule: str
    at: Cell | None


def identify(document: Document, lines: list[Line], overview: tuple[int, int] | None) -> Identity:
    """Find who reports on which year.

    Args:
        document: For its metadata.
        lines: The document's lines.
        overview: First line of the overview's text and the one after its last.
    """
    body = overview[0] if overview else min(len(lines), _HEAD)
    title = _find_title(document, lines, body)
    signature = _find_signature(lines)
    agencies = _agencies(document, title, signature)
    years = _years(title, lines, overview, signature)
    dates = _dates(document, signature)
    diagnostics = [
        *_conflict("agency", agencies),
        *_conflict("year", [c for c in years if c.rule != "signature"]),
    ]
    agency = agencies[0].value if agencies else None
    year = _choose_year(years)
    if agency is None:
        diagnostics.append(Diagnostic(Level.DOUBT, "agency_unknown"))
    if year is None:
        diagnostics.append(Diagnostic(Level.DOUBT, "year_unknown"))
    url = document.metadata.get("source_url")
    evidence = [
        *_evidence("agency_name", agencies, agency),
        *_evidence("year", years, str(year)),
        *_evidence("published_on", dates, dates[0].value if dates else None),
    ]
    if title is not None:
        evidence.append(_one("title", _Candidate(title.text, "title", title.at), chosen=True))
    return Identity(
        agency,
        year,
        title.text if title else None,
        dates[0].value if dates else None,
        url.text if url else None,
        tuple(evidence),
        tuple(diagnostics),
        title.lines if title else (),
        signature[2] if signature else (),
    )


def _find_title(document: Document, lines: list[Line], body: int) -> _Title | None:
    """The lines that name the document, and those above that belong to them."""
    head = [
        (number, cell)
        for number in range(min(body, _HEAD, len(lines)))
        if (cell := _alone(lines[number])) and not _METADATA_LINE.match(fold(cell.text))
    ]
    for at, (_, cell) in enumerate(head):
        if not _BEGINS.search(fold(cell.text)):
            continue
        for count in (1, 2):
            named = head[at : at + count]
            text = _joined(named)
            folded = fold(text)
            if len(text) <= _TITLE_LENGTH and _DOCUMENT.search(folded) and folded[-1] in _LAST:
                return _title(head, at, count)
    page = document.metadata.get("title")
    if page is not None and (found := _TITLE.match(fold(page.text[:200]).strip())):
        agency, year = _split_title(found, page.text[:200].strip())
        return _Title(page.text, agency, year, page, ())
    return None


Head = list[tuple[int, Cell]]


def _joined(head: Head) -> str:
    return "".join(cell.text.strip() for _, cell in head)


def _title(head: Head, at: int, count: int) -> _Title:
    """The title's parts: from its own lines, else from a name or a year beside them."""
    text = _joined(head[at : at + count])
    agency: str | None = None
    year: int | None = None
    if found := _TITLE.match(fold(text)):
        agency, year = _split_title(found, text)
    first, last = at, at + count
    if year is None and last < len(head) and (alone := _year_alone(head[last][1])):
        year, last = alone, last + 1
    if year is None and at and (alone := _year_alone(head[at - 1][1])):
        year, first = alone, at - 1
    if agency is None or agency in _GENERIC:
        for lines in (1, 2, 3):
            above = head[max(0, first - lines) : first]
            found_above = _named(_joined(above), agency or "") if len(above) == lines else None
            if found_above is not None:
                agency, year = found_above[0], year or found_above[1]
                first -= lines
                break
    used = head[first:last]
    return _Title(_joined(used), agency, year, _trimmed(used[0][1]), tuple(n for n, _ in used))


def _year_alone(cell: Cell) -> int | None:
    alone = _YEAR_ALONE.match(fold(cell.text).strip())
    return int(alone["year"]) if alone else None


def _named(text: str, rest: str) -> tuple[str, int | None] | None:
    """An agency's name in the lines above the title, perhaps with the year behind it.

    Args:
        text: Those lines, joined.
        rest: What the title's own line has of the name: `人民政府`.
    """
    match = _BEFORE_YEAR.match(fold(text))
    if match is None:
        return None
    agency = _bare(text[match.start("agency") : match.end("agency")]) + rest
    if not _AGENCY.match(fold(agency)):
        return None
    return agency, int(match["year"]) if match["year"] else None


def _split_title(found: re.Match[str], text: str) -> tuple[str | None, int | None]:
    """The agency as printed in `text`, of which `found` matched the folded form, and the year."""
    printed = "".join(text[found.start(g) : found.end(g)] for g in ("agency", "office"))
    agency = _bare(printed).removesuffix("关于").strip("《 :：")
    year = found["y1"] or found["y2"] or found["y3"]
    return agency or None, int(year) if year else None


def _bare(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _alone(line: Line) -> Cell | None:
    cells = [c for c in line.cells if c.text.strip()]
    return cells[0] if len(cells) == 1 else None


Signature = tuple[Cell | None, Cell | None, tuple[int, ...]]


def _find_signature(lines: list[Line]) -> Signature | None:
    """Agency and date at the end, each on a line of its own."""
    agency = date = None
    used: list[int] = []
    for number in range(len(lines) - 1, max(-1, len(lines) - 1 - _TAIL), -1):
        cell = _alone(lines[number])
        if cell is None or lines[number].layout is not None:
            break
        text = re.sub(r"\s+", "", fold(cell.text))
        trimmed = _trimmed(cell)
        if date is None and _SIGNED.match(text):
            date = trimmed
        elif agency is None and _AGENCY.match(text) and len(text) <= 40:
            agency = trimmed
        elif re.fullmatch(r"-?\d{1,3}-?", text):
            continue
        else:
            break
        used.append(number)
    if date is None:
        return None
    return agency, date, tuple(used)


def _trimmed(cell: Cell) -> Cell:
    text = cell.text.strip()
    start = cell.start + cell.text.index(text)
    return Cell(text, cell.part, start, start + len(text))


def _agencies(
    document: Document, title: _Title | None, signature: Signature | None
) -> list[_Candidate]:
    found: list[_Candidate] = []
    if title is not None and title.agency:
        found.append(_Candidate(title.agency, "title", title.at))
    if signature is not None and signature[0] is not None:
        name = re.sub(r"\s+", "", signature[0].text)
        found.append(_Candidate(name, "signature", signature[0]))
    if named := document.metadata.get("agency"):
        found.append(_Candidate(re.sub(r"\s+", "", named.text), "metadata", named))
    return found


def _years(
    title: _Title | None,
    lines: list[Line],
    overview: tuple[int, int] | None,
    signature: Signature | None,
) -> list[_Candidate]:
    found: list[_Candidate] = []
    if title is not None and title.year:
        found.append(_Candidate(str(title.year), "title", title.at))
    found.extend(_period(lines[: overview[0] + 1 if overview else _HEAD]))
    if overview and not found:
        found.extend(_prose_years(lines, overview))
    signed = signature[1] if signature else None
    if signed is not None and (date := _DATE.search(fold(signed.text))):
        found.append(_Candidate(str(int(date["y"]) - 1), "signature", signed))
    return found


def _period(head: list[Line]) -> list[_Candidate]:
    """The year whose days the introduction says the figures cover, lines joined."""
    cells = [line.cells[0] for line in head if line.layout is None]
    joined = "".join(fold(cell.text[:_LONGEST]) for cell in cells)
    period = _PERIOD.search(joined)
    if period is None or period["z"] not in (None, period["y"]):
        return []
    at = period.start()
    for cell in cells:
        if at < len(cell.text[:_LONGEST]):
            start = cell.start + at
            return [
                _Candidate(period["y"], "period", Cell(period["y"], cell.part, start, start + 4))
            ]
        at -= len(cell.text[:_LONGEST])
    return []


def _prose_years(lines: list[Line], overview: tuple[int, int]) -> list[_Candidate]:
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
    return [] if others else [_Candidate(first.text, "prose", first)]


def _choose_year(years: list[_Candidate]) -> int | None:
    """The title's, else the period's, else the prose's; a signature alone tells no year."""
    for rule in ("title", "period", "prose"):
        for candidate in years:
            if candidate.rule == rule and 2000 <= int(candidate.value) <= 2100:
                return int(candidate.value)
    return None


def _dates(document: Document, signature: Signature | None) -> list[_Candidate]:
    found: list[_Candidate] = []
    if (printed := document.metadata.get("published_on")) and (date := _date(printed.text)):
        found.append(_Candidate(date, "metadata", printed))
    if signature is not None and signature[1] is not None and (date := _date(signature[1].text)):
        found.append(_Candidate(date, "signature", signature[1]))
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


def _conflict(field: str, candidates: list[_Candidate]) -> list[Diagnostic]:
    """Two sources that say different things of the same fact.

    A metadata name that extends or cuts the title's (the office that published
    it) is no conflict.
    """
    if len(candidates) < 2:
        return []
    chosen = candidates[0]
    for other in candidates[1:]:
        if other.value == chosen.value or other.rule == "metadata":
            continue
        if field == "agency" and (other.value in chosen.value or chosen.value in other.value):
            continue
        at = other.at
        return [
            Diagnostic(
                Level.DOUBT,
                f"{field}_conflict",
                {"chosen": chosen.value, "other": other.value},
                at.part if at else None,
                at.start if at else None,
                at.end if at else None,
            )
        ]
    return []


def _evidence(field: str, candidates: list[_Candidate], chosen: str | None) -> list[Evidence]:
    marked = False
    out: list[Evidence] = []
    for candidate in candidates:
        is_chosen = not marked and candidate.value == chosen
        marked = marked or is_chosen
        out.append(_one(field, candidate, chosen=is_chosen))
    return out


def _one(field: str, candidate: _Candidate, *, chosen: bool) -> Evidence:
    at = candidate.at
    if at is None:
        return Evidence(field, candidate.value, chosen, candidate.rule)
    return Evidence(field, candidate.value, chosen, candidate.rule, at.part, at.start, at.end)
