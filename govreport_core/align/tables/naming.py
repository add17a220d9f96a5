"""A label's text in, the row it names out, and whether it is whole, begun or a piece of another."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import msgspec

from govreport_core.align.tables.items import Label
from govreport_core.align.vocabulary import (
    Match,
    key,
    match_row,
    vocabulary,
    without_enumerator,
)
from govreport_core.folding import squash
from govreport_core.forms import Row

# A label shorter than this may be a piece of another.
SHORT = 5


def _number(label: str) -> str:
    """The number before a label, without the marks around it: they are printed in many ways."""
    whole = squash(label)
    return "".join(filter(str.isalnum, whole[: len(whole) - len(key(label))]))


class Said(msgspec.Struct, frozen=True, gc=False):
    """What a text says, whatever stands around it.

    Attributes:
        squashed: The text without its spaces.
        key: What a label is compared by.
        match: The row it names.
    """

    squashed: str
    key: str
    match: Match | None


@lru_cache(maxsize=64)
def _reader(form_id: str, tables: tuple[str, ...]) -> Callable[[str], Said]:
    """What reads the labels of some tables of a form, each text once."""

    @lru_cache(maxsize=8192)
    def said(text: str) -> Said:
        return Said(squash(text), key(text), match_row(form_id, tables, text))

    return said


class Naming:
    """What labels say in some tables of a form.

    Attributes:
        said: What a text says.
    """

    def __init__(self, form_id: str, tables: tuple[str, ...]) -> None:
        self.form_id = form_id
        self.words = [vocabulary(form_id).tables[t] for t in tables]
        self.said = _reader(form_id, tables)

    def match(self, text: str) -> Match | None:
        """The row a text names."""
        return self.said(text).match

    def row_of(self, match: Match) -> Row:
        """The form's row."""
        return vocabulary(self.form_id).tables[match.table].by_code[match.code]

    def numbered_as(self, text: str, match: Match) -> bool:
        """Whether a label is printed without a number, or with the one the form gives the row."""
        number = _number(text)
        return not number or number == _number(self.row_of(match).label)

    def is_piece(self, match: Match, text: str, above: str, *, alone: bool) -> bool:
        """Whether a label may be a piece of another.

        Args:
            match: The row it names.
            text: As printed.
            above: The unknown words right above it, if any.
            alone: Whether no values stand beside it.
        """
        # A short one with another row's number may be that row's first piece.
        if len(key(text)) < SHORT and not self.numbered_as(text, match):
            return True
        return alone and self._is_part(match, text, above)

    def _is_part(self, match: Match, text: str, above: str) -> bool:
        """Whether what is known may be a piece: a short part, or what follows a group's number."""
        short = match.how not in ("exact", "alias") and len(key(text)) < SHORT
        if short and not (key(text) != squash(text) and self.numbered_as(text, match)):
            return True
        number = squash(above) if above else ""
        if not number or key(number):
            return False
        groups = (r.label for w in self.words for r in w.table.rows if r.code in w.groups)
        whole = number + squash(text)
        return any(squash(g).startswith(whole) and squash(g) != whole for g in groups)

    def joined(self, label: Label, text: str) -> bool:
        """Whether this text is the rest of the label above, or a further piece of it."""
        whole = self.match(label.text + text)
        if whole is None or (whole.table, whole.code) != (label.match.table, label.match.code):
            return False
        return (whole.how == "part" and label.match.how == "part") or self.is_begun(
            whole, label.text + text
        )

    def is_begun(self, match: Match, text: str) -> bool:
        """Whether a text is a row's whole label, or its beginning."""
        if match.how in ("exact", "alias"):
            return True
        official = without_enumerator(squash(self.row_of(match).label))
        return match.how == "part" and official.startswith(key(text))
