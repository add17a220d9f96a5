"""What the page on the method shows."""

from __future__ import annotations

from govreport_core.model import Record


class MethodSection(Record, frozen=True, gc=False):
    """A heading, a paragraph, and terms with what they mean: (sign, term, meaning)."""

    code: str
    heading: str
    text: str
    terms: tuple[tuple[str, str, str], ...] = ()


class MethodTable(Record, frozen=True, gc=False):
    """Figures as text; the first column names the row, those in `words` hold words."""

    code: str
    heading: str
    text: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    words: tuple[int, ...] = ()


class Method(Record, frozen=True, gc=False):
    """The whole page."""

    sections: tuple[MethodSection, ...]
    tables: tuple[MethodTable, ...]
    versions: tuple[tuple[str, str], ...]


class TermGroup(Record, frozen=True, gc=False):
    """Terms of a kind: each its code, its name, what it means."""

    code: str
    heading: str
    terms: tuple[tuple[str, str, str], ...]
