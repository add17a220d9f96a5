"""The command `govreport`: the core's commands, and demo, site, serve and app beside them."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from dashboard.labels import LANGUAGES
from dashboard.serve import HOST, address, site_server
from govreport_core.cli import core, ended, told_verdicts
from govreport_core.errors import GovReportError
from govreport_core.languages import BASE

if TYPE_CHECKING:
    from govreport_core.build.pipeline import Progress as Telling

OUT = Path("out")
DATASET = OUT / "dataset"
SITE = OUT / "site"
APP = Path(__file__).with_name("served.py")
PROJECT = APP.parent.parent
SAMPLES = PROJECT / "data" / "reports"
APP_PORT = 8501
SITE_PORT = 8000

# Read by dashboard/app.py, which runs in a process of Streamlit's own.
DATASET_VARIABLE = "GOVREPORT_DATASET"
CONTACT_VARIABLE = "GOVREPORT_CONTACT"
# polars gives freed memory back at once: by its own settings the app of 200,000 reports keeps
# half a gigabyte that nothing is in.
ALLOCATING = {"_RJEM_MALLOC_CONF": "dirty_decay_ms:0,muzzy_decay_ms:0"}

_PORT = click.IntRange(1, 65535)
_LANGUAGE = click.Choice(list(LANGUAGES))

# LATE: what reads reports, and what draws pages and takes the longest to import, is imported by
# the commands that do so, so that checking a draft, or making a site again, doesn't wait for it.


class _Unusable(click.ClickException):
    """One line that names the file, what is wrong and what to do."""

    exit_code = 2


class _Commands(click.Group):
    """Ends with one line and exit code 2 where a file, a form or a dataset can't be used."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except GovReportError as error:
            raise _Unusable(str(error)) from error
        except OSError as error:
            if error.filename is None:
                raise
            raise _Unusable(f"{error.filename}: {error.strerror}") from error


@click.group(cls=_Commands, commands=dict(core.commands))
@click.version_option(package_name="govreport")
def main() -> None:
    """Read, check and show China's government-information-disclosure annual reports.

    Start with: govreport demo
    """


@main.command(
    params=[
        *(param for param in core.commands["check"].params if param.name != "lang"),
        click.Option(["--lang"], type=_LANGUAGE, default=BASE, show_default=True),
        click.Option(
            ["--html", "page"],
            type=click.Path(path_type=Path, dir_okay=False, writable=True),
            help="Write the verdict on one file as a page to hand on.",
        ),
    ],
    help=core.commands["check"].help,
    epilog="Example:  govreport check draft.docx --html verdict.html",
)
def check(files: tuple[Path, ...], page: Path | None, lang: str, **how: Any) -> None:
    """The core's command, with a page beside what it prints."""
    if page is not None and len(files) > 1:
        message = "--html takes one file; check the others one by one"
        raise click.UsageError(message)
    drafts, code = told_verdicts(files, lang=lang, **how)
    if page is not None and drafts:
        from dashboard.draft import page as draft_page  # noqa: PLC0415 - see LATE

        page.write_bytes(draft_page(drafts[0], lang))
        click.echo(str(page), err=True)
    sys.exit(code)


@main.command(epilog="Example:  govreport site out/dataset -o out/site")
@click.argument("dataset", type=click.Path(path_type=Path), default=DATASET)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    default=SITE,
    show_default=True,
    help="Folder for the site; an earlier site there is replaced.",
)
@click.option("--lang", type=_LANGUAGE, help="One language alone; else all.")
@click.option(
    "--base-url",
    default="",
    help="Where the site will stand, as https://example.org/reports/.",
)
@click.option("--title", default="", help="The site's name.")
@click.option("--publisher", default="", help="Who publishes it.")
@click.option("--contact", default="", help="A mail or web address for corrections.")
@click.option("--licence", default="", help="Under what the data may be used.")
@click.option("--jobs", type=click.IntRange(1), help="Worker processes; one a processor if unset.")
@click.option("--strict", is_flag=True, help="Fail on a warning, and keep the earlier site.")
def site(
    dataset: Path,
    output: Path,
    lang: str | None,
    base_url: str,
    jobs: int | None,
    *,
    strict: bool,
    **said: str,
) -> None:
    """Make a static site from DATASET: plain files that any web server can serve."""
    langs = (lang,) if lang else tuple(LANGUAGES)
    about = {**said, "langs": langs, "base_url": _base_url(base_url)}
    _make_site(dataset, output, strict=strict, jobs=jobs, **about)


def _base_url(given: str) -> str:
    """The address of the site's root, ending in a slash; empty where none was given."""
    if not given:
        return ""
    parts = urlsplit(given)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
        message = f"--base-url {given}: not an address such as https://example.org/reports/"
        raise click.UsageError(message)
    return given.rstrip("/") + "/"


@main.command(epilog="Example:  govreport serve out/site --port 8000")
@click.argument("folder", type=click.Path(path_type=Path), default=SITE)
@click.option("--port", type=_PORT, default=SITE_PORT, show_default=True)
def serve(folder: Path, port: int) -> None:
    """Show the built site in FOLDER on this machine, for its own browsers only."""
    if not (folder / "index.html").is_file():
        message = f"{folder}: no site here; make one with: govreport site DATASET -o {folder}"
        raise _Unusable(message)
    try:
        server = site_server(folder, port)
    except OSError as error:
        raise _port_taken(port) from error
    click.echo(f"{address(server)}  (Ctrl+C stops)")
    with server, contextlib.suppress(KeyboardInterrupt):
        server.serve_forever()


@main.command(epilog="Example:  govreport app out/dataset --port 8501")
@click.argument("dataset", type=click.Path(path_type=Path), default=DATASET)
@click.option("--port", type=_PORT, help=f"Default: {APP_PORT}, or a free one.")
@click.option("--no-open", is_flag=True, help="Don't open a browser; print the address.")
@click.option(
    "--contact",
    envvar=CONTACT_VARIABLE,
    default="",
    help="A mail or web address to which readers report errors.",
)
def app(dataset: Path, port: int | None, contact: str, *, no_open: bool) -> None:
    """Look at DATASET in the app."""
    from dashboard.data import open_dataset  # noqa: PLC0415 - see LATE
    from dashboard.pieces.contact import contact_link  # noqa: PLC0415 - see LATE

    if contact and not contact_link(contact):
        message = f"--contact {contact}: neither a mail address nor one such as https://example.org"
        raise click.UsageError(message)
    open_dataset(dataset)
    _run_app(dataset, port, open_browser=not no_open, contact=contact)


@main.command(epilog="Example:  govreport demo --no-open")
@click.option("--port", type=_PORT, help=f"Default: {APP_PORT}, or a free one.")
@click.option("--no-open", is_flag=True, help="Build everything, say where it is, start nothing.")
def demo(port: int | None, *, no_open: bool) -> None:
    """See it all at work: sample reports become a dataset, a site, and the app in the browser."""
    _make_dataset(_sample_reports(), DATASET)
    _make_site(DATASET, SITE)
    if no_open:
        click.echo(f"Look at it in the app:  govreport app {DATASET}")
        click.echo(f"or as a site:           govreport serve {SITE}")
        return
    _run_app(DATASET, port, open_browser=True)


def _sample_reports() -> Path:
    """The reports that ship with the project, or such ones written now."""
    if SAMPLES.is_dir() and any(SAMPLES.iterdir()):
        return SAMPLES
    from govreport_core.samples import write_samples  # noqa: PLC0415 - see LATE

    folder = OUT / "samples"
    with _step("Writing sample reports"):
        write_samples(folder)
    return folder / "reports" if (folder / "reports").is_dir() else folder


def _make_dataset(reports: Path, folder: Path) -> None:
    from govreport_core.build import pipeline  # noqa: PLC0415 - see LATE

    with _progress(f"Reading {reports}") as moved:
        summary = pipeline.build([reports], folder, moved)
    if not summary.written:
        raise _Unusable(f"{reports}: no report in it could be read")
    click.echo(f"Dataset: {folder} ({summary.reports} reports)")


def _make_site(
    dataset: Path, folder: Path, *, strict: bool = False, jobs: int | None = None, **said: Any
) -> None:
    from dashboard.site import Options, build_site  # noqa: PLC0415 - see LATE

    signal.signal(signal.SIGTERM, ended)
    with _step(f"Making the site of {dataset}"):
        summary = build_site(dataset, folder, Options(**said), strict=strict, jobs=jobs)
    for warning in summary.warnings:
        click.echo(warning, err=True)
    kept = f", {summary.written} files written" if summary.written < summary.pages else ""
    click.echo(f"Site: {folder / 'index.html'} ({summary.pages} pages{kept})")


def _step(what: str) -> contextlib.AbstractContextManager[object]:
    """Says what is being done: beside a moving sign on a terminal, as a plain line elsewhere."""
    console = Console(stderr=True)
    if console.is_terminal:
        return console.status(escape(what))
    click.echo(what, err=True)
    return contextlib.nullcontext()


@contextlib.contextmanager
def _progress(what: str) -> Iterator[Telling]:
    """Likewise for work whose amount is known, with a bar on a terminal."""
    console = Console(stderr=True)
    if not console.is_terminal:
        click.echo(what, err=True)
        yield lambda _done, _all: None
        return
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _run_app(dataset: Path, port: int | None, *, open_browser: bool, contact: str = "") -> None:
    """Run Streamlit until it is stopped; the project's own settings hold wherever we stand."""
    chosen = port or (APP_PORT if _is_free(APP_PORT) else _free_port())
    if port and not _is_free(port):
        raise _port_taken(port)
    click.echo(f"App: http://localhost:{chosen}/  (Ctrl+C stops)")
    command = [
        sys.executable, "-m", "dashboard.start", "run", str(APP),
        f"--server.port={chosen}",
        "--server.address=localhost",
        "--server.fileWatcherType=none",
        "--server.showEmailPrompt=false",
        # All that is in memory would be walked after each run; Python does so when it is due.
        "--runner.postScriptGC=false",
        "--browser.gatherUsageStats=false",
        "--logger.hideWelcomeMessage=true",
    ]  # fmt: skip
    if not open_browser:
        command.append("--server.headless=true")
    settings = (PROJECT / ".streamlit" / "config.toml").is_file()
    # what is started here ends with us
    signal.signal(signal.SIGTERM, ended)
    with contextlib.suppress(KeyboardInterrupt):
        server = subprocess.run(  # noqa: S603 - our own program, no shell, a path of ours
            command,
            # The path as named: what is built there later is shown as well.
            env={
                **ALLOCATING,
                **os.environ,
                DATASET_VARIABLE: str(dataset.absolute()),
                CONTACT_VARIABLE: contact,
            },
            cwd=PROJECT if settings else None,
            check=False,
        )
        if server.returncode:
            raise _Unusable("the app ended with an error; what it said stands above")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        if os.name == "posix":
            # As servers do: connections of one that has just stopped hold a port for a minute,
            # and keep nobody from it. Elsewhere the option would take a port from who has it.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def _port_taken(port: int) -> click.ClickException:
    return _Unusable(f"port {port} is taken; choose another with --port")
