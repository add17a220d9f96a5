"""An address in, the room of problems and improvements out: search, themes, points, and a table.

Counts are of reports, but where points are said; points and section five come first,
the other sections where they are asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import polars as pl

from dashboard import labels
from dashboard.labels import section_label, t
from dashboard.texts import FIVE, Texts
from dashboard.views.filters import Filters
from dashboard.views.lists import agency_ref
from dashboard.views.records import WordsRow, WordsView
from dashboard.views.words_counts import agencies_found, facets
from dashboard.views.words_found import EVERYWHERE, Asked, Found, found, nothing
from dashboard.views.words_rows import rows_of
from dashboard.views.words_themes import theme_label
from govreport_core.forms import forms
from govreport_core.search import parse

PAGE = 20
_CODE = re.compile(r"^[a-z][a-z0-9_]{0,39}$")
_OWN = ("q", "theme", "section", "agency", "point")
_Link = Callable[[str, str], str]


def asked(parameters: Mapping[str, str], texts: Texts) -> tuple[Asked, int, tuple[str, ...]]:
    """What an address asks for: the search, the page, and the names of what means nothing.

    Args:
        parameters: `q`, `theme`, `section`, `agency`, `point`, `page`; others aren't looked at.
        texts: Tells whether an agency or a point is there.
    """
    given = {name: parameters[name].strip() for name in (*_OWN, "page") if parameters.get(name)}
    bad: list[str] = []
    themes = _codes(given.get("theme", ""))
    sections = _codes(given.get("section", ""))
    known = {EVERYWHERE, *(section.code for form in forms().values() for section in form.sections)}
    if len(themes) < len([word for word in given.get("theme", "").split(",") if word]):
        bad.append("theme")
    if any(code not in known for code in sections) or ("section" in given and not sections):
        bad.append("section")
        sections = tuple(code for code in sections if code in known)
    agency, point = given.get("agency", ""), given.get("point", "")
    if agency and agency not in texts.reports["agency_id"]:
        bad.append("agency")
        agency = ""
    if point and point not in texts.points["point_id"]:
        bad.append("point")
        point = ""
    page = given.get("page", "1")
    if not re.fullmatch(r"[1-9]\d{0,6}", page):
        bad.append("page")
        page = "1"
    return Asked(parse(given["q"]) if "q" in given else Asked().query, themes, sections, agency,
                 point), int(page), tuple(bad)  # fmt: skip


def words(texts: Texts, filters: Filters, parameters: Mapping[str, str], lang: str) -> WordsView:
    """The room as an address asks for it."""
    wanted, page, bad = asked(parameters, texts)
    typed = parameters.get("q", "")
    query = wanted.query
    problem = t(f"words.unasked.{query.problem}", lang) if query.problem else ""
    got = found(texts, filters, wanted) if not problem else nothing(texts)
    pages = max(1, -(-len(got.orders) // PAGE))
    page = min(page, pages)
    shown = got.orders[(page - 1) * PAGE : page * PAGE].tolist()
    only_sections = bool(query.words and wanted.sections and not wanted.themes) and not (
        {FIVE, EVERYWHERE} & {*wanted.sections}
    )
    return WordsView(
        q=typed,
        problem=problem,
        bad=tuple(t("words.bad", lang, name=name) for name in bad),
        lead="" if problem else _lead(got, wanted, lang, only_sections=only_sections),
        chosen=_chosen(wanted, got, lang),
        own=tuple(
            (name, parameters[name]) for name in _OWN if parameters.get(name) and name not in bad
        ),
        facets=facets(got, filters, wanted, lang),
        reports=len(got.orders),
        points=None if only_sections else got.points.height,
        rows=rows_of(got, query, shown, lang, wanted.themes),
        page=page,
        pages=pages,
    )


def words_frame(
    texts: Texts,
    filters: Filters,
    parameters: Mapping[str, str],
    lang: str,
    link: _Link,
) -> pl.DataFrame:
    """The same as a table to take away: a row a point or a section found, in the list's order.

    Args:
        texts: The texts.
        filters: What narrows it.
        parameters: Of the address.
        lang: Language of the words.
        link: The address of a report and a place on its card.

    Returns:
        `agency`, `region`, `year`, `kind` and `themes` in words, `text` as printed, `link`, then
        the codes: `point_id`, `report_id`, `agency_id`, `region_code`, `section`, `part`,
        `start`, `end_part` (where it isn't the same part), `end`.
    """
    wanted, _, _ = asked(parameters, texts)
    got = nothing(texts) if wanted.query.problem else found(texts, filters, wanted)
    chunks = [
        taken(rows_of(got, wanted.query, got.orders[at : at + _CHUNK].tolist(), lang), lang, link)
        for at in range(0, len(got.orders), _CHUNK)
    ]
    return pl.concat([pl.DataFrame(schema=_TAKEN), *chunks])


def taken(rows: tuple[WordsRow, ...], lang: str, link: _Link) -> pl.DataFrame:
    """Rows of the room as a table, with the columns of `words_frame`."""
    comma = t("places.and", lang)
    made = []
    for row in rows:
        about = {
            "agency": row.agency.name,
            "region": row.agency.region,
            "year": row.year,
            "report_id": row.report_id,
            "agency_id": row.agency.agency_id,
        }
        made += [
            about
            | {
                "kind": hit.kind_label,
                "themes": comma.join(label for _, label in hit.themes) or None,
                "text": hit.text,
                "link": link(row.report_id, hit.anchor),
                "point_id": hit.point_id,
                "section": FIVE,
                "part": hit.part,
                "start": hit.start,
                "end_part": hit.end_part,
                "end": hit.end,
            }
            for hit in (*row.problems, *row.improvements)
        ]
        made += [
            about
            | {
                "kind": hit.label,
                "text": "".join(piece.text for sentence in hit.sentences for piece in sentence),
                "link": link(row.report_id, hit.anchor or ""),
                "section": hit.section,
                "part": hit.part,
                "start": hit.start,
                "end": hit.end,
            }
            for hit in row.passages
        ]
    return pl.DataFrame(made, schema=_TAKEN)


_CHUNK = 2000
_TAKEN = {
    "agency": pl.String(),
    "region": pl.String(),
    "year": pl.Int32(),
    "kind": pl.String(),
    "themes": pl.String(),
    "text": pl.String(),
    "link": pl.String(),
    "point_id": pl.String(),
    "report_id": pl.String(),
    "agency_id": pl.String(),
    "section": pl.String(),
    "part": pl.String(),
    "start": pl.Int32(),
    "end_part": pl.String(),
    "end": pl.Int32(),
}


def _codes(text: str) -> tuple[str, ...]:
    words = [word.strip() for word in text.split(",")]
    return tuple(dict.fromkeys(word for word in words if _CODE.match(word)))


def _lead(got: Found, wanted: Asked, lang: str, *, only_sections: bool) -> str:
    reports = labels.number(len(got.orders))
    points = labels.number(got.points.height)
    if not len(got.orders):
        return t("words.nothing" if wanted.query.words else "words.none_match", lang)
    if not wanted.query.words:
        agencies = labels.number(agencies_found(got))
        return t("words.lead_all", lang, points=points, reports=reports, agencies=agencies)
    if only_sections:
        return t("words.lead_sections", lang, reports=reports)
    return t("words.lead", lang, points=points, reports=reports)


def _chosen(wanted: Asked, got: Found, lang: str) -> tuple[tuple[str, str, str], ...]:
    """What narrows the list beside the general filters, each with its name."""
    made = [("theme", code, theme_label(code, lang)) for code in wanted.themes]
    for code in wanted.sections:
        name = (
            t("words.everywhere", lang) if code == EVERYWHERE else section_label(None, code, lang)
        )
        made.append(("section", code, name))
    if wanted.agency:
        reports = got.texts.reports
        first = reports.filter(reports["agency_id"] == wanted.agency).row(0, named=True)
        made.append(("agency", wanted.agency, agency_ref(first, lang).name))
    if wanted.point:
        made.append(("point", wanted.point, t("words.one_point", lang)))
    return tuple(made)
