"""Reports and their signed texts in; which repeat which, who shares a text, and what is quoted out.

Only the report that is shown of an agency and year is compared: copies of one
report are versions of it. What was found of two texts is kept for the next build,
so that old texts are read again only where a new one may be like them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Protocol

import msgspec
import numpy as np
import numpy.typing as npt
import polars as pl
import polars.selectors as cs

from govreport_core.build.remembered import SIGNS, Remembered, Told
from govreport_core.dataset.store import Shelf
from govreport_core.narrative.likeness import signing
from govreport_core.narrative.likeness.finding import SAME, Found, find
from govreport_core.narrative.likeness.signing import SECTIONS
from govreport_core.regions.divisions import table
from govreport_core.schemas import columns_of, frame

QUOTE_LENGTH = 240  # characters of the sentences that are quoted
_AT_ONCE = 4_000  # documents whose printed text is in memory at a time
_PLACED_BY = ("document_id", "chars", "digest")
_FOUND_BY = ("document_id", "signature", "hashes", "lengths")
_SHORTEST = 3  # characters of a place's name that is no common word
_PLACE = ("part", "start", "end_part", "end")

TEXTS: dict[str, type[pl.DataType]] = {
    "document_id": pl.String,
    "section": pl.String,
    "chars": pl.Int32,
}
"""Texts that could be compared, with the characters that are the agency's own words."""

REPEATED: dict[str, type[pl.DataType]] = {
    "document_id": pl.String,
    "section": pl.String,
    "other": pl.String,
    "share": pl.Float64,
    "sentences": pl.Int32,
    "same_agency": pl.Boolean,
    "text": pl.String,
    "part": pl.String,
    "start": pl.Int32,
    "end_part": pl.String,
    "end": pl.Int32,
}
"""The table `similar` with the sentences to quote and the section's place, both null where
the share is below `finding.SAME`."""


class Alike(msgspec.Struct, frozen=True):
    """What is known of repetition among reports.

    Attributes:
        tables: `similar` and `groups` of the dataset.
        judged: `texts` (the columns of `TEXTS`) and `repeats` (of `REPEATED`), which the rules
            look at.
    """

    tables: dict[str, pl.DataFrame]
    judged: dict[str, pl.DataFrame]


class Source(Protocol):
    """Where signed texts and printed ones are."""

    def signed(self, section: str, columns: Sequence[str]) -> pl.DataFrame:
        """These columns of `SIGNED` of all texts of a section."""

    def of(self, section: str, columns: Sequence[str], documents: pl.Series) -> pl.DataFrame:
        """The same of some documents."""

    def printed(self, section: str, documents: pl.Series) -> pl.DataFrame:
        """`document_id`, `text` and place of a section, of some documents."""


def signs(frames: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """What the texts of these reports are found and compared by.

    Args:
        frames: `reports` and `sections`.

    Returns:
        The columns of `SIGNED`.
    """
    return signing.signed(frames["reports"], frames["sections"], _places())


def alike(
    reports: pl.DataFrame,
    agencies: pl.DataFrame,
    chunks: Mapping[str, Path],
    shelf: Shelf,
    version: str,
) -> Alike:
    """What the reports of chunks repeat.

    Args:
        reports: The table `reports` with `chunk`, `current` set.
        agencies: The table `agencies`: one that goes on as another is the same.
        chunks: The folders of the shards.
        shelf: Where what was found is kept for the next build.
        version: Of what signs texts: what is kept holds for the same one.
    """
    kept = {one: Remembered(shelf, one, version) for one in SECTIONS}
    return _alike(reports, agencies, _Shards(reports, chunks), kept)


def alike_of_frames(frames: Mapping[str, pl.DataFrame]) -> Alike:
    """What reports in memory repeat.

    Args:
        frames: `reports` and `sections`; `agencies` where there is one.
    """
    agencies = frames.get("agencies", frame("agencies", []))
    return _alike(frames["reports"], agencies, _Held(signs(frames), frames["sections"]), {})


class _Shards:
    """The chunks' shards; only those are opened that hold what is asked for."""

    def __init__(self, reports: pl.DataFrame, chunks: Mapping[str, Path]) -> None:
        self._chunk_of = reports.select("document_id", "chunk")
        self._chunks = chunks

    def signed(self, section: str, columns: Sequence[str]) -> pl.DataFrame:
        return self._scan(self._chunks.values(), section).select(columns).collect()

    def of(self, section: str, columns: Sequence[str], documents: pl.Series) -> pl.DataFrame:
        found = self._scan(self._holding(documents), section)
        wanted = pl.col("document_id").is_in(documents.implode())
        return found.filter(wanted).select(columns).collect()

    def printed(self, section: str, documents: pl.Series) -> pl.DataFrame:
        files = [
            file
            for folder in self._holding(documents)
            for file in sorted((folder / "sections").glob("*.parquet"))
        ]
        return (
            pl.scan_parquet(files, hive_partitioning=False)
            .filter(
                (pl.col("section") == section) & pl.col("document_id").is_in(documents.implode())
            )
            .select("document_id", "text", *_PLACE)
            .collect()
        )

    def _holding(self, documents: pl.Series) -> list[Path]:
        mine = self._chunk_of.filter(pl.col("document_id").is_in(documents.implode()))
        return [self._chunks[chunk] for chunk in sorted(mine["chunk"].unique())]

    @staticmethod
    def _scan(folders: Iterable[Path], section: str) -> pl.LazyFrame:
        files = [folder / SIGNS for folder in folders]
        return pl.scan_parquet(files).filter(pl.col("section") == section)


class _Held:
    """Signed texts and sections in memory."""

    def __init__(self, signed: pl.DataFrame, sections: pl.DataFrame) -> None:
        self._signed = signed
        self._sections = sections

    def signed(self, section: str, columns: Sequence[str]) -> pl.DataFrame:
        return self._signed.filter(pl.col("section") == section).select(columns)

    def of(self, section: str, columns: Sequence[str], documents: pl.Series) -> pl.DataFrame:
        found = self._signed.filter(pl.col("document_id").is_in(documents.implode()))
        return found.filter(pl.col("section") == section).select(columns)

    def printed(self, section: str, documents: pl.Series) -> pl.DataFrame:
        found = self._sections.filter(pl.col("document_id").is_in(documents.implode()))
        return found.filter(pl.col("section") == section).select("document_id", "text", *_PLACE)


def _alike(
    reports: pl.DataFrame, agencies: pl.DataFrame, source: Source, kept: Mapping[str, Remembered]
) -> Alike:
    compared = _compared(reports, agencies)

    def of(section: str) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
        return _of_section(section, compared, source, kept.get(section))

    # Side by side where little is found anew: of very many texts that takes its memory.
    known = bool(kept) and all(one.there() for one in kept.values())
    with ThreadPoolExecutor(len(SECTIONS) if known else 1) as threads:
        repeats, groups, texts = zip(*threads.map(of, SECTIONS), strict=True)
    # A document's rows stand together.
    repeated = pl.concat(repeats).sort(
        "document_id",
        "section",
        "same_agency",
        "share",
        "other",
        descending=[False, False, True, True, False],
    )
    similar = repeated.select(columns_of("similar"))
    return Alike(
        tables={"similar": similar, "groups": pl.concat(groups).sort("group", "document_id")},
        judged={"texts": pl.concat(texts), "repeats": repeated},
    )


def _of_section(
    section: str, compared: pl.DataFrame, source: Source, kept: Remembered | None
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """A section's rows of `REPEATED`, of the table `groups`, and of `TEXTS`."""
    texts = compared.join(source.signed(section, _PLACED_BY), on="document_id")
    # Not by document: another figure in a report changes nothing here.
    texts = texts.sort("year", "digest", "house")
    told = _told(texts, section, source, kept)
    documents = texts["document_id"]
    return (
        _quoted(_named(told.repeats, documents, section), section, source),
        _grouped(told.groups, documents, section),
        texts.select("document_id", section=pl.lit(section), chars="chars"),
    )


def _compared(reports: pl.DataFrame, agencies: pl.DataFrame) -> pl.DataFrame:
    """The reports that are compared, with a number for their agency and all it went on as."""
    heirs = dict(agencies.select("agency_id", "successor").drop_nulls().iter_rows())
    known = reports.filter(
        pl.col("current")
        & pl.col("year").is_not_null()
        & ~pl.col("agency_id").str.starts_with("doc-")
    ).select("document_id", "year", "agency_id", cs.by_name("chunk", require_all=False))
    last = {agency: _last(agency, heirs) for agency in known["agency_id"].unique()}
    house = pl.col("agency_id").replace_strict(last, return_dtype=pl.String)
    return (
        known.with_columns(house=house, owner=house.rank("dense").cast(pl.Int32))
        # Two agencies that went on as one have a report each of its first year.
        .sort("owner", "year", "document_id")
        .unique(["owner", "year"], keep="first", maintain_order=True)
        .drop("agency_id")
    )


def _last(agency: str, heirs: Mapping[str, str]) -> str:
    """The agency as which one goes on in the end; a circle is left where it closes."""
    seen = {agency}
    while (heir := heirs.get(agency)) and heir not in seen:
        seen.add(agency := heir)
    return agency


def _told(texts: pl.DataFrame, section: str, source: Source, kept: Remembered | None) -> Told:
    """What is told of texts: as before, where they are the same."""
    told = kept.again(texts) if kept else None
    if told is None:
        found = _found(texts, section, source, kept)
        told = Told(found.repeats, found.groups)
    if kept is not None:
        kept.place(texts)
    return told


def _found(texts: pl.DataFrame, section: str, source: Source, kept: Remembered | None) -> Found:
    documents = texts["document_id"]

    def fetch(rows: npt.NDArray[np.int64]) -> pl.Series:
        wanted = documents.gather(rows)
        held = source.of(section, ("document_id", "sentences"), wanted)
        order = pl.DataFrame({"document_id": wanted})
        joined = order.join(held, on="document_id", how="left", maintain_order="left")
        return joined["sentences"]

    signed = source.signed(section, _FOUND_BY)
    every = texts.join(signed, on="document_id", maintain_order="left").with_columns(
        mark=pl.struct("year", "digest", "house").hash()
    )
    del signed
    found = find(every, fetch, kept.known() if kept else None)
    if kept is not None:
        kept.keep(found, texts)
    return found


def _named(repeats: pl.DataFrame, documents: pl.Series, section: str) -> pl.DataFrame:
    """What is told of repetition, by documents instead of rows."""
    return repeats.select(
        document_id=documents.gather(repeats["row"]),
        section=pl.lit(section),
        other=documents.gather(repeats["other"]),
        share="share",
        sentences="sentences",
        same_agency="same_agency",
        quoted="quoted",
    )


def _quoted(named: pl.DataFrame, section: str, source: Source) -> pl.DataFrame:
    """With the sentences to quote, where most of a text is another's."""
    alike = named.filter(pl.col("share") >= SAME)
    documents = alike["document_id"].unique().sort()
    quotes = [
        pl.DataFrame(schema={"document_id": pl.String, "other": pl.String}).with_columns(
            pl.lit(None).cast(REPEATED[name]).alias(name) for name in ("text", *_PLACE)
        )
    ]
    for at in range(0, len(documents), _AT_ONCE):
        some = documents[at : at + _AT_ONCE]
        of = alike.filter(pl.col("document_id").is_in(some.implode()))
        quotes.append(_printed(of, section, some, source))
    found = named.join(
        pl.concat(quotes), on=["document_id", "other"], how="left", maintain_order="left"
    )
    return found.select(pl.col(name).cast(kind) for name, kind in REPEATED.items())


def _printed(of: pl.DataFrame, section: str, some: pl.Series, source: Source) -> pl.DataFrame:
    """The sentences as they are printed, cut out of their section."""
    spans = source.of(section, ("document_id", "starts", "ends"), some)
    joined = of.join(spans, on="document_id").join(source.printed(section, some), on="document_id")
    texts = [
        " ".join(" ".join(text[starts[at] : ends[at]].split()) for at in quoted)[:QUOTE_LENGTH]
        for text, starts, ends, quoted in joined.select(
            "text", "starts", "ends", "quoted"
        ).iter_rows()
    ]
    return joined.select("document_id", "other", pl.Series("text", texts, dtype=pl.String), *_PLACE)


def _grouped(groups: pl.DataFrame, documents: pl.Series, section: str) -> pl.DataFrame:
    """The table `groups` of a section: a group goes by its first document."""
    first = documents.gather(groups["group"]).str.slice(0, 12)
    rows = groups.select(
        group=pl.lit(f"{section}-") + first,
        section=pl.lit(section),
        document_id=documents.gather(groups["row"]),
        agencies="agencies",
    )
    return rows.select(pl.col(n).cast(k) for n, k in frame("groups", []).schema.items())


@cache
def _places() -> tuple[str, ...]:
    """The official names of all divisions there were, but those that are common words too."""
    names = {d.name for every in table().by_code.values() for d in every}
    return tuple(sorted(name for name in names if len(name) >= _SHORTEST))
