"""Counts by format in, the README's tables of accuracy out, between the marks that stand there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import msgspec

from govreport_core.build.intake import read_report
from govreport_core.errors import GovReportError
from govreport_core.samples.trials.scoring import compare, expectation

_WORDS = {
    "en": {
        "head": ("format", "reports", "agency, year and form right", "cells"),
        "counts": ("right", "not read", "wrong"),
        "all": "all",
        "html": "web pages",
        "docx": "Word (docx)",
        "xlsx": "Excel (xlsx)",
        "pdf": "PDF",
        "markdown": "Markdown",
        "text": "text",
        "cells": "text, a cell a line, tabs before",
        "tabs": "text, a row a line, tabs between",
        "lines": "text, a cell a line",
        "rows": "text, a row a line, spaces between",
    },
    "zh": {
        "head": ("格式", "年报", "机关、年度、所用表格均读对", "格"),
        "counts": ("读对", "未读出", "读错"),
        "all": "合计",
        "html": "网页",
        "docx": "Word（docx）",
        "xlsx": "Excel（xlsx）",
        "pdf": "PDF",
        "markdown": "Markdown",
        "text": "文本",
        "cells": "文本，逐格换行，带制表符",
        "tabs": "文本，逐行换行，以制表符分格",
        "lines": "文本，逐格换行",
        "rows": "文本，逐行换行，以空格分格",
    },
}
_ENDINGS = {".txt": "text", ".html": "html", ".md": "markdown", ".pdf": "pdf", ".docx": "docx"}


class Line(msgspec.Struct, frozen=True):
    """One format's counts; `known` are reports whose agency, year and form are right."""

    name: str
    documents: int
    known: int
    cells: int
    right: int
    unread: int
    wrong: int


def count_corpus(folder: Path) -> list[Line]:
    """Read each real report that a person has read, and compare; a line a format.

    Args:
        folder: Reports, anywhere below, and `expected/<name>.json` beside them.

    Raises:
        GovReportError: Nothing to compare there, or a file without its report.
    """
    counted: dict[str, list[tuple[int, ...]]] = {}
    for answers in sorted((folder / "expected").glob("*.json")):
        path = _report(folder, answers.stem)
        expected = expectation(answers)
        _, report = read_report(path)
        counts = compare(report, expected)
        found = (report.agency_name, report.year, report.form)
        known = found == tuple(expected[key] for key in ("agency", "year", "form"))
        cells = len(expected["cells"])
        counted.setdefault(_ENDINGS[path.suffix], []).append(
            (1, known, cells, counts.right, counts.not_read, counts.wrong)
        )
    if not counted:
        msg = f"{folder}: no expected/*.json there"
        raise GovReportError(msg)
    return [
        Line(name, *(sum(column) for column in zip(*counted[name], strict=True)))
        for name in dict.fromkeys(_ENDINGS.values())
        if name in counted
    ]


def table(lines: Sequence[Line], language: str) -> str:
    """The lines and their sum as a Markdown table."""
    words = _WORDS[language]
    rows = [(*words["head"], *words["counts"]), ("---",) * 7]
    whole = [sum(n) for n in zip(*(msgspec.structs.astuple(x)[1:] for x in lines), strict=True)]
    for line in (*lines, Line("all", *whole)):
        name, *counts = msgspec.structs.astuple(line)
        rows.append((str(words[name]), *(f"{n:,}" for n in counts)))
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def put(readme: Path, block: str, lines: Sequence[Line]) -> None:
    """Write the table between `<!-- accuracy:block -->` and `<!-- /accuracy:block -->`.

    Raises:
        GovReportError: The marks aren't there.
    """
    text = readme.read_text(encoding="utf-8")
    language = "zh" if "zh" in readme.stem else "en"
    between = re.compile(rf"(<!-- accuracy:{block} -->\n).*?(<!-- /accuracy:{block} -->)", re.S)
    if not between.search(text):
        msg = f"{readme}: no place marked <!-- accuracy:{block} --> … <!-- /accuracy:{block} -->"
        raise GovReportError(msg)
    made = between.sub(lambda mark: f"{mark[1]}{table(lines, language)}\n{mark[2]}", text)
    readme.write_text(made, encoding="utf-8")


def _report(folder: Path, name: str) -> Path:
    found = [p for p in sorted(folder.rglob(f"{name}.*")) if p.suffix in _ENDINGS]
    if not found:
        msg = f"{folder}: no report {name} for expected/{name}.json"
        raise GovReportError(msg)
    return found[0]
