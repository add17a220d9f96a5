"""The texts of all reports in, the files of the site's search out: postings and texts in shards.

`static/search.js` reads them; what each holds is said where it is made. Numbers of reports
are their rows in `Texts.reports`: the newest year first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path

import msgspec
import numpy as np
import polars as pl

from dashboard import labels
from dashboard.data import Data, Row, rows_of_documents
from dashboard.labels import section_label, t, term
from dashboard.site import addresses
from dashboard.site.aside import Aside
from dashboard.texts import FIVE, Texts
from dashboard.views import region_options
from dashboard.views.sentences import check_label
from dashboard.views.words_themes import theme_label
from govreport_core.checks import catalogue
from govreport_core.search import plain, sources
from govreport_core.search.plain import table
from govreport_core.search.postings import each_shard

FOLDER = "search"
FIRST, OTHERS = "five", "other"
_ZERO = ord("0")
_TEXTS = 32_000  # bytes of a shard of texts, unless one report alone has more

File = tuple[str, bytes]
Rows = Mapping[int, Sequence[Row]]


def index_files(texts: Texts, folder: Path) -> Iterator[File]:
    """Every file of the search that is of no language; in the folder waits what is searched."""
    yield f"{FOLDER}/plain.json", _json(_characters())
    yield f"{FOLDER}/reports.json", _json(_reports(texts))
    yield f"{FOLDER}/agencies.json", _json(_agencies(texts))
    with Aside(folder) as five, Aside(folder) as others:
        names = {FIRST: _Shards(FIRST, five, folder), OTHERS: _Shards(OTHERS, others, folder)}
        yield from _shards(texts, names)


def _shards(texts: Texts, names: Mapping[str, _Shards]) -> Iterator[File]:
    for at in range(0, texts.reports.height, AT_ONCE):
        cards = texts.reports.slice(at, AT_ONCE).to_dicts()
        rows = [rows_by_order(texts, name, at, AT_ONCE) for name in ("sections", "points")]
        documents = texts.reports["document_id"][at : at + AT_ONCE]
        rows.append(_by_order(printed(texts.data, documents), at))
        for order, card in enumerate(cards, at):
            sections, points, parts = (some.get(order, ()) for some in rows)
            for name, shards in names.items():
                mine = [row for row in sections if _is_of(row, name)]
                said = points if name == FIRST else ()
                told = _json(_told(order, card, mine, said, parts))
                searched, joined = _searched(mine, said)
                yield from shards.add(order, told, searched, joined)
    for shards in names.values():
        yield from shards.end()


# Reports whose sources are in memory together.
AT_ONCE = 500


class _Shards:
    """Puts reports' texts into shards, and keeps what is searched until all are there."""

    def __init__(self, name: str, searched: Aside, folder: Path) -> None:
        self._folder = f"{FOLDER}/{name}"
        self._first: list[int] = []
        self._shard: list[bytes] = []
        self._searched = searched
        self._waiting = folder
        self._joined = 0

    def add(self, order: int, told: bytes, searched: str, joined: int) -> Iterator[File]:
        """Take a report's `_told` and `_searched`; gives a shard that is full without it."""
        self._searched.add(searched.encode("utf-8", "surrogatepass"))
        self._joined = max(self._joined, joined)
        if not self._shard or sum(map(len, self._shard)) + len(told) > _TEXTS:
            yield from self._full()
            self._first.append(order)
        self._shard.append(told)

    def _full(self) -> Iterator[File]:
        if self._shard:
            yield f"{self._folder}/t{len(self._first) - 1}.json", _joined(self._shard)
        self._shard = []

    def end(self) -> Iterator[File]:
        """The last shard, `texts.json` with the first report of each, and the postings.

        `joined` is the most of what `_searched` says of a text: what may be told without it.
        """
        yield from self._full()
        yield f"{self._folder}/texts.json", _json({"first": self._first})
        first = []
        shards = each_shard(_Texts(self._searched), self._waiting)
        for number, (key, shard) in enumerate(shards):
            first.append(key)
            yield f"{self._folder}/p{number}.bin", shard
        about = {"texts": len(self._searched), "first": first, "joined": self._joined}
        yield f"{self._folder}/postings.json", _json(about)


class _Texts:
    """Texts that are read when they are asked for."""

    def __init__(self, stored: Aside) -> None:
        self._stored = stored

    def __len__(self) -> int:
        return len(self._stored)

    def __getitem__(self, some: slice) -> list[str]:
        first, stop, _ = some.indices(len(self))
        return [one.decode("utf-8", "surrogatepass") for one in self._stored.read(first, stop)]


def index_words(texts: Texts, lang: str) -> File:
    """The words of a language beside them: of regions, kinds, themes, sections and rules."""
    kinds = sorted(set(_coded(texts)["agency_kind"]))
    codes = texts.data.tables["sections"].select(pl.col("section").unique().sort()).collect()
    words = {
        "places": [[one.value, one.label] for one in region_options(texts.data, lang)],
        "kind_names": [[kind, _kind(kind, lang)] for kind in kinds],
        "themes": [[code, theme_label(code, lang)] for code in texts.themes],
        "sections": {code: section_label(None, code, lang) for code in codes["section"]},
        "rules": [[check_label(code, lang), addresses.rule(code)] for code in catalogue()],
        "no_name": t("values.agency_unknown", lang),
        "unnamed": labels.words(lang)["values.agency_unnamed"],
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
        name: `sections` or `points`.
        at: The first report.
        some: How many; all from there on where None.
    """
    documents = texts.reports["document_id"][at:][:some]
    order = {document: number for number, document in enumerate(documents, at)}
    found: dict[int, list[Row]] = {}
    rows = rows_of_documents(texts.data, documents.to_list(), name)
    for row in rows.iter_rows(named=True):
        found.setdefault(order[row["document_id"]], []).append(row)
    return found


def printed(data: Data, documents: pl.Series) -> pl.DataFrame:
    """Of the parts of some documents those in which sections stand, and between them.

    Args:
        data: The dataset.
        documents: Their ids; some hundreds at a time.

    Returns:
        `order` (of the document among these), `ordinal`, `part` and `text`, in this order.
    """
    order = documents.to_frame("document_id").with_row_index("order")
    named = rows_of_documents(data, documents.to_list(), "parts").join(order, on="document_id")
    parts = named.select("order", "ordinal", "part", "text").sort("order", "ordinal")
    parts = parts.with_row_index("at")
    there = parts.unique(["order", "part"], keep="last").select("order", "part", "at")
    spans = (
        rows_of_documents(data, documents.to_list(), "sections")
        .lazy()
        .join(order.lazy(), on="document_id")
        .select("order", "part", end=pl.coalesce("end_part", "part"))
        .join(there.lazy(), on=["order", "part"])
        .join(there.lazy().rename({"part": "end", "at": "to"}), on=["order", "end"])
        .filter(pl.col("at") <= pl.col("to"))
        .select("at", pl.col("to") + 1)
        .collect()
    )
    steps = np.zeros(parts.height + 1, np.int32)
    np.add.at(steps, spans["at"].to_numpy(), 1)
    np.add.at(steps, spans["to"].to_numpy(), -1)
    inside = np.cumsum(steps[:-1]) > 0
    return parts.drop("at").filter(pl.Series(inside, dtype=pl.Boolean))


def _by_order(rows: pl.DataFrame, at: int) -> Rows:
    found: dict[int, list[Row]] = {}
    for row in rows.iter_rows(named=True):
        found.setdefault(at + row["order"], []).append(row)
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

    `years` are runs of reports: a year and how many reports one after the other have it.
    `regions` and `kinds` have a character a report: its code less `zero` is an index into
    `codes`, into `kind_codes`.
    """
    reports = _coded(texts)
    codes, kinds = (sorted(set(reports[name])) for name in ("region_code", "agency_kind"))
    return {
        "reports": reports.height,
        "codes": codes,
        "kind_codes": kinds,
        "years": [[year, len(list(run))] for year, run in groupby(reports["year"])],
        "zero": _ZERO,
        "regions": _lettered(codes, reports["region_code"]),
        "kinds": _lettered(kinds, reports["agency_kind"]),
    }


def _agencies(texts: Texts) -> dict[str, list[object]]:
    """Each agency's name and the numbers of its reports, for a search of one agency alone."""
    found: dict[str, list[object]] = {}
    agencies = texts.reports.select("agency_id", "agency_name").iter_rows()
    for order, (agency, name) in enumerate(agencies):
        found.setdefault(agency, [name]).append(order)
    return found


def _kind(kind: str, lang: str) -> str:
    return t("values.unknown", lang) if kind == "none" else term("kinds", kind, lang)


def _lettered(codes: Sequence[str], values: Iterable[str]) -> str:
    """A character a value. There are fewer divisions than characters before the surrogates."""
    letters = {code: chr(_ZERO + at) for at, code in enumerate(codes)}
    return "".join(letters[value] for value in values)


def _searched(sections: Sequence[Row], points: Sequence[Row]) -> tuple[str, int]:
    """A report's sections; a point that doesn't stand in them as it is follows them.

    Returns:
        The text, and what it is: 0 at most one section, 1 several of them, 2 with such points.
    """
    joined = "\n".join(plain(row["text"]) for row in sections)
    apart = [text for row in points if (text := plain(row["text"])) not in joined]
    return "\n".join([joined, *apart]), 2 if apart else int(len(sections) > 1)


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
