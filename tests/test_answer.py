"""The first screen's answer: each number is that of the list it leads to."""

from __future__ import annotations

from pathlib import Path

import msgspec
import polars as pl
import pytest

from dashboard import views
from dashboard.data import Data, open_dataset
from dashboard.labels import LANGUAGES
from dashboard.views.badges import Counted, reading_badge
from dashboard.views.filters import READINGS, Filters, decode
from dashboard.views.lists import report_refs
from dashboard.views.timeliness import coverage_rows

YEARS = ("2019", "2021", "2022", "2024")


@pytest.fixture(scope="module")
def data(demo_dataset: Path) -> Data:
    return open_dataset(demo_dataset)


def said(answer: views.records.Answer) -> list[str]:
    return ["".join(span.text for span in sentence) for sentence in answer.sentences]


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize("region", [(), ("990121",), ("990100",)])
def test_a_tile_counts_what_its_link_lists(data: Data, year: str, region: tuple[str, ...]) -> None:
    found = views.answer(data, Filters(years=(year,), regions=region), "zh")
    assert found.year == int(year)
    for tile in found.tiles:
        filters = decode(dict(tile.narrowed))
        if tile.code == "due":
            required = coverage_rows(data, filters).filter(pl.col("status") != "not_required")
            listed = required.collect().height
        elif tile.room == "coverage":
            listed = coverage_rows(data, filters).collect().height
        else:
            listed = len(report_refs(data, filters, "zh"))
        assert tile.number == listed, tile.code


def test_the_last_year_of_those_chosen_is_answered(data: Data) -> None:
    assert views.answer(data, Filters(), "zh").year == 2024
    assert views.answer(data, Filters(years=("2020", "2021")), "zh").year == 2021
    assert views.answer(data, Filters(years=("1999",)), "zh").year is None


def test_what_answered_leaves_out_changes_nothing(data: Data) -> None:
    filters = Filters(
        ("2021",), ("990100",), statuses=("late",), readings=("whole",), severities=("error",),
        outcomes=("fail",), rules=("t3_balance",),
    )  # fmt: skip
    assert views.answered(filters) == Filters(("2021",), ("990100",))
    found = views.answer(data, views.answered(filters), "zh")
    assert found == views.answer(data, filters, "zh")
    assert found.tiles


def test_a_rule_leads_to_the_reports_that_fail_it(data: Data) -> None:
    found = views.answer(data, Filters(years=("2021",)), "zh")
    assert found.rules
    for rule in found.rules:
        filters = Filters(years=("2021",), outcomes=("fail",), rules=(rule.code,))
        view = views.rule_view(data, rule.code, filters, "zh")
        assert rule.reports == view.rule.reports_failed


def test_regions_hold_what_is_late_missing_or_wrong(data: Data) -> None:
    found = views.answer(data, Filters(years=("2021",)), "zh")
    by_code = {tile.code: tile.number for tile in found.tiles}
    for code in ("late", "not_found", "wrong"):
        assert sum(getattr(place, code) for place in found.places) == by_code[code]
    for place in found.places:
        if place.narrowed:
            inside = views.answer(data, decode(dict(place.narrowed)), "zh")
            numbers = {tile.code: tile.number for tile in inside.tiles}
            assert (place.late, place.wrong) == (numbers["late"], numbers["wrong"])


@pytest.mark.parametrize("form", [None, "form_2021"])
@pytest.mark.parametrize(("cells", "read"), [(0, 0), (200, 0), (200, 90), (200, 199), (200, 200)])
@pytest.mark.parametrize("doubts", [0, 2])
def test_a_choice_of_reading_is_that_of_the_badge(
    form: str | None, cells: int, read: int, doubts: int
) -> None:
    card = pl.DataFrame(
        {"form": [form], "cells": [cells], "cells_read": [read], "doubts": [doubts]},
        schema_overrides={"form": pl.String},
    )
    fits = [code for code, test in READINGS.items() if card.select(test).item()]
    verdict = Counted(form, cells=cells, unreadable=cells - read, doubts=doubts)
    of_badge = {"good": "whole", "none": "unread"}
    assert fits == [of_badge.get(reading_badge(verdict, "zh").level, "doubts")]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_sentences_say_the_tiles_numbers(data: Data, lang: str) -> None:
    found = views.answer(data, Filters(years=("2022",)), lang)
    first = said(found)[0]
    numbers = {tile.code: tile.text for tile in found.tiles}
    assert all(numbers[code] in first for code in ("due", "published", "late", "not_found"))
    assert numbers["not_found"] == "2"


@pytest.mark.parametrize("year", YEARS)
def test_the_first_sentence_says_of_how_many_the_timing_is_not_known(data: Data, year: str) -> None:
    # “20 published, none late” is half the truth where of nine nobody knows when.
    found = views.answer(data, Filters(years=(year,)), "zh")
    spans = {span.narrowed[-1][1]: span for span in found.sentences[0] if span.narrowed}
    untimed = spans["published,unread"]
    listed = coverage_rows(data, decode(dict(untimed.narrowed))).collect()
    assert int(untimed.text) == listed.height > 0
    assert f"是否按期不明 {listed.height} 份" in said(found)[0]
    numbers = {tile.code: tile.number for tile in found.tiles}
    assert int(spans["on_time"].text) + numbers["late"] + listed.height == numbers["published"]


def test_what_was_not_collected_is_said_and_counts_as_nothing_else(data: Data) -> None:
    one = (pl.col("year") == 2024) & (pl.col("agency_id") == "990100-education")
    status = pl.col("status").cast(pl.String)
    changed = pl.when(one).then(pl.lit("not_collected")).otherwise(status)
    mine = msgspec.structs.replace(data)
    mine.__dict__["cards"] = data.cards.with_columns(status=changed)
    assert said(views.answer(data, Filters(), "zh"))[1].startswith("2 份至少")
    first, second, *_ = said(views.answer(mine, Filters(), "zh"))
    assert "应公布 20 份，已公布 19 份" in first
    assert second == "其余 1 份没有收集到，是否公布不知道。"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_may_be_among_unknown_reports_is_not_said_to_be_not_collected(
    data: Data, lang: str
) -> None:
    one = (pl.col("year") == 2024) & (pl.col("agency_id") == "990100-education")
    status = pl.col("status").cast(pl.String)
    mine = msgspec.structs.replace(data)
    changed = pl.when(one).then(pl.lit("unclear")).otherwise(status)
    mine.__dict__["cards"] = data.cards.with_columns(status=changed)
    second = said(views.answer(mine, Filters(), lang))[1]
    assert ("认不出机关、年度" if lang == "zh" else "of no known agency or year") in second


@pytest.mark.parametrize("lang", LANGUAGES)
def test_without_a_roster_nobody_knows_how_many_were_due(data: Data, lang: str) -> None:
    mine = msgspec.structs.replace(data)
    mine.__dict__["cards"] = data.cards.with_columns(required=pl.lit(None, pl.Boolean))
    found = views.answer(mine, Filters(), lang)
    tiles = {tile.code: tile for tile in found.tiles}
    unknown = {code for code, tile in tiles.items() if not tile.number and not tile.text.isdigit()}
    assert unknown == {"due", "not_found"}
    assert tiles["published"].share == ""
    assert ("没有机关名录" if lang == "zh" else "no roster of agencies") in said(found)[0]
    assert ("应公布" if lang == "zh" else "were due;") not in said(found)[0]


def test_a_year_without_a_roster_is_no_year_without_any_due(data: Data) -> None:
    mine = msgspec.structs.replace(data)
    required = pl.when(pl.col("year") != 2023).then("required")
    mine.__dict__["cards"] = data.cards.with_columns(required=required)
    tiles = {tile.code: tile for tile in views.answer(mine, Filters(years=("2024",)), "zh").tiles}
    for code in ("due", "not_found"):
        assert 2024 in dict(tiles[code].course)
        assert 2023 not in dict(tiles[code].course)
        assert tiles[code].before == ""
    assert 2023 in dict(tiles["published"].course)


def test_a_regions_parts_add_up_to_it_and_are_told_whether_or_not_anything_is_wrong(
    data: Data,
) -> None:
    page = views.region(data, "990100", "zh")
    assert (page.name, page.path) == ("汀澜市", (("990000", "沧岚省"),))
    assert [place.code for place in page.answer.places] == ["990100", "990102", "990121", "990122"]
    numbers = {tile.code: tile.number for tile in page.answer.tiles}
    for code in ("due", "late", "not_found", "wrong"):
        assert sum(getattr(place, code) for place in page.answer.places) == numbers[code]
    # Of few reports no share is told, however many are wrong.
    for place, tile in zip(page.answer.places, page.tiles, strict=True):
        assert (tile.tone == "few") == (place.read < 5)
        assert place.wrong_read <= place.read
        assert tile.text == f"有错误 {place.wrong_read} / 读到 {place.read}"


def test_of_a_part_without_a_roster_nobody_knows_what_was_due(data: Data) -> None:
    mine = msgspec.structs.replace(data)
    listed = pl.when(pl.col("region_code") != "990102").then("required")
    mine.__dict__["cards"] = data.cards.with_columns(required=listed)
    page = views.region(mine, "990100", "zh")
    parts = {place.code: place for place in page.answer.places}
    assert (parts["990102"].due, parts["990102"].not_found) == (None, None)
    assert parts["990102"].late is not None
    assert all(place.due for code, place in parts.items() if code != "990102")
    taken = views.region_frame(mine, "990100", "zh").rows_by_key(["区划代码"], named=True)
    assert {row["应公布"] for row in taken["990102"]} == {None}
    assert None not in {row["应公布"] for row in taken["990121"]}
    late = views.places(mine, Filters(regions=("990100",)), "zh", measure="late", sort="-due")
    assert late.answer.places[-1].code == "990102"
    assert {tile.text for tile in late.tiles if "未知" in tile.text} == {"逾期 0 / 应公布 未知"}


def test_a_part_of_which_nothing_was_read_is_not_one_without_an_error(data: Data) -> None:
    unread = data.cards.with_columns(form=pl.lit(None, data.cards["form"].dtype))
    mine = msgspec.structs.replace(data)
    mine.__dict__["cards"] = unread
    page = views.region(mine, "990100", "zh")
    assert any(place.due >= 5 for place in page.answer.places)
    assert {tile.tone for tile in page.tiles} == {"few"}


def test_a_region_without_parts_has_no_tiles(data: Data) -> None:
    page = views.region(data, "990121", "zh")
    assert (page.tiles, page.parted) == ((), False)


@pytest.mark.parametrize("code", ["990000", "990100", "990121"])
def test_a_regions_file_counts_what_its_page_counts(data: Data, code: str) -> None:
    frame = views.region_frame(data, code, "zh")
    for year in frame["年度"].unique():
        rows = frame.filter(pl.col("年度") == year)
        answer = views.answer(data, Filters(years=(str(year),), regions=(code,)), "zh")
        assert {tile.label: tile.number for tile in answer.tiles} == {
            tile.label: rows[tile.label].sum() for tile in answer.tiles
        }


def test_an_english_sentence_agrees_with_its_number(data: Data) -> None:
    # The samples have one police bureau and several bureaus.
    for kind, words in (
        ("police", "1 report was due; 1 is published, "),
        ("bureau", "reports were due; "),
    ):
        answer = views.answer(data, Filters(years=("2021",), kinds=(kind,)), "en")
        assert words in said(answer)[0]


ROSTERED = {
    "zh": "按机关名录，2024 年没有应公布的年报。",
    "en": "By the roster of agencies, no report was due for 2024.",
}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("published", [True, False])
def test_a_roster_of_bodies_that_owe_no_report_is_a_roster(
    data: Data, lang: str, published: bool
) -> None:
    mine = msgspec.structs.replace(data)
    here = pl.col("document_id").is_not_null() & published
    known = pl.col("status").cast(pl.String)
    changed = data.cards.with_columns(
        required=pl.lit(value=False),
        status=pl.when(here).then(known).otherwise(pl.lit("not_required")),
        document_id=pl.when(here).then("document_id"),
    )
    mine.__dict__["cards"] = changed.filter(pl.col("year") == 2024)
    found = views.answer(mine, Filters(), lang)
    due = next(tile for tile in found.tiles if tile.code == "due")
    if published:
        assert due.number == mine.cards["document_id"].count()
        assert ("应公布" if lang == "zh" else "due;") in said(found)[0]
    else:
        assert due.number == 0
        # Of no report none can be said to have no error.
        assert said(found) == [ROSTERED[lang]]
