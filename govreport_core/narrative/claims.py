"""The prose in, the figures it states about requests out, each held against its cell."""

from __future__ import annotations

import re

import msgspec

from govreport_core.folding import fold
from govreport_core.model import Claim, State, Value
from govreport_core.narrative.sections import Passage, Prose
from govreport_core.narrative.statements import find_statements

_RECEIVED = re.compile(
    r"(?P<verb>收到|接到|接收|新收|受理|收悉)"
    r"(?P<between>[^。;\n]{0,40}?)(?P<number>\d{1,7})\s*(?:余|多)?\s*(?P<unit>件|宗|份|条|起)"
)
_NONE = re.compile(
    r"(?P<verb>(?:未|没有|无)\s*(?:收到|接到|受理|收悉|新收))[^。;\n]{0,30}?(?P<what>申请)"
    r"|(?P<zero>(?:收到|接到|受理|新收)[^。;\n]{0,30}?申请[^。;\n]{0,12}?(?:为|共)?(?<!\d)\s*(?<!\d)0\s*(?:件|宗|份|条|起))"
)
_REQUEST = re.compile(r"申请|依申请公开")
# Words near a figure that say it may count something else than the table does.
_SCOPES: dict[str, re.Pattern[str]] = {
    "other_matter": re.compile(r"信访|热线|咨询|投诉|举报|来信|复议|诉讼|行政许可|留言|提案|建议"),
    "with_carried_over": re.compile(r"结转|上年(?:度)?转|含上年"),
    "other_year": re.compile(r"去年|上年|上一年|同期|同比|历年|累计|以来共"),
    "part": re.compile(
        r"其中|线上|线下|网上|网络|信函|当面|邮寄|传真|电子邮件|平台(?:收到|受理)|渠道"
    ),
    "wider": re.compile(r"全市|全县|全区|全省|全系统|各部门|各单位|各镇|各乡镇|各街道|所属"),
    "other_body": re.compile(
        r"代表|代为|办公室(?:共)?(?:收到|受理)|政府办|转办|转来|转交|交办|协助|法院|征求意见|模拟"
    ),
}
# Times that are a part of the year, and what is said of the whole year instead.
_PART_OF_YEAR = re.compile(r"上半年|下半年|季度|\d月")
_TO = r"[至到\-–—―~]"
_WHOLE_YEAR = re.compile(
    rf"1月(?:1日)?(?:起|开始)?{_TO}(?:20\d\d年)?12月(?:31日|底|末)?|(?<!\d)1{_TO}12月"
    r"|(?<!\d)1月1日(?:起|以来)|截[至止](?:到)?(?:20\d\d年)?12月(?:31日|底|末)"
)
_OF_YEAR = re.compile(r"全年|本年度?|年度内?")
# Kinds of requests and channels, between the same commas as the figure.
_KIND = re.compile(
    r"信件|邮箱|邮件|窗口|(?:^|[(\s])[一二三四五六七八九]是|涉及(?!的?(?:政府)?信息公开|依申请)"
    r"|要求提供|补正|逾期|法人|公民|企业"
)
_EVERYONE = re.compile(
    r"(?:自然人|公民|个人)[、,和及或者与]*(?:企业|法人)?[、,和及或者与以]*(?:其他|其它|社会)?组织"
)
# All that may stand before 申请 where none at all were received.
_PLAIN = re.compile(
    r"(?:过|任何|一件|一起|有关|相关|关于|对于?|向?(?:我|本)(?:机关|单位|部门|局|办|县|区|市)|群众|公众|社会|提出|提交|要求"
    r"|政府信息公开|政府信息|信息公开|依申请公开|公开|获取|依|的|人|类|事项|方面|[、\s\"'“”])*"
)
TABLE, COLUMN, ROW = "t3_requests", "applicant_total", "requests_received"


def find_claims(
    prose: Prose,
    values: tuple[Value, ...],
    year: int | None,
    agency: str | None,
    form: str | None,
) -> tuple[Claim, ...]:
    """What sections one and three say of the requests received, and then all other statements.

    A claim counts as this report's own figure only where nothing near it says
    otherwise; `scope` names what does.
    """
    cell = next((v for v in values if (v.table, v.row, v.column) == (TABLE, ROW, COLUMN)), None)
    claims: list[Claim] = []
    for section in ("s1_overview", "s3_requests"):
        passage = prose.passages.get(section)
        if passage is not None:
            claims.extend(_in_passage(passage, cell, year, agency))
    return (*claims, *find_statements(prose, values, year, form))


def _in_passage(
    passage: Passage, cell: Value | None, year: int | None, agency: str | None
) -> list[Claim]:
    folded = fold(passage.text)
    claims: list[Claim] = []
    for match in _RECEIVED.finditer(folded):
        sentence, start = _sentence(passage.text, folded, match.start())
        if not _REQUEST.search(folded[match.start() : match.end() + 14]):
            continue
        before = folded[start : match.start()]
        if re.search(r"(?:未|没有|无)\s*$", before):
            continue
        clause = folded[max(start, match.start() - 40) : match.end() + 2]
        scope = _scope(clause, match["verb"], year, agency) or _part(folded, start, match)
        if re.match(r"[^。;\n]{0,6}重复", folded[match.end() :]):
            scope = scope or "part"
        number = float(match["number"])
        if re.search(r"[余多]\s*$", folded[match.start() : match.end() - 1]):
            scope = scope or "rounded"
        span = (match.start(), match.end())
        claims.append(_claim("received", number, sentence, scope, cell, passage, span))
    for match in _NONE.finditer(folded):
        sentence, start = _sentence(passage.text, folded, match.start())
        clause = folded[max(start, match.start() - 40) : match.end()]
        if "行政复议" in clause or "诉讼" in clause:
            continue
        scope = _scope(clause, "收到", year, agency) or _part(folded, start, match)
        between = folded[match.start() : match.end()].partition("申请")[0]
        between = re.sub(r"^(?:未|没有|无)?\s*(?:收到|接到|接收|受理|收悉|新收)", "", between)
        if not _PLAIN.fullmatch(_EVERYONE.sub("", between)):
            scope = scope or "part"
        span = (match.start(), match.end())
        claims.append(_claim("none_received", 0.0, sentence, scope, cell, passage, span))
    return _summed(claims, cell)


def _part(folded: str, start: int, match: re.Match[str]) -> str | None:
    """`part` where it is said of a time within the year, or of one kind of requests."""
    before = folded[max(start, match.start() - 40) : match.start()]
    said = _EVERYONE.sub("", _WHOLE_YEAR.sub("", before + match[0]))
    local = _EVERYONE.sub("", before).rpartition(",")[2] + _EVERYONE.sub("", match[0])
    if _PART_OF_YEAR.search(_OF_YEAR.split(said)[-1]) or _KIND.search(_OF_YEAR.split(local)[-1]):
        return "part"
    return None


def _summed(claims: list[Claim], cell: Value | None) -> list[Claim]:
    """The claims, those that make the cell together being parts of it."""
    parts = [c for c in claims if c.claim == "received" and c.scope is None and not c.agrees]
    whole = cell.number if cell is not None and cell.state is State.REPORTED else None
    if len(parts) < 2 or sum(c.number for c in parts) != whole:
        return claims
    return [msgspec.structs.replace(c, scope="part") if c in parts else c for c in claims]


def _scope(clause: str, verb: str, year: int | None, agency: str | None) -> str | None:
    """Why a figure may legitimately differ from the table's; None where nothing says so."""
    for scope, pattern in _SCOPES.items():
        found = pattern.search(clause)
        if found and not (scope == "wider" and _whole_area(found[0], agency)):
            return scope
    years = {int(y) for y in re.findall(r"(?<!\d)(20\d{2})\s*年", clause)}
    if years and year is not None and years != {year}:
        return "other_year"
    # 受理 (accepted) isn't 收到 (received).
    return "accepted" if verb == "受理" else None


def _whole_area(word: str, agency: str | None) -> bool:
    """全市 in a government's own report is the report's scope; a bureau's is narrower."""
    return word in ("全市", "全县", "全区", "全省") and bool(
        agency and re.search(r"(?:人民政府|实验区|开发区|管委会)$", agency)
    )


def _sentence(text: str, folded: str, at: int) -> tuple[str, int]:
    """The sentence around a place, as printed, and where it starts."""
    start = max(folded.rfind(mark, 0, at) for mark in "。;\n") + 1
    ends = [e for mark in "。;\n" if (e := folded.find(mark, at)) >= 0]
    return text[start : min(ends, default=len(text)) + 1].strip(), start


def _claim(
    claim: str,
    number: float,
    sentence: str,
    scope: str | None,
    cell: Value | None,
    passage: Passage,
    span: tuple[int, int],
) -> Claim:
    known = cell is not None and cell.number is not None and cell.state is State.REPORTED
    return Claim(
        claim,
        number,
        sentence,
        scope,
        TABLE,
        ROW,
        COLUMN,
        cell.number == number if known and cell is not None else None,
        *passage.span(*span),
    )
