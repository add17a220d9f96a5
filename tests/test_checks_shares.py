"""Very many reports are judged in shares: what comes out is what it would be at once."""

from __future__ import annotations

import polars as pl
import pytest
from filled import T3, Filled

from govreport_core.checks import run
from govreport_core.schemas import frame

pytestmark = pytest.mark.slow


def histories(agencies: int) -> Filled:
    """Three years of so many agencies, the years of one far from each other; some don't follow."""
    first = Filled(document_id="a0-2021", agency_id="a0", year=2021)
    for year in (2021, 2022, 2023):
        for number in range(agencies):
            if (year, number) != (2021, 0):
                name = f"a{number}"
                other = Filled(document_id=f"{name}-{year}", agency_id=name, year=year)
                if year > 2021 and number % 2:
                    other.put(T3, "requests_carried_over", "natural_person", 3)
                first.others.append(other)
    return first


def ordered(found: pl.DataFrame) -> pl.DataFrame:
    return found.sort("check", "document_id", "agency_id", "year", "subject")


def test_an_agencys_years_stay_together():
    many = histories(5)
    looked = {"source": "roster", "searched": [2022]}
    listed = [{"agency_id": f"a{n}", "name": f"第{n}局", **looked} for n in range(6)]
    many.given["agencies"] = frame("agencies", listed)
    at_once, shared = run(many.frames()), run(many.frames(), at_once=4)
    assert ordered(shared).equals(ordered(at_once))
    carried = shared.filter((pl.col("check") == "x_carry") & (pl.col("outcome") == "fail"))
    assert carried["document_id"].n_unique() == 4
    assert shared.filter((pl.col("check") == "h_coverage") & (pl.col("outcome") == "fail")).height


def test_a_share_is_never_less_than_an_agency():
    many = histories(2)
    assert ordered(run(many.frames(), at_once=1)).equals(ordered(run(many.frames())))
