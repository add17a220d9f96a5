"""A report's rows in, what it says again out: of its own earlier points, and of others' texts.

A point is shown beside one of the year before because both are of a theme; that their
words are alike is said only where they are (`ALIKE`). A share of a text is the table's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from dashboard import labels
from dashboard.data import Data, Row, cut, rows_of_documents
from dashboard.labels import section_label, t
from dashboard.views.context import Context
from dashboard.views.lists import agency_name
from dashboard.views.records import Again, Alike, Echo, ReportLink, SharedText
from dashboard.views.words_themes import theme_label
from govreport_core.narrative.likeness.finding import SAME
from govreport_core.narrative.likeness.masking import (
    Sentence,
    Text,
    bare_sentences,
    masked,
    own_names,
)
from govreport_core.narrative.likeness.sharing import near
from govreport_core.narrative.promises import LINKS

ALIKE = 0.8
"""From this likeness of their words on, numbers left out, two points are called alike."""

LINKED = 12  # reports named of those that share a text
_QUOTED_FROM = 0.3  # of a text's characters; below, the two texts side by side say it better
_QUOTES = 3
_PLACES = ("province", "prefecture", "county")

PointKey = tuple[str, str]
"""A document and a point of it."""


class Step(NamedTuple):
    """From a point to the one of the year before that it takes up."""

    earlier: PointKey
    likeness: float


def again(
    shared: Context, report: Row, points: Sequence[Row], lang: str
) -> dict[str, tuple[Again, ...]]:
    """What a report's points take up of the agency's earlier ones.

    Args:
        shared: The dataset.
        report: Its row of `cards`.
        points: Its rows of `points`.
        lang: Language of the words.

    Returns:
        By point; nothing of a point that takes up none.
    """
    if not points:
        return {}
    rows = shared.rows("promises", report["agency_id"])
    if not rows:
        return {}
    steps = steps_of(rows)
    mine = [row for row in rows if row["document_id"] == report["document_id"]]
    chains: dict[tuple[str, str], dict[tuple[Step, ...], list[str]]] = {}
    for point, link, theme in ((row["point_id"], row["link"], row["theme"]) for row in mine):
        chain = chain_of(steps[link, theme], (report["document_id"], point))
        chains.setdefault((point, link), {}).setdefault(chain, []).append(theme)
    steps_taken = (step for found in chains.values() for one in found for step in one)
    documents = {step.earlier[0] for step in steps_taken}
    said = _numbered({document: shared.rows("points", document) for document in documents})
    made: dict[str, list[Again]] = {}
    for (point, link), found in sorted(chains.items(), key=lambda one: _ORDER[one[0][1]]):
        for chain, codes in found.items():
            echoes = echoes_of(shared, chain, said, lang)
            made.setdefault(point, []).append(_again(link, codes, echoes, lang))
    return {point: tuple(found) for point, found in made.items()}


_ORDER = {link: place for place, link in enumerate(("repeated", *LINKS))} | {"repeated": -1}


def _again(link: str, codes: Sequence[str], echoes: tuple[Echo, ...], lang: str) -> Again:
    years = len(echoes) + 1
    return Again(
        link=link,
        label=t(f"echoes.links.{link}", lang),
        themes=tuple(theme_label(code, lang) for code in codes),
        running=t("echoes.running", lang, n=years) if years > 2 else "",
        said=echoes,
    )


def steps_of(rows: Iterable[Row]) -> Mapping[tuple[str, str], Mapping[PointKey, Step]]:
    """Rows of `promises` as steps, by link and theme, then by point."""
    steps: dict[tuple[str, str], dict[PointKey, Step]] = defaultdict(dict)
    for row in rows:
        earlier = row["other_document_id"], row["other_point_id"]
        point = row["document_id"], row["point_id"]
        steps[row["link"], row["theme"]][point] = Step(earlier, row["likeness"])
    return steps


def chain_of(steps: Mapping[PointKey, Step], point: PointKey) -> tuple[Step, ...]:
    """All steps back from a point; each is a year earlier, so there is an end."""
    found = []
    at: PointKey | None = point
    while at is not None and (step := steps.get(at)) is not None:
        found.append(step)
        at = step.earlier
    return tuple(found)


def texts_of(data: Data, points: Iterable[PointKey]) -> dict[PointKey, tuple[str, int]]:
    """The texts of points, with their numbers in their documents, from 1."""
    documents = sorted({document for document, _ in points})
    rows = cut(rows_of_documents(data, documents, "points")) if documents else {}
    return _numbered(rows)


def _numbered(points: Mapping[str, Sequence[Row]]) -> dict[PointKey, tuple[str, int]]:
    found: dict[PointKey, tuple[str, int]] = {}
    for document, rows in points.items():
        for number, row in enumerate(rows, 1):
            found.setdefault((document, row["point_id"]), (row["text"], number))
    return found


def echoes_of(
    shared: Context,
    chain: Iterable[Step],
    said: Mapping[PointKey, tuple[str, int]],
    lang: str,
) -> tuple[Echo, ...]:
    """The points of a chain as they are shown, the newest first."""
    found = []
    for step in chain:
        document, point = step.earlier
        card = shared.of_document(document)
        if card is None or step.earlier not in said:
            break
        text, number = said[step.earlier]
        alike = labels.percent(step.likeness, lang) if step.likeness >= ALIKE else ""
        found.append(
            Echo(
                report=report_link(card, lang),
                point_id=point,
                text=text.strip(),
                anchor=f"m-{number}",
                alike=t("echoes.alike", lang, share=alike) if alike else "",
            )
        )
    return tuple(found)


def report_link(card: Row, lang: str) -> ReportLink:
    """A report as it is named beside another."""
    return ReportLink(
        report_id=card["report_id"],
        agency=agency_name(card, lang),
        year_text=labels.year(card["year"], lang),
    )


def alike(shared: Context, report: Row, sections: Sequence[Row], lang: str) -> tuple[Alike, ...]:
    """How much of a report's texts stands in others: its own last year's first, then the nearest.

    Args:
        shared: The dataset.
        report: Its row of `cards`.
        sections: Its rows of `sections`.
        lang: Language of the words.
    """
    rows = sorted(
        shared.rows("similar", report["document_id"]),
        key=lambda row: (not row["same_agency"], -row["share"], row["section"]),
    )
    own = {row["section"]: row["text"] for row in sections}
    found = []
    for row in rows:
        other = shared.of_document(row["other"])
        if other is None or not row["share"]:
            continue
        quotes: tuple[tuple[str, str], ...] = ()
        if row["share"] >= _QUOTED_FROM:
            there = _section(shared, row["other"], row["section"])
            texts = own.get(row["section"], ""), there
            quotes = _quotes(shared, row["section"], (report, other), texts)
        found.append(
            Alike(
                section=row["section"],
                section_label=section_label(report["form"], row["section"], lang),
                other=report_link(other, lang),
                same_agency=row["same_agency"],
                share=labels.percent(row["share"], lang),
                near=row["share"] >= SAME,
                sentences=row["sentences"],
                quotes=quotes,
            )
        )
    return tuple(found)


def _section(shared: Context, document_id: str, section: str) -> str:
    rows = shared.rows("sections", document_id)
    return next((str(row["text"]) for row in rows if row["section"] == section), "")


def mask(shared: Context, documents: Sequence[str]) -> None:
    """Mask at once the texts that `alike` will quote of some documents, and their neighbours'."""
    wanted: dict[tuple[str, str], Row] = {}
    for document in documents:
        for row in shared.rows("similar", document):
            if (row["share"] or 0) >= _QUOTED_FROM:
                for one in (document, row["other"]):
                    if (card := shared.of_document(one)) is not None:
                        wanted[one, row["section"]] = card
    texts = [_text(card, _section(shared, *key)) for key, card in wanted.items()]
    shared.masks.update(zip(wanted, masked(texts), strict=True))


def _text(card: Row, text: str) -> Text:
    return Text(text, own_names(card["agency_name"], *(card[place] for place in _PLACES)))


def _masked(shared: Context, card: Row, section: str, text: str) -> list[Sentence]:
    known: list[Sentence] | None = shared.masks.get((card["document_id"], section))
    return next(masked([_text(card, text)])) if known is None else known


def _quotes(
    shared: Context, section: str, cards: tuple[Row, Row], texts: tuple[str, str]
) -> tuple[tuple[str, str], ...]:
    """The longest sentences that stand in both texts, names and numbers aside, as printed.

    The second is empty where it says the very same, their numbering and last mark aside.
    """
    key = (cards[0]["document_id"], cards[1]["document_id"], section)
    if key not in shared.quotes:
        one, other = (
            _masked(shared, card, section, text) for card, text in zip(cards, texts, strict=True)
        )
        shared.quotes[key] = _longest(one, other, texts)
    found: tuple[tuple[str, str], ...] = shared.quotes[key]
    return found


def _longest(
    one: Sequence[Sentence], other: Sequence[Sentence], texts: tuple[str, str]
) -> tuple[tuple[str, str], ...]:
    best: dict[int, tuple[float, int]] = {}
    for i, j, ratio in near([s.masked for s in one], [s.masked for s in other]):
        best[i] = max(best.get(i, (0.0, 0)), (ratio, -j))
    longest = sorted(best, key=lambda i: (-len(one[i].masked), i))[:_QUOTES]
    found = []
    for i in sorted(longest):
        here, there = one[i], other[-best[i][1]]
        printed = texts[0][here.start : here.end].strip(), texts[1][there.start : there.end].strip()
        same = len({*(bare for text in printed for bare, _, _ in bare_sentences(text))}) == 1
        found.append((printed[0], "" if same else printed[1]))
    return tuple(found)


def shared_texts(shared: Context, report: Row, lang: str) -> tuple[SharedText, ...]:
    """The texts that a report shares with other agencies, and with which."""
    mine = shared.rows("groups", report["document_id"])
    return tuple(
        shared_text(shared, row["group"], lang, but=report["document_id"])
        for row in sorted(mine, key=lambda row: str(row["section"]))
    )


def shared_text(shared: Context, group: str, lang: str, but: str = "") -> SharedText:
    """A group of the table `groups`: how many agencies share which text, and some of the reports.

    Args:
        shared: The dataset.
        group: Its name.
        lang: Language of the words.
        but: A document that isn't listed.
    """
    rows = shared.data.shared.of(group)
    others = rows.filter(rows["document_id"] != but)["document_id"]
    cards = [card for one in others.head(LINKED) if (card := shared.of_document(one)) is not None]
    return SharedText(
        group=group,
        section_label=section_label(None, rows["section"][0], lang),
        agencies=rows["agencies"][0],
        reports=tuple(report_link(card, lang) for card in cards),
        of=len(others),
    )
