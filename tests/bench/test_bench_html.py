"""How long reading a web page into a Document takes, beside the bare parser on the same page.

The floor: decode, parse, and take the text of each `td`. The goal for the ratio is
at most 4. Times are processor time, the best of many rounds: what other programs
do on the machine doesn't count.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from time import process_time
from timeit import repeat

import pytest
from selectolax.lexbor import LexborHTMLParser

from govreport_core.samples import agencies, draw_report
from govreport_core.samples.html import render_html
from govreport_core.sources.encoding import decode
from govreport_core.sources.html import read_html
from govreport_core.sources.markdown import read_markdown

PAGES = ("pingtan_2024.html", "shanghai_office_2019.html")
MARKDOWN = "shanghai_office_2025.md"
ROUNDS = 30
MOST = 4.0
GENERATED = 12


def floor(data: bytes) -> list[str]:
    content, _ = decode(data, declares=True)
    return [cell.text() for cell in LexborHTMLParser(content).css("td")]


def took(call: Callable[[], object]) -> float:
    return min(repeat(call, number=10, repeat=ROUNDS, timer=process_time))


@pytest.mark.corpus
@pytest.mark.parametrize("name", PAGES)
def test_bench_html(benchmark, corpus: Path, name: str):
    data = (corpus / name).read_bytes()
    document = benchmark(lambda: read_html(data, "0"))
    assert len(document.parts) > len(floor(data))
    if benchmark.stats is not None:
        ratio = took(lambda: read_html(data, "0")) / took(lambda: floor(data))
        benchmark.extra_info["ratio_to_bare"] = round(ratio, 2)
        print(f"\n{name}:", benchmark.extra_info)  # noqa: T201 - the bench's own result


def test_bench_generated_html(benchmark):
    pages = [render_html(draw_report(a, 2023, seed=i)) for i, a in enumerate(agencies(GENERATED))]
    benchmark(lambda: [read_html(page, "0") for page in pages])
    if benchmark.stats is not None:
        read = took(lambda: [read_html(page, "0") for page in pages])
        ratio = read / took(lambda: [floor(page) for page in pages])
        benchmark.extra_info.update(ratio_to_bare=round(ratio, 2), pages=len(pages))
        assert ratio <= MOST


@pytest.mark.corpus
def test_bench_markdown(benchmark, corpus: Path):
    data = (corpus / MARKDOWN).read_bytes()
    document = benchmark(lambda: read_markdown(data, "0"))
    assert len(document.parts) > 200
    if benchmark.stats is not None:
        # The least anyone could do: decode, and cut each line at its pipes.
        bare = took(lambda: [line.split("|") for line in data.decode().split("\n")])
        ratio = took(lambda: read_markdown(data, "0")) / bare
        benchmark.extra_info["ratio_to_splitting"] = round(ratio, 2)
        print(f"\n{MARKDOWN}:", benchmark.extra_info)  # noqa: T201 - the bench's own result
