"""The prose in, what it says outright of all or none, and of the fee, out, held against the table.

`全部办结`, `零败诉`, `未发生行政诉讼`, `办结率100%`: such words are held against
the cells only where these can contradict them. What was done in time, or what
share was disclosed, no cell can tell; it agrees, or nothing is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from govreport_core.model import Claim, State
from govreport_core.narrative.figures import GROUPS, T3, T4, TOTAL, Cell, Figures
from govreport_core.narrative.quoting import claim_at, sentence_at
from govreport_core.narrative.sections import Passage

# Months that are a part of the year; its first and its last day bound the whole.
_MONTHS = r"(?<!\d)(?!1月1日|12月31日)\d{1,2}月(?:\d{1,2}日)?(?:之?前|以前|之?后|以后|起|份)"
# Words near that say it is about others, another year, or only a part.
ELSEWHERE = (
    r"去年|上年|上一年|同期|同比|历年|累计|以来|全市|全县|全区|全省|全系统|各部门|各单位|各镇|各乡镇|各街道|所属"
    r"|代表|代为|转办|协助|下级|上半年|下半年|季度|一审|二审|作为(?:行政)?复议机关|抽查|抽取|模拟"
    rf"|{_MONTHS}|涉及[^,。;]{{1,10}}(?:类|方面|领域|拆迁)"
)
# An aim is no fact; `按照…要求` is none, `要求各…` is.
_AIMS = re.compile(
    r"力争|确保|努力|争取|防止|避免|杜绝|务必|必须|目标|要求(?:各|全|所有|做到|实现|达到)"
)
_OPEN = re.compile(r"结转|正在|延期|延长|尚未|下年|下一年|次年")
_COUNTED = re.compile(r"(?<![\d.])(\d{1,7})\s*(?:件|宗|份)")
_MATTERS = r"信访|热线|咨询|投诉|举报|来信|行政许可|留言|提案|建议|线索|诉求|事项"
_DUE = (
    r"到期|期限内|其中|其余|结转|剩余|除|尚|正在|截至|未办|在办"
    r"|自然人|法人|网上|网络|线上|线下|信函|当面"
)
_PUBLICITY = re.compile(r"信息公开|依申请")
_REQUESTS = re.compile(r"申请")

_ALL_DISPOSED = re.compile(
    r"(?:已?(?:全部|全数)|均已?|都已?)(?:按期|按时|依法|依规|及时|如期|按规定|规范)*(?P<what>办结|办理完毕|办理完结)"
    r"|(?P<share>按时|按期|及时|限时|如期|法定期限内)?(?:办结|办理|答复|回复)率(?:均|已)?(?:为|达到|达|保持|继续保持)?\s*"
    r"(?:100(?:\.0+)?\s*%|百分之百|百分百)"
)
_IN_TIME = re.compile(r"按期|按时|及时|如期|限时|期限")
_RATE = re.compile(
    r"(?<!主动)(?:予以|申请|依申请)公开率(?:均|已)?(?:为|达到|达)?\s*(?P<percent>\d{1,3}(?:\.\d{1,4})?)\s*%"
)
_NONE_LOST = re.compile(
    r"零(?P<zero>败诉|纠错)|(?:无|未(?:发生|出现)?|没有(?:发生|出现)?)(?:一起|一件|一例|任何)?(?P<none>败诉|被纠错|被纠正|纠错)"
    r"|(?P<rate>败诉|纠错)率(?:为|均为)?\s*(?:0(?!\.)\s*%?|零)"
)
_NO_CASES = re.compile(
    r"(?:未(?:发生|产生|出现|收到|接到|有|涉及|引发|被申请|被提起)|没有(?:发生|收到|接到|出现|涉及)?|无|零)"
    r"(?:任何|一起|一例|一件)?(?:因|有关|涉及|针对|由|对|就|关于)?(?:本)?(?:机关|单位|部门|局|办)?的?(?:政府)?(?:信息)?(?:依申请)?"
    r"(?:公开)?(?:工作|申请|答复|事项|行为|类|方面)*(?:而|所)?(?:引起|引发|产生|导致|提起|被|申请|发生)*的?"
    r"(?P<cases>行政复议|行政诉讼|复议|诉讼)(?P<also>(?:案件)?(?:、|和|及|或|与|以及|,)(?:无|零)?(?:被?提起)?(?:行政)?(?:诉讼|复议))?"
    r"(?!后|.{0,6}(?:败诉|纠错|纠正|撤销|维持|未结|未审结|审结|结转|被诉|改变|前置))"
)
_CASE_DOUBTS = re.compile(rf"{ELSEWHERE}|新增|新发生|新收|{_MATTERS}|代理|应诉|出庭")
_FEE = re.compile(
    r"(?:实际)?(?:收取|实收|收缴|征收|收到)(?:了)?(?:的)?(?:政府)?(?:信息公开)?(?:信息)?(?:处理)?(?:费用?)?(?:的)?"
    r"(?:总?金额|共计|合计|总计|共|计|为|是|人民币|:)*\s*(?P<amount>\d[\d,]*(?:\.\d+)?)\s*(?P<unit>万元|元)"
    r"|(?P<none>(?:未|没有|无|不)(?:实际)?(?:收取|产生|发生|收到)[^。;\n]{0,14}处理费)"
)
_FEE_DOUBTS = re.compile(rf"{ELSEWHERE}|财政|主管|其他|每|标准|按件|按量|应收|拟")
_FEE_CELL: Cell = ("t2_art20_8", "administrative_fees", "fee_amount")


def find_outright(section: str, passage: Passage, folded: str, table: Figures) -> Iterator[Claim]:
    """What one section says of all or none, and of the fee received.

    Args:
        section: Its code; in section four words about cases mean those of disclosure.
        passage: The section's text with its places.
        folded: The same text, folded.
        table: What it is held against.
    """
    if section in ("s1_overview", "s3_requests"):
        yield from _all_disposed(passage, folded, table)
        yield from _rates(passage, folded, table)
    if section in ("s1_overview", "s3_requests", "s4_review_litigation"):
        yield from _none_lost(passage, folded, table, section)
        yield from _no_cases(passage, folded, table, section)
    if section in ("s1_overview", "s6_other"):
        yield from _fees(passage, folded, table, section)


def _all_disposed(passage: Passage, folded: str, table: Figures) -> Iterator[Claim]:
    """All that were due are disposed of: the number claimed is those received and carried over."""
    received, over, disposed, forward = (
        table.number(T3, row, TOTAL)
        for row in (
            "requests_received",
            "requests_carried_over",
            "disposed_total",
            "requests_carried_forward",
        )
    )
    if received is None or over is None:
        return
    due = received + over
    for match in _ALL_DISPOSED.finditer(folded):
        start, end = sentence_at(folded, match.start())
        if not _REQUESTS.search(folded[start : match.end()]):
            continue
        clause = folded[max(start, match.start() - 40) : match.end()]
        part = any(float(n) not in (due, received) for n in _COUNTED.findall(clause))
        part = part or bool(_OPEN.search(folded[match.end() : end]))
        part = part or bool(re.search(rf"{ELSEWHERE}|{_MATTERS}|{_DUE}", clause))
        scope = "elsewhere" if part or _aimed(folded, start, match) else None
        agrees = None if disposed is None or forward is None else disposed == due and forward == 0
        # those open at the end may not have been due, or may be last year's
        open_may_be = _IN_TIME.search(match[0]) or (forward is not None and forward <= over)
        if agrees is False and open_may_be:
            scope = scope or "elsewhere"
        yield claim_at(
            "all_disposed",
            due,
            scope,
            (T3, "disposed_total", TOTAL),
            agrees,
            passage,
            (start, end),
            match.span(),
        )


def _aimed(folded: str, start: int, match: re.Match[str]) -> bool:
    """Whether the words tell an aim or a demand: those between the commas around them do."""
    clause = folded[max(start, folded.rfind(",", 0, match.start()) + 1) : match.end() + 4]
    return bool(_AIMS.search(re.split(r"[,。;\n]", clause)[0]))


def _rates(passage: Passage, folded: str, table: Figures) -> Iterator[Claim]:
    """A rate of disclosure: which of several it is isn't laid down, so it agrees or is left."""
    made = [
        table.outcome(rows) for rows in (("granted_full",), ("granted_full", "granted_partial"))
    ]
    bases = [table.number(T3, row, TOTAL) for row in ("disposed_total", "requests_received")]
    for match in _RATE.finditer(folded):
        said = float(match["percent"])
        agrees = any(
            base and abs(100 * number / base - said) <= 0.1
            for number in made
            if number is not None
            for base in bases
        )
        yield claim_at(
            "granted_rate",
            said,
            None if agrees else "elsewhere",
            (T3, "granted_full", TOTAL),
            agrees or None,
            passage,
            sentence_at(folded, match.start()),
            match.span(),
        )


def _none_lost(passage: Passage, folded: str, table: Figures, section: str) -> Iterator[Claim]:
    """`零败诉`: no suit corrected what was done; `零纠错`: no review did."""
    for match in _NONE_LOST.finditer(folded):
        start, end = sentence_at(folded, match.start())
        sentence = folded[start : match.end()]
        if section != "s4_review_litigation" and not _PUBLICITY.search(sentence):
            continue
        lost = "败诉" in match[0]
        groups = [g for g in GROUPS if (g != "review") == lost]
        corrected = [table.number(T4, "cases", f"{group}_corrected") for group in groups]
        some = any(n for n in corrected if n)
        other = bool(re.search(rf"{ELSEWHERE}|{_MATTERS}|代理|直接起诉|复议后", sentence))
        other = other or _aimed(folded, start, match)
        # of suits it is said in other words
        other = other or (not lost and "诉讼" in sentence)
        yield claim_at(
            "none_lost",
            0.0,
            "elsewhere" if other else None,
            (T4, "cases", f"{groups[0]}_corrected"),
            None if None in corrected and not some else not some,
            passage,
            (start, end),
            match.span(),
        )


def _no_cases(passage: Passage, folded: str, table: Figures, section: str) -> Iterator[Claim]:
    """No review, no suit: figures of 0 of the kinds `review` and `litigation`."""
    for match in _NO_CASES.finditer(folded):
        start, end = sentence_at(folded, match.start())
        sentence = folded[start : match.end()]
        if section != "s4_review_litigation" and not _PUBLICITY.search(sentence):
            continue
        said = match["cases"] + (match["also"] or "")
        clause = folded[max(start, match.start() - 20) : match.end()]
        doubted = _CASE_DOUBTS.search(clause) or "除" in sentence or _aimed(folded, start, match)
        for claim, word, groups in (
            ("review", "复议", GROUPS[:1]),
            ("litigation", "诉讼", GROUPS[1:]),
        ):
            if word in said:
                yield claim_at(
                    claim,
                    0.0,
                    "elsewhere" if doubted else None,
                    (T4, "cases", f"{groups[0]}_total"),
                    _none_decided(groups, table),
                    passage,
                    (start, end),
                    match.span(),
                )


def _none_decided(groups: tuple[str, ...], table: Figures) -> bool | None:
    """Whether there were no cases but such as aren't decided yet; None where it isn't known."""
    totals = [table.number(T4, "cases", f"{group}_total") for group in groups]
    pending = [table.number(T4, "cases", f"{group}_pending") or 0.0 for group in groups]
    if None in totals:
        return None
    return sum(n for n in totals if n is not None) <= sum(pending)


def _fees(passage: Passage, folded: str, table: Figures, section: str) -> Iterator[Claim]:
    """The fee received, in 万元: the fees of table 2 hold it, as finely as they are printed."""
    cell = table.cells.get(_FEE_CELL)
    if cell is None:
        return
    number = cell.number if cell.state is State.REPORTED else None
    decimals = len((cell.raw or "").partition(".")[2].rstrip("万元 "))
    slack = 0.5 * 10.0**-decimals
    for match in _FEE.finditer(folded):
        start, end = sentence_at(folded, match.start())
        sentence = folded[start:end]
        if "处理费" not in sentence and not (section == "s6_other" and "收费通知" in sentence):
            continue
        said = 0.0
        if match["amount"]:
            said = float(match["amount"].replace(",", ""))
            said = said if match["unit"] == "万元" else said / 10_000
        clause = folded[max(start, match.start() - 30) : match.end()]
        yield claim_at(
            "information_fee",
            round(said, 6),
            "elsewhere" if _FEE_DOUBTS.search(clause) else None,
            _FEE_CELL,
            None if number is None else number + slack >= said,
            passage,
            (start, end),
            match.span(),
        )
