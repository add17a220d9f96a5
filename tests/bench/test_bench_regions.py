"""How many agency names a second get their region and kind, none of them seen before."""

from __future__ import annotations

from time import perf_counter

from govreport_core.regions import classify, locate
from govreport_core.regions.divisions import table
from govreport_core.regions.locate import _locate

BODIES = (
    "人民政府",
    "财政局",
    "教育局",
    "人民政府办公室",
    "城关镇人民政府",
    "经济开发区管理委员会",
)


def test_bench_names(benchmark):
    places = [d.name for rows in table().by_code.values() for d in rows if d.holds(2022)]
    names = [place + body for place in places for body in BODIES]

    def tell_all() -> int:
        _locate.cache_clear()
        certain = 0
        for name in names:
            place = locate(name, year=2022)
            classify(name, rest=place.rest, level=place.level)
            certain += place.code is not None
        return certain

    started = perf_counter()
    certain = benchmark(tell_all)
    assert certain > 0.8 * len(names)
    if benchmark.stats is not None:
        benchmark.extra_info["names_per_second"] = round(len(names) / benchmark.stats.stats.mean)
        benchmark.extra_info["names"] = len(names)
        print("\nregions:", benchmark.extra_info)  # noqa: T201 - the bench's own result
    assert perf_counter() - started < 300
