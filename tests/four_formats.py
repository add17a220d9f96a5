"""One report in four formats, with pictures in the place of any of its tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape

from office_files import docx, p, tbl, tc
from PIL import Image
from printed_pdf import Printer
from reportlab.lib.utils import ImageReader

from govreport_core.samples import agencies, draw_report
from govreport_core.samples.sheet import Block, Grid, Passage, blocks, expanded
from govreport_core.samples.style import PLAIN

Content = Iterator[Block | None]
"""A report's blocks; None is where a picture stands."""


def report(*pictured: str, after: str = "") -> Content:
    """A report whose tables of those codes are a picture, with one more after a heading."""
    for block in blocks(draw_report(agencies(1)[0], 2023, seed=3), PLAIN):
        if isinstance(block, Grid) and block.code in pictured:
            yield None
            continue
        yield block
        if isinstance(block, Passage) and after and after in block.text:
            yield None


def html(content: Content, image: str = '<img src="/pic/W020240131.png">') -> bytes:
    lines = []
    for block in content:
        if block is None:
            lines.append(f"<p>{image}</p>")
        elif isinstance(block, Passage):
            lines.append(f"<p>{escape(block.text)}</p>")
        else:
            rows = (
                "".join(
                    f"<td colspan={c.colspan} rowspan={c.rowspan}>{escape(c.text)}</td>"
                    for c in row
                )
                for row in block.rows
            )
            lines.append(f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>")
    return "\n".join(["<html><body><div class=article>", *lines, "</div></body></html>"]).encode()


def word(content: Content, size: str = 'cx="5400000" cy="3000000"') -> bytes:
    picture = (
        '<w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/'
        f'wordprocessingDrawing"><wp:extent {size}/><a:graphic><a:blip r="1"/></a:graphic>'
        "</wp:inline></w:drawing></w:r>"
    )
    body = []
    for block in content:
        if block is None:
            body.append(p(picture))
        elif isinstance(block, Passage):
            body.append(p(block.text))
        else:
            rows = []
            for row in expanded(block):
                merges = ["on" if c.continued else "begin" * (c.rowspan > 1) for c in row]
                cells = zip(row, merges, strict=True)
                rows.append([tc(p(c.text), span=c.colspan, merge=m) for c, m in cells])
            body.append(tbl(*rows))
    return docx(*body)


def markdown(content: Content, image: str = "![](images/3f9a.jpg)") -> bytes:
    lines = []
    for block in content:
        if block is None:
            lines.append(image)
        elif isinstance(block, Passage):
            lines.append(block.text)
        else:
            for row in expanded(block):
                texts = [text for c in row for text in (c.text, *[""] * (c.colspan - 1))]
                lines.append(f"| {' | '.join(texts)} |")
        lines.append("")
    return "\n".join(lines).encode()


def pdf(content: Content, size: tuple[int, int] = (400, 120)) -> bytes:
    printer = Printer()
    for block in content:
        if block is None:
            if printer.y + size[1] > printer.floor:
                printer.turn_page()
            printer.y += size[1]
            printer.canvas.drawImage(scan(), 90, printer.page_size[1] - printer.y, *size)
        elif isinstance(block, Passage):
            printer.words(block.text)
        else:
            printer.table(block)
    return printer.close()


def scan() -> ImageReader:
    return ImageReader(Image.new("L", (8, 8), 200))


FORMATS: dict[str, Callable[[Content], bytes]] = {
    ".html": html,
    ".docx": word,
    ".md": markdown,
    ".pdf": pdf,
}
