"""Rows of checks in; results in words out, as a report's card and lists show them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache

import polars as pl

from dashboard import labels
from dashboard.data import Row
from dashboard.labels import t
from dashboard.views.context import Context
from dashboard.views.lists import SHOWN, agency_ref, report_ref
from dashboard.views.records import (
    CheckGroup,
    CheckRow,
    Finding,
    PlaceRef,
    ReportRef,
)
from dashboard.views.remarks import corrections_at, corrections_of, replies_of
from dashboard.views.sentences import (
    check_sentence,
    result_label,
)
from dashboard.views.subjects import CellKey, subject_cells
from dashboard.views.tables import cell_id
from govreport_core import checks, wording
from govreport_core.forms import forms
from govreport_core.model import Outcome, Severity

SEVERITIES = tuple(Severity)
OUTCOMES = (Outcome.FAIL, Outcome.SKIP, Outcome.PASS)


def check_row(
    row: Row,
    form: str | None,
    drawn: Drawn,
    place: PlaceRef | None,
    lang: str,
    anchor: str = "",
    *,
    said: bool = True,
    times: int = 1,
) -> CheckRow:
    """One result as a report's card shows it.

    Args:
        row: Its row of `checks`.
        form: The report's form.
        drawn: The cells that are on the card.
        place: Where it stands.
        lang: Language of the words.
        anchor: Its id on the card.
        said: In words too; without, it is only which rule's result it is, and where.
        times: How many results it stands for.
    """
    if not said:
        return CheckRow(
            check=row["check"],
            label="",
            severity=row["severity"],
            severity_label="",
            outcome=row["outcome"],
            outcome_label="",
            sign="",
            subject="",
            sentence="",
            assumed_zero=row["assumed_zero"],
            place=place,
            cells=drawn.cells(row["subject"], row["check"]),
            other=_other(row["params"]),
            anchor=anchor,
            times=times,
        )
    label, severity, outcome, sign, todo = _named(
        row["check"], row["severity"], row["outcome"], lang
    )
    return CheckRow(
        check=row["check"],
        label=label,
        severity=row["severity"],
        severity_label=severity,
        outcome=row["outcome"],
        outcome_label=outcome,
        sign=sign,
        subject=labels.subject_label(form, row["subject"], lang),
        sentence=check_sentence(row, lang),
        assumed_zero=row["assumed_zero"],
        place=place,
        cells=drawn.cells(row["subject"], row["check"]),
        other=_other(row["params"]),
        todo=todo,
        anchor=anchor,
    )


@lru_cache(maxsize=4096)
def _named(check: str, severity: str, outcome: str, lang: str) -> tuple[str, str, str, str, str]:
    """A rule beside a result, words and sign for its severity and outcome, and what to do."""
    failed = outcome == Outcome.FAIL and check in checks.catalogue()
    return (
        result_label(check, outcome, lang),
        t(f"severities.{severity}", lang),
        t(f"outcomes.{outcome}", lang),
        _sign({"severity": severity, "outcome": outcome}, lang),
        wording.advice(check, lang) if failed else "",
    )


class Drawn:
    """The cells that are on a card of a form, and which of them a result rests on."""

    def __init__(self, form: str | None, cells: tuple[CellKey, ...]) -> None:
        self._form, self._cells = form, cells
        self._known: dict[tuple[str, str], tuple[str, ...]] = {}

    def cells(self, subject: str, check: str) -> tuple[str, ...]:
        """The ids of the cells; remembered, as most reports of a form have the same ones."""
        about = (subject, check)
        if about not in self._known:
            found = subject_cells(subject, self._form, self._cells, check)
            self._known[about] = tuple(cell_id(*key) for key in found)
        return self._known[about]


drawn_of = lru_cache(maxsize=32)(Drawn)


def _other(params: str) -> str | None:
    """The other report that a result names, where it names one."""
    if '"report_id"' not in params:
        return None
    found = json.loads(params)["report_id"]
    return str(found) if found else None


def check_groups(rows: Sequence[CheckRow], lang: str) -> tuple[CheckGroup, ...]:
    """Failures, then what couldn't be assessed, then passes; the heaviest failures first."""
    return tuple(
        CheckGroup(
            outcome,
            t(f"outcomes.{outcome}", lang),
            t(f"signs.{outcome}", lang),
            tuple(
                sorted(
                    (row for row in rows if row.outcome == outcome),
                    key=lambda row: SEVERITIES.index(Severity(row.severity)),
                )
            ),
        )
        for outcome in OUTCOMES
    )


def findings(results: pl.DataFrame, shared: Context, lang: str) -> tuple[Finding, ...]:
    """Results in words, each with its report, in the order given.

    Args:
        results: The columns of `checks`; `expected` and `actual` in their cells' unit (money
            in 万元), `document_id` null where no report is there.
        shared: The dataset, whose cards name the reports.
        lang: Language of the words.

    Returns:
        One a row, in the order of `results`.
    """
    cards = shared.of_documents(results["document_id"], SHOWN)
    refs = {document: report_ref(card, lang) for document, card in cards.items()}
    return tuple(
        finding(row, refs.get(row["document_id"]), cards.get(row["document_id"]), shared, lang)
        for row in results.iter_rows(named=True)
    )


def finding(
    row: Row, ref: ReportRef | None, report: Row | None, shared: Context, lang: str
) -> Finding:
    """One result as lists over many reports show it; `report` is its report's card, if any."""
    agency = None if ref else shared.agency(row["agency_id"])
    form = report["form"] if report else None
    cells = blamed(row["subject"], row["check"], form) if row["outcome"] == Outcome.FAIL else ()
    return Finding(
        check=row["check"],
        label=result_label(row["check"], row["outcome"], lang),
        severity=row["severity"],
        severity_label=t(f"severities.{row['severity']}", lang),
        outcome=row["outcome"],
        outcome_label=t(f"outcomes.{row['outcome']}", lang),
        sign=_sign(row, lang),
        sentence=check_sentence(row, lang),
        report=ref,
        agency=ref.agency if ref else agency_ref(agency, lang) if agency else None,
        year_text=labels.year(row["year"], lang),
        anchor=cells[0] if cells else None,
        replies=replies_of(shared, ref.report_id, lang, row["check"], row["subject"])
        if ref
        else (),
        corrections=corrections_at(corrections_of(shared, report, lang), cells)
        if report and cells
        else (),
    )


def first_cell(subject: str, check: str, form: str | None) -> str | None:
    """The cell that a result blames first, as its report's page calls it; None where it has none.

    Args:
        subject: As in `checks`.
        check: The rule's code.
        form: The report's form.
    """
    return next(iter(blamed(subject, check, form)), None)


def blamed(subject: str, check: str, form: str | None) -> tuple[str, ...]:
    """The cells that a result blames, as its report's page calls them; of a sum its total first.

    Args:
        subject: As in `checks`.
        check: The rule's code.
        form: The report's form.
    """
    known = forms().get(form or "")
    if known is None:
        return ()
    cells = (
        (table.code, line.code, column.code)
        for table in known.tables
        for line in table.value_rows
        for column in table.value_columns
    )
    found = subject_cells(subject, form, cells, check)
    return tuple(cell_id(*key) for key in found)


def _sign(row: Row, lang: str) -> str:
    if row["outcome"] == "fail":
        return t(f"signs.{row['severity']}", lang)
    return t(f"signs.{row['outcome']}", lang)
