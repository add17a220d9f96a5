"""Files and folders in, what each holds out: a report that was read, or why there is none.

Nothing a file says stops the rest: what can't be used becomes an `FileOutcome`. A
zip's members count as files of their own, below its path.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import msgspec

from govreport_core.build.companions import NAMES
from govreport_core.errors import SourceError
from govreport_core.extract import extract
from govreport_core.forms import forms
from govreport_core.model import Document, Report, State
from govreport_core.sources import read, read_bytes
from govreport_core.sources.archive import is_archive, members

_LEAST_HEADINGS = 3


class FileOutcome(msgspec.Struct, frozen=True, gc=False):
    """What became of one path.

    Attributes:
        error: A code where `status` isn't `read`.
        message: One line for a person: the reason and what to do; for a report
            that was read, what it lacks.
    """

    path: str
    status: str
    error: str | None = None
    message: str | None = None
    document_id: str | None = None
    media_type: str | None = None
    size: int | None = None


class Read(msgspec.Struct, frozen=True):
    """A report that was read from a path."""

    path: str
    size: int
    document: Document
    report: Report


Found = Read | FileOutcome


def collect(sources: list[Path], far: Mapping[Path, Iterable[Path]]) -> list[Path]:
    """All files, each once, folders in the order of their names; hidden ones left out.

    Args:
        sources: Files and folders.
        far: Of those on an object store, what they hold.
    """
    found: dict[Path, None] = {}
    for source in sources:
        if source in far:
            found.update(dict.fromkeys(far[source]))
        elif source.is_dir():
            for folder, folders, names in os.walk(source):
                folders[:] = sorted(f for f in folders if not f.startswith("."))
                at = Path(folder)
                for name in sorted(names):
                    if not name.startswith("."):
                        found.setdefault(at / name)
        else:
            found.setdefault(source)
    return list(found)


def held_in(path: Path) -> Iterator[Found]:
    """What a path holds: one thing, or a zip's members one by one."""
    if not is_archive(path):
        yield _taken(str(path), path, None)
        return
    try:
        for name, data in members(path):
            yield _taken(f"{path}/{name}", Path(name), data)
    except SourceError as error:
        yield FileOutcome(str(path), "failed", error.code, str(error))
    except OSError as error:
        yield FileOutcome(str(path), "failed", "missing", f"can't be opened: {error.strerror}")


def told(found: Found) -> FileOutcome:
    """What became of a path."""
    if isinstance(found, FileOutcome):
        return found
    document = found.document
    return FileOutcome(
        found.path,
        "read",
        None,
        lacks(found.report),
        document.document_id,
        document.media_type,
        found.size,
    )


def read_report(path: Path) -> tuple[Document, Report]:
    """Read one file as a report.

    Raises:
        SourceError: The file can't be read, or isn't an annual report.
    """
    document = read(path)
    return document, as_report(document)


def as_report(document: Document) -> Report:
    """Find the report in a document.

    Raises:
        SourceError: It isn't an annual report.
    """
    report = extract(document)
    if report.form is None and report.title is None and len(report.sections) < _LEAST_HEADINGS:
        raise SourceError(
            "not_a_report",
            "nothing of an annual report in it: leave it out, or fetch the report itself",
        )
    return report


def lacks(report: Report) -> str | None:
    """One line on what a report that was read is missing; None where it is whole."""
    if report.form is None:
        return "read, but its tables are of no known form: only its text is in the dataset"
    form = forms()[report.form]
    absent = [
        t.code
        for t in form.tables
        if all(v.state is State.ABSENT for v in report.values if v.table == t.code)
    ]
    sections = {s.section for s in report.sections}
    gone = [s.label for s in form.sections if s.code not in sections]
    unread = sum(v.state is State.UNREADABLE for v in report.values)
    told = []
    if absent:
        told.append(f"no table {', '.join(absent)}")
    if gone:
        told.append(f"no section {'、'.join(gone)}")
    if unread:
        told.append(f"{many(unread, 'cell')} can't be told for certain")
    return f"read, but {'; '.join(told)}" if told else None


def many(number: int, what: str) -> str:
    """A number of things in English, as a command prints it: `1 cell`, `2 cells`.

    Args:
        number: How many.
        what: One of them; its plural ends with an `s`.
    """
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _taken(name: str, path: Path, data: bytes | SourceError | None) -> Found:
    """Read a file, or a zip's member, whose bytes or whose error are `data`."""
    if path.name in NAMES:
        return FileOutcome(name, "skipped", "companion", "stands beside the reports")
    size = len(data) if isinstance(data, bytes) else None
    try:
        if isinstance(data, SourceError):
            raise data
        if data is None:
            size = path.stat().st_size if path.is_file() else None
            document, report = read_report(path)
        else:
            document = read_bytes(data, path.suffix.lower())
            report = as_report(document)
        return Read(name, size or 0, document, report)
    except SourceError as error:
        return FileOutcome(name, "failed", error.code, str(error), size=size)
    except Exception as error:
        return broke_off(name, error, size)


def broke_off(path: str, error: Exception, size: int | None) -> FileOutcome:
    """What is told of a file at which a defect of ours showed."""
    message = f"the reader broke off ({type(error).__name__}): please report this file"
    return FileOutcome(path, "failed", "unreadable", message, size=size)
