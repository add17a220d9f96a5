"""What all kinds of rule share: which tables they name, which words their sentences may use."""

from __future__ import annotations

from typing import ClassVar

import msgspec
import polars as pl

REPORT = pl.lit("report")
"""What a result is about where it is about the whole report."""
ALWAYS = pl.lit(value=True)
Named = tuple[str, tuple[str, ...], tuple[str, ...]]
"""A table, rows of it, columns of it."""


class RuleKind(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind"):
    """What all kinds share.

    Attributes:
        cases: The names of the failures, where a kind has several.
        fail_words: What the sentence of a failure may use beside `where`.
        pass_words: The same for the sentence of a pass.
    """

    cases: ClassVar[frozenset[str]] = frozenset()
    fail_words: ClassVar[frozenset[str]] = frozenset()
    pass_words: ClassVar[frozenset[str]] = frozenset()

    def words(self) -> frozenset[str]:
        """What the sentence of a failure of this very rule may use beside `where`."""
        return self.fail_words

    def names(self) -> frozenset[str]:
        """Codes of this very rule that a sentence may name; its words have a name for each."""
        return frozenset()

    def named(self) -> list[Named]:
        """The tables this very rule names, each with the rows and columns it names in it."""
        return []


COMPARED = frozenset({"expected", "actual", "difference"})
"""The words of a result with two figures."""
