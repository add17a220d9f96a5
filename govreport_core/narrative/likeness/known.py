"""What was found of texts before, for those who look again.

Two texts are known by their digests: what was found of them holds as long as both stand.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import polars as pl

from govreport_core.narrative.likeness.comparing import COMPARED
from govreport_core.narrative.likeness.signing import SIGNED

KEPT = 0.3
"""The least share that is told of another's text, and of years before the last one."""

KEY = ["first", "second"]
"""What a pair goes by."""

KNOWN: dict[str, pl.DataType | type[pl.DataType]] = {
    "first": pl.UInt64,
    "second": pl.UInt64,
    **COMPARED,
}
"""What is known of two texts by their digests, the lower first; null where it isn't told of them
that they were compared."""

TOLD: dict[str, pl.DataType | type[pl.DataType]] = {**KNOWN, "near": pl.Boolean}
"""Likewise, and whether they were found near to each other, not only of one owner."""

STOOD: dict[str, pl.DataType | type[pl.DataType]] = {
    "mark": pl.UInt64,
    "digest": pl.UInt64,
    "row": pl.Int64,
}
"""The texts that differ, in their order: a number that is another where the text, its place in
the order or its owner is; its digest; the first row of it."""

FOUND_BY = {name: SIGNED[name] for name in ("chars", "signature", "hashes", "lengths")}
"""What near texts are found by."""

Gone = Callable[[pl.DataFrame], pl.DataFrame | None]
"""Of some rows of `Known.stood` the columns `FOUND_BY`, in their order; None where that isn't
to be had."""


class Known(NamedTuple):
    """What was found before: see `finding.Found`.

    The first are two, as of very many texts those that are apart are ten times as many.

    Attributes:
        told: The columns of `TOLD`.
        apart: `first` and `second`.
        stood: The columns of `STOOD`; None where all near pairs are to be found anew.
        gone: Called for texts that are there no more.
    """

    told: pl.DataFrame
    apart: pl.DataFrame
    stood: pl.DataFrame | None = None
    gone: Gone = lambda _: None
