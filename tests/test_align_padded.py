"""Padded rows that lost blanks, have a spare one, or print a cell twice: none moves a figure."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest

from govreport_core.extract import extract
from govreport_core.forms import forms
from govreport_core.sources import read_bytes

T3 = forms()["form_2021"].table("t3_requests")
COLUMNS = [c.code for c in T3.value_columns]
PARENTS = {r.code: r.parent for r in T3.rows}
LABELS = {r.code: r.label for r in T3.rows}
TITLE = "云岭市青禾区财政局2023年政府信息公开工作年度报告\n"
Rows = dict[str, list[str]]
Numbers = dict[tuple[str, str], float | None]


def drawn(rng: random.Random, blank: float) -> Rows:
    """Seven figures a row, each printed once in the table, some left blank."""
    figures = iter(rng.sample(range(100, 9_999), 7 * len(T3.value_rows)))
    return {
        r.code: ["" if rng.random() < blank else str(next(figures)) for _ in COLUMNS]
        for r in T3.value_rows
    }


def told(rows: Rows) -> Numbers:
    return {
        (row, column): float(text) if text else None
        for row, texts in rows.items()
        for column, text in zip(COLUMNS, texts, strict=True)
    }


def table(rows: Rows, *, dropping: bool, deep: bool, head: list[str]) -> str:
    """The table with bars, its labels in one column or three; `head` are the columns' cells."""
    lines = []
    first = [""] * (3 if deep else 1)
    for code, cells in {"": head, **rows}.items():
        labels = _labels(code) if deep and code else [LABELS.get(code, "")]
        line = [*labels, *first[len(labels) :], *cells]
        while dropping and line[-1] == "":
            line.pop()
        lines.append(f"| {' | '.join(line)} |")
    return f"{TITLE}三、收到和处理政府信息公开申请情况\n" + "\n".join(lines) + "\n"


def _labels(code: str) -> list[str]:
    above = PARENTS[code]
    return [*(_labels(above) if above else []), LABELS[code]]


def read(text: str) -> Numbers:
    values = extract(read_bytes(text.encode())).values
    return {(v.row, v.column): v.number for v in values if v.table == T3.code}


def moved(found: Numbers, rows: Rows) -> list[tuple[str, str]]:
    known = told(rows)
    return [cell for cell, n in found.items() if n is not None and n != known.get(cell)]


def head(spare: int | None = None) -> list[str]:
    cells = [c.label for c in T3.value_columns]
    return cells if spare is None else [*cells[:spare], "", *cells[spare:]]


@pytest.mark.parametrize("deep", [False, True])
@pytest.mark.parametrize("dropping", [False, True])
def test_a_spare_column_between_the_figures_moves_none(dropping: bool, deep: bool) -> None:
    for seed in range(20):
        rng = random.Random(f"spare {seed}")  # noqa: S311 - test data, not a secret
        rows = drawn(rng, rng.choice((0.02, 0.1, 0.3)))
        at = rng.randrange(1, 7)
        wide = {row: [*cells[:at], "", *cells[at:]] for row, cells in rows.items()}
        above = head(at if rng.random() < 0.5 else None)
        found = read(table(wide, dropping=dropping, deep=deep, head=above))
        assert (seed, moved(found, rows)) == (seed, [])
        assert any(n is not None for n in found.values())


@pytest.mark.parametrize("deep", [False, True])
def test_a_cell_printed_twice_where_blanks_are_lost_moves_none(deep: bool) -> None:
    for seed in range(30):
        rng = random.Random(f"twice {seed}")  # noqa: S311 - test data, not a secret
        rows = drawn(rng, 0.15)
        # One that shows that blanks are lost; where none does, two faults cancel out.
        rows["other_fee_unpaid"][-1] = ""
        printed = dict(rows)
        for row in rng.sample(sorted(rows.keys() - {"other_fee_unpaid"}), rng.randint(1, 3)):
            if filled := [i for i, text in enumerate(rows[row]) if text]:
                at = rng.choice(filled)
                printed[row] = [*rows[row][: at + 1], *rows[row][at:]]
        found = read(table(printed, dropping=True, deep=deep, head=head()))
        assert (seed, moved(found, rows)) == (seed, [])


def test_of_two_equal_neighbours_one_may_be_spare_where_rows_lose_blanks() -> None:
    rng = random.Random("ragged")  # noqa: S311 - test data, not a secret
    rows = drawn(rng, 0) | {
        "granted_full": ["7", "8", "8", "0", "0", "0", "9"],
        "granted_partial": ["1", "2", "3", "4", "5", "6", ""],
    }
    found = read(table(rows, dropping=True, deep=False, head=head()))
    row = [found["granted_full", column] for column in COLUMNS]
    assert row == [7, 8, None, 0, 0, None, None]
    kept = read(table(rows, dropping=False, deep=False, head=head()))
    assert [kept["granted_full", column] for column in COLUMNS] == [7, 8, 8, 0, 0, 0, 9]
    assert kept["granted_partial", "org_other"] == 6


def test_rows_whose_blanks_are_seen_are_read_whole() -> None:
    for seed in range(10):
        rows = drawn(random.Random(f"whole {seed}"), 0.2)  # noqa: S311 - test data, not a secret
        for deep in (False, True):
            found = read(table(rows, dropping=False, deep=deep, head=head()))
            assert found == told(rows)
        assert not any(a and a == b for cells in rows.values() for a, b in pairwise(cells))


NAMES = head()


@pytest.mark.parametrize(
    ("cells", "known"),
    [
        (["12 345", "7", "8", "9", "10", "", "11"], False),
        (["12", "7", "8", "9", "10", "", "11"], True),
        (["12 345", "7", "8", "9", "10", "0", "11"], True),
    ],
    ids=["two in a cell beside a blank", "a blank", "two in a cell of a full row"],
)
def test_two_figures_in_a_cell_beside_a_blank_leave_padded_rows_unread(
    cells: list[str], known: bool
) -> None:
    rows = drawn(random.Random("guessed"), 0)  # noqa: S311 - test data, not a secret
    found = read(table(rows | {"granted_full": cells}, dropping=False, deep=False, head=NAMES))
    told_ = [found["granted_partial", column] for column in COLUMNS]
    assert told_ == ([float(x) for x in rows["granted_partial"]] if known else [None] * 7)


def below(heads: list[list[str]], rows: Rows) -> Numbers:
    """The table with bars below a header of these rows; two cells of labels a row."""
    lines = [*heads, *(["", LABELS[code], *cells] for code, cells in rows.items())]
    text = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    return read(f"{TITLE}三、收到和处理政府信息公开申请情况\n{text}\n")


@pytest.mark.parametrize("together", [False, True])
def test_a_header_with_two_columns_in_one_leaves_padded_rows_unread(together: bool) -> None:
    rows = drawn(random.Random("together"), 0)  # noqa: S311 - test data, not a secret
    heads = [[""] * 9 for _ in range(3)]
    heads[0][3] = "法人或其他组织"
    heads[1][2], heads[1][7 if together else 8] = NAMES[0], NAMES[6]
    heads[2][3:8] = NAMES[1:6]
    found = below(heads, rows)
    told_ = [found["granted_partial", column] for column in COLUMNS]
    assert told_ == ([None] * 7 if together else [float(x) for x in rows["granted_partial"]])


def test_a_figure_beyond_the_headers_last_column_leaves_padded_rows_unread() -> None:
    rows = drawn(random.Random("beyond"), 0.3)  # noqa: S311 - test data, not a secret
    found = below([["", *NAMES, ""]], rows)
    assert not any(number is not None for number in found.values())


@pytest.mark.parametrize("begin", [False, True])
def test_a_cell_where_two_labels_begin_leaves_padded_rows_unread(begin: bool) -> None:
    rows = drawn(random.Random("begins"), 0)  # noqa: S311 - test data, not a secret
    heads = [["", "", *NAMES], ["", "", "", "科研机 社会公", *[""] * 5]]
    found = below(heads if begin else heads[:1], rows)
    told_ = [found["granted_partial", column] for column in COLUMNS]
    assert told_ == ([None] * 7 if begin else [float(x) for x in rows["granted_partial"]])


@pytest.mark.parametrize("aside", [False, True])
def test_full_rows_aside_of_their_header_leave_rows_with_blanks_unread(aside: bool) -> None:
    head = ["信息内容", "上一年项目数量", "本年增/减", "处理决定数量"]
    at = 1 if aside else 0
    punished = ["行政处罚", "7067", "9137", "5892"]
    lines = [
        "第二十条第（五）项",
        "| " + " | ".join([*head, ""]) + " |",
        "| " + " | ".join(["行政许可", "", "277", "9375", ""]) + " |",
        "第二十条第（六）项",
        "| " + " | ".join([*head, ""]) + " |",
        "| " + " | ".join([punished[0], *[""] * at, *punished[1:], *[""] * (1 - at)]) + " |",
    ]
    title = "云岭市青禾区财政局2019年政府信息公开工作年度报告"
    text = "\n".join([title, "二、主动公开政府信息情况", *lines]) + "\n"
    values = extract(read_bytes(text.encode())).values
    licensed = [v.number for v in values if v.row == "administrative_licensing"]
    fined = [v.number for v in values if v.row == "administrative_penalty"]
    assert licensed == ([None] * 3 if aside else [None, 277, 9375])
    assert fined == [7067, 9137, 5892]


@pytest.mark.parametrize("plain", [False, True])
def test_beside_a_plain_row_with_figures_padded_rows_with_blanks_are_unread(plain: bool) -> None:
    rows = drawn(random.Random("mixed"), 0)  # noqa: S311 - test data, not a secret
    rows |= {"granted_full": ["12", "7", "", "9", "10", "", "11"]}
    text = table(rows, dropping=False, deep=False, head=NAMES)
    if plain:
        row = [LABELS["requests_received"], *rows["requests_received"]]
        text = text.replace(f"| {' | '.join(row)} |", " ".join(row))
    found = read(text)
    for code in ("granted_full", "granted_partial"):
        unread = plain and "" in rows[code]
        known = [None if unread or not x else float(x) for x in rows[code]]
        assert [found[code, column] for column in COLUMNS] == known


def test_rows_that_lost_a_label_before_them_are_read() -> None:
    rows = drawn(random.Random("lost"), 0)  # noqa: S311 - test data, not a secret
    short = [LABELS["granted_partial"], *rows["granted_partial"], "", ""]
    lines = [["", "", "", *NAMES]]
    lines += [
        short if code == "granted_partial" else ["", "", LABELS[code], *cells]
        for code, cells in rows.items()
    ]
    text = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    found = read(f"{TITLE}三、收到和处理政府信息公开申请情况\n{text}\n")
    assert found == told(rows)
