"""A report whose figures are all set full width is read and judged as the same set half width."""

from __future__ import annotations

import polars as pl
import pytest

from govreport_core import checks
from govreport_core.build.companions import Companions
from govreport_core.build.frames import frames_of
from govreport_core.build.intake import Read, as_report
from govreport_core.build.joining import joined
from govreport_core.checks.kinds import OF_ONE
from govreport_core.samples import LAYOUTS, draw_report, render
from govreport_core.sources import read_bytes

WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
JUDGED = ["check", "subject", "outcome", "reason"]


def judged(text: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """A report's numbers and results."""
    data = text.encode()
    document = read_bytes(data, ".txt")
    filed, _ = joined(Read("f", len(data), document, as_report(document)), Companions())
    frames = frames_of([filed])
    results = checks.of_reports(frames, OF_ONE)
    numbers = frames["values"].select("table", "row", "column", "number", "state")
    return numbers, results.select(JUDGED).sort(JUDGED)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_report_in_full_width_figures_is_judged_as_in_half_width(layout: str) -> None:
    text = render(draw_report(year=2023), layout)
    numbers, results = judged(text)
    wide, results_wide = judged(text.translate(WIDE))
    assert numbers["number"].drop_nulls().len() > 150
    assert {"pass", "skip"} <= {*results["outcome"].to_list()}
    assert wide.equals(numbers)
    assert results_wide.equals(results)
