"""An old Word, WPS, RTF or OpenDocument text in, the .docx that LibreOffice makes of it out.

LibreOffice runs as a process of its own with a profile of its own, without macros
and without fetching what a file links to, and is ended at its time limit.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from govreport_core.errors import SourceError
from govreport_core.sources.container import MAX_MEMBER

# The first start on a machine takes longest.
SECONDS = 90.0
MEMORY = 4 * 1024**3
_PLACES = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    r"C:\Program Files\LibreOffice\program\soffice.exe",
)
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop>
<prop oor:name="DisableActiveContent" oor:op="fuse"><value>true</value></prop>
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop>
<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop>
</item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update">
<prop oor:name="Link" oor:op="fuse"><value>0</value></prop>
</item>
</oor:items>
"""


def program() -> str | None:
    """LibreOffice's program, where it is installed."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    return found or next((place for place in _PLACES if Path(place).is_file()), None)


def to_docx(data: bytes, ending: str, *, seconds: float = SECONDS) -> bytes:
    """Make a .docx of the file.

    Args:
        data: The file's bytes.
        ending: What LibreOffice is to take it for, such as `.doc`.
        seconds: How long it may take.

    Raises:
        SourceError: `unsupported` where LibreOffice isn't installed, `too_large`
            at the time limit, `unreadable` where it makes nothing of the file.
    """
    soffice = program()
    if soffice is None:
        raise SourceError(
            "unsupported",
            f"a {ending} file: LibreOffice is needed to read it; install it, or save as .docx",
        )
    with tempfile.TemporaryDirectory(prefix="govreport-") as name:
        folder = Path(name)
        settings = folder / "profile" / "user"
        settings.mkdir(parents=True)
        (settings / "registrymodifications.xcu").write_text(_PROFILE, encoding="utf-8")
        (folder / "made").mkdir()
        source = folder / f"source{ending}"
        source.write_bytes(data)
        _run(soffice, source, folder, seconds)
        made = folder / "made" / "source.docx"
        if not made.is_file():
            raise SourceError(
                "unreadable", "LibreOffice can't open it: save it as .docx, or fetch it again"
            )
        if made.stat().st_size > MAX_MEMBER:
            raise SourceError("too_large", f"more than {MAX_MEMBER:,} bytes as .docx: split it")
        return made.read_bytes()


def _run(soffice: str, source: Path, folder: Path, seconds: float) -> None:
    command = [
        soffice,
        "--headless",
        "--norestore",
        "--nolockcheck",
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        "--convert-to",
        "docx",
        "--outdir",
        str(folder / "made"),
        str(source),
    ]
    try:
        process = subprocess.Popen(  # noqa: S603 - the program found, and our own arguments
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        raise SourceError(
            "unsupported", f"LibreOffice can't be started ({error.strerror}): install it anew"
        ) from error
    try:
        _bound(process.pid)
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired as error:
        raise SourceError(
            "too_large", f"LibreOffice didn't convert it within {seconds:g} s: save it as .docx"
        ) from error
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End it and whatever it started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.wait()


def _bound(process: int) -> None:
    """Give it a memory limit of its own, where the system can."""
    if sys.platform != "linux":
        return
    import resource  # noqa: PLC0415 - not on every system

    _, hard = resource.prlimit(process, resource.RLIMIT_AS)
    limit = MEMORY if hard == resource.RLIM_INFINITY else min(MEMORY, hard)
    with contextlib.suppress(OSError, ValueError):
        resource.prlimit(process, resource.RLIMIT_AS, (limit, hard))
