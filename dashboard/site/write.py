"""The files of a site in, a finished folder out: written beside, checked, then put in place."""

from __future__ import annotations

import html
import json
import posixpath
import re
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

import msgspec

from dashboard.site.opendata.keeping import adopted
from govreport_core import __version__
from govreport_core.dataset.store import replace_folder
from govreport_core.errors import GovReportError

MARK = "site.json"
_HREF = re.compile(r'\b(?:href|src)="([^"]*)"')
_ID = re.compile(r'\bid="([^"]*)"')
_ELSEWHERE = re.compile(r"^[a-z][a-z0-9+.-]*:")


class SiteError(GovReportError):
    """A site can't be written here, or has warnings where none are allowed."""


class Written(msgspec.Struct, frozen=True):
    """What stands in the folder now."""

    pages: int
    size: int
    warnings: tuple[str, ...]


def write_site(
    files: Iterable[tuple[str, bytes]],
    out: Path,
    *,
    warnings: tuple[str, ...],
    strict: bool,
    beside: Path | None = None,
) -> Written:
    """Write all files beside `out`, then put them in its place.

    Args:
        files: Address and content of each.
        out: A new or empty folder, or an earlier site.
        warnings: What is known already; dead links are added.
        strict: Take a warning for a failure.
        beside: A folder of files that are written already, on the same file system.

    Raises:
        SiteError: `out` holds something else; a warning, if strict.
    """
    if out.exists() and not is_site(out) and (not out.is_dir() or any(out.iterdir())):
        msg = f"{out}: not empty and not a site; choose another folder for -o"
        raise SiteError(msg)
    out.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        pages = size = 0
        links: dict[tuple[str, str], str] = {}
        dead: list[str] = []
        for address, content in files:
            path = fresh / address
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            size += len(content)
            if address.endswith(".html"):
                pages += 1
                within, beyond = _links(address, content.decode("utf-8"))
                dead += within
                links |= beyond
        size += adopted(beside, fresh, out) if beside else 0
        warnings = (*warnings, *dead, *_dead(links, fresh))
        if strict and warnings:
            msg = f"{out}: {len(warnings)} warnings, the first: {warnings[0]}"
            raise SiteError(msg)
        about = {"made_by": "govreport", "version": __version__, "pages": pages}
        (fresh / MARK).write_text(json.dumps(about) + "\n", encoding="utf-8")
        fresh.chmod(0o755)
        replace_folder(fresh, out)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return Written(pages, size, warnings)


def is_site(folder: Path) -> bool:
    """Whether a folder is a site of ours."""
    try:
        about = json.loads((folder / MARK).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(about, dict) and about.get("made_by") == "govreport"


def _links(page: str, text: str) -> tuple[list[str], dict[tuple[str, str], str]]:
    """A page's dead links to itself, and its links to other files: (file, id) -> the page."""
    targets = {html.unescape(found) for found in _HREF.findall(text)}
    ids = _ids(text)
    dead = []
    beyond = {}
    for target in sorted(targets):
        if _ELSEWHERE.match(target):
            continue
        path, _, fragment = target.partition("#")
        path = path.partition("?")[0]
        if path:
            file = posixpath.normpath(posixpath.join(posixpath.dirname(page), path))
            beyond[file, fragment] = page
        elif fragment not in ids:
            dead.append(f"{page}: {target}")
    return dead, beyond


def _dead(links: dict[tuple[str, str], str], folder: Path) -> list[str]:
    """Links between files that lead nowhere, one line each."""
    dead = []
    wanted: dict[str, set[str]] = {}
    for file, fragment in sorted(links):
        wanted.setdefault(file, set()).add(fragment)
    for file, fragments in wanted.items():
        path = folder / file
        if not path.is_file():
            dead += [f"{links[file, fragment]}: {file}" for fragment in sorted(fragments)]
            continue
        if fragments != {""}:
            lacking = fragments - {""} - _ids(path.read_text(encoding="utf-8"))
            dead += [f"{links[file, name]}: {file}#{name}" for name in sorted(lacking)]
    return dead


def _ids(text: str) -> set[str]:
    return {html.unescape(found) for found in _ID.findall(text)}
