"""Agencies in, which of them go on as which other out: by what became of their divisions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from govreport_core.regions.divisions import LAST_YEAR, Division, names_of, table
from govreport_core.regions.locate import Location, locate

Listed = tuple[str, str | None, str | None]


def body_of(name: str, region: str | None) -> tuple[str, str] | None:
    """Division and body of an agency whose region is known: the same through renames.

    None where the name doesn't begin with that division's name, or the agency isn't
    of the division's level.
    """
    found = _located(name, region)
    return None if found is None else body(found[1])


def body(found: Location) -> tuple[str, str] | None:
    """The place's last code, and the agency's name without its region's, for a name located."""
    # A zone, or a division of the corps, isn't the body of its host's place.
    if found.root is None or found.level is None or not found.rest:
        return None
    return found.root[:6], found.root[6:] + found.rest


def successors(agencies: Iterable[Listed]) -> dict[str, str]:
    """Which agency of a division that is gone goes on as which one of its successor's.

    That is the one listed agency with the same name but for the division's: the
    education bureau of a district that was merged goes on as that of the district it
    went into. None is named where none is listed, or several are.

    Args:
        agencies: Id, name and region code of each.
    """
    by_place: dict[tuple[str, str], dict[int, set[str]]] = {}
    listed = []
    for agency_id, name, region in agencies:
        found = _located(name, region) if name and region else None
        if region is None or found is None or found[1].level is None or not found[1].rest:
            continue
        since, rest = found[0].valid_from, found[1].rest
        listed.append((agency_id, region, since, rest))
        by_place.setdefault((region, rest), {}).setdefault(since, set()).add(agency_id)
    heirs: dict[str, str] = {}
    for agency_id, region, since, rest in listed:
        for place, after in _heirs(region, since):
            names = by_place.get((place, rest), {})
            later = [names[year] for year in sorted(names) if year > after]
            if later:
                if len(later[0]) == 1:
                    heirs[agency_id] = min(later[0])
                break
    return heirs


def _located(name: str, region: str | None) -> tuple[Division, Location] | None:
    """The name at that code, under the division's name that it begins with."""
    for row in reversed(table().by_code.get(region or "", ())):
        year = row.valid_to or LAST_YEAR
        # The region is known, so its parents choose among places of one name.
        where = "".join(above for above in names_of(row.code, year) if above)
        found = locate(name, year=year, evidence=(("address", where),))
        if found.code == region:
            return row, found
    return None


def _heirs(region: str, since: int) -> Iterator[tuple[str, int]]:
    """The codes under which a division goes on, each with the year after which its names count.

    First its own under a later name, then those that it became or went into, one after
    the other.
    """
    yield region, since
    seen = {region}
    rows = table().by_code.get(region, ())
    while rows and rows[-1].valid_to is not None and (heir := rows[-1].successor) is not None:
        if heir in seen:
            return
        seen.add(heir)
        yield heir, 0
        rows = table().by_code[heir]
