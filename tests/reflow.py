"""A report's figures in, its text as converters leave it out: cells set on a page and read again.

A page has its cells where a table has them: labels broken over lines, the groups'
names beside their rows, figures in the middle of their row. Reading it line by line
gives one text, cell by cell another; then single things happen to the lines. No
figure is made, broken or lost but by `cells_lost`; blank cells leave no trace.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import NamedTuple

from govreport_core.forms import FormTable, forms

T2, T3, T4 = "t2_art20_", "t3_requests", "t4_review_litigation"
TITLE = "云岭市青禾区财政局2023年政府信息公开工作年度报告"
Key = tuple[str, str, str]
Figures = dict[Key, str]
"""What is printed in each cell; an empty text is a blank."""


class Page(NamedTuple):
    """How a table is set.

    Attributes:
        width: Characters on a line of a label.
        raised: How far the figures of a row stand above its middle, in lines.
        groups: Whether the groups' names stand in a column of their own.
        gap: What stands between cells on one line.
    """

    width: int
    raised: float
    groups: bool
    gap: str


def figures(form: str, rng: random.Random, blank: float) -> Figures:
    """A figure for each cell, all different, so that none can be taken for another."""
    cells = [
        (t.code, r.code, c.code)
        for t in forms()[form].tables
        for r in t.value_rows
        for c in t.value_columns
    ]
    numbers = rng.sample(range(100, 9999), len(cells))
    return {
        cell: "" if rng.random() < blank else str(n) for cell, n in zip(cells, numbers, strict=True)
    }


def document(form: str, tables: dict[str, list[str]]) -> str:
    """The report around its tables' lines."""
    lines = [TITLE, "一、总体情况", "我局依法公开政府信息。"]
    for section in forms()[form].sections[1:]:
        lines.append(f"{'一二三四五六'[section.number - 1]}、{section.label}")
        own = [t.code for t in forms()[form].tables if t.section == section.code]
        for code in own:
            lines += tables[code]
        if not own:
            lines.append("无。")
    return "\n".join(lines) + "\n"


def _shown(told: Figures, table: FormTable, row: str) -> list[str]:
    return [told[table.code, row, c.code] for c in table.value_columns]


def wrapped(text: str, width: int) -> list[str]:
    """The text in pieces of that length, the last one of two characters at least."""
    pieces = [text[i : i + width] for i in range(0, len(text), width)]
    if len(pieces) > 1 and len(pieces[-1]) == 1:
        pieces[-2:] = ["".join(pieces[-2:])]
    return pieces


# Line by line.


def by_height(table: FormTable, told: Figures, page: Page, rng: random.Random) -> list[str]:
    """Table 3 read as lines of one height, cells from left to right."""
    placed: list[tuple[float, int, str]] = []
    at = 0.0
    spans: dict[str, list[float]] = {}
    for row in table.rows:
        if row.kind == "group" and page.groups and row.parent is not None:
            continue
        if row.kind == "group":
            placed.append((at, 0, row.label))
            at += 1
            continue
        lines = wrapped(row.label, page.width)
        placed += [(at + i, 1, line) for i, line in enumerate(lines)]
        middle = at + (len(lines) - 1) / 2 - page.raised * (len(lines) > 1)
        values = [v for v in _shown(told, table, row.code) if v]
        placed += [(middle, 2 + i, v) for i, v in enumerate(values)]
        spans.setdefault(row.parent or "", []).extend((at, at + len(lines) - 1))
        at += len(lines)
    if page.groups:
        for group in (r for r in table.rows if r.kind == "group" and r.code in spans):
            lines = wrapped(group.label, rng.choice((3, 4, 7)))
            first = (min(spans[group.code]) + max(spans[group.code]) - len(lines) + 1) / 2
            placed += [(first + i, 0, line) for i, line in enumerate(lines)]
    return list(_banded(placed, page.gap))


def _banded(placed: list[tuple[float, int, str]], gap: str) -> Iterator[str]:
    band: list[tuple[float, int, str]] = []
    for cell in sorted(placed):
        if band and cell[0] - band[0][0] > 0.3:
            yield gap.join(text for _, _, text in sorted(band, key=lambda c: c[1]))
            band = []
        band.append(cell)
    yield gap.join(text for _, _, text in sorted(band, key=lambda c: c[1]))


# Cell by cell.


def by_cell(table: FormTable, told: Figures, page: Page, _: random.Random) -> list[str]:
    """Table 3 read cell by cell, a line each."""
    lines: list[str] = []
    for row in table.rows:
        lines += wrapped(row.label, page.width)
        if row.kind != "group":
            lines += [v for v in _shown(told, table, row.code) if v]
    return lines


def by_row(table: FormTable, told: Figures, page: Page, rng: random.Random) -> list[str]:
    """Table 3 with label and figures of a row on one line, or the figures on the next."""
    lines: list[str] = []
    below = rng.random() < 0.4
    for row in table.rows:
        values = [] if row.kind == "group" else [v for v in _shown(told, table, row.code) if v]
        printed = page.gap.join(values)
        if below:
            lines += [row.label, *([printed] if printed else [])]
        else:
            lines.append(page.gap.join([row.label, *values]))
    return lines


def by_column(table: FormTable, told: Figures, page: Page, rng: random.Random) -> list[str]:
    """Table 3 with all labels first, then the figures row by row."""
    labels = [line for r in table.rows for line in wrapped(r.label, page.width)]
    rows = [[v for v in _shown(told, table, r.code) if v] for r in table.value_rows]
    if rng.random() < 0.5:
        return labels + [v for row in rows for v in row]
    return labels + [page.gap.join(row) for row in rows if row]


WAYS = {"height": by_height, "cell": by_cell, "row": by_row, "column": by_column}
Way = Callable[[FormTable, Figures, Page, random.Random], list[str]]


# What happens to the lines.


def is_figures(line: str) -> bool:
    """Whether a line holds figures only."""
    return bool(line) and all(piece.isdigit() for piece in line.split())


def swapped(lines: list[str], rng: random.Random) -> list[str]:
    """Two neighbouring lines change places."""
    pairs = [
        i for i in range(len(lines) - 1) if not (is_figures(lines[i]) and is_figures(lines[i + 1]))
    ]
    at = rng.choice(pairs)
    return [*lines[:at], lines[at + 1], lines[at], *lines[at + 2 :]]


def glued(lines: list[str], rng: random.Random) -> list[str]:
    """Two neighbouring lines come as one."""
    at = rng.randrange(len(lines) - 1)
    return [*lines[:at], f"{lines[at]} {lines[at + 1]}", *lines[at + 2 :]]


def broken(lines: list[str], rng: random.Random) -> list[str]:
    """A line goes on below, from some cell on."""
    many = [i for i, line in enumerate(lines) if " " in line.strip()]
    if not many:
        return lines
    at = rng.choice(many)
    pieces = lines[at].split()
    cut = rng.randrange(1, len(pieces))
    return [*lines[:at], " ".join(pieces[:cut]), " ".join(pieces[cut:]), *lines[at + 1 :]]


def ends_below(lines: list[str], rng: random.Random) -> list[str]:
    """The last figures of some rows in a row stand a line lower, the last ones on their own."""
    many = [
        i for i, line in enumerate(lines) if len(line.split()) > 2 and line.split()[-1].isdigit()
    ]
    if len(many) < 2:
        return ends_later(lines, rng)
    first = rng.randrange(len(many) - 1)
    rows = many[first : first + rng.randint(1, 4)]
    count = rng.randint(1, 2)
    out = list(lines)
    carried: list[str] = []
    for at in rows:
        pieces = out[at].split()
        out[at] = " ".join([*pieces[:-count], *carried])
        carried = pieces[-count:]
    after = rows[-1] + 1
    if rng.random() < 0.5 and after < len(out):
        out[after] = " ".join([out[after], *carried])
    else:
        out.insert(after, " ".join(carried))
    return out


def ends_later(lines: list[str], rng: random.Random) -> list[str]:
    """The last figures above some labels stand below these."""
    many = [
        i
        for i, line in enumerate(lines[1:], start=1)
        if not is_figures(line) and is_figures(lines[i - 1])
    ]
    if not many:
        return lines
    out = list(lines)
    for at in rng.sample(many, min(len(many), rng.randint(1, 3))):
        out[at - 1], out[at] = out[at], out[at - 1]
    return out


def strange_words(lines: list[str], rng: random.Random) -> list[str]:
    """Words that belong to nothing stand between."""
    out = list(lines)
    for _ in range(rng.randint(1, 3)):
        out.insert(
            rng.randrange(1, len(out)),
            rng.choice(("青禾区财政局", "上接第二版", "公开 申请", "处理", "其他")),
        )
    return out


def page_ends(lines: list[str], rng: random.Random) -> list[str]:
    """A page ends between."""
    at = rng.randrange(1, len(lines))
    return [*lines[:at], rng.choice(("- 3 -", "第3页", "— 3 —")), *lines[at:]]


def label_lost(lines: list[str], rng: random.Random) -> list[str]:
    """A line of words is lost."""
    words = [i for i, line in enumerate(lines) if not any(p.isdigit() for p in line.split())]
    if not words:
        return lines
    at = rng.choice(words)
    return lines[:at] + lines[at + 1 :]


def moved(lines: list[str], rng: random.Random) -> list[str]:
    """A line stands elsewhere; a figure not within its row, where nobody could tell."""
    out = list(lines)
    at = rng.randrange(len(out))
    line = out.pop(at)
    places = [i for i in range(len(out) + 1) if abs(i - at) > 8 or not is_figures(line)]
    out.insert(rng.choice(places), line)
    return out


def block_moved(lines: list[str], rng: random.Random) -> list[str]:
    """Some lines in a row stand elsewhere."""
    first = rng.randrange(len(lines))
    last = first + rng.randint(2, 9)
    rest = lines[:first] + lines[last:]
    at = rng.randrange(len(rest) + 1)
    return [*rest[:at], *lines[first:last], *rest[at:]]


def printed(form: str, way: str, happening: str, rng: random.Random) -> tuple[Figures, str]:
    """A report's figures, and its text with up to three such things done to table 3."""
    sparse = way in ("height", "row") or not happening.startswith("ends")
    told = figures(form, rng, rng.choice((0, 0, 0.05, 0.4)) if sparse else 0)
    width, raised = rng.choice((40, 30, 16, 11, 8, 6)), rng.choice((0, 0, 0.5))
    page = Page(width, raised, rng.random() < 0.5, rng.choice((" ", "   ")))
    tables = {}
    for table in forms()[form].tables:
        head = [c.label for c in table.columns]
        if table.code == T3:
            lines = WAYS[way](table, told, page, rng)
            for _ in range(rng.randint(1, 3) if happening else 0):
                lines = HAPPENINGS[happening](lines, rng)
        elif table.code == T4:
            lines = [" ".join(x for x in _shown(told, table, "cases") if x)]
        else:
            head = [table.label, *head] if way == "cell" else [table.label, " ".join(head)]
            lines = (by_cell if way == "cell" else by_row)(table, told, page, rng)
        tables[table.code] = head + lines
    return told, document(form, tables)


HAPPENINGS: dict[str, Callable[[list[str], random.Random], list[str]]] = {
    f.__name__: f
    for f in (
        swapped,
        glued,
        broken,
        ends_below,
        ends_later,
        strange_words,
        page_ends,
        label_lost,
        moved,
        block_moved,
    )
}
