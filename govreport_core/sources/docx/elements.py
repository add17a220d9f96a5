"""The elements of a Word file's body, by what is done with each."""

from __future__ import annotations

from govreport_core.sources.docx.names import W

_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_STRICT_MATH = "{http://purl.oclc.org/ooxml/officeDocument/math}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_V = "{urn:schemas-microsoft-com:vml}"

# What is done with an element; all others are only looked into.
(
    LOOK_INTO,
    LEAVE,
    TEXT,
    SIGN,
    SYMBOL,
    FIELD,
    ART,
    RUN,
    PROPERTIES,
    PARAGRAPH,
    TABLE,
    ROW,
    CELL,
    BOX,
    CHOICES,
    IMAGE,
) = range(16)

KINDS: dict[object, int] = {
    **dict.fromkeys(
        (
            f"{W}{name}"
            for name in (
                "rPr", "tblPr", "tblPrEx", "tblGrid", "trPr", "tcPr", "sectPr", "sdtPr", "sdtEndPr",
                "del", "moveFrom", "delText", "instrText", "delInstrText", "rt", "rubyPr",
                "proofErr", "bookmarkStart", "bookmarkEnd", "lastRenderedPageBreak",
            )
        ),
        LEAVE,
    ),
    f"{W}t": TEXT,
    f"{_MATH}t": TEXT,
    f"{_STRICT_MATH}t": TEXT,
    f"{W}tab": SIGN,
    f"{W}ptab": SIGN,
    f"{W}noBreakHyphen": SIGN,
    f"{W}br": SIGN,
    f"{W}cr": SIGN,
    f"{W}sym": SYMBOL,
    f"{W}fldChar": FIELD,
    f"{_V}textpath": ART,
    f"{W}r": RUN,
    f"{W}pPr": PROPERTIES,
    f"{W}p": PARAGRAPH,
    f"{W}tbl": TABLE,
    f"{W}tr": ROW,
    f"{W}tc": CELL,
    f"{W}txbxContent": BOX,
    f"{_A}blip": IMAGE,
    f"{_V}imagedata": IMAGE,
    f"{_MC}AlternateContent": CHOICES,
}  # fmt: skip
SIGNS = {
    f"{W}tab": "\t",
    f"{W}ptab": "\t",
    f"{W}noBreakHyphen": "-",
    f"{W}br": "\n",
    f"{W}cr": "\n",
}
