"""The prose in, the figures it states out, each held against the cells it may mean.

A statement that differs from its cell is the report's own only where its
sentence is understood whole (`narrative.statements`) and no other sentence of
the same kind agrees with the cell.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

import msgspec

from govreport_core.folding import fold
from govreport_core.model import Claim, Value
from govreport_core.narrative.context import NEVER, Statement
from govreport_core.narrative.figures import FEE, T3, T4, TOTAL, Cell, Figures, Meant, meant
from govreport_core.narrative.lexicon import Speaker
from govreport_core.narrative.sections import Passage, Prose
from govreport_core.narrative.speaking import speaker
from govreport_core.narrative.statements import statements

_READ = ("s1_overview", "s2_proactive", "s3_requests", "s4_review_litigation", "s6_other")
_FEES_ONLY = "s6_other"
_EACH_ALONE = frozenset({"percent"})
_CLAIMS = {"new": "received", "requests": "received", "handled": "accepted"}
_NONE = {"none_received", "none_disclosed"}


def find_claims(
    prose: Prose,
    cells: Mapping[Cell, Value],
    year: int | None,
    agency: str | None,
    form: str | None = None,
) -> tuple[Claim, ...]:
    """All that the prose states of what tables two to four hold.

    Args:
        prose: The sections.
        cells: The report's cells, by table, row and column.
        year: Its year; None, and no year is its own.
        agency: Its agency: what 全县 or 县政府 mean in it.
        form: Its form: which rows an outcome adds up.
    """
    table = Figures(cells, form)
    who = speaker(year, agency)
    found = [
        claim
        for section in _READ
        if section in prose.passages
        for claim in _in_section(section, prose.passages[section], table, who)
    ]
    return tuple(_settled(_summed(found, table)))


def _in_section(section: str, passage: Passage, table: Figures, who: Speaker) -> Iterator[Claim]:
    for one in statements(section, fold(passage.text), who):
        about_fee = one.kind in ("information_fee", "no_fee")
        if (section == _FEES_ONLY) != about_fee and not (about_fee and section == "s1_overview"):
            continue
        yield from _judged(one, passage, table)


def _judged(one: Statement, passage: Passage, table: Figures) -> Iterator[Claim]:
    """The statement as a claim, held against what it may mean."""
    match one.kind:
        case "percent":
            yield _percent(one, passage, table)
        case "all_disposed":
            yield _all_disposed(one, passage, table)
        case "all_upheld" | "none_lost":
            yield _ended(one, passage, table)
        case "information_fee" | "no_fee":
            if FEE in table.cells:
                yield _fee(one, passage, table)
        case _:
            yield _figure(one, passage, table)


def _figure(one: Statement, passage: Passage, table: Figures) -> Claim:
    kind = _CLAIMS.get(one.kind, one.kind)
    kind = {"no_documents": "documents_issued", "none_forward": "carried_forward"}.get(kind, kind)
    spoken = one.kind if one.kind in ("requests", "accepted", "handled") else kind
    means = meant(spoken, one.groups, table, none=one.number == 0)
    if one.kind in _NONE or (kind == "received" and one.number == 0):
        kind = "none_received"
    if one.kind == "new":
        means = msgspec.structs.replace(means, loosely=frozenset())
    if one.kind == "none_disclosed":
        # 依申请公开0件 may say that none was granted
        granted = meant("granted", (), table).may
        means = msgspec.structs.replace(means, loosely=granted)
    return _held(kind, one, means, one.number in means.may if means.may else None, passage)


def _held(kind: str, one: Statement, means: Meant, agrees: bool | None, passage: Passage) -> Claim:
    """The one place where a claim is made."""
    scope = one.scope
    if agrees and scope not in NEVER:
        scope = None
    elif agrees is False and one.number in means.loosely:
        scope = scope if scope in NEVER else "with_carried_over"
    elif agrees is False and scope is None:
        scope = None if one.firm else "implied"
    part, start, end_part, end = passage.span(*one.clause)
    return Claim(
        claim=kind,
        number=one.number,
        text=passage.text[one.sentence[0] : one.sentence[1]].strip(),
        scope=scope,
        table=means.cell[0],
        row=means.cell[1],
        column=means.cell[2],
        agrees=None if scope in NEVER else agrees,
        part=part,
        start=start,
        end_part=end_part,
        end=end,
    )


def _percent(one: Statement, passage: Passage, table: Figures) -> Claim:
    """A share, recomputed with each base it may have; truncated or rounded alike."""
    kind, said = one.of or ("", 0.0)
    rows = ("disposed_total", "requests_received", "requests_carried_over")
    known = [table.request(row) for row in rows]
    bases = [n for n in (*known, table.due, *one.bases) if n]
    parts = {said, *meant(kind, (), table).may}
    slack = max(0.05, 10.0**-one.decimals) + 1e-9
    agrees = any(abs(100 * n / base - one.number) <= slack for base in bases for n in parts)
    means = meant("percent", (), table)
    return _held("percent", one, means, agrees if None not in known else None, passage)


def _all_disposed(one: Statement, passage: Passage, table: Figures) -> Claim:
    """All that were due are disposed of: the number claimed is those received and carried over."""
    disposed, over = table.request("disposed_total"), table.request("requests_carried_over")
    forward = table.request("requests_carried_forward")
    means = meant("all_disposed", (), table)
    one = msgspec.structs.replace(one, number=table.due or 0.0)
    if table.due is None or disposed is None or forward is None or over is None:
        return _held("all_disposed", one, means, None, passage)
    if one.scope is None and (forward <= over or disposed in one.bases):
        # those that go forward may be last year's, or weren't due
        one = msgspec.structs.replace(one, scope="open")
    return _held("all_disposed", one, means, disposed == table.due and forward == 0, passage)


def _ended(one: Statement, passage: Passage, table: Figures) -> Claim:
    """`均获维持` against cases corrected or pending, `零败诉` against those corrected."""
    results = ("corrected", "pending") if one.kind == "all_upheld" else ("corrected",)
    against = [table.cases((group,), result) for group in one.groups for result in results]
    some = any(n for n in against if n)
    group = one.groups[0] if one.groups else "review"
    column = f"{group}_upheld" if len(results) > 1 else f"{group}_corrected"
    agrees = None if (None in against and not some) or not one.groups else not some
    return _held(one.kind, one, Meant(frozenset(), (T4, "cases", column)), agrees, passage)


def _fee(one: Statement, passage: Passage, table: Figures) -> Claim:
    """The fee received, in 万元: all fees of table two hold it, as finely as they are printed.

    A cell of 万元 that holds the figure in 元 is another unit's, and disagrees.
    """
    cell = table.cells[FEE]
    number = table.number(*FEE)
    slack = 0.5 * 10.0 ** -len((cell.raw or "").partition(".")[2].rstrip("万元 "))
    fits = None
    if number is not None:
        slack = slack if number else 0.0
        fits = number + slack >= one.number and not (
            number and round(one.number * 10_000) == number
        )
    one = msgspec.structs.replace(one, number=round(one.number, 6))
    return _held("information_fee", one, Meant(frozenset(), FEE), fits, passage)


def _summed(found: list[Claim], table: Figures) -> list[Claim]:
    """The claims, those that make the cell together being parts of it."""
    whole = table.number(T3, "requests_received", TOTAL)
    parts = [c for c in found if c.claim == "received" and _own(c) and c.agrees is False]
    if len(parts) < 2 or sum(c.number for c in parts) != whole:
        return found
    parted = {id(c) for c in parts}
    return [_rescoped(c, "part") if id(c) in parted else c for c in found]


def _settled(found: list[Claim]) -> Iterator[Claim]:
    """Of several statements of one kind that differ, the one that agrees is the report's own."""
    agreed: defaultdict[str, bool] = defaultdict(bool)
    for claim in found:
        agreed[_matter(claim)] |= bool(claim.agrees)
    for claim in found:
        differs = _own(claim) and claim.agrees is False
        if differs and agreed[_matter(claim)] and claim.claim not in _EACH_ALONE:
            yield _rescoped(claim, "another_agrees")
        else:
            yield claim


def _own(claim: Claim) -> bool:
    return claim.scope in (None, "implied")


def _matter(claim: Claim) -> str:
    return "received" if claim.claim in ("none_received", "accepted") else claim.claim


def _rescoped(claim: Claim, scope: str) -> Claim:
    return msgspec.structs.replace(claim, scope=scope)
