"""Reports through this machine's converters: no cell is wrong. `converters/convert.py` has all."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "converters"))

from convert import lost, measured, name, pinned, summed
from reports import FILLS, FORMS, SHEET, made
from routes import needs, ways

pytestmark = pytest.mark.slow

WAYS = [way for way in ways() if "outside" not in needs(way)]
# One of each kind of figures, and of each form.
NUMBERS = range(8)
MARKS = {"chromium": "browser", "soffice": "office", "pdftotext": "poppler"}


def tools() -> list[object]:
    """What sets of tools the ways need, each with its marks."""
    sets = sorted({tuple(sorted(needs(way))) for way in WAYS})
    return [
        pytest.param(
            tools,
            id="+".join(tools) or "none",
            marks=[getattr(pytest.mark, MARKS[t]) for t in tools if t in MARKS],
        )
        for tools in sets
    ]


@pytest.mark.parametrize("tools", tools())
def test_no_converter_makes_a_cell_wrong(tools: tuple[str, ...], tmp_path: Path) -> None:
    taken = [way for way in WAYS if needs(way) == set(tools)]
    told = measured(taken, NUMBERS, tmp_path)
    assert lost(told, {}) == []
    assert summed(told).share > 0.2


def test_the_reports_are_of_every_kind_and_form() -> None:
    drawn = [made(number, ("html",)) for number in range(2 * len(FORMS) + len(FILLS))]
    assert {report.form for report in drawn} == {"form_2014", "form_2019", "form_2021"}
    states = {state.value for report in drawn for _, state in report.expected.values()}
    assert states == {"reported", "blank", "placeholder"}
    assert any(all(n == 0 for n, _ in r.expected.values()) for r in drawn if r.form != SHEET)


def test_the_pinned_figures_are_of_a_thousand_files_and_none_is_wrong() -> None:
    kept = pinned()
    assert kept.keys() <= {name(way) for way in ways()}
    assert summed(kept).wrong == 0
    assert summed(kept).files >= 1000
