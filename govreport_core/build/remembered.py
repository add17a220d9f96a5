"""What was found of texts in, the same for the next build out: see `narrative.likeness.known`.

Two files a section. Which pairs are too unlike to be told of is by far the most, is
true whatever else changes, and is written only where it was all found anew.
"""

from __future__ import annotations

import polars as pl

from govreport_core.dataset.store import Shelf, ends_well, keep
from govreport_core.narrative.likeness.finding import Found
from govreport_core.narrative.likeness.known import STOOD, TOLD, Known

SIGNS = "likeness.parquet"
"""A chunk's signed texts."""

_WHERE = ("document_id", "chunk")
_UNIT = ("document_id", "digest")


class Remembered:
    """What one section's texts are known by from build to build.

    Attributes:
        told: The file of pairs that are told of, and of the texts these were found among: in one
            file, as they hold for each other only.
        apart: The file of pairs that aren't told of.
    """

    def __init__(self, shelf: Shelf, section: str, version: str) -> None:
        self.told = shelf.kept("likeness", f"{section}-{version}")
        self.apart = shelf.kept("likeness", f"{section}-apart-{version}")
        self._shelf = shelf
        self._section = section

    def there(self) -> bool:
        """Whether the build before left what it found."""
        return ends_well(self.told) and ends_well(self.apart)

    def known(self) -> Known | None:
        """What the build before found, if it did."""
        if not self.there():
            return None
        every, pair = pl.read_parquet(self.told), pl.col("first").is_not_null()
        return Known(
            every.filter(pair).select(*TOLD),
            pl.read_parquet(self.apart),
            every.filter(~pair).select(*STOOD, *_WHERE),
            self._gone,
        )

    def keep(self, found: Found, placed: pl.DataFrame) -> None:
        """Leave what was found to the next build.

        Args:
            found: What was found.
            placed: `document_id` and `chunk` of the texts, by their rows.
        """
        where = placed.select(_WHERE)[found.stood["row"]]
        stood = pl.concat([found.stood, where], how="horizontal")
        keep(pl.concat([found.known, stood], how="diagonal"), self.told)
        if not found.renewed:
            keep(found.apart, self.apart)

    def _gone(self, went: pl.DataFrame) -> pl.DataFrame | None:
        """Texts of chunks of the build before, in the order of `went`; None unless all are there.

        A chunk's name may have been given again after a build that was killed.
        """
        files = [self._shelf.chunk(chunk) / SIGNS for chunk in went["chunk"].unique()]
        if not all(file.is_file() for file in files):
            return None
        wanted = pl.col("document_id").is_in(went["document_id"].implode())
        signed = pl.scan_parquet(files).filter(wanted, section=self._section)
        once = signed.unique(_UNIT).collect()
        found = went.select(_UNIT).join(once, on=_UNIT, maintain_order="left")
        return found if found.height == went.height else None
