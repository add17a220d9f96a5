"""The prose in, what it states of dispositions, cases and documents out, with what the table has.

A statement is held against every figure it may mean: it contradicts the table
only where it is none of them, and only where nothing near it says that it
counts something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from govreport_core.folding import fold
from govreport_core.model import Claim, Value
from govreport_core.narrative.figures import GROUPS, T3, T4, TOTAL, Figures, cell_of, meant
from govreport_core.narrative.outright import ELSEWHERE, find_outright
from govreport_core.narrative.quoting import claim_at, sentence_at
from govreport_core.narrative.sections import Passage, Prose

_N = r"(?P<number>\d{1,7})\s*(?P<about>余|多)?\s*(?:件|宗|份|起)"
_GAP = r"[^。;,、\d\n]"
_REQUESTS = re.compile(r"申请|答复|办结|办理结果|部分公开|不予处理|无法提供")
_PUBLICITY = re.compile(r"信息公开|依申请")
_MATTERS = r"信访|热线|咨询|投诉|举报|来信|行政许可|留言|提案|建议|线索"
_PART = r"自然人|公民|法人|企业|网上|网络|线上|线下|信函|当面|邮寄|传真|电子邮件"


class Pattern(msgspec.Struct, frozen=True):
    """A kind of statement: its words, where it may stand, what must and what mustn't be near.

    Attributes:
        near: Must stand in its sentence.
        not_near: In its clause, says that it counts something else.
    """

    claim: str
    sections: tuple[str, ...]
    words: re.Pattern[str]
    near: re.Pattern[str]
    not_near: re.Pattern[str]


def _pattern(claim: str, words: str, near: re.Pattern[str], *not_near: str) -> Pattern:
    sections = ("s1_overview", "s2_proactive", "s3_requests", "s4_review_litigation")
    doubts = re.compile("|".join((ELSEWHERE, *not_near)))
    return Pattern(claim, sections, re.compile(words), near, doubts)


_OUTCOME_DOUBTS = (_MATTERS, _PART, "复议|诉讼")
_CASE_DOUBTS = ("其中", "结转", "应诉|代理|被告|被申请|出庭|维持|纠|败诉|撤", _MATTERS)
_DOCUMENT_DOUBTS = (
    "联合|党内|党委|修改|修订|审查|审核|备案|清理|拟|解读|公开|部门",
    "提请|报请|提交|起草|转发|[省市县区州]政府|政府名义",
    "其中",
)
PATTERNS = (
    _pattern(
        "disposed",
        rf"(?:办结|答复|办理完毕)(?:政府信息公开申请|信息公开申请|依申请公开|公开申请|申请|共计?|总计|数量?|了|为){{0,4}}\s*{_N}",
        re.compile("申请"),
        *_OUTCOME_DOUBTS,
        "其中|不予|予以公开|同意公开|部分公开|无法提供|告知|补正|延期|延长|回访",
    ),
    _pattern(
        "granted",
        rf"予以公开(?:及|和|、|与|或)(?:予以)?部分公开{_GAP}{{0,6}}?{_N}",
        _REQUESTS,
        *_OUTCOME_DOUBTS,
    ),
    _pattern(
        "granted_full",
        rf"予以公开(?:[^。;,、\d\n及和与或]){{0,6}}?{_N}",
        _REQUESTS,
        *_OUTCOME_DOUBTS,
    ),
    _pattern(
        "granted_partial",
        rf"(?<!公开[及和与或、])(?<!予以)部分公开{_GAP}{{0,6}}?{_N}",
        _REQUESTS,
        *_OUTCOME_DOUBTS,
    ),
    _pattern("denied", rf"不予公开{_GAP}{{0,6}}?{_N}", _REQUESTS, *_OUTCOME_DOUBTS),
    _pattern("unable", rf"无法提供{_GAP}{{0,6}}?{_N}", _REQUESTS, *_OUTCOME_DOUBTS),
    _pattern("unprocessed", rf"不予处理{_GAP}{{0,6}}?{_N}", _REQUESTS, *_OUTCOME_DOUBTS),
    _pattern("review", rf"行政复议{_GAP}{{0,8}}?{_N}", _PUBLICITY, *_CASE_DOUBTS),
    _pattern("litigation", rf"诉讼{_GAP}{{0,8}}?{_N}", _PUBLICITY, *_CASE_DOUBTS),
    _pattern(
        "documents_issued",
        rf"(?:制发|制定|出台|印发)(?:行政)?规范性文件{_GAP}{{0,4}}?{_N}",
        re.compile(""),
        *_DOCUMENT_DOUBTS,
    ),
    _pattern(
        "documents_repealed",
        rf"(?<!拟)废止{_GAP}{{0,4}}?{_N}",
        re.compile("规范性文件"),
        *_DOCUMENT_DOUBTS,
    ),
    _pattern(
        "documents_in_force",
        rf"现行有效(?!率){_GAP}{{0,10}}?{_N}",
        re.compile("规范性文件"),
        *_DOCUMENT_DOUBTS,
    ),
)
_PERCENT = re.compile(
    r"(?:予以公开|部分公开|不予公开|无法提供|不予处理|其他处理)[^。;,、\d\n]{0,6}?(?P<number>\d{1,7})\s*件"
    r"(?:,?占(?P<base>[^。;,\d\n]{0,14}?)|\(占?\s*)(?P<percent>\d{1,3}(?:\.(?P<decimals>\d{1,4}))?)\s*%"
)
_BASE = re.compile(r"^(?:[^。]*(?:总|全部|申请|办结|答复|办理)[^。]*|)$")
_UPHELD = re.compile(r"(?:均|全部|都)(?:获|被|得到|予以|为)?(?:结果)?维持")
_CLOSED = re.compile(r"审结|已结|办结|其中")


def find_statements(
    prose: Prose, values: tuple[Value, ...], year: int | None, form: str | None = None
) -> tuple[Claim, ...]:
    """What the prose states beside the requests received.

    Of several statements of one kind that differ, those that differ from the
    table count something else where another agrees with it.
    """
    table = Figures({(v.table, v.row, v.column): v for v in values}, form)
    found: list[Claim] = []
    for section, passage in prose.passages.items():
        folded = fold(passage.text)
        for pattern in PATTERNS:
            if section in pattern.sections:
                found.extend(_stated(pattern, passage, folded, table, year))
        found.extend(find_outright(section, passage, folded, table))
        if section != "s5_problems":
            found.extend(_percentages(passage, folded, table))
            found.extend(_upheld(passage, folded, table, section))
    agreed = {claim.claim for claim in found if claim.agrees}
    return tuple(
        msgspec.structs.replace(claim, scope="another_agrees")
        if claim.scope is None and claim.agrees is False and claim.claim in agreed - {"percent"}
        else claim
        for claim in found
    )


def _stated(
    pattern: Pattern, passage: Passage, folded: str, table: Figures, year: int | None
) -> Iterator[Claim]:
    for match in pattern.words.finditer(folded):
        start, end = sentence_at(folded, match.start())
        if not pattern.near.search(folded[start:end]):
            continue
        may = meant(pattern.claim, table)
        clause = folded[max(start, match.start() - 30) : match.end()]
        number = float(match["number"])
        scope = "elsewhere" if pattern.not_near.search(clause) else None
        if re.match(rf"(?:的|由)?(?:{_PART})", folded[match.end() :]):
            scope = scope or "elsewhere"  # `5件公民申请` are some of them
        if match["about"]:
            scope = scope or "rounded"
        years = {int(y) for y in re.findall(r"(?<!\d)(20\d{2})\s*年", clause)}
        if years and year is not None and years != {year}:
            scope = scope or "other_year"
        yield claim_at(
            pattern.claim,
            number,
            scope,
            may[1] if may else cell_of(pattern.claim, table),
            None if may is None else number in may[0],
            passage,
            (start, end),
            match.span(),
        )


def _percentages(passage: Passage, folded: str, table: Figures) -> Iterator[Claim]:
    """`N 件，占 P%`, recomputed with each base it may have; truncated or rounded alike."""
    bases = [
        table.number(T3, row, TOTAL)
        for row in ("disposed_total", "requests_received", "requests_carried_over")
    ]
    for match in _PERCENT.finditer(folded):
        start, end = sentence_at(folded, match.start())
        clause = folded[max(start, match.start() - 30) : match.end()]
        said, number = float(match["percent"]), float(match["number"])
        known = [base for base in bases if base is not None]
        may = [*known, sum(known[1:])] if len(known) == len(bases) else []
        slack = max(0.05, 10.0 ** -len(match["decimals"] or ""))
        agrees = any(base and abs(100 * number / base - said) <= slack + 1e-9 for base in may)
        of_all = _BASE.match(match["base"] or "") and not re.search(ELSEWHERE, clause)
        yield claim_at(
            "percent",
            said,
            None if of_all and not re.search(_PART, clause) else "elsewhere",
            (T3, "disposed_total", TOTAL),
            agrees if may else None,
            passage,
            (start, end),
            match.span(),
        )


def _upheld(passage: Passage, folded: str, table: Figures, section: str) -> Iterator[Claim]:
    """`均获维持`, against cases corrected or pending in the groups the sentence names."""
    for match in _UPHELD.finditer(folded):
        start, end = sentence_at(folded, match.start())
        sentence = folded[start : match.end()]
        groups = [g for g in GROUPS if ("复议" if g == "review" else "诉讼") in sentence]
        if not groups or not (section == "s4_review_litigation" or _PUBLICITY.search(sentence)):
            continue
        against = [
            table.number(T4, "cases", f"{group}_{result}")
            for group in groups
            for result in ("corrected", "pending")
        ]
        some = any(n for n in against if n)
        told = None if None in against and not some else not some
        closed = _CLOSED.search(sentence) or re.search(ELSEWHERE, sentence)
        yield claim_at(
            "all_upheld",
            0.0,
            "elsewhere" if closed else None,
            (T4, "cases", f"{groups[0]}_upheld"),
            told,
            passage,
            (start, end),
            match.span(),
        )
