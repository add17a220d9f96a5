"""Pages in, the links out that lead nowhere: found by plain search, without reading the markup.

The pages are our own: an address and an id stand escaped in a tag, between double quotes or, of
plain characters, without. No text can look like them, as it has no `<` of its own.
"""

from __future__ import annotations

import contextlib
import html
import posixpath
import re
import tempfile
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt

from dashboard.site.parts import Hashed, Parts, among, hashed

# Attributes before the one that is sought; what is passed over once is never tried again.
_OTHERS = r"""(?:\s++(?!(?:%s)=)[a-z:-]++(?:=(?:"[^"]*+"|[^\s">]++))?+)*+\s++"""
_HREF = re.compile(rf"""<(?:a|link|script|img){_OTHERS % "href|src"}(?:href|src)="?([^">\s]*+)""")
_ID = re.compile(rf"""<[a-z][a-z0-9]*+{_OTHERS % "id"}id="?([^">\s]*+)""")
# Nearly all ids, found much faster: text has no `<` of its own, and no `>` or `"` behind a word.
_MOST_IDS = (re.compile(r"""<a id=([^">\s]*+)"""), re.compile(r""" id="?([^">\s]++)[">]"""))
# Links to other files; of those to the page itself, and of what looks like one in a text.
_BEYOND = re.compile(
    rf"""<(?:a|link|script|img)(?! (?:id=[a-z0-9]+ )?href=#){_OTHERS % "href|src"}"""
    r"""(?:href|src)=(?!"?#)"?([^">\s]*+)"""
)
_WITHIN = re.compile(r"""href="?#([^">\s]*+)""")
_PLACE = np.dtype("<u4")
_ELSEWHERE = re.compile(r"^[a-z][a-z0-9+.-]*:")
_NONE = np.zeros(0, np.int64)
_AT_ONCE = 100_000  # names
_LINE = msgspec.json.Decoder(list[str])


class Links(msgspec.Struct):
    """The links of a part's pages to other files.

    Attributes:
        names: Where they lead, a file or a file, `#` and an id in it, and the place of each.
        leads: The places of what each page leads to: see `placed`.
    """

    names: dict[str, int] = {}
    leads: dict[str, bytes] = {}

    def take(self, page: str, text: str) -> list[str]:
        """Take a page's links.

        Args:
            page: Its address.
            text: All of it.

        Returns:
            The links to a place of its own that isn't there, a line each.
        """
        folder = posixpath.dirname(page)
        beyond = (_leads(folder, target) for target in set(_BEYOND.findall(text)))
        known = self.names
        places = [known.setdefault(name, len(known)) for name in beyond if name is not None]
        self.leads[page] = np.array(places, _PLACE).tobytes()
        lost = _lacking(set(_WITHIN.findall(text)), text)
        if lost:
            # A text may look like such a link.
            lost.intersection_update(one[1:] for one in _HREF.findall(text) if one[:1] == "#")
        return sorted(f"{page}: {html.unescape('#' + one)}" for one in lost)


def _lacking(asked: set[str], text: str) -> set[str]:
    """Those of some ids that a page doesn't have."""
    for ids in (*_MOST_IDS, _ID):
        if asked:
            asked = asked.difference(ids.findall(text))
    return asked


def placed(leads: bytes) -> npt.NDArray[np.uint32]:
    """What `Links.leads` has of a page: numbers, as there are very many."""
    return np.frombuffer(leads, _PLACE)


# Most pages of a folder lead to the same rooms, rules and themes.
@lru_cache(maxsize=1 << 14)
def _leads(folder: str, target: str) -> str | None:
    """The file that a link leads to, with an id in it; None of a link to elsewhere or nowhere."""
    if _ELSEWHERE.match(target):
        return None
    path, mark, fragment = target.partition("#")
    path = path.partition("?")[0]
    if not path:
        return None
    file = posixpath.normpath(posixpath.join(folder, html.unescape(path)))
    return f"{file}{mark}{fragment}"


def dead(parts: Parts, folder: Path, same: Hashed = _NONE, known: Hashed = _NONE) -> list[str]:
    """Links between files that lead nowhere, one line each.

    Args:
        parts: Those of the site.
        folder: Where the files are.
        same: Hashes of the addresses of those that are of an earlier site, in order.
        known: Hashes of where links led in that site, all of them somewhere; in order.
    """
    lost = {
        name
        for names in _wanted(parts, folder, same, known)
        for file, ids in _by_file(names).items()
        for name in _lost(folder, file, ids)
    }
    if not lost:
        return []
    found: set[tuple[str, str]] = set()
    for part in parts.each():
        places = {place: name for place, name in enumerate(part.names) if name in lost}
        if not places:
            continue
        for page, leads in part.leads.items():
            named = (places[one] for one in placed(leads).tolist() if one in places)
            found.update((page, html.unescape(name)) for name in named)
    return [f"{page}: {name}" for page, name in sorted(found)]


def _wanted(parts: Parts, folder: Path, same: Hashed, known: Hashed) -> Iterator[set[str]]:
    """Where links lead that is to be looked at, all of a file together, some files at a time.

    Very many lead to what many parts lead to, so they are put in order first: in files.
    """
    with contextlib.ExitStack() as stack:
        heaps = [
            stack.enter_context(tempfile.TemporaryFile(dir=folder))
            for _ in range(1 + parts.names // _AT_ONCE)
        ]
        sound = {part.number for part in parts.whole if part.sound}
        for number, names in enumerate(parts.led()):
            files = hashed(name.partition("#")[0] for name in names)
            asked = ~among(files, same)
            if number not in sound:
                asked |= ~among(hashed(names), known)
            heap = files % len(heaps)
            for at, file in enumerate(heaps):
                mine = np.flatnonzero(asked & (heap == at)).tolist()
                file.write(msgspec.json.encode([names[one] for one in mine]) + b"\n")
        for file in heaps:
            file.seek(0)
            yield set(chain.from_iterable(map(_LINE.decode, file)))


def _by_file(names: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in names:
        file, _, fragment = name.partition("#")
        found.setdefault(file, []).append(fragment)
    return found


def _lost(folder: Path, file: str, ids: Iterable[str]) -> Iterator[str]:
    """Those of a file's ids that it doesn't have; all, itself too, where there is no such file."""
    path = folder / file
    if not path.is_file():
        yield from (f"{file}#{one}" if one else file for one in ids)
        return
    content = path.read_bytes()
    # Few are asked for of a page, and nearly all are there: to look for each is quickest.
    asked = {one for one in ids if one and not _stands(one.encode(), content)}
    if asked:
        yield from (f"{file}#{one}" for one in _lacking(asked, content.decode("utf-8")))


def _stands(one: bytes, content: bytes) -> bool:
    """Whether an id is seen at once in a page, as `_MOST_IDS` find it."""
    ways = (b" id=%b>" % one, b"<a id=%b " % one, b' id="%b"' % one)
    return any(way in content for way in ways)
