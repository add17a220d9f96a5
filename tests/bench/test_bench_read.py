"""How long reading a text report takes, beside the least anyone could do with the same file.

The floor: decode, split into lines and tab-separated cells, strip, one tuple of
line, column and text each. The goal for the ratio is at most 8.
"""

from __future__ import annotations

from pathlib import Path
from statistics import mean
from time import perf_counter

import pytest

from govreport_core.extract import extract
from govreport_core.sources import read_bytes

TEXTS = (
    "seeds/000_1cfc0883eae77b14.txt",
    "seeds/001_db8b9a3c8d2b1499.txt",
    "seeds/002_188cb6b0829351fe.txt",
    "seeds/003_fe5c224497898358.txt",
    "seeds/004_f02edfeddd1e6bb3.txt",
    "hongze_2024_lines.txt",
    "hongze_2024_rows.txt",
    "pingtan_2025_glued.txt",
)
ROUNDS = 100


def floor(data: bytes) -> list[tuple[int, int, str]]:
    text = data.decode()
    return [
        (row, column, cell.strip())
        for row, line in enumerate(text.split("\n"))
        for column, cell in enumerate(line.split("\t"))
    ]


def took(call, data: bytes) -> float:
    call(data)
    started = perf_counter()
    for _ in range(ROUNDS):
        call(data)
    return (perf_counter() - started) / ROUNDS


@pytest.mark.corpus
def test_bench_read_and_extract(benchmark, corpus: Path):
    files = [(corpus / name).read_bytes() for name in TEXTS]

    def read_all() -> int:
        return sum(len(extract(read_bytes(data)).values) for data in files)

    cells = benchmark(read_all)
    assert cells > 1500
    if benchmark.stats is not None:
        ratios = [took(lambda d: extract(read_bytes(d)), d) / took(floor, d) for d in files]
        all_floor = sum(took(floor, d) for d in files)
        benchmark.extra_info["ratio_of_sums"] = round(benchmark.stats.stats.mean / all_floor, 1)
        benchmark.extra_info["ratio_by_file"] = {
            Path(n).stem: round(r, 1) for n, r in zip(TEXTS, ratios, strict=True)
        }
        benchmark.extra_info["mean_ratio"] = round(mean(ratios), 1)
        benchmark.extra_info["mean_ratio_without_glued"] = round(mean(ratios[:-1]), 1)
        print("\nread + extract:", benchmark.extra_info)  # noqa: T201 - the bench's own result
