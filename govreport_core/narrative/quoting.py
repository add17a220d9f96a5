"""A place in a passage in, the sentence around it and a claim made there out."""

from __future__ import annotations

from govreport_core.model import Claim
from govreport_core.narrative.figures import Cell
from govreport_core.narrative.sections import Passage


def sentence_at(folded: str, at: int) -> tuple[int, int]:
    """Start and end of the sentence around a place of the folded text."""
    start = max(folded.rfind(mark, 0, at) for mark in "。\n") + 1
    ends = [e for mark in "。\n" if (e := folded.find(mark, at)) >= 0]
    return start, min(ends, default=len(folded))


def claim_at(
    claim: str,
    number: float,
    scope: str | None,
    cell: Cell,
    agrees: bool | None,
    passage: Passage,
    sentence: tuple[int, int],
    span: tuple[int, int],
) -> Claim:
    """A claim with its sentence as printed, at the place of its words."""
    table, row, column = cell
    place = passage.span(*span)
    text = passage.text[sentence[0] : sentence[1] + 1].strip()
    return Claim(claim, number, text, scope, table, row, column, agrees, *place)
