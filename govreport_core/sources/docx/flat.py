"""A Word file that is one XML file (`pkg:package`) in, its parts by their names out.

The same parts as in a .docx, each in an element instead of a zip's member.
"""

from __future__ import annotations

import base64
from typing import Protocol

from lxml import etree

from govreport_core.sources.container import damaged, parse_xml

_PKG = "{http://schemas.microsoft.com/office/2006/xmlPackage}"


class Package(Protocol):
    """A Word file's parts, wherever they stand."""

    @property
    def names(self) -> frozenset[str]:
        """All parts."""

    def read(self, name: str) -> bytes:
        """A part's bytes; empty where there is no such part."""

    def xml(self, name: str) -> etree._Element:
        """A part as XML."""


class FlatPackage:
    """Parts held as elements of one file.

    Raises:
        SourceError: As for `parse_xml`; `unreadable` where a part is damaged.
    """

    def __init__(self, data: bytes) -> None:
        parts = parse_xml(data).iterchildren(f"{_PKG}part")
        self._parts = {part.get(f"{_PKG}name", "").lstrip("/"): part for part in parts}

    @property
    def names(self) -> frozenset[str]:
        """All parts."""
        return frozenset(self._parts)

    def read(self, name: str) -> bytes:
        """A part's bytes; empty where there is no such part."""
        part = self._parts.get(name)
        content = next(iter(part), None) if part is not None else None
        if content is None:
            return b""
        if content.tag == f"{_PKG}binaryData":
            try:
                return base64.b64decode("".join((content.text or "").split()), validate=True)
            except ValueError as error:
                raise damaged() from error
        inner = next(iter(content), None)
        return b"" if inner is None else etree.tostring(inner)

    def xml(self, name: str) -> etree._Element:
        """A part as XML."""
        return parse_xml(self.read(name))
