"""A report in, Markdown with pipe tables out, as converters write it.

Merged cells leave their blanks behind, headings may be marked or merely bold, the
first row of each table is its head because a pipe table needs one.
"""

from __future__ import annotations

from collections.abc import Iterable
from random import Random

import msgspec

from govreport_core.samples.chance import chance, happens, pick
from govreport_core.samples.reshape import reshaped
from govreport_core.samples.sample import Sample
from govreport_core.samples.sheet import Block, Grid, GridCell, Passage, blocks, expanded
from govreport_core.samples.style import style_of


class Habits(msgspec.Struct, frozen=True):
    """How one file is written.

    Attributes:
        marked: What stands before and after a heading.
        padded: Whether cells have spaces around their text.
        rule: What stands in the line below a table's head.
        joined: Whether neighbouring tables of section two are one table.
        newline: What ends a line within a cell.
    """

    marked: tuple[str, str]
    padded: bool
    rule: str
    joined: bool
    newline: str


def render_markdown(sample: Sample, *, seed: int = 1) -> bytes:
    """The report as Markdown, in UTF-8."""
    rng = chance(seed, sample.agency.agency_id, sample.year, "markdown")
    content = reshaped(blocks(sample, style_of(sample, rng)), sample)
    habits = Habits(
        marked=pick(rng, (("## ", ""), ("# ", ""), ("**", "**"), ("", ""))),
        padded=happens(rng, 0.8),
        rule=pick(rng, ("---", ":---:", "---", "-")),
        joined=happens(rng, 0.3),
        newline=pick(rng, ("<br>", "<br/>", "")),
    )
    return "\n\n".join(_written(content, habits, rng)).encode() + b"\n"


def _written(content: Iterable[Block], habits: Habits, rng: Random) -> list[str]:
    written: list[str] = []
    rows: list[list[str]] = []
    for block in content:
        if isinstance(block, Grid):
            if rows and not (habits.joined and block.code.startswith("t2_")):
                written.append(_table(rows, habits))
                rows = []
            rows += [_cells(row, habits, rng) for row in expanded(block)]
            continue
        if rows:
            written.append(_table(rows, habits))
            rows = []
        written.append(_words(block, habits))
    return [*written, _table(rows, habits)] if rows else written


def _words(block: Passage, habits: Habits) -> str:
    if block.kind == "title":
        return f"# {block.text}"
    if block.kind == "heading":
        before, after = habits.marked
        return f"{before}{block.text}{after}"
    return block.text


def _cells(row: list[GridCell], habits: Habits, rng: Random) -> list[str]:
    cells: list[str] = []
    for cell in row:
        text = cell.text.replace("|", "\\|")
        if not cell.value and len(text) > 8 and habits.newline and happens(rng, 0.1):
            half = len(text) // 2
            text = text[:half] + habits.newline + text[half:]
        cells += [text, *[""] * (cell.colspan - 1)]
    return cells


def _table(rows: list[list[str]], habits: Habits) -> str:
    width = max(map(len, rows))
    space = " " if habits.padded else ""
    lines = [
        "|" + "|".join(f"{space}{cell}{space}" for cell in (*row, *[""] * (width - len(row)))) + "|"
        for row in rows
    ]
    rule = "|" + "|".join([f"{space}{habits.rule}{space}"] * width) + "|"
    return "\n".join([lines[0], rule, *lines[1:]])
