"""How long reading an office file takes, beside the least its own libraries need.

Word: unzip and parse the main part; at most four times that. Excel: hand out
every sheet's values.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from time import perf_counter
from typing import Any

import python_calamine as calamine
from lxml import etree

from govreport_core.samples import agencies, draw_report
from govreport_core.samples.docx import render_docx
from govreport_core.samples.xlsx import render_xlsx
from govreport_core.sources.docx import read_docx
from govreport_core.sources.sheets import read_xlsx

MOST = 4.0
_REPORTS = 10
_ROUNDS = 7


def _files(render: Callable[..., bytes]) -> list[bytes]:
    return [render(draw_report(a, 2023, seed=i)) for i, a in enumerate(agencies(_REPORTS))]


def _parsed(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        etree.fromstring(archive.read("word/document.xml"))


def _values(data: bytes) -> None:
    with calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)) as workbook:
        for name in workbook.sheet_names:
            workbook.get_sheet_by_name(name).to_python()


def _best(run: Callable[[], None]) -> float:
    """The shortest of several runs: what the machine's other work adds falls away."""
    times = []
    for _ in range(_ROUNDS):
        started = perf_counter()
        run()
        times.append(perf_counter() - started)
    return min(times)


def _ratio(
    files: list[bytes], read: Callable[[bytes, str], object], bare: Callable[[bytes], None]
) -> float:
    def ours() -> None:
        for data in files:
            read(data, "0")

    def floor() -> None:
        for data in files:
            bare(data)

    return round(_best(ours) / _best(floor), 2)


def test_bench_docx(benchmark: Any) -> None:
    files = _files(render_docx)
    benchmark(lambda: [read_docx(data, "0") for data in files])
    ratio = _ratio(files, read_docx, _parsed)
    benchmark.extra_info.update(ratio_to_unzip_and_parse=ratio, reports=len(files))
    assert ratio <= MOST


def test_bench_xlsx(benchmark: Any) -> None:
    files = _files(render_xlsx)
    benchmark(lambda: [read_xlsx(data, "0") for data in files])
    ratio = _ratio(files, read_xlsx, _values)
    benchmark.extra_info.update(ratio_to_bare_values=ratio, reports=len(files))
    assert all(read_xlsx(data, "0").blocks for data in files)
