"""A draft's frames in, its verdict as a person reads it out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from dashboard.data import Data
from dashboard.labels import t
from dashboard.views.card import cell, report_card
from dashboard.views.records import (
    CheckRow,
    DraftFailure,
    DraftRule,
    DraftView,
    PlaceRef,
    Quote,
    QuoteCell,
    ReportCard,
    SourcePart,
)
from govreport_core import checks
from govreport_core.dataset.cards import of_frames
from govreport_core.schemas import TABLES, frame

# Lines quoted on either side of the place, and characters on either side of what is marked.
AROUND = 2
CUT = 90
# A line this long says where it stands by itself; one without words is quoted with its row.
SHORT = 30
RUN = 24


def draft_view(file: str, frames: Mapping[str, pl.DataFrame], lang: str) -> DraftView:
    """The verdict on one report that stands in no dataset.

    Args:
        file: The file's name.
        frames: The dataset's tables for this one report, `checks` among them; a table that
            isn't there counts as empty, but for `reports`, of which the first row is shown.
        lang: Language of the words.

    Returns:
        What the screen shows; failures in the order of the report's card.
    """
    known = {**frames, "cards": of_frames(frames)}
    tables = {name: known.get(name, frame(name, [])).lazy() for name in TABLES}
    data = Data(Path(file), {}, tables, Path(file), held=True)
    card = report_card(data, frames["reports"]["report_id"][0], lang)
    rows = {group.outcome: group.rows for group in card.checks}
    failures = tuple(_failure(row, card, lang) for row in rows.get("fail", ()))
    level, headline = _headline(card, failures, lang)
    return DraftView(
        file=Path(file).name,
        level=level,
        sign=t(f"draft.signs.{level}", lang),
        headline=headline,
        next_step=t(f"draft.next.{level}", lang),
        reading=card.reading,
        consistency=card.consistency,
        failures=failures,
        skipped=_skipped(rows.get("skip", ())),
        passed=_passed(rows.get("pass", ())),
        card=card,
    )


def _headline(card: ReportCard, failures: Sequence[DraftFailure], lang: str) -> tuple[str, str]:
    errors = sum(failure.row.severity == "error" for failure in failures)
    others = len(failures) - errors
    skipped = sum(len(group.rows) for group in card.checks if group.outcome == "skip")
    if not card.tables:
        level = "none"
    elif errors:
        level = "error"
    elif others:
        level = "remark"
    else:
        level = "partial" if skipped or card.doubts else "clean"
    named = "error_only" if level == "error" and not others else level
    return level, t(f"draft.headlines.{named}", lang, errors=errors, others=others, skipped=skipped)


def _failure(row: CheckRow, card: ReportCard, lang: str) -> DraftFailure:
    rule = checks.catalogue()[row.check]
    said = checks.rule_words(lang)[rule.code]
    return DraftFailure(
        row=row,
        asks=said.asks,
        todo=row.todo,
        exceptions=said.exceptions,
        quotes=_quotes(row, card),
    )


def _passed(rows: Sequence[CheckRow]) -> tuple[DraftRule, ...]:
    counts = Counter(row.label for row in rows)
    return tuple(DraftRule((label,), count) for label, count in counts.items())


def _skipped(rows: Sequence[CheckRow]) -> tuple[DraftRule, ...]:
    """Reasons with the rules they stop; reasons that stop the same rules stand together."""
    stopped: dict[str, dict[str, None]] = {}
    for row in rows:
        stopped.setdefault(row.sentence, {})[row.label] = None
    together: dict[tuple[str, ...], list[str]] = {}
    for sentence, labels in stopped.items():
        together.setdefault(tuple(labels), []).append(sentence)
    return tuple(
        DraftRule(labels, len(reasons), tuple(reasons)) for labels, reasons in together.items()
    )


def _quotes(row: CheckRow, card: ReportCard) -> tuple[Quote, ...]:
    """The line or the table's row that a result speaks of, with the place marked in it."""
    place = row.place
    if place is None and row.cells:
        shown = cell(card, row.cells[0])
        place = shown.place if shown else None
    lines = [part for part in card.source if part.text.strip() or part.grid]
    at = next((n for n, part in enumerate(lines) if place and part.part == place.part), None)
    if place is None or at is None:
        return ()
    here = lines[at]
    if here.grid is not None:
        return (_row([p for p in lines if (p.grid, p.row) == (here.grid, here.row)], place),)
    if len(here.text.strip()) > SHORT:
        return (Quote(place.label, (_quoted(here, place),), here=True),)
    run = _run(lines, at)
    if run:
        return (_row(run, place),)
    around = lines[max(0, at - AROUND) : at + AROUND + 1]
    return tuple(Quote(part.label, (_quoted(part, place),), here=part is here) for part in around)


def _run(lines: Sequence[SourcePart], at: int) -> list[SourcePart]:
    """A line without words with its like around it, from the line with words before them."""
    if _has_words(lines[at]):
        return []
    first = at
    while first and not _has_words(lines[first]):
        first -= 1
    last = at
    while last + 1 < len(lines) and not _has_words(lines[last + 1]):
        last += 1
    return list(lines[first : last + 1]) if last - first <= RUN else []


def _has_words(part: SourcePart) -> bool:
    return any(char.isalpha() for char in part.text)


def _row(parts: Sequence[SourcePart], place: PlaceRef) -> Quote:
    return Quote(place.label, tuple(_quoted(part, place) for part in parts), here=True)


def _quoted(part: SourcePart, place: PlaceRef) -> QuoteCell:
    if part.part != place.part:
        return QuoteCell(_short(part.text.strip(), CUT))
    before, marked, after = (
        part.text[: place.start],
        part.text[place.start : place.end],
        part.text[place.end :],
    )
    cut = before if len(before) <= CUT else f"…{before[-CUT:]}"
    return QuoteCell(cut, _short(marked, 4 * CUT), _short(after, CUT), here=True)


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most]}…"
