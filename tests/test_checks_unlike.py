"""A year that counts other bodies than the one before: merged divisions, declared scopes."""

from __future__ import annotations

import polars as pl
import pytest
from filled import T3, Filled

from govreport_core.checks import parts_across, run, sentence
from govreport_core.checks.unlike import parse_scopes
from govreport_core.errors import RuleError


def report(number: int, before: str = "", now: str = "", over: int = 8, **names) -> Filled:
    """A report with more carried over than the year before left; `before` and `now` say a scope."""
    made = Filled(agency_id=f"a{number}", document_id=f"now-{number}", **names)
    prior = made.prior(document_id=f"before-{number}", region_code=made.region_code)
    prior.put(T3, "requests_carried_forward", "natural_person", 5)
    prior.text["s1_overview"] += before
    made.put(T3, "requests_carried_over", "natural_person", over)
    made.text["s1_overview"] += now
    return made


def told(reports: list[Filled], check: str = "x_carry") -> list[tuple[str, str | None]]:
    """Outcome and reason of that cell's result, of each report."""
    first, *others = reports
    first.others.extend(others)
    subject = pl.col("subject").str.ends_with("natural_person")
    found = run(first.frames(), only={check}).filter(subject, check=check)
    rows = {row["document_id"]: row for row in found.to_dicts()}
    return [(rows[r.document_id]["outcome"], rows[r.document_id]["reason"]) for r in reports]


MERGED = ("skip", "division_merged")
CHANGED = ("skip", "scope_changed")
FAIL = ("fail", None)


def test_the_year_a_division_took_in_another_its_figures_need_not_follow() -> None:
    # 下城区 went into 拱墅区 (330105) in 2021
    cases = [
        (report(1, year=2021, region_code="330105"), MERGED),
        (report(2, year=2021, region_code="330105", over=5), ("pass", None)),
        (report(3, year=2022, region_code="330105"), FAIL),
        (report(4, year=2021, region_code="330106"), FAIL),
        (report(5, year=2021, region_code="330105", agency_level="township"), FAIL),
        (report(6, year=2021), FAIL),
    ]
    assert told([made for made, _ in cases]) == [expected for _, expected in cases]


OWN = "本报告统计范围为县本级，不含乡镇。"
WHOLE = "本报告数据统计范围为全县汇总数据。"


def test_a_declared_change_of_scope_is_no_gap() -> None:
    cases = [
        (report(1, OWN, WHOLE), CHANGED),
        (report(2, WHOLE, OWN), CHANGED),
        (report(3, "", "本年度统计范围由县本级调整为全县汇总。"), CHANGED),
        (report(4, "", "本年度起统计口径扩大到各乡镇、\n各部门。"), CHANGED),
        # a dump breaks its lines
        (report(5, OWN, "根据上级部门的通知要求，本报告的统\n计范围为全县汇总数据。"), CHANGED),
        # the same in both, in one only, both at once, another thing's scope
        (report(6, OWN, OWN), FAIL),
        (report(7, "", WHOLE), FAIL),
        (report(8, OWN, "公开范围扩大到全县各乡镇。"), FAIL),
        (report(9, OWN + WHOLE, WHOLE), FAIL),
    ]
    assert told([made for made, _ in cases]) == [expected for _, expected in cases]


def test_the_line_of_a_text_outside_the_sections_declares_it_too() -> None:
    made = report(1, OWN)
    made.lines = ["县人民政府年度报告", "本报告数据统计范围为全县汇总数据。"]
    assert told([made]) == [CHANGED]


def test_the_skip_says_why_in_both_languages() -> None:
    made = report(1, OWN, WHOLE)
    row = run(made.frames()).filter(reason="scope_changed", check="x_carry").row(0, named=True)
    assert "统计范围与上一年度不同" in sentence("x_carry", row, "zh")
    assert "another than the year before" in sentence("x_carry", row, "en")


TOML = 'noun = "a"\nown = ["b"]\nwhole = ["c"]\nchange = "d"\n'


@pytest.mark.parametrize(
    "wrong", [TOML + 'colour = "red"\n', TOML.replace('"a"', '"("'), TOML.replace('["b"]', "[]")]
)
def test_wrong_scopes_are_refused(wrong: str) -> None:
    assert parse_scopes(TOML).own == ("b",)
    with pytest.raises(RuleError, match="scopes"):
        parse_scopes(wrong)


def test_of_the_parts_those_around_a_statement_suffice() -> None:
    made = report(1, OWN)
    said = ["本报告的数据统计范围", "为全县汇总数据。"]
    made.lines = [*(f"第{n}行。" for n in range(20)), *said, *(f"第{n}行。" for n in range(20))]
    frames = made.frames()
    narrowed = parts_across(frames["parts"].lazy()).collect()
    assert 2 <= narrowed.height <= 5
    found = run({**frames, "parts": narrowed}).filter(check="x_carry", reason="scope_changed")
    assert found.height == 1
