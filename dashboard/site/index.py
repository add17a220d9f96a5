"""The texts of all reports in, the files of the site's search out: postings and texts in shards.

`static/search.js` reads them; what each holds is said where it is made. Numbers of reports
are their rows in `Texts.reports`: the newest year first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

import msgspec
import polars as pl

from dashboard import labels
from dashboard.data import Row
from dashboard.labels import section_label, t, term
from dashboard.site import addresses
from dashboard.texts import FIVE, Texts
from dashboard.views import filter_options
from dashboard.views.words_themes import theme_label
from govreport_core.search import plain, sources
from govreport_core.search.plain import table
from govreport_core.search.postings import build

FOLDER = "search"
FIRST, OTHERS = "five", "other"
_TEXTS = 32_000  # bytes of a shard of texts, unless one report alone has more

File = tuple[str, bytes]
Rows = Mapping[int, Sequence[Row]]


class Prose(msgspec.Struct, frozen=True):
    """Rows of `sections`, `points` and `parts` by the number of their report."""

    sections: Rows
    points: Rows
    parts: Rows


def prose(texts: Texts) -> Prose:
    """The rows that the index and the lists are made from."""
    return Prose(*(_by_report(texts, name) for name in ("sections", "points", "parts")))


def index_files(texts: Texts, rows: Prose) -> Iterator[File]:
    """Every file of the search that is of no language."""
    yield f"{FOLDER}/plain.json", _json(_characters())
    yield f"{FOLDER}/reports.json", _json(_reports(texts))
    cards = texts.reports.to_dicts()
    for name in (FIRST, OTHERS):
        wanted = [
            [row for row in rows.sections.get(order, ()) if _is_of(row, name)]
            for order in range(len(cards))
        ]
        yield from _postings(name, wanted, rows.points if name == FIRST else {})
        yield from _texts(name, cards, wanted, rows)


def index_words(texts: Texts, lang: str) -> File:
    """The words of a language beside them: of regions, kinds, themes and sections."""
    kinds = sorted(set(_coded(texts)["agency_kind"]))
    codes = texts.data.tables["sections"].select(pl.col("section").unique().sort()).collect()
    words = {
        "places": [[one.value, one.label] for one in filter_options(texts.data, lang).regions],
        "kind_names": [[kind, _kind(kind, lang)] for kind in kinds],
        "themes": [[code, theme_label(code, lang)] for code in texts.themes],
        "sections": {code: section_label(None, code, lang) for code in codes["section"]},
        "no_name": t("values.agency_unknown", lang),
        "year": labels.words(lang)["values.year"],
        "no_year": t("values.year_unknown", lang),
    }
    return f"{FOLDER}/words.json", _json(words)


def _is_of(row: Row, name: str) -> bool:
    return bool(row["text"]) and (row["section"] == FIVE) == (name == FIRST)


def _by_report(texts: Texts, name: str) -> Rows:
    order = texts.reports.lazy().select("document_id").with_row_index("order")
    rows = texts.data.tables[name].join(order, on="document_id", maintain_order="left").collect()
    if name == "parts":
        rows = rows.select("order", "part", "ordinal", "text").sort("ordinal", maintain_order=True)
    found: dict[int, list[Row]] = {}
    for row in rows.iter_rows(named=True):
        found.setdefault(row["order"], []).append(row)
    return found


def _characters() -> dict[str, str]:
    """Characters that aren't compared as they are: `from` becomes `to`, `none` nothing."""
    pairs = [(a, b) for a, b in table().items() if b]
    return {
        "from": "".join(a for a, _ in pairs),
        "to": "".join(b for _, b in pairs),
        "none": "".join(a for a, b in table().items() if not b),
    }


def _coded(texts: Texts) -> pl.DataFrame:
    return texts.reports.with_columns(
        pl.col("agency_kind", "region_code").cast(pl.String).fill_null("none"),
        year=pl.col("year").cast(pl.String).fill_null("none"),
    )


def _reports(texts: Texts) -> dict[str, object]:
    """What a search is narrowed and counted by.

    `years`, `regions` and `kinds` are runs of reports: a value (an index into `codes`, a
    letter of `kind_codes`) and how many reports one after the other have it.
    """
    reports = _coded(texts)
    codes = sorted(set(reports["region_code"]))
    return {
        "reports": reports.height,
        "codes": codes,
        "kind_codes": sorted(set(reports["agency_kind"])),
        "years": _runs(reports["year"].to_list()),
        "regions": _runs([codes.index(code) for code in reports["region_code"]]),
        "kinds": _runs(reports["agency_kind"].to_list()),
    }


def _kind(kind: str, lang: str) -> str:
    return t("values.unknown", lang) if kind == "none" else term("kinds", kind, lang)


def _runs(values: Sequence[object]) -> list[list[object]]:
    return [[value, len(list(run))] for value, run in groupby(values)]


def _postings(name: str, wanted: Sequence[Sequence[Row]], points: Rows) -> Iterator[File]:
    index = build([_searched(rows, points.get(n, ())) for n, rows in enumerate(wanted)])
    for number, shard in enumerate(index.shards):
        yield f"{FOLDER}/{name}/p{number}.bin", shard
    about = {"texts": index.texts, "first": index.first}
    yield f"{FOLDER}/{name}/postings.json", _json(about)


def _searched(sections: Sequence[Row], points: Sequence[Row]) -> str:
    """A report's sections; a point that doesn't stand in them as it is follows them."""
    joined = "\n".join(plain(row["text"]) for row in sections)
    apart = (plain(row["text"]) for row in points)
    return "\n".join([joined, *(text for text in apart if text not in joined)])


def _texts(
    name: str, cards: Sequence[Row], wanted: Sequence[Sequence[Row]], rows: Prose
) -> Iterator[File]:
    """Shards of texts: of each report `_told`; `texts.json` names the first report of each."""
    first: list[int] = []
    shard: list[bytes] = []
    for order, sections in enumerate(wanted):
        points = rows.points.get(order, ()) if name == FIRST else ()
        told = _json(_told(order, cards[order], sections, points, rows.parts.get(order, ())))
        if not shard or sum(map(len, shard)) + len(told) > _TEXTS:
            if shard:
                yield f"{FOLDER}/{name}/t{len(first) - 1}.json", _joined(shard)
            shard = []
            first.append(order)
        shard.append(told)
    if shard:
        yield f"{FOLDER}/{name}/t{len(first) - 1}.json", _joined(shard)
    yield f"{FOLDER}/{name}/texts.json", _json({"first": first})


def _told(
    order: int,
    card: Row,
    sections: Sequence[Row],
    points: Sequence[Row],
    parts: Sequence[Row],
) -> list[object]:
    """Number, address, agency, region and year of a report, its sections, then its points.

    A section is its code, its text and where it is printed: from which character on in
    which part of the page. A point is its kind, text, id, and the codes of its themes.
    """
    return [
        order,
        addresses.report(card["report_id"]),
        card["agency_name"],
        card["region"] or card["region_code"] or "",
        card["year"],
        [[row["section"], row["text"], _places(row, parts)] for row in sections],
        [
            [
                int(row["kind"] == "improvement"),
                row["text"].strip(),
                row["point_id"],
                row["themes"] or [],
            ]
            for row in points
        ],
    ]


def _places(section: Row, parts: Sequence[Row]) -> list[list[int]]:
    """Where parts begin, by the count of 16-bit units that scripts count in."""
    text = section["text"]
    return [[_units(text[: s.at]), s.ordinal] for s in sources(section, parts)]


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _joined(told: Sequence[bytes]) -> bytes:
    return b"[" + b",\n".join(told) + b"]"


def _json(value: object) -> bytes:
    return msgspec.json.encode(value)
