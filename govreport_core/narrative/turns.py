"""A sentence of section five in, its stretches out: of a problem, of what is done about it."""

from __future__ import annotations

import re

import msgspec

from govreport_core.narrative.point_words import Kind, PointWords, point_words
from govreport_core.narrative.remembered import remembered

_HEAD_LENGTH = 30
_LEAD_LENGTH = 120
_CLAUSES = re.compile(r"[^,]+,?")
_BRACKET = re.compile(r"\(([^()\n]{2,120})\)(?=[。;!?.\n]*\Z)")


class State(msgspec.Struct, frozen=True, gc=False):
    """What is being spoken of: by a heading (`firm`), by a sentence's turn, or not known."""

    kind: Kind | None = None
    firm: bool = False


class Lead(msgspec.Struct, frozen=True, gc=False):
    """Words that only lead to what follows: how many characters, and to what.

    Attributes:
        kind: None where they don't say.
        both: A heading of problems and measures together.
        cause: What follows says why, and is part of the problem before it.
    """

    length: int
    kind: Kind | None
    both: bool = False
    cause: bool = False


class Stretch(msgspec.Struct, frozen=True, gc=False):
    """Characters of a sentence that speak of one kind.

    Attributes:
        told: Whether its own words say so; else it goes by what stands before.
        turned: Whether it says what will be done, so that what follows goes on so.
    """

    start: int
    end: int
    kind: Kind
    told: bool
    turned: bool


def heading_kind(phrase: str) -> Kind | None:
    """What a phrase heads that consists of a heading's words alone."""
    found = _heading(phrase, point_words())
    return found.kind if found else None


def leads_on(sentence: str) -> bool:
    """Whether a sentence begins with what is done, or only leads to what follows."""
    words = point_words()
    return bool(":" in sentence or words.measure.match(sentence) or words.leads.search(sentence))


@remembered
def lead_of(sentence: str, *, before_list: bool, first: bool) -> Lead | None:
    """The words a sentence opens with that name no point themselves.

    Args:
        sentence: Folded, without its enumerator.
        before_list: Whether an enumeration follows it.
        first: Whether it stands in no item.
    """
    words = point_words()
    bare = sentence.strip(" \n。;,.:!?")
    if not bare:
        return Lead(len(sentence), None)
    colon = sentence.find(":", 0, _LEAD_LENGTH)
    if colon >= 0 and (found := _heading(sentence[:colon], words)):
        return _long(found, colon + 1)
    found = _heading(bare, words)
    if found and (found.length or before_list):
        return _long(found, len(sentence))
    opens, _, rest = sentence.lstrip().partition(" ")
    if rest and (found := _heading(opens, words)) and found.length:
        return _long(found, len(sentence) - len(rest))
    if colon < 0 and first and len(bare) <= _HEAD_LENGTH and words.whole_leads.search(bare):
        return Lead(len(sentence), _led_to(bare, words))
    phrase = sentence[:colon] if colon >= 0 else bare if before_list else ""
    if not phrase or len(phrase) > _LEAD_LENGTH:
        return None
    if words.leads.search(phrase) or (first and colon >= 0 and words.first_leads.search(phrase)):
        return Lead(colon + 1 if colon >= 0 else len(sentence), _led_to(phrase, words))
    return None


def _long(lead: Lead, length: int) -> Lead:
    return Lead(length, lead.kind, lead.both, lead.cause)


def _heading(phrase: str, words: PointWords) -> Lead | None:
    """A phrase of a heading's words alone; of length 0 where they are filler."""
    bare = phrase.strip(" \n。;,.:!?")
    if not bare or len(bare) > _HEAD_LENGTH or not words.head.fullmatch(bare.replace(" ", "")):
        return None
    kinds = [(m.lastgroup, m.start()) for m in words.head_word.finditer(bare)]
    problem = [at for kind, at in kinds if kind == "problem"]
    measure = [at for kind, at in kinds if kind == "measure"]
    if problem and measure:
        first, last = min(problem[0], measure[0]), max(problem[-1], measure[-1])
        joined = any(kind == "join" and first < at < last for kind, at in kinds)
        if joined:
            return Lead(1, None, both=True)
        return Lead(1, "improvement" if measure[-1] > problem[-1] else "problem")
    if problem or measure:
        return Lead(1, "problem" if problem else "improvement")
    if any(kind == "cause" for kind, _ in kinds):
        return Lead(1, None, cause=True)
    return Lead(0, None) if words.opens.search(bare) else None


def _led_to(phrase: str, words: PointWords) -> Kind | None:
    if words.measure.match(phrase):
        return "improvement"
    if words.lead_has.match(phrase):
        return "problem"
    last = None
    for match in words.lead_word.finditer(phrase):
        last = match.lastgroup
    return None if last is None else "problem" if last == "problem" else "improvement"


@remembered
def says_nothing(sentence: str) -> bool:
    """Whether it only says that there is no problem."""
    words = point_words()
    bare = sentence.strip(" \n。;,.:!?")
    return bool(words.nothing.search(bare)) and not words.deficient.search(
        words.nothing.sub("", bare)
    )


@remembered
def stretches(sentence: str, state: State, before: Kind | None) -> list[Stretch]:
    """What a sentence says, cut where it turns from the one to the other.

    Args:
        sentence: Folded, without enumerator and lead.
        state: What is being spoken of.
        before: What the sentence before it in the same item spoke of.
    """
    words = point_words()
    kind, told, turned = _kind(sentence, state, before, words)
    if kind == "improvement":
        return [Stretch(0, len(sentence), kind, told, turned)]
    if bracket := _BRACKET.search(sentence):
        inner = bracket[1]
        done = words.lead_word.match(inner)
        if (
            words.measure.match(inner)
            or (done and done["measure"])
            or (words.verbs.match(inner) and not _names(inner, words))
        ):
            return [
                Stretch(0, bracket.start(), "problem", told=True, turned=False),
                Stretch(bracket.start(1), bracket.end(1), "improvement", told=True, turned=False),
            ]
    for clause in _CLAUSES.finditer(sentence):
        if clause.start() and words.measure.match(sentence, clause.start(), clause.end()):
            return _turned(sentence, clause.start(), words)
    return [Stretch(0, len(sentence), kind, told, turned)]


def _turned(sentence: str, at: int, words: PointWords) -> list[Stretch]:
    """A problem up to `at`, then what is done about it; one an earlier report told isn't new."""
    if words.retold.search(sentence, 0, at) or _refers(sentence[:at]):
        return [Stretch(0, len(sentence), "improvement", told=True, turned=False)]
    return [
        Stretch(0, at, "problem", told=True, turned=False),
        Stretch(at, len(sentence), "improvement", told=True, turned=False),
    ]


_REFERRING = re.compile(r"\A *(?:针对|对于?|关于|就|围绕|为|以上|上述|这些)")
_TIME_ALONE = re.compile(r"\A *(?:20\d\d年度?|新的一年|年内)? *,? *\Z")


def _refers(text: str) -> bool:
    return bool(_REFERRING.match(text) or _TIME_ALONE.match(text))


def _kind(
    sentence: str, state: State, before: Kind | None, words: PointWords
) -> tuple[Kind, bool, bool]:
    """Kind, whether its own words say so, and whether it turns what follows."""
    bare = sentence.lstrip(" \n,")
    if words.measure.match(bare):
        return "improvement", True, True
    if words.problem.search(bare) and not words.aimed_at.match(bare):
        return "problem", True, True
    if state.firm and state.kind is not None:
        return state.kind, _names(bare, words) or state.kind == "improvement", False
    if _names(bare, words):
        return "problem", True, False
    if words.verbs.match(bare):
        return "improvement", True, False
    return state.kind or before or "problem", False, False


def _names(text: str, words: PointWords) -> bool:
    """Whether it names something deficient, and not only as what a measure is aimed at."""
    return bool(words.deficient.search(words.aimed_at.sub("", text)))


def named_within(measure: str) -> tuple[int, int, int] | None:
    """Where a measure names the problem it is for: start and end, and where it goes on."""
    words = point_words()
    found = words.named_within.search(measure, 0, _LEAD_LENGTH * 10)
    if found is None or not words.deficient.search(found["problem"].removesuffix("问题")):
        return None
    return (*found.span("problem"), found.start("measure"))


def only_announces(sentence: str) -> bool:
    """Whether it says that there are problems and names none: 仍存在一些不足."""
    return bool(point_words().leads.search(sentence.strip(" \n。;,.:!?")))


def praises(sentence: str) -> bool:
    """Whether it only says what went well."""
    words = point_words()
    return bool(words.praise.search(sentence)) and not _names(sentence, words)
