"""A filled 统计表 of 2014-2018 in many layouts, and damage to it, for the tests."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

from govreport_core.forms import Row, forms

TABLE = forms()["form_2014"].table("o14")
Printed = dict[str, str]
Layout = Callable[[Printed, random.Random], str]

HEAD = (
    "青禾县水务局2016年政府信息公开工作年度报告\n一、概述\n全年按要求推进公开，制度更全。\n"
    "二、主动公开政府信息的情况\n网站与公开栏并用，及时更新。\n"
    "三、依申请公开政府信息和不予公开政府信息的情况\n申请不多，均按期答复。\n"
    "四、政府信息公开的收费及减免情况\n没有收费。\n"
    "五、政府信息公开工作存在的主要问题及改进情况\n一是更新不够及时。二是解读形式单一。\n"
    "六、其他需要报告的事项\n没有其他事项。\n"
)
TAIL = "单位负责人：甲 审核人：乙 填报人：丙\n联系电话：略\n"


def draw(rng: random.Random) -> dict[str, float]:
    """A number for each row, all of them different, so that a shift shows."""
    numbers = rng.sample(range(1, 100_000), len(TABLE.value_rows))
    return {
        row.code: number / 100 if row.value == "money" else float(number)
        for row, number in zip(TABLE.value_rows, numbers, strict=True)
    }


def write(numbers: dict[str, float], rng: random.Random) -> Printed:
    """The numbers as people print them."""
    ways: tuple[Callable[[float], str], ...] = (
        lambda n: f"{n:g}" if n < 100_000 and n != int(n) else str(int(n)),
        lambda n: f"{n:,.2f}" if n != int(n) else f"{int(n):,}",
        lambda n: "".join(chr(ord(c) + 0xFEE0) for c in (f"{n}" if n != int(n) else str(int(n)))),
    )
    return {code: rng.choice(ways)(number) for code, number in numbers.items()}


def label(row: Row, rng: random.Random) -> str:
    """A row's label with or without its note, in these brackets or those, with spaces or not."""
    text = row.label
    if rng.random() < 0.3 and text.endswith("）"):
        text = text[: text.rindex("（")] or text
    if rng.random() < 0.3:
        text = text.replace("（", "(").replace("）", ")")
    return text


def rows(printed: Printed, rng: random.Random) -> Iterator[tuple[str, str, str]]:
    """Label, unit and number of each row; groups print dashes."""
    for row in TABLE.rows:
        yield label(row, rng), row.unit or "——", printed.get(row.code, "——")


def tabs(printed: Printed, rng: random.Random) -> str:
    body = "".join(f"{a}\t{b}\t{c}\n" for a, b, c in rows(printed, rng))
    return f"{HEAD}政府信息公开情况统计表\n统计指标\t单位\t统计数\n{body}{TAIL}"


def pipes(printed: Printed, rng: random.Random) -> str:
    body = "".join(f"| {a} | {b} | {c} |\n" for a, b, c in rows(printed, rng))
    return f"{HEAD}政府信息公开情况统计表\n\n| 统计指标 | 单位 | 统计数 |\n|---|---|---|\n{body}"


def row_lines(printed: Printed, rng: random.Random) -> str:
    body = "".join(f"{a} {b} {c}\n" for a, b, c in rows(printed, rng))
    return f"{HEAD}政府信息公开情况统计表\n统 计 指 标 单位 统计数\n{body}{TAIL}"


def cell_lines(printed: Printed, rng: random.Random) -> str:
    body = "".join(f"{a}\n{b}\n{c}\n" for a, b, c in rows(printed, rng))
    return f"{HEAD}政府信息公开情况统计表\n指标名称\n单位\n统计数\n{body}{TAIL}"


def tabbed_cells(printed: Printed, rng: random.Random) -> str:
    body = "".join(f"\t{a}\n\t{b}\n\t{c}\n\n" for a, b, c in rows(printed, rng))
    return f"{HEAD}政府信息公开情况统计表\n\n\t指标名称\n\t单位\n\t统计数\n\n{body}"


def wrapped(printed: Printed, rng: random.Random) -> str:
    """Long labels broken over lines, the number beside their first or their last piece."""
    body = ""
    for a, b, c in rows(printed, rng):
        cut = rng.randint(8, 14)
        first, rest = a[:cut], a[cut:]
        if len(rest) < 3:
            body += f"{a} {b} {c}\n"
        elif rng.random() < 0.5:
            body += f"{first}\n{rest} {b} {c}\n"
        else:
            body += f"{first} {b} {c}\n{rest}\n"
    return f"{HEAD}政府信息公开情况统计表\n指标名称 单位 统计数\n{body}{TAIL}"


def html(printed: Printed, rng: random.Random) -> str:
    body = "".join(
        f"<tr><td>{a}</td><td>{b}</td><td>{c}</td></tr>" for a, b, c in rows(printed, rng)
    )
    prose = "".join(f"<p>{line}</p>" for line in HEAD.splitlines()[1:])
    return (
        f"<html><body><h1>{HEAD.splitlines()[0]}</h1>{prose}<p>政府信息公开情况统计表</p><table>"
        f"<tr><th>指标名称</th><th>单位</th><th>统计数</th></tr>{body}</table></body></html>"
    )


LAYOUTS: dict[str, Layout] = {
    "tabs": tabs,
    "pipes": pipes,
    "row_lines": row_lines,
    "cell_lines": cell_lines,
    "tabbed_cells": tabbed_cells,
    "wrapped": wrapped,
    "html": html,
}


def lines_lost(text: str, rng: random.Random) -> str:
    lines = text.split("\n")
    at = rng.randrange(len(lines))
    return "\n".join(lines[:at] + lines[at + rng.randint(1, 12) :])


def lines_swapped(text: str, rng: random.Random) -> str:
    lines = text.split("\n")
    at = rng.randrange(len(lines) - 1)
    lines[at], lines[at + 1] = lines[at + 1], lines[at]
    return "\n".join(lines)


def lines_joined(text: str, rng: random.Random) -> str:
    """Some line ends lost, as a flipped bit loses them."""
    characters = list(text)
    ends = [i for i, c in enumerate(characters) if c in "\n\t "]
    for at in rng.sample(ends, 4):
        characters[at] = "J"
    return "".join(characters)


def cut_short(text: str, rng: random.Random) -> str:
    """Cut at the end of a line: a figure cut in two is another one on paper too."""
    lines = text.split("\n")
    return "\n".join(lines[: rng.randrange(1, len(lines))])


DAMAGES = (lines_lost, lines_swapped, lines_joined, cut_short)
