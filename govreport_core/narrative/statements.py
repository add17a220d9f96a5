"""A section's text in, what it states of requests, cases, documents and the fee out.

A sentence is read clause by clause; later clauses inherit what it is about. A
statement is the report's own only where every clause of its sentence is
understood, and none says another year, a part, or another count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from govreport_core.narrative.clauses import Clause, Form, clauses
from govreport_core.narrative.context import Context, Statement, groups_of, scoped
from govreport_core.narrative.lexicon import Speaker, named_year, tokens
from govreport_core.narrative.stating import likely, stated

LONGEST = 1_000
"""Characters of a sentence that is still read: what a claim quotes stays bounded."""
_LINE = 18  # characters: shorter lines without an end are headings
_SENTENCE = re.compile(r"[^。!?\n]*[。!?]?")
# A sentence without these states nothing.
_WORTH_READING = re.compile(r"[件宗]|申请|复议|诉讼|规范性|处理费|办结|答复|败诉|纠错")
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
    topic, year, before = _SECTION_TOPIC.get(section), None, list[Statement]()
    broken = False
    for match in _SENTENCE.finditer(folded):
        start, end = match.span()
        if not match[0].strip() or end - start > LONGEST:
            continue
        at = Context(year=year, topic=topic)
        found, understood = list[Statement](), False
        if _WORTH_READING.search(match[0]):
            found, understood = _sentence(folded, (start, end), speaker, at)
        else:
            at.year = named_year(match[0], speaker) or at.year
        whole = understood and not broken
        if not understood and _AFTERTHOUGHT.match(match[0]):
            before = [scoped(one, "not_understood") for one in before]
        yield from before
        before = found if whole else [scoped(one, "not_understood") for one in found]
        year, topic = at.year, at.topic if understood and at.topic == "requests" else None
        if _OPENS_PART.match(folded, end):
            year = topic = None
        topic = topic or _SECTION_TOPIC.get(section)
        # a line that breaks off may hold the scope of the next
        broken = not whole and _broken(match[0])
    yield from before


def _broken(line: str) -> bool:
    line = line.strip()
    return line[-1] not in "。!?;:" and (len(line) >= _LINE or line[-1] in ",、")


def _sentence(
    folded: str, span: tuple[int, int], speaker: Speaker, at: Context
) -> tuple[list[Statement], bool]:
    """Its statements, and whether every clause of it is understood."""
    found: list[Statement] = []
    understood = True
    for clause in clauses(list(tokens(folded, *span, speaker))):
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
    return found, understood


def _chosen(clause: Clause, at: Context) -> tuple[Form | None, dict[str, int]]:
    """The first form that matches and whose matter is at hand."""
    for form, kept in clause.forms:
        needs = form.needs
        if needs is None or needs == at.topic or needs in at.hand():
            return form, kept
        if needs in _TOPICS and clause.has(*_TOPICS[needs]):
            return form, kept
    return None, {}


def _note(clause: Clause, form: Form | None, at: Context) -> None:
    """What the clause's words say of year, agency and matter."""
    at.own = at.own or clause.has("own")
    at.area = clause.has("area") or (at.area and not clause.has("own"))
    if form is not None and form.compares:
        return
    if clause.depth < at.part or clause.has("object", "own", "own_year"):
        at.part = -1
    other = clause.has("other_year", "last_year") and not clause.has("carried", "carry_to")
    if form is not None and form.states in _OF_OTHER_YEARS:
        other = False
    if other:
        at.year = "other"
    elif clause.has("own_year"):
        at.year, at.dated = "own", at.dated or not clause.has("until")
    elif clause.has("this_year"):
        at.year = "this"
    topic = next((t for t, roles in _TOPICS.items() if clause.has(*roles)), None)
    at.topic = topic or at.topic
    if topic == "cases":
        at.caused = at.caused or clause.has("pub")
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
    at.counts.extend(w.number for w in clause.words if "count" in w.roles and w.number is not None)
    at.among = clause.has("among") and not clause.has("count")
    if form is None:
        return
    at.dismissed = at.dismissed or clause.has("dismissed")
    at.opens = at.opens or form.opens or form.states == "carried_forward"
    at.loose = form.loose
    if form.part:
        at.part, at.again = clause.depth, ""
    if form.lists == "outcomes":
        at.listed, at.topic = at.topic == "requests", "requests"
    elif form.lists:
        at.topic = form.lists
