"""Reports' points in, their rows out as text: problems beside improvements.

Each point leads to itself on its report's page. There are very many, so they are put together
by hand, as `templates/parts.html` would draw them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dashboard import labels
from dashboard.labels import t
from dashboard.site.blocks import Link, escaped
from dashboard.views.records import PointHit, WordsRow

_BASE = "zh-CN"


def words_rows(rows: Iterable[WordsRow], link: Link, lang: str, level: int) -> str:
    """A section a report.

    Args:
        rows: The reports with their points.
        link: What leads from this page to a report's.
        lang: Language of the words; the points are Chinese.
        level: Of the headings: one below that of what they stand under.
    """
    tag = labels.LANGUAGES[lang].tag
    # What is printed is Chinese, what is said of it isn't.
    printed, said = ("", "") if tag == _BASE else (f" lang={_BASE}", f" lang={tag}")
    see = escaped(t("words.see", lang))
    none = f"<p>{escaped(t('words.none_said', lang))}"
    names = [escaped(t(f"words.{kind}", lang)) for kind in ("problems", "improvements")]

    def column(hits: Sequence[PointHit], name: str, page: str) -> str:
        points = "".join([_point(hit, page, see, said) for hit in hits])
        listed = f"<ul class=points{printed}>{points}</ul>" if hits else none
        return f"<div><p>{name}{listed}</div>"

    drawn = []
    for row in rows:
        page = link("report", row.report_id)
        name = escaped(row.agency.name)
        name = f"<span{printed}>{name}</span>" if printed and row.agency.known else name
        region = escaped(row.agency.region)
        region = f"<span{printed}>{region}</span>" if printed else region
        where = f"{region} · {escaped(row.year_text)}"
        columns = column(row.problems, names[0], page) + column(row.improvements, names[1], page)
        drawn.append(
            f"<section class=words><h{level}><a href={page}#points>{name}</a> "
            f"<small>{where}</small></h{level}>{columns}</section>\n"
        )
    return "".join(drawn)


def _point(hit: PointHit, page: str, see: str, said: str) -> str:
    themes = "".join([f" <small{said}>{escaped(name)}</small>" for _, name in hit.themes])
    to = f"<a href={page}#point-{hit.point_id}{said}>{see}</a>"
    return f"<li>{escaped(hit.text)}{themes} {to}"
