"""What was found of texts in, the same for the next build out: see `narrative.likeness.known`.

Of each section some files. Which pairs are too unlike to be told of is by far the most, is
true whatever else changes, and is written only where it was all found anew.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import NamedTuple

import polars as pl

from govreport_core.dataset.parquet import ends_well, keep
from govreport_core.dataset.store import Shelf
from govreport_core.narrative.likeness.finding import Found
from govreport_core.narrative.likeness.known import STOOD, TOLD, Known

SIGNS = "likeness.parquet"
"""A chunk's signed texts."""

_PLACED = ("year", "digest", "house", "chars")


class Told(NamedTuple):
    """`repeats` and `groups` of `finding.Found`."""

    repeats: pl.DataFrame
    groups: pl.DataFrame


class Remembered:
    """What one section's texts are known by from build to build.

    Attributes:
        told: The file of pairs that are told of, and of the texts these were found among: in one
            file, as they hold for each other only.
        apart: The file of pairs that aren't told of.
        where: The file of the chunks in which texts stand.
    """

    def __init__(self, shelf: Shelf, section: str, version: str) -> None:
        self.told, self.apart, self.where = (
            shelf.kept("likeness", f"{section}-{what}-{version}")
            for what in ("told", "apart", "where")
        )
        self._shelf = shelf
        self._section = section
        self._version = version

    def there(self) -> bool:
        """Whether the build before left what it found."""
        return all(ends_well(file) for file in (self.told, self.apart, self.where))

    def known(self) -> Known | None:
        """What the build before found, if it did."""
        if not self.there():
            return None
        every, pair = pl.read_parquet(self.told), pl.col("first").is_not_null()
        return Known(
            every.filter(pair).select(*TOLD),
            pl.read_parquet(self.apart),
            every.filter(~pair).select(*STOOD),
            self._gone,
        )

    def again(self, placed: pl.DataFrame) -> Told | None:
        """What the build before told of the same texts in the same order, if it did.

        Args:
            placed: `year`, `digest`, `house` and `chars` of all texts, in their order.
        """
        files = self._of(placed)
        if not all(map(ends_well, (*files, self.told, self.apart))):
            return None
        return Told(*map(pl.read_parquet, files))

    def keep(self, found: Found, placed: pl.DataFrame) -> None:
        """Leave what was found of texts to the next build."""
        keep(pl.concat([found.known, found.stood], how="diagonal"), self.told)
        if not found.renewed:
            keep(found.apart, self.apart)
        for rows, file in zip((found.repeats, found.groups), self._of(placed), strict=True):
            keep(rows, file)

    def place(self, placed: pl.DataFrame) -> None:
        """Leave where texts stand: of `chunk` and `digest`."""
        keep(placed.select("digest", "chunk").unique("digest", maintain_order=True), self.where)

    def _of(self, placed: pl.DataFrame) -> list[Path]:
        """The files of what is told of texts."""
        said = hashlib.sha256(placed.select(_PLACED).hash_rows().to_numpy().tobytes())
        start = f"{self._section}-{self._version}-{said.hexdigest()[:24]}"
        return [self._shelf.kept("likeness", f"{start}-{what}") for what in Told._fields]

    def _gone(self, went: pl.DataFrame) -> pl.DataFrame | None:
        """Texts of chunks of the build before, in the order of `went`; None unless all are there.

        A chunk's name may have been given again after a build that was killed.
        """
        placed = went.join(pl.read_parquet(self.where), on="digest")
        files = [self._shelf.chunk(chunk) / SIGNS for chunk in placed["chunk"].unique()]
        if not files or not all(file.is_file() for file in files):
            return None
        wanted = pl.col("digest").is_in(went["digest"].implode())
        signed = pl.scan_parquet(files).filter(wanted, section=self._section)
        once = signed.unique("digest").collect()
        found = went.select("digest").join(once, on="digest", maintain_order="left")
        return found if found.height == went.height else None
