"""The catalogue in, a page for each rule out, with a report that passes it and one that fails.

`python -m rulebook FOLDER`, run in this folder (`make rules`). The examples are fictional reports
of `samples`, clean ones and those with an injected fault; where none of them meets the rule, its
case in `test_checks`. What is said of them is what the checks say.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl
from test_checks import CASES
from test_checks import judged as tested

from dashboard.labels import LANGUAGES, t, words
from dashboard.views.rules import rule_facts
from dashboard.views.sentences import check_sentence
from govreport_core.checks import Rule, catalogue, rule_words
from govreport_core.samples.trials.injected import KINDS
from govreport_core.samples.trials.judging import Case, judged
from govreport_core.samples.trials.trial import clean_cases, faulty_reports

# Whole histories of every fictional agency, so that rules across years have something to compare.
CLEAN = 120
# Of the reports with each kind of fault, some of different agencies: one's text may explain it.
SOME = range(0, 60, 15)


class Example(NamedTuple):
    """A report and the row of `checks` that one rule gives it."""

    agency: str
    year: int | None
    row: Mapping[str, Any]

    def said(self, lang: str) -> str:
        """What the rule says of the report."""
        told = check_sentence(self.row, lang)
        year = "" if self.year is None else str(self.year)
        return t("rulebook.said", lang, agency=self.agency, year=year, sentence=told)


def pages() -> Iterator[tuple[str, str]]:
    """Name and text of every page, the list of all of them first."""
    passing, failing = _passing(), _failing()
    yield "README.md", _index()
    for code, rule in catalogue().items():
        examples = (
            passing.get(code) or _case(code, "pass"),
            failing.get(code) or _case(code, "fail"),
        )
        yield f"{code}.md", _page(rule, *examples)


def _passing() -> dict[str, Example]:
    """The first clean report that passes each rule, one with figures where there is one."""
    cases = list(islice(clean_cases(), CLEAN))
    names = {f"{case.agency_id}-{case.sample.year}": case for case in cases}
    rows = (
        judged(cases)
        .filter(pl.col("outcome") == "pass")
        .sort((pl.col("actual").fill_null(0) == 0), "year", "owner", "subject")
        .unique("check", keep="first", maintain_order=True)
    )
    found = {}
    for row in rows.iter_rows(named=True):
        case = names[f"{row['owner']}-{row['year']}"]
        found[row["check"]] = Example(case.sample.agency.name, row["year"], row)
    return found


def _failing() -> dict[str, Example]:
    """The first report that fails each rule where its fault is, as gravely as the rule says."""
    cases: list[Case] = [
        case
        for kind in KINDS
        for case in islice(faulty_reports(kind), SOME.start, SOME.stop, SOME.step)
    ]
    rows = judged(cases).filter(pl.col("outcome") == "fail")
    told = {(row["owner"], row["check"], row["subject"]): row for row in rows.to_dicts()}
    found: dict[str, Example] = {}
    for case in cases:
        for fault in case.sample.faults:
            row = told.get((case.agency_id, fault.check, fault.subject))
            if row is None:
                continue
            example = Example(case.sample.agency.name, case.sample.year, row)
            known = found.setdefault(fault.check, example)
            grave = catalogue()[fault.check].severity
            if row["severity"] == grave != known.row["severity"]:
                found[fault.check] = example
    return found


def _case(code: str, outcome: str) -> Example:
    """A rule's own test: it has one that passes and one that fails."""
    change = CASES[code][0 if outcome == "pass" else 1]
    row = tested(change, code).filter(pl.col("outcome") == outcome).row(0, named=True)
    return Example("青禾县水务局", row["year"], row)


def _index() -> str:
    lines = []
    for lang in LANGUAGES:
        count = len(catalogue())
        lines += [f"# {t('rulebook.title', lang)}", "", t("rulebook.lead", lang, count=count), ""]
    order = list(words(next(iter(LANGUAGES))))
    groups = {rule.group for rule in catalogue().values()}
    for group in sorted(groups, key=lambda group: order.index(f"groups.{group}")):
        lines += [f"## {' · '.join(t(f'groups.{group}', lang) for lang in LANGUAGES)}", ""]
        lines += ["| | | |", "|---|---|---|"]
        for code, rule in catalogue().items():
            if rule.group == group:
                level = " · ".join(t(f"severities.{rule.severity}", lang) for lang in LANGUAGES)
                lines.append(f"| [{rule.zh.title}]({code}.md) | {rule.en.title} | {level} |")
        lines.append("")
    return "\n".join(lines)


def _page(rule: Rule, passes: Example, fails: Example) -> str:
    lines = []
    for lang in LANGUAGES:
        level = t(f"severities.{rule.severity}", lang)
        lines += [f"# {rule_words(lang)[rule.code].title}", ""]
        lines += [f"`{rule.code}` · {level} · [{t('rulebook.back', lang)}](README.md)", ""]
        for label, text in rule_facts(rule.code, lang):
            code = text == rule.formula
            lines += [f"**{label}**", "", f"`{text}`" if code else _plain(text), ""]
        for name, example in (("passes", passes), ("fails", fails)):
            lines += [
                f"**{t(f'rulebook.{name}', lang)}**",
                "",
                f"> {_plain(example.said(lang))}",
                "",
            ]
    return "\n".join(lines)


def _plain(text: str) -> str:
    """Text that Markdown shows as it is."""
    return "".join(
        f"\\{mark}" if mark in r"\`*_[]<>|~" else mark for mark in " ".join(text.split())
    )


def main(folder: Path) -> None:
    """Write the pages, and take away those of rules that are gone."""
    folder.mkdir(parents=True, exist_ok=True)
    written = dict(pages())
    for path in folder.glob("*.md"):
        if path.name not in written:
            path.unlink()
    for name, text in written.items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
