"""Some documents in, the pages of their reports out in every language, and their files of data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from operator import itemgetter

from dashboard import views
from dashboard.data import OF_A_DOCUMENT, Row, rows_of, slice_of
from dashboard.site import addresses, blocks, pairs
from dashboard.site.cells import Cells
from dashboard.site.gather import Gathered
from dashboard.site.listing import listing, whole_parts
from dashboard.site.opendata.of_reports import report_files
from dashboard.site.sections import Found, found, sections
from dashboard.views import echoes
from dashboard.views.card import Way, whole_tables
from dashboard.views.context import KEYS, Context, context
from dashboard.views.reading import Read
from dashboard.views.records import ReportCard, SourcePart
from dashboard.views.source import Span
from govreport_core.model import Outcome

File = tuple[str, bytes]


def pages(gathered: Sequence[Gathered], documents: Sequence[str]) -> Iterator[File]:
    """The reports' pages, those that set their texts beside others', and what is to be taken away.

    Args:
        gathered: The dataset, in each language.
        documents: Which; some hundreds at a time, as the frames of their rows are held.
    """
    data = slice_of(gathered[0].data, documents)
    shared = context(data)
    shared.__dict__["peers"] = gathered[0].shared.peers
    shared.prepare(documents)
    echoes.mask(shared, documents)
    for document in documents:
        report = shared.of_document(document)
        if report is None:
            continue
        mine = {
            table: shared.rows(table, document)
            if table in KEYS
            else rows_of(data, document, table).to_dicts()
            for table in OF_A_DOCUMENT
        }
        yield from report_files(report, mine, shared)
        read = Read(report["form"], mine)
        source, cells = _Source(read, mine["sections"]), Cells(read)
        # A corrected number stands in its cell.
        corrected = report["report_id"] in shared.corrections_of
        way = Way(
            listing=source.listing,
            tables=whole_tables if corrected else cells.tables,
            years=1,
            # What passed is listed by its rule.
            said=(Outcome.FAIL, Outcome.SKIP),
        )
        for one in gathered:
            card = views.card(report, mine, shared, one.lang, way, read)
            drawn = blocks.tables(card.tables, one.lang) if corrected else cells.drawn
            yield _page(one, card, drawn, source)
            if card.beside:
                yield _beside(one, card, shared)


class _Source:
    """A report's source, drawn once, when its first language has a card."""

    def __init__(self, read: Read, sections: Sequence[Row]) -> None:
        self._read, self._sections = read, sections
        self._text = ""
        self._asked: tuple[Sequence[Row], Iterable[Span]] = ((), ())

    @cached_property
    def found(self) -> Found:
        """What of the sections' text stands in it."""
        return found(sorted(self._asked[0], key=itemgetter("ordinal")), self._sections)

    def listing(
        self, parts: Sequence[Row], spans: Iterable[Span], _lang: str
    ) -> tuple[SourcePart, ...]:
        self._asked = parts, spans
        return ()

    def text(self, card: ReportCard) -> str:
        """The listing; `card` is of any language."""
        if not self._text:
            cells = {anchor for *_, anchor in self._read.places.values()}
            self._text = listing(*self._asked, whole_parts(card) | cells, self.found.on)
        return self._text


def _page(gathered: Gathered, card: ReportCard, tables: str, source: _Source) -> File:
    address = addresses.report(card.report_id)
    lang = gathered.lang
    return gathered.draw(
        address,
        "report.html",
        page=card,
        tables=tables,
        results=blocks.results(card.checks, gathered.draw.link(address), lang),
        notes=blocks.notes(card.notes, lang),
        years=blocks.years(card.figures, lang) if card.figures.years else "",
        indicators=blocks.indicators(card.indicators, lang),
        sections=sections(card, source.found.sections, lang),
        source=source.text(card),
    )


def _beside(gathered: Gathered, card: ReportCard, shared: Context) -> File:
    found = [views.sides(shared, card.report_id, other, gathered.lang) for other in card.beside]
    address = addresses.beside(card.report_id)
    return gathered.draw(address, "beside.html", page=card, views=found, sides=pairs.sides)
