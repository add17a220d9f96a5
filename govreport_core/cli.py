"""The core's commands: build, check, export, sample."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, NoReturn

import click
import msgspec
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from govreport_core.build.spawning import ENGINES, LOCAL
from govreport_core.errors import GovReportError, SourceError
from govreport_core.languages import BASE, CORE, languages
from govreport_core.objects import address
from govreport_core.schemas import TABLES

if TYPE_CHECKING:
    from govreport_core.build.pipeline import Progress as Telling
    from govreport_core.verdict import Draft, Verdict

# LATE: what reads, judges and draws reports is imported by the commands that do so: the others,
# and those of the dashboard, don't wait for it.

# Fewer files are read before a line about them is.
_WORTH_TELLING = 50


def ended(_: int, __: FrameType | None) -> None:
    """Asked to end: what is held is let go on the way out."""
    sys.exit(128 + signal.SIGTERM)


@click.group()
def core() -> None:
    """Read, check and export annual reports."""


@core.command(
    epilog="Example:  govreport build data/reports -o out/dataset",
)
@click.argument("sources", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "-o", "--output", required=True, type=click.Path(path_type=Path), help="The dataset's folder."
)
@click.option("--jobs", type=click.IntRange(1), help="Worker processes; one a processor if unset.")
@click.option("--fresh", is_flag=True, help="Forget what earlier builds read and judged.")
@click.option(
    "--engine",
    type=click.Choice(ENGINES),
    default=LOCAL,
    show_default=True,
    help="Whose workers read: this machine's, or those of a Ray cluster (RAY_ADDRESS).",
)
def build(
    sources: tuple[Path, ...], output: Path, jobs: int | None, fresh: bool, engine: str
) -> None:
    """Make a dataset of the reports in SOURCES (files and folders, s3://bucket/folder too).

    What earlier builds read isn't read again. A file that can't be read is told in
    one line and the rest goes on. Exit code 0 when a dataset was written, 2
    otherwise; the last dataset stays until then.
    """
    from govreport_core.build import pipeline  # noqa: PLC0415 - see LATE
    from govreport_core.build.documents import printable  # noqa: PLC0415
    from govreport_core.build.intake import many  # noqa: PLC0415

    signal.signal(signal.SIGTERM, ended)
    with _told("reading") as told:
        try:
            summary = pipeline.build(
                list(sources), output, told, jobs=jobs, fresh=fresh, engine=engine
            )
        except GovReportError as error:
            _stop(str(error))
    for problem in summary.problems:
        click.echo(problem, err=True)
    for outcome in summary.outcomes:
        if outcome.message and outcome.error != "companion":
            status = "" if outcome.status == "read" else f"{outcome.status}: "
            click.echo(printable(f"{address(outcome.path)}: {status}{outcome.message}"), err=True)
    if not summary.written:
        _stop("no report could be read; no dataset was written")
    states = summary.cells
    known = sum(n for s, n in states.items() if s not in ("unreadable", "absent"))
    failed = sum(o.status == "failed" for o in summary.outcomes)
    click.echo(
        f"{address(output)}: {many(summary.reports, 'report')}, {many(known, 'cell')} read, "
        f"{states.get('unreadable', 0)} not read, {states.get('absent', 0)} absent; "
        f"{many(failed, 'file')} failed"
    )


@core.command(epilog="Example:  govreport check draft.txt --fail-on warning")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Verdicts as a JSON array.")
@click.option(
    "--all", "everything", is_flag=True, help="Show what passed and what wasn't assessed."
)
@click.option("--lang", type=click.Choice(list(languages(CORE))), default=BASE, show_default=True)
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", "info", "never"]),
    default="error",
    show_default=True,
    help="The least grave failure that makes the exit code 1.",
)
def check(
    files: tuple[Path, ...], as_json: bool, everything: bool, lang: str, fail_on: str
) -> None:
    """Check reports before they are published.

    Exit code 1 where a check fails, 2 where a file can't be read as a report.
    """
    sys.exit(told_verdicts(files, as_json, everything, lang, fail_on)[1])


def told_verdicts(
    files: tuple[Path, ...], as_json: bool, everything: bool, lang: str, fail_on: str
) -> tuple[list[Draft], int]:
    """What `check` does: reads, judges and prints; gives the drafts read and the exit code."""
    from govreport_core.verdict import read_draft, verdict_of  # noqa: PLC0415 - see LATE

    drafts: list[Draft] = []
    for file in files:
        try:
            drafts.append(read_draft(file))
        except SourceError as error:
            click.echo(f"{file}: {error}", err=True)
        except Exception as error:
            told = f"the program broke off ({type(error).__name__}): please report this file"
            click.echo(f"{file}: {told}", err=True)
    verdicts = [verdict_of(draft, lang) for draft in drafts]
    if as_json:
        sys.stdout.buffer.write(
            msgspec.json.format(msgspec.json.encode(verdicts), indent=1) + b"\n"
        )
    else:
        console = Console()
        for found in verdicts:
            _print(console, found, lang, everything)
    if len(drafts) < len(files):
        return drafts, 2
    failed = fail_on != "never" and any(v.fails(fail_on) for v in verdicts)
    return drafts, int(failed)


def _print(console: Console, found: Verdict, lang: str, everything: bool) -> None:
    from govreport_core.verdict import verdict_lines  # noqa: PLC0415 - see LATE

    console.rule(escape(found.file), align="left")
    for line in verdict_lines(found, lang, everything=everything):
        console.print(escape(line), highlight=False, soft_wrap=True)


@core.command(
    epilog="Example:  govreport export out/dataset -o values.csv --table values --year 2024"
)
@click.argument("dataset", type=click.Path(path_type=Path))
@click.option(
    "-o", "--output", required=True, type=click.Path(path_type=Path), help=".csv, .xlsx or .parquet"
)
@click.option("--table", type=click.Choice(list(TABLES)), default="values", show_default=True)
@click.option("--wide", is_flag=True, help="One row a report, one column a cell.")
@click.option("--worklist", "as_list", is_flag=True, help="What fails, in words, to hand on.")
@click.option("--order", type=click.Choice(["rule", "agency"]), default="rule", show_default=True)
@click.option("--remarks", is_flag=True, help="In a work list, remarks too.")
@click.option("--lang", type=click.Choice(list(languages(CORE))), default=BASE, show_default=True)
@click.option("--year", "years", multiple=True, type=int, help="May be given several times.")
@click.option("--region", "regions", multiple=True, help="A region's code, with all below it.")
@click.option("--kind", "kinds", multiple=True, help="A kind of agency, such as bureau.")
@click.option("--level", "levels", multiple=True, help="A level, such as county.")
def export(
    dataset: Path,
    output: Path,
    table: str,
    years: tuple[int, ...],
    regions: tuple[str, ...],
    kinds: tuple[str, ...],
    levels: tuple[str, ...],
    **how: Any,
) -> None:
    """Export a table of DATASET, with --wide one row a report, with --worklist a work list."""
    # spreadsheets take their time to import; the other commands don't wait for them
    from govreport_core import worklist  # noqa: PLC0415
    from govreport_core.dataset import export as exporting  # noqa: PLC0415
    from govreport_core.dataset import store  # noqa: PLC0415

    if how["as_list"] and how["wide"]:
        message = "--worklist and --wide are two tables; ask for one"
        raise click.UsageError(message)
    if not how["as_list"] and (how["remarks"] or how["order"] != worklist.ORDERS[0]):
        message = "--order and --remarks are of a work list; add --worklist"
        raise click.UsageError(message)
    choice = exporting.Choice(years, regions, kinds, levels)
    widths = None
    try:
        with store.reading(dataset):
            if how["as_list"]:
                asked = worklist.Asked(how["order"], worklist.severities(remarks=how["remarks"]))
                frame = worklist.listed(dataset, choice, asked, how["lang"])
                widths = worklist.widths(how["lang"])
            elif how["wide"]:
                frame = exporting.wide(dataset, choice)
            else:
                frame = exporting.table_rows(dataset, table, choice)
        exporting.write_file(frame, output, widths=widths)
    except GovReportError as error:
        _stop(str(error))
    click.echo(f"{output}: {frame.height} rows, {frame.width} columns")


@core.command(epilog="Example:  govreport sample -o data --seed 1")
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder to write; what an earlier run left there is replaced.",
)
@click.option("--agencies", type=click.IntRange(1, 100_000), default=20, show_default=True)
@click.option("--years", default="2019-2024", show_default=True, help="First and last year.")
@click.option(
    "--formats",
    default="cells,tabs,lines,rows,html,docx,xlsx,pdf,markdown",
    show_default=True,
    help="Text layouts and file formats, with commas between.",
)
@click.option("--faults/--no-faults", default=True, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True)
def sample(output: Path, agencies: int, years: str, formats: str, faults: bool, seed: int) -> None:
    """Write fictional reports, and answers.json with what is in them."""
    from govreport_core.build.intake import many  # noqa: PLC0415 - see LATE
    from govreport_core.samples import write_samples  # noqa: PLC0415

    first, _, last = years.partition("-")
    try:
        span = range(int(first), int(last or first) + 1)
    except ValueError:
        _stop(f"--years {years}: write it like 2019-2024")
    try:
        summary = write_samples(
            output,
            agencies=agencies,
            years=span,
            formats=tuple(formats.split(",")),
            faults=faults,
            seed=seed,
        )
    except (GovReportError, ValueError) as error:
        _stop(str(error))
    click.echo(f"{output}: {many(summary.reports, 'report')}, {summary.faulty} with a fault")


@contextmanager
def _told(what: str) -> Iterator[Telling]:
    """How far the work is: a bar on a terminal, a line at each tenth elsewhere."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda done, total: _tenth(what, done, total)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(what, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


def _tenth(what: str, done: int, total: int) -> None:
    if total >= _WORTH_TELLING and done * 10 // total > (done - 1) * 10 // total:
        click.echo(f"{what} {done} of {total}", err=True)


def _stop(message: str) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(2)
