"""A zip's bytes in, its members' bytes and XML trees out, never more of them than a report needs.

Word, Excel and OpenDocument files are zips of XML. What a zip says of itself is
not believed: members are inflated piece by piece up to the limits.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable

from lxml import etree

from govreport_core.errors import SourceError
from govreport_core.sources.inflating import DAMAGED, pieces

MAX_ENTRIES = 10_000
MAX_MEMBER = 16 * 1024 * 1024
MAX_TOTAL = 64 * 1024 * 1024
# Spreadsheets of empty styled cells shrink to a hundredth; bombs to a thousandth.
MAX_RATIO = 400
_RATIO_FROM = 1024 * 1024
_ENCRYPTED = 0x1


class Container:
    """A zip held in memory; `names` are its members with plain slashes."""

    def __init__(self, data: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except DAMAGED as error:
            raise damaged() from error
        infos = self._zip.infolist()
        if len(infos) > MAX_ENTRIES:
            raise SourceError(
                "too_large", f"{len(infos):,} files in one; a report has some dozen: split it"
            )
        self._infos = {i.filename.replace("\\", "/").lstrip("/"): i for i in infos}
        self._left = MAX_TOTAL

    @property
    def names(self) -> frozenset[str]:
        """All members."""
        return frozenset(self._infos)

    def read(self, name: str) -> bytes:
        """A member's bytes; empty where there is no such member.

        Raises:
            SourceError: `encrypted`, `too_large`, or `unreadable` where it is damaged.
        """
        info = self._infos.get(name)
        if info is None:
            return b""
        data = inflate(self._zip, info, min(MAX_MEMBER, self._left))
        self._left -= len(data)
        return data

    def xml(self, name: str) -> etree._Element:
        """A member as XML; see `parse_xml`."""
        return parse_xml(self.read(name))


def inflate(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limit: int) -> bytes:
    """A member's bytes, at most `limit` of them.

    Raises:
        SourceError: `encrypted`, `too_large`, or `unreadable` where it is damaged.
    """
    if info.flag_bits & _ENCRYPTED:
        raise encrypted()
    if info.file_size > limit:
        raise _too_large(info.file_size, limit)
    try:
        return _bounded(pieces(archive, info), info, limit)
    except DAMAGED as error:
        raise damaged() from error


def _bounded(inflated: Iterable[bytes], info: zipfile.ZipInfo, limit: int) -> bytes:
    held: list[bytes] = []
    size = 0
    for piece in inflated:
        held.append(piece)
        size += len(piece)
        if size > limit:
            raise _too_large(size, limit)
        if size > _RATIO_FROM and size > MAX_RATIO * max(info.compress_size, 1):
            raise SourceError(
                "too_large",
                f"a zip bomb: a file in it grows more than {MAX_RATIO}-fold; don't use it",
            )
    return b"".join(held)


def parse_xml(data: bytes) -> etree._Element:
    """XML without comments, entities or anything fetched from elsewhere.

    The parser's own limits hold: 256 levels of nesting, 10 MB for one text.

    Raises:
        SourceError: `too_large` for deeper nesting; `unreadable` for broken XML and
            for XML that defines entities.
    """
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise broken_xml(error) from error
    refuse_entities(root)
    return root


def refuse_entities(element: etree._Element) -> None:
    """Pass XML that defines nothing of its own.

    Raises:
        SourceError: `unreadable`.
    """
    if element.getroottree().docinfo.internalDTD is not None:
        raise SourceError("unreadable", "its XML defines entities, as attacks do: don't use it")


def broken_xml(error: Exception) -> SourceError:
    """The error for XML that the parser gave up on."""
    told = str(error).partition("\n")[0].partition(" (<string>")[0][:80]
    if "depth" in told:
        return SourceError("too_large", "nested deeper than any report: don't use it")
    return SourceError("unreadable", f"its XML is broken ({told}): fetch it again")


def damaged() -> SourceError:
    """The error for a container that is cut or damaged."""
    return SourceError("unreadable", "the file is cut short or damaged: fetch it again")


def encrypted() -> SourceError:
    """The error for a file that asks for a password."""
    return SourceError(
        "encrypted", "protected by a password: open it, save it without one and read that"
    )


def _too_large(size: int, limit: int) -> SourceError:
    return SourceError(
        "too_large", f"{size:,} bytes inside; a report has at most {limit:,}: split it"
    )
