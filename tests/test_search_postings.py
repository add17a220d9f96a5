"""Postings: what they name holds everything that is there, and is exact for two characters."""

import random

import pytest

from govreport_core import search
from govreport_core.search import postings
from govreport_core.search.postings import Postings, build, candidates

WORDS = ("公开", "政府信息", "主动公开", "解读", "不及时", "培训", "人员", "平台", "机制", "答复")


def made_texts(number: int, seed: int = 3) -> list[str]:
    """Made-up texts with words common and rare."""
    chance = random.Random(seed)  # noqa: S311 - made-up texts, no secret
    weights = [1 / (n + 1) for n in range(len(WORDS))]
    made = []
    for at in range(number):
        words = chance.choices(WORDS, weights, k=chance.randint(0, 30))
        rare = [chr(0x4E00 + at % 4000)] * (at % 3)
        made.append(search.plain("，".join([*words, *rare]) + "。\n" + words[0] if words else ""))
    return made


def found(index: Postings, query: search.Query) -> postings.Candidates:
    return candidates(query, index.texts, index.first, index.shards.__getitem__)


@pytest.fixture(scope="module")
def texts() -> list[str]:
    return made_texts(5000)


@pytest.fixture(scope="module")
def index(texts: list[str]) -> Postings:
    return build(texts)


@pytest.mark.parametrize(("chunk", "at_once"), [(7, 1 << 19), (2000, 50), (300, 1)])
def test_how_many_are_in_memory_at_once_changes_nothing(texts, index, monkeypatch, chunk, at_once):
    monkeypatch.setattr(postings, "_CHUNK", chunk)
    monkeypatch.setattr(postings, "_FEW", 5 if chunk == 7 else chunk)
    monkeypatch.setattr(postings, "_AT_ONCE", at_once)
    assert build(texts) == index


def test_few_texts_are_read_at_a_time_whatever_their_number(texts, index):
    read = []

    class Elsewhere:
        def __len__(self):
            return len(texts)

        def __getitem__(self, some):
            found = texts[some]
            read.append(len(found))
            return found

    assert tuple(shard for _, shard in postings.each_shard(Elsewhere())) == index.shards
    assert max(read) <= 250
    assert sum(read) == 2 * len(texts)


@pytest.mark.parametrize(
    "typed",
    [
        "公开",
        "公",
        "，",
        "解读 督查",
        "公开 群",
        "主动公开",
        "信息，解读",
        "无此",
        "龘",
        "不及时，培训，人员",
        "公开 -解读",
        "公 -，",
        "公开 解读 -龘 -培训",
        "公开 -主动公开",
        "主动公开 -解读",
    ],
)
def test_candidates_hold_every_text_that_matches(index, texts, typed):
    query = search.parse(typed)
    real = [n for n, text in enumerate(texts) if search.holds(text, query)]
    told = found(index, query)
    assert set(real) <= set(told.texts)
    assert len(told.shards) <= postings.MOST_SHARDS
    if all(len(word) <= 2 for word in (*query.words, *query.without)):
        assert told.exact
    if told.exact:
        assert list(told.texts) == real


def test_what_is_left_out_is_for_the_texts_to_say_but_where_it_is_short(index):
    assert not found(index, search.parse("公开 -主动公开")).exact
    assert found(index, search.parse("公开 -解读")).exact
    many = "公开 -解读 -培训 -平台 -机制 -答复 -人员 -主动 -龘 -群"
    assert len(found(index, search.parse(many)).shards) <= postings.MOST_SHARDS


def test_a_long_query_reads_few_shards(index):
    told = found(index, search.parse("主动公开政府信息不及时" * 18))
    assert told.texts == ()
    assert len(told.shards) <= postings.MOST_SHARDS


def test_shards_have_their_size(index):
    assert len(index.shards) > 1
    assert all(len(shard) <= postings.SHARD for shard in index.shards)


@pytest.mark.parametrize(("typed", "real"), [("甲\0", []), ("\0", []), ("甲 -甲\0", [0, 1])])
def test_a_nul_stands_in_no_text(typed, real):
    told = found(build(["甲", "甲乙"]), search.parse(typed))
    assert list(told.texts) == real
    assert told.exact


@pytest.mark.parametrize("texts", [[], [""], ["甲"], ["\n"], ["a\0b"], ["𠀀甲"], ["\ud800甲"]])
def test_few_and_odd_texts_make_an_index(texts):
    index = build(texts)
    for typed in ("甲", "a", "乙丙", "𠀀甲"):
        query = search.parse(typed)
        real = [n for n, text in enumerate(texts) if search.holds(text, query)]
        assert list(found(index, query).texts) == real


@pytest.fixture(scope="module")
def met() -> list[str]:
    """Texts in all of which two pairs stand, apart but for every hundredth."""
    apart = ["一甲乙，二乙丙。"] * 99
    return [*apart, "三甲乙丙。"] * 4 + ["丁戊。"] * 100


def test_three_characters_whose_pairs_meet_by_chance_are_told_apart(met):
    told = found(build(met), search.parse("甲乙丙"))
    assert told.texts == (99, 199, 299, 399)
    assert told.exact


def test_three_characters_that_nowhere_stand_together_are_in_no_text(met):
    apart = [text.replace("甲乙丙", "甲乙") for text in met]
    told = found(build(apart), search.parse("甲乙丙"))
    assert told.texts == ()
    assert told.exact


def test_a_rare_pair_needs_no_entry_of_three(met):
    told = found(build(met), search.parse("三甲乙"))
    assert told.texts == (99, 199, 299, 399)
    assert not told.exact
