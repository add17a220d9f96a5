"""Figures in, written in every format and read again; how many came back as they were, out.

`python -m govreport_core.samples.trials.roundtrip --documents 500` prints a table by format
and form; `--corpus` counts a folder of real reports with what a person read in them;
`--readme README.md README.zh-CN.md` puts both tables where those files mark the place.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from pathlib import Path

import click
import msgspec

from govreport_core.errors import SourceError
from govreport_core.extract import extract
from govreport_core.forms import forms
from govreport_core.samples.chance import chance, happens, pick
from govreport_core.samples.draw import draw_report
from govreport_core.samples.files import FILES, ending
from govreport_core.samples.layouts import LAYOUTS
from govreport_core.samples.noise import with_noise
from govreport_core.samples.numbers import FORMS, random_numbers
from govreport_core.samples.roster import agencies
from govreport_core.samples.sample import Sample
from govreport_core.samples.trials.accuracy_tables import Line, count_corpus, put, table
from govreport_core.samples.trials.scoring import printed_cells, score
from govreport_core.samples.write import ENCODINGS, Planned, content
from govreport_core.sources import read_bytes

FORMATS = (*FILES, *LAYOUTS)
LAST_YEAR = 2025
"""The last report year that is drawn on a form in force."""
_AGENCIES = 200
_ZEROS = 0.4
"""How many cells are 0; in others a misplaced figure shows."""
_EXAMPLES = 3


class Result(msgspec.Struct, frozen=True):
    """How one format and form came back.

    Attributes:
        known: Documents whose agency, year and form were all read right.
        odd: Some of the documents that weren't read whole, in words.
    """

    layout: str
    form: str
    documents: int
    cells: int
    right: int
    unread: int
    wrong: int
    known: int
    odd: tuple[str, ...]


def round_trip(layout: str, form: str, documents: int, *, seed: int = 1) -> Result:
    """Write that many reports with random figures and noise, read them, compare."""
    cells = right = unread = wrong = known = 0
    odd = []
    for number in range(documents):
        one = noisy_report(layout, form, number, seed=seed)
        cells += len(one.sample.numbers)
        try:
            report = extract(read_bytes(content(one, number), ending(layout)))
        except SourceError as error:
            unread += len(one.sample.numbers)
            odd.append(f"{layout} {form} document {number}: {error}")
            continue
        result = score(report, printed_cells(one.sample))
        right += result.right
        unread += len(result.unread)
        wrong += len(result.wrong)
        found = (report.agency_name, report.year, report.form)
        known += found == (one.sample.agency.name, one.sample.year, form)
        if result.unread or result.wrong or found[1:] != (one.sample.year, form):
            lost = [*result.wrong, *result.unread][:_EXAMPLES]
            odd.append(f"{layout} {form} document {number} {one.sample.noise}: {found} {lost}")
    return Result(layout, form, documents, cells, right, unread, wrong, known, tuple(odd))


def noisy_report(layout: str, form: str, number: int, *, seed: int = 1) -> Planned:
    """The report of that number, and how its file is to be written."""
    rng = chance(seed, layout, form, number, "roundtrip")
    agency = agencies(_AGENCIES)[number % _AGENCIES]
    drawn = draw_report(agency, pick(rng, years_of(form)), seed=seed + number, form=form)
    sample = with_figures(drawn, random_numbers(form, rng, zeros=_ZEROS))
    newline = "\r\n" if happens(rng, 0.2) else "\n"
    encoding = pick(rng, ENCODINGS)
    return Planned(with_noise(sample, layout, rng), layout, encoding, newline)


def years_of(form: str) -> range:
    """The years whose reports are on that form."""
    known = forms()[form]
    return range(known.years_from, (known.years_to or max(known.years_from, LAST_YEAR)) + 1)


def with_figures(sample: Sample, numbers: dict[tuple[str, str, str], float | None]) -> Sample:
    """The report with other figures in its tables; its prose stays."""
    # A header of the form that names no unit of its own is printed with one.
    columns = [c for table in forms()[sample.form].tables for c in table.value_columns]
    unit = "万元" if any(c.value == "money" and c.unit is None for c in columns) else None
    return msgspec.structs.replace(sample, numbers=numbers, printed={}, money_in_header=unit)


def run(documents: int, *, seed: int = 1) -> Iterator[Result]:
    """Every format and form, as each is done."""
    for layout in FORMATS:
        for form in FORMS:
            yield round_trip(layout, form, documents, seed=seed)


def lines_of(results: list[Result]) -> list[Line]:
    """Lines of the table: a format, both forms together."""
    lines = []
    for layout in dict.fromkeys(result.layout for result in results):
        own = [result for result in results if result.layout == layout]
        lines.append(
            Line(
                layout,
                *(
                    sum(getattr(result, count) for result in own)
                    for count in ("documents", "known", "cells", "right", "unread", "wrong")
                ),
            )
        )
    return lines


def main() -> None:
    """Print the figures, and put them where they are shown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=500, help="for each format and form")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--corpus",
        type=Path,
        default=os.environ.get("GOVREPORT_CORPUS"),
        help="real reports with expected/*.json; default: GOVREPORT_CORPUS",
    )
    parser.add_argument("--readme", type=Path, nargs="*", default=[], help="files to bring up")
    given = parser.parse_args()
    results = []
    click.echo(f"{'format':10}{'form':11}documents  known   cells   right  not read  wrong")
    for one in run(given.documents, seed=given.seed):
        results.append(one)
        counts = f"{one.cells:8}{one.right:8}{one.unread:10}{one.wrong:7}"
        click.echo(f"{one.layout:10}{one.form:11}{one.documents:9}{one.known:7}{counts}")
        for odd in one.odd[:_EXAMPLES]:
            click.echo(f"  {odd}")
    real = count_corpus(given.corpus) if given.corpus else []
    if real:
        click.echo(table(real, "en"))
    for file in given.readme:
        put(file, "generated", lines_of(results))
        if real:
            put(file, "real", real)


if __name__ == "__main__":
    main()
