"""What the writers of office files, web pages and Markdown print, the readers read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from office_files import ods, sheet_of, xls
from test_roundtrip import YEARS, score

from govreport_core.build import pipeline
from govreport_core.extract import extract
from govreport_core.forms import forms
from govreport_core.model import Level, Report, State
from govreport_core.samples import FORMS, agencies, draw_report, form_cells, random_numbers
from govreport_core.samples.chance import chance, happens
from govreport_core.samples.docx import render_docx
from govreport_core.samples.html import render_html
from govreport_core.samples.markdown import render_markdown
from govreport_core.samples.pdf import render_pdf
from govreport_core.samples.sample import Key, Sample
from govreport_core.samples.trials.scoring import printed_cells
from govreport_core.samples.xlsx import render_xlsx
from govreport_core.sources import ENDINGS
from govreport_core.sources.docx import read_docx
from govreport_core.sources.html import read_html
from govreport_core.sources.markdown import read_markdown
from govreport_core.sources.pdf import read_pdf
from govreport_core.sources.sheets import read_ods, read_xls, read_xlsx

pytestmark = pytest.mark.slow

# Reports a form and format; 500 were run when the readers were made.
REPORTS = 12
EXAMPLES = 40
_BLANKS = 0.3
# What converters make of a table may have spare blanks or have lost some.
HIDES_BLANKS = frozenset({"md"})

Write = Callable[[Sample, int], bytes]


def _xls(sample: Sample, seed: int) -> bytes:
    del seed
    return xls(sheet_of(sample))


def _ods(sample: Sample, seed: int) -> bytes:
    del seed
    return ods(*sheet_of(sample))


WRITERS: dict[str, Write] = {
    "docx": lambda sample, seed: render_docx(sample, seed=seed),
    "xlsx": lambda sample, seed: render_xlsx(sample, seed=seed),
    "xls": _xls,
    "ods": _ods,
    "pdf": lambda sample, seed: render_pdf(sample, seed=seed),
    "html": lambda sample, seed: render_html(sample, seed=seed),
    "md": lambda sample, seed: render_markdown(sample, seed=seed),
}
# Without the worker process that `sources.read` puts binary formats into: it costs time here.
READ = {
    "docx": read_docx,
    "xlsx": read_xlsx,
    "xls": read_xls,
    "ods": read_ods,
    "pdf": read_pdf,
    "html": read_html,
    "md": read_markdown,
}


def drawn(form: str, numbers: dict[Key, float | None], seed: int, blanks: float) -> Sample:
    """A report with these figures; some of its zeros are left blank."""
    rng = chance(form, seed, "blanks")
    empty = [k for k, n in numbers.items() if n == 0 and happens(rng, blanks)]
    sample = draw_report(agencies(20)[seed % 20], YEARS[form], seed=seed)
    return msgspec.structs.replace(
        sample,
        numbers=numbers | dict.fromkeys(empty, None),
        printed=dict.fromkeys(empty, ""),
        states=dict.fromkeys(empty, State.BLANK),
        money_in_header="万元" if form == "form_2019" else None,
    )


def reread(sample: Sample, ending: str, seed: int) -> Report:
    return extract(READ[ending](WRITERS[ending](sample, seed), "0"))


def test_every_format_is_read_under_its_ending() -> None:
    assert {f".{ending}" for ending in WRITERS} <= set(ENDINGS)


@pytest.mark.parametrize("ending", WRITERS)
def test_a_seed_gives_the_same_bytes_each_time(ending: str) -> None:
    sample = draw_report(agencies(20)[1], 2022, seed=3)
    assert WRITERS[ending](sample, 3) == WRITERS[ending](sample, 3)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("ending", WRITERS)
def test_every_cell_comes_back_blanks_as_blanks(ending: str, form: str) -> None:
    for seed in range(REPORTS):
        numbers = random_numbers(form, chance(form, seed, ending))
        sample = drawn(form, numbers, seed, 0.0 if ending in HIDES_BLANKS else _BLANKS)
        report = reread(sample, ending, seed)
        result = score(report, printed_cells(sample))
        assert (seed, result.wrong, result.unread) == (seed, [], [])
        assert {d.code for d in report.diagnostics if d.level is Level.DOUBT} == set()
        assert (report.form, report.year) == (form, sample.year)
        assert report.agency_name == sample.agency.name
        assert [s.section for s in report.sections] == [s.code for s in forms()[form].sections]


@given(data=st.data(), form=st.sampled_from(FORMS), ending=st.sampled_from(list(WRITERS)))
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_figures_in_any_format_come_back_as_they_were(
    data: st.DataObject, form: str, ending: str
) -> None:
    cells = form_cells(form)
    seed = data.draw(st.integers(0, 10**6), label="seed")
    blanks = data.draw(st.sampled_from([0.0, 0.2, 0.9, 1.0]), label="blanks")
    at = st.integers(0, len(cells) - 1)
    some = data.draw(st.dictionaries(at, st.integers(0, 99_999), max_size=30), label="figures")
    numbers: dict[Key, float | None] = dict.fromkeys(cells, 0.0)
    numbers |= {cells[i]: float(n) for i, n in some.items()}
    sample = drawn(form, numbers, seed, blanks)
    result = score(reread(sample, ending, seed), printed_cells(sample))
    assert result.wrong == []
    # Where a row is blank throughout, a format without lines around it doesn't show it.
    assert result.unread == [] or blanks > 0.2 or (blanks and ending in HIDES_BLANKS)


def test_the_same_report_gives_the_same_values_in_every_format() -> None:
    sample = draw_report(agencies(20)[3], 2024, seed=5)
    tables = {}
    for ending in WRITERS:
        values = reread(sample, ending, 5).values
        rows = [(v.table, v.row, v.column, v.number, v.state, v.raw, v.unit) for v in values]
        tables[ending] = pl.DataFrame(rows, orient="row", infer_schema_length=None)
    first = tables.pop("docx")
    for ending, table in tables.items():
        assert table.equals(first), ending


def test_the_same_report_in_five_files_gives_the_same_values_table(tmp_path: Path) -> None:
    sample = draw_report(agencies(20)[3], 2024, seed=5)
    sources = tmp_path / "sources"
    sources.mkdir()
    endings = ("html", "docx", "pdf", "xlsx", "md")
    for ending in endings:
        (sources / f"report.{ending}").write_bytes(WRITERS[ending](sample, 5))
    out = tmp_path / "dataset"
    assert pipeline.build([sources], out).written
    values = pl.read_parquet(f"{out}/values/**/*.parquet")
    documents = pl.read_parquet(f"{out}/documents/**/*.parquet")
    ids = dict(documents.select("path", "document_id").iter_rows())
    tables = [
        values.filter(document_id=ids[path]).drop("document_id", "part", "start", "end")
        for path in sorted(ids)
    ]
    assert len(tables) == len(endings)
    assert tables[0].height == len(form_cells(sample.form))
    assert all(table.equals(tables[0]) for table in tables)
    assert values["state"].unique().to_list() == ["reported"]
