"""The room of problems and improvements: what it shows, counts and hands out, and odd addresses."""

from __future__ import annotations

from pathlib import Path

import msgspec
import polars as pl
import pytest
from view_data import A, write_small

from dashboard import views
from dashboard.data import open_dataset
from dashboard.labels import LANGUAGES, t
from dashboard.texts import Texts
from dashboard.views import Filters
from govreport_core.search import plain


@pytest.fixture(scope="module")
def texts(demo_dataset: Path) -> Texts:
    return Texts(open_dataset(demo_dataset))


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Texts:
    """A dataset most of whose reports have no section five."""
    return Texts(open_dataset(write_small(tmp_path_factory.mktemp("words") / "dataset")))


def shown(texts: Texts, filters: Filters | None = None, **parameters: str):
    return views.words(texts, filters or Filters(), parameters, "zh")


def link(report_id: str, anchor: str) -> str:
    return f"{report_id}#{anchor}"


def test_without_a_query_all_points_are_listed_the_newest_first(texts: Texts) -> None:
    view = shown(texts)
    points = texts.data.current("points").collect()
    assert (view.reports, view.points) == (points["document_id"].n_unique(), points.height)
    assert view.rows[0].year == 2024
    assert view.pages == -(-view.reports // len(view.rows))
    last = shown(texts, page=str(view.pages))
    assert last.rows[-1].year == 2019


def test_a_point_is_printed_text_with_its_place_and_id(texts: Texts) -> None:
    hit = shown(texts, q="兼職").rows[0].problems[0]
    assert [piece.text for piece in hit.pieces if piece.marked] == ["兼职"]
    assert "".join(piece.text for piece in hit.pieces) == hit.text
    only = shown(texts, point=hit.point_id)
    assert (only.reports, only.points) == (1, 1)
    assert only.rows[0].problems[0].text == hit.text


def test_a_section_whose_points_show_the_hit_is_not_shown_again(texts: Texts) -> None:
    assert all(not row.passages for row in shown(texts, q="兼职").rows)
    # Words that stand in two points of a section stand in no single one.
    view = shown(texts, q="一是 二是")
    assert all(row.passages and not row.problems for row in view.rows if row.passages)
    assert any(row.passages for row in view.rows)


def test_other_sections_come_after_section_five_and_lead_to_their_part(texts: Texts) -> None:
    view = shown(texts, q="公开", section="all")
    passage = next(hit for row in view.rows for hit in row.passages)
    parts = texts.data.tables["parts"].collect()
    row = next(r for r in view.rows if passage in r.passages)
    document = texts.reports.filter(report_id=row.report_id)["document_id"][0]
    printed = parts.filter(document_id=document, part=passage.part)["text"][0]
    assert printed[passage.start : passage.end] == "公开"
    assert (
        passage.anchor == f"p-{parts.filter(document_id=document, part=passage.part)['ordinal'][0]}"
    )


def test_counts_add_up_and_each_choice_gives_what_it_says(texts: Texts) -> None:
    view = shown(texts, q="公开")
    by = {facet.parameter: facet for facet in view.facets}
    assert sum(option.count for option in by["year"].options) == view.reports
    assert {option.label for option in by["region"].options} >= {"汀澜市本级", "枕霞区"}
    for parameter in ("year", "kind"):
        option = by[parameter].options[0]
        filters = views.decode({parameter: option.value})
        assert shown(texts, filters, q="公开").reports == option.count
    # A city's own reports beside those of its districts are none that its code would bring.
    whole = {option.value: option for option in by["region"].options}
    assert whole[""].label == "汀澜市本级"
    for code, option in whole.items():
        if code:
            filters = Filters(regions=(code,))
            assert shown(texts, filters, q="公开").reports == option.count
    assert sum(option.count for option in whole.values()) == view.reports
    agency = by["agency"].options[0]
    assert shown(texts, q="公开", agency=agency.value).reports == agency.count


def test_the_file_is_exactly_the_rows_with_names_first(texts: Texts) -> None:
    frame = views.words_frame(texts, Filters(years=("2024",)), {"q": "公开"}, "zh", link)
    view = shown(texts, Filters(years=("2024",)), q="公开")
    assert frame["point_id"].drop_nulls().len() == view.points
    assert frame.columns[:7] == ["agency", "region", "year", "kind", "themes", "text", "link"]
    assert frame["text"].str.contains("公开").all()
    assert set(frame.drop_nulls("point_id")["kind"]) == {"问题", "改进"}
    assert views.to_csv(frame).startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        (" ", "empty"),
        ("字" * 201, "long"),
        ("-公开", "without_only"),
        ("公\ud800开", "broken"),
        (" ".join("甲乙丙丁戊己庚辛壬癸子"), "many"),
    ],
)
def test_what_cannot_be_asked_is_answered_by_one_sentence(texts, lang, typed, problem) -> None:
    view = views.words(texts, Filters(), {"q": typed}, lang)
    assert view.problem == t(f"words.unasked.{problem}", lang)
    assert view.rows == ()
    assert views.words_frame(texts, Filters(), {"q": typed}, lang, link).is_empty()


@pytest.mark.parametrize("typed", ["的", "，", "<script>", "字" * 200, "%_\\", "a.*b", "\x00"])
def test_odd_queries_have_an_answer(texts: Texts, small: Texts, typed: str) -> None:
    for some in (texts, small):
        view = shown(some, q=typed, section="all")
        assert not view.problem
        assert view.lead


def test_reports_without_section_five_are_simply_not_found(small: Texts) -> None:
    assert shown(small, q="绝无").lead == t("words.nothing", "zh")
    assert views.theme_table(small, Filters(), "zh").rows is not None


def test_a_bad_parameter_is_named(texts: Texts) -> None:
    view = shown(texts, theme="A B", section="s9", agency="nobody", point="x", page="-1")
    for name in ("theme", "section", "agency", "point", "page"):
        assert t("words.bad", "zh", name=name) in view.bad
    assert view.points == texts.points.height


def test_a_page_beyond_the_last_is_the_last(texts: Texts) -> None:
    view = shown(texts, page="9999")
    assert view.page == view.pages


def test_an_agency_can_be_asked_for_alone(texts: Texts) -> None:
    agency = texts.reports["agency_id"][0]
    view = shown(texts, agency=agency)
    assert {row.agency.agency_id for row in view.rows} == {agency}
    assert ("agency", agency, view.rows[0].agency.name) in view.chosen


def test_themes_are_counted_by_year(texts: Texts) -> None:
    table = views.theme_table(texts, Filters(), "zh")
    total = table.rows[-1]
    reports = texts.points.select("order").unique().height
    assert (total.code, total.points, total.reports) == ("", texts.points.height, reports)
    assert sum(count for count, _ in total.years) == reports
    one = views.theme_table(texts, Filters(years=("2024",)), "zh")
    assert one.years == (2024,)


def test_points_by_theme(texts: Texts) -> None:
    many = texts.points.height
    themes = [["speed", "people"] if n % 3 == 0 else [] for n in range(many)]
    marked = Texts(texts.data)
    marked.__dict__["points"] = texts.points.with_columns(pl.Series("themes", themes))
    some = -(-many // 3)
    assert shown(marked, theme="speed").points == some
    assert shown(marked, theme="none").points == many - some
    table = views.theme_table(marked, Filters(), "zh")
    assert [row.code for row in table.rows] == ["people", "speed", "none", ""]
    assert [row.points for row in table.rows] == [some, some, many - some, many]


def test_points_are_searched_whether_they_stand_in_their_section_or_not(texts: Texts) -> None:
    rows = texts.data.tables["points"].with_row_index("n")
    printed = pl.when(pl.col("n") % 50 == 7).then(pl.lit("另有ＯＡ系統")).otherwise("text")
    some = rows.with_columns(text=printed).drop("n")
    other = Texts(msgspec.structs.replace(texts.data, tables=texts.data.tables | {"points": some}))
    searched = other.searched_points
    assert searched["row"].to_list() == list(range(other.points.height))
    assert searched.select("order").equals(other.points.select("order"))
    orders = texts.reports.select("document_id").with_row_index("order")
    told = some.collect().join(orders, on="document_id").sort("order", maintain_order=True)
    known = str.maketrans(other.shorter)
    assert searched["plain"].to_list() == [plain(text).translate(known) for text in told["text"]]
    apart = searched.filter(pl.col("plain") == "另有oa系统".translate(known))
    assert 5 < apart.height < searched.height


def test_old_readings_are_not_searched(small: Texts) -> None:
    reports = small.data.tables["reports"].collect()
    assert reports.filter(agency_id=A, year=2020).height == 2
    assert small.reports.filter(agency_id=A, year=2020).height == 1
