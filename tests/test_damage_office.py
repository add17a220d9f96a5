"""Word and Excel files whose XML is damaged: nothing breaks, no figure moves to another cell."""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Callable

import msgspec
import pytest
from test_roundtrip import filled

from govreport_core.errors import SourceError
from govreport_core.extract import extract
from govreport_core.forms import forms
from govreport_core.samples import form_cells
from govreport_core.samples.docx import render_docx
from govreport_core.samples.xlsx import render_xlsx
from govreport_core.sources.office import read_package

# Per format, form and kind of damage; each is another damage to another report.
TIMES = 12

_TAG = re.compile(rb"<[^>]+>")
_CELL = re.compile(rb"<w:tc>.*?</w:tc>|<c [^>]*?(?:/>|>.*?</c>)", re.DOTALL)
_ROW = re.compile(rb"<w:tr>.*?</w:tr>|<row .*?</row>", re.DOTALL)
_SPAN = re.compile(rb"<w:(?:gridSpan|vMerge)[^>]*>|<mergeCell [^>]*>")

Damage = Callable[[bytes, random.Random], bytes]


def _without(pattern: re.Pattern[bytes]) -> Damage:
    def damage(xml: bytes, rng: random.Random) -> bytes:
        start, end = _one(pattern, xml, rng)
        return xml[:start] + xml[end:]

    return damage


def _twice(pattern: re.Pattern[bytes]) -> Damage:
    def damage(xml: bytes, rng: random.Random) -> bytes:
        start, end = _one(pattern, xml, rng)
        return xml[:end] + xml[start:end] + xml[end:]

    return damage


def _one(pattern: re.Pattern[bytes], xml: bytes, rng: random.Random) -> tuple[int, int]:
    found = [m.span() for m in pattern.finditer(xml)]
    return rng.choice(found) if found else (0, 0)


def _other_span(xml: bytes, rng: random.Random) -> bytes:
    start, end = _one(_SPAN, xml, rng)
    spans = (b'<w:gridSpan w:val="%d"/>' % rng.randrange(9), b"<w:vMerge/>", b"")
    return xml[:start] + rng.choice(spans) + xml[end:]


def _flipped(xml: bytes, rng: random.Random) -> bytes:
    """A byte within a tag: one within a text would print another figure."""
    start, end = _one(_TAG, xml, rng)
    at = rng.randrange(start, max(end, start + 1))
    return xml[:at] + bytes([rng.randrange(256)]) + xml[at + 1 :]


DAMAGES: dict[str, Damage] = {
    "a tag lost": _without(_TAG),
    "a cell lost": _without(_CELL),
    "a cell twice": _twice(_CELL),
    "a row lost": _without(_ROW),
    "a row twice": _twice(_ROW),
    "a span lost": _without(_SPAN),
    "another span": _other_span,
    "a byte flipped": _flipped,
}
WRITERS: dict[str, tuple[Callable[..., bytes], str]] = {
    "docx": (render_docx, "word/document.xml"),
    "xlsx": (render_xlsx, "xl/worksheets/sheet1.xml"),
}


def _rezipped(data: bytes, name: str, damage: Damage, rng: random.Random) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as whole, zipfile.ZipFile(out, "w") as written:
        for member in whole.namelist():
            content = whole.read(member)
            written.writestr(member, damage(content, rng) if member == name else content)
    return out.getvalue()


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("form", forms())
@pytest.mark.parametrize("ending", WRITERS)
def test_damage_never_moves_a_figure_to_another_cell(ending: str, form: str, damage: str) -> None:
    render, name = WRITERS[ending]
    rng = random.Random(f"{ending} {form} {damage}")  # noqa: S311 - damage, not a secret
    for seed in range(TIMES):
        numbers = {key: 1000.0 + i for i, key in enumerate(form_cells(form))}
        owner = {n: key for key, n in numbers.items()}
        blank = rng.sample(sorted(numbers), 60)
        printed = dict.fromkeys(blank, "")
        sample = msgspec.structs.replace(filled(form, numbers, seed), printed=printed)
        data = _rezipped(render(sample, seed=seed), name, DAMAGES[damage], rng)
        try:
            report = extract(read_package(data, "0"))
        except SourceError:
            continue
        moved = [
            (v.table, v.row, v.column, v.number)
            for v in report.values
            if v.number in owner and owner[v.number] != (v.table, v.row, v.column)
        ]
        assert moved == []
