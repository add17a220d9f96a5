"""Pages in, the links out that lead nowhere: found by plain search, without reading the markup.

The pages are our own: an address and an id stand between double quotes, escaped.
"""

from __future__ import annotations

import html
import posixpath
import re
from pathlib import Path

import msgspec

_HREF = re.compile(r' (?:href|src)="([^"]*)"')
_ID = re.compile(r' id="([^"]*)"')
_ELSEWHERE = re.compile(r"^[a-z][a-z0-9+.-]*:")


class Links(msgspec.Struct):
    """The links of many pages to other files: file -> id in it, empty for none -> a page.

    `pages` are the addresses of all of them.
    """

    targets: dict[str, dict[str, str]] = {}
    pages: list[str] = []

    def take(self, page: str, text: str) -> list[str]:
        """Take a page's links.

        Args:
            page: Its address.
            text: All of it.

        Returns:
            The links to a place of its own that isn't there, a line each.
        """
        self.pages.append(page)
        found = set(_HREF.findall(text))
        ids: set[str] | None = None
        lost = []
        folder = posixpath.dirname(page)
        for target in found:
            if target[:1] == "#":
                if ids is None:
                    ids = set(_ID.findall(text))
                if target[1:] not in ids:
                    lost.append(f"{page}: {html.unescape(target)}")
            elif not _ELSEWHERE.match(target):
                self._beyond(page, folder, target)
        return sorted(lost)

    def _beyond(self, page: str, folder: str, target: str) -> None:
        path, _, fragment = target.partition("#")
        path = path.partition("?")[0]
        file = posixpath.normpath(posixpath.join(folder, html.unescape(path))) if path else page
        self.targets.setdefault(file, {}).setdefault(fragment, page)

    def add(self, more: Links) -> None:
        """Take another's links, too."""
        self.pages += more.pages
        for file, fragments in more.targets.items():
            mine = self.targets.setdefault(file, {})
            for fragment, page in fragments.items():
                mine.setdefault(fragment, page)


def dead(links: Links, folder: Path) -> list[str]:
    """Links between files that lead nowhere, one line each."""
    lost = []
    for file, fragments in sorted(links.targets.items()):
        path = folder / file
        if not path.is_file():
            lost += [f"{page}: {file}" for page in sorted(set(fragments.values()))]
            continue
        wanted = [fragment for fragment in sorted(fragments) if fragment]
        if wanted:
            text = path.read_text(encoding="utf-8")
            lost += [
                f"{fragments[one]}: {file}#{html.unescape(one)}"
                for one in wanted
                if f' id="{one}"' not in text
            ]
    return lost
