"""A dataset and a language in, the page on the method out: meanings, trials, versions."""

from __future__ import annotations

import math
from collections.abc import Sequence

from dashboard.data import Data
from dashboard.labels import moment, number, percent, t
from dashboard.views.accuracy import BLOCKS, accuracy
from dashboard.views.records import Method, MethodSection, MethodTable
from dashboard.views.sentences import check_label
from dashboard.views.themes import theme_tables
from govreport_core import languages
from govreport_core.coverage import status_words
from govreport_core.measured import Measured, Trial, measured
from govreport_core.model import Outcome, Severity, State

_BADGES = {
    "reading": ("good", "doubts", "poor", "none"),
    "consistency": ("consistent", "partial", "remarks", "inconsistent", "unassessed"),
}
_VERSIONS = ("schema_version", "built_at", "parser", "forms", "rules", "themes")


def method(data: Data, lang: str) -> Method:
    """Everything the page says."""
    sections = (
        _section("what", lang),
        _section("certain", lang),
        _section(
            "states",
            lang,
            *(("", t(f"states.{one}", lang), t(f"state_notes.{one}", lang)) for one in State),
        ),
        _section(
            "badges",
            lang,
            *(
                (
                    t(f"badges.{kind}.{level}.sign", lang),
                    t(f"badges.{kind}.{level}.label", lang),
                    t(f"site.about.badge_of.{kind}.{level}", lang),
                )
                for kind, levels in _BADGES.items()
                for level in levels
            ),
        ),
        _section(
            "checks",
            lang,
            *(
                (
                    t(f"signs.{one}", lang),
                    t(f"outcomes.{one}", lang),
                    t(f"site.about.outcome.{one}", lang),
                )
                for one in Outcome
            ),
        ),
        _section("timeliness", lang, *_statuses(lang)),
        _section("limits", lang),
    )
    about = data.about
    versions = tuple(
        (
            t(f"site.about.version.{name}", lang),
            moment(str(about[name]), lang) if name == "built_at" else str(about[name]),
        )
        for name in _VERSIONS
        if name in about
    )
    return Method(sections, (*trials(lang), *theme_tables(data, lang)), versions)


def trials(lang: str) -> tuple[MethodTable, ...]:
    """What was measured: how much is read right, and how many injected faults are found."""
    found = []
    for block in BLOCKS:
        known = languages.of(accuracy()[block], lang)
        found.append(_table(f"accuracy_{block}", known.columns, known.rows, lang))
    return (*found, faults_table(measured(), lang))


def faults_table(trial: Trial, lang: str) -> MethodTable:
    """How many injected faults were found, by kind; what fails where nothing is wrong."""
    kinds = sorted(trial.kinds, key=lambda kind: (kind.prose, kind.kind))
    rows = [
        (t(f"site.about.faults.{name}", lang), *_found(mine, lang))
        for name, mine in (
            ("arithmetic", [kind for kind in kinds if not kind.prose]),
            ("prose", [kind for kind in kinds if kind.prose]),
        )
    ]
    join = t("site.about.faults.join", lang)
    alike: dict[tuple[bool, tuple[str, ...]], list[Measured]] = {}
    for kind in kinds:
        alike.setdefault((kind.prose, kind.checks), []).append(kind)
    rows += [
        (join.join(check_label(code, lang) for code in codes), *_found(mine, lang))
        for (_, codes), mine in alike.items()
    ]
    columns = tuple(
        t(f"site.about.faults.{name}", lang) for name in ("kind", "reports", "found", "share")
    )
    failures = join.join(
        f"{t(f'severities.{one}', lang)} {number(trial.failures.get(one, 0))}" for one in Severity
    )
    clean = {"clean": number(trial.clean), "failures": failures, "seed": trial.seed}
    return _table("faults", columns, tuple(rows), lang, **clean)


def _table(
    code: str,
    columns: tuple[str, ...],
    rows: tuple[tuple[str, ...], ...],
    lang: str,
    **said: object,
) -> MethodTable:
    heading, text = (t(f"site.about.{code}.{part}", lang, **said) for part in ("heading", "text"))
    return MethodTable(code, heading, text, columns, rows)


def _found(kinds: Sequence[Measured], lang: str) -> tuple[str, str, str]:
    reports = sum(kind.reports for kind in kinds)
    found = sum(kind.found for kind in kinds)
    share = percent(math.floor(found / reports * 1000) / 1000, lang) if reports else ""
    return number(reports), number(found), share


def _section(code: str, lang: str, *terms: tuple[str, str, str]) -> MethodSection:
    return MethodSection(
        code, t(f"site.about.{code}.heading", lang), t(f"site.about.{code}.text", lang), terms
    )


def _statuses(lang: str) -> list[tuple[str, str, str]]:
    return [
        (t(f"timeliness.signs.{code}", lang), words.title, words.note)
        for code, words in status_words(lang).items()
    ]
