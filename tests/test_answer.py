"""The first screen's answer: each number is that of the list it leads to."""

from __future__ import annotations

from pathlib import Path

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
