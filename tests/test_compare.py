"""Comparisons: differences only of known numbers that compare; nothing that is asked is lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from view_data import Rows, report, value, written

from dashboard import views
from dashboard.data import open_dataset
from dashboard.labels import t
from dashboard.views.compare_difference import difference, figure_compared
from dashboard.views.context import Context
from dashboard.views.records import CompareCell, Comparison, FormPair, PairCell
from govreport_core.forms import forms
from govreport_core.indicators import catalogue
from govreport_core.indicators.crosswalk import (
    COMPARABLE,
    cells_compared,
    crosswalk,
    indicator_compared,
    met,
    over_years,
    worst,
)
from govreport_core.indicators.figures import definitions

A, B = "370199-a", "370199-b"
FORMS = {2018: "form_2014", 2019: "form_2019", 2020: "form_2019", 2021: "form_2021"}


def form_of(year: int) -> str:
    return FORMS.get(year, "form_2021")


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Context:
    return views.context(open_dataset(write(tmp_path_factory.mktemp("compare") / "dataset")))


def write(folder: Path) -> Path:
    """A reports 2018-2021, 2023 and 2024, B 2024 only; C and more are there to be compared too."""
    rows = Rows()
    for year in (2018, 2019, 2020, 2021, 2023, 2024):
        done = year - 2010.0
        numbers = {"requests_received": done, "granted_full": done - 2, "disposed_total": done}
        if form_of(year) == "form_2019":
            numbers["other_disposition"] = 2.0
        elif year == 2021:
            numbers |= {"other_uncorrected_overdue": 1.0, "other_misc": 1.0}
        report(rows, A, "海棠县财政局", year, form_of(year), numbers)
    four = {"requests_received": 5.0, "granted_full": 3.0, "denied_state_secret": 1.0}
    report(rows, B, "海棠县教育局", 2024, "form_2021", four | {"disposed_total": 4.0})
    for n in range(6):
        report(rows, f"370199-c{n}", f"海棠县第{n}局", 2024, "form_2021", {})
    report(rows, "370199-x", "海棠县信访局", 2024, None, {})
    value(rows, A, 2018, "o14.o14_received.value").update(number=7.0, raw="7")
    value(rows, A, 2018, "o14.o14_already_public.value").update(number=2.0, raw="2")
    value(rows, A, 2018, "o14.o14_agree.value").update(number=3.0, raw="3")
    value(rows, A, 2024, "t3_requests.requests_carried_over.applicant_total").update(
        number=None, state="blank", raw=""
    )
    value(rows, A, 2023, "t3_requests.requests_carried_forward.applicant_total").update(
        number=None, state="unreadable", raw="012"
    )
    value(rows, A, 2023, "t3_requests.requests_carried_forward.natural_person").update(
        number=None, state="blank", raw=""
    )
    value(rows, A, 2024, "t3_requests.requests_carried_forward.natural_person").update(
        number=None, state="blank", raw=""
    )
    for year in (2023, 2024):
        value(rows, A, year, "t3_requests.requests_carried_forward.org_other").update(
            number=None, state="unreadable", raw=f"0{year}"
        )
    return written(folder, rows)


def compared(shared: Context, **given: str) -> Comparison:
    asked, bad = views.asked(shared, given, "zh")
    assert not bad
    view = views.compared(shared, asked, "zh")
    assert view is not None
    return view


def cells(view: Comparison, table: str, row: str) -> tuple[CompareCell, ...]:
    rows = next(one for one in view.tables if one.code == table).rows
    return next(one for one in rows if one.code == row).cells


def against(cell: CompareCell) -> tuple[str, float | None]:
    assert cell.against is not None
    return cell.against.comparable, cell.against.number


# --- how far things compare


def test_every_pair_of_the_crosswalk_meets_cells_that_are_there() -> None:
    ids = list(forms())
    for place, older in enumerate(ids):
        for newer in ids[place:]:
            links = met(older, newer)
            assert all(cell in link.after for cell, link in links.items())
    assert {pair.comparable for pair in crosswalk().pairs} == {"yes", "sum_only", "caution"}
    assert {change.comparable for change in crosswalk().years} == {"no"}


def test_key_figures_compare_as_their_cells_do() -> None:
    """Breaks and cautions of `figures.toml` say what the crosswalk says of the same cells."""
    dated = [(2018, "form_2014"), (2019, "form_2019"), (2021, "form_2021"), (2024, "form_2021")]
    for figure in definitions().figures:
        for first in dated:
            for second in dated:
                found = figure_compared(figure, first, second)
                one, other = sorted((first, second))
                if one[1] not in figure.cells or other[1] not in figure.cells:
                    assert found == "no"
                    continue
                links = met(one[1], other[1])
                own = worst(
                    [links[cell].comparable if cell in links else "no" for cell in
                     figure.cells[other[1]]]
                    + [over_years(cell, first, second) for cell in figure.cells[other[1]]]
                )  # fmt: skip
                # Of the form of 2014 reviews and suits compare but for the change of 2024.
                assert found == own, (figure.code, first, second)


@pytest.mark.parametrize(
    ("code", "first", "second", "comparable"),
    [
        ("grant_rate", (2022, "form_2021"), (2023, "form_2021"), "yes"),
        ("grant_rate", (2020, "form_2019"), (2021, "form_2021"), "yes"),
        ("other_rate", (2020, "form_2019"), (2021, "form_2021"), "sum_only"),
        ("other_rate", (2021, "form_2021"), (2020, "form_2019"), "sum_only"),
        ("remedy_correction_rate", (2023, "form_2021"), (2024, "form_2021"), "caution"),
        ("litigation_correction_rate", (2023, "form_2021"), (2024, "form_2021"), "no"),
        ("litigation_correction_rate", (2024, "form_2021"), (2024, "form_2021"), "yes"),
        ("grant_rate", (2018, "form_2014"), (2019, "form_2019"), "no"),
        ("grant_rate", (2020, None), (2021, "form_2021"), "no"),
    ],
)
def test_an_indicator_compares_as_the_least_of_its_cells(
    code: str, first: Any, second: Any, comparable: str
) -> None:
    assert indicator_compared(catalogue()[code], first, second) == comparable


def test_a_part_of_what_only_compares_added_up_does_not() -> None:
    terms = ("t3_requests.other_misc.applicant_total",)
    assert cells_compared(terms, (2020, "form_2019"), (2021, "form_2021")) == "no"
    assert cells_compared(terms, (2022, "form_2021"), (2021, "form_2021")) == "yes"


# --- differences


@pytest.mark.parametrize("comparable", COMPARABLE)
def test_a_difference_needs_two_numbers_that_compare(comparable: Any) -> None:
    found = difference(8.0, 5.0, comparable, "zh")
    assert found.number == (None if comparable == "no" else 3.0)
    assert found.text == ("不可比" if comparable == "no" else "+3")
    assert found.label == t(f"compare.comparable.{comparable}", "zh")
    for number, than in ((None, 5.0), (8.0, None), (None, None)):
        unknown = difference(number, than, comparable, "zh")
        assert unknown.number is None
        assert unknown.text == ("不可比" if comparable == "no" else "一方未知")


def test_a_zero_is_a_number_and_differences_keep_their_decimals() -> None:
    assert difference(0.0, 5.0, "yes", "zh").text == "−5"
    assert difference(0.3, 0.1, "yes", "zh").text == "+0.2"
    assert difference(4.0, 4.0, "yes", "zh").text == "相同"
    assert difference(0.5, 0.25, "yes", "zh", rate=True).text == "+25.0 个百分点"
    # A difference that is there is never written as none.
    assert difference(0.5001, 0.5, "yes", "en", rate=True).text == "under 0.1 points apart"


# --- years of one agency


def test_years_stand_newest_first_each_against_the_next_older_one_chosen(shared: Context) -> None:
    view = compared(shared, agency=A)
    assert [column.year for column in view.columns] == [2024, 2023, 2021, 2020, 2019, 2018]
    received = cells(view, "figures", "received")
    assert [cell.number for cell in received] == [14, 13, 11, 10, 9, 7]
    assert [against(cell) for cell in received[:-1]] == [
        ("yes", 1), ("yes", 2), ("yes", 1), ("yes", 1), ("caution", 2),
    ]  # fmt: skip
    assert received[-1].against is None
    two = compared(shared, agency=A, compare="2019,2024")
    assert [column.year for column in two.columns] == [2024, 2019]
    assert against(cells(two, "figures", "received")[0]) == ("yes", 5)


def test_an_unknown_number_is_no_zero_and_has_no_difference(shared: Context) -> None:
    view = compared(shared, agency=A, compare="2024,2023,2021")
    forward = cells(view, "figures", "carried_forward")
    assert [cell.number for cell in forward] == [0, None, 0]
    assert [against(cell) for cell in forward[:2]] == [("yes", None), ("yes", None)]
    over = cells(view, "figures", "carried_over")
    assert over[0].number is None
    assert over[0].text == "未知"
    assert against(over[0]) == ("yes", None)


def test_reviews_and_suits_do_not_compare_over_the_change_of_law(shared: Context) -> None:
    view = compared(shared, agency=A, compare="2024,2023,2021")
    reviews = cells(view, "figures", "reviews")
    assert [against(cell) for cell in reviews[:2]] == [("no", None), ("yes", 0)]
    assert (t("compare.signs.no", "zh"), t("compare.legend.no", "zh")) in view.legend


def test_beside_a_rate_without_a_base_there_is_its_reason_and_no_difference(
    demo_dataset: Path,
) -> None:
    shared = views.context(open_dataset(demo_dataset))
    view = compared(shared, compare="990100-education,990100-public-security", year="2024")
    table = next(table for table in view.tables if table.code == "indicators")
    lacking = [row.cells for row in table.rows if any(cell.number is None for cell in row.cells)]
    assert lacking
    for row in lacking:
        assert all(cell.against is None for cell in row)
        assert all(cell.text in table.reasons for cell in row if cell.number is None)
    assert next(table for table in view.tables if table.code == "figures").reasons == ()


def test_neither_form_having_a_figure_is_no_difference(shared: Context) -> None:
    view = compared(shared, agency=A, compare="2024,2023,2020")
    total = cells(view, "figures", "documents_disclosed")
    assert [cell.number for cell in total] == [None, None, 0]
    assert total[0].against is None
    assert against(total[1]) == ("no", None)


def test_outcomes_are_shares_with_their_n(shared: Context) -> None:
    view = compared(shared, compare=f"{A},{B}", year="2024")
    rows = {row.code: row.cells for table in view.tables if table.code == "outcomes"
            for row in table.rows}  # fmt: skip
    assert [cell.number for cell in rows["n"]] == [14, 4]
    assert [cell.number for cell in rows["granted_full"]] == [12 / 14, 3 / 4]
    assert [cell.parts for cell in rows["granted_full"]] == ["12 / 14", "3 / 4"]
    assert [cell.base for cell in rows["denied"]] == [14, 4]
    notes = next(table.notes for table in view.tables if table.code == "outcomes")
    # A's outcomes make 12 of the 14 that it prints; B's rest on four.
    assert t("compare.not_whole", "zh") in notes
    assert t("compare.few", "zh", few=10) in notes


def test_other_dispositions_only_compare_added_up(shared: Context) -> None:
    view = compared(shared, agency=A, compare="2021,2020")
    other = cells(view, "outcomes", "other_disposition")
    assert [cell.number for cell in other] == [2 / 11, 2 / 10]
    assert other[0].against is not None
    assert other[0].against.comparable == "sum_only"
    assert other[0].against.sign == "Σ"


# --- agencies of one year


def test_agencies_are_held_against_the_first(shared: Context) -> None:
    view = compared(shared, compare=f"{B},{A}", year="2024")
    assert [column.agency.agency_id for column in view.columns] == [B, A]
    received = cells(view, "figures", "received")
    assert received[0].against is None
    assert against(received[1]) == ("yes", 9)


def test_an_agency_without_a_report_that_year_stands_empty(shared: Context) -> None:
    view = compared(shared, compare=f"{A},{B}", year="2021")
    assert view.columns[1].report_id is None
    cell = cells(view, "figures", "received")[1]
    assert (cell.number, cell.text, cell.against) == (None, "数据中没有", None)
    assert view.pair is None


def test_without_a_year_the_one_that_most_of_them_have_is_taken(shared: Context) -> None:
    asked, bad = views.asked(shared, {"compare": f"{A},{B}"}, "zh")
    assert (asked.year, asked.years[0], bad) == (2024, 2024, ())


# --- what is asked for


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"agency": "nobody"}, [("agency", "nobody")]),
        ({"agency": A, "compare": "2021,abc,1999"}, [("compare", "abc"), ("compare", "1999")]),
        ({"agency": A, "compare": "２０２１"}, [("compare", "２０２１")]),
        ({"compare": f"{A},nope"}, [("compare", "nope")]),
        (
            {"compare": ",".join([A, B, *(f"370199-c{n}" for n in range(5))])},
            [("compare", "370199-c4")],
        ),
        ({"agency": A, "other": "nope"}, [("other", "nope")]),
        ({"agency": A, "compare": "2024,2023", "other": f"{A}-2024"}, [("other", f"{A}-2024")]),
        ({"agency": A, "compare": "2024,2023,2021", "other": f"{A}-2021"}, []),
        ({}, []),
    ],
)
def test_what_can_not_be_followed_is_named(
    shared: Context, given: dict[str, str], named: list[tuple[str, str]]
) -> None:
    for lang in ("zh", "en"):
        asked, bad = views.asked(shared, given, lang)
        assert [(one.parameter, one.word) for one in bad] == named
        assert all(one.word[:40] in one.sentence for one in bad)
        assert len(asked.chosen) <= 6 or asked.kind == "years"


def test_a_second_text_is_chosen_among_what_is_compared(shared: Context) -> None:
    view = compared(shared, agency=A, compare="2024,2023,2021", other=f"{A}-2021")
    assert view.pair == (f"{A}-2021", f"{A}-2024")
    view = compared(shared, compare=f"{A},{B},370199-c0", year="2024", other="370199-c0-2024")
    assert view.pair == (f"{A}-2024", "370199-c0-2024")


def test_suggestions_leave_out_what_is_compared_and_take_words_as_they_are(
    shared: Context,
) -> None:
    asked, _ = views.asked(shared, {"compare": A}, "zh")
    found = {row["agency_id"] for row in views.suggested(shared, asked, "", 20)}
    assert A not in found
    assert B in found
    assert [row["agency_id"] for row in views.suggested(shared, asked, "教育", 20)] == [B]
    assert views.suggested(shared, asked, "[教育]", 20) == []


def test_the_table_to_take_holds_the_numbers_and_how_far_they_compare(shared: Context) -> None:
    view = compared(shared, agency=A, compare="2024,2023")
    frame = views.compare_frame(view, "zh")
    assert frame.height == sum(len(table.rows) for table in view.tables)
    received = frame.row(0, named=True)
    assert received["1 2024 年"] == 14
    assert received["1 2024 年 差"] == 1
    assert received["1 2024 年 可比性"] == "可比"
    forward = frame.filter(项目="结转下年度").row(0, named=True)
    assert forward["2 2023 年"] is None
    assert forward["1 2024 年 差"] is None


# --- the official form, cell by cell


def pair(shared: Context, first: str, second: str) -> FormPair:
    found = views.form_pair(shared, first, second, "zh")
    assert found is not None
    return found


def by_cell(found: FormPair) -> dict[str, PairCell]:
    return {
        one.cell_id.removeprefix("c-"): one
        for table in found.tables
        for row in table.rows
        for one in row.cells
    }


def test_changed_cells_are_marked_and_blanks_are_no_zeros(shared: Context) -> None:
    found = pair(shared, f"{A}-2023", f"{A}-2024")
    held = by_cell(found)
    received = held["t3_requests.requests_received.applicant_total"]
    assert (received.mark, received.first, received.second) == ("changed", "13", "14")
    assert received.difference == "+1"
    blank = held["t3_requests.requests_carried_over.applicant_total"]
    assert (blank.mark, blank.first, blank.second, blank.difference) == ("unknown", "0", "空白", "")
    unread = held["t3_requests.requests_carried_forward.applicant_total"]
    assert (unread.mark, unread.first) == ("unknown", "读不准")
    # What can't be read on either side isn't the same.
    twice = held["t3_requests.requests_carried_forward.org_other"]
    assert (twice.mark, twice.first, twice.second) == ("unknown", "读不准", "读不准")
    both = held["t3_requests.requests_carried_forward.natural_person"]
    assert (both.mark, both.second) == ("same", "空白")
    # The change of law keeps reviews and suits apart, whatever is printed.
    assert {one.mark for cell, one in held.items() if cell.startswith("t4_")} == {"apart"}
    changed = [one for one in held.values() if one.mark == "changed"]
    assert found.changed == len(changed)
    assert f"{found.changed} 格的数变了" in found.sentence


def test_over_a_change_of_form_cells_meet_as_the_crosswalk_says(shared: Context) -> None:
    found = pair(shared, f"{A}-2020", f"{A}-2021")
    held = by_cell(found)
    assert held["t2_art20_1.normative_documents.in_force"].mark == "apart"
    assert held["t2_art20_1.normative_documents.in_force"].first == ""
    issued = held["t2_art20_1.normative_documents.issued"]
    assert (issued.mark, issued.first) == ("same", "0")
    assert "口径有变" not in issued.difference
    assert held["t3_requests.other_misc.applicant_total"].mark == "sum"
    total = next(one for one in found.sums if one.label.endswith("总计"))
    assert (total.first, total.second, total.difference) == ("2", "1 + 0 + 1 = 2", "Σ 相同")
    assert any("项目" in one.first for one in found.left)
    assert all(one.second == "" for one in found.left)


def test_the_form_of_2014_meets_the_later_ones(shared: Context) -> None:
    found = pair(shared, f"{A}-2018", f"{A}-2019")
    held = by_cell(found)
    granted = held["t3_requests.granted_full.applicant_total"]
    assert (granted.first, granted.second, granted.difference) == ("2 + 3 = 5", "7", "+2")
    assert "慎比" in granted.label
    assert held["t3_requests.granted_full.natural_person"].mark == "apart"


def test_held_the_other_way_round_nothing_changes_but_the_sign(shared: Context) -> None:
    one, other = by_cell(pair(shared, f"{A}-2020", f"{A}-2021")), by_cell(
        pair(shared, f"{A}-2021", f"{A}-2020")
    )  # fmt: skip
    assert one.keys() == other.keys()
    for cell, found in one.items():
        turned = other[cell]
        assert (found.mark, found.first, found.second) == (turned.mark, turned.second, turned.first)
    received = "t3_requests.requests_received.applicant_total"
    assert (one[received].difference, other[received].difference) == ("+1", "−1")


def test_no_form_no_pair_and_no_report_no_answer(shared: Context) -> None:
    assert views.form_pair(shared, "370199-x-2024", f"{A}-2024", "zh") is None
    with pytest.raises(KeyError):
        views.form_pair(shared, "nope", f"{A}-2024", "zh")
