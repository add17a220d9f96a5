"""How long lists, rules and a report's card take over cards of 200,000 reports, in CPU time.

As a test it runs over a few only; `make bench` takes them all.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from time import process_time

import msgspec
import polars as pl
import pytest
from many_cards import write

from dashboard import views
from dashboard.cli import ALLOCATING
from dashboard.data import Data, open_dataset

REPORTS = 200_000
FEW = 2_000
SHOWN = 50


@pytest.fixture(scope="module")
def reports(request: pytest.FixtureRequest) -> int:
    return REPORTS if request.config.getoption("benchmark_enable") else FEW


@pytest.fixture(scope="module")
def folder(reports: int, demo_dataset: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("many") / "dataset"
    return write(open_dataset(demo_dataset), reports, out)


@pytest.fixture(scope="module")
def data(folder: Path, demo_dataset: Path) -> Data:
    found = open_dataset(folder)
    shared = views.context(found)
    sample = open_dataset(demo_dataset).cards["report_id"].drop_nulls()[0]
    # What is read once a session, so that what is measured is each further look.
    views.overview(found, views.Filters(), "zh", limit=SHOWN)
    views.report_card(found, sample, "zh", shared)
    views.checks_view(found, views.Filters(), "zh", shared=shared)
    return found


def told(name: str, benchmark, call: Callable[[], object], rounds: int = 5) -> None:
    """Measure a call, and print its CPU time."""
    spent = []

    def timed() -> None:
        began = process_time()
        call()
        spent.append(process_time() - began)

    benchmark.pedantic(timed, rounds=rounds)
    if benchmark.stats is not None:
        benchmark.extra_info["cpu_ms"] = round(min(spent) * 1000, 1)
        print(f"\n{name}:", benchmark.extra_info)  # noqa: T201 - the bench's own result


@pytest.mark.parametrize(
    "filters",
    [
        views.Filters(),
        views.Filters(years=("2023",)),
        views.Filters(regions=("any",), years=("2022", "2023"), kinds=("bureau",)),
        views.Filters(outcomes=("fail",)),
    ],
    ids=["all", "year", "region", "failing"],
)
def test_bench_overview(benchmark, data, filters):
    if filters.regions:
        filters = msgspec.structs.replace(filters, regions=(province(data),))
    found = views.overview(data, filters, "zh", limit=SHOWN)
    assert found.stats[0].number
    told("overview", benchmark, lambda: views.overview(data, filters, "zh", limit=SHOWN))


@pytest.mark.parametrize("sort", ["", "-received", "agency"])
def test_bench_list(benchmark, data, sort):
    year = views.Filters(years=("2023",))
    assert views.listing(data, year, "zh", sort=sort).rows
    told(f"list by {sort}", benchmark, lambda: views.listing(data, year, "zh", sort=sort))


def test_bench_counts_of_choices(benchmark, data):
    options = views.filter_options(data, "zh")
    chosen = views.Filters(regions=(province(data),), years=("2023",))
    assert views.facets(data, chosen, options) != options
    told("choices", benchmark, lambda: views.facets(data, chosen, options))


def test_bench_find(benchmark, data):
    options = views.filter_options(data, "zh").regions
    assert views.find(data, "某机关 11", options, "zh").groups
    told("find", benchmark, lambda: views.find(data, "某机关 11", options, "zh"))


def test_bench_answer(benchmark, data):
    year = views.Filters(years=("2023",))
    assert views.answer(data, year, "zh").tiles
    told("answer", benchmark, lambda: views.answer(data, year, "zh"))


def province(data: Data) -> str:
    """A province with reports of the years and the kind that are chosen."""
    chosen = data.cards.filter(
        pl.col("year").is_in([2022, 2023])
        & (pl.col("agency_kind") == "bureau")
        & pl.col("document_id").is_not_null()
        & pl.col("region_code").is_not_null()
    )
    return f"{chosen['region_code'][0][:2]}0000"


@pytest.mark.parametrize("limit", [50, 500])
def test_bench_all_rules(benchmark, data, limit):
    shared = views.context(data)
    found = views.rule_views(data, views.Filters(), "zh", limit=limit, shared=shared)
    assert len(found) > 60
    told(
        f"rules, {limit} results each",
        benchmark,
        lambda: views.rule_views(data, views.Filters(), "zh", limit=limit, shared=shared),
        rounds=2,
    )


def test_bench_report_card(benchmark, data):
    shared = views.context(data)
    mine = data.cards.filter(data.cards["report_id"].is_not_null())["report_id"].to_list()
    ours = next(report for report in mine if report.startswith("9901"))
    assert views.report_card(data, ours, "zh", shared).report_id == ours
    told("card", benchmark, lambda: views.report_card(data, ours, "zh", shared))


def test_bench_groups(benchmark, data):
    assert views.groups(data, views.Filters(), "zh").agencies
    told("groups", benchmark, lambda: views.groups(data, views.Filters(), "zh"), rounds=2)


_SESSION = """
import sys
from pathlib import Path
from dashboard import views
from dashboard.data import open_dataset
data = open_dataset(Path(sys.argv[1]))
shared = views.context(data)
year = views.Filters(years=("2023",))
for some in (views.Filters(), year):
    views.overview(data, some, "zh", limit=150)
    views.checks_view(data, some, "zh", limit=200, shared=shared)
    views.rule_views(data, some, "zh", limit=50, shared=shared)
views.filter_options(data, "zh")
report = next(one for one in data.cards["report_id"].drop_nulls() if one.startswith("9901"))
views.report_card(data, report, "zh", shared)
# its own peak: what getrusage tells goes on from the process that started this one
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(int(peak.split()[1]) // 1024)
"""


def test_bench_memory(benchmark, folder):
    """A process of its own that opens the dataset and looks at overview, rules and a card.

    It gives back what it has freed as the app's server does, which is started so.
    """
    command = [sys.executable, "-c", _SESSION, str(folder)]

    def look() -> int:
        told = os.environ | ALLOCATING
        done = subprocess.run(command, check=True, capture_output=True, text=True, env=told)
        return int(done.stdout)

    most = benchmark.pedantic(look, rounds=1)
    print(f"\nmemory: {most} MB at most")  # noqa: T201 - the bench's own result
    assert most < 800
