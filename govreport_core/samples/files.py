"""A sample and a file format in, the file's bytes out; a new format is one line here."""

from __future__ import annotations

from collections.abc import Callable

from govreport_core.samples.docx import render_docx
from govreport_core.samples.html import render_html
from govreport_core.samples.markdown import render_markdown
from govreport_core.samples.sample import Sample
from govreport_core.samples.xlsx import render_xlsx

Render = Callable[..., bytes]

FILES: dict[str, tuple[str, Render]] = {
    "html": (".html", render_html),
    "docx": (".docx", render_docx),
    "xlsx": (".xlsx", render_xlsx),
    "markdown": (".md", render_markdown),
}


def render_file(sample: Sample, layout: str, *, seed: int = 1) -> bytes:
    """The report as a file of that format."""
    return FILES[layout][1](sample, seed=seed)


def ending(layout: str) -> str:
    """The file's ending: that of its format, or `.txt` for a text layout."""
    return FILES[layout][0] if layout in FILES else ".txt"
