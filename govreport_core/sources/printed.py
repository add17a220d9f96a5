"""The first blocks of a document in, what is printed near its title out: agency, day.

Sites print `来源：…  发布时间：…` in a line below the title, or in a box above it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from govreport_core.folding import fold, squash
from govreport_core.model import Block, Cell, Table

LONGEST = 200
_LABELLED = {
    "agency": re.compile(
        r"(?:(?:发布|公开|发文)(?:机构|机关|单位|主体)|(?:信息|文章|稿件)?来\s*源)\s*[:：]\s*"
        r"([\u4e00-\u9fff·()（）]{2,40})"
    ),
    "published_on": re.compile(
        r"(?:(?:发布|公开|发文|添加|更新)|(?<![\u4e00-\u9fff]))(?:时间|日期)\s*[:：]\s*"
        r"(\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2})"
    ),
}
# Labels of the box of facts above a document, each with its value in the next cell.
_BOXED = {
    "发布机构": "agency",
    "公开主体": "agency",
    "发文机关": "agency",
    "发布日期": "published_on",
    "发布时间": "published_on",
    "公开日期": "published_on",
}
_HEAD = 30
_BOX_ROWS = 8
_ADDRESS = re.compile(r"https?://[^\s<>\"']{4,2000}")
_DATED = re.compile(r"\d{4}\D{1,3}\d{1,2}\D{1,3}\d{1,2}")
_AGENCY_NAME = re.compile(
    r"[\u4e00-\u9fff·()（）]{2,40}?(?:[府厅局委办院署队镇乡区处]|办公室|委员会|管委会|中心|海关|公司|医院|学校|大学)$"
)
_NO_AGENCY = re.compile(r"本[网站]|网站?$|日报|晚报|新闻|新华|原创|未知|编辑|转载|政务公开|融媒")
REPORT = re.compile(r"政府\s*信息\s*公开.{0,14}?报告")


def printed_facts(blocks: Sequence[Block]) -> dict[str, Cell]:
    """What is printed near the title: `来源：…  发布时间：…`, in a line or in a box."""
    found: dict[str, Cell] = {}
    for block in blocks[:_HEAD]:
        if isinstance(block, Table):
            if len(block.rows) <= _BOX_ROWS:
                for row in block.rows:
                    _boxed(row, found)
        elif block.text.startswith("一、"):
            break
        elif len(block.text) <= LONGEST and (":" in block.text or "：" in block.text):
            for key, pattern in _LABELLED.items():
                match = pattern.search(block.text)
                if match and key not in found and fits(key, match[1]):
                    start = block.start + match.start(1)
                    found[key] = Cell(match[1], block.part, start, start + len(match[1]))
    return found


def _boxed(row: tuple[Cell, ...], found: dict[str, Cell]) -> None:
    for label, cell in pairwise(row):
        key = _BOXED.get(squash(label.text).rstrip(":"))
        if key is not None and key not in found and fits(key, cell.text):
            found[key] = cell


def fits(key: str, text: str) -> bool:
    """Whether a text is what its name promises; many meta tags hold a template's filler."""
    if not text or len(text) > LONGEST:
        return False
    if key == "agency":
        return bool(_AGENCY_NAME.match(text)) and not _NO_AGENCY.search(text)
    if key == "published_on":
        return bool(_DATED.search(fold(text)))
    if key == "source_url":
        return bool(_ADDRESS.fullmatch(text))
    if key == "column":
        return bool(text.strip())
    return bool(REPORT.search(text))
