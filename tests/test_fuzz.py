"""A short run of the fuzz; `python tests/fuzz/run.py --executions 200000` is the long one."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "fuzz"))

import run

from govreport_core.sources import worker


@pytest.mark.slow
@pytest.mark.parametrize("ending", run.FORMATS)
def test_damaged_files_are_read_or_refused(ending: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "INSIDE", worker.INSIDE)
    counts, finds = run.span((1, 41, [ending]))
    assert finds == []
    assert counts.total() == 40
    assert counts["read"] > 0


def test_an_execution_is_told_by_its_seed() -> None:
    assert run.mutated(7, ".txt") == run.mutated(7, ".txt")
    assert run.mutated(7, ".txt") != run.mutated(8, ".txt")


def test_a_defect_is_a_find(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(worker, "INSIDE", worker.INSIDE)
    monkeypatch.setattr(run, "as_report", broken)
    _, finds = run.span((1, 9, [".txt"]))
    assert any("crash: ZeroDivisionError" in find for find in finds)
