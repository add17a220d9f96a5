"""A reading and what is known of its report in; how many cells are right, not read, wrong out."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from govreport_core.model import Report, State
from govreport_core.samples.sample import Key, Sample

Expected = Mapping[Key, tuple[float | None, State]]

_SAME = 1e-12
"""Amounts printed in 元 are divided by 10,000, which binary fractions don't hold exactly."""


class Score(msgspec.Struct, frozen=True):
    """Cells read as printed, not read, and read as something else.

    Attributes:
        right: How many.
        unread: Those without a number or in another state than the printed one.
        wrong: Those read as another number, or that aren't printed at all.
    """

    right: int
    unread: list[Key]
    wrong: list[Key]


def score(report: Report, expected: Expected) -> Score:
    """Hold a reading against what is printed; anything but the printed number is wrong."""
    found = {(v.table, v.row, v.column): v for v in report.values}
    unread, wrong = [], []
    for key, (number, state) in expected.items():
        value = found.pop(key, None)
        if value is None or (value.number is None and number is not None):
            unread.append(key)
        elif value.number is not None and not _same(value.number, number):
            wrong.append(key)
        elif value.state is not state:
            unread.append(key)
    wrong += [key for key, value in found.items() if value.state is not State.ABSENT]
    return Score(len(expected) - len(unread) - len(wrong), unread, wrong)


def printed_cells(sample: Sample) -> Expected:
    """What a careful reader reads in each cell of a sample that is printed whole."""
    return {
        key: (number, sample.states.get(key, State.REPORTED))
        for key, number in sample.numbers.items()
    }


class Counts(msgspec.Struct, frozen=True):
    """Cells of a real report by how they were read, and the wrong ones spelled out."""

    right: int
    not_read: int
    mistakes: tuple[str, ...]

    @property
    def wrong(self) -> int:
        """How many were read as something else."""
        return len(self.mistakes)


def expectation(path: Path) -> dict[str, Any]:
    """What a person read in a real report: `file`-wise JSON with `cells` and who and when."""
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def compare(report: Report, expected: Mapping[str, Any]) -> Counts:
    """Hold a report's values against hand-read cells; None there is a printed blank."""
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
    return Counts(right, not_read, tuple(mistakes))


def _same(found: float, number: float | None) -> bool:
    return number is not None and math.isclose(found, number, rel_tol=_SAME)
