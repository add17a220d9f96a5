"""The screen of comparisons without a browser: its address is its state, and bad ones are named."""

from __future__ import annotations

import html
import re
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import polars as pl
import pytest
from app_screens import Open, drawn, opener, text_of
from streamlit.testing.v1 import AppTest
from view_data import A, B, write_small

from dashboard.labels import t

pytestmark = pytest.mark.slow

EDUCATION, OFFICE = "990100-education", "990100-government-office"


@pytest.fixture
def opened(demo_dataset: Path, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Opens the screen of the samples' dataset at an address."""
    return opener(demo_dataset, monkeypatch, "compare")


def words(app: AppTest) -> str:
    said = [one.value for one in (*app.header, *app.caption, *app.info)]
    return " ".join([text_of(drawn(app)), *said])


def links(app: AppTest, to: str) -> list[dict[str, str]]:
    found = [html.unescape(link) for link in re.findall(r'href="([^"]*)"', drawn(app))]
    return [dict(parse_qsl(urlsplit(one).query)) for one in found if one.startswith(f"./{to}?")]


def test_years_are_chosen_by_pills_and_stand_in_the_address(opened: Open) -> None:
    app = opened(agency=OFFICE)
    assert "历年对比" in app.header[0].value
    chosen = app.pills("compare_years")
    assert chosen.value == ["2024", "2023", "2022", "2021", "2020", "2019"]
    chosen.set_value(["2024", "2021"]).run()
    assert app.query_params == {"agency": OFFICE, "compare": "2024,2021"}
    again = opened(agency=OFFICE, compare="2024,2021")
    assert words(again) == words(app)
    assert len(re.findall(r"<th scope=\"col\"", drawn(again).split("</thead>")[0])) == 3


def test_metrics_say_the_difference_from_the_next_older_year(
    opened: Open, demo_dataset: Path
) -> None:
    cards = pl.read_parquet(f"{demo_dataset}/cards/**/*.parquet")
    known = dict(cards.filter(agency_id=OFFICE).select("year", "received").iter_rows())
    metric = opened(agency=OFFICE, compare="2024,2020").metric[0]
    assert metric.value == f"{known[2024]:g}"
    assert metric.delta == f"{known[2024] - known[2020]:g}"


def test_agencies_and_their_year_stand_in_the_address(opened: Open) -> None:
    app = opened(compare=f"{EDUCATION},{OFFICE}", year="2022")
    assert app.pills("compare_agencies").value == [EDUCATION, OFFICE]
    app.pills("compare_year").set_value(2023).run()
    assert app.query_params == {"compare": f"{EDUCATION},{OFFICE}", "year": "2023"}
    app.pills("compare_agencies").set_value([OFFICE]).run()
    assert app.query_params == {"compare": OFFICE, "year": "2023"}
    assert t("compare.alone_agency", "zh") in words(app)


def test_an_agency_is_found_by_words_of_its_name_and_added_by_a_link(opened: Open) -> None:
    app = opened()
    assert t("compare.nothing", "zh", most=6) in [one.value for one in app.info]
    app.text_input("compare_find").set_value("教育").run()
    assert app.query_params == {"q": "教育"}
    assert {"agency": EDUCATION} in links(app, "compare")
    app = opened(agency=EDUCATION, compare="2023", q="人民政府办公室")
    assert {"compare": f"{EDUCATION},{OFFICE}", "year": "2023"} in links(app, "compare")
    app = opened(compare=EDUCATION, q='<b>"[')
    assert t("compare.none_found", "zh") in words(app)
    assert '<b>"[' not in drawn(app)
    assert app.text_input("compare_find").value == '<b>"['


def test_several_names_are_typed_at_once_and_compared_together(opened: Open) -> None:
    app = opened(year="2021")
    app.text_input("compare_find").set_value("汀澜市人民政府办公室、教育局，汀瀾市公安局").run()
    four = [OFFICE, EDUCATION, "990100-public-security"]
    assert {"compare": ",".join(four), "year": "2021"} in links(app, "compare")
    more = opened(compare=EDUCATION, year="2022", q="墨岫县")
    (together,) = [one for one in links(more, "compare") if one.get("compare", "").count(",") == 4]
    assert together["compare"].startswith(f"{EDUCATION},990121-")
    assert together["year"] == "2022"
    assert t("compare.together", "zh", n=4) in words(more)
    # No more than there is room for.
    assert t("compare.together", "zh", n=12) not in words(opened(q="汀澜市"))


@pytest.mark.parametrize("tab", ["form", "texts"])
def test_a_tab_is_in_the_address_and_holds_two_reports(opened: Open, tab: str) -> None:
    app = opened(agency=OFFICE, compare="2023,2022,2019", tab=tab)
    assert "2022 年" in words(app)
    first, second = (one["other"] for one in links(app, "compare") if "other" in one)
    assert (first, second) == (f"{OFFICE}-2022", f"{OFFICE}-2019")
    other = opened(agency=OFFICE, compare="2023,2022,2019", tab=tab, other=second)
    assert words(other) != words(app)
    assert "gr-amiss" not in drawn(other)


@pytest.mark.parametrize(
    "given",
    [
        {"agency": "nobody"},
        {"compare": "nobody"},
        {"agency": OFFICE, "compare": "1999"},
        {"agency": OFFICE, "compare": "<i>"},
        {"agency": OFFICE, "other": "nobody"},
        {"agency": OFFICE, "tab": "nobody"},
        {"compare": f"{OFFICE},{EDUCATION}", "year": "1999"},
        {"agency": OFFICE, "nobody": "1"},
        {"compare": ",".join([EDUCATION, OFFICE, *(f"nobody{n}" for n in range(500))])},
    ],
)
def test_every_bad_parameter_is_named(opened: Open, given: dict[str, str]) -> None:
    named = drawn(opened(**given))
    assert "gr-amiss" in named
    assert re.search(r"“(nobody\d*|1999|&lt;i&gt;)”", named)


def test_names_are_text_whatever_they_hold_in_both_languages(opened: Open, tmp_path: Path) -> None:
    small = write_small(tmp_path / "dataset")
    app = opened(dataset=small, compare=f"{B},{A}", year="2021", lang="en")
    assert app.header[0].value == "2 agencies compared, 2021"
    told = [one.value for one in (*app.header, *app.caption)]
    assert [text for text in told if "<script>" in text] == []
    assert "<script>" not in drawn(app)
    # All but the switch of languages keep this one.
    kept = [one for one in links(app, "compare") if one.get("lang") == "en"]
    assert len(kept) == len(links(app, "compare")) - 1 > 0
    assert "\\<script\\>" in opened(dataset=small, agency=B).header[0].value


def test_cards_agencies_and_the_list_lead_here(opened: Open) -> None:
    card = opened("report", report=f"{OFFICE}-2023")
    assert {"agency": OFFICE} in links(card, "compare")
    assert {"compare": OFFICE, "year": "2023"} in links(card, "compare")
    assert {"agency": OFFICE} in links(opened("coverage", agency=OFFICE), "compare")
    assert {"agency": OFFICE} in links(opened("report"), "compare")


def test_the_card_says_why_nobody_is_ranked_among_three(opened: Open) -> None:
    card = opened("report", report=f"{EDUCATION}-2023", tab="years")
    assert "不足 5 份，不作比较，也不排位" in words(card)
