"""Made-up reports as converters and people leave them out, beside each its cells: none is wrong.

`k` and `c` files can be read; `w` files have lines where they don't belong, and what
they say can't all be known.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from govreport_core.extract import extract
from govreport_core.model import Report
from govreport_core.sources import read

CASES = sorted(
    p for p in (Path(__file__).parent / "cases/reading").iterdir() if p.suffix != ".json"
)
# Least share of the cells that are right, by kind.
SHARE = {"c": 1.0, "k": 0.99, "w": 0.65}


def told(path: Path) -> dict[tuple[str, str, str], float | None]:
    expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    return {(t, r, c): number for t, r, c, number in expected["cells"]}


def compared(path: Path, report: Report) -> Counter[str]:
    """How many cells are right, wrong, and not read."""
    numbers = {(v.table, v.row, v.column): v.number for v in report.values}
    found: Counter[str] = Counter()
    for cell, expected in told(path).items():
        number = numbers.get(cell)
        right = number is None if expected is None else number == pytest.approx(expected)
        found["right" if right else "not read" if number is None else "wrong"] += 1
    return found


def test_there_are_enough_of_each_kind() -> None:
    kinds = Counter(path.name[0] for path in CASES)
    assert kinds["k"] >= 25
    assert kinds["w"] >= 10


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_no_cell_is_wrong(path: Path) -> None:
    report = extract(read(path))
    expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    assert compared(path, report)["wrong"] == 0
    assert (report.form, report.agency_name, report.year) == (
        expected["form"],
        expected["agency"],
        expected["year"],
    )


@pytest.mark.parametrize("kind", SHARE)
def test_what_can_be_read_is(kind: str) -> None:
    found: Counter[str] = Counter()
    for path in CASES:
        if path.name[0] == kind:
            found += compared(path, extract(read(path)))
    assert found["right"] >= SHARE[kind] * found.total()
