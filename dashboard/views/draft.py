"""A draft's frames in, its verdict as a person reads it out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from dashboard.data import Data, Row
from dashboard.labels import cell_label, number, t, year
from dashboard.views.card import cell, report_card
from dashboard.views.draft_last import beside_last, last_report
from dashboard.views.mending import Change, changes
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
from govreport_core.checks.text import Length, Mentions, Problems
from govreport_core.dataset.cards import of_frames
from govreport_core.schemas import TABLES, frame

# Lines quoted on either side of the place, and characters on either side of what is marked.
AROUND = 2
CUT = 90
# A line this long says where it stands by itself; one without words is quoted with its row.
SHORT = 30
RUN = 24
# These look at all of a section; their place is its heading.
_OF_SECTIONS = (Length, Mentions, Problems)


def draft_view(
    file: str, frames: Mapping[str, pl.DataFrame], lang: str, beside: Data | None = None
) -> DraftView:
    """The verdict on one report that stands in no dataset.

    Args:
        file: The file's name.
        frames: The dataset's tables for this one report, `checks` among them; a table that
            isn't there counts as empty, but for `reports`, of which the first row is shown.
        lang: Language of the words.
        beside: A dataset that may have the agency's report of the year before: then what
            compares years is judged too.

    Returns:
        What the screen shows; failures in the order of the report's card.
    """
    own = frames
    last = last_report(beside, frames) if beside else None
    if beside and last:
        frames = beside_last(beside, frames, last)
    cards = of_frames(frames)
    if beside and last:
        here = pl.col("document_id") == last["document_id"]
        old = beside.tables["cards"].filter(here).collect().select(cards.columns)
        cards = pl.concat([cards, old], how="vertical_relaxed")
    known = {**frames, "cards": cards}
    tables = {name: known.get(name, frame(name, [])).lazy() for name in TABLES}
    data = Data(Path(file), {}, tables, Path(file), held=frozenset(tables), whole=True)
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
        last=_last(last, lang),
        changes=tuple(_change(one, card, lang) for one in changes(own)),
    )


def _last(last: Row | None, lang: str) -> str:
    """Which report stands beside, in words; empty where none does."""
    return "" if last is None else t("draft.last", lang, year=year(last["year"], lang))


def _change(change: Change, card: ReportCard, lang: str) -> str:
    return t(
        "draft.change",
        lang,
        where=cell_label(card.form_id, *change.cell, lang),
        printed=number(change.printed),
        instead=number(change.instead),
        n=change.mends,
    )


def draft_frame(view: DraftView, lang: str) -> pl.DataFrame:
    """What a draft's verdict finds as a table to take: a row a result, failures first.

    Args:
        view: The verdict.
        lang: Language of heads and words.

    Returns:
        Result, severity, sentence, where it stands, what the rule asks, what to do, its code.
    """
    failed = {id(failure.row): failure for failure in view.failures}
    heads = [t(f"draft.file.{name}", lang) for name in _TAKEN]
    rows = []
    for group in view.card.checks:
        for row in group.rows:
            failure = failed.get(id(row))
            rows.append(
                (
                    row.outcome_label,
                    row.severity_label if failure else "",
                    row.label,
                    row.sentence,
                    row.place.label if row.place else "",
                    failure.asks if failure else "",
                    row.todo,
                    row.check,
                )
            )
    return pl.DataFrame(rows, schema=dict.fromkeys(heads, pl.String), orient="row")


_TAKEN = ("outcome", "severity", "rule", "sentence", "place", "asks", "todo", "code")


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
    # What stands before a section's heading is none of it.
    whole = isinstance(checks.catalogue()[row.check].test, _OF_SECTIONS)
    around = lines[at if whole else max(0, at - AROUND) : at + AROUND + 1]
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
