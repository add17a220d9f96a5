"""Names and texts in, a zip of them out: what Word and Excel files are inside."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

_DATE = (2024, 1, 1, 0, 0, 0)
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def zipped(files: Mapping[str, str]) -> bytes:
    """The files as a zip, the same bytes each time."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in files.items():
            info = zipfile.ZipInfo(name, _DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, text.encode())
    return out.getvalue()


def relations(targets: Mapping[str, str]) -> str:
    """A relationships part; `targets` gives each target its kind."""
    entries = "".join(
        f'<Relationship Id="rId{i}" Type="{RELATIONS}/{kind}" Target="{target}"/>'
        for i, (target, kind) in enumerate(targets.items(), 1)
    )
    schema = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'{HEAD}<Relationships xmlns="{schema}">{entries}</Relationships>'


def content_types(parts: Mapping[str, str]) -> str:
    """The content types part; `parts` gives each part its type."""
    entries = "".join(
        f'<Override PartName="/{name}" ContentType="application/{kind}"/>'
        for name, kind in parts.items()
    )
    schema = "http://schemas.openxmlformats.org/package/2006/content-types"
    rels = "application/vnd.openxmlformats-package.relationships+xml"
    return (
        f'{HEAD}<Types xmlns="{schema}"><Default Extension="rels" ContentType="{rels}"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{entries}</Types>'
    )
