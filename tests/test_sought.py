"""What the list of reports alone is narrowed by: themes, and key figures from and to."""

from __future__ import annotations

from pathlib import Path

import pytest
from app_screens import Open, drawn, opener, text_of

from dashboard import views
from dashboard.data import Data, open_dataset
from dashboard.views.records import ListRow

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def data(demo_dataset: Path) -> Data:
    return open_dataset(demo_dataset)


@pytest.fixture
def opened(demo_dataset: Path, monkeypatch: pytest.MonkeyPatch) -> Open:
    return opener(demo_dataset, monkeypatch, "report")


def every_row(data: Data, **given: str) -> list[ListRow]:
    wanted, amiss = views.sought(given, "zh")
    assert not amiss
    first = views.listing(data, views.Filters(), "zh", wanted=wanted)
    pages = [
        views.listing(data, views.Filters(), "zh", wanted=wanted, page=page)
        for page in range(1, first.pages + 1)
    ]
    rows = [row for page in pages for row in page.rows]
    return rows if first.found else []


@pytest.mark.parametrize(
    ("given", "least", "most"),
    [
        ({"min.received": "5", "max.received": "20"}, 5, 20),
        ({"min.received": "20"}, 20, 10**9),
        ({"max.received": "0"}, 0, 0),
    ],
)
def test_a_range_lists_what_is_known_to_be_in_it(
    data: Data, given: dict[str, str], least: int, most: int
) -> None:
    rows = data.reports.select("report_id", "received").collect()
    inside = {one for one, n in rows.iter_rows() if n is not None and least <= n <= most}
    assert 0 < len(inside) < rows.height
    assert {row.report_id for row in every_row(data, **given)} == inside


def test_a_theme_lists_the_reports_that_have_a_point_of_it(data: Data) -> None:
    themes = data.reports.select("report_id", "problem_themes", "improvement_themes").collect()
    options = views.theme_options(data, views.Filters(), "zh")
    assert any(option.count for option in options)
    for option in options:
        said = {
            row["report_id"]
            for row in themes.iter_rows(named=True)
            if option.value in (*(row["problem_themes"] or ()), *(row["improvement_themes"] or ()))
        }
        assert option.count == len(said)
        assert {row.report_id for row in every_row(data, theme=option.value)} == said


def test_choices_are_counted_among_what_the_list_is_narrowed_to(data: Data) -> None:
    wanted, _ = views.sought({"theme": "staff", "min.received": "1"}, "zh")
    filters = views.Filters(rules=("t3_balance",))
    options = views.filter_options(data, "zh")
    counted = views.facets(data, filters, options, views.passing(wanted, filters.rules))
    for option in counted.years:
        of_year = views.Filters((option.value,), rules=filters.rules)
        assert option.count == views.listing(data, of_year, "zh", wanted=wanted).found
    assert counted.years != views.facets(data, filters, options).years


@pytest.mark.parametrize("word", ["-5", "1.5", "9999999999", "٣", "<b>", "1,2"])
def test_a_bound_that_is_no_count_is_told_and_narrows_nothing(opened: Open, word: str) -> None:
    wanted, amiss = views.sought({"min.received": word}, "zh")
    assert wanted == views.NOTHING
    assert [one.parameter for one in amiss] == ["min.received"]
    text = text_of(drawn(opened(**{"min.received": word})))
    assert f"网址里的“新收申请不少于”写作“{word}”，看不懂" in text
    assert "已选" not in text


def test_what_the_list_is_narrowed_by_stands_on_chips_and_in_the_choices(
    opened: Open, data: Data
) -> None:
    code = views.theme_options(data, views.Filters(), "zh")[0]
    given = {"theme": f"{code.value},nosuch", "min.received": "3", "year": "2021"}
    app = opened(**given)
    text = text_of(drawn(app))
    assert f"主题: {code.label}" in text
    assert "新收申请不少于: 3" in text
    assert "网址里的“主题”写作“nosuch”，看不懂" in text
    wanted, _ = views.sought(given, "zh")
    found = views.listing(data, views.Filters(("2021",)), "zh", wanted=wanted).found
    assert f"共 {found} 份年报" in text
    app.session_state["more_filters"] = True
    app.run()
    assert app.multiselect("filter_theme").value == [code.value]
    assert app.number_input("filter_min.received").value == 3
    app.number_input("filter_max.received").set_value(40).run()
    assert app.query_params["max.received"] == "40"
    app.button[0].click().run()
    assert app.query_params == {}


def test_other_screens_are_not_narrowed_by_what_the_list_is_and_say_so(opened: Open) -> None:
    plain = text_of(drawn(opened("coverage", year="2021")))
    asked = opened("coverage", year="2021", theme="nosuch", **{"min.received": "3"})
    said = text_of(drawn(asked))
    for name in ("theme", "min.received"):
        told = f"△ 网址里的参数“{name}”这里不用，没有理会。 去掉它"
        assert told in said
        said = said.replace(f"{told} ", "")
    assert said == plain


@pytest.mark.parametrize(
    ("screen", "given", "idle"),
    [
        ("coverage", {"severity": "error", "status": "late"}, "严重程度"),
        ("region", {"reading": "whole", "status": "late", "year": "2021"}, "公布情况、读取情况"),
        ("checks", {"reading": "whole", "rule": "t3_balance"}, "读取情况"),
        ("checks", {"reading": "whole", "tab": "worklist"}, ""),
        ("checks", {"reading": "whole", "tab": "circular"}, "读取情况"),
        ("words", {"outcome": "fail", "region": "990121"}, "检查结果"),
        ("data", {"severity": "error"}, ""),
        ("data", {"severity": "error", "table": "coverage"}, "严重程度"),
        ("data", {"year": "2021", "table": "documents"}, "年度"),
        ("report", {"severity": "error", "rule": "t3_balance"}, ""),
    ],
)
def test_a_filter_that_does_not_narrow_a_page_is_said_to_be_none(
    opened: Open, screen: str, given: dict[str, str], idle: str
) -> None:
    said = text_of(drawn(opened(screen, **given)))
    if idle:
        assert f"本页不按{idle}筛选。" in said
    else:
        assert "本页不按" not in said


def test_an_agencys_page_has_no_filters_that_would_not_narrow_it(opened: Open) -> None:
    page = opened("coverage", agency="990121-government", year="2021")
    assert "已选：" not in text_of(drawn(page))
    assert not page.sidebar.multiselect
    assert opened("coverage", year="2021").sidebar.multiselect
