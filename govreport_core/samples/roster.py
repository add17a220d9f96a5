"""A number in, that many fictional agencies out: the prefecture first, then numbered counties."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from itertools import islice

from govreport_core.errors import GovReportError
from govreport_core.samples.pools import places
from govreport_core.samples.sample import Agency

COUNTIES_A_PREFECTURE = 79
"""County codes run from xx21 to xx99."""

VALID_FROM = "2019-01-01"

COLUMNS = (
    *("agency_id", "name", "region_code", "level", "kind", "valid_from", "valid_to", "successor"),
    *("source", "province", "prefecture", "county", "searched"),
)


def agencies(n: int) -> tuple[Agency, ...]:
    """The first `n` agencies; no two share a name or an id.

    Raises:
        GovReportError: More than the codes 99xxxx can tell apart, or fewer than one.
    """
    if n < 1:
        msg = f"--agencies {n}: at least one is needed"
        raise GovReportError(msg)
    found = tuple(islice(_all(), n))
    if len(found) < n:
        msg = f"--agencies {n}: there are region codes for {len(found)} at most"
        raise GovReportError(msg)
    return found


def roster_csv(listed: tuple[Agency, ...], searched: str = "") -> str:
    """`agencies.csv`: the roster, with the names of the fictional regions.

    Args:
        listed: The agencies.
        searched: The years for which their reports were looked for: `2019-2024`.
    """
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(COLUMNS)
    for a in listed:
        own = (a.agency_id, a.name, a.region_code, a.level, a.kind, VALID_FROM, "", "")
        rows.writerow((*own, "fictional", a.province, a.prefecture, a.county or "", searched))
    return out.getvalue()


def _all() -> Iterator[Agency]:
    pool = places()
    codes = {pool.prefecture: pool.prefecture_code}
    codes |= {county.name: county.code for county in pool.counties}
    for seat in pool.agencies:
        yield Agency(
            agency_id=f"{codes[seat.region]}-{seat.slug}",
            name=seat.name,
            region_code=codes[seat.region],
            level=seat.level,
            kind=seat.kind,
            profile=seat.profile,
            province=pool.province,
            prefecture=pool.prefecture,
            county=None if seat.region == pool.prefecture else seat.region,
        )
    for number in range(1, 98 * COUNTIES_A_PREFECTURE + 1):
        yield from _numbered_county(number)


def _numbered_county(number: int) -> Iterator[Agency]:
    pool = places().numbered
    prefecture, county = divmod(number - 1, COUNTIES_A_PREFECTURE)
    name = pool.county.format(number=chinese(number))
    code = f"99{prefecture + 2:02}{county + 21}"
    for seat in pool.agencies:
        yield Agency(
            agency_id=f"{code}-{seat.slug}",
            name=seat.name.format(county=name),
            region_code=code,
            level=seat.level,
            kind=seat.kind,
            profile=seat.profile,
            province=places().province,
            prefecture=pool.prefecture.format(number=chinese(prefecture + 1)),
            county=name,
        )


def chinese(number: int) -> str:
    """A number from 1 to 9,999 in Chinese digits, as counties would be numbered."""
    digits = "零一二三四五六七八九"
    text = "".join(
        digits[int(d)] + (unit if d != "0" else "")
        for d, unit in zip(f"{number:04}", ("千", "百", "十", ""), strict=True)
    )
    text = re.sub("零+", "零", text).strip("零")
    return text.removeprefix("一") if text.startswith("一十") else text
