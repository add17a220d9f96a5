"""All kinds of injected fault, by name: a history in, its last report with that fault out.

Those of `faults` are in sample folders too; the others need years, captures or a
collector that a folder's report doesn't have, or prose it would be full of.
"""

from __future__ import annotations

from govreport_core.samples.faults import KINDS as IN_FOLDERS
from govreport_core.samples.trials.injected import areas, figures, publication, texts, words, years
from govreport_core.samples.trials.injected.scene import History, Make, Scene, alone

__all__ = ["KINDS", "History", "Make", "Scene"]


KINDS: dict[str, Make] = {
    **{kind: alone(make) for kind, make in IN_FOLDERS.items()},
    "total_lt_new": alone(figures.total_lt_new),
    "new_gt_made": alone(figures.new_gt_made),
    "items_negative": alone(figures.items_negative),
    "decisions_without_items": alone(figures.decisions_without_items),
    "procurement_pair": alone(figures.procurement_pair),
    "in_force_floor": alone(figures.in_force_floor),
    "regulation_power": alone(figures.regulation_power),
    "group_subtotal": alone(figures.group_subtotal),
    "total_blank": alone(figures.total_blank),
    "carried_share": alone(figures.carried_share),
    "row_shift": alone(figures.row_shift),
    "direct_since_2024": alone(figures.direct_since_2024),
    "carry_broken": years.carry_broken,
    "in_force_broken": years.in_force_broken,
    "items_broken": years.items_broken,
    "total_broken": years.total_broken,
    "form_break": years.form_break,
    "year_gap": years.year_gap,
    "jump": years.jump,
    "unit_suspect": years.unit_suspect,
    "tables_identical": years.tables_identical,
    "pending_drop": years.pending_drop,
    "cases_without_requests": years.cases_without_requests,
    "after_review_gt_review": years.after_review_gt_review,
    "prose_disposed": alone(words.prose_disposed),
    "prose_outcome": alone(words.prose_outcome),
    "prose_review": alone(words.prose_review),
    "prose_litigation": alone(words.prose_litigation),
    "prose_documents": alone(words.prose_documents),
    "prose_issued": alone(words.prose_issued),
    "prose_percent": alone(words.prose_percent),
    "prose_upheld": alone(words.prose_upheld),
    "wrong_period": alone(words.wrong_period),
    "stale_text": alone(words.stale_text),
    "no_problems": alone(words.no_problems),
    "one_aspect": alone(words.one_aspect),
    "too_long": alone(words.too_long),
    "no_fee_told": alone(words.no_fee_told),
    "fee_without_notice": alone(words.fee_without_notice),
    "fee_above_fees": alone(words.fee_above_fees),
    "parts_listed": alone(words.parts_listed),
    "scope_undeclared": alone(words.scope_undeclared),
    "foreign_place": areas.foreign_place,
    "rollup": areas.rollup,
    "rollup_decisions": areas.rollup_decisions,
    "zero_among_peers": areas.zero_among_peers,
    "forwarded": areas.forwarded,
    "stale_paragraph": alone(words.stale_paragraph),
    "old_plan": alone(words.old_plan),
    "leftover": alone(words.leftover),
    "growth": years.growth,
    "no_assessment": alone(words.no_assessment),
    "copied_own": texts.copied_own,
    "copied_other": texts.copied_other,
    "generic": alone(texts.generic),
    "late_government": alone(publication.late_government),
    "late_township": alone(publication.late_township),
    "undated": publication.undated,
    "changed_after": publication.changed_after,
    "versions_conflict": publication.versions_conflict,
    "wrong_column": publication.wrong_column,
    "no_file": publication.no_file,
    "pictures": publication.pictures,
    "missing": publication.missing,
}
