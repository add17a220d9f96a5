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


def index_files(texts: Texts) -> Iterator[File]:
    """Every file of the search that is of no language."""
    yield f"{FOLDER}/plain.json", _json(_characters())
    yield f"{FOLDER}/reports.json", _json(_reports(texts))
    cards = texts.reports.to_dicts()
    names = {FIRST: _Shards(FIRST), OTHERS: _Shards(OTHERS)}
    for at in range(0, len(cards), _AT_ONCE):
        rows = {name: rows_by_order(texts, name, at, _AT_ONCE) for name in _NEEDED}
        for order in range(at, min(at + _AT_ONCE, len(cards))):
            sections, points, parts = (rows[name].get(order, ()) for name in _NEEDED)
            for name, shards in names.items():
                mine = [row for row in sections if _is_of(row, name)]
                said = points if name == FIRST else ()
                told = _json(_told(order, cards[order], mine, said, parts))
                yield from shards.add(order, told, _searched(mine, said))
    for shards in names.values():
        yield from shards.end()


_NEEDED = ("sections", "points", "parts")
# Reports whose sources are in memory together.
_AT_ONCE = 500


class _Shards:
    """Puts reports' texts into shards, and keeps what is searched until all are there."""

    def __init__(self, name: str) -> None:
        self._folder = f"{FOLDER}/{name}"
        self._first: list[int] = []
        self._shard: list[bytes] = []
        self._searched: list[str] = []

    def add(self, order: int, told: bytes, searched: str) -> Iterator[File]:
        """Take a report's `_told`; gives a shard that is full without it."""
        self._searched.append(searched)
        if not self._shard or sum(map(len, self._shard)) + len(told) > _TEXTS:
            yield from self._full()
            self._first.append(order)
        self._shard.append(told)

    def _full(self) -> Iterator[File]:
        if self._shard:
            yield f"{self._folder}/t{len(self._first) - 1}.json", _joined(self._shard)
        self._shard = []

    def end(self) -> Iterator[File]:
        """The last shard, `texts.json` with the first report of each, and the postings."""
        yield from self._full()
        yield f"{self._folder}/texts.json", _json({"first": self._first})
        index = build(self._searched)
        for number, shard in enumerate(index.shards):
            yield f"{self._folder}/p{number}.bin", shard
        about = {"texts": index.texts, "first": index.first}
        yield f"{self._folder}/postings.json", _json(about)


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


def rows_by_order(texts: Texts, name: str, at: int = 0, some: int | None = None) -> Rows:
    """Rows of a table by the number of their report, each report's in the table's order.

    Args:
        texts: The texts.
        name: `sections`, `points` or `parts`; of parts only what says where text stands.
        at: The first report.
        some: How many; all from there on where None.
    """
    documents = texts.reports["document_id"][at:][:some]
    order = {document: number for number, document in enumerate(documents, at)}
    rows = texts.data.tables[name].filter(pl.col("document_id").is_in(documents.implode()))
    if name == "parts":
        rows = rows.select("document_id", "part", "ordinal", "text")
    found: dict[int, list[Row]] = {}
    for row in rows.collect().iter_rows(named=True):
        found.setdefault(order[row["document_id"]], []).append(row)
    if name == "parts":
        for mine in found.values():
            mine.sort(key=lambda row: int(row["ordinal"]))
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


def _searched(sections: Sequence[Row], points: Sequence[Row]) -> str:
    """A report's sections; a point that doesn't stand in them as it is follows them."""
    joined = "\n".join(plain(row["text"]) for row in sections)
    apart = (plain(row["text"]) for row in points)
    return "\n".join([joined, *(text for text in apart if text not in joined)])


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
