"""Draws in, the habits of one report's typist out: widths, enumerators, known aliases."""

from __future__ import annotations

import re
from random import Random

import msgspec

from govreport_core.forms import Column, FormSection, FormTable, Row, forms
from govreport_core.samples.chance import below, chance, happens, pick
from govreport_core.samples.sample import Sample

_ENUMERATOR = re.compile(r"^([一二三四]、|（[一二三四五六七]）|\d\.)")

_GAPS = (" ", "  ", "\u3000", "\u3000\u3000", "\u00a0")
_SHORT = re.compile(r"[\u4e00-\u9fff]{2,3}")

# Without its enumerator these could stand for another row or column.
_NEVER_BARE = ("disposed_total", "other_misc", "requests_received", "requests_carried_over")


class Style(msgspec.Struct, frozen=True):
    """How labels are typed in one report.

    Attributes:
        brackets: What stands around an enumerator: `（`, `(`, or `( ` with a space.
        dot: What follows a leaf's number: `.`, `．` or `、`.
        bare: Rows without their enumerator.
        aliases: Known other wordings, by `table.code` of a row or column.
        straight_quotes: Whether “ and ” are typed as ".
        section_aliases: Known other wordings of section headings.
        gap: What stands between the characters of a label of two or three.
    """

    brackets: str = "full"
    dot: str = "."
    bare: frozenset[str] = frozenset()
    aliases: dict[str, str] = {}
    straight_quotes: bool = False
    section_aliases: dict[str, str] = {}
    gap: str = ""


PLAIN = Style()


def style_of(sample: Sample, rng: Random) -> Style:
    """The habits of the one who typed this report, its noise included."""
    style = draw_style(sample.form, rng)
    if "spaced_labels" not in sample.noise:
        return style
    gaps = chance(sample.agency.agency_id, sample.year, "gap")
    return msgspec.structs.replace(style, gap=pick(gaps, _GAPS))


def draw_style(form_id: str, rng: Random) -> Style:
    """A typist's habits for that form; about two thirds type the official labels."""
    if happens(rng, 0.4):
        return PLAIN
    form = forms()[form_id]
    aliases: dict[str, str] = {}
    for table in form.tables:
        lines: tuple[Row | Column, ...] = (*table.rows, *table.columns)
        for line in lines:
            known = _harmless_aliases(line)
            if line.label and known and happens(rng, 0.12):
                aliases[f"{table.code}.{line.code}"] = pick(rng, known)
    leaves = [r.code for r in form.table("t3_requests").rows if r.code not in _NEVER_BARE]
    bare = {code for code in leaves if happens(rng, 0.08)} if happens(rng, 0.4) else set()
    headings = {
        section.code: pick(rng, section.aliases)
        for section in form.sections
        if section.aliases and happens(rng, 0.06)
    }
    return Style(
        brackets=pick(rng, ("full", "full", "half", "half_space")),
        dot=pick(rng, (".", ".", "．", "、")),
        bare=frozenset(bare),
        aliases=aliases,
        straight_quotes=below(rng, 4) == 0,
        section_aliases=headings,
    )


def _harmless_aliases(line: Row | Column) -> list[str]:
    """Aliases that change no amount: a header's unit belongs to the figures below it."""
    if isinstance(line, Row) or line.value != "money":
        return list(line.aliases)
    return [alias for alias in line.aliases if line.unit is not None and line.unit in alias]


def row_label(style: Style, table: FormTable, row: Row) -> str:
    """A row's label as that typist types it."""
    match = _ENUMERATOR.match(row.label)
    number = match[0] if match else ""
    words = style.aliases.get(f"{table.code}.{row.code}", row.label[len(number) :])
    if row.code in style.bare:
        number = ""
    return _typed(style, number.replace(".", style.dot) + words)


def column_label(style: Style, table: FormTable, column: Column) -> str:
    """A column's label as that typist types it."""
    return _typed(style, style.aliases.get(f"{table.code}.{column.code}", column.label))


def typed(style: Style, text: str) -> str:
    """Any other printed words of a table."""
    return _typed(style, text)


def section_heading(style: Style, section: FormSection) -> str:
    """A section's heading with its number."""
    words = style.section_aliases.get(section.code, section.label)
    return "一二三四五六"[section.number - 1] + "、" + words


def _typed(style: Style, text: str) -> str:
    if style.brackets != "full":
        closing = ") " if style.brackets == "half_space" else ")"
        text = text.replace("（", "(").replace("）", closing).rstrip()
    if style.straight_quotes:
        text = text.replace("“", '"').replace("”", '"')
    if style.gap and _SHORT.fullmatch(text):
        text = style.gap.join(text)
    return text
