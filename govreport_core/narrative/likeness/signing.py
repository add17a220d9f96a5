"""Sections of reports in, a row a text out that holds all by which it is found and compared.

The shards of a build hold these rows: a new report is compared with old ones
without reading theirs again. The signatures are rensa's, whose numbers may change
from one release to the next: its version is part of what a shard is kept by.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
import polars as pl
from rensa import RMinHash

from govreport_core.narrative.likeness.masking import Sentence, Text, masked, own_names

SECTIONS = ("s1_overview", "s5_problems")
"""The sections whose words are an agency's own; the others say what the tables say."""

PERMUTATIONS = 128
_SEED = 20190403
_SHINGLE = 3  # characters
_PRIMES = tuple(np.uint64(p) for p in (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9))

SIGNED: dict[str, pl.DataType | type[pl.DataType]] = {
    "document_id": pl.String,
    "section": pl.String,
    "chars": pl.Int32,
    "digest": pl.UInt64,
    "signature": pl.Binary,
    "hashes": pl.List(pl.UInt64),
    "lengths": pl.List(pl.UInt16),
    "sentences": pl.List(pl.String),
    "starts": pl.List(pl.Int32),
    "ends": pl.List(pl.Int32),
}
"""A row a text: characters, digest and MinHash (128 numbers of 16 bits) of its masked sentences;
of each its hash, length, words and where it stands in the section's text."""


def signed(
    reports: pl.DataFrame, sections: pl.DataFrame, places: Iterable[str] = ()
) -> pl.DataFrame:
    """What texts are found and compared by.

    Args:
        reports: `document_id`, `agency_name`, `province`, `prefecture` and `county` of `reports`.
        sections: `document_id`, `section` and `text` of `sections`.
        places: Names of places that are masked wherever they stand.

    Returns:
        The columns of `SIGNED`, a row a section of `SECTIONS` that says something, in the
        order of `sections`.
    """
    wanted = sections.filter(pl.col("section").is_in(SECTIONS))
    named = {
        row[0]: own_names(*row[1:])
        for row in reports.select(
            "document_id", "agency_name", "province", "prefecture", "county"
        ).iter_rows()
    }
    texts = [
        Text(text, named.get(document, ()))
        for document, text in wanted.select("document_id", "text").iter_rows()
    ]
    cut = list(masked(texts, places))
    kept = [at for at, sentences in enumerate(cut) if sentences]
    return pl.concat(
        [wanted[kept].select("document_id", "section"), likened([cut[at] for at in kept])],
        how="horizontal",
    ).select(*SIGNED)


def likened(cut: list[list[Sentence]]) -> pl.DataFrame:
    """The columns of `SIGNED` of texts given as their masked sentences, without whose they are."""
    with_lists = pl.DataFrame(_of_texts(cut)).with_row_index("nth")
    found = with_lists.join(_of_sentences(cut), on="nth", maintain_order="left")
    return found.select(pl.col(name).cast(kind) for name, kind in SIGNED.items() if name in found)


def _of_texts(cut: list[list[Sentence]]) -> list[pl.Series]:
    said = ["\n".join(one.masked for one in sentences) for sentences in cut]
    columns = {
        "chars": [len(text) - text.count("\n") for text in said],
        "digest": [_hash(text) for text in said],
        "signature": [row.tobytes() for row in signatures(said)],
    }
    return [pl.Series(name, column, dtype=SIGNED[name]) for name, column in columns.items()]


def _of_sentences(cut: list[list[Sentence]]) -> pl.DataFrame:
    """The lists of each text, made flat and folded by text: a fraction of the time."""
    every = [one for sentences in cut for one in sentences]
    hashes = {text: _hash(text) for text in {one.masked for one in every}}
    flat = pl.DataFrame(
        {
            "nth": np.repeat(np.arange(len(cut), dtype=np.uint32), [len(some) for some in cut]),
            "hashes": pl.Series([hashes[one.masked] for one in every], dtype=pl.UInt64),
            "sentences": pl.Series([one.masked for one in every], dtype=pl.String),
            "starts": pl.Series([one.start for one in every], dtype=pl.Int32),
            "ends": pl.Series([one.end for one in every], dtype=pl.Int32),
        }
    )
    length = pl.col("sentences").str.len_chars().cast(pl.UInt16)
    return (
        flat.with_columns(lengths=length)
        .group_by("nth", maintain_order=True)
        .agg("hashes", "lengths", "sentences", "starts", "ends")
    )


def signatures(texts: Sequence[str]) -> npt.NDArray[np.uint16]:
    """The MinHash of each text's pieces of three characters; no piece reaches over two sentences.

    Args:
        texts: Of each text its masked sentences, a line each; at least one.

    Returns:
        A row of `PERMUTATIONS` numbers a text.
    """
    if not texts:
        return np.zeros((0, PERMUTATIONS), dtype=np.uint16)
    lines = [text + "\n" * _SHINGLE for text in texts]
    letters = np.frombuffer("".join(lines).encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    piece = np.zeros(len(letters) - _SHINGLE + 1, dtype=np.uint64)
    whole = np.ones(len(piece), dtype=bool)
    for at, prime in enumerate(_PRIMES):
        moved = letters[at : at + len(piece)]
        piece = (piece ^ (moved * prime)) * _PRIMES[0]
        whole &= moved != ord("\n")
    for prime in _PRIMES[1:]:
        piece = (piece ^ (piece >> np.uint64(31))) * prime
    ends = np.cumsum([len(line) for line in lines])
    kept = np.concatenate([[0], np.cumsum(whole)])
    rows = np.concatenate([[0], kept[np.minimum(ends, len(piece))]]).astype(np.uint64)
    matrix = RMinHash.digest_matrix_from_flat_token_hashes(piece[whole], rows, PERMUTATIONS, _SEED)
    # Half of each number's bits tell texts apart as well, in half of the memory.
    return (np.array(matrix.to_rows(), dtype=np.uint32) >> np.uint32(16)).astype(np.uint16)


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little")
