"""An explanation is a sentence about this figure: what counts, and what only has its words."""

from __future__ import annotations

import pytest
from filled import T3, Filled

from govreport_core.checks import catalogue, run
from govreport_core.checks.explaining import parse_sentences
from govreport_core.errors import RuleError


def carried(text: str, number: int) -> Filled:
    """A report with a gap in what was carried over, which says so much of it."""
    report = Filled(agency_id=f"a{number}", document_id=f"carried-{number}")
    report.prior(document_id=f"before-{number}").put(
        T3, "requests_carried_forward", "natural_person", 5
    )
    report.put(T3, "requests_carried_over", "natural_person", 3)
    report.text["s6_other"] = text
    return report


def severities(reports: list[Filled], check: str) -> list[str]:
    """Of the one failure of each report."""
    first, *others = reports
    first.others.extend(others)
    found = run(first.frames(), only={check}).filter(check=check, outcome="fail")
    told = dict(found.select("document_id", "severity").rows())
    return [told[report.document_id] for report in reports]


ABOUT_IT = [
    "因机构改革，原水利局未办结的申请划入我局，结转数相应增加。",
    "上年度报告结转数填报有误，现更正为3件。",
    "因漏登，上年结转件数应更正为3件。",
    "因统计口径调整，上年结转件数与上年度报告不一致。",
    "本年度统计口径有调整，相关数据与往年不一致。",
    "原县粮食局撤销，其跨年申请2件不再计入。",
    # a dump breaks its lines
    "因机构改革，原水利局和原林业局全部未办结的政府信息公\n开申请划入我局，结转数相应增加。",
]
A_WORD_ALONE = [
    "回应社会关切时统一对外口径，数据发布有序。",
    "对答复文书统一口径，申请数据按月通报。",
    "全年完成错别字更正36处，依申请公开数据按时报送。",
    "更正错别字12处，上年度报告的链接已修复。",
    "机构改革后及时更新机构职能目录。",
    "统计口径没有变化，结转件数如表三。",
    "今后将完善统计口径，做好结转申请的登记。",
    "本年度未涉及机构改革，上年结转按期办结。",
    "根据申请人要求更正政府信息2条，结转申请均已答复。",
    "因人手少，结转申请的登记和发布前对隐私内容的校对时有遗漏，需要事后更正。",
    "因结转申请较多，个人信息审查出现的疏漏当日更正，并通报。",
    "机构改革顺利完成。结转申请均已答复。",
    "机构改革顺利完成，结转申请均已答复。",
    "无",
]


def test_a_sentence_about_the_figure_explains_it_and_a_word_alone_doesnt() -> None:
    texts = [*ABOUT_IT, *A_WORD_ALONE]
    reports = [carried(f"无。{text}其他无。", n) for n, text in enumerate(texts)]
    told = dict(zip(texts, severities(reports, "x_carry"), strict=True))
    assert [text for text in ABOUT_IT if told[text] != "info"] == []
    assert [text for text in A_WORD_ALONE if told[text] != "error"] == []


@pytest.mark.parametrize(
    ("row", "severity"), [("normative_documents", "info"), ("regulations", "warning")]
)
def test_an_explanation_of_one_row_is_none_of_another(row: str, severity: str) -> None:
    report = Filled()
    report.prior().put("t2_art20_1", row, "in_force", 40)
    report.put("t2_art20_1", row, "in_force", 30)
    report.text["s6_other"] = "本年开展行政规范性文件清理，废止10件。"
    assert severities([report], "x_in_force") == [severity]


def test_every_rule_says_what_its_figures_are_called() -> None:
    for rule in catalogue().values():
        explained = getattr(rule.test, "explained", None)
        if explained is None:
            continue
        tables = {table for table, _, _ in rule.test.named()}
        for about in explained.about:
            assert about == "report" or not tables or about.split(".")[0] in tables, rule.code


TOML = """
idle = ["a"]
general = ["b"]
change = ["c"]
link = ["e"]
plans = ["d"]

[correction]
made = ["f"]
of = ["g"]
reason = ["h"]
"""


@pytest.mark.parametrize(
    "wrong",
    [
        TOML + 'colour = "red"\n',
        TOML.replace('"a"', '"("'),
        TOML.replace('plans = ["d"]', "plans = []"),
        TOML.replace('of = ["g"]\n', ""),
        TOML.replace('change = ["c"]\n', ""),
    ],
)
def test_wrong_words_are_refused(wrong: str) -> None:
    assert parse_sentences(TOML).plans == ("d",)
    with pytest.raises(RuleError, match="explanations"):
        parse_sentences(wrong)
