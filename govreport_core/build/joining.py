"""Reports and what stands beside them in, who each is of out: agency, region, which is current."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec
import polars as pl

from govreport_core.build.companions import Agency, Body, Companions, Known, Roster, path_key
from govreport_core.build.frames import FiledReport, Identity
from govreport_core.build.intake import Read
from govreport_core.model import Diagnostic, Evidence, Level, Report
from govreport_core.regions.belonging import Belonging, belonging
from govreport_core.regions.successors import successors
from govreport_core.schemas import columns_of, frame

NOT_KNOWN = Known(None, None, None, None, None)


class Matched(msgspec.Struct, frozen=True):
    """What a report's rows rest on beside its own bytes.

    Attributes:
        known: Its manifest row.
        name, body: By what it is looked up in the roster.
    """

    known: Known
    name: str | None
    body: Body | None


def joined(found: Read, companions: Companions) -> tuple[FiledReport, Matched]:
    """Join what was read with what the collector knows; the manifest wins, and it is told."""
    document, report = found.document, found.report
    known = companions.known.get(path_key(found.path)) or NOT_KNOWN
    roster = companions.roster
    name = known.agency or report.agency_name
    year = known.year or report.year
    agency = roster.named(name, known.region_code)
    told_region = known.region_code or (agency.region_code if agency else None)
    place = belonging(document, report, name, year, told_region)
    region = place.region_code
    if agency is None and region is not None:
        agency = roster.named(name, region)
    if agency is None:
        agency = roster.of_body(place.body, region)
    published = known.published_on or report.published_on
    evidence, signs = _manifest_signs(known, report)
    signs.extend(place.diagnostics)
    agency_id = agency.agency_id if agency else _agency_id(name, place, document.document_id)
    identity = Identity(
        report_id=f"{agency_id}-{year or document.document_id[:12]}",
        current=True,
        agency_id=agency_id,
        agency_name=name,
        agency_kind=(agency.kind if agency else None) or place.kind,
        agency_level=(agency.level if agency else None) or place.level,
        region_code=region,
        **_region_names(agency, place),
        year=year,
        published_on=dt.date.fromisoformat(published) if published else None,
        source_url=known.source_url or report.source_url,
    )
    told = {e.field: e.candidate for e in evidence}
    kept = [
        msgspec.structs.replace(e, chosen=False)
        if e.chosen and told.get(e.field, e.candidate) != e.candidate
        else e
        for e in report.evidence
    ]
    changed = msgspec.structs.replace(
        report,
        # The collector's word first: of two that agree, it counts.
        evidence=(*evidence, *kept, *place.evidence),
        diagnostics=(*report.diagnostics, *signs),
    )
    return FiledReport(document, changed, identity), Matched(known, name, place.body)


def _region_names(agency: Agency | None, place: Belonging) -> dict[str, str | None]:
    """The roster's names of the levels where it has any, else the table of divisions'."""
    levels = ("province", "prefecture", "county")
    named = agency if agency and any(getattr(agency, level) for level in levels) else place
    return {level: getattr(named, level) for level in levels}


def _agency_id(name: str | None, place: Belonging, document_id: str) -> str:
    """From region and name; from the document where either isn't known, so namesakes stay apart.

    A name that begins with its region's counts without it, and the region by its
    code of today: the years before and after a rename are one agency's.
    """
    if name is None or place.region_code is None:
        return f"doc-{document_id[:12]}"
    region, body = place.body or (place.region_code, name)
    digest = hashlib.sha256(body.encode()).hexdigest()[:8]
    return f"{region}-{digest}"


def unread(paths: Iterable[str], companions: Companions) -> Iterator[tuple[str, int]]:
    """Agency and year of the files that couldn't be read, as far as the manifest tells them."""
    for path in paths:
        known = companions.known.get(path_key(path))
        if known is None or known.year is None:
            continue
        agency = companions.roster.named(known.agency, known.region_code)
        if agency is not None:
            yield agency.agency_id, known.year


def _manifest_signs(known: Known, report: Report) -> tuple[list[Evidence], list[Diagnostic]]:
    evidence: list[Evidence] = []
    signs: list[Diagnostic] = []
    for field, told, found in (
        ("agency_name", known.agency, report.agency_name),
        ("year", known.year, report.year),
        ("published_on", known.published_on, report.published_on),
        ("column", known.column, None),
    ):
        if told is None:
            continue
        evidence.append(Evidence(field, str(told), True, "manifest"))
        if found is not None and str(found) != str(told):
            params = {"field": field, "manifest": str(told), "found": str(found)}
            signs.append(Diagnostic(Level.NOTE, "manifest_disagrees", params))
    return evidence, signs


def mark_current(reports: pl.DataFrame) -> pl.DataFrame:
    """Of several readings of one report, show the one with most cells read.

    Then the one published last, then the one whose document id sorts first: a
    rule that gives the same answer in any order of the files.

    Args:
        reports: The table `reports`, a row a reading, with `report_id`, `cells_read` (how many
            cells) and `published_on`.

    Returns:
        The same rows in their order, `current` set: true of one row a `report_id`.
    """
    best = (
        reports.select("document_id", "report_id", "cells_read", "published_on")
        .sort(
            "report_id",
            "cells_read",
            "published_on",
            "document_id",
            descending=[False, True, True, False],
            nulls_last=True,
        )
        .unique("report_id", keep="first", maintain_order=True)["document_id"]
    )
    return reports.with_columns(current=pl.col("document_id").is_in(best.implode()))


def _years(searched: Sequence[tuple[int, ...]]) -> pl.Series:
    """Years as lists, null for none: the same ones are made once, of many agencies."""
    each = {years: at for at, years in enumerate(dict.fromkeys(searched))}
    lists = pl.Series([list(years) or None for years in each], dtype=pl.List(pl.Int32))
    return lists.gather([each[years] for years in searched])


def agencies_frame(roster: Roster, reports: pl.DataFrame) -> pl.DataFrame:
    """The roster, and after it the agencies seen only in reports.

    What these are called and are is told by their last report, or of several of its year the one
    whose document id sorts first. Where the roster names no successor, the one listed agency that
    goes on in the place its division went into stands for it.

    Args:
        roster: The agencies of `agencies.csv`.
        reports: The table `reports`: `document_id`, `year`, `agency_id`, `agency_name`,
            `agency_level`, `agency_kind` and `region_code`; in any order.

    Returns:
        The table `agencies`, a row an `agency_id`: the roster's in its order, then the others
        by `agency_id`, their `source` being `reports`.
    """
    listed: dict[str, Any] = {
        column: [getattr(agency, column) for agency in roster.agencies]
        for column in columns_of("agencies")
    }
    listed["source"] = [source or "roster" for source in listed["source"]]
    listed["searched"] = _years([agency.searched for agency in roster.agencies])
    known = frame("agencies", listed)
    unlisted = reports.join(known, on="agency_id", how="anti")
    last_first = unlisted.sort("year", "document_id", descending=[True, False], nulls_last=True)
    seen = last_first.select(
        "agency_id",
        "region_code",
        name="agency_name",
        level="agency_level",
        kind="agency_kind",
        source=pl.lit("reports"),
    ).unique("agency_id", keep="first", maintain_order=True)
    every = pl.concat([known, seen.sort("agency_id")], how="diagonal")
    heirs = successors(every.select("agency_id", "name", "region_code").iter_rows())
    heir = pl.col("agency_id").replace_strict(heirs, default=None, return_dtype=pl.String)
    return every.with_columns(successor=pl.coalesce("successor", heir))
