"""What the sample writer prints, the reader reads: every file of data/, and any figures at all."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govreport_core import checks
from govreport_core.build.frames import FiledReport, Identity, frames_of
from govreport_core.extract import extract
from govreport_core.forms import forms
from govreport_core.model import Document, Level, Report
from govreport_core.samples import (
    FORMS,
    LAYOUTS,
    Answer,
    agencies,
    draw_report,
    expected_cells,
    form_cells,
    random_numbers,
    read_answers,
    render,
)
from govreport_core.samples.chance import chance
from govreport_core.samples.sample import Key, Sample
from govreport_core.samples.trials.roundtrip import with_figures
from govreport_core.samples.trials.scoring import Score, printed_cells, score
from govreport_core.sources import read, read_bytes

pytestmark = pytest.mark.slow

DATA = Path(__file__).parents[1] / "data"
ANSWERS = read_answers(DATA / "answers.json")
KINDS = {agency.agency_id: agency.kind for agency in agencies(20)}
YEARS = {form: forms()[form].years_to or 2023 for form in FORMS}


@pytest.fixture(scope="module")
def readings() -> dict[str, tuple[Document, Report]]:
    documents = {answer.file: read(DATA / answer.file) for answer in ANSWERS.reports}
    return {file: (document, extract(document)) for file, document in documents.items()}


@pytest.mark.parametrize("answer", ANSWERS.reports, ids=lambda a: a.file)
def test_a_sample_is_read_as_it_was_written(
    answer: Answer, readings: dict[str, tuple[Document, Report]]
) -> None:
    _, report = readings[answer.file]
    result = score(report, expected_cells(answer))
    assert result.wrong == []
    assert result.unread == []
    assert report.agency_name == answer.agency
    assert report.year == answer.year
    assert report.form == answer.form
    assert {section.section for section in report.sections} == set(answer.sections)
    assert "".join((report.title or "").split()) == (answer.title or "")


@pytest.mark.parametrize("answer", ANSWERS.reports, ids=lambda a: a.file)
def test_nothing_in_a_sound_sample_is_in_doubt(
    answer: Answer, readings: dict[str, tuple[Document, Report]]
) -> None:
    _, report = readings[answer.file]
    doubts = {d.code for d in report.diagnostics if d.level is Level.DOUBT}
    kinds = {fault.kind for fault in answer.faults}
    assert doubts == ({"unit_missing"} if kinds == {"no_unit"} else set())


@pytest.fixture(scope="module")
def verdicts(readings: dict[str, tuple[Document, Report]]) -> pl.DataFrame:
    rows = [
        FiledReport(
            *readings[answer.file],
            Identity(
                report_id=f"{answer.agency_id}-{answer.year}",
                current=True,
                agency_id=answer.agency_id,
                agency_name=readings[answer.file][1].agency_name,
                year=readings[answer.file][1].year,
                agency_kind=KINDS[answer.agency_id],
                published_on=dt.date.fromisoformat(answer.published_on),
                source_url=None,
            ),
        )
        for answer in ANSWERS.reports
    ]
    return checks.run(frames_of(rows))


@pytest.mark.parametrize("answer", ANSWERS.reports, ids=lambda a: a.file)
def test_a_sample_fails_the_checks_its_answers_name_and_no_other(
    answer: Answer, readings: dict[str, tuple[Document, Report]], verdicts: pl.DataFrame
) -> None:
    document, _ = readings[answer.file]
    own = verdicts.filter(document_id=document.document_id, outcome="fail")
    recorded = {(f.check, f.subject) for f in answer.faults if f.check in checks.catalogue()}
    assert set(own.select("check", "subject").iter_rows()) == recorded


def filled(form: str, numbers: dict[Key, float | None], seed: int) -> Sample:
    """A report of that form with these figures, sums or not."""
    return with_figures(draw_report(agencies(20)[seed % 20], YEARS[form], seed=seed), numbers)


def reread(sample: Sample, layout: str, seed: int) -> Score:
    report = extract(read_bytes(render(sample, layout, seed=seed).encode()))
    return score(report, printed_cells(sample))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_nearly_every_cell_comes_back_and_none_is_changed(layout: str, form: str) -> None:
    seeds = range(20)
    scores = [
        reread(filled(form, random_numbers(form, chance(form, seed)), seed), layout, seed)
        for seed in seeds
    ]
    assert [key for result in scores for key in result.wrong] == []
    read_cells = sum(result.right for result in scores)
    assert read_cells / (len(seeds) * len(form_cells(form))) >= 0.999


@given(data=st.data(), form=st.sampled_from(FORMS), layout=st.sampled_from(list(LAYOUTS)))
@settings(max_examples=60, deadline=None)
def test_no_figures_in_any_layout_come_back_as_others(
    data: st.DataObject, form: str, layout: str
) -> None:
    cells = form_cells(form)
    seed = data.draw(st.integers(0, 10**6), label="seed")
    at = st.integers(0, len(cells) - 1)
    some = data.draw(st.dictionaries(at, st.integers(0, 99_999), max_size=30), label="figures")
    numbers: dict[Key, float | None] = dict.fromkeys(cells, 0.0)
    numbers |= {cells[i]: float(n) for i, n in some.items()}
    result = reread(filled(form, numbers, seed), layout, seed)
    assert result.wrong == []


@given(
    seed=st.integers(0, 10**6),
    form=st.sampled_from(FORMS),
    layout=st.sampled_from(list(LAYOUTS)),
    twice=st.booleans(),
    where=st.floats(0, 1, exclude_max=True),
)
@settings(max_examples=80, deadline=None)
def test_a_figure_lost_or_printed_twice_never_moves_another(
    seed: int, form: str, layout: str, twice: bool, where: float
) -> None:
    cells = form_cells(form)
    numbers: dict[Key, float | None] = {key: 1000.0 + i for i, key in enumerate(cells)}
    sample = filled(form, numbers, seed)
    at = int(where * len(cells))
    victim = str(1000 + at)
    text = render(sample, layout, seed=seed)
    figure = re.compile(rf"(?<!\d){victim}(?!\d)")
    (found,) = (m for m in figure.finditer(text) if "第二十条" in text[: m.start()])
    line = text.rfind("\n", 0, found.start()) + 1
    # With a line of its own a figure goes with its line, else with the space before it.
    start = line if text[line : found.start()].strip() == "" else found.start() - 1
    piece = text[start : found.end()] + ("\n" if start == line else "")
    after = found.end() + (1 if start == line else 0)
    damaged = text[:after] + (piece if twice else "") + text[after:]
    if not twice:
        damaged = text[:start] + text[after:]
    report = extract(read_bytes(damaged.encode()))
    result = score(report, printed_cells(sample))
    assert result.wrong == []
    assert twice or cells[at] in result.unread
