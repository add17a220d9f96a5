"""A report's rows in, its JSON and its CSV file out.

Words first, codes and ids last; null where no number is certain, with the state told. They
are made from the dataset's tables, not from pages: a test holds both together. What a form, a row
or a file can say once isn't said in each cell: see `of_forms`; which cells passed a rule is in the
table `checks`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import takewhile
from operator import itemgetter
from typing import Any

from dashboard import labels
from dashboard.data import Row
from dashboard.labels import t
from dashboard.site import addresses
from dashboard.site.opendata.of_forms import Line, Table, number, tables_of
from dashboard.site.opendata.plain import csv_cell, heads, json_line, plain, text
from dashboard.site.opendata.worded import LANG, OTHER
from dashboard.views.context import Context
from dashboard.views.lists import form_label, region_label
from dashboard.views.remarks import anchors
from dashboard.views.sentences import check_label, check_sentence, reason_words
from dashboard.views.words_themes import theme_label
from govreport_core.checks.words import place
from govreport_core.coverage import status_words
from govreport_core.dataset.export import BOM
from govreport_core.forms import forms
from govreport_core.model import State

_CELL = ("number", "state", "raw", "unit", "part")
_COUNTS = (
    *("cells", "cells_read", "cells_absent", "doubts", "passed"),
    *("fail_error", "fail_warning", "fail_info", "skipped"),
)
_IDS = ("report_id", "agency_id", "region_code", "document_id")
_HEAD = ("table", "row", "column", "number", "cell_state", "raw", "unit", "corrected", "cell")
# The end of a place, of which the next cell has the next: `c4`, `line:12`.
_NTH = re.compile(r"([a-z]+:?)(\d+)")
# What the first lines of a CSV say as printed: whose report it is.
_WHOSE = ("agency_name", "year", "report_id")

File = tuple[str, bytes]
Key = tuple[str, str, str]
Cell = tuple[Any, ...]


def report_files(card: Row, rows: Mapping[str, Sequence[Row]], shared: Context) -> Iterator[File]:
    """`reports/<id>.json` and `.csv` of a current report.

    Args:
        card: Its row of `cards`.
        rows: Its rows of `values`, `checks`, `points` and `sections`, as they were written.
        shared: The dataset, for what is said of the report.
    """
    address = addresses.report(card["report_id"]).removesuffix(".html")
    values = _cells(rows["values"])
    corrections = shared.corrections_of.get(card["report_id"], ())
    # Of several of a cell the last is the newest.
    corrected = {(one["table"], one["row"], one["column"]): one for one in corrections}
    found = {
        "report": _about(card, address),
        "counts": {name: card[name] for name in _COUNTS},
        "tables": _tables(card["form"], values, corrected),
        **_results(rows["checks"], address),
        "points": [_point(row) for row in rows["points"]],
        "sections": [_section(row) for row in rows["sections"]],
        "corrections": [_correction(one, card["form"]) for one in corrections],
        "replies": [
            _reply(one, card["form"]) for one in shared.replies_of.get(card["report_id"], ())
        ],
        "ids": {name: card[name] for name in _IDS},
    }
    yield f"{address}.json", json_line(found)
    yield f"{address}.csv", _csv(card, values, corrected)


def _cells(rows: Iterable[Row]) -> dict[Key, Cell]:
    """(number, state, raw, unit, part) by table, row and column."""
    key, cell = itemgetter("table", "row", "column"), itemgetter(*_CELL)
    return {key(row): cell(row) for row in rows}


def _about(card: Row, address: str) -> dict[str, object]:
    status = card["status"]
    return {
        "agency": card["agency_name"],
        "region": region_label(card, LANG) if card["region_code"] else None,
        "year": card["year"],
        "title": card["title"],
        "published_on": card["published_on"],
        "status": status_words(LANG)[status].title if status else None,
        "status_en": status_words(OTHER)[status].title if status else None,
        "due": card["due"],
        "days_late": card["days_late"],
        "form": form_label(card["form"], LANG) if card["form"] else None,
        "source_url": card["source_url"],
        "page": f"{address}.html",
        "status_code": status,
        "form_code": card["form"],
        "labels": addresses.form(card["form"], "json") if card["form"] else None,
    }


def _tables(
    form: str | None, values: Mapping[Key, Cell], corrected: Mapping[Key, Row]
) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    for table in tables_of(form):
        rows = [_row(table, row, values, corrected) for row in table.rows]
        there = [row for row in rows if row]
        if there:
            codes = [one.code for one in table.columns]
            found.append({"table": table.name.code, "columns": codes, "rows": there})
    return found


def _row(
    table: Table, row: Line, values: Mapping[Key, Cell], corrected: Mapping[Key, Row]
) -> dict[str, object]:
    """A row's numbers with their states, in the order of the columns; empty where it has no cell.

    `state` is that of all cells, `states` of each where they differ; neither is there where all
    are reported. `printed`, `units` and `corrected` are there where a cell has something to say of
    it. `part` is where all stand, one cell after the other (`table:5/r4/c4..10`), or how their
    places begin: `parts` then has the rest of each.
    """
    keys = [(table.name.code, row.code, one.code) for one in table.columns]
    cells = [values.get(key) for key in keys]
    if not any(cells):
        return {}
    found: dict[str, object] = {"row": row.code}
    found["numbers"] = [plain(cell[0]) if cell else None for cell in cells]
    states = [cell[1] if cell else None for cell in cells]
    if {*states} != {State.REPORTED.value}:
        found |= {"state": states[0]} if len({*states}) == 1 else {"states": states}
    more = {
        "printed": [cell[2] if cell and cell[2] != text(cell[0]) else None for cell in cells],
        "units": [cell[3] if cell else None for cell in cells],
        "corrected": [
            plain(corrected[key]["corrected"]) if key in corrected else None for key in keys
        ],
    }
    found |= {name: told for name, told in more.items() if any(one is not None for one in told)}
    return found | _parts([cell[4] if cell else None for cell in cells])


def _parts(parts: Sequence[str | None]) -> dict[str, object]:
    """Where the cells of a row stand: what their places share, and how each goes on."""
    places = [part for part in parts if part]
    if len({*parts}) == 1:
        return {"part": places[0]} if places else {}
    steps = zip(*(part.split("/")[:-1] for part in places), strict=False)
    shared = "".join(f"{step[0]}/" for step in takewhile(lambda step: len({*step}) == 1, steps))
    rest = [part and part.removeprefix(shared) for part in parts]
    along = _NTH.fullmatch(rest[0] or "")
    if along:
        first = int(along[2])
        last = first + len(rest) - 1
        if rest == [f"{along[1]}{at}" for at in range(first, last + 1)]:
            return {"part": f"{shared}{rest[0]}..{last}"}
    return {"part": shared, "parts": rest}


def _results(results: Sequence[Row], address: str) -> dict[str, object]:
    """What failed in full, what couldn't be assessed by its reason, how often each rule passed."""
    failed: list[dict[str, object]] = []
    skipped: dict[str, dict[str, list[str]]] = {}
    passed: Counter[str] = Counter()
    for row, anchor in zip(results, anchors(results), strict=True):
        if row["outcome"] == "fail":
            failed.append(_failure(row, f"{address}.html#{anchor}"))
        elif row["outcome"] == "skip":
            checks = skipped.setdefault(row["reason"], {})
            checks.setdefault(row["check"], []).append(row["subject"])
        else:
            passed[row["check"]] += 1
    not_assessed = [
        {"reason": reason_words(reason, LANG), "reason_code": reason, "checks": checks}
        for reason, checks in skipped.items()
    ]
    return {"failed": failed, "not_assessed": not_assessed, "passed": passed}


def _failure(row: Row, link: str) -> dict[str, object]:
    return {
        "rule": check_label(row["check"], LANG),
        "rule_en": check_label(row["check"], OTHER),
        "severity": t(f"severities.{row['severity']}", LANG),
        "sentence": check_sentence(row, LANG),
        "sentence_en": check_sentence(row, OTHER),
        "expected": plain(row["expected"]),
        "actual": plain(row["actual"]),
        "link": link,
        "check": row["check"],
        "subject": row["subject"],
        "severity_code": row["severity"],
    }


def _point(row: Row) -> dict[str, object]:
    codes = row["themes"] or []
    return {
        "kind": t(f"points.{row['kind']}", LANG),
        "text": row["text"],
        "themes": [theme_label(code, LANG) for code in codes],
        "kind_code": row["kind"],
        "theme_codes": codes,
        "point_id": row["point_id"],
    }


def _section(row: Row) -> dict[str, object]:
    return {name: row[name] for name in ("heading", "text", "section")}


def _correction(row: Row, form: str | None) -> dict[str, object]:
    key = (row["table"], row["row"], row["column"])
    return {
        "cell": labels.cell_label(form, *key, LANG),
        "printed": plain(row["printed"]),
        "corrected": plain(row["corrected"]),
        **{name: row[name] for name in ("reason", "source", "date")},
        "code": ".".join(key),
    }


def _reply(row: Row, form: str | None) -> dict[str, object]:
    return {
        "rule": check_label(row["check"], LANG) if row["check"] else None,
        "about": labels.subject_label(form, row["subject"], LANG) if row["subject"] else None,
        **{name: row[name] for name in ("text", "url", "date", "check", "subject")},
    }


def _csv(card: Row, values: Mapping[Key, Cell], corrected: Mapping[Key, Row]) -> bytes:
    """Whose report it is, then a line a cell, in the form's order; heads in both languages."""
    lines = [",".join(csv_cell(head) for head in heads(_HEAD))]
    report, labels_of = csv_cell(t("opendata.heads.report", LANG)), heads(_WHOSE)
    for name, label in zip(_WHOSE, labels_of, strict=True):
        lines.append(f"{report},{csv_cell(label)},,,,{csv_cell(card[name])},,,report.{name}")
    for key, named, cell in _lines(card["form"]):
        if key in values:
            read, state, raw, unit, _ = values[key]
            plainly = text(read) or ""
            printed = "" if raw is None or raw == plainly else csv_cell(raw)
            right = csv_cell(corrected[key]["corrected"]) if key in corrected else ""
            said = f"{plainly},{_state(state)},{printed},{csv_cell(unit)},{right}"
            lines.append(f"{named},{said},{cell}")
    return BOM + "\n".join([*lines, ""]).encode()


@lru_cache
def _state(state: str) -> str:
    """Its word; none of most cells, as the head says."""
    return "" if state == State.REPORTED else csv_cell(t(f"states.{state}", LANG))


@lru_cache
def _lines(form: str | None) -> tuple[tuple[Key, str, str], ...]:
    """Each cell's key, and its names and its number as a CSV has them."""
    return tuple(
        (
            (table.name.code, row.code, column.code),
            ",".join(csv_cell(one) for one in (_short(form, table), row.zh, column.zh)),
            number(table.name.code, row.code, column.code),
        )
        for table in tables_of(form)
        for row in table.rows
        for column in table.columns
    )


def _short(form: str | None, table: Table) -> str:
    """A table as sentences call it, which is much shorter: 表三; by its name on the older form."""
    known = forms()[form or ""]
    section = known.table(table.name.code).section
    numbered = next(one.number for one in known.sections if one.code == section)
    return place(table.name.code, known, LANG) if numbered else table.name.zh
