"""Near pairs are found anew only where texts came or went, and are as if all were found anew."""

from __future__ import annotations

from random import Random

import numpy as np
import polars as pl
import pytest

from govreport_core.narrative.likeness import nearing, renewing
from govreport_core.narrative.likeness.finding import Found, find
from govreport_core.narrative.likeness.known import KEPT, Known
from govreport_core.narrative.likeness.masking import Sentence
from govreport_core.narrative.likeness.nearing import Texts
from govreport_core.narrative.likeness.signing import likened
from govreport_core.samples.chance import chance

WORDS = [chr(0x4E00 + 7 * n) + chr(0x5E00 + 5 * n) for n in range(900)]
_MANY = 40  # from so many on a sentence is a common phrase here: as often crossed as not


class Reports:
    """Reports that come and go, with texts that often share sentences."""

    def __init__(self, seed: int) -> None:
        self.rng = chance(seed)
        self.phrases = [_sentence(self.rng) for _ in range(12)]
        self.said: dict[str, tuple[int, int, list[str]]] = {}
        for _ in range(120):
            self.add()

    def add(self) -> None:
        text = self.phrases[: self.rng.choice([4, 8])] if self.rng.random() < 0.5 else []
        text = text or self.rng.sample(self.phrases, self.rng.choice([0, 5]))
        text = text + [_sentence(self.rng) for _ in range(6 - len(text))]
        self.put(self.rng.randrange(70), self.rng.choice([2021, 2022]), text)

    def remove(self) -> None:
        del self.said[self.rng.choice(sorted(self.said))]

    def renumber(self) -> None:
        """Another figure in a report: another document, the same words."""
        self.put(*self.said.pop(self.rng.choice(sorted(self.said))))

    def put(self, owner: int, year: int, text: list[str]) -> None:
        self.said[f"{self.rng.getrandbits(32):08x}"] = owner, year, text

    def texts(self) -> pl.DataFrame:
        order = ["year", "document_id"]
        rows = [(one, *told) for one, told in self.said.items()]
        made = pl.DataFrame(rows, schema=["document_id", "owner", "year", "said"], orient="row")
        made = made.sort(order).unique(["owner", "year"], keep="first", maintain_order=True)
        cut = [[Sentence(one, 0, 0) for one in said] for said in made["said"].to_list()]
        told = made.select(pl.col("owner", "year").cast(pl.Int32), "document_id")
        marked = pl.struct("owner", "year", "document_id").hash()
        return pl.concat([likened(cut), told], how="horizontal").with_columns(mark=marked)


def _sentence(rng: Random, words: int = 12) -> str:
    return "".join(rng.choices(WORDS, k=words))


def found_in(texts: pl.DataFrame, known: Known | None = None) -> Found:
    lists = texts["sentences"]
    return find(texts, lambda rows: lists[rows], known)


def near(found: Found) -> pl.DataFrame:
    like = pl.max_horizontal("of_first", "of_second") >= KEPT
    return found.known.filter("near", like).sort("first", "second")


def assert_same(found: Found, fresh: Found) -> None:
    assert found.repeats.equals(fresh.repeats)
    assert found.groups.equals(fresh.groups)
    assert found.stood.equals(fresh.stood)
    assert near(found).equals(near(fresh))


@pytest.fixture(autouse=True)
def _few(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (nearing, renewing):
        monkeypatch.setattr(module, "COMMON", _MANY)
    monkeypatch.setattr(renewing, "_FEW", 0.5)
    monkeypatch.setattr(renewing, "_CLOSE", 1.0)


@pytest.mark.parametrize("seed", range(6))
def test_after_each_change_the_answer_is_that_of_all_texts_found_anew(seed: int) -> None:
    reports = Reports(seed)
    texts = reports.texts()
    found = found_in(texts)
    apart = found.apart
    for _ in range(5):
        before = texts
        for _ in range(reports.rng.choice([1, 1, 2, 5])):
            reports.rng.choice([reports.add, reports.remove, reports.renumber])()
        texts = reports.texts()
        known = Known(found.known, apart, found.stood, lambda went, of=before: of[went["row"]])
        found = found_in(texts, known)
        assert found.renewed
        assert_same(found, found_in(texts))


def test_a_sentence_that_becomes_a_common_phrase_pairs_none_any_more() -> None:
    rng = chance(3)
    phrase = _sentence(rng, 25)
    reports = Reports(5)
    reports.said.clear()
    for owner in range(_MANY + 1):
        # Two fifths of each are the phrase: too little for signatures, enough by its sentence.
        reports.put(owner, 2021, [phrase, *(_sentence(rng) for _ in range(3))])
    texts = reports.texts()
    before = texts.head(_MANY)
    once = found_in(before)
    assert once.repeats.height > _MANY
    found = found_in(texts, Known(once.known, once.apart, once.stood))
    assert found.renewed
    assert found.repeats.is_empty()
    # And back again.
    went = Known(found.known, found.apart, found.stood, lambda gone: texts[gone["row"]])
    assert_same(found_in(before, went), once)


def test_few_texts_are_looked_at_again_and_none_is_opened_that_is_known() -> None:
    reports = Reports(7)
    texts = reports.texts()
    found = found_in(texts)
    reports.renumber()
    now = reports.texts()
    opened: list[int] = []

    def fetch(rows: np.ndarray) -> pl.Series:
        opened.extend(rows.tolist())
        return now["sentences"][rows]

    known = Known(found.known, found.apart, found.stood, lambda went: texts[went["row"]])
    assert_same(find(now, fetch, known), found_in(now))
    assert opened == []


def test_texts_that_stand_far_from_a_change_are_left_as_they_are() -> None:
    rng = chance(9)
    reports = Reports(9)
    reports.said.clear()
    for owner in range(60):
        reports.put(owner, 2021, [_sentence(rng) for _ in range(6)])
    held = _held(reports.texts())
    came = np.zeros(60, dtype=np.bool_)
    came[7] = True
    none = _held(reports.texts().clear())
    order = np.flatnonzero(~came)
    assert renewing.touched(held, none, order, came).tolist() == came.tolist()


def test_where_a_text_is_gone_for_good_or_much_has_changed_all_is_found_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reports = Reports(11)
    texts = reports.texts()
    found = found_in(texts)
    del reports.said[texts["document_id"][found.stood["row"][-1]]]
    now = reports.texts()
    lost = found_in(now, Known(found.known, found.apart, found.stood))
    assert not lost.renewed
    assert_same(lost, found_in(now))
    there = Known(found.known, found.apart, found.stood, lambda went: texts[went["row"]])
    for name in ("_FEW", "_CLOSE"):
        with monkeypatch.context() as context:
            context.setattr(renewing, name, 0.0)
            assert not found_in(now, there).renewed
    assert found_in(now, there).renewed


def _held(texts: pl.DataFrame) -> Texts:
    return renewing._held(texts)
