"""Queries, comparable text, spans, sentences and places: a search finds what stands there."""

from pathlib import Path

import polars as pl
import pytest

from govreport_core import search
from govreport_core.dataset import store
from govreport_core.search.plain import Plain, table


@pytest.mark.parametrize(
    ("typed", "words", "without"),
    [
        ("公开", ("公开",), ()),
        ("  公开　解读 ", ("公开", "解读"), ()),
        ('"政策 解读" 公开', ("政策解读", "公开"), ()),
        ("“政策解读”－图表", ("政策解读",), ("图表",)),
        ("公开 -培训", ("公开",), ("培训",)),
        ("資訊公開", ("资讯公开",), ()),
        ("ＡＢＣ12", ("abc12",), ()),
        ("。", ("。",), ()),
        ("<b>%", ("<b>%",), ()),
        ("-", ("-",), ()),
        ("公开 公開", ("公开",), ()),
        ("—建设", ("-建设",), ()),
        ('"公开', ("公开",), ()),
    ],
)
def test_a_query_is_words_phrases_and_what_to_leave_out(typed, words, without):
    assert search.parse(typed) == search.Query(words, without)


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("", "empty"),
        (" 　\t\n", "empty"),
        ('""', "empty"),
        ("字" * 201, "long"),
        (" ".join("甲乙丙丁戊己庚辛壬癸子"), "many"),
        ("-公开", "without_only"),
        ("公\ud800开", "broken"),
    ],
)
def test_what_cannot_be_asked_says_why(typed, problem):
    assert search.parse(typed) == search.Query(problem=problem)


def test_two_hundred_characters_can_be_asked():
    assert search.parse("字" * 200).words == ("字" * 200,)


def test_every_character_is_compared_as_one_or_none():
    assert all(len(b) <= 1 for b in table().values())
    assert search.plain("ＯＡ系統　（試行）\u200b，\tx\r\ny") == "oa系统(试行),\nx\ny"


def test_a_column_is_compared_as_single_texts_are():
    texts = ["".join(table()), "政務公開（試行）— Ⅳ", "", "a\tb\r\nc", "㐀𠀀é"]
    assert search.plain_column(pl.Series(texts)).to_list() == [search.plain(x) for x in texts]
    assert search.plain_column(pl.Series([None], dtype=pl.String)).to_list() == [None]
    assert search.plain_column(pl.Series([], dtype=pl.String)).to_list() == []


def test_a_long_column_is_compared_in_pieces():
    texts = ["Ａ 公開" * 50_000, None, "", "ｂ", None, "公" * 1000] * 3
    column = search.plain_column(pl.Series("name", texts))
    assert column.name == "name"
    assert column.to_list() == [None if x is None else search.plain(x) for x in texts]


def test_characters_that_change_places_find_the_same():
    then = {"公": "\u0431", "\u0431": "公", "开": "é", "é": "开"}
    texts = ["政務公開", "É公", "б公é开", "公\n开"]
    column = search.plain_column(pl.Series(texts), then)
    known = str.maketrans(then)
    for typed in ("公开", "公開", "é", "б公", "开", "éé"):
        word = search.plain(typed)
        found = column.str.contains(word.translate(known), literal=True).to_list()
        assert found == [word in search.plain(text) for text in texts], typed
    assert sum(len(text.encode()) for text in column) < sum(len(t.encode()) for t in texts)


def test_the_way_back_leads_to_the_printed_characters():
    text = "加強 資訊公　開 工作"
    compared = Plain(text)
    at = compared.text.index("公开")
    start, end = compared.span(at, at + 2)
    assert text[start:end] == "公　開"


def test_a_row_matches_with_all_words_and_none_of_the_others():
    texts = pl.Series("plain", ["公开解读", "公开培训", "解读"])
    rows = pl.DataFrame({"n": [0, 1, 2], "plain": search.plain_column(texts)})
    found = search.matching(rows, search.parse("公开 -培训"))
    assert found["n"].to_list() == [0]
    assert not search.holds("公开培训", search.parse("公开 -培训"))


def test_spans_that_touch_are_one_and_nothing_is_found_across_lines():
    assert search.spans("公开公开", search.parse("公开")) == ((0, 4),)
    assert search.spans("公\n开", search.parse("公开")) == ()
    assert search.spans("甲公开乙解读", search.parse("解读 公开")) == ((1, 3), (4, 6))


def test_a_snippet_is_the_whole_sentence_with_the_word_marked():
    text = "一是人手不足。二是解读不够，图表少；三是解读慢。四是解读短。"
    found = search.snippet(text, search.spans(text, search.parse("解读")))
    shown = ["".join(f"[{p.text}]" if p.marked else p.text for p in one) for one in found]
    assert shown == ["二是[解读]不够，图表少；", "三是[解读]慢。"]


def test_a_sentence_without_end_is_cut_around_the_word_and_says_so():
    text = "长" * 500 + "解读" + "短" * 500
    (pieces,) = search.snippet(text, search.spans(text, search.parse("解读")))
    assert [piece.text for piece in pieces if piece.marked] == ["解读"]
    assert pieces[0].text == pieces[-1].text == "…"
    assert sum(len(piece.text) for piece in pieces) < 200


def test_a_hit_over_two_sentences_shows_both():
    text = "甲不够。乙不足。"
    (pieces,) = search.snippet(text, search.spans(text, search.parse("够。乙")))
    assert "".join(piece.text for piece in pieces) == text


def test_a_megabyte_of_one_letter_is_searched_at_once():
    text = "甲" * 1_000_000
    spans = search.spans(text, search.parse("甲"))
    assert search.snippet(text, spans)


def test_every_character_of_the_samples_sections_leads_to_its_part(demo_dataset: Path):
    """Of each section's text, so many characters stand where they are said to stand."""
    sections = store.scan(demo_dataset, "sections").collect()
    parts = store.scan(demo_dataset, "parts").sort("ordinal").collect()
    by_document = parts.partition_by("document_id", as_dict=True)
    total = right = 0
    for row in sections.iter_rows(named=True):
        rows = by_document[row["document_id"],].to_dicts()
        texts = {part["part"]: part["text"] for part in rows}
        found = search.sources(row, rows)
        for at, character in enumerate(row["text"]):
            if character.isspace():
                continue
            place = search.located(found, at, at + 1, len(row["text"]))
            assert place is not None
            source, start, end = place
            total += 1
            right += texts[source.part][start:end] == character
    assert right / total > 0.99
