"""The kinds that look at what single cells hold."""

from __future__ import annotations

from typing import Literal

from govreport_core.checks.kinds.base import COMPARED, Kind


class ExtraCells(Kind, frozen=True, tag="extra_cells"):
    """No row has more cells than the table has columns."""

    fail_words = COMPARED


class NoneInState(Kind, frozen=True, tag="none_in_state"):
    """No cell of a table is in that state."""

    state: Literal["blank", "placeholder"]

    fail_words = frozenset({"count", "first"})


class Entries(Kind, frozen=True, tag="entries"):
    """No cell's content has this fault.

    Words, a negative number, a fraction of a count, an amount finer than a 元.
    """

    fault: Literal["text", "negative", "fraction", "decimals"]

    fail_words = frozenset({"raw", "actual"})


class Unit(Kind, frozen=True, tag="unit"):
    """An amount has its unit, in its cell or in the header."""

    fail_words = frozenset({"raw"})
