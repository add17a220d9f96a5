"""A sample and a file format in, the file's bytes out; a new format is one line here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib.util import find_spec

from govreport_core.errors import GovReportError
from govreport_core.samples.docx import render_docx
from govreport_core.samples.html import render_html
from govreport_core.samples.markdown import render_markdown
from govreport_core.samples.sample import Sample
from govreport_core.samples.xlsx import render_xlsx

Render = Callable[..., bytes]


def _pdf(sample: Sample, *, seed: int = 1) -> bytes:
    require(("pdf",))
    from govreport_core.samples.pdf import render_pdf  # noqa: PLC0415 - reportlab is an extra

    return render_pdf(sample, seed=seed)


FILES: dict[str, tuple[str, Render]] = {
    "html": (".html", render_html),
    "docx": (".docx", render_docx),
    "xlsx": (".xlsx", render_xlsx),
    "pdf": (".pdf", _pdf),
    "markdown": (".md", render_markdown),
}


def render_file(sample: Sample, layout: str, *, seed: int = 1) -> bytes:
    """The report as a file of that format."""
    return FILES[layout][1](sample, seed=seed)


def require(formats: Iterable[str]) -> None:
    """Refuse formats that this machine can't write.

    Raises:
        GovReportError: PDF, and reportlab isn't installed.
    """
    if "pdf" in formats and find_spec("reportlab") is None:
        msg = (
            "PDFs need reportlab: pip install 'govreport[pdf-samples]', "
            "or name formats without pdf: --formats cells,html,docx"
        )
        raise GovReportError(msg)


def ending(layout: str) -> str:
    """The file's ending: that of its format, or `.txt` for a text layout."""
    return FILES[layout][0] if layout in FILES else ".txt"
