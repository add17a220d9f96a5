"""What a page says of itself in, its title, agency, day and address out, each with its place.

Meta tags come first, then the line sites print under the title, then the tab's title.
"""

from __future__ import annotations

import re

from govreport_core.model import Block, Cell, Part
from govreport_core.sources.html.page import Page
from govreport_core.sources.printed import LONGEST, REPORT, fits, printed_facts

# By the name a meta tag has, in lower case; the first that is there counts.
TAGS = {
    "title": ("articletitle", "article_title", "og:title", "dc.title"),
    "agency": ("contentsource", "source", "dc.publisher"),
    "published_on": ("pubdate", "publishdate", "article:published_time", "dc.date"),
    "source_url": ("url", "og:url", "canonical"),
    "column": ("columnname",),
}
# Links to files, and those that may lead to one without saying so.
FILES = re.compile(r"\.(?:pdf|docx?|wps|xlsx?|ofd|et|zip|rar)(?:[?#]|$)", re.IGNORECASE)
_MAYBE_FILES = re.compile(r"down|attach|file|fj|upload", re.IGNORECASE)
# A page that offers a file has one, though a script may hold its address.
_OFFERED = re.compile(
    r"(?:文件|附件|点击|全文|正文|word|pdf)\s*下载|下载\s*(?:附件|文件|全文|正文|word|pdf)",
    re.IGNORECASE,
)
_FEWEST_LINKS = 3
_SAVED = re.compile(r"<!--\s*saved from url=\(\d+\)(https?://[^\s<>]{4,2000})")
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
            if fits(key, text):
                add(key, f"meta:{tag}", text)
                break
    if "source_url" not in found and (saved := _SAVED.search(content[:2000])):
        add("source_url", "meta:saved-from", saved[1])
    if "title" not in found and (span := _titled(page.title)):
        add("title", "meta:title", page.title, *span)
    for key, cell in printed_facts(blocks).items():
        found.setdefault(key, cell)
    if (attached := _attached(page.files)) or (attached == "" and not _OFFERED.search(content)):
        found["attachment"] = Cell(attached, "", 0, 0)
    return found, added


def _attached(links: list[str]) -> str | None:
    """The name of a file that the page links to; empty for none, None where that isn't known.

    A page saved without its links, or with a link that may be a file's, doesn't tell.
    """
    file = next((link for link in links if FILES.search(link)), None)
    if file is not None:
        return file.rsplit("/", 1)[-1][:LONGEST]
    if len(links) < _FEWEST_LINKS or any(_MAYBE_FILES.search(link) for link in links):
        return None
    return ""


def _titled(title: str) -> tuple[int, int] | None:
    """The piece of the tab's title that names a report, without the site's name."""
    start = 0
    for cut in [*_SITE.finditer(title[:LONGEST]), None]:
        end = cut.start() if cut else min(len(title), LONGEST)
        if REPORT.search(title[start:end]):
            return start, end
        start = cut.end() if cut else end
    return None
