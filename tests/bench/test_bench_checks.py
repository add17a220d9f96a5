"""How long the checks take over 10,000 reports, beside one group-by sum over the same values."""

from __future__ import annotations

from time import perf_counter

import polars as pl
import pytest
from filled import T3, Filled, stacked

from govreport_core.checks import run

REPORTS = 10_000


@pytest.fixture(scope="module")
def frames() -> dict[str, pl.DataFrame]:
    """Half on either form, one in fifty with faults and blanks in them."""
    kinds = []
    for form, year in (("form_2019", 2020), ("form_2021", 2023)):
        sound, faulty = Filled(form, year), Filled(form, year)
        faulty.put(T3, "granted_full", "applicant_total", 3)
        faulty.every("blank", row="requests_carried_over", raw="")
        kinds += [(sound, REPORTS // 2 - REPORTS // 100), (faulty, REPORTS // 100)]
    made: list[dict[str, pl.DataFrame]] = []
    first = 0
    for report, times in kinds:
        made.append(stacked(report.frames(), times, first))
        first += times
    return {name: pl.concat(part[name] for part in made) for name in made[0]}


def summed(values: pl.DataFrame) -> pl.DataFrame:
    return values.group_by("document_id").agg(pl.col("number").sum())


def best(call, values: pl.DataFrame) -> float:
    times = []
    for _ in range(5):
        started = perf_counter()
        call(values)
        times.append(perf_counter() - started)
    return min(times)


def test_bench_checks(benchmark, frames):
    floor = best(summed, frames["values"])
    found = benchmark.pedantic(run, args=(frames,), rounds=5, warmup_rounds=1)
    assert found.select("document_id").n_unique() == REPORTS
    if benchmark.stats is not None:
        mean, fastest = benchmark.stats.stats.mean, benchmark.stats.stats.min
        benchmark.extra_info["reports"] = REPORTS
        benchmark.extra_info["ms_per_report"] = round(mean * 1000 / REPORTS, 4)
        benchmark.extra_info["ratio_to_group_by_sum"] = round(fastest / floor, 1)
        print("\nchecks:", benchmark.extra_info)  # noqa: T201 - the bench's own result
