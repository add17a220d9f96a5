"""A report in, a web page out, as a government site prints it between its own furniture.

The page may be one line, in GBK while it declares gb2312, framed by a layout
table, typed in Word and pasted; spans carry stray spaces, blanks are `&nbsp;`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from random import Random

import msgspec

from govreport_core.samples.chance import below, chance, happens, pick
from govreport_core.samples.reshape import reshaped
from govreport_core.samples.sample import Sample
from govreport_core.samples.sheet import Block, Grid, GridCell, Passage, blocks
from govreport_core.samples.style import style_of

_NAVIGATION = ("首页", "机构概况", "政务公开", "政务服务", "互动交流", "专题专栏")
_TRAIL = ("首页", "政务公开", "法定主动公开内容", "政府信息公开年报")
_SHARED = ("微信", "微博", "QQ空间", "打印", "关闭窗口")
_SCRIPT = '<script>var id="31,27,0";if(id<"<td>1</td>"){document.write("<table>");}</script>'
_ENCODINGS = (
    *(("utf-8", "utf-8"),) * 4,
    *(("gb18030", "gb2312"), ("gb18030", "gbk"), ("gb18030", "gb18030")),
    *(("utf-8-sig", "utf-8"), ("utf-8", "gb2312"), ("utf-16", "utf-16")),
)
"""What a page is in, and what it says it is in."""
_CSS = "<style>.list td{width:31px} p{margin:0}</style>"


class Habits(msgspec.Struct, frozen=True):
    """How one page is made.

    Attributes:
        encoding: What its bytes are in.
        declared: What it says they are in.
        furnished: Whether the site's own parts stand around the report.
        tagged: Whether meta tags name title, date and source.
        framed: Whether the report stands in a layout table.
        pasted: Whether it was typed in Word: spans and paragraphs in every cell.
        one_line: Whether there are no line ends.
        headed: Whether header cells are `th`.
        joined: Whether neighbouring tables of section two are one table.
        broken: How often a label is broken over lines.
        odd: How often a span is written oddly.
        blank: What stands in an empty cell.
    """

    encoding: str
    declared: str
    furnished: bool
    tagged: bool
    framed: bool
    pasted: bool
    one_line: bool
    headed: bool
    joined: bool
    broken: float
    odd: float
    blank: str


def render_html(sample: Sample, *, seed: int = 1) -> bytes:
    """The report as a web page's bytes."""
    rng = chance(seed, sample.agency.agency_id, sample.year, "html")
    content = reshaped(blocks(sample, style_of(sample, rng)), sample)
    encoding, declared = pick(rng, _ENCODINGS)
    habits = Habits(
        encoding=encoding,
        declared=declared,
        furnished=happens(rng, 0.75),
        tagged=happens(rng, 0.6),
        framed=happens(rng, 0.2),
        pasted=happens(rng, 0.5),
        one_line=happens(rng, 0.25),
        headed=happens(rng, 0.2),
        joined=happens(rng, 0.5),
        broken=pick(rng, (0.0, 0.1, 0.4)),
        odd=pick(rng, (0.0, 0.0, 0.1)),
        blank=pick(rng, ("", "&nbsp;", "&nbsp;&nbsp;", "&#12288;", "<br>")),
    )
    page = _Page(habits, rng).page(sample, content)
    return page.encode(habits.encoding)


class _Page:
    """One page in the making."""

    def __init__(self, habits: Habits, rng: Random) -> None:
        self.habits = habits
        self.rng = rng

    def page(self, sample: Sample, content: Iterable[Block]) -> str:
        habits = self.habits
        title = escape("".join(sample.title) or sample.agency.name)
        head = [f'<meta charset="{habits.declared}">', f"<title>{title}</title>", _CSS]
        if habits.tagged:
            head += _tags(sample, title)
        report = self.report(content)
        if habits.framed:
            report = ['<table width="980"><tr><td class="zoom">', *report, "</td></tr></table>"]
        body = ['<div id="zoom" class="TRS_Editor">', *report, "</div>"]
        if habits.furnished:
            body = [*_above(), _SCRIPT, *body, *_below(sample)]
        lines = ["<!DOCTYPE html>", "<html><head>", *head, "</head><body>", *body, "</body></html>"]
        return ("" if habits.one_line else "\n").join(lines)

    def report(self, content: Iterable[Block]) -> list[str]:
        lines: list[str] = []
        rows: list[str] = []
        for block in content:
            if isinstance(block, Grid):
                if rows and not (self.habits.joined and block.code.startswith("t2_")):
                    lines.append(_table(rows))
                    rows = []
                rows += self.rows(block)
                continue
            if rows:
                lines.append(_table(rows))
                rows = []
            lines.append(self.words(block))
        return [*lines, _table(rows)] if rows else lines

    def words(self, block: Passage) -> str:
        text = escape(block.text)
        if block.kind == "title":
            return f'<p style="text-align:center"><strong>{text}</strong></p>'
        if block.kind == "heading":
            return pick(self.rng, (f"<p><strong>{text}</strong></p>", f"<h2>{text}</h2>"))
        if block.kind == "signature":
            return f'<p style="text-align:right">{text}</p>'
        indent = pick(self.rng, ("", "&emsp;&emsp;", "　　", "&nbsp;&nbsp;&nbsp;&nbsp;"))
        return f"<p>{indent}{self.inline(text)}</p>"

    def rows(self, grid: Grid) -> list[str]:
        first_figures = next(i for i, row in enumerate(grid.rows) if any(c.value for c in row))
        return [
            f"<tr>{''.join(self.cell(grid, cell, number < first_figures) for cell in row)}</tr>"
            for number, row in enumerate(grid.rows)
        ]

    def cell(self, grid: Grid, cell: GridCell, head: bool) -> str:
        name = "th" if head and self.habits.headed else "td"
        spans = self.span("rowspan", cell.rowspan) + self.span("colspan", cell.colspan)
        if not cell.text:
            return f"<{name}{spans}>{self.habits.blank}</{name}>"
        lines = [cell.text] if cell.value else self.broken(grid, cell.text)
        if self.habits.pasted:
            shown = "".join(f'<p class="MsoNormal">{self.inline(escape(x))}</p>' for x in lines)
        else:
            shown = "<br/>".join(map(escape, lines))
        return f"<{name}{spans}>{shown}</{name}>"

    def span(self, name: str, size: int) -> str:
        if size == 1:
            return f' {name}="1"' if happens(self.rng, 0.1) else ""
        if happens(self.rng, self.habits.odd):
            return f' {name}="{size} "'
        return f" {name}={size}" if happens(self.rng, 0.2) else f' {name}="{size}"'

    def broken(self, grid: Grid, text: str) -> list[str]:
        if grid.code.startswith("t2_") or not happens(self.rng, self.habits.broken):
            return [text]
        if len(text) <= 3:
            return list(text)
        half = len(text) // 2
        return [text[:half], text[half:]]

    def inline(self, text: str) -> str:
        """A text in one span or several, as Word leaves it; entities stay whole."""
        if not self.habits.pasted:
            return text
        if len(text) > 3 and "&" not in text and happens(self.rng, 0.4):
            at = 1 + below(self.rng, len(text) - 1)
            return f"<span>{text[:at]}</span><span lang=EN-US>{text[at:]}<o:p></o:p></span>"
        return f'<span style="font-family:仿宋">{text}</span>'


def _tags(sample: Sample, title: str) -> list[str]:
    return [
        f'<meta name="ArticleTitle" content="{title}">',
        f'<meta name="PubDate" content="{sample.published_on} 10:27">',
        f'<meta name="ContentSource" content="{escape(sample.agency.name)}">',
    ]


def _above() -> list[str]:
    return [
        f'<div class="nav">{_links(_NAVIGATION)}</div>',
        f'<div class="position">您当前的位置：{" &gt; ".join(_TRAIL)}</div>',
    ]


def _below(sample: Sample) -> list[str]:
    name = escape(sample.agency.name)
    others = [f"{name}{year}年工作要点" for year in (sample.year - 1, sample.year - 2)]
    file = f'<a href="{sample.year}.docx">下载</a>'
    return [
        f'<div class="share">分享到：{_links(_SHARED)} | {file}</div>',
        '<div class="qr">扫一扫在手机打开当前页<img src="qr.png"></div>',
        f'<div class="related"><h3>相关链接</h3><ul>{_items(others)}</ul></div>',
        f"<footer><p>主办：{name}　网站标识码：0000000000</p><p>地址：人民路1号</p></footer>",
    ]


def _links(names: Sequence[str]) -> str:
    return " | ".join(f'<a href="#">{name}</a>' for name in names)


def _items(names: Sequence[str]) -> str:
    return "".join(f"<li><a href='#'>{name}</a></li>" for name in names)


def _table(rows: list[str]) -> str:
    return f'<table border="1" cellspacing="0"><tbody>{"".join(rows)}</tbody></table>'
