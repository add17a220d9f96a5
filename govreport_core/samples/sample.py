"""The records of a fictional report: what was drawn, before any layout prints it."""

from __future__ import annotations

import msgspec

from govreport_core.model import State

Key = tuple[str, str, str]
"""A cell of the form: table, row, column."""


class Agency(msgspec.Struct, frozen=True):
    """A fictional agency of the roster; `profile` names how much it does in a year."""

    agency_id: str
    name: str
    region_code: str
    level: str
    kind: str
    profile: str
    province: str
    prefecture: str
    county: str | None


class Fault(msgspec.Struct, frozen=True):
    """A check this report must fail.

    Attributes:
        check: The rule's code.
        subject: `table.row.column` with `*` for a summed axis, a section's or
            table's code, or `report`.
        kind: What was done to the report, as a word of `faults.KINDS`.
    """

    check: str
    subject: str
    kind: str


class Wording(msgspec.Struct, frozen=True):
    """Whose words sections one and five are told in, where they aren't a report's own.

    Attributes:
        agency, year: The report that said it first; None for the report itself.
        named: Codes of topics that section five must name a problem of.
        unnamed: Codes of themes that it must name no problem of.
    """

    agency: Agency | None = None
    year: int = 0
    named: tuple[str, ...] = ()
    unnamed: tuple[str, ...] = ()


class Promise(msgspec.Struct, frozen=True):
    """A measure of last year's report, as this year's section five leaves it.

    Attributes:
        topic: Which problem it was to end, a code of `prose.toml`.
        theme: Under which theme measure and problem stand.
        report_id: The report that promised it.
        kept: Whether this year's report names no problem of the theme.
    """

    topic: str
    theme: str
    report_id: str
    kept: bool


class Retelling(msgspec.Struct, frozen=True):
    """What a report's text has of others, where it was written to have it.

    Attributes:
        copied_from: The report whose sections one and five it repeats, but for names,
            years and figures.
        promises: What last year's report promised.
        three_years: The theme of a problem that it names in the third year running.
    """

    copied_from: str | None = None
    promises: tuple[Promise, ...] = ()
    three_years: str | None = None


class Sample(msgspec.Struct, frozen=True):
    """One fictional report.

    Attributes:
        numbers: What a careful reader reads in each printed cell, money in 万元;
            None where the cell holds no number for certain.
        states: The state of the cells that aren't plain numbers.
        printed: The text of the cells whose text isn't simply their number.
        title: Its lines; empty where the report has none.
        intro: The paragraph before section one, or None.
        overview, problems, other: Paragraphs of sections one, five and six.
        signature: Agency and date at the end; empty where there is none.
        without: Codes of sections and tables, and `table.row`, that are left out.
        money_in_header: Unit that the procurement column's header names, if any.
        late_headings: Sections whose heading stands after its table.
        extra_cells: What is printed after the last cell of table four.
        topics: Codes of the topics of the problems named, in order.
        noise: What makes it harder to read without changing what it says, as words
            of `noise.KINDS`.
        wording: Whose words it is told in.
        retelling: What it has of other reports' texts.
    """

    agency: Agency
    year: int
    form: str
    numbers: dict[Key, float | None]
    title: tuple[str, ...]
    intro: str | None
    overview: tuple[str, ...]
    problems: tuple[str, ...]
    other: tuple[str, ...]
    signature: tuple[str, ...]
    published_on: str
    states: dict[Key, State] = {}
    printed: dict[Key, str] = {}
    without: tuple[str, ...] = ()
    money_in_header: str | None = None
    late_headings: tuple[str, ...] = ()
    extra_cells: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    noise: tuple[str, ...] = ()
    wording: Wording = Wording()
    retelling: Retelling = Retelling()


def print_cell(sample: Sample, key: Key) -> str:
    """What the cell shows, whatever the layout."""
    text = sample.printed.get(key)
    if text is not None:
        return text
    number = sample.numbers[key]
    return "" if number is None else print_number(number)


def print_number(number: float) -> str:
    """A number as people type it: no exponent, no trailing zeros, up to seven decimals."""
    return f"{number:.7f}".rstrip("0").rstrip(".")
