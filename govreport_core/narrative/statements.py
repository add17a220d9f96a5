"""A section's text in, what it states of requests, cases, documents and the fee out.

A sentence is read clause by clause; later clauses inherit what it is about. A
statement is the report's own only where every clause of its sentence is
understood, and none says another year, a part, or another count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from govreport_core.narrative.clauses import Clause, Form, clauses, grammar
from govreport_core.narrative.lexicon import Speaker, named_year, tokens

LONGEST = 1_000
"""Characters of a sentence that is still read: what a claim quotes stays bounded."""
NEVER = frozenset({"other_year", "part", "wider", "not_understood", "rounded"})
"""The scopes of numbers that are no one's own, or not known to be: nothing is held against them."""
_LINE = 18  # characters: shorter lines without an end are headings
CASES = ("review", "litigation")
SUITS = ("litigation_direct", "litigation_after_review")

OUTCOMES = (
    *("granted", "granted_full", "granted_partial", "denied", "unable"),
    *("unprocessed", "other_done"),
)
PLAIN = {"plain_granted": "granted_full", "plain_denied": "denied", "plain_other": "other_done"}
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
# After 其中 or 另有, or in brackets, these are not all there are.
_WHOLES = frozenset(
    {"received", "requests", "none_received", "disposed", "accepted", "handled", "documents_issued"}
)
_REQUESTS = frozenset(
    {*_WHOLES, *OUTCOMES, "new", "carried_over", "carried_forward", "none_forward", "percent"}
    | {"all_disposed", "none_disclosed"}
) - {"documents_issued"}
_ENDED = ("_upheld", "_other_result")
_OF_OTHER_YEARS = frozenset({"carried_over", "carried_forward", "none_forward", "cases_part"})


class Statement(msgspec.Struct, frozen=True):
    """A statement with its place.

    Attributes:
        kind: What it states; see `clauses.toml`.
        number: The number said; 0 for none.
        scope: None where it is the report's own figure, else why it may differ.
        firm: Whether year and agency are said in so many words.
        clause, sentence: Start and end in the text.
        groups: Of cases: which of table four's it speaks of.
        bases: Of a percentage: numbers of its sentence that it may be of.
        decimals: Of a percentage: those printed.
    """

    kind: str
    number: float
    scope: str | None
    firm: bool
    clause: tuple[int, int]
    sentence: tuple[int, int]
    groups: tuple[str, ...] = ()
    of: tuple[str, float] | None = None
    bases: tuple[float, ...] = ()
    decimals: int = 0


class _Context(msgspec.Struct):
    """What a clause inherits from those before it, in its sentence.

    Attributes:
        year: The year named last: `own`, `this` (本年), `other`.
        topic: What it is about.
        listed: Whether a list of outcomes was announced.
        caused: Whether the cases were said to arise from disclosure.
        group, groups: The cases named last, and all that were named.
        area: Whether a government's area, or all of an agency, was named since.
        own, dated: Whether the agency, and the report's year, were named.
        among: Whether all since is some of what was told before (其中：).
        part: The depth of brackets at which parts are told, -1 where none are.
        opens: Whether some were said to be open.
        loose: Whether the clause before was a bag of words.
        again: The kind stated last, which an elliptic clause states again.
        apart: The kinds whose numbers come next, told respectively.
        told: Whether an outcome was told.
        dismissed: Whether cases were told that some count as upheld.
        outcome: The outcome stated just before, with its number.
        counts: The numbers said so far.
    """

    year: str | None = None
    topic: str | None = None
    listed: bool = False
    caused: bool = False
    group: str = ""
    groups: tuple[str, ...] = ()
    own: bool = False
    area: bool = False
    dated: bool = False
    among: bool = False
    part: int = -1
    opens: bool = False
    loose: bool = False
    again: str = ""
    outcome: tuple[str, float] | None = None
    counts: list[float] = []
    apart: tuple[str, ...] = ()
    told: bool = False
    dismissed: bool = False

    def hand(self) -> set[str]:
        """What the sentence has made ready for a clause that needs it."""
        ready = {"outcomes": self.listed, "apart": bool(self.apart), "told": self.told}
        return {name for name, is_ready in ready.items() if is_ready}


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
        at = _Context(year=year, topic=topic)
        found, understood = list[Statement](), False
        if _WORTH_READING.search(match[0]):
            found, understood = _sentence(folded, (start, end), speaker, at)
        else:
            at.year = named_year(match[0], speaker) or at.year
        whole = understood and not broken
        if not understood and _AFTERTHOUGHT.match(match[0]):
            before = [_scoped(one, "not_understood") for one in before]
        yield from before
        before = found if whole else [_scoped(one, "not_understood") for one in found]
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


def _scoped(one: Statement, scope: str) -> Statement:
    """The statement with this scope, where it had none that is as strong."""
    if one.scope in NEVER or (one.scope and scope not in NEVER):
        return one
    return msgspec.structs.replace(one, scope=scope)


def _sentence(
    folded: str, span: tuple[int, int], speaker: Speaker, at: _Context
) -> tuple[list[Statement], bool]:
    """Its statements, and whether every clause of it is understood."""
    found: list[Statement] = []
    understood = True
    for clause in clauses(list(tokens(folded, *span, speaker))):
        form, kept = _chosen(clause, at)
        _note(clause, form, at)
        if form is None:
            understood = False
            found.extend(_likely(clause, at, span, "not_understood"))
        elif form.part:
            found.extend(_likely(clause, at, span, "part"))
        elif form.states:
            found.extend(_stated(form, kept, clause, at, span))
        _pass_on(clause, form, at)
    if at.dismissed:
        found = [_scoped(one, "part") if one.kind.endswith(_ENDED) else one for one in found]
    if at.opens:
        found = [_scoped(one, "open") if one.kind == "all_disposed" else one for one in found]
    return found, understood


def _chosen(clause: Clause, at: _Context) -> tuple[Form | None, dict[str, int]]:
    """The first form that matches and whose matter is at hand."""
    own = {topic for topic, roles in _TOPICS.items() if clause.has(*roles)}
    for form, kept in clause.forms:
        if form.needs in at.hand():
            return form, kept
        if form.needs is None or form.needs in own or form.needs == at.topic:
            return form, kept
    return None, {}


def _note(clause: Clause, form: Form | None, at: _Context) -> None:
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
        _name_groups(clause, at)


def _name_groups(clause: Clause, at: _Context) -> None:
    for word in clause.words:
        if "review" in word.roles:
            at.group = "review"
        elif "litigation" in word.roles:
            at.group = "litigation"
        else:
            continue
        at.groups = tuple(dict.fromkeys((*at.groups, *_groups(at.group))))


def _groups(kind: str) -> tuple[str, ...]:
    return SUITS if kind == "litigation" else ("review",)


def _pass_on(clause: Clause, form: Form | None, at: _Context) -> None:
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


def _stated(
    form: Form, kept: dict[str, int], clause: Clause, at: _Context, span: tuple[int, int]
) -> Iterator[Statement]:
    """What a clause of this form states."""
    number = next((clause.words[kept[k]].number or 0.0 for k in ("n", "m", "p") if k in kept), 0.0)
    kind = _kind(form, kept, clause, at)
    kind = at.again if kind == "again" else kind
    if kind in ("respectively", "next"):
        kind = _next_apart(kind, clause, at)
    outcome, at.outcome = at.outcome, None
    if kind in OUTCOMES:
        at.outcome, at.told = (kind, number), True
    before, at.again = at.again, kind
    one = Statement(
        kind,
        number,
        _scope(kind, before, clause, at),
        at.own and at.dated,
        (clause.words[0].start, clause.words[-1].end),
        span,
        _groups(kind.partition("_")[0]) if kind.startswith(("review", "litigation")) else (),
    )
    if kind == "percent":
        yield from _percent(one, clause.words[kept["p"]].decimals, outcome, at)
    elif kind in ("review", "litigation", "cases", "cases_new", "no_cases"):
        yield from _cases(one, clause, at)
    elif kind in ("all_upheld", "none_lost"):
        yield _judged(one, clause, at)
    elif kind and kind != "cases_part":
        yield msgspec.structs.replace(one, bases=tuple(at.counts))


def _kind(form: Form, kept: dict[str, int], clause: Clause, at: _Context) -> str:
    """The kind stated; for `@class` by the role, of that class, of the word kept as `what`."""
    states = form.states or ""
    if not states.startswith("@"):
        return states
    if "group" in kept:
        at.group = "review" if "review" in clause.words[kept["group"]].roles else "litigation"
    has = clause.words[kept["what"]].roles
    role = next((role for role in grammar().classes[states[1:]] if role in has), "")
    return f"{at.group}_{role}" if states == "@case_result" else PLAIN.get(role, role)


def _next_apart(kind: str, clause: Clause, at: _Context) -> str:
    """Of `收到、办结分别为12件、10件` the kind whose number comes next."""
    if kind == "respectively":
        words = (word.roles for word in clause.words)
        at.apart = tuple(
            "received" if "recv" in roles else "disposed"
            for roles in words
            if {"recv", "disp"} & roles
        )
    kind, *rest = at.apart
    at.apart = tuple(rest)
    return kind


def _scope(kind: str, said_before: str, clause: Clause, at: _Context) -> str | None:
    """Why a number may count something else than the table; None where nothing says so."""
    if at.year == "other":
        return "other_year"
    if kind in _WHOLES and (at.among or clause.has("among", "extra") or clause.depth):
        return "part"
    if at.part >= 0 or (at.loose and _bare(clause)):
        return "part"
    if kind == "carried_over" and said_before == "disposed" and clause.has("incl"):
        return "part"  # 办结20件（含上年结转2件）: of those carried over, the ones disposed of
    if kind not in _REQUESTS and at.area:
        return "wider"
    if kind == "handled" or clause.has("accepted"):
        return "handled" if kind == "handled" else "accepted"
    if clause.has("cumulative"):
        return "cumulative"
    return "in_time" if kind == "disposed" and clause.has("in_time") else None


def _bare(clause: Clause) -> bool:
    """Whether it opens with its verb, so that its subject is what stands before."""
    return not clause.words[0].roles.isdisjoint(("disp", "recv")) and not clause.has("object")


def _percent(
    one: Statement, decimals: int, of: tuple[str, float] | None, at: _Context
) -> Iterator[Statement]:
    """A share of all of the outcome stated just before; of anything else nothing is said."""
    if of is not None:
        yield msgspec.structs.replace(one, of=of, decimals=decimals, bases=tuple(at.counts))


def _cases(one: Statement, clause: Clause, at: _Context) -> Iterator[Statement]:
    """Cases, or that there were none: of each kind that is named."""
    if not at.caused:
        one = _scoped(one, "cause_unstated")
    if one.kind == "cases":
        yield msgspec.structs.replace(one, groups=("review", *SUITS))
        return
    if one.kind == "cases_new":
        one = _scoped(one, "part")
    named = (
        [one.kind]
        if one.kind in CASES
        else [kind for kind in CASES if clause.has(kind, f"no_{kind}")]
    )
    for kind in named:
        at.group, at.again = kind, kind
        yield msgspec.structs.replace(one, kind=kind, groups=_groups(kind))


def _judged(one: Statement, clause: Clause, at: _Context) -> Statement:
    """How cases ended: all upheld, or none lost."""
    groups = at.groups
    if one.kind == "none_lost":
        lost = clause.has("lost", "zero_lost", "lost_rate")
        right = clause.has("put_right", "zero_right", "right_rate")
        groups = (*(("review",) if right else ()), *(SUITS if lost else ()))
        if right and not lost and clause.has("litigation") and not clause.has("review"):
            groups = SUITS
    one = msgspec.structs.replace(one, groups=groups)
    return one if at.caused and groups else _scoped(one, "cause_unstated")


def _likely(clause: Clause, at: _Context, span: tuple[int, int], scope: str) -> Iterator[Statement]:
    """What a clause that isn't understood, or tells a part, seems to state: it is never judged."""
    about = next((w for w in clause.words if "nearly" in w.roles), None)
    number = next((w.number or 0.0 for w in clause.words if {"count", "money"} & w.roles), None)
    kind = _seeming(clause, at)
    if not kind or (number is None and about is None and not clause.has("none")):
        return
    yield Statement(
        kind,
        number or 0.0,
        "rounded" if about else scope,
        False,
        (clause.words[0].start, clause.words[-1].end),
        span,
        groups=_groups(kind) if kind in ("review", "litigation") else (),
    )


def _seeming(clause: Clause, at: _Context) -> str:
    if clause.has("fee") and clause.has("money"):
        return "information_fee"
    for kind in CASES:
        if clause.has(kind):
            return kind
    if clause.has("granted_full") and clause.has("granted_partial"):
        return "granted"
    for kind in OUTCOMES:
        if clause.has(kind) and clause.has("count"):
            return kind
    if clause.has("doc"):
        return "documents_issued" if clause.has("make") else ""
    if clause.has("recv", "new_recv", "accepted", "handled") and clause.has("object"):
        return "none_received" if clause.has("none") and not clause.has("count") else "received"
    return (
        "disposed" if clause.has("disp") and at.topic == "requests" and clause.has("count") else ""
    )
