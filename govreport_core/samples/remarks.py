"""The samples' answers in, what fictional agencies say of their faults out, as two CSV files.

They stand beside the reports as a collector would keep them: `corrections.csv` and
`replies.csv`, each only where there is a fault to say something of.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import msgspec

from govreport_core.samples.answers import Answer
from govreport_core.samples.sample import Fault, print_number

CORRECTIONS = "corrections.csv"
REPLIES = "replies.csv"
_CORRECTED = (
    *("agency_id", "year", "table", "row", "column", "printed", "corrected"),
    *("reason", "source", "date"),
)
_REPLIED = ("report_id", "check", "subject", "text", "url", "date")

Rows = list[tuple[str, ...]]


class Correction(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A total that a kind of fault spoils, the columns that make it up, and what is said."""

    kind: str
    table: str
    row: str
    column: str
    parts: tuple[str, ...]
    reason: str
    days: int


class Reply(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is answered to the first check that a kind of fault fails, so many days later."""

    kind: str
    text: str
    days: int


class _Said(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    corrections: tuple[Correction, ...]
    replies: tuple[Reply, ...]


def remarks(answered: Sequence[Answer]) -> dict[str, bytes]:
    """The files by name; none where nothing is said.

    Args:
        answered: What is known of each report; those without a fault are left alone.
    """
    corrected: Rows = []
    replied: Rows = []
    for one in answered:
        first = {fault.kind: fault for fault in reversed(one.faults)}
        corrected += [_corrected(one, said) for said in _said().corrections if said.kind in first]
        replied += [
            _replied(one, said, first[said.kind]) for said in _said().replies if said.kind in first
        ]
    told = {CORRECTIONS: (_CORRECTED, corrected), REPLIES: (_REPLIED, replied)}
    return {name: _csv(head, rows) for name, (head, rows) in told.items() if rows}


def _corrected(one: Answer, said: Correction) -> tuple[str, ...]:
    numbers = {(table, row, column): number or 0.0 for table, row, column, number in one.cells}

    def number(column: str) -> float:
        return numbers.get((said.table, said.row, column), 0.0)

    return (
        *(one.agency_id, str(one.year), said.table, said.row, said.column),
        *(print_number(number(said.column)), print_number(sum(map(number, said.parts)))),
        *(said.reason, _address(one), _later(one, said.days)),
    )


def _replied(one: Answer, said: Reply, fault: Fault) -> tuple[str, ...]:
    about = (one.report_id, fault.check, fault.subject)
    return (*about, said.text, _address(one), _later(one, said.days))


def _address(one: Answer) -> str:
    return f"https://www.example.com/zwgk/{one.agency_id}/{one.year}-note.html"


def _later(one: Answer, days: int) -> str:
    return (dt.date.fromisoformat(one.published_on) + dt.timedelta(days)).isoformat()


def _csv(columns: Sequence[str], rows: Rows) -> bytes:
    out = io.StringIO()
    written = csv.writer(out, lineterminator="\n")
    written.writerow(columns)
    written.writerows(sorted(rows))
    return out.getvalue().encode()


@cache
def _said() -> _Said:
    text = files("govreport_core.samples").joinpath("remarks.toml").read_bytes()
    return msgspec.toml.decode(text, type=_Said)
