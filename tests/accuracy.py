"""Expected cells and what was read in, how many are right, not read and wrong out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

from govreport_core.intake import read_report
from govreport_core.model import Report, State


class Counts(NamedTuple):
    """Cells by how they were read, and the wrong ones spelled out."""

    right: int
    not_read: int
    wrong: int
    mistakes: tuple[str, ...]

    @property
    def share_read(self) -> float:
        return self.right / (self.right + self.not_read + self.wrong)


def expectation(path: Path) -> dict[str, Any]:
    """A hand-read expectation."""
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def compare(report: Report, expected: dict[str, Any]) -> Counts:
    """Hold a report's values against the expected cells; None there is a printed blank."""
    values = {(v.table, v.row, v.column): v for v in report.values}
    right = not_read = 0
    mistakes: list[str] = []
    for table, row, column, number in expected["cells"]:
        value = values.get((table, row, column))
        if value is None or value.state in (State.UNREADABLE, State.ABSENT):
            not_read += 1
        elif (number is None and value.state is State.BLANK) or (
            number is not None and value.number == number
        ):
            right += 1
        else:
            mistakes.append(f"{table}.{row}.{column}: expected {number}, read {value}")
    return Counts(right, not_read, len(mistakes), tuple(mistakes))


def read_and_compare(path: Path, expected: dict[str, Any]) -> tuple[Report, Counts]:
    """Read a file and hold it against its expectation."""
    _, report = read_report(path)
    return report, compare(report, expected)
