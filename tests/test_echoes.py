"""What a report says again: every sentence shown is a row of the dataset, and says no more."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from dashboard import views
from dashboard.data import Data, held, open_dataset
from dashboard.labels import LANGUAGES, percent, t
from dashboard.texts import Texts
from dashboard.views.context import context
from dashboard.views.echoes import ALIKE, LINKED
from dashboard.views.words_again import SHOWN, YEARS
from dashboard.views.words_themes import theme_names, theme_pieces
from govreport_core.narrative.themes import theme_codes

NOTHING = views.Filters()


@pytest.fixture(scope="module")
def data(demo_dataset: Path) -> Data:
    return open_dataset(demo_dataset)


@pytest.fixture(scope="module")
def texts(data: Data) -> Texts:
    return Texts(data)


def table(data: Data, name: str) -> pl.DataFrame:
    return pl.read_parquet(f"{data.folder}/{name}/**/*.parquet")


def cards(data: Data, lang: str = "zh"):
    """The cards of the reports that some row of promises, similar or groups is about."""
    told = [table(data, name)["document_id"] for name in ("promises", "similar", "groups")]
    wanted = pl.concat(told).unique()
    shared = context(data)
    rows = data.reports.filter(pl.col("document_id").is_in(wanted.implode())).collect()
    return [views.report_card(data, row, lang, shared) for row in rows["report_id"][::6]]


def test_what_is_shown_beside_a_point_is_what_the_table_says(data: Data) -> None:
    promises, points = table(data, "promises"), table(data, "points")
    said = {
        (row[0], row[1]): row[2] for row in points.select("document_id", "point_id", "text").rows()
    }
    documents = dict(table(data, "reports").select("report_id", "document_id").rows())
    seen = 0
    for card in cards(data):
        for point in card.points:
            mine = promises.filter(
                (pl.col("document_id") == card.document_id) & (pl.col("point_id") == point.point_id)
            )
            assert {one.link for one in point.again} == set(mine["link"])
            for one in point.again:
                first = one.said[0]
                document = documents[first.report.report_id]
                (likeness,) = mine.filter(
                    (pl.col("link") == one.link)
                    & (pl.col("other_document_id") == document)
                    & (pl.col("other_point_id") == first.point_id)
                )["likeness"].unique()
                assert first.text == said[document, first.point_id].strip()
                assert bool(first.alike) == (likeness >= ALIKE)
                assert (not first.alike) or percent(likeness, "zh") in first.alike
                seen += 1
    assert seen > 10


def test_years_running_are_as_many_as_sentences_are_shown(data: Data) -> None:
    promises = table(data, "promises").filter(pl.col("years") > 2)
    shared = context(data)
    reports = dict(table(data, "reports").select("document_id", "report_id").rows())
    for row in promises.head(12).iter_rows(named=True):
        card = views.report_card(data, reports[row["document_id"]], "zh", shared)
        (point,) = [one for one in card.points if one.point_id == row["point_id"]]
        found = [one for one in point.again if one.link == row["link"]]
        assert row["years"] in [len(one.said) + 1 for one in found]
        assert all(str(len(one.said) + 1) in one.running for one in found if len(one.said) > 1)


def test_a_point_of_no_theme_takes_up_nothing(data: Data) -> None:
    for card in cards(data):
        for point in card.points:
            assert point.themes or not point.again


def test_themes_are_marked_by_the_words_that_say_so() -> None:
    text = "一是公开不及时，栏目<b>更新不及时</b>；"
    pieces = theme_pieces(text, ["timeliness"])
    assert "".join(piece.text for piece in pieces) == text
    assert any("不及时" in piece.text for piece in pieces if piece.marked)
    assert not any(piece.marked for piece in theme_pieces(text, ["training"]))


def test_a_theme_that_no_word_says_is_told_so_and_nothing_is_marked() -> None:
    text = "三是在不增加负担的前提下，聘请群众监督员，按季度反馈意见，并在年底以前说明进展。"
    codes = theme_codes(text)
    assert codes == ["participation", "supervision"]
    assert not any(piece.marked for piece in theme_pieces(text, codes))
    names = ("公众参与（按整段用字判断）", "监督考核（按整段用字判断）")
    assert theme_names(text, codes, "zh") == tuple(zip(codes, names, strict=True))
    said = "一是公开不及时，栏目更新不及时；"
    assert ("timeliness", "公开不及时") in theme_names(said, theme_codes(said), "zh")


def test_shares_are_the_tables_and_quotes_are_printed_in_both(data: Data) -> None:
    similar, sections = table(data, "similar"), table(data, "sections")
    documents = dict(table(data, "reports").select("report_id", "document_id").rows())
    printed = {
        (row[0], row[1]): row[2] for row in sections.select("document_id", "section", "text").rows()
    }
    quoted = 0
    for card in cards(data):
        mine = similar.filter((pl.col("document_id") == card.document_id) & (pl.col("share") > 0))
        assert len(card.alike) == mine.height
        for one in card.alike:
            other = documents[one.other.report_id]
            (share,) = mine.filter((pl.col("other") == other) & (pl.col("section") == one.section))[
                "share"
            ]
            assert one.share == percent(share, "zh")
            for here, there in one.quotes:
                assert here in printed[card.document_id, one.section]
                assert there in printed[other, one.section]
                quoted += 1
    assert quoted


def test_a_card_says_which_agencies_share_its_text(data: Data) -> None:
    groups = table(data, "groups")
    documents = dict(table(data, "reports").select("document_id", "report_id").rows())
    first = groups.row(0, named=True)
    card = views.report_card(data, documents[first["document_id"]], "zh", context(data))
    (one,) = [found for found in card.shared if found.group == first["group"]]
    others = groups.filter(pl.col("group") == first["group"])["document_id"]
    assert one.agencies == first["agencies"]
    assert {link.report_id for link in one.reports} == {
        documents[other] for other in others if other != first["document_id"]
    }
    assert one.of == len(others) - 1 <= LINKED


def test_in_memory_a_card_says_the_same(data: Data) -> None:
    some = cards(data)[0]
    other = views.report_card(held(data), some.report_id, "zh")
    assert (some.points, some.alike, some.shared, some.beside) == (
        other.points,
        other.alike,
        other.shared,
        other.beside,
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_room_lists_what_is_said_for_years_the_longest_first(
    texts: Texts, data: Data, lang: str
) -> None:
    cut = views.running(texts, context(data), NOTHING, lang)
    repeated = table(data, "promises").filter(pl.col("link") == "repeated")
    assert cut.of > 0
    assert len(cut.running) == min(cut.of, SHOWN)
    assert cut.running[0].years == repeated["years"].max()
    assert [row.years for row in cut.running] == sorted(
        (r.years for r in cut.running), reverse=True
    )
    assert all(row.years >= YEARS == len(row.said) for row in cut.running)
    # Each agency and theme stands once for the years that follow from each other.
    heads = [(row.agency_id, row.theme, row.said[0].report.report_id) for row in cut.running]
    assert len(heads) == len(set(heads))


def test_a_run_is_listed_once_by_its_last_year(texts: Texts, data: Data) -> None:
    cut = views.running(texts, context(data), NOTHING, "zh", limit=1000)
    taken: dict[tuple[str, str], list[set[str]]] = {}
    for row in cut.running:
        years = {echo.report.year_text for echo in row.said}
        for before in taken.setdefault((row.agency_id, row.theme), []):
            assert not before & years
        taken[row.agency_id, row.theme].append(years)


def test_the_table_of_years_has_a_row_a_point_and_names_first(texts: Texts, data: Data) -> None:
    shared = context(data)
    frame = views.running_frame(texts, shared, NOTHING, "zh", lambda *parts: "#".join(parts))
    cut = views.running(texts, shared, NOTHING, "zh", limit=1000)
    assert frame.columns[:3] == ["agency", "region", "theme"]
    assert frame.height == cut.rows == sum(row.years for row in cut.running)
    # Of each run the last point is held against none.
    assert frame["likeness"].null_count() == cut.of
    said = {text.strip() for text in table(data, "points")["text"]}
    assert set(frame["text"]) <= said


def test_the_room_lists_groups_and_its_table_has_every_report(texts: Texts, data: Data) -> None:
    shared, groups = context(data), table(data, "groups")
    cut = views.shared_cut(texts, shared, NOTHING, "zh")
    assert cut.of == groups["group"].n_unique()
    assert [one.agencies for one in cut.shared] == sorted(
        (one.agencies for one in cut.shared), reverse=True
    )
    frame = views.shared_frame(texts, shared, NOTHING, "zh", lambda report, *_: report)
    assert frame.height == cut.rows == groups.height
    assert set(frame["group"]) == set(groups["group"])


def test_lists_are_narrowed_and_cut(texts: Texts, data: Data) -> None:
    shared = context(data)
    of_2022 = views.Filters(years=("2022",))
    whole = views.running(texts, shared, NOTHING, "zh")
    some = views.running(texts, shared, of_2022, "zh", limit=1)
    assert len(some.running) == 1 <= some.of < whole.of
    assert all(row.said[0].report.year_text == "2022 年" for row in some.running)
    none = views.shared_cut(texts, shared, views.Filters(years=("1990",)), "zh")
    assert (none.of, none.shared) == (0, ())


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("link", ["promised", "repeated", "promised_again"])
def test_no_word_says_that_something_was_kept_or_broken(lang: str, link: str) -> None:
    said = t(f"echoes.links.{link}", lang).lower()
    assert said
    assert not any(word in said for word in ("未兑现", "没有做到", "broken", "kept", "copied"))
