"""How long all rules take over 100,000 reports, and what memory, beside one group-by sum.

As a test it runs over a few reports only; `make bench` takes them all.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

import polars as pl
import pytest
from many_reports import generated

from govreport_core.checks import run

REPORTS = 100_000
FEW = 700
MEGABYTE = 1024 * 1024


@pytest.fixture(scope="module")
def reports(request: pytest.FixtureRequest) -> int:
    return REPORTS if request.config.getoption("benchmark_enable") else FEW


@pytest.fixture(scope="module")
def frames(reports: int) -> dict[str, pl.DataFrame]:
    return generated(reports)


def summed(values: pl.DataFrame) -> pl.DataFrame:
    return values.group_by("document_id").agg(pl.col("number").sum())


def best(call: Callable[[pl.DataFrame], object], values: pl.DataFrame) -> float:
    times = []
    for _ in range(5):
        started = perf_counter()
        call(values)
        times.append(perf_counter() - started)
    return min(times)


def resident() -> int:
    """What this process holds in memory now, in bytes."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    return 0


@contextmanager
def watched() -> Iterator[list[int]]:
    """The resident memory from here on, every hundredth of a second."""
    seen = [resident()]
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.01):
            seen.append(resident())

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield seen
    finally:
        done.set()
        watcher.join()


def test_bench_checks(benchmark, frames, reports):
    floor = best(summed, frames["values"])
    with watched() as memory:
        found = benchmark.pedantic(run, args=(frames,), rounds=1)
    assert found.select("document_id").n_unique() == reports
    assert not found.filter((pl.col("outcome") == "fail") & (pl.col("severity") == "error")).height
    if benchmark.stats is not None:
        took = benchmark.stats.stats.min
        held = sum(frame.estimated_size() for frame in frames.values())
        benchmark.extra_info["reports"] = reports
        benchmark.extra_info["ms_per_report"] = round(took * 1000 / reports, 4)
        benchmark.extra_info["ratio_to_group_by_sum"] = round(took / floor, 1)
        benchmark.extra_info["frames_mb"] = held // MEGABYTE
        benchmark.extra_info["results_mb"] = int(found.estimated_size()) // MEGABYTE
        benchmark.extra_info["peak_mb_beside_frames"] = (max(memory) - memory[0]) // MEGABYTE
        print("\nchecks:", benchmark.extra_info)  # noqa: T201 - the bench's own result
