"""Lines and metadata in, who reports on which year out: candidates, each with its evidence.

An agency's name is as printed in the title (lines joined, year and document name
removed, characters as simplified text has them), else in the signature, else in the
page's metadata, else on the line above the text or where it says who wrote it; never
expanded or guessed. A year is the title's, else the statistical period's, else the prose's.
"""

from __future__ import annotations

import msgspec

from govreport_core.align.lines import Line
from govreport_core.identity.candidates import Candidate, prose
from govreport_core.identity.introduced import introduced, named_above, stated, stated_years
from govreport_core.identity.names import bare
from govreport_core.identity.title import HEAD_LINES, Title, find_titles
from govreport_core.identity.told import (
    Signature,
    agencies,
    dates,
    find_signature,
    periods,
    years,
)
from govreport_core.model import Diagnostic, Document, Evidence, Level, place_of

_OPENING = 4  # lines of the overview


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


def identify(document: Document, lines: list[Line], overview: tuple[int, int] | None) -> Identity:
    """Find who reports on which year.

    Args:
        document: For its metadata.
        lines: The document's lines.
        overview: First line of the overview's text and the one after its last.
    """
    body = overview[0] if overview else min(len(lines), HEAD_LINES)
    signature = find_signature(lines)
    titles = find_titles(document, lines, body)
    head = prose(lines[: overview[0] + 1 if overview else HEAD_LINES])
    covered = periods(head)
    title = _choose_title(titles, signature, covered)
    names = agencies(document, title, signature)
    if not names:
        names = _without_title(lines, overview)
    told_years = years(title, covered, lines, overview, signature)
    if _choose_year(told_years) is None:
        told_years = [*stated_years(prose(_opening(lines, overview))), *told_years]
    days = dates(document, signature)
    diagnostics = [
        *_conflict("agency", names),
        *_conflict("year", [c for c in told_years if c.rule != "signature"]),
    ]
    agency = names[0].value if names else None
    year = _choose_year(told_years)
    if agency is None:
        diagnostics.append(Diagnostic(Level.DOUBT, "agency_unknown"))
    if year is None:
        diagnostics.append(Diagnostic(Level.DOUBT, "year_unknown"))
    url = document.metadata.get("source_url")
    named = introduced(head)
    evidence = [
        *_evidence("agency_name", [*names, *named], agency),
        *_evidence("year", told_years, str(year)),
        *_evidence("published_on", days, days[0].value if days else None),
    ]
    if title is not None:
        evidence.append(_one("title", Candidate(title.text, "title", title.at), chosen=True))
    return Identity(
        agency,
        year,
        title.text if title else None,
        days[0].value if days else None,
        url.text if url else None,
        tuple(evidence),
        tuple(diagnostics),
        title.lines if title else (),
        signature[2] if signature else (),
    )


def _without_title(lines: list[Line], overview: tuple[int, int] | None) -> list[Candidate]:
    """Who reports where neither title, signature nor page says so: by the text's own beginning."""
    if overview is None:
        return []
    above = named_above(lines[: overview[0] + 1], max(0, overview[0] - 1))
    said = stated(prose(_opening(lines, overview)))
    if above is None:
        return said
    return [above, *said]


def _opening(lines: list[Line], overview: tuple[int, int] | None) -> list[Line]:
    """The lines in which a report says what it is: to the overview's first ones."""
    return lines[: min(overview[0] + _OPENING, overview[1]) if overview else HEAD_LINES]


def _choose_title(
    titles: list[Title],
    signature: Signature | None,
    covered: list[Candidate],
) -> Title | None:
    """Of several the one that agrees with signature and period; of equals the last.

    Titles of other reports stand in menus and links above the report's own, and
    lines that name the document alone: these count only beside titles that agree
    with neither.
    """
    if len(titles) < 2:
        return titles[0] if titles else None
    signed = bare(signature[0].text) if signature and signature[0] else None
    period = covered[0].value if covered else None

    def agreement(title: Title) -> int:
        agency = _agrees(title.agency, signed)
        year = _agrees(str(title.year) if title.year else None, period)
        return agency + year

    def rank(title: Title) -> tuple[bool, int, int]:
        agreed = agreement(title)
        named = (title.agency is not None) + (title.year is not None)
        return agreed > -2, named, agreed

    best = max(map(rank, titles))
    return next(t for t in reversed(titles) if rank(t) == best)


def _agrees(told: str | None, other: str | None) -> int:
    """1 where one holds the other, -1 where neither does, 0 where either isn't known."""
    if told is None or other is None:
        return 0
    return 1 if told in other or other in told else -1


def _choose_year(years: list[Candidate]) -> int | None:
    """The title's, else the period's, else the prose's; a signature alone tells no year.

    What the prose speaks of may be last year (`2021年结转的4件`): where the signature
    speaks for another year, neither is taken.
    """
    signed = {candidate.value for candidate in years if candidate.rule == "signature"}
    for rule in ("title", "period", "self_reference", "prose"):
        for candidate in years:
            if rule == "prose" and signed - {candidate.value}:
                continue
            if candidate.rule == rule and 2000 <= int(candidate.value) <= 2100:
                return int(candidate.value)
    return None


def _conflict(field: str, candidates: list[Candidate]) -> list[Diagnostic]:
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
                *(place_of(at) if at else ()),
            )
        ]
    return []


def _evidence(field: str, candidates: list[Candidate], chosen: str | None) -> list[Evidence]:
    marked = False
    out: list[Evidence] = []
    for candidate in candidates:
        is_chosen = not marked and candidate.value == chosen
        marked = marked or is_chosen
        out.append(_one(field, candidate, chosen=is_chosen))
    return out


def _one(field: str, candidate: Candidate, *, chosen: bool) -> Evidence:
    at = candidate.at
    if at is None:
        return Evidence(field, candidate.value, chosen, candidate.rule)
    return Evidence(field, candidate.value, chosen, candidate.rule, *place_of(at))
