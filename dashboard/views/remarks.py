"""The tables `corrections` and `replies` in, what is said of a report, a cell or a finding out.

A corrected number stands beside the printed one, never in its place; a reply stands
with the finding it answers, and with the report where it answers none.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from dashboard import labels
from dashboard.data import Row
from dashboard.labels import t
from dashboard.views.context import Context
from dashboard.views.echoes import report_link
from dashboard.views.records import (
    CheckGroup,
    CorrectionView,
    FormTableView,
    Remarks,
    ReplyView,
    ReportCard,
)
from dashboard.views.sentences import check_label
from dashboard.views.tables import cell_id
from govreport_core.model import Outcome, State


def remarks(shared: Context, lang: str) -> Remarks:
    """Everything that is said, of all reports, those that aren't here too."""
    corrections = [_correction(row, shared, lang) for row in shared.corrections]
    replies = [_reply(row, shared, lang) for row in shared.replies]
    return Remarks(
        tuple(sorted(corrections, key=lambda one: (one.date, one.of, one.cell_id), reverse=True)),
        tuple(sorted(replies, key=lambda one: (one.date, one.of, one.label), reverse=True)),
    )


def corrections_of(shared: Context, report: Row, lang: str) -> tuple[CorrectionView, ...]:
    """The corrections of a report's numbers.

    Args:
        shared: The dataset.
        report: The report's card.
        lang: Language of the words.
    """
    rows = shared.corrections_of.get(report["report_id"], ())
    return tuple(_correction(row, shared, lang) for row in rows)


def corrections_at(
    corrections: Iterable[CorrectionView], cells: Iterable[str]
) -> tuple[CorrectionView, ...]:
    """Those that hold of some cells: of each its last.

    Args:
        corrections: Of a report, the one that holds last, as `corrections_of` gives them.
        cells: Ids of cells on its card.
    """
    holds = {one.cell_id: one for one in corrections}
    return tuple(holds[cell] for cell in dict.fromkeys(cells) if cell in holds)


def replies_of(
    shared: Context, report_id: str, lang: str, check: str | None = None, subject: str = ""
) -> tuple[ReplyView, ...]:
    """The replies to a report's findings; with `check` those to one of them.

    A reply that names a rule alone answers all findings of it, one that names none answers
    no finding: it is about the report.
    """
    rows = shared.replies_of.get(report_id, ())
    if check is not None:
        rows = [row for row in rows if row["check"] == check and row["subject"] in (None, subject)]
    return tuple(_reply(row, shared, lang) for row in rows)


def told(
    card: ReportCard, report: Row, checks: Sequence[Row], shared: Context, lang: str
) -> ReportCard:
    """A card with what is said of its numbers and findings; as it was where nothing is.

    Args:
        card: A report's card.
        report: The report's row of `cards`.
        checks: Its rows of `checks`.
        shared: The dataset.
        lang: Language of the words.
    """
    corrections = corrections_of(shared, report, lang)
    replies = replies_of(shared, card.report_id, lang)
    if not corrections and not replies:
        return card
    answered = {
        anchor: found
        for row, anchor in zip(checks, anchors(checks), strict=True)
        if (found := replies_of(shared, card.report_id, lang, row["check"], row["subject"]))
    }
    return msgspec.structs.replace(
        card,
        corrections=corrections,
        replies=replies,
        tables=_corrected(card.tables, {one.cell_id: one for one in corrections}),
        checks=_answered(card.checks, answered, corrections),
    )


def replies_apart(card: ReportCard) -> tuple[ReplyView, ...]:
    """The replies of a card that stand beside none of what fails there."""
    failed = [row for group in card.checks if group.outcome == "fail" for row in group.rows]
    beside = {one.anchor for row in failed for one in row.replies}
    return tuple(one for one in card.replies if one.anchor not in beside)


def anchors(checks: Sequence[Row]) -> list[str]:
    """The id of each result on its report's page: by rule and subject, so that it stays.

    Of several results of a rule on one subject each has a hash of what it says beside it.

    Args:
        checks: A report's rows of `checks`.
    """
    keys = [f"r-{row['check']}.{row['subject']}".replace(" ", "_") for row in checks]
    often = Counter(keys)
    found: Counter[str] = Counter()
    told = []
    for key, row in zip(keys, checks, strict=True):
        mine = (
            key if often[key] == 1 else f"{key}~{_hash(row['params'], row['part'], row['start'])}"
        )
        found[mine] += 1
        # Only results that say the very same are told apart by their order.
        told.append(mine if found[mine] == 1 else f"{mine}~{found[mine]}")
    return told


def _corrected(
    tables: Iterable[FormTableView], corrections: Mapping[str, CorrectionView]
) -> tuple[FormTableView, ...]:
    replace = msgspec.structs.replace
    codes = {one.removeprefix("c-").partition(".")[0] for one in corrections}
    return tuple(
        replace(
            table,
            rows=tuple(
                replace(
                    row,
                    cells=tuple(
                        replace(cell, correction=corrections.get(cell.cell_id))
                        for cell in row.cells
                    ),
                )
                for row in table.rows
            ),
        )
        if table.code in codes
        else table
        for table in tables
    )


def _answered(
    groups: Iterable[CheckGroup],
    answered: Mapping[str, tuple[ReplyView, ...]],
    corrections: tuple[CorrectionView, ...],
) -> tuple[CheckGroup, ...]:
    replace = msgspec.structs.replace
    return tuple(
        replace(
            group,
            rows=tuple(
                replace(
                    row,
                    replies=answered.get(row.anchor, ()),
                    corrections=corrections_at(corrections, row.cells)
                    if group.outcome == Outcome.FAIL
                    else (),
                )
                for row in group.rows
            ),
        )
        for group in groups
    )


def _correction(row: Row, shared: Context, lang: str) -> CorrectionView:
    report = shared.corrected_report(row)
    printed = "" if row["printed"] is None else labels.number(row["printed"])
    key = (row["table"], row["row"], row["column"])
    value = shared.value(report["document_id"], key) if report else None
    read = value["number"] if value else None
    form = report["form"] if report else None
    return CorrectionView(
        report=report_link(report, lang) if report else None,
        of=_of(report, row["agency_id"], row["year"], shared, lang),
        cell_id=cell_id(*key),
        label=_cell_label(form, key, lang),
        printed=printed,
        read=labels.number_or_unknown(read, lang) if report else "",
        corrected=labels.number(row["corrected"]),
        differs=bool(report) and row["printed"] is not None and row["printed"] != read,
        drawn=value is not None and value["state"] != State.ABSENT,
        reason=row["reason"] or "",
        source=row["source"] or "",
        url=_web(row["source"]),
        date=str(row["date"] or ""),
        anchor=f"correction-{_hash(row['document_id'], row['agency_id'], row['year'], *key)}",
    )


def _reply(row: Row, shared: Context, lang: str) -> ReplyView:
    report = shared.of_report(row["report_id"])
    form = report["form"] if report else None
    check = row["check"]
    words = [t("remarks.whole", lang) if check is None else check_label(check, lang)]
    if row["subject"]:
        words.append(labels.subject_label(form, row["subject"], lang))
    return ReplyView(
        report=report_link(report, lang) if report else None,
        of=_of(report, None, None, shared, lang) if report else row["report_id"],
        check=check,
        label=t("places.join", lang).join(words),
        text=row["text"],
        url=_web(row["url"]),
        date=str(row["date"] or ""),
        anchor=f"reply-{_hash(row['report_id'], row['check'], row['subject'], row['text'])}",
    )


def _of(
    report: Row | None, agency_id: str | None, year: int | None, shared: Context, lang: str
) -> str:
    if report is not None:
        link = report_link(report, lang)
        return f"{link.agency} {link.year_text}"
    agency = shared.agency(agency_id)
    name = (agency and agency["agency_name"]) or agency_id or t("values.agency_unknown", lang)
    return f"{name} {labels.year(year, lang)}"


def _cell_label(form: str | None, key: tuple[str, str, str], lang: str) -> str:
    if form is not None:
        return labels.cell_label(form, *key, lang)
    return labels.newest_cell_label(*key, lang)


def _web(text: str | None) -> str | None:
    return text if text and text.lower().startswith(("https://", "http://")) else None


def _hash(*parts: object) -> str:
    told = "\x1f".join("" if part is None else str(part) for part in parts)
    return hashlib.sha256(told.encode()).hexdigest()[:10]
