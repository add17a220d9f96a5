"""Reports found in, what each says out: its points side by side, and passages of sections."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec
import polars as pl

from dashboard import labels
from dashboard.data import Row, rows_of_documents
from dashboard.labels import section_label, t
from dashboard.texts import FIVE
from dashboard.views.lists import agency_ref
from dashboard.views.records.words import PassageHit, PointHit, WordsRow
from dashboard.views.source import part_anchor
from dashboard.views.words_found import Found
from dashboard.views.words_themes import theme_label, theme_names, theme_pieces
from govreport_core.search import Query, located, marked, snippet, sources, spans

_SENTENCES = 2


class _Rows(msgspec.Struct, frozen=True):
    """Printed rows of a page's reports, by document."""

    points: Mapping[str, list[Row]]
    sections: Mapping[str, list[Row]]
    parts: Mapping[str, list[Row]]


def rows_of(
    got: Found, query: Query, orders: Sequence[int], lang: str, themes: Sequence[str] = ()
) -> tuple[WordsRow, ...]:
    """What the reports of a page say.

    Args:
        got: What was found.
        query: Its words are marked.
        orders: The reports, rows of `Texts.reports`.
        lang: Language of the words around the texts.
        themes: Without a query the words that say so are marked in points of these.
    """
    cards = got.texts.reports[list(orders)].to_dicts()
    points = _numbers(got.points, orders)
    passages = _sections(got.sections, orders)
    # A section whose points show it already isn't shown again.
    shown = {
        order: [code for code in passages.get(order, ()) if code != FIVE or order not in points]
        for order in orders
    }
    printed = _printed(got, cards, [order for order in orders if shown[order]])
    return tuple(
        words_row(
            card,
            [row for row in printed.points.get(card["document_id"], ()) if row["number"] in wanted],
            query,
            lang,
            tuple(
                _passage(row, printed.parts.get(card["document_id"], []), query, lang)
                for row in printed.sections.get(card["document_id"], ())
                if row["section"] in shown[order]
            ),
            themes,
        )
        for order, card in zip(orders, cards, strict=True)
        for wanted in [points.get(order, set())]
    )


def words_row(
    card: Row,
    points: Iterable[Row],
    query: Query,
    lang: str,
    passages: tuple[PassageHit, ...] = (),
    themes: Sequence[str] = (),
) -> WordsRow:
    """A report's points in two columns.

    Args:
        card: Its row of `Texts.reports`.
        points: Rows of `points` with `number`, their place among the document's, from 1.
        query: Its words are marked.
        lang: Language of the words around the texts.
        passages: What other sections say.
        themes: Without a query the words that say so are marked in points of these.
    """
    hits = [_point(row, query, lang, themes) for row in points]
    return WordsRow(
        report_id=card["report_id"],
        agency=agency_ref(card, lang),
        year=card["year"],
        year_text=labels.year(card["year"], lang),
        problems=tuple(hit for hit in hits if hit.kind == "problem"),
        improvements=tuple(hit for hit in hits if hit.kind == "improvement"),
        passages=passages,
    )


def _numbers(points: pl.DataFrame, orders: Sequence[int]) -> dict[int, set[int]]:
    rows = points.filter(points["order"].is_in(list(orders)))
    found: dict[int, set[int]] = {}
    for order, number in rows.select("order", "number").iter_rows():
        found.setdefault(order, set()).add(number)
    return found


def _sections(sections: pl.DataFrame, orders: Sequence[int]) -> dict[int, list[str]]:
    rows = sections.filter(sections["order"].is_in(list(orders)))
    found: dict[int, list[str]] = {}
    for order, code in rows.with_columns(pl.col("section").cast(pl.String)).iter_rows():
        found.setdefault(order, []).append(code)
    return found


def _printed(got: Found, cards: Sequence[Row], with_passages: Sequence[int]) -> _Rows:
    """The rows of the reports' points, and of those with passages their sections and parts."""
    data = got.texts.data
    points = _by_document(rows_of_documents(data, [c["document_id"] for c in cards], "points"))
    for rows in points.values():
        for number, row in enumerate(rows, 1):
            row["number"] = number
    some = got.texts.reports["document_id"].gather(list(with_passages)).to_list()
    if not some:
        return _Rows(points, {}, {})
    sections = _by_document(rows_of_documents(data, some, "sections"))
    parts = rows_of_documents(data, some, "parts").sort("ordinal", maintain_order=True)
    return _Rows(points, sections, _by_document(parts))


def _by_document(rows: pl.DataFrame) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows.iter_rows(named=True):
        found.setdefault(row["document_id"], []).append(row)
    return found


def _point(row: Row, query: Query, lang: str, themes: Sequence[str]) -> PointHit:
    text = row["text"].strip()
    codes = row["themes"] or ()
    # Where words that were searched are marked, nothing is said of those that tell a theme.
    mine = set(themes) & set(codes) if not query.words else set[str]()
    return PointHit(
        point_id=row["point_id"],
        kind=row["kind"],
        kind_label=t(f"points.{row['kind']}", lang),
        text=text,
        pieces=theme_pieces(text, mine) if mine else marked(text, spans(text, query)),
        themes=theme_names(text, codes, lang)
        if mine
        else tuple((code, theme_label(code, lang)) for code in codes),
        anchor=f"m-{row['number']}",
        part=row["part"],
        start=row["start"],
        end_part=row["end_part"],
        end=row["end"],
    )


def _passage(row: Row, parts: Sequence[Row], query: Query, lang: str) -> PassageHit:
    text = row["text"]
    hits = spans(text, query)
    sentences = snippet(text, hits, _SENTENCES)
    shown = sum(piece.marked for sentence in sentences for piece in sentence)
    place = located(sources(row, parts), *hits[0], len(text)) if hits else None
    source, start, end = place or (None, row["start"], row["start"])
    return PassageHit(
        section=row["section"],
        label=section_label(None, row["section"], lang),
        text=text,
        sentences=sentences,
        more=max(0, len(hits) - shown),
        anchor=part_anchor(source.ordinal) if source else None,
        part=source.part if source else row["part"],
        start=start,
        end=end,
    )
