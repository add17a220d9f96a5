"""The files of a site in, a finished folder out: written beside, checked, then put in place.

A file that the earlier site has too, byte for byte, is not written again but linked: both
folders name it until the earlier one goes. Nothing is ever changed where it stands.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from dashboard.site.links import Links
from dashboard.site.parts import Part
from govreport_core import __version__
from govreport_core.dataset.store import replace_folder
from govreport_core.errors import GovReportError

try:
    import fcntl
except ImportError:  # not on Windows: two builds into one folder are then not told apart
    fcntl = None  # type: ignore[assignment]

MARK = "site.json"
PAGE_BYTES = 300_000
"""What a page may weigh, so that it opens on a phone; but for the reports' own sources."""


class SiteError(GovReportError):
    """A site can't be written here, or has warnings where none are allowed."""


class Made(msgspec.Struct):
    """What some files of a site came to: added up over all of them.

    Attributes:
        pages: How many are HTML pages.
        size: Bytes of all files.
        sizes: Bytes of each, by its address.
        written: How many files weren't there, or not so, in the earlier site.
        links: Where their links lead.
        warnings: A line each.
        kinds: The addresses of what a kind made that reads little: see `narrow.READ_BY`.
        told: Hashes of pages that may be taken again, and of what they were drawn from.
    """

    pages: int = 0
    size: int = 0
    sizes: dict[str, int] = {}
    written: int = 0
    links: Links = msgspec.field(default_factory=Links)
    warnings: list[str] = []
    kinds: dict[str, list[str]] = {}
    told: dict[str, tuple[bytes, bytes]] = {}

    def add(self, more: Made) -> None:
        """Add what other files came to, but for what `part` gives of each."""
        self.pages += more.pages
        self.size += more.size
        self.written += more.written
        self.warnings += more.warnings
        self.told |= more.told
        for kind, files in more.kinds.items():
            self.kinds.setdefault(kind, []).extend(files)

    def part(self) -> Part:
        """Of each file its size, and where its links lead."""
        return Part(self.sizes, list(self.links.names), self.links.leads)


def put(files: Iterable[tuple[str, bytes]], fresh: Path, earlier: Path) -> Made:
    """Write files into a folder, or link them from the earlier one where nothing has changed.

    Args:
        files: Address and content of each.
        fresh: The folder that is made.
        earlier: The site that is there; it may be missing.
    """
    made = Made()
    folders: set[str] = set()
    for address, content in files:
        folder = address.rpartition("/")[0]
        if folder not in folders:
            Path(fresh, folder).mkdir(parents=True, exist_ok=True)
            folders.add(folder)
        made.sizes[address] = len(content)
        made.size += len(content)
        path = f"{fresh}/{address}"
        if not _linked(content, f"{earlier}/{address}", path):
            with open(path, "wb") as file:  # paths as objects cost more
                file.write(content)
            made.written += 1
        if address.endswith(".html"):
            made.pages += 1
            made.warnings += made.links.take(address, content.decode("utf-8"))
            if len(content) > PAGE_BYTES:
                made.warnings.append(f"{address}: {len(content) // 1000} KB")
    return made


def _linked(content: bytes, earlier: str, path: str) -> bool:
    """Whether the earlier file is the same and could be linked; paths as objects cost more."""
    try:
        if os.stat(earlier).st_size != len(content) or Path(earlier).read_bytes() != content:
            return False
        os.link(earlier, path)
    except OSError:
        return False
    return True


@contextlib.contextmanager
def beside(out: Path) -> Iterator[Path]:
    """A new folder beside `out` for the site that will take its place; gone where it doesn't.

    Raises:
        SiteError: `out` holds something that isn't a site, another build is writing it, or the
            disk is full; the earlier site then stays.
    """
    if out.exists() and not is_site(out) and (not out.is_dir() or any(out.iterdir())):
        msg = f"{out}: not empty and not a site; choose another folder for -o"
        raise SiteError(msg)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        _clear(out)
        fresh = Path(tempfile.mkdtemp(prefix=f".{out.name}-new-", dir=out.parent))
    except OSError as error:
        raise SiteError(_told(out, error)) from error
    try:
        with _locked(fresh):
            yield fresh
    except OSError as error:
        if error.filename is not None and not Path(error.filename).is_relative_to(fresh):
            raise
        raise SiteError(_told(out, error)) from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _told(out: Path, error: OSError) -> str:
    kept = "; the earlier site stays" if out.exists() else ""
    return f"{out}: the site can't be written ({error.strerror}){kept}"


@contextlib.contextmanager
def _locked(fresh: Path) -> Iterator[None]:
    """Holds a lock that a dead process doesn't hold, by which its leavings are known."""
    with (fresh / _LOCK).open("a") as lock:
        if fcntl is not None:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield


_LOCK = ".lock"


def _clear(out: Path) -> None:
    """Take away what builds of this site left behind that were killed."""
    for left in sorted(out.parent.glob(f".{out.name}-new-*")):
        if left.name.endswith("-old") and not out.exists():
            # ended between the two renames: the earlier site takes its place again
            left.rename(out)
            continue
        try:
            with (left / _LOCK).open("a") as lock:
                if fcntl is not None:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            continue
        shutil.rmtree(left, ignore_errors=True)


def publish(fresh: Path, out: Path, made: Made, *, strict: bool) -> tuple[str, ...]:
    """Put a finished folder in the place of the earlier site.

    Args:
        fresh: The folder.
        out: The site's place.
        made: What its files came to.
        strict: Take a warning for a failure.

    Returns:
        All warnings, in order.

    Raises:
        SiteError: A warning, if strict.
    """
    warnings = tuple(made.warnings)
    if strict and warnings:
        count = "1 warning" if len(warnings) == 1 else f"{len(warnings)} warnings, the first"
        msg = f"{out}: {count}: {warnings[0]}"
        raise SiteError(msg)
    about = {"made_by": "govreport", "version": __version__, "pages": made.pages}
    (fresh / MARK).write_text(json.dumps(about) + "\n", encoding="utf-8")
    (fresh / _LOCK).unlink(missing_ok=True)
    fresh.chmod(0o755)
    replace_folder(fresh, out)
    return warnings


def is_site(folder: Path) -> bool:
    """Whether a folder is a site of ours."""
    try:
        about = json.loads((folder / MARK).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(about, dict) and about.get("made_by") == "govreport"
