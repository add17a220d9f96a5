"""A section's text in, what it states of requests, cases, documents and the fee out.

A sentence is read clause by clause; later clauses inherit what it is about. A
statement is the report's own only where every clause of its sentence is
understood, and none says another year, a part, or another count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import msgspec

from govreport_core.narrative.clauses import Clause, Form, clauses
from govreport_core.narrative.context import Context, Statement, groups_of, scoped
from govreport_core.narrative.lexicon import (
    Roles,
    Speaker,
    is_dated,
    named_year,
    names_speaker,
    tokens,
)
from govreport_core.narrative.remembered import remembered
from govreport_core.narrative.stating import likely, stated

LONGEST = 1_000
"""Characters of a sentence that is still read: what a claim quotes stays bounded."""
_LINE = 18  # characters: shorter lines without an end are headings
_SENTENCE = re.compile(r"[^。!?\n]+[。!?]?|[。!?]")
# A sentence without these states nothing.
_WORTH_READING = re.compile(r"件|宗|申请|复议|诉讼|规范性|处理费|办结|答复|败诉|纠错")
# A line that begins a part of its own: what was spoken of before is over.
_OPENS_PART = re.compile(
    r"\n\s*(?:\(|[一二三四五六七八九十]{1,3}[、是]|\d{1,2}[.、]|第[一二三四五六七八九十])"
)
# What the next sentence may add to this one's number, or take from it.
_AFTERTHOUGHT = re.compile(
    r"\s*\(?\s*(?:另|此外|其中|上述|以上|前述|注|不含|含|其余|剩余|除|该数|此数|还)"
)
_TOPICS = {
    "cases": ("review", "litigation", "no_review", "no_litigation", "lost", "zero_lost"),
    "fee": ("fee",),
    "documents": ("doc",),
    "requests": ("object", "object_total", "asked"),
}
_SECTION_TOPIC = {"s3_requests": "requests", "s6_other": "fee"}
_ENDED = ("_upheld", "_other_result")
_OF_OTHER_YEARS = frozenset({"carried_over", "carried_forward", "none_forward", "cases_part"})


def statements(section: str, folded: str, speaker: Speaker) -> Iterator[Statement]:
    """What a section states, in its order.

    Args:
        section: Its code.
        folded: Its text, folded.
        speaker: Whose report it is.
    """
    if not _WORTH_READING.search(folded):
        return
    topic, year, broken = _SECTION_TOPIC.get(section), None, False
    before: list[Statement] = []
    for match in _SENTENCE.finditer(folded):
        sentence, (start, end) = match[0], match.span()
        if end - start > LONGEST or sentence.isspace():
            continue
        found: list[Statement] = []
        understood = False
        if _WORTH_READING.search(sentence):
            read = _sentence(sentence, speaker, year, topic)
            found, understood = [_moved(one, start) for one in read.found], read.understood
            year, topic = read.year, "requests" if read.goes_on else None
        else:
            year, topic = named_year(sentence, speaker) or year, None
        whole = understood and not broken
        if before and not understood and _AFTERTHOUGHT.match(sentence):
            before = [scoped(one, "not_understood") for one in before]
        yield from before
        before = found if whole else [scoped(one, "not_understood") for one in found]
        if _OPENS_PART.match(folded, end):
            year = topic = None
        topic = topic or _SECTION_TOPIC.get(section)
        # a line that breaks off may hold the scope of the next
        broken = not whole and _broken(sentence)
    yield from before


def _broken(line: str) -> bool:
    line = line.strip()
    return line[-1] not in "。!?;:" and (len(line) >= _LINE or line[-1] in ",、")


class _Read(NamedTuple):
    """What a sentence states, at places of its own text.

    Attributes:
        understood: Whether every clause of it is.
        year: The year named last.
        goes_on: Whether the next sentence may speak of requests as well.
    """

    found: tuple[Statement, ...]
    understood: bool
    year: str | None
    goes_on: bool


def _moved(one: Statement, by: int) -> Statement:
    (a, b), (c, d) = one.clause, one.sentence
    return msgspec.structs.replace(one, clause=(a + by, b + by), sentence=(c + by, d + by))


def _sentence(sentence: str, speaker: Speaker, year: str | None, topic: str | None) -> _Read:
    """What a sentence states, `year` and `topic` being those of the one before."""
    if names_speaker(sentence, speaker):
        return _read(sentence, year, topic, speaker)
    return _read_of_anyone(sentence, year, topic, speaker.year if is_dated(sentence) else None)


@remembered
def _read_of_anyone(
    sentence: str, year: str | None, topic: str | None, speaks_in: int | None
) -> _Read:
    return _read(sentence, year, topic, Speaker(speaks_in, {}))


def _read(sentence: str, year: str | None, topic: str | None, speaker: Speaker) -> _Read:
    at, span = Context(year=year, topic=topic), (0, len(sentence))
    found: list[Statement] = []
    understood = True
    for clause in clauses(tokens(sentence, speaker)):
        form, kept = _chosen(clause, at)
        _note(clause, form, at)
        if form is None:
            understood = False
            found.extend(likely(clause, at, span, "not_understood"))
        elif form.part:
            found.extend(likely(clause, at, span, "part"))
        elif form.states:
            found.extend(stated(form, kept, clause, at, span))
        _pass_on(clause, form, at)
    if at.dismissed:
        found = [scoped(one, "part") if one.kind.endswith(_ENDED) else one for one in found]
    if at.opens:
        found = [scoped(one, "open") if one.kind == "all_disposed" else one for one in found]
    return _Read(tuple(found), understood, at.year, understood and at.topic == "requests")


def _chosen(clause: Clause, at: Context) -> tuple[Form | None, dict[str, int]]:
    """The first form that matches and whose matter is at hand."""
    for form, kept in clause.forms:
        needs = form.needs
        if needs is None or needs == at.topic or at.has_ready(needs):
            return form, kept
        if needs in _heard(clause.roles).topics:
            return form, kept
    return None, {}


class _Heard(NamedTuple):
    """What the roles of a clause's words say; `topics` are those of `_TOPICS` that it names."""

    own: bool
    area: bool
    anew: bool
    other_year: bool
    own_year: bool
    until: bool
    this_year: bool
    pub: bool
    among: bool
    counts: bool
    dismissed: bool
    topics: tuple[str, ...]


@lru_cache(maxsize=8192)
def _heard(roles: Roles) -> _Heard:
    def has(*some: str) -> bool:
        return not roles.isdisjoint(some)

    return _Heard(
        own=has("own"),
        area=has("area"),
        anew=has("object", "own", "own_year"),
        other_year=has("other_year", "last_year") and not has("carried", "carry_to"),
        own_year=has("own_year"),
        until=has("until"),
        this_year=has("this_year"),
        pub=has("pub"),
        among=has("among") and not has("count"),
        counts=has("count"),
        dismissed=has("dismissed"),
        topics=tuple(topic for topic, some in _TOPICS.items() if has(*some)),
    )


def _note(clause: Clause, form: Form | None, at: Context) -> None:
    """What the clause's words say of year, agency and matter."""
    heard = _heard(clause.roles)
    at.area = heard.area or (at.area and not heard.own)
    at.own = at.own or heard.own
    if form is not None and form.compares:
        return
    if clause.depth < at.part or heard.anew:
        at.part = -1
    if heard.other_year and (form is None or form.states not in _OF_OTHER_YEARS):
        at.year = "other"
    elif heard.own_year:
        at.year, at.dated = "own", at.dated or not heard.until
    elif heard.this_year:
        at.year = "this"
    if heard.topics:
        at.topic = heard.topics[0]
        if at.topic == "cases":
            at.caused = at.caused or heard.pub
            _namegroups_of(clause, at)


def _namegroups_of(clause: Clause, at: Context) -> None:
    for word in clause.words:
        if "review" in word.roles:
            at.group = "review"
        elif "litigation" in word.roles:
            at.group = "litigation"
        else:
            continue
        at.groups = tuple(dict.fromkeys((*at.groups, *groups_of(at.group))))


def _pass_on(clause: Clause, form: Form | None, at: Context) -> None:
    """What the next clause inherits."""
    heard = _heard(clause.roles)
    if heard.counts:
        counts = (word.number for word in clause.words if "count" in word.roles)
        at.counts.extend(number for number in counts if number is not None)
    at.among = heard.among
    if form is None:
        return
    at.dismissed = at.dismissed or heard.dismissed
    at.opens = at.opens or form.opens or form.states == "carried_forward"
    at.loose = form.loose
    if form.part:
        at.part, at.again = clause.depth, ""
    if form.lists == "outcomes":
        at.listed, at.topic = at.topic == "requests", "requests"
    elif form.lists:
        at.topic = form.lists
