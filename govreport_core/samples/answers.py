"""Samples in, `answers.json` out, and back: what a careful reader reads in every file.

To stay small `cells` lists only those that aren't a plain 0, as `[table, row,
column, number]` with null where no number is certain; `states` says of which cells
the state isn't `reported`. Every other cell of the form that is printed holds 0. Those
under `absent` (`table`, or `table.row`) aren't printed at all. A group row that is
printed with figures of its own is listed whole.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from govreport_core.errors import GovReportError
from govreport_core.forms import forms
from govreport_core.model import State
from govreport_core.samples.numbers import form_cells
from govreport_core.samples.prose import themes_of
from govreport_core.samples.sample import Fault, Key, Promise, Sample

RULE = (
    "cells: [table, row, column, number|null], money in 万元; states: where not reported; "
    "every other printed cell of the form is 0; absent: tables and table.row not printed"
)


class Answer(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What is known of one sample file.

    Attributes:
        file: Its path below the samples' folder, with `/`.
        agency: The name as printed in title or signature; None where in neither.
        sections: Codes of the sections whose heading is printed, in that order.
        themes: Themes of the problems named in section five, in their order.
        noise: What makes it harder to read, as words of `noise.KINDS`.
        copied_from: The `report_id` of the report whose sections one and five it repeats.
        promises: What became of last year's measures, where the samples were written so.
        three_years: The theme of a problem named in the third year running, likewise.
    """

    file: str
    agency_id: str
    agency: str | None
    year: int
    form: str
    layout: str
    encoding: str
    newline: str
    title: str | None
    published_on: str
    sections: tuple[str, ...]
    themes: tuple[str, ...]
    absent: tuple[str, ...]
    cells: tuple[tuple[str, str, str, float | int | None], ...]
    states: tuple[tuple[str, str, str, State], ...]
    faults: tuple[Fault, ...]
    noise: tuple[str, ...] = ()
    copied_from: str | None = None
    promises: tuple[Promise, ...] = ()
    three_years: str | None = None

    @property
    def report_id(self) -> str:
        """As the dataset has it."""
        return f"{self.agency_id}-{self.year}"


class Gap(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A report that was never published."""

    agency_id: str
    year: int


class Answers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`answers.json`."""

    rule: str
    missing: tuple[Gap, ...]
    reports: tuple[Answer, ...]


def answer(sample: Sample, file: str, layout: str, encoding: str, newline: str) -> Answer:
    """What is known of the sample, once it is said how its file is written."""
    own = set(form_cells(sample.form))
    sections = [s.code for s in forms()[sample.form].sections if s.code not in sample.without]
    return Answer(
        file=file,
        agency_id=sample.agency.agency_id,
        agency=sample.agency.name if sample.title or sample.signature else None,
        year=sample.year,
        form=sample.form,
        layout=layout,
        encoding=encoding,
        newline=newline,
        title="".join(sample.title) or None,
        published_on=sample.published_on,
        sections=tuple(sections),
        themes=themes_of(sample.topics),
        absent=tuple(code for code in sample.without if code not in _section_codes(sample)),
        cells=tuple(
            (*key, _plain(number))
            for key, number in sample.numbers.items()
            if number != 0 or key not in own
        ),
        states=tuple((*key, state) for key, state in sample.states.items()),
        faults=sample.faults,
        noise=sample.noise,
        copied_from=sample.retelling.copied_from,
        promises=sample.retelling.promises,
        three_years=sample.retelling.three_years,
    )


def expected_cells(found: Answer) -> dict[Key, tuple[float | None, State]]:
    """Number and state of every cell of the report's form, those not printed included."""
    form = forms()[found.form]
    expected: dict[Key, tuple[float | None, State]] = {}
    for table in form.tables:
        for row in table.value_rows:
            gone = table.code in found.absent or f"{table.code}.{row.code}" in found.absent
            for column in table.value_columns:
                nothing = (None, State.ABSENT) if gone else (0.0, State.REPORTED)
                expected[(table.code, row.code, column.code)] = nothing
    for table_code, row_code, column_code, number in found.cells:
        expected[(table_code, row_code, column_code)] = (number, State.REPORTED)
    for table_code, row_code, column_code, state in found.states:
        cell = (table_code, row_code, column_code)
        expected[cell] = (expected[cell][0], state)
    return expected


def write_answers(found: Answers) -> bytes:
    """Compact JSON, one report a line so that changes can be seen."""
    one_a_line = [msgspec.json.encode(report) for report in found.reports]
    head = msgspec.json.encode({"rule": found.rule, "missing": found.missing})
    return head[:-1] + b',"reports":[\n' + b",\n".join(one_a_line) + b"\n]}\n"


def read_answers(file: Path) -> Answers:
    """The answers beside a folder of samples.

    Raises:
        GovReportError: Not such a file.
    """
    try:
        return msgspec.json.decode(file.read_bytes(), type=Answers)
    except (OSError, msgspec.DecodeError) as error:
        msg = f"{file}: no answers to samples ({error}); make some with: govreport sample -o DIR"
        raise GovReportError(msg) from error


def _section_codes(sample: Sample) -> set[str]:
    return {section.code for section in forms()[sample.form].sections}


def _plain(number: float | None) -> float | int | None:
    return int(number) if number is not None and number.is_integer() else number
