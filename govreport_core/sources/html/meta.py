"""What a page says of itself in, its title, agency, day and address out, each with its place.

Meta tags come first, then the line sites print under the title, then the tab's title.
"""

from __future__ import annotations

import re
from itertools import pairwise

from govreport_core.folding import fold, squash
from govreport_core.model import Block, Cell, Part, Table
from govreport_core.sources.html.page import Page

# By the name a meta tag has, in lower case; the first that is there counts.
TAGS = {
    "title": ("articletitle", "article_title", "og:title", "dc.title"),
    "agency": ("contentsource", "source", "dc.publisher"),
    "published_on": ("pubdate", "publishdate", "article:published_time", "dc.date"),
    "source_url": ("url", "og:url", "canonical"),
}
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
_LONGEST = 200
_BOX_ROWS = 8
_ADDRESS = re.compile(r"https?://[^\s<>\"']{4,2000}")
_SAVED = re.compile(r"<!--\s*saved from url=\(\d+\)(https?://[^\s<>]{4,2000})")
_DATED = re.compile(r"\d{4}\D{1,3}\d{1,2}\D{1,3}\d{1,2}")
_AGENCY_NAME = re.compile(
    r"[\u4e00-\u9fff·()（）]{2,40}?(?:[府厅局委办院署队镇乡区处]|办公室|委员会|管委会|中心|海关|公司|医院|学校|大学)$"
)
_NO_AGENCY = re.compile(r"本[网站]|网站?$|日报|晚报|新闻|新华|原创|未知|编辑|转载|政务公开|融媒")
_REPORT = re.compile(r"政府\s*信息\s*公开.{0,14}?报告")
_SITE = re.compile(r"\s*[_|\uff5c]\s*|\s+[-–—]+\s+|\s*--+\s*")


def metadata(
    page: Page, content: str, blocks: tuple[Block, ...]
) -> tuple[dict[str, Cell], list[Part]]:
    """A page's facts about its report.

    Args:
        page: For its meta tags and title.
        content: The page's source, for the address a browser saved it from.
        blocks: The report's blocks, for the line under its title.

    Returns:
        The facts by key, and parts for those that stand in no block.
    """
    found: dict[str, Cell] = {}
    added: list[Part] = []

    def add(key: str, part: str, text: str, start: int = 0, end: int | None = None) -> None:
        end = len(text) if end is None else end
        found[key] = Cell(text[start:end], part, start, end)
        added.append(Part(part, "paragraph", text))

    named: dict[str, str] = {}
    for name, text in page.metas:
        named.setdefault(name, text)
    for key, tags in TAGS.items():
        for tag in tags:
            text = named.get(tag, "")
            if _fits(key, text):
                add(key, f"meta:{tag}", text)
                break
    if "source_url" not in found and (saved := _SAVED.search(content[:2000])):
        add("source_url", "meta:saved-from", saved[1])
    if "title" not in found and (span := _titled(page.title)):
        add("title", "meta:title", page.title, *span)
    for key, cell in _printed(blocks).items():
        found.setdefault(key, cell)
    return found, added


def _fits(key: str, text: str) -> bool:
    """Whether a meta tag says what its name promises; many hold a template's filler."""
    if not text or len(text) > _LONGEST:
        return False
    if key == "agency":
        return bool(_AGENCY_NAME.match(text)) and not _NO_AGENCY.search(text)
    if key == "published_on":
        return bool(_DATED.search(fold(text)))
    if key == "source_url":
        return bool(_ADDRESS.fullmatch(text))
    return bool(_REPORT.search(text))


def _titled(title: str) -> tuple[int, int] | None:
    """The piece of the tab's title that names a report, without the site's name."""
    start = 0
    for cut in [*_SITE.finditer(title[:_LONGEST]), None]:
        end = cut.start() if cut else min(len(title), _LONGEST)
        if _REPORT.search(title[start:end]):
            return start, end
        start = cut.end() if cut else end
    return None


def _printed(blocks: tuple[Block, ...]) -> dict[str, Cell]:
    """What is printed near the title: `来源：…  发布时间：…`, in a line or in a box."""
    found: dict[str, Cell] = {}
    for block in blocks[:_HEAD]:
        if isinstance(block, Table):
            if len(block.rows) <= _BOX_ROWS:
                for row in block.rows:
                    _boxed(row, found)
        elif block.text.startswith("一、"):
            break
        elif len(block.text) <= _LONGEST and (":" in block.text or "：" in block.text):
            for key, pattern in _LABELLED.items():
                match = pattern.search(block.text)
                if match and key not in found and _fits(key, match[1]):
                    start = block.start + match.start(1)
                    found[key] = Cell(match[1], block.part, start, start + len(match[1]))
    return found


def _boxed(row: tuple[Cell, ...], found: dict[str, Cell]) -> None:
    for label, cell in pairwise(row):
        key = _BOXED.get(squash(label.text).rstrip(":"))
        if key is not None and key not in found and _fits(key, cell.text):
            found[key] = cell
