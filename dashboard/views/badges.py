"""Cards in, two badges a report out, kept apart.

How well we read a report says nothing of the report; whether its numbers hold
together says nothing of our reading.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from dashboard.labels import number, percent, t
from dashboard.views.records import Badge
from govreport_core.model import Record

_POOR = 0.5
# Badges held ready: many reports have the same counts.
_KEPT = 4096


class Counted(Record, frozen=True, gc=False):
    """What the badges rest on: counts of a report's cells, doubts and results on consistency.

    Attributes:
        cells: The form's cells that the report has, `unreadable` among them.
        absent: The form's cells that the report doesn't have; not in `cells`.
        passed: As `failed`, `errors` and `skipped`, of the checks on whether numbers agree.
    """

    form: str | None
    cells: int = 0
    absent: int = 0
    unreadable: int = 0
    doubts: int = 0
    passed: int = 0
    failed: int = 0
    errors: int = 0
    skipped: int = 0


OF_VERDICT = (
    *("form", "cells", "cells_read", "cells_absent", "doubts"),
    *("agree_passed", "agree_failed", "agree_errors", "agree_skipped"),
)
"""The columns of a card that its verdict rests on."""


def verdict_of(card: Mapping[str, Any]) -> Counted:
    """The counts of a card, or of the sums of several."""
    return Counted(
        form=card["form"],
        cells=card["cells"],
        absent=card["cells_absent"],
        unreadable=card["cells"] - card["cells_read"],
        doubts=card["doubts"],
        passed=card["agree_passed"],
        failed=card["agree_failed"],
        errors=card["agree_errors"],
        skipped=card["agree_skipped"],
    )


@lru_cache(maxsize=_KEPT)
def reading_badge(verdict: Counted, lang: str) -> Badge:
    """How well the report was read: the share of its cells that are certain, and the doubts."""
    certain = verdict.cells - verdict.unreadable
    share = certain / verdict.cells if verdict.cells else None
    if verdict.form is None or share is None:
        level = "none"
    elif not verdict.unreadable and not verdict.doubts:
        level = "good"
    else:
        level = "poor" if share < _POOR else "doubts"
    if verdict.form is None:
        said = "none"
    elif share is None:
        said = "nothing"
    elif verdict.unreadable:
        said = "some"
    else:
        said = "doubted" if verdict.doubts else "all"
    detail = t(
        f"badges.reading.{said}.detail",
        lang,
        certain=number(certain),
        cells=number(verdict.cells),
        # Rounded down: not quite all is never 100%.
        share="" if share is None else percent(math.floor(share * 1000) / 1000, lang),
        doubts=number(verdict.doubts),
    )
    if share is not None and verdict.absent:
        detail += t("badges.reading.absent", lang, n=number(verdict.absent))
    return _badge("reading", level, detail, share, lang)


@lru_cache(maxsize=_KEPT)
def consistency_badge(verdict: Counted, lang: str) -> Badge:
    """Whether the report's numbers and parts agree: checks passed of those applicable.

    Where more was skipped than assessed, no failure doesn't yet mean consistent.
    """
    applicable = verdict.passed + verdict.failed
    if not applicable:
        level = "unassessed"
    elif verdict.errors:
        level = "inconsistent"
    elif verdict.failed:
        level = "remarks"
    else:
        level = "consistent" if applicable >= verdict.skipped else "partial"
    if not applicable:
        said = "none"
    elif not verdict.failed:
        said = "all"
    else:
        said = "some" if verdict.errors else "slight"
    detail = t(
        f"badges.consistency.{said}.detail",
        lang,
        passed=number(verdict.passed),
        applicable=number(applicable),
        failed=number(verdict.failed),
        errors=number(verdict.errors),
        skipped=number(verdict.skipped),
    )
    share = verdict.passed / applicable if applicable else None
    return _badge("consistency", level, detail, share, lang)


def _badge(kind: str, level: str, detail: str, share: float | None, lang: str) -> Badge:
    return Badge(
        kind=kind,
        level=level,
        sign=t(f"badges.{kind}.{level}.sign", lang),
        label=t(f"badges.{kind}.{level}.label", lang),
        detail=detail,
        share=share,
    )
