"""The app's room of regions: the parts of a jurisdiction held against each other."""

from __future__ import annotations

import html
import re
from pathlib import Path

import polars as pl
import pytest
from app_screens import Open, drawn, opener, text_of

from dashboard import views
from dashboard.data import Data, open_dataset
from dashboard.data.regions import located
from govreport_core.schemas import frame

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def data(demo_dataset: Path) -> Data:
    return open_dataset(demo_dataset)


@pytest.fixture
def opened(demo_dataset: Path, monkeypatch: pytest.MonkeyPatch) -> Open:
    return opener(demo_dataset, monkeypatch, "region")


@pytest.mark.parametrize("measure", views.MEASURES)
@pytest.mark.parametrize("year", ["2021", "2020"])
def test_each_tile_says_what_its_regions_cards_say(data: Data, measure: str, year: str) -> None:
    view = views.places(data, views.Filters((year,)), "zh", measure=measure)
    assert len(view.tiles) == len(view.answer.places) > 2
    cards = data.cards.filter(pl.col("year") == int(year))
    read = cards.filter(pl.col("cells") > 0, pl.col("form").is_not_null())
    for tile, row in zip(view.tiles, view.answer.places, strict=True):
        mine = pl.col("region_code") == row.code
        if measure == "wrong":
            n, base = read.filter(mine, pl.col("fail_error") > 0).height, read.filter(mine).height
        else:
            n = cards.filter(mine, pl.col("status") == measure).height
            base = row.due
        assert [int(number) for number in re.findall(r"\d+", tile.text)] == [n, base]
        few, many = base < 5, n >= 0.2 * base
        assert tile.tone == ("few" if few else "none" if not n else "many" if many else "some")


@pytest.mark.parametrize("sort", ["", "place", "-place", "late", "-wrong", "-due"])
def test_regions_stand_in_the_order_asked_for(data: Data, sort: str) -> None:
    rows = views.places(data, views.Filters(("2021",)), "zh", sort=sort).answer.places
    column = sort.removeprefix("-")
    keys = [row.code if column in ("", "place") else getattr(row, column) for row in rows]
    assert keys == sorted(keys, reverse=sort.startswith("-"))
    plain = views.places(data, views.Filters(("2021",)), "zh").answer.places
    assert sorted(plain, key=repr) == sorted(rows, key=repr)


def test_the_file_has_each_regions_years_as_the_filters_narrow_them(data: Data) -> None:
    filters = views.Filters(kinds=("department",))
    frame = views.places_frame(data, filters, "zh")
    for year, rows in frame.group_by("年度"):
        shown = views.places(data, views.Filters((str(year[0]),), kinds=("department",)), "zh")
        assert rows["应公布"].sum() == sum(row.due for row in shown.answer.places)
        assert rows["有错误"].sum() == sum(row.wrong for row in shown.answer.places)


def test_the_room_leads_down_and_back_and_keeps_what_is_chosen(opened: Open) -> None:
    app = opened(year="2021", sort="-wrong", tab="late")
    links = [html.unescape(link) for link in re.findall(r'href="([^"]*)"', drawn(app))]
    assert "./region?year=2021&region=990121" in links
    assert any("sort=wrong" in link and "tab=late" in link for link in links)
    text = text_of(drawn(opened(year="2021", region="990121")))
    assert "这里的机关都在同一个地区" in text
    assert "全部 › 沧岚省 › 汀澜市 › 墨岫县" in text


def test_what_cannot_be_followed_is_said(opened: Open) -> None:
    text = text_of(drawn(opened(sort="nosuch", tab="odd")))
    assert "网址要的排序“nosuch”，这里没有" in text
    assert "网址要的标签页“odd”，这里没有" in text
    assert "没有符合筛选条件" in opened(year="1999").info[0].value


def test_a_division_that_nobody_names_has_its_name_from_the_table_of_divisions() -> None:
    places = ("province", "prefecture", "county")
    rows = pl.DataFrame(
        [
            ("350100", None, None, None),
            ("110105", None, None, None),
            ("350128", "福建省", None, "平潭县"),
            ("990100", None, None, None),
            (None, None, None, None),
        ],
        schema=dict.fromkeys(("region_code", *places), pl.String),
        orient="row",
    )
    found = located(rows, frame("agencies", []).lazy())
    assert found.select(*places, "region").rows() == [
        ("福建省", "福州市", None, "福建省福州市"),
        ("北京市", None, "朝阳区", "北京市朝阳区"),
        # What is told stays as it is told.
        ("福建省", None, "平潭县", "福建省平潭县"),
        (None, None, None, None),
        (None, None, None, None),
    ]
