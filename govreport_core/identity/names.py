"""What agencies' names look like: a printed name in, the name without what isn't part of it out."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from govreport_core.align.lines import Line
from govreport_core.folding import fold
from govreport_core.model import Cell

# What is left of a name when the line above has its beginning.
GENERIC = frozenset(
    {"人民政府", "人民政府办公室", "人民政府办公厅", "办公室", "管理委员会", "委员会", "街道办事处"}
)
_TAILS = frozenset(name[n:] for name in GENERIC for n in range(1, len(name))) - GENERIC
# Tails of those that name a body by themselves.
_WORDS = frozenset({"政府", "政府办公室", "政府办公厅", "办事处"})
_AGENCY_END = (
    "人民政府|行政公署|公署|办公厅|办公室|委员会|管委会|党工委|总局|分局|支局|局|厅|委|办|院|署|队"
    "|街道办事处|街道办|街道|办事处|镇|乡|苏木|中心|站|所|馆|社|兵团|开发区|高新区|经开区|新区"
    "|保税区|示范区|实验区|合作区|园区|度假区|管理区|海关|联合会|公司|集团|医院|学校|大学"
)
AGENCY = re.compile(rf"^[\u4e00-\u9fff·()A-Za-z]{{2,40}}?(?:{_AGENCY_END})(?:\([^()]{{1,20}}\))?$")
# A place's name on a line; 各县区 and 公开专区 are items of menus.
_OF_A_PLACE = r"(?![各本全我该])[\u4e00-\u9fff]{2,10}?(?<![专园社校厂战小])[省市县区州盟旗]"
PLACE = re.compile(rf"^{_OF_A_PLACE}$")
_FROM_A_PLACE = re.compile(rf"^(?:国家|中国|新疆生产建设兵团|{_OF_A_PLACE})")
# 年 of a year that stands elsewhere, a box's label, a heading's sign.
_BEFORE = re.compile(
    r"^(?:#{1,6}|\*{1,3}|\d{1,2}[.、]|年度?(?=..)|(?:信息|文件)?(?:名称|标题|题名):?|附件\d{0,2}:"
    r"|\((?:年报|年度报告|公开|转载|原创)\)|[《〈:\"'·\[])"
)
_BEHIND = re.compile(r"(?:年度?|[》〉:*#\"'\]])$")
# A line that ends so goes on: 住房和城乡 is no township.
_GOES_ON = re.compile(r"(?:[和与及、]|城乡)$")

_LABELS, _LABEL_LENGTH = 4, 12  # how many may stand before a name, and how long
_LEAST_TWICE = 4  # characters of a name that may stand twice on a line


def bare(text: str) -> str:
    """A text without any space."""
    return "".join(text.split())


def alone(line: Line) -> Cell | None:
    """The one cell of a line that prints anything, if there is but one."""
    cells = [c for c in line.cells if c.text.strip()]
    return cells[0] if len(cells) == 1 else None


def trimmed(cell: Cell) -> Cell:
    """The cell without the spaces around its text."""
    text = cell.text.strip()
    start = cell.start + cell.text.index(text)
    return Cell(text, cell.part, start, start + len(text))


def own_name(printed: str) -> str:
    """The name without spaces, labels and signs around it, in the characters of today.

    Radicals and traditional characters give way to the characters they stand for; what
    simplified text uses too (乾, 於) stays, and so do brackets and their width. A name
    told twice stands once.
    """
    name = bare(printed)
    folding: Callable[[str], str] = fold
    if fold(name) == name:
        folding = str  # nor is there anything to fold in a piece of it
    else:
        name = "".join(_today(c) for c in name)
    for _ in range(_LABELS):
        found = _BEFORE.match(folding(name[:_LABEL_LENGTH]))
        if found is None:
            break
        name = name[found.end() :]
    if found := _BEHIND.search(folding(name[-_LABEL_LENGTH:])):
        name = name[: len(name) - len(found[0])]
    folded = folding(name)
    if folded.startswith("(") and folded.find(")") == len(name) - 1:
        return name[1:-1]
    half = len(name) // 2
    return name[:half] if half >= _LEAST_TWICE and name[:half] == name[half:] else name


@lru_cache(maxsize=4096)
def _today(character: str) -> str:
    plain = fold(character)
    return plain if not _in_use(character) and _in_use(plain) and plain != " " else character


def _in_use(character: str) -> bool:
    """Whether simplified text uses the character: GB 2312 has it."""
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def is_rest(name: str) -> bool:
    """Whether a name looks like the end of one that was broken: 人民政府, 民政府, 理局."""
    return name in GENERIC or name in _TAILS or not (AGENCY.match(fold(name)) or PLACE.match(name))


def is_torn(name: str) -> bool:
    """Whether a name without the line above it names nobody: 民政府, 理局."""
    if name in _WORDS or name in GENERIC:
        return False
    return name in _TAILS or (len(name) < 3 and bool(re.search(rf"(?:{_AGENCY_END})$", name)))


def goes_on(name: str) -> bool:
    """Whether a line that begins with a place stops within a name: 云川市住房和城乡."""
    return begins_with_a_place(name) and _GOES_ON.search(fold(name)) is not None


def begins_with_a_place(name: str) -> bool:
    """Whether a name begins as those of places do, or of the state."""
    return _FROM_A_PLACE.match(fold(name)) is not None
