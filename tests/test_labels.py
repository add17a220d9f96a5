"""Words: both languages say everything, and everything that can occur has words."""

import re
from pathlib import Path
from string import Formatter

import polars as pl
import pytest

from dashboard import labels
from dashboard.labels import t
from dashboard.views.datatables import column_label
from dashboard.views.sentences import diagnostic_sentence, reason_words
from govreport_core import checks
from govreport_core.checks.facts import Reason
from govreport_core.indicators import catalogue, indicator_words
from govreport_core.indicators.figures import definitions
from govreport_core.model import Level, Outcome, Severity, State
from govreport_core.schemas import TABLES

ROOT = Path(__file__).parent.parent
LANGUAGES = list(labels.LANGUAGES)


def test_both_languages_have_the_same_keys_and_fill_the_same_names() -> None:
    def fields(text: str) -> set[str | None]:
        return {name for _, name, _, _ in Formatter().parse(text) if name is not None}

    zh, en = labels.own_words("zh"), labels.own_words("en")
    assert zh.keys() == en.keys()
    assert {k: fields(zh[k]) for k in zh} == {k: fields(en[k]) for k in zh}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_words_are_empty(lang: str) -> None:
    assert [key for key, text in labels.own_words(lang).items() if not text.strip()] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_everything_a_dataset_can_say_has_words(lang: str) -> None:
    wanted = [
        *(f"states.{state}" for state in State),
        *(f"state_notes.{state}" for state in State),
        *(f"outcomes.{outcome}" for outcome in Outcome),
        *(f"signs.{word}" for word in (*Outcome, *Severity)),
        *(f"severities.{severity}" for severity in Severity),
        *(f"levels_of_reading.{level}" for level in Level),
        *(f"groups.{rule.group}" for rule in checks.catalogue().values()),
        *(f"tables.{table}" for table in TABLES),
    ]
    for schema in TABLES.values():
        assert all(column_label(name, lang) for name in schema.create_empty().columns)
    assert [key for key in wanted if key not in labels.words(lang)] == []
    assert all(reason_words(reason, lang) != reason for reason in Reason)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_figure_and_the_indicator_of_the_same_cells_have_one_name(lang: str) -> None:
    titles = {
        indicator.numerator: indicator_words(lang)[code].title
        for code, indicator in catalogue().items()
        if not indicator.denominator
    }
    shared = [figure for figure in definitions().figures if figure.cells.get("form_2021") in titles]
    assert len(shared) == 4
    for figure in shared:
        assert t(f"figures.{figure.code}.label", lang) == titles[figure.cells["form_2021"]]


def codes_of_diagnostics() -> set[str]:
    """What the core's sources hand to `Diagnostic`, by the ways in which they do."""
    text = "".join(p.read_text(encoding="utf-8") for p in (ROOT / "govreport_core").rglob("*.py"))
    return set(re.findall(r'Level\.(?:NOTE|DOUBT),\s*"([a-z_]+)"', text))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_diagnostic_has_a_sentence(lang: str, demo_dataset: Path) -> None:
    met = pl.read_parquet(f"{demo_dataset}/diagnostics/**/*.parquet")["code"].unique().to_list()
    codes = codes_of_diagnostics() | set(met)
    assert len(codes) > 5
    assert [code for code in codes if f"diagnostics.{code}" not in labels.words(lang)] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_kind_and_level_of_the_samples_has_words(lang: str, demo_dataset: Path) -> None:
    reports = pl.read_parquet(f"{demo_dataset}/reports/**/*.parquet")
    for column, group in (("agency_kind", "kinds"), ("agency_level", "levels")):
        for code in reports[column].drop_nulls().unique():
            assert f"{group}.{code}" in labels.words(lang)


def test_every_key_that_the_dashboard_names_is_there() -> None:
    called = re.compile(r"\bt\(\s*[\"']([a-z][a-z0-9_.]*[a-z0-9])[\"']\s*[,)]")
    lacking = {}
    for path in (ROOT / "dashboard").rglob("*"):
        if path.suffix in (".py", ".html"):
            for key in called.findall(path.read_text(encoding="utf-8")):
                if key not in labels.words("zh"):
                    lacking[key] = path.name
    assert lacking == {}


def test_an_unknown_number_is_said_to_be_unknown_never_0() -> None:
    assert labels.number_or_unknown(None, "zh") == "未知"
    assert labels.number_or_unknown(0.0, "zh") == "0"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (1234, "1,234"),
        (25.1, "25.1"),
        (-3, "\N{MINUS SIGN}3"),
        (-1234.5, "\N{MINUS SIGN}1,234.5"),
        (0.000001, "0.000001"),
        (1e6, "1,000,000"),
    ],
)
def test_a_number_is_written_without_decimals_it_does_not_have(value: float, text: str) -> None:
    assert labels.number(value) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.5, "50.0%"), (-0.021, "\N{MINUS SIGN}2.1%"), (-0.0001, "0.0%"), (0.0, "0.0%")],
)
def test_a_share_has_the_sign_of_numbers(share: float, text: str) -> None:
    assert labels.percent(share, "zh") == text


def test_lines_that_share_a_name_are_told_apart_by_their_group() -> None:
    upheld = labels.column_label(
        "form_2021", "t4_review_litigation", "litigation_direct_upheld", "zh"
    )
    assert upheld == "未经复议直接起诉·结果维持"
    assert labels.column_label("form_2021", "t3_requests", "org_business", "zh") == "商业企业"


def test_a_code_no_form_has_stands_for_itself() -> None:
    assert labels.table_label(None, "t9", "zh") == "t9"
    assert labels.row_label("form_2021", "t3_requests", "nothing", "zh") == "nothing"


def test_a_diagnostic_without_its_parameters_says_unknown_instead_of_failing() -> None:
    row = {"code": "cells_fewer", "params": '{"table": "t3_requests"}'}
    assert "未知" in diagnostic_sentence(row, "form_2021", "zh")


def test_a_row_without_a_label_is_not_quoted() -> None:
    params = '{"table": "t4_review_litigation", "row": "cases"}'
    row = {"code": "glued_cells", "params": params}
    assert diagnostic_sentence(row, "form_2021", "zh") == "表四：各格的数字粘在一起，分不开。"
    assert diagnostic_sentence(row, "form_2021", "en").startswith("Table 4, Number of cases: ")


def test_braces_in_what_a_report_prints_are_not_filled() -> None:
    row = {"code": "cell_leftover", "params": '{"table": "t3_requests", "text": "{row.x} {0}"}'}
    assert "{row.x} {0}" in diagnostic_sentence(row, "form_2021", "zh")


def test_a_key_without_words_is_an_error() -> None:
    with pytest.raises(KeyError):
        t("no.such.key", "zh")


# Words that CONTRIBUTING.md has replaced by one for each thing.
GONE = {
    "zh": r"校验|未评|未核对|不核对|表式|式样|轻重|警告",
    "en": r"[\u3000-\u303f\uff00-\uffef]|n't checked|not checked|\bunclear\b",
}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_one_word_for_one_thing(lang: str) -> None:
    said = {key: text for key, text in labels.words(lang).items() if re.search(GONE[lang], text)}
    assert said == {}


def test_the_rules_and_the_terminal_use_the_same_words() -> None:
    text = (ROOT / "govreport_core/coverage/statuses.toml").read_text(encoding="utf-8")
    assert not re.search(GONE["zh"], text)
    for rule in checks.catalogue().values():
        assert not re.search(GONE["zh"], rule.zh.exceptions), rule.code


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        ("2026-01-31T20:30:00+00:00", "2026-02-01 04:30（北京时间）"),
        ("2026-01-31T20:30:00+08:00", "2026-01-31 20:30（北京时间）"),
        ("", "时间未知"),
        ("soon", "时间未知"),
    ],
)
def test_a_moment_is_said_by_the_clocks_of_china(moment: str, said: str) -> None:
    assert labels.moment(moment, "zh") == said


@pytest.mark.parametrize(
    ("n", "said"),
    [(1, "1 report."), (0, "0 reports."), ("1", "1 report."), ("1,001", "1,001 reports.")],
)
def test_one_is_told_otherwise_than_many(n: object, said: str) -> None:
    assert labels.t("words.lead_sections", "en", reports=n) == f"In {said}"
