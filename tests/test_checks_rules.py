"""The rule catalogue: complete, in both languages, and refused where it names what isn't there."""

from __future__ import annotations

import pytest

from govreport_core.checks import catalogue
from govreport_core.checks.facts import Reason
from govreport_core.checks.kinds import OF_AGENCIES, OF_REPORTS, OF_THE_WHOLE
from govreport_core.checks.rules import parse_rules
from govreport_core.checks.words import sentence_words
from govreport_core.errors import RuleError

RULE = """
[[rules]]
code = "t3_balance"
group = "t3"
severity = "error"
forms = "form_2019"
formula = "a + b == c"
source = "a source"

[rules.test]
kind = "balance"
table = "t3_requests"
left = ["requests_received"]
right = ["disposed_total"]
required = ["disposed_total"]

[rules.zh]
title = "标题"
asks = "要求。"
pass = "{where}平。"
fail = "{where}差 {difference}。"

[rules.en]
title = "Title"
asks = "What it asks."
pass = "{where} balances."
fail = "{where} is {difference} apart."
"""


def test_a_rule_is_read():
    (rule,) = parse_rules(RULE)
    assert rule.test.left == ("requests_received",)
    assert rule.zh.passed == "{where}平。"


@pytest.mark.parametrize(
    ("line", "instead", "named"),
    [
        ('group = "t3"', 'group = "t9"', "t9"),
        ('group = "t3"', 'group = "t3"\nweight = 3', "weight"),
        ('severity = "error"', 'severity = "fatal"', "fatal"),
        ('forms = "form_2019"', 'forms = "form_1999.."', "form_1999"),
        ('forms = "form_2019"', 'forms = "form_2019 -form_2019"', "names no form"),
        ('kind = "balance"', 'kind = "guess"', "guess"),
        ('table = "t3_requests"', 'table = "t5_requests"', "t5_requests"),
        ('left = ["requests_received"]', 'left = ["requests_recieved"]', "requests_recieved"),
        ('left = ["requests_received"]', 'left = ["denied"]', "denied"),
        ('required = ["disposed_total"]', 'required = ["granted_full"]', "granted_full"),
        ('required = ["disposed_total"]', "required = []", "required"),
        ('asks = "What it asks."', "", "asks"),
        ('fail = "{where}差 {difference}。"', 'fail = "{where}差 {gap}。"', "gap"),
        ('fail = "{where}差 {difference}。"', 'fail = "{where"', "{where"),
        ('fail = "{where}差 {difference}。"', 'fail = {some = "{where}差。"}', "some"),
        ('pass = "{where}平。"', 'pass = "{where.__class__}平。"', "__class__"),
    ],
)
def test_a_mistake_is_refused_and_named(line, instead, named):
    assert line in RULE
    with pytest.raises(RuleError, match=named):
        parse_rules(RULE.replace(line, instead, 1))


def test_a_group_without_total_cannot_be_summed():
    total = RULE.replace('kind = "balance"', 'kind = "total"')
    total = total.replace('left = ["requests_received"]\nright = ["disposed_total"]\n', "")
    total = total.replace('required = ["disposed_total"]', 'sums = "rows"\ngroups = ["denied"]')
    with pytest.raises(RuleError, match="denied"):
        parse_rules(total)


def test_what_is_not_toml_is_refused():
    with pytest.raises(RuleError, match="rules:"):
        parse_rules("[[rules")


@pytest.mark.parametrize("rule", catalogue().values(), ids=lambda rule: rule.code)
def test_every_rule_is_told_in_both_languages(rule):
    beyond = OF_AGENCIES.keys() | OF_THE_WHOLE.keys()
    assert (type(rule.test) in OF_REPORTS) != (type(rule.test) in beyond)
    for words in (rule.zh, rule.en):
        assert words.title
        assert words.asks.endswith(("。", "."))
        assert words.exceptions
    assert rule.source
    assert rule.formula


def test_every_reason_has_its_words():
    for words in (sentence_words("zh"), sentence_words("en")):
        assert set(words.reasons) == set(Reason)
        assert all(words.reasons.values())
