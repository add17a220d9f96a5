"""Damaged files of every format: nothing breaks or hangs, no intact cell gets another figure."""

from __future__ import annotations

import random
import re
from typing import NamedTuple

import pytest
from damage import ANY, PIPES, WEB, WHOLE, XML, Damage, Edit, edited, member, rezipped
from placed import misplaced
from spent import spent

from govreport_core.errors import SourceError
from govreport_core.extract import extract
from govreport_core.forms import forms
from govreport_core.samples import (
    FORMS,
    LAYOUTS,
    agencies,
    draw_report,
    form_cells,
    render,
    render_file,
    with_noise,
)
from govreport_core.samples.chance import chance
from govreport_core.samples.pdf import render_pdf
from govreport_core.samples.sample import Key, Sample
from govreport_core.samples.trials.roundtrip import with_figures
from govreport_core.sources import read_bytes

pytestmark = pytest.mark.slow

LIMIT = 10.0
"""Seconds for one file."""


class Kind(NamedTuple):
    """A format: its damages, how many files of each and form, and the member they are done to."""

    ending: str
    damages: dict[str, Damage]
    times: int
    inside: str | None = None


KINDS = {
    "text": Kind(".txt", ANY, 80),
    "markdown": Kind(".md", PIPES, 60),
    "html": Kind(".html", WEB, 60),
    "docx": Kind(".docx", WHOLE, 12),
    "docx inside": Kind(".docx", XML, 14, "word/document.xml"),
    "xlsx": Kind(".xlsx", WHOLE, 12),
    "xlsx inside": Kind(".xlsx", XML, 14, "xl/worksheets/sheet1.xml"),
    "pdf": Kind(".pdf", ANY, 24),
    "pdf, packed": Kind(".pdf", WHOLE, 12),
}
CASES = [(kind, form, damage) for kind in KINDS for form in FORMS for damage in KINDS[kind].damages]


def test_there_are_two_thousand_damaged_files() -> None:
    assert sum(KINDS[kind].times for kind, _, _ in CASES) >= 2000


@pytest.mark.parametrize(("kind", "form", "damage"), CASES)
def test_damage_never_moves_or_changes_a_figure(kind: str, form: str, damage: str) -> None:
    about = KINDS[kind]
    rng = random.Random(f"{kind} {form} {damage}")  # noqa: S311 - damage, not a secret
    for seed in range(about.times):
        sample = numbered(form, kind, seed)
        whole = written(sample, kind, seed)
        data = member(whole, about.inside) if about.inside else whole
        edits = about.damages[damage](data, rng)
        damaged = edited(data, edits)
        if about.inside:
            damaged = rezipped(whole, about.inside, damaged)
        began = spent()
        try:
            document = read_bytes(damaged, about.ending)
            report = extract(document)
        except SourceError:
            continue
        finally:
            assert spent() - began < LIMIT
        assert (seed, misplaced(document, report)) == (seed, [])
        wrong = {
            (v.table, v.row, v.column): v.number
            for v in report.values
            if v.number is not None
            and v.number != sample.numbers.get((v.table, v.row, v.column))
            and not is_hit(data, edits, sample.numbers.get((v.table, v.row, v.column)))
        }
        assert (seed, wrong) == (seed, {})


def test_a_whole_file_is_read_whole() -> None:
    for kind, about in KINDS.items():
        sample = numbered("form_2021", kind, 1)
        report = extract(read_bytes(written(sample, kind, 1), about.ending))
        read = {(v.table, v.row, v.column): v.number for v in report.values}
        assert read == sample.numbers, kind


def numbered(form: str, kind: str, seed: int) -> Sample:
    """A report in which no figure stands twice, with noise."""
    numbers: dict[Key, float | None] = {k: 1000.0 + i for i, k in enumerate(form_cells(form))}
    drawn = draw_report(agencies(20)[seed % 20], forms()[form].years_to or 2023, seed=seed)
    layout = layout_of(kind, seed)
    # With commas between a figure couldn't be found in the file again.
    return with_noise(
        with_figures(drawn, numbers), layout, chance(kind, seed), without=("thousands",)
    )


def layout_of(kind: str, seed: int) -> str:
    return list(LAYOUTS)[seed % len(LAYOUTS)] if kind == "text" else re.split("[ ,]", kind)[0]


def written(sample: Sample, kind: str, seed: int) -> bytes:
    layout = layout_of(kind, seed)
    if kind == "text":
        return render(sample, layout, seed=seed).encode()
    if kind == "pdf":
        return render_pdf(sample, seed=seed, packed=False)
    return render_file(sample, layout, seed=seed)


def is_hit(data: bytes, edits: list[Edit], number: float | None) -> bool:
    """Whether an edit begins or ends within what prints that figure: its cell isn't intact.

    Between its digits may stand the zeros of UTF-16, or tags; right before them the
    end of a tag; in a PDF, around them, what sets and moves the type.
    """
    if number is None:
        return False
    digits = [re.escape(digit.encode()) for digit in f"{number:g}"]
    around = 80 if data.startswith(b"%PDF") else 2
    return any(
        m.start() - around < place < m.end() + around
        for m in re.finditer(rb"(?:\\000|\x00|(?:<[^>]*>)+)?".join(digits), data)
        for edit in edits
        for place in (edit.start, edit.end)
    )
