"""Two reports' texts side by side: nothing is lost, and each line is told by a word."""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec
import polars as pl
import pytest

from dashboard import views
from dashboard.data import Data, held, open_dataset, rows_of
from dashboard.labels import LANGUAGES, t
from dashboard.views.context import Context, context


@pytest.fixture(scope="module")
def data(demo_dataset: Path) -> Data:
    return open_dataset(demo_dataset)


@pytest.fixture(scope="module")
def shared(data: Data) -> Context:
    return context(data)


@pytest.fixture(scope="module")
def pair(data: Data) -> tuple[str, str]:
    """A report that has a year before, and that one."""
    for row in data.reports.collect().iter_rows(named=True):
        if row["year"] == 2022:
            before = f"{row['agency_id']}-2021"
            if not data.by_report.of(before).is_empty():
                return row["report_id"], before
    raise AssertionError


def text(pieces) -> str:
    return "".join(piece.text for piece in pieces)


def squashed(words: str) -> str:
    return "".join(words.split())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_line_has_the_words_as_printed(
    data: Data, shared: Context, pair: tuple[str, str], lang: str
) -> None:
    view = views.sides(shared, *pair, lang)
    assert (view.first.report_id, view.second.report_id) == pair[::-1]
    for section in view.sections:
        for side, link in (("first", view.first), ("second", view.second)):
            document = shared.of_report(link.report_id)["document_id"]
            rows = rows_of(data, document, "sections").filter(section=section.code)
            printed = squashed(rows["text"][0])
            for line in section.lines:
                words = squashed(text(getattr(line, side)))
                assert words in printed


def test_a_line_is_told_by_sign_and_word(shared: Context, pair: tuple[str, str]) -> None:
    view = views.sides(shared, *pair, "zh")
    lines = [line for section in view.sections for line in section.lines]
    assert {line.kind for line in lines} >= {"kept", "new", "dropped"}
    assert len({(line.sign, line.label) for line in lines}) == len({line.kind for line in lines})
    for line in lines:
        assert bool(line.first) == (line.kind != "new")
        assert bool(line.second) == (line.kind in ("new", "changed"))
        if line.kind == "changed":
            assert any(piece.marked for piece in (*line.first, *line.second)) or (
                squashed(text(line.first)) != squashed(text(line.second))
            )


def test_of_one_agency_the_earlier_year_stands_first(
    shared: Context, pair: tuple[str, str]
) -> None:
    one, other = views.sides(shared, *pair, "zh"), views.sides(shared, *pair[::-1], "zh")
    assert one == other
    assert one.first_name == "2021 年"


def test_of_two_agencies_nothing_is_called_new_or_dropped(data: Data, shared: Context) -> None:
    near = data.tables["similar"].filter(~pl.col("same_agency")).collect().row(0, named=True)
    ids = [shared.of_document(near[name])["report_id"] for name in ("document_id", "other")]
    view = views.sides(shared, *ids, "zh")
    assert (view.first.report_id, view.second.report_id) == (ids[1], ids[0])
    labels = {line.label for section in view.sections for line in section.lines}
    assert not labels & {t("sides.kinds.new", "zh"), t("sides.kinds.dropped", "zh")}
    assert view.first.agency in view.first_name


@pytest.mark.parametrize("ids", [("none-2020", None), (None, "<script>"), ("", "")])
def test_a_report_that_is_not_there(
    shared: Context, pair: tuple[str, str], ids: tuple[str | None, str | None]
) -> None:
    asked = [one if given is None else given for one, given in zip(pair, ids, strict=True)]
    with pytest.raises(KeyError):
        views.sides(shared, *asked, "zh")


def test_what_is_long_is_cut_and_says_so(
    shared: Context, pair: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules["dashboard.views.sides"], "LINES", 2)
    view = views.sides(shared, *pair, "zh")
    cut = [section for section in view.sections if section.note]
    assert cut
    assert all(len(section.lines) == 2 for section in cut)


def test_sections_with_tables_are_left_out(shared: Context, pair: tuple[str, str]) -> None:
    codes = {section.code for section in views.sides(shared, *pair, "zh").sections}
    assert codes == {"s1_overview", "s5_problems", "s6_other"}


def test_a_section_that_one_lacks_is_said_to_be_missing(data: Data, pair: tuple[str, str]) -> None:
    mine = held(data)
    lacking = mine.by_report.of(pair[0])["document_id"][0]
    sections = mine.tables["sections"].filter(
        (pl.col("document_id") != lacking) | (pl.col("section") != "s5_problems")
    )
    without = msgspec.structs.replace(mine, tables=mine.tables | {"sections": sections})
    view = views.sides(context(without), *pair, "zh")
    (five,) = [section for section in view.sections if section.code == "s5_problems"]
    assert (five.lines, five.note) == ((), t("sides.missing_second", "zh"))


def test_lines_that_the_page_broke_run_on(shared: Context, pair: tuple[str, str]) -> None:
    view = views.sides(shared, *pair, "zh")
    assert not any("\n" in text(line.first) for one in view.sections for line in one.lines)


def test_choices_are_the_years_before_then_what_is_near(data: Data, shared: Context) -> None:
    near = data.tables["similar"].filter(~pl.col("same_agency")).collect().row(0, named=True)
    card = views.report_card(
        data, shared.of_document(near["document_id"])["report_id"], "zh", shared
    )
    choices = [link.report_id for link in views.beside(shared, card, "zh")]
    assert choices[0] == card.previous
    assert shared.of_document(near["other"])["report_id"] in choices
    assert card.report_id not in choices
    assert len(choices) == len(set(choices))
