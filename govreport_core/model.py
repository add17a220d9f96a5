"""The records that walk through govreport: a source becomes a Document, a Document a Report.

All are frozen. A place is `part, start, end_part, end`: `part` names a row of the
document's parts (`line:120`, `table:2/r4/c3`, `page:3/line:7`), start and end count
characters of their own part's raw text; `end_part` is None where it is the same part.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import msgspec


class Record(msgspec.Struct, frozen=True, gc=False, kw_only=False):
    """What all records share: immutable, without cyclic references."""


class Part(Record, frozen=True, gc=False):
    """One piece of the source as read: a line of text, or a cell of a real grid.

    Attributes:
        part: Its stable path in the document.
        kind: `paragraph`, `row` (a line that holds table cells) or `cell`.
        text: The raw text, untouched.
        row: Row in the grid, where there is one; with `col` and the spans.
    """

    part: str
    kind: str
    text: str
    row: int | None = None
    col: int | None = None
    rowspan: int | None = None
    colspan: int | None = None


class Cell(Record, frozen=True, gc=False):
    """A printed cell: its text without surrounding space, and its place.

    Attributes:
        text: What is printed, broken lines joined without a space; empty for a blank.
        col: First grid column, where the source has a grid; else None.
        colspan: Number of grid columns, where the source has a grid.
    """

    text: str
    part: str
    start: int
    end: int
    end_part: str | None = None
    col: int | None = None
    colspan: int = 1


Place = tuple[str, int, str | None, int]
"""`part, start, end_part, end`, in the order in which the records take them."""


def place_of(cell: Cell) -> Place:
    """Where a cell stands."""
    other = cell.end_part if cell.end_part and cell.end_part != cell.part else None
    return cell.part, cell.start, other, cell.end


def place_between(first: tuple[str, int], last: tuple[str, int]) -> Place:
    """The place from one character to before another, each given as part and offset."""
    return *first, None if last[0] == first[0] else last[0], last[1]


class Layout(StrEnum):
    """What is known of a table's blank cells.

    `EXACT`: every cell is there, blank or not, merged ones once.
    `PADDED`: blank cells are there, but rows may carry spare ones or have lost some.
    `GRID`: every cell has its grid column (`Cell.col`).
    """

    EXACT = "exact"
    PADDED = "padded"
    GRID = "grid"


class Paragraph(Record, frozen=True, gc=False, tag=True):
    """A line or paragraph outside any table the source marks as one.

    In plain dumps the tables' rows come as paragraphs too: which of them belong
    to a table is for `align` to say.
    """

    text: str
    part: str
    start: int = 0


class Table(Record, frozen=True, gc=False, tag=True):
    """Rows of cells whose blanks are visible."""

    layout: Layout
    rows: tuple[tuple[Cell, ...], ...]


Block = Paragraph | Table


class Document(Record, frozen=True, gc=False):
    """A source file as read, without any meaning yet.

    Attributes:
        document_id: sha256 of the file's bytes, in hex.
        media_type: For text: `text/plain`.
        parts: Everything readable, in order; evidence points here.
        blocks: The same content as paragraphs and tables, in order.
        metadata: What a crawler or a page says of itself (`title`, `agency`,
            `published_on`, `source_url`, `column`), each with its place; and
            `attachment`: the name of a file it links to, empty where it links to
            none, without a place.
        diagnostics: What was odd in reading (undecodable bytes, cut lines).
    """

    document_id: str
    media_type: str
    parts: tuple[Part, ...]
    blocks: tuple[Block, ...]
    metadata: dict[str, Cell] = {}
    diagnostics: tuple[Diagnostic, ...] = ()


class State(StrEnum):
    """What a cell of the form turned out to be; see `Value`."""

    REPORTED = "reported"
    BLANK = "blank"
    PLACEHOLDER = "placeholder"
    TEXT = "text"
    UNREADABLE = "unreadable"
    ABSENT = "absent"


class Value(Record, frozen=True, gc=False):
    """One cell of the official form, as this report fills it.

    Attributes:
        number: The number (money in 万元); None unless exactly one is certain.
        state: `reported` a number is printed, 0 included; `blank` the cell is
            there and empty; `placeholder` (`/`, `—`, `无`); `text` words, the
            number kept when exactly one reading is certain; `unreadable`;
            `absent` the row or column isn't in the document.
        raw: What is printed; None for `absent` and for blanks that can't be seen.
        unit: The unit as printed, in the cell or else in the header.
    """

    table: str
    row: str
    column: str
    number: float | None
    state: State
    raw: str | None = None
    unit: str | None = None
    part: str | None = None
    start: int | None = None
    end_part: str | None = None
    end: int | None = None


class Level(StrEnum):
    """`NOTE`: odd, the reading is still certain. `DOUBT`: it isn't."""

    NOTE = "note"
    DOUBT = "doubt"


class Diagnostic(Record, frozen=True, gc=False):
    """Something about our reading, never about the report's merit.

    `code` has its sentences in `dashboard/locale`, filled with `params`.
    A doubt about cells names them in params: `table`, `row`, `column`
    (None stands for all of that axis).
    """

    level: Level
    code: str
    params: Mapping[str, str | int | float | None] = {}
    part: str | None = None
    start: int | None = None
    end_part: str | None = None
    end: int | None = None


class Section(Record, frozen=True, gc=False):
    """One of the six sections: its heading as printed and its prose without the tables."""

    section: str
    heading: str
    text: str
    part: str
    start: int
    end_part: str | None
    end: int


class Evidence(Record, frozen=True, gc=False):
    """A candidate for a fact about the report, with the place it came from.

    Attributes:
        field: `agency_name`, `year`, `title`, `published_on`, `form`, `region`,
            `column` (of the site), `attachment` (a file's name, empty for none).
        candidate: The value it speaks for.
        chosen: Whether that became the report's.
        rule: How it was found: `title`, `signature`, `period`, `prose`,
            `metadata`, `manifest`, `columns`.
    """

    field: str
    candidate: str
    chosen: bool
    rule: str
    part: str | None = None
    start: int | None = None
    end_part: str | None = None
    end: int | None = None


class Point(Record, frozen=True, gc=False):
    """One problem or one improvement named in section five."""

    kind: str
    ordinal: int
    text: str
    part: str
    start: int
    end_part: str | None
    end: int


class Claim(Record, frozen=True, gc=False):
    """A figure, or the lack of one, that the prose states and a table cell can confirm.

    Attributes:
        claim: Which kind (`narrative/clauses.toml`): `received`, `none_received`, `accepted`,
            `carried_over`, `carried_forward`, `disposed`, `all_disposed`; `granted`,
            `granted_full`, `granted_partial`, `denied`, `unable`, `unprocessed`,
            `other_done`, `percent`; `review`, `litigation`, `cases` (both together),
            `review_upheld` and other results of either, `all_upheld`, `none_lost`;
            `documents_issued`, `documents_repealed`, `documents_in_force`;
            `information_fee`.
        number: The number claimed; 0 for none.
        text: The sentence it stands in.
        scope: None where it is this report's own figure in so many words; `implied`
            where year or agency go without saying; else why it isn't judged:
            `not_understood` (a word of its sentence), `part`, `wider`, `other_year`,
            `accepted`, `handled`, `cumulative`, `in_time`, `open`, `rounded`,
            `with_carried_over`, `cause_unstated`, `another_agrees`.
        table, row, column: The cell it is held against, or the first of several.
        agrees: Whether it is a figure it may mean; None where that can't be said, and
            where it is of another year, a part, or not understood.
    """

    claim: str
    number: float
    text: str
    scope: str | None
    table: str
    row: str
    column: str
    agrees: bool | None
    part: str
    start: int
    end_part: str | None
    end: int


class Report(Record, frozen=True, gc=False):
    """One report, read: identity, every cell of its form, its sections and what was odd.

    `values` holds each cell of the form exactly once (`absent` where the
    document lacks it), and the cells of a group row where one is printed with
    figures of its own. It is empty when `form` is None.
    """

    document_id: str
    form: str | None
    year: int | None
    agency_name: str | None
    title: str | None
    published_on: str | None
    source_url: str | None
    values: tuple[Value, ...]
    sections: tuple[Section, ...]
    evidence: tuple[Evidence, ...]
    diagnostics: tuple[Diagnostic, ...]
    points: tuple[Point, ...] = ()
    claims: tuple[Claim, ...] = ()


class Outcome(StrEnum):
    """What a check says of a report. What can't be assessed is `SKIP`, never `PASS`."""

    PASS = "pass"  # noqa: S105 - an outcome, not a password
    FAIL = "fail"
    SKIP = "skip"


class Severity(StrEnum):
    """How much a failure weighs."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
