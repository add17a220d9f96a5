"""Files in, the same through one converter after another out: the steps, and the ways through them.

A step takes files and a folder and writes one file each, of the same stem. A way is
what it starts from and the steps it takes; steps that ways share are taken once.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pypdfium2

from govreport_core.sources.convert import program

Step = Callable[[Sequence[Path], Path], None]
LIMIT = 900
CHROMIUM = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync")


class Known(NamedTuple):
    """A step, the ending of what it writes, and what it needs of the machine.

    Attributes:
        needs: `chromium`, `soffice`, `pdftotext`, `lock` (what the project depends on), or
            `outside` (an environment of its own, with what `outside.py` uses).
    """

    ending: str
    needs: str
    run: Step


def whole(files: Sequence[Path]) -> list[Path]:
    """The PDFs whose pages' edges cut nothing: of a figure that is cut a text shows but a part."""
    return [file for file in files if not _is_cut(pypdfium2.PdfDocument(file))]


def _is_cut(document: Any) -> bool:
    for page in document:
        text = page.get_textpage()
        edge = page.get_width() + 1
        if any(text.get_charbox(i)[2] > edge for i in range(text.count_chars())):
            return True
    return False


def pdftotext(mode: str, files: Sequence[Path], out: Path) -> None:
    """Poppler's text of PDFs."""
    for file in whole(files):
        command = ["pdftotext", *([mode] if mode else []), file, out / f"{file.stem}.txt"]
        subprocess.run(command, check=True, capture_output=True, timeout=LIMIT)


def soffice(to: str, files: Sequence[Path], out: Path, *, reads: str = "") -> None:
    """What LibreOffice makes of files."""
    found = program()
    assert found is not None, "no LibreOffice on this machine"
    profile = f"-env:UserInstallation={(out / 'profile').absolute().as_uri()}"
    first = [f"--infilter={reads}"] if reads else []
    command = [found, "--headless", profile, *first, "--convert-to", to, "--outdir", out, *files]
    subprocess.run(command, check=True, capture_output=True, timeout=LIMIT)
    shutil.rmtree(out / "profile")


def chromium(
    do: Callable[[Any, Path], None], ending: str, files: Sequence[Path], out: Path
) -> None:
    """What a browser makes of pages."""
    # A thread of its own: the tests' browser may have its loop in this one.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(_browsed, do, ending, files, out).result()


def _browsed(
    do: Callable[[Any, Path], None], ending: str, files: Sequence[Path], out: Path
) -> None:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - where it is used only

    path = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(CHROMIUM))
        page = browser.new_page()
        for file in files:
            page.goto(file.absolute().as_uri(), wait_until="domcontentloaded")
            do(page, out / f"{file.stem}{ending}")
        browser.close()


def _print(page: Any, to: Path) -> None:
    page.pdf(path=to, format="A4")


def _inner_text(page: Any, to: Path) -> None:
    to.write_text(page.evaluate("document.body.innerText"), encoding="utf-8")


def _selected(page: Any, to: Path) -> None:
    page.evaluate("getSelection().selectAllChildren(document.body)")
    to.write_text(page.evaluate("getSelection().toString()"), encoding="utf-8")


def selectolax(separator: str, files: Sequence[Path], out: Path) -> None:
    """The text of a page's nodes."""
    from selectolax.lexbor import LexborHTMLParser  # noqa: PLC0415

    from govreport_core.sources.encoding import decode  # noqa: PLC0415

    for file in files:
        text, _ = decode(file.read_bytes())
        root = LexborHTMLParser(text).body
        assert root is not None
        (out / f"{file.stem}.txt").write_text(root.text(separator=separator), encoding="utf-8")


def pdfium(files: Sequence[Path], out: Path) -> None:
    """PDFium's own text of PDFs."""
    for file in whole(files):
        pages = pypdfium2.PdfDocument(file)
        text = "\n".join(p.get_textpage().get_text_range() for p in pages)
        (out / f"{file.stem}.txt").write_text(text, encoding="utf-8", errors="replace")


def outside(library: str, files: Sequence[Path], out: Path, *, python: str) -> None:
    """What a library of another environment makes of files."""
    script = Path(__file__).parent / "outside.py"
    raw = out / "raw"
    raw.mkdir()
    subprocess.run([python, script, library, raw, *files], check=True, timeout=LIMIT)
    for file in raw.iterdir():
        file.rename(out / f"{file.name}{_ending(library)}")
    raw.rmdir()


def _ending(library: str) -> str:
    if library == "mammoth html":
        return ".html"
    return ".md" if "mark" in library or "gfm" in library else ".txt"


WEB = "HTML (StarWriter)"
TEXT = "txt:Text (encoded):UTF8"
STEPS: dict[str, Known] = {
    "pdftotext": Known(".txt", "pdftotext", partial(pdftotext, "")),
    "pdftotext -layout": Known(".txt", "pdftotext", partial(pdftotext, "-layout")),
    "pdftotext -raw": Known(".txt", "pdftotext", partial(pdftotext, "-raw")),
    "pdfium": Known(".txt", "lock", pdfium),
    "chromium print": Known(".pdf", "chromium", partial(chromium, _print, ".pdf")),
    "chromium innerText": Known(".txt", "chromium", partial(chromium, _inner_text, ".txt")),
    "chromium copy": Known(".txt", "chromium", partial(chromium, _selected, ".txt")),
    "selectolax": Known(".txt", "lock", partial(selectolax, "")),
    "selectolax line": Known(".txt", "lock", partial(selectolax, "\n")),
    "selectolax space": Known(".txt", "lock", partial(selectolax, " ")),
    "soffice txt": Known(".txt", "soffice", partial(soffice, TEXT)),
    "soffice docx": Known(".docx", "soffice", partial(soffice, "docx")),
    "soffice html": Known(".html", "soffice", partial(soffice, "html")),
    "soffice pdf": Known(".pdf", "soffice", partial(soffice, "pdf")),
    "soffice ods": Known(".ods", "soffice", partial(soffice, "ods")),
    "soffice xls": Known(".xls", "soffice", partial(soffice, "xls")),
    "soffice web docx": Known(".docx", "soffice", partial(soffice, "docx", reads=WEB)),
    "soffice web txt": Known(".txt", "soffice", partial(soffice, TEXT, reads=WEB)),
}
LIBRARIES = {
    "html": (
        *("bs4 get_text()", "bs4 get_text(line)", "bs4 get_text(line, strip)"),
        *("bs4 get_text(space, strip)", "bs4 get_text(tab, strip)", "bs4 get_text(bar, strip)"),
        *("html2text", "html2text unwrapped", "html2text padded", "html2text no tables"),
        *("trafilatura txt", "trafilatura markdown", "inscriptis", "html_text"),
        *("lxml text_content", "markdownify", "markitdown"),
        *("pandoc plain", "pandoc plain unwrapped", "pandoc markdown", "pandoc gfm"),
    ),
    "docx": (
        *("mammoth html", "mammoth markdown", "docx2txt", "markitdown"),
        *("pandoc plain", "pandoc markdown", "pandoc gfm"),
    ),
    "pdf": ("pdfplumber", "pdfplumber layout", "pdfminer", "markitdown"),
}
PDF_TEXT = ("pdftotext", "pdftotext -layout", "pdftotext -raw", "pdfium")

Way = tuple[str, ...]


def ways() -> list[Way]:
    """Every way: what it starts from, then its steps."""
    found: list[Way] = [(s,) for s in ("html", "docx", "pdf", "xlsx")]
    for start in (("html", "chromium print"), ("html", "soffice pdf"), ("docx", "soffice pdf")):
        found += [start, *((*start, text) for text in PDF_TEXT)]
    found += [("pdf", text) for text in PDF_TEXT]
    page = ("chromium innerText", "chromium copy", "selectolax", "selectolax line")
    web = ("selectolax space", "soffice web txt", "soffice web docx")
    found += [("html", step) for step in (*page, *web)]
    found.append(("html", "soffice web docx", "soffice txt"))
    found += [("docx", f"soffice {to}") for to in ("txt", "html")]
    found.append(("docx", "soffice html", "selectolax line"))
    found += [("xlsx", f"soffice {to}") for to in ("ods", "xls", "html")]
    found += [(source, name) for source, names in LIBRARIES.items() for name in names]
    return found


def known(step: str, python: str = "") -> Known:
    """A step by its name; other environments' libraries by theirs, run with that Python."""
    if step in STEPS:
        return STEPS[step]
    return Known(_ending(step), "outside", partial(outside, step, python=python))


def needs(way: Way) -> set[str]:
    """What a way needs of the machine."""
    return {known(step).needs for step in way[1:]}
