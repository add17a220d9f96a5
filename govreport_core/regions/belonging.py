"""A report, its agency's name and what the collector knows in; region, kind and level out."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from govreport_core.model import Diagnostic, Document, Evidence, Level, Report
from govreport_core.regions.divisions import names_of, table
from govreport_core.regions.kinds import Class, classify
from govreport_core.regions.locate import Location, locate
from govreport_core.regions.names import level_of
from govreport_core.regions.successors import body, body_of

_ADDRESS = ("地址", "住所")
_ADDRESS_LENGTH = 60
_INTRODUCTION = 1000


class Belonging(msgspec.Struct, frozen=True):
    """Where the agency of one report belongs and what it is; None where that isn't certain.

    Attributes:
        body: The code that the region's place has had last, and the agency's name
            without the region's: the same through the region's renames, and
            whether its parents are written or not. None where the
            name doesn't begin with the region's own name.
        evidence: The code, or each candidate, at the place of the agency's name;
            field `region`.
        diagnostics: `region_ambiguous` or `agency_without_region` where no code is
            certain, `manifest_disagrees` where the name tells another one.
    """

    region_code: str | None
    province: str | None
    prefecture: str | None
    county: str | None
    kind: str | None
    level: str | None
    body: tuple[str, str] | None
    evidence: tuple[Evidence, ...]
    diagnostics: tuple[Diagnostic, ...]


def belonging(
    document: Document, report: Report, name: str | None, year: int | None, known: str | None
) -> Belonging:
    """Tell region, kind and level of a report's agency.

    Args:
        document: For its texts, where the name alone is ambiguous.
        report: For the evidence of the name.
        name: The agency's name, the manifest's before the report's.
        year: The report's year, in which the region's names are looked up.
        known: The region that manifest or roster tell; it wins.
    """
    if name is None:
        return Belonging(known, *names_of(known or "", year), None, None, None, (), ())
    found = locate(name, year=year)
    if known is None and found.rule == "ambiguous":
        found = locate(name, year=year, evidence=tuple(_texts(document, report)))
    if known is not None:
        what, signs = _against(found, name, known, year)
        own = body_of(name, known)
        return Belonging(known, *names_of(known, year), what.kind, what.level, own, (), signs)
    what = classify(name, rest=found.rest, level=found.level)
    return Belonging(
        found.code,
        found.province,
        found.prefecture,
        found.county,
        what.kind,
        what.level,
        body(found),
        tuple(_evidence(found, report)),
        () if found.code else (_without(found, name),),
    )


def _against(
    found: Location, name: str, known: str, year: int | None
) -> tuple[Class, tuple[Diagnostic, ...]]:
    """Kind and level in a region that is known; a name that tells another one is told."""
    if known in found.candidates and found.rule == "ambiguous":
        return classify(name, rest=found.rest, level=level_of(known)), ()
    if found.code is None:
        return classify(name), ()
    places = table()
    row = places.at(known, year)
    if known == found.code or (row is not None and places.root(row) == found.root):
        return classify(name, rest=found.rest, level=found.level), ()
    kind = classify(name, rest=found.rest, level=found.level).kind
    # A bureau's branch may lie below the division that its name begins with.
    if places.lies_in(known, found.code):
        return Class(kind, None), ()
    params = {"field": "region_code", "manifest": known, "found": found.code}
    return Class(kind, None), (Diagnostic(Level.NOTE, "manifest_disagrees", params),)


def _without(found: Location, name: str) -> Diagnostic:
    if found.candidates:
        params = {"agency": name, "candidates": ", ".join(found.candidates)}
        return Diagnostic(Level.NOTE, "region_ambiguous", params)
    return Diagnostic(Level.NOTE, "agency_without_region", {"agency": name})


def _evidence(found: Location, report: Report) -> Iterator[Evidence]:
    """The code or the candidates, at the place where the agency's name is printed."""
    at = next((e for e in report.evidence if e.field == "agency_name" and e.chosen), None)
    place = (at.part, at.start, at.end_part, at.end) if at else ()
    rule = f"region_{found.rule}"
    if found.code is not None:
        yield Evidence("region", found.code, True, rule, *place)
    for code in found.candidates:
        yield Evidence("region", code, False, rule, *place)


def _texts(document: Document, report: Report) -> Iterator[tuple[str, str]]:
    """What else the document says of where it comes from."""
    for evidence in report.evidence:
        if evidence.field in ("agency_name", "title"):
            yield evidence.rule, evidence.candidate
    for section in report.sections:
        if section.section == "s1_overview":
            yield "introduction", section.text[:_INTRODUCTION]
    for part in document.parts:
        for word in _ADDRESS:
            if (at := part.text.find(word)) >= 0:
                yield "address", part.text[at : at + _ADDRESS_LENGTH]
