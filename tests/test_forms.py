"""The official forms as data: what they hold, and what the loader refuses."""

from __future__ import annotations

import pytest

from govreport_core.errors import FormError
from govreport_core.forms import Form, forms, parse_form

SIX_SECTIONS = [forms()["form_2019"], forms()["form_2021"]]

FORM = """
id = "form_0"
name = "格式甲"
name_en = "form A"
title = "格式"
document_number = "文〔2000〕1号"
years_from = 2000

[[sections]]
code = "s1"
number = 1
label = "情况"
label_en = "Matters"

[[tables]]
code = "t1"
section = "s1"
label = "表"
label_en = "Table"

[[tables.columns]]
code = "all"
label = "合计"
label_en = "All"
kind = "group"

[[tables.columns]]
code = "one"
label = "甲"
label_en = "One"
kind = "leaf"
parent = "all"

[[tables.columns]]
code = "total"
label = "总计"
label_en = "Total"
kind = "total"
parent = "all"

[[tables.rows]]
code = "line"
label = "行"
label_en = "Line"
kind = "leaf"
"""


def test_a_form_is_read():
    form = parse_form(FORM)
    assert [column.code for column in form.table("t1").value_columns] == ["one", "total"]
    assert form.table("t1").total_of("all", "columns") == "total"


@pytest.mark.parametrize(
    ("text", "instead", "named"),
    [
        ('title = "格式"', 'title = "格式"\ncolour = "red"', "colour"),
        ('label_en = "Line"\n', "", "label_en"),
        ('label_en = "Line"', 'label_en = ""', "label_en|length"),
        ('label_en = "Matters"\n', "", "label_en"),
        ('label_en = "Table"\n', "", "label_en"),
        ('kind = "leaf"\nparent = "all"', 'kind = "leaf"\nparent = "none"', "none"),
        ('section = "s1"', 'section = "s9"', "s9"),
        ('code = "total"', 'code = "one"', "one"),
        ('kind = "group"', 'kind = "group"\nparent = "all"', "below itself"),
        ('kind = "total"', 'kind = "sum"', "sum"),
        ("years_from = 2000", 'years_from = "2000"', "years_from"),
        ('id = "form_0"', "id = ", "form"),
    ],
)
def test_a_mistake_is_refused_and_named(text, instead, named):
    assert text in FORM
    with pytest.raises(FormError, match=named):
        parse_form(FORM.replace(text, instead, 1))


def test_the_forms_come_oldest_first_and_share_no_year():
    assert list(forms())[:3] == ["form_2014", "form_2019", "form_2021"]
    assert [form.follows for form in forms().values()] == [None, *list(forms())[:-1]]
    for year in range(2014, 2031):
        assert sum(form.covers(year) for form in forms().values()) == 1


@pytest.mark.parametrize("form", forms().values(), ids=lambda form: form.id)
def test_every_line_has_its_english_words(form: Form):
    assert form.name_en.isascii()
    assert not form.name.isascii()
    for table in form.tables:
        for line in (*table.rows, *table.columns):
            assert line.label_en.isascii()
    for section in form.sections:
        assert section.label_en.isascii()


def test_the_list_of_2014_has_a_unit_or_nothing_but_rows_below_it():
    (table,) = forms()["form_2014"].tables
    assert table.listed
    assert not any(t.listed for form in SIX_SECTIONS for t in form.tables)
    assert [row.code for row in table.rows if row.unit is None] == [
        row.code for row in table.rows if row.kind == "group"
    ]
    assert [row.code for row in table.rows if row.value == "money"] == ["o14_fees", "o14_budget"]
    assert len(table.value_rows) == 58
    assert [row.code for row in table.leaves("o14_response")] == [
        "o14_hot_topics",
        "o14_press_conf",
        "o14_online_interview",
        "o14_interpretation",
        "o14_social_response",
        "o14_other_response",
    ]


def test_only_in_a_list_may_a_row_with_a_number_have_rows_below_it():
    below = (
        FORM
        + '\n[[tables.rows]]\ncode = "part"\nlabel = "其中"\nlabel_en = "Of which"\n'
        + 'kind = "leaf"\nparent = "line"\n'
    )
    with pytest.raises(FormError, match="no group 'line'"):
        parse_form(below)
    assert parse_form(below.replace('label_en = "Line"', 'label_en = "Line"\nunit = "件"'))


@pytest.mark.parametrize("form", SIX_SECTIONS, ids=lambda form: form.id)
def test_tables_three_and_four_are_as_printed(form: Form):
    requests = form.table("t3_requests")
    assert [column.label for column in requests.value_columns] == [
        "自然人",
        "商业企业",
        "科研机构",
        "社会公益组织",
        "法律服务机构",
        "其他",
        "总计",
    ]
    assert len(form.table("t4_review_litigation").value_columns) == 15
    assert [len(requests.leaves(g)) for g in ("denied", "unable_to_provide", "not_processed")] == [
        8,
        3,
        5,
    ]


def test_other_disposition_is_one_row_in_2019_and_three_in_2021():
    leaves = {
        form.id: [row.code for row in form.table("t3_requests").leaves("other_disposition")]
        for form in SIX_SECTIONS
    }
    assert leaves == {
        "form_2019": ["other_disposition"],
        "form_2021": ["other_uncorrected_overdue", "other_fee_unpaid", "other_misc"],
    }


@pytest.mark.parametrize("form", SIX_SECTIONS, ids=lambda form: form.id)
def test_each_group_that_is_summed_has_one_total(form: Form):
    cases = form.table("t4_review_litigation")
    for group in ("review", "litigation_direct", "litigation_after_review"):
        assert cases.total_of(group, "columns") == f"{group}_total"
    requests = form.table("t3_requests")
    assert requests.total_of("requests_disposed", "rows") == "disposed_total"
    assert requests.total_of("applicant_info", "columns") == "applicant_total"
    with pytest.raises(KeyError):
        requests.total_of("denied", "rows")


def test_only_the_change_in_items_is_signed_and_only_amounts_are_money():
    signed, money = set(), set()
    for form in forms().values():
        for table in form.tables:
            signed |= {c.code for c in table.columns if c.signed}
            money |= {c.code for c in table.columns if c.value == "money"}
    assert signed == {"items_change"}
    assert money == {"procurement_amount", "fee_amount"}
