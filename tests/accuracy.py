"""A real report's file in, what was read of it and how that compares out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from govreport_core.build.intake import read_report
from govreport_core.model import Report
from govreport_core.samples.trials.scoring import Counts, compare, expectation

__all__ = ["expectation", "read_and_compare"]


def read_and_compare(path: Path, expected: dict[str, Any]) -> tuple[Report, Counts]:
    """Read a file and hold it against its expectation."""
    _, report = read_report(path)
    return report, compare(report, expected)
