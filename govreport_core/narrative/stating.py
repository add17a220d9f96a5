"""A clause and the form it has in, what it states out, and why that may not be the report's."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from govreport_core.narrative.clauses import Clause, Form, grammar
from govreport_core.narrative.context import SUITS, Context, Statement, groups_of, scoped

CASES = ("review", "litigation")
OUTCOMES = (
    *("granted", "granted_full", "granted_partial", "denied", "unable"),
    *("unprocessed", "other_done"),
)
PLAIN = {"plain_granted": "granted_full", "plain_denied": "denied", "plain_other": "other_done"}
# After 其中 or 另有, or in brackets, these are not all there are.
_WHOLES = frozenset(
    {"received", "requests", "none_received", "disposed", "accepted", "handled", "documents_issued"}
)
_REQUESTS = frozenset(
    {*_WHOLES, *OUTCOMES, "new", "carried_over", "carried_forward", "none_forward", "percent"}
    | {"all_disposed", "none_disclosed"}
) - {"documents_issued"}


def stated(
    form: Form, kept: dict[str, int], clause: Clause, at: Context, span: tuple[int, int]
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
        groups_of(kind.partition("_")[0]) if kind.startswith(("review", "litigation")) else (),
    )
    if kind == "percent":
        yield from _percent(one, clause.words[kept["p"]].decimals, outcome, at)
    elif kind in ("review", "litigation", "cases", "cases_new", "no_cases"):
        yield from _cases(one, clause, at)
    elif kind in ("all_upheld", "none_lost"):
        yield _judged(one, clause, at)
    elif kind and kind != "cases_part":
        yield msgspec.structs.replace(one, bases=tuple(at.counts))


def _kind(form: Form, kept: dict[str, int], clause: Clause, at: Context) -> str:
    """The kind stated; for `@class` by the role, of that class, of the word kept as `what`."""
    states = form.states or ""
    if not states.startswith("@"):
        return states
    if "group" in kept:
        at.group = "review" if "review" in clause.words[kept["group"]].roles else "litigation"
    has = clause.words[kept["what"]].roles
    role = next((role for role in grammar().classes[states[1:]] if role in has), "")
    return f"{at.group}_{role}" if states == "@case_result" else PLAIN.get(role, role)


def _next_apart(kind: str, clause: Clause, at: Context) -> str:
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


def _scope(kind: str, said_before: str, clause: Clause, at: Context) -> str | None:
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
    one: Statement, decimals: int, of: tuple[str, float] | None, at: Context
) -> Iterator[Statement]:
    """A share of all of the outcome stated just before; of anything else nothing is said."""
    if of is not None:
        yield msgspec.structs.replace(one, of=of, decimals=decimals, bases=tuple(at.counts))


def _cases(one: Statement, clause: Clause, at: Context) -> Iterator[Statement]:
    """Cases, or that there were none: of each kind that is named."""
    if not at.caused:
        one = scoped(one, "cause_unstated")
    if one.kind == "cases":
        yield msgspec.structs.replace(one, groups=("review", *SUITS))
        return
    if one.kind == "cases_new":
        one = scoped(one, "part")
    named = (
        [one.kind]
        if one.kind in CASES
        else [kind for kind in CASES if clause.has(kind, f"no_{kind}")]
    )
    for kind in named:
        at.group, at.again = kind, kind
        yield msgspec.structs.replace(one, kind=kind, groups=groups_of(kind))


def _judged(one: Statement, clause: Clause, at: Context) -> Statement:
    """How cases ended: all upheld, or none lost."""
    groups = at.groups
    if one.kind == "none_lost":
        lost = clause.has("lost", "zero_lost", "lost_rate")
        right = clause.has("put_right", "zero_right", "right_rate")
        groups = (*(("review",) if right else ()), *(SUITS if lost else ()))
        if right and not lost and clause.has("litigation") and not clause.has("review"):
            groups = SUITS
    one = msgspec.structs.replace(one, groups=groups)
    return one if at.caused and groups else scoped(one, "cause_unstated")


def likely(clause: Clause, at: Context, span: tuple[int, int], scope: str) -> Iterator[Statement]:
    """What a clause that isn't understood, or tells a part, seems to state: it is never judged."""
    about, counted = clause.has("nearly"), clause.has("count", "money")
    if not (about or counted or clause.has("none")) or not (kind := _seeming(clause, at)):
        return
    number = next((w.number for w in clause.words if {"count", "money"} & w.roles), None)
    yield Statement(
        kind,
        number or 0.0,
        "rounded" if about else scope,
        False,
        (clause.words[0].start, clause.words[-1].end),
        span,
        groups=groups_of(kind) if kind in ("review", "litigation") else (),
    )


def _seeming(clause: Clause, at: Context) -> str:
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
