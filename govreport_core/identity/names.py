"""What agencies' names look like, and a line's one cell, for what looks for either."""

from __future__ import annotations

import re

from govreport_core.align.lines import Line
from govreport_core.model import Cell

# What is left of a name when the line above has its beginning.
GENERIC = frozenset(
    {"人民政府", "人民政府办公室", "人民政府办公厅", "办公室", "管理委员会", "委员会"}
)
_AGENCY_END = (
    "人民政府|行政公署|公署|办公厅|办公室|委员会|管委会|党工委|总局|分局|支局|局|厅|委|办|院|署|队"
    "|街道办事处|街道办|街道|办事处|镇|乡|苏木|中心|站|所|馆|社|兵团|开发区|高新区|经开区|新区"
    "|保税区|示范区|实验区|合作区|园区|度假区|管理区|海关|联合会|公司|集团|医院|学校|大学"
)
AGENCY = re.compile(rf"^[\u4e00-\u9fff·()A-Za-z]{{2,40}}?(?:{_AGENCY_END})(?:\([^()]{{1,20}}\))?$")


def bare(text: str) -> str:
    """A text without any space."""
    return re.sub(r"\s+", "", text)


def alone(line: Line) -> Cell | None:
    """The one cell of a line that prints anything, if there is but one."""
    cells = [c for c in line.cells if c.text.strip()]
    return cells[0] if len(cells) == 1 else None


def trimmed(cell: Cell) -> Cell:
    """The cell without the spaces around its text."""
    text = cell.text.strip()
    start = cell.start + cell.text.index(text)
    return Cell(text, cell.part, start, start + len(text))
