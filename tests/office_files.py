"""Texts and marks in, small office files out: what tests feed the readers."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping
from xml.sax.saxutils import escape

from govreport_core.samples.package import HEAD, zipped
from govreport_core.samples.sample import Sample
from govreport_core.samples.sheet import Grid, blocks
from govreport_core.samples.style import PLAIN

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_NAMES = (
    f'xmlns:w="{W}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:v="urn:schemas-microsoft-com:vml"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
)
_SECTOR = 512
_FREE, _CHAIN_END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_SMALLEST = 4096

Texts = Mapping[tuple[int, int], str | float]
Ranges = Iterable[tuple[int, int, int, int]]


def p(*runs: str, properties: str = "") -> str:
    """A paragraph; a run that isn't markup is text."""
    inside = "".join(x if x.startswith("<") else r(x) for x in runs)
    return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{inside}</w:p>"


def r(text: str, look: str = "") -> str:
    """A run."""
    look = f"<w:rPr>{look}</w:rPr>" if look else ""
    return f'<w:r>{look}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def tc(*content: str, span: int = 1, merge: str = "") -> str:
    """A cell; a piece that isn't markup is a paragraph."""
    down = {"": "", "begin": '<w:vMerge w:val="restart"/>', "on": "<w:vMerge/>"}[merge]
    inside = "".join(x if x.startswith("<") else p(x) for x in content) or p()
    return f'<w:tc><w:tcPr><w:gridSpan w:val="{span}"/>{down}</w:tcPr>{inside}</w:tc>'


def tbl(*rows: Iterable[str]) -> str:
    """A table; a cell that isn't markup is text."""
    lines = ["".join(c if c.startswith("<") else tc(c) for c in row) for row in rows]
    return "<w:tbl>" + "".join(f"<w:tr>{line}</w:tr>" for line in lines) + "</w:tbl>"


def docx(*body: str, parts: Mapping[str, str] | None = None) -> bytes:
    """A Word file with that body; `parts` are other members' inner XML or whole texts."""
    files = {
        "word/document.xml": f"{HEAD}<w:document {_NAMES}><w:body>{''.join(body)}"
        "<w:sectPr/></w:body></w:document>"
    }
    for name, inner in (parts or {}).items():
        root = name.removeprefix("word/").removesuffix(".xml")
        whole = inner.startswith("<?xml")
        files[name] = inner if whole else f"{HEAD}<w:{root} {_NAMES}>{inner}</w:{root}>"
    return zipped(files)


def ole(streams: Mapping[str, bytes]) -> bytes:
    """An OLE container with these streams."""
    padded = {
        n: d.ljust(max(_SMALLEST, -(-len(d) // _SECTOR) * _SECTOR), b"\0")
        for n, d in streams.items()
    }
    directory_sectors = -(-(len(padded) + 1) // 4)
    needed = directory_sectors + sum(len(d) // _SECTOR for d in padded.values())
    fats = next(n for n in range(1, 100) if n * 128 >= needed + n)
    follows = [_FAT] * fats + _chain(fats, directory_sectors)
    entries = [_entry("Root Entry", 5, _CHAIN_END, 0, child=1)]
    body = b""
    for number, (name, data) in enumerate(padded.items(), 2):
        after = number if number <= len(padded) else _FREE
        entries.append(_entry(name, 2, len(follows), len(data), right=after))
        follows += _chain(len(follows), len(data) // _SECTOR)
        body += data
    directory = b"".join(entries).ljust(directory_sectors * _SECTOR, b"\0")
    follows += [_FREE] * (fats * 128 - len(follows))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<5H6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<9I", 0, fats, fats, 0, _SMALLEST, _CHAIN_END, 0, _CHAIN_END, 0)
    head += struct.pack("<109I", *range(fats), *[_FREE] * (109 - fats))
    return head + struct.pack(f"<{len(follows)}I", *follows) + directory + body


def _chain(first: int, length: int) -> list[int]:
    return [*range(first + 1, first + length), _CHAIN_END]


def _entry(
    name: str, kind: int, first: int, size: int, right: int = _FREE, child: int = _FREE
) -> bytes:
    coded = name.encode("utf-16-le") + b"\0\0"
    head = struct.pack("<64sHBB3I", coded, len(coded), kind, 1, _FREE, right, child)
    return head + bytes(36) + struct.pack("<IQ", first, size)


def xls(*sheets: tuple[Texts, Ranges], formats: Iterable[str] = (), hidden: int = 0) -> bytes:
    """An old Excel file.

    Args:
        sheets: Texts, figures and merged ranges of each.
        formats: Number formats; figures are shown by the first, if any.
        hidden: How many of the last sheets are hidden.
    """
    bodies = [_xls_sheet(texts, ranges, 1 if formats else 0) for texts, ranges in sheets]
    codes = list(formats)
    middle = b"".join(
        _record(0x41E, struct.pack("<HHB", 164 + i, len(c), 1) + c.encode("utf-16-le"))
        for i, c in enumerate(codes)
    )
    middle += _record(0xE0, struct.pack("<HH16x", 0, 0))
    middle += b"".join(_record(0xE0, struct.pack("<HH16x", 0, 164 + i)) for i in range(len(codes)))
    start = _record(0x809, struct.pack("<HH12x", 0x0600, 5))
    names = [f"S{i}".encode() for i in range(len(bodies))]
    at = len(start) + len(middle) + sum(4 + 8 + len(n) for n in names) + 4
    sheets_list = b""
    for i, (name, body) in enumerate(zip(names, bodies, strict=True)):
        state = 1 if i >= len(bodies) - hidden else 0
        about = struct.pack("<IBBBB", at, state, 0, len(name), 0)
        sheets_list += _record(0x85, about + name)
        at += len(body)
    book = start + middle + sheets_list + _record(0x0A, b"") + b"".join(bodies)
    return ole({"Workbook": book})


def _xls_sheet(texts: Texts, ranges: Ranges, shape: int) -> bytes:
    body = _record(0x809, struct.pack("<HH12x", 0x0600, 0x10))
    for (row, col), value in texts.items():
        where = struct.pack("<HHH", row, col, shape)
        if isinstance(value, float):
            body += _record(0x203, where + struct.pack("<d", value))
        elif value == "#DIV/0!":
            body += _record(0x205, where + b"\x07\x01")
        else:
            coded = value.encode("utf-16-le")
            body += _record(0x204, where + struct.pack("<HB", len(coded) // 2, 1) + coded)
    merged = [struct.pack("<4H", r1, r2, c1, c2) for r1, c1, r2, c2 in ranges]
    body += _record(0xE5, struct.pack("<H", len(merged)) + b"".join(merged))
    return body + _record(0x0A, b"")


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def ods(texts: Texts, ranges: Ranges = ()) -> bytes:
    """An OpenDocument sheet."""
    spans = {(r1, c1): (r2 - r1 + 1, c2 - c1 + 1) for r1, c1, r2, c2 in ranges}
    covered = {
        (r, c)
        for (row, col), (down, across) in spans.items()
        for r in range(row, row + down)
        for c in range(col, col + across)
        if (r, c) != (row, col)
    }
    rows = []
    at = 0
    places = sorted({*texts, *spans, *covered})
    for row in sorted({row for row, _ in places}):
        if row > at:
            rows.append(f'<table:table-row table:number-rows-repeated="{row - at}"/>')
        rows.append(
            f"<table:table-row>{_ods_row(row, places, texts, spans, covered)}</table:table-row>"
        )
        at = row + 1
    names = " ".join(
        f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"'
        for n in ("office", "table", "text", "style")
    )
    blank = "<table:table-cell/></table:table-row>"
    empty = f'<table:table-row table:number-rows-repeated="1048000">{blank}'
    content = (
        f"{HEAD}<office:document-content {names}><office:body><office:spreadsheet>"
        f'<table:table table:name="a">{"".join(rows)}{empty}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    return zipped(
        {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content}
    )


def _ods_row(
    row: int,
    places: list[tuple[int, int]],
    texts: Texts,
    spans: Mapping[tuple[int, int], tuple[int, int]],
    covered: set[tuple[int, int]],
) -> str:
    cells = ""
    at = 0
    for col in (c for r, c in places if r == row):
        if col > at:
            cells += f'<table:table-cell table:number-columns-repeated="{col - at}"/>'
        down, across = spans.get((row, col), (1, 1))
        span = f' table:number-rows-spanned="{down}" table:number-columns-spanned="{across}"'
        kind = "covered-table-cell" if (row, col) in covered else "table-cell"
        value = texts.get((row, col), "")
        shown = f"{value:g}" if isinstance(value, float) else escape(value)
        inner = "".join(f"<text:p>{line}</text:p>" for line in shown.split("\n")) if shown else ""
        cells += f"<table:{kind}{span if down * across > 1 else ''}>{inner}</table:{kind}>"
        at = col + 1
    return cells


def sheet_of(
    sample: Sample,
) -> tuple[dict[tuple[int, int], str | float], list[tuple[int, int, int, int]]]:
    """A sample's report laid out on one sheet: texts by place, and merged ranges."""
    texts: dict[tuple[int, int], str | float] = {}
    ranges: list[tuple[int, int, int, int]] = []
    row = 0
    for block in blocks(sample, PLAIN):
        if not isinstance(block, Grid):
            texts[row, 0] = block.text
            ranges.append((row, 0, row, 9))
            row += 1
            continue
        taken: set[tuple[int, int]] = set()
        for number, cells in enumerate(block.rows):
            col = 0
            for cell in cells:
                while (number, col) in taken:
                    col += 1
                last = (number + cell.rowspan - 1, col + cell.colspan - 1)
                taken |= {
                    (r, c) for r in range(number, last[0] + 1) for c in range(col, last[1] + 1)
                }
                figure = cell.value and cell.text.isdigit()
                texts[row + number, col] = float(cell.text) if figure else cell.text
                if last != (number, col):
                    ranges.append((row + number, col, row + last[0], last[1]))
        row += len(block.rows)
    return texts, ranges
