"""What programs read of a site: which pages may be looked at, and where they all are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape

from dashboard.site import addresses
from dashboard.site.gather import Gathered
from dashboard.site.options import Options

File = tuple[str, bytes]

# As many as a map may name.
MOST = 50_000
SITEMAP = "sitemap.xml"


def robots(gathered: Gathered) -> Iterator[File]:
    """Everything may be looked at; GitHub Pages is told to serve all files as they are."""
    base = gathered.draw.options.base_url
    text = "User-agent: *\nAllow: /\n" + (f"Sitemap: {base}{SITEMAP}\n" if base else "")
    yield "robots.txt", text.encode()
    yield ".nojekyll", b""


def sitemaps(pages: Iterable[str], options: Options, most: int = MOST) -> Iterator[File]:
    """The map of a site whose place is known: one, or some and the list of them.

    Args:
        pages: The addresses of all pages.
        options: The site's.
        most: How many addresses a map may name.
    """
    shown = sorted(page for page in pages if page != addresses.LOST)
    if not options.base_url or not shown:
        return
    urls = [escape(options.base_url + addresses.without_index(page)) for page in shown]
    parts = [urls[at : at + most] for at in range(0, len(urls), most)]
    if len(parts) == 1:
        yield SITEMAP, _xml("urlset", "url", parts[0])
        return
    names = [f"sitemap-{number}.xml" for number in range(1, len(parts) + 1)]
    for name, part in zip(names, parts, strict=True):
        yield name, _xml("urlset", "url", part)
    yield (
        SITEMAP,
        _xml("sitemapindex", "sitemap", [escape(options.base_url + name) for name in names]),
    )


def _xml(outer: str, inner: str, urls: Iterable[str]) -> bytes:
    lines = "".join(f"<{inner}><loc>{url}</loc></{inner}>\n" for url in urls)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<{outer} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{lines}</{outer}>\n'
    ).encode()
