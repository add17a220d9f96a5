"""A government's figures against those of the agencies that the roster says they are of."""

from __future__ import annotations

import polars as pl
import pytest
from filled import T3, Filled

from govreport_core.checks import run
from govreport_core.schemas import frame

pytestmark = pytest.mark.slow

CELL = f"{T3}.requests_received.applicant_total"


def report(agency: str, number: int | None, kind: str = "bureau", year: int = 2023) -> Filled:
    made = Filled(document_id=f"{agency}-{year}", agency_id=agency, agency_kind=kind, year=year)
    if number is None:
        made.leave(T3, "requests_received", "applicant_total", "blank", "")
    else:
        made.put(T3, "requests_received", "applicant_total", number)
    return made


def listed(agency: str, region: str, **more: str | None) -> dict:
    return {"agency_id": agency, "name": agency, "region_code": region, "source": "r", **more}


def told(reports: list[Filled], roster: list[dict]) -> dict[str, tuple]:
    first, *others = reports
    first.others = others
    first.given["agencies"] = frame("agencies", roster)
    rows = run(first.frames()).filter(
        (pl.col("check") == "h_rollup") & pl.col("subject").is_in([CELL, "report"])
    )
    return {
        row["document_id"]: (row["outcome"], row["reason"], row["expected"], row["actual"])
        for row in rows.to_dicts()
    }


def test_a_lower_government_that_is_complete_stands_for_its_agencies():
    roster = [
        listed("city", "990100", perimeter="complete"),
        listed("city-office", "990100"),
        listed("county", "990121", perimeter="complete"),
        listed("county-bureau", "990121"),
        listed("elsewhere", "980000"),
    ]
    reports = [
        report("city", 9, "government"),
        report("city-office", 4),
        report("county", 5, "government"),
        report("county-bureau", 5),
        report("elsewhere", 100),
    ]
    assert told(reports, roster) == {
        "city-2023": ("pass", None, 9, 9),
        "county-2023": ("pass", None, 5, 5),
    }


def test_a_lower_government_that_is_not_complete_is_one_of_the_agencies():
    roster = [
        listed("city", "990100", perimeter="complete"),
        listed("county", "990121"),
        listed("county-bureau", "990121"),
    ]
    reports = [
        report("city", 6, "government"),
        report("county", 2, "government"),
        report("county-bureau", 5),
    ]
    assert told(reports, roster) == {
        "city-2023": ("fail", None, 7, 6),
        "county-2023": ("skip", "perimeter_unknown", None, None),
    }


def test_a_whole_may_be_more_than_the_parts_that_are_known():
    roster = [listed("county", "990121", perimeter="complete"), listed("bureau", "990121")]
    reports = [report("county", 9, "government"), report("bureau", 7)]
    assert told(reports, roster)["county-2023"] == ("pass", None, 7, 9)


def test_an_agency_counts_in_the_years_in_which_the_roster_has_it():
    roster = [
        listed("county", "990121", perimeter="complete"),
        listed("old", "990121", valid_to="2022"),
        listed("new", "990121", valid_from="2022-03-01"),
    ]
    reports = [report("county", 4, "government"), report("new", 4)]
    assert told(reports, roster)["county-2023"] == ("pass", None, 4, 4)


def test_a_blank_is_no_zero():
    roster = [listed("county", "990121", perimeter="complete"), listed("bureau", "990121")]
    reports = [report("county", 4, "government"), report("bureau", None)]
    assert told(reports, roster)["county-2023"] == ("skip", "reports_missing", None, None)


def test_without_a_complete_government_nothing_is_added_up():
    roster = [listed("county", "990121"), listed("bureau", "990121")]
    reports = [report("county", 4, "government"), report("bureau", 9)]
    assert told(reports, roster) == {"county-2023": ("skip", "perimeter_unknown", None, None)}
