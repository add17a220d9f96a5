"""Pieces of plain lines in, which of them are groups' labels, broken over several lines, out."""

from __future__ import annotations

from collections.abc import Mapping

from govreport_core.align.vocabulary import without_enumerator
from govreport_core.folding import squash


class Heads:
    """The groups' labels as far as they have been printed.

    A label that stands beside its rows is broken where the column is narrow, and its
    pieces come between the rows' lines. The first piece has the label's number.
    """

    def __init__(self, labels: Mapping[str, str]) -> None:
        """Begin with none printed, of squashed labels by their codes."""
        self._labels = labels
        self._every = "\n".join(self._labels.values())
        self._begun: dict[str, str] = {}

    def take(self, piece: str) -> str | None:
        """The group whose label this piece begins or goes on with, if it does."""
        printed = squash(piece)
        if printed not in self._every:
            return None
        for code, label in self._labels.items():
            so_far = self._begun.get(code, "")
            if so_far == label or not label.startswith(so_far + printed):
                continue
            if so_far or without_enumerator(printed) != printed:
                self._begun[code] = so_far + printed
                return code
        return None

    def is_whole(self, code: str) -> bool:
        """Whether all of a group's label has been printed."""
        return self._begun.get(code) == self._labels[code]
