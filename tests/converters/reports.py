"""A number in, a made-up report with known cells out, as a web page, Word file, PDF and workbook.

The hard kinds come in turn: rows with blanks, tables filled in part or with zeros
only, placeholders, many digits, prose that names rows and figures, and all forms.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from typing import NamedTuple

import msgspec
from damage import member, rezipped
from sheet_2014 import TABLE, draw, html, write

from govreport_core.forms import forms
from govreport_core.model import State
from govreport_core.samples import agencies, draw_report, form_cells, random_numbers
from govreport_core.samples.files import render_file
from govreport_core.samples.noise import with_noise
from govreport_core.samples.sample import Key, Sample
from govreport_core.samples.trials.roundtrip import with_figures, years_of
from govreport_core.samples.trials.scoring import Expected, printed_cells

FORMS = ("form_2021", "form_2019", "form_2021", "form_2019", "form_2014")
SOURCES = ("html", "docx", "pdf", "xlsx")
# The sheet of 2014-2018 is drawn as a web page only.
SHEET = "form_2014"
_TABLE = re.compile(rb"<w:tbl>(?:(?!<w:tbl>).)*?</w:tbl>", re.DOTALL)
_SPAN = re.compile(rb'<w:gridSpan w:val="(\d+)"')
# Deleted and moved text, hidden runs, and the marks of a field, which LibreOffice computes anew.
_DELETED = re.compile(
    rb"<w:(del|moveFrom) [^>]*[^/>]>.*?</w:\1>|<w:r><w:rPr>(?:(?!</w:r>).)*?<w:vanish/>.*?</w:r>"
    rb"|<w:r><w:fldChar [^>]*/></w:r>|<w:r><w:instrText.*?</w:instrText></w:r>",
    re.DOTALL,
)


class Made(NamedTuple):
    """A report and what is printed in each of its cells."""

    form: str
    expected: Expected
    files: dict[str, bytes]


class Filled(msgspec.Struct, frozen=True):
    """What the cells of a form hold, and how some of them are printed."""

    numbers: dict[Key, float | None]
    printed: dict[Key, str] = {}
    states: dict[Key, State] = {}


def made(number: int, sources: tuple[str, ...] = SOURCES) -> Made:
    """The report of that number."""
    form = FORMS[number % len(FORMS)]
    rng = random.Random(f"converters {number}")  # noqa: S311 - made-up figures, not a secret
    if form == SHEET:
        return _sheet(rng)
    fill = FILLS[number % len(FILLS)]
    sample = _sample(form, fill(form, rng), number, rng)
    files = {}
    for source in sources:
        # its own, so that a file is the same whichever others are made beside it
        noise = random.Random(f"converters {number} {source}")  # noqa: S311 - likewise
        noisy = with_noise(sample, source, noise, each=0.1, without=("blank_zeros",))
        files[source] = render_file(noisy, source, seed=number)
    if "docx" in files:
        files["docx"] = _accepted(files["docx"])
    return Made(form, printed_cells(sample), files)


def _accepted(word: bytes) -> bytes:
    """A Word file without what is deleted or hidden, which converters print with the rest."""
    name = "word/document.xml"
    text = member(word, name)
    return rezipped(word, name, _TABLE.sub(_with_columns, _DELETED.sub(b"", text)))


def _with_columns(table: re.Match[bytes]) -> bytes:
    """A table with its columns' widths, as every word processor saves it."""
    row = table[0].partition(b"</w:tr>")[0]
    columns = row.count(b"<w:tc>") + sum(int(n) - 1 for n in _SPAN.findall(row))
    grid = b"<w:tblGrid>" + b'<w:gridCol w:w="900"/>' * columns + b"</w:tblGrid>"
    return table[0].replace(b"</w:tblPr>", b"</w:tblPr>" + grid, 1)


def _sheet(rng: random.Random) -> Made:
    numbers = draw(rng)
    page = html(write(numbers, rng), rng).encode()
    states = {(TABLE.code, row, "number"): (n, State.REPORTED) for row, n in numbers.items()}
    column = TABLE.value_columns[0].code
    expected = {(table, row, column): cell for (table, row, _), cell in states.items()}
    return Made(SHEET, expected, {"html": page})


def _sample(form: str, filled: Filled, number: int, rng: random.Random) -> Sample:
    agency = agencies(200)[number % 200]
    drawn = draw_report(agency, rng.choice(years_of(form)), seed=number, form=form)
    sample = with_figures(drawn, filled.numbers)
    told = list(_told(form, rng))
    return msgspec.structs.replace(
        sample,
        printed=filled.printed,
        states=filled.states,
        overview=(*sample.overview, *told[:2]),
        problems=(*sample.problems, told[2]),
        other=(*told[3:], *sample.other),
    )


def _told(form: str, rng: random.Random) -> list[str]:
    """Sentences that name rows and columns, with figures that are no cell's."""
    table = forms()[form].table("t3_requests")
    rows = rng.sample([r.label for r in table.value_rows], 5)
    columns = [c.label for c in table.value_columns]
    figures = [rng.randrange(70_000, 80_000) for _ in range(9)]
    return [
        (
            f"全年收到申请{figures[0]}件，其中{columns[0]}{figures[1]}件，{columns[1]}{figures[2]}件；"
            f"按“{rows[0]}”办理{figures[3]}件，按“{rows[1]}”办理{figures[4]}件。"
        ),
        f"{rows[2]}{figures[5]}件",
        (
            f"{rows[3]}：{figures[6]}件，较上年增加{figures[7] % 90}件，主要是部分申请人一事多问，"
            "同一事项先后提出多件申请，答复口径需要进一步统一，台账登记也要更细。"
        ),
        f"说明：“{rows[4]}”{figures[8]}件中含上年结转{figures[8] % 50}件。",
    ]


def _any(form: str, rng: random.Random) -> Filled:
    return Filled(random_numbers(form, rng, zeros=0.4))


def _zeros(form: str, _: random.Random) -> Filled:
    return Filled(dict.fromkeys(form_cells(form), 0.0))


def _different(form: str, rng: random.Random, least: int = 100, most: int = 9_999) -> Filled:
    """A figure for each cell that no other has, so that a shift shows."""
    cells = form_cells(form)
    drawn = rng.sample(range(least, most), len(cells))
    return Filled({cell: float(n) for cell, n in zip(cells, drawn, strict=True)})


def _digits(form: str, rng: random.Random) -> Filled:
    """Many digits, with commas in half of the reports."""
    numbers = _different(form, rng, 1_000_000, 99_999_999).numbers
    if rng.random() < 0.5:
        return Filled(numbers)
    return Filled(numbers, {key: f"{int(n or 0):,}" for key, n in numbers.items()})


def _without(form: str, rng: random.Random, gone: Callable[[Key], bool], *shown: str) -> Filled:
    """Different figures, some of them left out: what is `shown` in their place, or nothing."""
    numbers = dict(_different(form, rng).numbers)
    printed, states = {}, {}
    for key in numbers:
        if gone(key):
            numbers[key] = None
            printed[key] = rng.choice(shown or ("",))
            states[key] = State.PLACEHOLDER if printed[key] else State.BLANK
    return Filled(numbers, printed, states)


def _blanks(form: str, rng: random.Random) -> Filled:
    share = rng.choice((0.05, 0.2, 0.5))
    return _without(form, rng, lambda _: rng.random() < share)


def _placeholders(form: str, rng: random.Random) -> Filled:
    return _without(form, rng, lambda _: rng.random() < 0.3, "/", "—", "无")


def _in_part(form: str, rng: random.Random) -> Filled:
    """Whole rows and columns left blank."""
    share = rng.choice((0.2, 0.6))
    rows = {(t, r): rng.random() < share for t, r, _ in form_cells(form)}
    columns = {(t, c): rng.random() < share / 2 for t, _, c in form_cells(form)}
    return _without(form, rng, lambda key: rows[key[:2]] or columns[key[0], key[2]])


def _totals(form: str, rng: random.Random) -> Filled:
    """Only the first and last column filled, as where all who ask are persons."""
    return _without(
        form,
        rng,
        lambda key: key[0] == "t3_requests" and key[2] not in ("natural_person", "applicant_total"),
    )


Fill = Callable[[str, random.Random], Filled]
FILLS: tuple[Fill, ...] = (
    _any,
    _different,
    _blanks,
    _digits,
    _in_part,
    _placeholders,
    _totals,
    _zeros,
)
