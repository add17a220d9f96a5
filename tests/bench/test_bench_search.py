"""How long searches take over 200,000 reports, in CPU time, and what a site's search loads.

As a test it runs over a few only; `make bench` takes them all, and prints what it measured.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import process_time

import pytest
from many_texts import opened
from searched import queries

from dashboard import views
from dashboard.site.index import index_files
from dashboard.texts import Texts
from dashboard.views import Filters
from dashboard.views.words_counts import facets
from dashboard.views.words_found import EVERYWHERE, Asked, found
from govreport_core.search import parse
from govreport_core.search.postings import candidates

REPORTS, FEW = 200_000, 600
ON_SITE = 10_000
# What a query may load of section five's index before its results' texts.
MOST_LOADED = 250_000
HERE = Path(__file__).parent


def generated(folder: Path, reports: int) -> Texts:
    command = [sys.executable, str(HERE / "many_texts.py"), str(folder), str(reports)]
    subprocess.run(command, check=True)
    return Texts(opened(folder))


@pytest.fixture(scope="module")
def texts(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Texts:
    many = request.config.getoption("benchmark_enable")
    return generated(tmp_path_factory.mktemp("texts"), REPORTS if many else FEW)


@pytest.fixture(scope="module")
def asked(texts: Texts) -> list[str]:
    some = texts.data.tables["sections"].head(600).collect()
    return queries(some.filter(section="s5_problems")["text"].to_list())


def memory() -> int:
    """The most this process had in memory, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def cpu_ms(call: Callable[[], object]) -> float:
    began = process_time()
    call()
    return (process_time() - began) * 1000


def reports_found(typed: str, texts: Texts, *, everywhere: bool = False, **filters: object) -> int:
    asked = Asked(parse(typed), sections=(EVERYWHERE,) if everywhere else ())
    return len(found(texts, Filters(**filters), asked).orders)


def told(name: str, benchmark, each: list[float]) -> None:
    """Print the middle and the 95th of a hundred, in CPU ms."""
    if benchmark.stats is not None:
        ranked = sorted(each)
        benchmark.extra_info |= {
            "cpu_ms_p50": round(ranked[len(ranked) // 2], 1),
            "cpu_ms_p95": round(ranked[int(len(ranked) * 0.95)], 1),
            "peak_mb_so_far": memory(),
        }
        print(f"\n{name}:", benchmark.extra_info)  # noqa: T201 - the bench's own result


def measured(name: str, benchmark, asked: list[str], call: Callable[[str], int]) -> list[int]:
    """Measure searches that say how many reports they found, and give these numbers."""
    call(asked[0])
    each: list[float] = []
    counts: list[int] = []

    def search(typed: str) -> None:
        counts.append(call(typed))

    benchmark.pedantic(lambda: each.extend(cpu_ms(partial(search, one)) for one in asked), rounds=1)
    told(name, benchmark, each)
    return counts


def test_bench_made_comparable(benchmark, texts):
    def made() -> None:
        assert texts.five.height == texts.reports.height
        assert texts.searched_points.height == texts.points.height

    each: list[float] = []
    benchmark.pedantic(lambda: each.append(cpu_ms(made)), rounds=1)
    told("section five and points, once", benchmark, each)


def test_bench_search_five(benchmark, texts, asked):
    counts = measured(
        "search of section five and points",
        benchmark,
        asked,
        lambda typed: reports_found(typed, texts),
    )
    assert min(counts) == 0 < max(counts)


def test_bench_search_five_counted(benchmark, texts, asked):
    def search(typed: str) -> int:
        got = found(texts, Filters(), Asked(parse(typed)))
        counted = facets(got, Filters(), Asked(), "zh")
        assert bool(counted) <= bool(len(got.orders))
        return len(got.orders)

    counts = measured("search and its counts", benchmark, asked, search)
    assert min(counts) == 0 < max(counts)


def test_bench_room(benchmark, texts, asked):
    def show(typed: str) -> int:
        return views.words(texts, Filters(), {"q": typed}, "zh").reports

    counts = measured("the room with its first page", benchmark, asked, show)
    assert min(counts) == 0 < max(counts)


def test_bench_search_everywhere(benchmark, texts, asked):
    counts = measured(
        "search of all sections",
        benchmark,
        asked,
        lambda typed: reports_found(typed, texts, everywhere=True),
    )
    assert min(counts) == 0 < max(counts)


def test_bench_search_narrowed(benchmark, texts, asked):
    def search(typed: str) -> int:
        filters = {"years": ("2023",), "kinds": ("bureau", "office")}
        return reports_found(typed, texts, everywhere=True, **filters)

    counts = measured("search of all sections, narrowed", benchmark, asked, search)
    assert min(counts) == 0 < max(counts)


def test_bench_index_of_a_site(benchmark, request, tmp_path):
    many = request.config.getoption("benchmark_enable")
    texts = generated(tmp_path, ON_SITE if many else FEW)
    files: dict[str, bytes] = {}
    each: list[float] = []

    def index() -> None:
        files.update(index_files(texts, tmp_path))

    benchmark.pedantic(lambda: each.append(cpu_ms(index)), rounds=1)
    about = json.loads(files["search/five/postings.json"])
    first = [tuple(key) for key in about["first"]]
    always = sum(
        len(files[f"search/{name}.json"])
        for name in ("plain", "reports", "five/postings", "five/texts")
    )
    sections = texts.data.tables["sections"].head(900).collect()
    loads = []
    for typed in queries(sections.filter(section="s5_problems")["text"].to_list()):
        some = candidates(
            parse(typed), about["texts"], first, lambda n: files[f"search/five/p{n}.bin"]
        )
        loads.append(always + sum(len(files[f"search/five/p{n}.bin"]) for n in some.shards))
    assert max(loads) < MOST_LOADED
    told("index of a site", benchmark, each)
    if benchmark.stats is not None:
        size = sum(len(data) for name, data in files.items() if name.startswith("search/five/p"))
        print("postings of section five:", size, "shards:", len(first), "most loaded:", max(loads))  # noqa: T201 - likewise
