"""A Word file's XML in, the same without what only sets the look of text out.

Fonts, sizes, borders and widths are three quarters of what programs write, and
print nothing: to drop them is cheaper than to parse them.
"""

from __future__ import annotations

import re

_LOOKS = (
    "rFonts|color|kern|sz|szCs|lang|b|bCs|i|iCs|u|shd|highlight|noProof"  # of a run
    "|spacing|jc|ind|widowControl|snapToGrid|adjustRightInd|autoSpaceDE|autoSpaceDN"
    "|kinsoku|overflowPunct|wordWrap|textAlignment"  # of a paragraph
    "|tcW|vAlign|top|left|bottom|right|insideH|insideV|trHeight|tblW|gridCol"  # of a table
)


def _by_first_letter(names: str) -> str:
    """The names as a pattern, longer ones first: what is none of them isn't tried with each."""
    rests: dict[str, list[str]] = {}
    for name in names.split("|"):
        rests.setdefault(name[0], []).append(name[1:])
    ordered = ((first, sorted(some, key=len, reverse=True)) for first, some in rests.items())
    return "|".join(f"{first}(?:{'|'.join(some)})" for first, some in ordered)


_NAMES = _by_first_letter(_LOOKS)
_ELEMENT = re.compile(rf'<w:(?:{_NAMES})(?: [A-Za-z0-9:]++="[^"<>&]*+")*+ ?/>'.encode())
# What then is empty and says nothing.
_EMPTY = (
    b"<w:rPr></w:rPr>",
    b"<w:pPr></w:pPr>",
    b"<w:tcBorders></w:tcBorders>",
    b"<w:tcPr></w:tcPr>",
)
# Where a tag may stand that is none.
_QUOTED = (b"<![", b"<!--")
_QUOTES = b"!"  # in each of them: mostly there is none


def without_looks(content: bytes) -> bytes:
    """Drop the elements that set a look and hold nothing.

    Args:
        content: A main part's XML, in any encoding; left as it is where it has comments or
            quoted stretches.
    """
    if _QUOTES in content and any(mark in content for mark in _QUOTED):
        return content
    content = _ELEMENT.sub(b"", content)
    for empty in _EMPTY:
        content = content.replace(empty, b"")
    return content
