"""A document and its report in, the places that don't lie within the document's parts out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from govreport_core.model import Document, Report


def misplaced(document: Document, report: Report) -> list[Any]:
    """The records whose place isn't within the parts it names, or ends before it begins."""
    parts = {part.part: (at, len(part.text)) for at, part in enumerate(document.parts)}
    return [record for record in records(report) if not lies_within(record, parts)]


def records(report: Report) -> Iterator[Any]:
    for table in ("values", "sections", "points", "claims", "evidence", "diagnostics"):
        yield from getattr(report, table)


def lies_within(record: Any, parts: dict[str, tuple[int, int]]) -> bool:
    """Whether a place is right; a record without a part has none."""
    if record.part is None:
        return record.start is record.end is record.end_part is None
    if record.part not in parts or record.end_part == record.part:
        return False
    last = record.end_part or record.part
    if last not in parts or None in (record.start, record.end):
        return False
    (first_at, first_length), (last_at, last_length) = parts[record.part], parts[last]
    within = 0 <= record.start <= first_length and 0 <= record.end <= last_length
    return within and (first_at < last_at or record.start <= record.end)
