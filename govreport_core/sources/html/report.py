"""A page's lines and tables in, those that are the report out.

The report's own words show where it stands: its title, its sections' headings, its
tables. What a site puts around it is dropped; what lies between is kept. A page
without any of those words is kept whole, but for what is furniture by its names.
"""

from __future__ import annotations

import re
from bisect import bisect_left

import msgspec

from govreport_core.folding import fold, squash
from govreport_core.sources.html.copies import second_printing
from govreport_core.sources.html.grid import PICTURE, PageTable
from govreport_core.sources.html.page import CHROME, HIDDEN, Page, Picture
from govreport_core.sources.pictures import may_show_text

_TITLE = re.compile(r"政府信息公开.{0,14}?报告.{0,12}$")
_SECTIONS = (
    r"(?:总体情况|主动公开政府信息|收到和处理政府信息公开|(?:因)?政府信息公开(?:工作被申请)?行政复议"
    r"|(?:政府信息公开工作)?存在的?主要问题|其他需要(?:要)?报告)"
)
_HEADING = re.compile(rf"(?:[一二三四五六1-6][、.,]|\([一二三四五六]\))?{_SECTIONS}")
_GLUED = re.compile(rf"[一二三四五六]\s*[、.．]\s*{_SECTIONS}")
_NUMBERED = re.compile(r"[一二三四五六七八九][、.]\S{2,40}$")
_TABLE = re.compile(
    r"第二十条第|本年新收政府信息公开|结转下年度继续办理|未经复议直接起诉|结果维持"
    r"|主动公开政府信息数|收到政府信息公开申请"
)
# What sites print after an article, and between its title and its text.
_AFTER = re.compile(
    r"(?:相关(?:链接|文章|信息|阅读|稿件|解读|新闻|附件)|上一[篇条]|下一[篇条]|扫一扫|分享到?|责任编辑|编辑:"
    r"|打印|关闭|【|\[|版权所有|主办(?:单位)?[:：]|承办(?:单位)?[:：]|网站(?:地图|标识码|声明)|联系我们|您是第"
    r"|备案|.{0,4}ICP备|.{0,4}公网安备|技术支持|地址:|邮编|建议使用|返回顶部|纠错|收藏|用手机|微信扫)"
)
_WIDGET = re.compile(
    r"(?:当前位置|您(?:现在|当前)?(?:的)?(?:位置|所在)|首页[>» ]|字[体号]|【|\[|分享|打印"
    r"|浏览(?:次数|量)|点击(?:数|率|量|次数)|阅读(?:次数|量)|访问量|扫一扫|收藏|关闭|视力保护|背景色|相关链接|文件下载|全文下载|无障碍|长者|今天是|纠错)"
)
_TITLE_ABOVE = re.compile(
    r"(?:\D{2,30}[府厅室会局委办院署队处镇乡道区心所站馆社]|\(?\d{4}年度?\)?)$"
)
_SIGNATURE = re.compile(
    r"(?:\d{4}[年./-]\d{1,2}[月./-]\d{1,2}日?|[\u4e00-\u9fff]{2,36}[府厅室会局委办院署队处镇乡道区心所站馆社])$"
)
_LONGEST_HEADING = 120
_LONGEST_TITLE = 90
_PROSE = 200
_ABOVE = 3


class Entry(msgspec.Struct):
    """A line (its number) or a table of the page."""

    line: int
    owner: int
    table: PageTable | None = None


def entries(page: Page) -> list[Entry]:
    """The page's lines and tables in order, each line once."""
    found: list[Entry] = []
    at = 0
    owners = page.owners
    for table in page.tables:
        found += [Entry(n, owners[n]) for n in range(at, table.start)]
        if table.end > table.start:
            found.append(Entry(table.start, table.owner, table))
        at = table.end
    found += [Entry(n, owners[n]) for n in range(at, len(owners))]
    return found


class Found(msgspec.Struct):
    """What of a page is the report.

    Attributes:
        kept: Its entries.
        certain: Whether its words were found in them.
        furniture: For each box whether it is the site's.
        within: For each box whether it is the one that holds the report, or in it.
        twice: Whether a second printing of the same was left out.
    """

    kept: list[Entry]
    certain: bool
    furniture: list[bool]
    within: list[bool]
    twice: bool = False


def find_report(page: Page) -> Found:
    """The entries that are the report's, and where they were found."""
    found = entries(page)
    folded = [_folded(page, e) for e in found]
    weights = [_weight(page, e, text) for e, text in zip(found, folded, strict=True)]
    furniture = _furniture(page, found, weights)
    shown = [i for i, e in enumerate(found) if not furniture[e.owner]]
    marked = [i for i in shown if weights[i] > 1]
    if not marked:
        marked = [i for i in shown if weights[i]]
    if not marked:
        trimmed = _trimmed(page, [found[i] for i in shown], [folded[i] for i in shown])
        return Found(trimmed, False, furniture, _within(page, 0))
    within = _within(page, _common([found[i].owner for i in marked], page.parents))
    first = _start(page, found, folded, [i for i in shown if i <= marked[0]], within)
    kept = _head(page, found, folded, [i for i in shown if first <= i < marked[0]])
    kept += [i for i in shown if marked[0] <= i <= marked[-1] and _between(page, found[i], within)]
    kept += _tail(page, found, folded, [i for i in shown if i > marked[-1]], within)
    certain = any(weights[i] > 1 for i in marked)
    entered = [found[i] for i in kept]
    again = _again(page, entered)
    once = [*entered[: again.start], *entered[again.stop :]] if again else entered
    return Found(once, certain, furniture, within, bool(again))


def _again(page: Page, kept: list[Entry]) -> range:
    """The entries of a second printing, where there are tables enough for one."""
    if sum(entry.table is not None for entry in kept) < 2:
        return range(0)
    texts = page.texts
    return second_printing(
        [
            texts[e.line] if e.table is None else tuple(texts[e.table.start : e.table.end])
            for e in kept
        ]
    )


def pictures_among(page: Page, found: Found) -> list[int]:
    """For each picture that is the report's and may show text, the entry it follows."""
    first = [e.line for e in found.kept]
    followed: list[int] = []
    for picture in page.pictures:
        at = bisect_left(first, picture.line) - 1
        inside = at >= 0 and not found.furniture[picture.box]
        if at == len(first) - 1:
            inside = inside and found.within[picture.box]
        if inside and shows_text(picture):
            followed.append(at)
    return followed


def shows_text(picture: Picture) -> bool:
    """Whether a picture is more than an ornament, as far as can be told."""
    source = "" if picture.source.startswith("data:") else picture.source
    return may_show_text(f"{picture.names} {source}", picture.width, picture.height)


def _folded(page: Page, entry: Entry) -> str:
    """A short line to look for words in, without any space; a long one as it is."""
    if entry.table is not None:
        return ""
    text = page.texts[entry.line]
    return squash(text) if len(text) <= _LONGEST_HEADING else text


def _weight(page: Page, entry: Entry, text: str) -> int:
    """How surely an entry belongs to a report: 3 a table, 2 a heading, 1 perhaps one."""
    if entry.table is not None:
        printed = "".join(page.texts[entry.table.start : entry.table.end])
        return 3 if _TABLE.search(printed) or _TABLE.search("".join(fold(printed).split())) else 0
    if len(text) > _LONGEST_HEADING:
        return 2 if _GLUED.search(text) else 0
    if _is_link(page, entry):
        return 0
    if _HEADING.match(text):
        return 2
    return 1 if _NUMBERED.match(text) else 0


def _is_link(page: Page, entry: Entry) -> bool:
    return entry.table is None and 5 * page.linked[entry.line] >= 4 * len(page.texts[entry.line])


def _furniture(page: Page, found: list[Entry], weights: list[int]) -> list[bool]:
    """For each box whether it is, or stands in, a site's furniture or what isn't shown.

    A box that holds a heading, a table or prose is none, whatever its names; what
    isn't shown is part of the report only where nothing that is shown is.
    """
    parents, kinds = page.parents, page.kinds
    if not any(kinds):
        return [False] * len(parents)
    holding = [False] * len(parents)
    for entry, weight in zip(found, weights, strict=True):
        box = entry.owner
        if weight > 1 or _is_prose(page, entry):
            while box and not holding[box]:
                holding[box] = True
                box = parents[box]
    hidden = _under(parents, [kind == HIDDEN for kind in kinds])
    if not any(w > 1 and not hidden[e.owner] for e, w in zip(found, weights, strict=True)):
        mine = zip(kinds, holding, strict=True)
        hidden = _under(parents, [kind == HIDDEN and not held for kind, held in mine])
    mine = zip(kinds, holding, strict=True)
    chrome = _under(parents, [kind == CHROME and not held for kind, held in mine])
    return [a or b for a, b in zip(hidden, chrome, strict=True)]


def _under(parents: list[int], marked: list[bool]) -> list[bool]:
    """For each box whether it or one around it is marked; a box stands behind those around it."""
    for box in range(1, len(parents)):
        marked[box] = marked[box] or marked[parents[box]]
    return marked


def _is_prose(page: Page, entry: Entry) -> bool:
    if entry.table is not None:
        return False
    size = len(page.texts[entry.line])
    return size >= _PROSE and 2 * page.linked[entry.line] < size


def _common(owners: list[int], parents: list[int]) -> int:
    """The innermost box all these boxes are in."""
    around: list[int] = []
    box = owners[0]
    while box:
        around.append(box)
        box = parents[box]
    around.append(0)
    depth = {b: i for i, b in enumerate(around)}
    common = 0
    for owner in owners[1:]:
        box = owner
        while box not in depth:
            box = parents[box]
        common = max(common, depth[box])
    return around[common]


def _within(page: Page, box: int) -> list[bool]:
    """For each box whether it is this one or in it."""
    return _under(page.parents, [number == box for number in range(len(page.parents))])


def _start(
    page: Page, found: list[Entry], folded: list[str], before: list[int], within: list[bool]
) -> int:
    """The first entry of the report: its title, with what is above it of the title."""
    titled = [
        i
        for i in before
        if found[i].table is None
        and len(folded[i]) <= _LONGEST_TITLE
        and _TITLE.search(folded[i])
        and not _WIDGET.match(folded[i])
        and not _is_link(page, found[i])
    ]
    if not titled:
        inside = (i for i in before if within[found[i].owner] and not _is_link(page, found[i]))
        return next(inside, before[-1])
    first = titled[0]
    for i in reversed([i for i in before if i < first][-_ABOVE:]):
        if found[i].owner != found[first].owner or not _TITLE_ABOVE.match(folded[i]):
            break
        first = i
    return first


def _head(page: Page, found: list[Entry], folded: list[str], numbers: list[int]) -> list[int]:
    """Title, facts of publication and what comes before the first heading."""
    return [
        i
        for i in numbers
        if not _is_link(page, found[i]) and not (_short(folded[i]) and _WIDGET.match(folded[i]))
    ]


def _between(page: Page, entry: Entry, within: list[bool]) -> bool:
    return within[entry.owner] or not _is_link(page, entry)


def _short(text: str) -> bool:
    return len(text) <= _LONGEST_HEADING


def _tail(
    page: Page, found: list[Entry], folded: list[str], numbers: list[int], within: list[bool]
) -> list[int]:
    """What follows the last heading or table, to where the site goes on."""
    kept: list[int] = []
    for i in numbers:
        text = folded[i]
        if found[i].table is None and _short(text) and _AFTER.match(text):
            break
        if within[found[i].owner]:
            if not _is_link(page, found[i]) or not _short(text):
                kept.append(i)
        elif found[i].table is None and _SIGNATURE.match(text) and not _is_link(page, found[i]):
            kept.append(i)
        else:
            break
    return kept


def _trimmed(page: Page, found: list[Entry], folded: list[str]) -> list[Entry]:
    """A page without headings and tables: from its title on, to where the site goes on."""
    titled = [
        i
        for i, text in enumerate(folded)
        if _short(text) and _TITLE.search(text) and not _is_link(page, found[i])
    ]
    kept: list[Entry] = []
    for entry, text in zip(
        found[titled[0] if titled else 0 :], folded[titled[0] if titled else 0 :], strict=True
    ):
        if _is_link(page, entry) or (_short(text) and _WIDGET.match(text)):
            continue
        if kept and _short(text) and _AFTER.match(text):
            break
        kept.append(entry)
    return kept


def without_pictures(text: str) -> str:
    """A line's words; pictures in it are none."""
    return text.replace(PICTURE, "").strip() if PICTURE in text else text
