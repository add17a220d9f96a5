"""How long reading a PDF into a Document takes, beside opening it and taking each page's text.

The goal for the ratio is at most 4.
"""

from __future__ import annotations

from pathlib import Path
from time import perf_counter

import pypdfium2
import pytest

from govreport_core.sources.guarded import read_guarded
from govreport_core.sources.pdf import read_pdf

FILE = "hongze_2024.pdf"
ROUNDS = 20


def floor(data: bytes) -> list[str]:
    texts = []
    with pypdfium2.PdfDocument(data) as document:
        for page in document:
            text = page.get_textpage()
            texts.append(text.get_text_range())
            text.close()
            page.close()
    return texts


def took(call, data: bytes) -> float:
    call(data)
    times = []
    for _ in range(ROUNDS):
        started = perf_counter()
        call(data)
        times.append(perf_counter() - started)
    return min(times)


@pytest.mark.corpus
def test_bench_read_pdf(benchmark, corpus: Path):
    data = (corpus / FILE).read_bytes()
    document = benchmark(read_pdf, data, "id")
    assert len(document.parts) > 300
    if benchmark.stats is not None:
        least = took(floor, data)
        here = took(lambda d: read_pdf(d, "id"), data)
        worker = took(lambda d: read_guarded(read_pdf, d, "id"), data)
        benchmark.extra_info["floor_ms"] = round(least * 1000, 2)
        benchmark.extra_info["ratio"] = round(here / least, 2)
        benchmark.extra_info["ratio_with_worker"] = round(worker / least, 2)
        print("\nread a PDF:", benchmark.extra_info)  # noqa: T201 - the bench's own result
