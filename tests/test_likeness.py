"""What texts repeat: names and figures don't count, near-equal sentences do, and none is missed."""

from __future__ import annotations

import time
from random import Random

import numpy as np
import polars as pl
import pytest

from govreport_core.errors import RuleError
from govreport_core.narrative.likeness import finding
from govreport_core.narrative.likeness.comparing import compared
from govreport_core.narrative.likeness.finding import Found, find
from govreport_core.narrative.likeness.known import Known
from govreport_core.narrative.likeness.masking import (
    Text,
    masked,
    official,
    own_names,
    parse_official,
)
from govreport_core.narrative.likeness.sharing import share
from govreport_core.narrative.likeness.signing import likened, signatures
from govreport_core.samples.chance import chance

WORDS = [chr(0x4E00 + 7 * n) + chr(0x5E00 + 5 * n) for n in range(900)]


def sentence(rng: Random, words: int = 12) -> str:
    return "".join(rng.choices(WORDS, k=words))


def said(text: str, *names: str, places: tuple[str, ...] = ()) -> list[str]:
    return [one.masked for one in next(masked([Text(text, names)], places))]


def test_names_places_years_and_numbers_are_masked() -> None:
    one = said(
        "2023年，青禾县水务局答复申请12件，同比增长3.5%。", *own_names("青禾县水务局", "青禾县")
    )
    other = said(
        "2024年，白石市教育局答复申请7件，同比增长40%。", *own_names("白石市教育局", "白石市")
    )
    assert one == other == ["0年,□答复申请0件,同比增长0"]


def test_an_agency_is_masked_however_it_calls_itself() -> None:
    names = own_names("青禾县水务局", "某省", "青禾县")
    assert said("青禾县水务局按期答复申请人。", *names) == said("我局按期答复申请人。", *names)
    assert said("水务局按期答复申请人。", *names) == said("本机关按期答复申请人。", *names)


def test_a_name_of_several_lines_masks_nothing() -> None:
    assert own_names("青禾县\n水务局") == ()
    assert (
        len(said("某处按期答复青禾县。\n水务局逐件登记申请。", *own_names("青禾县。\n水务局"))) == 2
    )


def test_a_place_of_others_is_masked_where_it_is_known() -> None:
    assert said("与临泽县共同办理这类申请。", places=("临泽县",)) == ["与□共同办理这类申请"]


def test_numbers_in_words_count_as_numbers_only_before_what_is_counted() -> None:
    assert said("全年举办培训十二次，一切如常进行。") == ["□年举办培训0次,一切如常进行"] or said(
        "全年举办培训十二次，一切如常进行。"
    ) == ["全年举办培训0次,一切如常进行"]


def test_enumerators_spaces_and_width_do_not_count() -> None:
    plain = said("把办事指南改写成家常话。")
    for printed in (
        "一是把办事指南改写成家常话；",
        "（二）把办事 指南改写成家常话。",
        "３．把办事指南改写成家常话",
    ):
        assert said(printed) == plain


def test_a_sentence_stands_where_it_says() -> None:
    text = "一是  把办事指南改写成家常话。\n二是窗口多开一个，少排队。"
    found = next(masked([Text(text)]))
    assert [text[one.start : one.end] for one in found] == [
        "一是  把办事指南改写成家常话。",
        "二是窗口多开一个，少排队。",
    ]


def test_a_line_broken_by_the_page_runs_on_and_a_heading_does_not() -> None:
    broken = "把每一类事项的办理条件和所需材料都列在一张\n表里，贴在大厅也登在网上。"
    assert said(broken) == said(broken.replace("\n", ""))
    assert len(said("把办事指南改写好\n窗口多开一个，少排队。")) == 2


def test_what_every_report_says_is_taken_out() -> None:
    phrase = max(official(), key=lambda one: one.reports).text
    assert said(f"认真落实{phrase}的要求，把指南改写成家常话。") == [
        "认真落实的要求,把指南改写成家常话"
    ]
    assert said("（一）主动公开方面。") == []


@pytest.mark.parametrize(
    "text",
    [
        'counted = 1\nsource = "x"\nphrases = [{ text = "甲乙", reports = 2 }]',
        'counted = 1\nsource = "x"\nphrases = [{ text = "甲乙", reports = 1, more = 1 }]',
        "counted = 1\nphrases = []",
    ],
)
def test_a_list_of_phrases_that_cannot_be_is_refused(text: str) -> None:
    with pytest.raises(RuleError, match="official phrases"):
        parse_official(text)


@pytest.mark.parametrize("percent", [0, 30, 50, 80, 100])
def test_a_given_share_is_measured_within_three_points(percent: int) -> None:
    """The text of one agency, so much of it carried over under another's name and figures."""
    rng = chance(percent)
    for _ in range(20):
        own = [sentence(rng) for _ in range(40)]
        kept = 40 * percent // 100
        other = own[:kept] + [sentence(rng) for _ in range(40 - kept)]
        rng.shuffle(other)
        one = "".join(f"我局2023年{s}{n}件。" for n, s in enumerate(own))
        copy = "".join(f"{n}.白石市水务局2024年{s}{3 * n}件；" for n, s in enumerate(other, 1))
        found = share(said(one), said(copy, "白石市水务局"))
        assert found.of_first == pytest.approx(percent / 100, abs=0.03)
        assert found.of_second == pytest.approx(percent / 100, abs=0.03)


def test_near_equal_sentences_count_and_others_do_not() -> None:
    one = ["每季度抽查一次已发布内容的链接与附件,发现问题当日更正"]
    assert share(one, ["每季度抽查一次已发布内容的链接和附件,发现问题当日更正"]).of_first == 1
    assert share(one, ["每季度抽查一次热线电话的接听,发现无人值守的当日通报"]).of_first == 0
    assert share(one, []).of_first == 0
    assert share([], one).of_first == 0


def test_a_share_is_of_characters_and_has_two_sides() -> None:
    one = ["把办事指南改写成家常话"]
    found = share(one, [*one, "窗口多开一个少排队,午间也有人值守"])
    assert found.of_first == 1
    assert found.of_second == pytest.approx(11 / 28)
    assert (found.in_first, found.in_second) == ((0,), (0,))


def test_long_texts_are_compared_as_short_ones_are() -> None:
    """Where all pairs would be too many, the same sentences are found by their rarest pieces."""
    rng = chance(3)
    own = [sentence(rng) for _ in range(3000)]
    other = [one[:8] + "改" + one[9:] if n % 2 else one for n, one in enumerate(own)]
    other = other[:2000] + [sentence(rng) for _ in range(1000)]
    rng.shuffle(other)
    began = time.process_time()
    found = share(own, other)
    assert time.process_time() - began < 10
    assert found.of_first == pytest.approx(2 / 3, abs=0.02)


def test_many_pairs_at_once_say_what_each_says_by_itself() -> None:
    rng = chance(5)
    letters = "依法公开信息及时答复申请加强培训"
    said = ["".join(rng.choices(letters, k=rng.randint(1, 24))) for _ in range(40)]
    said += [
        one[:at] + rng.choice(letters) + one[at + 1 :] for one in said for at in (0, len(one) // 2)
    ]
    texts = [rng.choices(said, k=rng.randint(0, 12)) for _ in range(40)]
    texts += [rng.choices(said, k=240) for _ in range(2)]  # more than are compared one by one
    first, second = np.divmod(np.arange(len(texts) ** 2), len(texts))
    rows = compared(pl.Series(texts), first, second).iter_rows()
    near = 0
    for one, other, row in zip(first, second, rows, strict=True):
        by_itself = share(texts[one], texts[other])
        assert row[:2] == (by_itself.of_first, by_itself.of_second)
        assert row[2:4] == (len(by_itself.in_first), len(by_itself.in_second))
        for text, found, quoted in (
            (texts[one], by_itself.in_first, row[4]),
            (texts[other], by_itself.in_second, row[5]),
        ):
            assert quoted == sorted(sorted(found, key=lambda at: (-len(text[at]), at))[:3])
            near += any(text[at] not in {*texts[one]} & {*texts[other]} for at in found)
    assert near > 100


def test_a_signature_estimates_the_pieces_in_common_and_ignores_the_order() -> None:
    rng = chance(5)
    off = []
    for _ in range(20):
        own = [sentence(rng) for _ in range(60)]
        half = own[:40] + [sentence(rng) for _ in range(20)]
        one, same, other = signatures(["\n".join(text) for text in (own, own[::-1], half)])
        assert (one == same).all()
        off.append((one == other).mean() - 0.5)
    assert abs(np.mean(off)) < 0.03
    assert np.std(off) < 0.08


def texts(every: list[list[str]], owners: list[int], years: list[int]) -> pl.DataFrame:
    cut = [
        [one for one in sentences if len(one.masked) > 5]
        for sentences in masked([Text("。".join(text)) for text in every])
    ]
    told = pl.DataFrame(
        {"owner": owners, "year": years}, schema={"owner": pl.Int32, "year": pl.Int32}
    )
    placed = told.with_row_index().hash_rows()  # as if a document's id told its row
    return likened(cut).with_columns(told).with_columns(mark=placed)


def found_in(every: list[list[str]], owners: list[int], years: list[int]) -> Found:
    asked = texts(every, owners, years)
    lists = asked["sentences"]
    return find(asked.drop("sentences"), lambda rows: lists[rows])


def test_a_copy_is_found_of_the_same_year_or_earlier_never_of_a_later_one() -> None:
    rng = chance(7)
    own, alone = ([sentence(rng) for _ in range(8)] for _ in range(2))
    copy = [*own[:7], sentence(rng)]
    found = found_in([own, alone, copy], [1, 2, 3], [2021, 2021, 2022])
    assert found.repeats.select("row", "other", "same_agency").rows() == [(2, 0, False)]
    assert found.repeats["share"][0] == pytest.approx(7 / 8, abs=0.03)
    assert found.groups.select("group", "row", "agencies").rows() == [(0, 0, 2), (0, 2, 2)]


def test_the_last_year_is_told_whatever_its_share_and_older_ones_where_they_are_near() -> None:
    rng = chance(9)
    first, second = ([sentence(rng) for _ in range(8)] for _ in range(2))
    found = found_in([first, second, first], [1, 1, 1], [2021, 2022, 2023])
    assert found.repeats.select("row", "other", "share", "same_agency").rows() == [
        (1, 0, 0.0, True),
        (2, 0, 1.0, True),
        (2, 1, 0.0, True),
    ]
    assert found.groups.is_empty()


def test_a_single_paragraph_that_was_copied_is_found() -> None:
    """A third of the text is another's: too little for signatures, enough for its sentences."""
    rng = chance(11)
    own = [sentence(rng) for _ in range(9)]
    copy = own[:3] + [sentence(rng) for _ in range(5)]
    found = found_in([own, copy], [1, 2], [2021, 2021])
    assert {(row, other) for row, other in found.repeats.select("row", "other").rows()} == {
        (0, 1),
        (1, 0),
    }


@pytest.mark.slow
def test_ten_thousand_equal_texts_are_one_group_and_never_their_pairs() -> None:
    rng = chance(13)
    own = [sentence(rng) for _ in range(8)]
    near = [[*own[:7], sentence(rng)] for _ in range(3000)]
    every = [own] * 10_000 + near
    asked = texts(every[:1], [0], [2021])
    once = pl.concat([asked] * 10_000)
    each = texts(near, [0] * len(near), [2021] * len(near))
    all_of = pl.concat([once, each]).with_columns(owner=pl.int_range(pl.len(), dtype=pl.Int32))
    lists = all_of["sentences"]
    began = time.process_time()
    found = find(all_of.drop("sentences"), lambda rows: lists[rows])
    assert time.process_time() - began < 30
    assert found.known.height + found.apart.height < 40 * len(near)
    assert found.repeats.height <= 3 * len(every)
    assert found.groups.select(pl.col("group").n_unique(), pl.len()).row(0) == (1, len(every))
    assert found.groups["agencies"].unique().to_list() == [len(every)]


def test_what_is_known_is_not_asked_for_again_and_the_answer_is_the_same() -> None:
    rng = chance(17)
    every = [[sentence(rng) for _ in range(8)] for _ in range(30)]
    every += [text[: 2 + n % 6] + [sentence(rng) for _ in range(3)] for n, text in enumerate(every)]
    owners, years = list(range(60)), [2021] * 30 + [2022] * 30
    asked = texts(every, owners, years)
    lists = asked["sentences"]
    opened: list[int] = []

    def fetch(rows: np.ndarray) -> pl.Series:
        opened.extend(rows.tolist())
        return lists[rows]

    bare = asked.drop("sentences")
    before = find(bare.head(55), fetch)
    first = set(opened)
    opened.clear()
    after = find(bare, fetch, Known(before.known, before.apart))
    # The five new texts, and those that they are like.
    assert set(opened) == {*range(25, 30), *range(55, 60)}
    assert len(first) > 40
    fresh = find(bare, fetch)
    assert after.repeats.equals(fresh.repeats)
    assert after.groups.equals(fresh.groups)


def test_some_pairs_at_a_time_give_what_all_at_once_give(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = chance(23)
    first = [[sentence(rng) for _ in range(8)] for _ in range(20)]
    later = [[*text[:3], *(sentence(rng) for _ in range(5))] for text in first]
    every = [*first, *later, *([*text[:6], sentence(rng)] for text in first)]
    given = (every, [*range(20), *range(20), *range(5, 25)], [2021] * 20 + [2022] * 40)
    whole = found_in(*given)
    monkeypatch.setattr(finding, "_TEXTS", 7)
    monkeypatch.setattr(finding, "_BLOCK", 3)
    found = found_in(*given)
    assert found.repeats.height > 40
    assert found.repeats.equals(whole.repeats)
    assert found.groups.equals(whole.groups)
    for one in ("known", "apart"):
        pairs = getattr(found, one).sort("first", "second")
        assert pairs.equals(getattr(whole, one).sort("first", "second")), one


def test_of_texts_too_unlike_to_be_told_of_it_is_known_that_they_were_compared() -> None:
    rng = chance(29)
    own = [sentence(rng) for _ in range(10)]
    every = [own, [*own[:2], *(sentence(rng, 4) for _ in range(5))], own[:1] * 2]
    asked = texts(every, [1, 2, 3], [2021, 2021, 2022])
    lists = asked["sentences"]
    opened: list[int] = []

    def fetch(rows: np.ndarray) -> pl.Series:
        opened.extend(rows.tolist())
        return lists[rows]

    bare = asked.drop("sentences")
    before = find(bare, fetch)
    pairs = pl.concat(one.select("first", "second") for one in (before.known, before.apart))
    told = Known(before.known.clear(), pairs)
    opened.clear()
    assert find(bare, fetch, told).repeats.is_empty()
    assert opened == []
    # One agency's now: what was apart is compared after all.
    owned = bare.with_columns(
        owner=pl.lit(1, dtype=pl.Int32), year=pl.Series([2020, 2021, 2022], dtype=pl.Int32)
    )
    assert find(owned, fetch, told).repeats.equals(find(owned, fetch).repeats)


def test_nothing_in_nothing_out() -> None:
    found = find(texts([], [], []).drop("sentences"), lambda _: pl.Series([]))
    assert found.repeats.is_empty()
    assert found.groups.is_empty()
    assert list(masked([])) == []
    assert list(masked([Text(""), Text("。。；\n")])) == [[], []]


def test_a_megabyte_without_a_mark_is_cut_and_takes_no_time() -> None:
    began = time.process_time()
    one, other = said("甲乙丙丁" * 250_000), said("甲乙丙丁" * 250_000 + "戊")
    assert share(one, other).of_first == 1
    assert time.process_time() - began < 10
