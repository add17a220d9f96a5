"""A library's name, an output folder and files in, each file as that library makes text of it out.

    PYTHON outside.py LIBRARY OUT FILE...

Run by the Python of an environment of its own: nothing here is among the project's
dependencies, and nothing of the project is imported.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

Convert = Callable[[Path], str]


def page(path: Path) -> str:
    """A web page's text, decoded as a browser does."""
    from bs4 import UnicodeDammit

    data = path.read_bytes()
    return UnicodeDammit(data, is_html=True).unicode_markup or data.decode("utf-8", "replace")


def soup(separator: str, *, strip: bool = False) -> Convert:
    """BeautifulSoup's get_text with that separator."""

    def convert(path: Path) -> str:
        from bs4 import BeautifulSoup

        return BeautifulSoup(page(path), "lxml").get_text(separator, strip=strip)

    return convert


def html2text(**options: Any) -> Convert:
    """html2text's Markdown."""

    def convert(path: Path) -> str:
        import html2text as library

        handler = library.HTML2Text()
        for name, value in options.items():
            setattr(handler, name, value)
        return handler.handle(page(path))

    return convert


def trafilatura(form: str) -> Convert:
    """What trafilatura takes for the article."""

    def convert(path: Path) -> str:
        import trafilatura as library

        found = library.extract(page(path), output_format=form, include_tables=True)
        return found or ""

    return convert


def inscriptis(path: Path) -> str:
    """The page as a text browser lays it out."""
    from inscriptis import get_text

    return get_text(page(path))


def html_text(path: Path) -> str:
    """The page's visible text."""
    from html_text import extract_text

    return extract_text(page(path))


def lxml_text(path: Path) -> str:
    """All text nodes, one after another."""
    from lxml import html

    return str(
        html.fromstring(
            page(path).encode(), parser=html.HTMLParser(encoding="utf-8")
        ).text_content()
    )


def markdownify(path: Path) -> str:
    """Markdown by markdownify."""
    from markdownify import markdownify as library

    return library(page(path))


def markitdown(path: Path) -> str:
    """Markdown by markitdown."""
    from markitdown import MarkItDown

    return MarkItDown().convert(str(path)).text_content


def pandoc(to: str, *options: str) -> Convert:
    """What pandoc writes."""

    def convert(path: Path) -> str:
        import pypandoc

        if path.suffix == ".html":
            return pypandoc.convert_text(page(path), to, "html", extra_args=list(options))
        return pypandoc.convert_file(str(path), to, extra_args=list(options))

    return convert


def mammoth(to: str) -> Convert:
    """A Word file's text by mammoth."""

    def convert(path: Path) -> str:
        import mammoth as library

        with path.open("rb") as file:
            return getattr(library, f"convert_to_{to}")(file).value

    return convert


def docx2txt(path: Path) -> str:
    """A Word file's text by docx2txt."""
    import docx2txt as library

    return library.process(str(path))


def pdfplumber(*, layout: bool) -> Convert:
    """A PDF's text by pdfplumber."""

    def convert(path: Path) -> str:
        import pdfplumber as library

        with library.open(path) as file:
            return "\n".join(p.extract_text(layout=layout) for p in file.pages)

    return convert


def pdfminer(path: Path) -> str:
    """A PDF's text by pdfminer."""
    from pdfminer.high_level import extract_text

    return extract_text(str(path))


LIBRARIES: dict[str, Convert] = {
    "bs4 get_text()": soup(""),
    "bs4 get_text(line)": soup("\n"),
    "bs4 get_text(line, strip)": soup("\n", strip=True),
    "bs4 get_text(space, strip)": soup(" ", strip=True),
    "bs4 get_text(tab, strip)": soup("\t", strip=True),
    "bs4 get_text(bar, strip)": soup("|", strip=True),
    "html2text": html2text(),
    "html2text unwrapped": html2text(body_width=0),
    "html2text padded": html2text(body_width=0, pad_tables=True),
    "html2text no tables": html2text(body_width=0, ignore_tables=True),
    "trafilatura txt": trafilatura("txt"),
    "trafilatura markdown": trafilatura("markdown"),
    "inscriptis": inscriptis,
    "html_text": html_text,
    "lxml text_content": lxml_text,
    "markdownify": markdownify,
    "markitdown": markitdown,
    "pandoc plain": pandoc("plain"),
    "pandoc plain unwrapped": pandoc("plain", "--wrap=none"),
    "pandoc markdown": pandoc("markdown"),
    "pandoc gfm": pandoc("gfm"),
    "mammoth html": mammoth("html"),
    "mammoth markdown": mammoth("markdown"),
    "docx2txt": docx2txt,
    "pdfplumber": pdfplumber(layout=False),
    "pdfplumber layout": pdfplumber(layout=True),
    "pdfminer": pdfminer,
}


def main() -> int:
    """Convert the files that are named; one that a library stumbles over is told and left out."""
    name, out, *files = sys.argv[1:]
    for file in map(Path, files):
        try:
            text = LIBRARIES[name](file)
        except Exception as error:  # whatever other people's libraries raise
            sys.stderr.write(f"{name} can't convert {file}: {error!r}\n")
            continue
        (Path(out) / file.stem).write_bytes(text.encode("utf-8", "surrogatepass"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
