"""Generated reports in, what builds of so many of them take out: CPU, clock, memory.

    govreport sample -o G --agencies 17500 --years 2019-2024 --no-faults --seed 9
    python tests/bench/many_builds.py G/reports 10000 100000 [--jobs 2] [--again] [--judged]
        [--changed] [--formats]

For each number the reports of the first agencies are built into a new dataset: CPU of all
processes and the main one's share, seconds by the clock, the most memory of all processes
together (pages they share counted once), and between two numbers the exponent of time and
the bytes a report more. `--again` builds each once more, `--judged` once more by a copy of the
program in which a rule is less grave, `--changed` once more after each of some changes of one file,
`--formats` some of each format alone. Each is a process of its own that begins with nothing.
"""

from __future__ import annotations

import contextlib
import math
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import click

_COMPANIONS = ("manifest.csv", "agencies.csv")
_OF_A_FORMAT = 500
_FIGURE = re.compile(r"(行政许可\D*?)(\d)")
_GRAVE, _LESS_GRAVE = 'severity = "warning"', 'severity = "info"'


class Build(NamedTuple):
    """What one build took.

    Attributes:
        cpu, main: CPU seconds of all processes, and of the first one alone.
        peak: Bytes of all processes together, sampled.
    """

    reports: int
    clock: float
    cpu: float
    main: float
    peak: int

    def told(self) -> str:
        """A line of it."""
        return (
            f"{self.reports:,} reports: {self.cpu:.1f} CPU s,"
            f" {self.cpu / self.reports * 1000:.1f} ms a report, main process"
            f" {self.main / self.cpu:.0%}; {self.clock:.1f} s by the clock;"
            f" peak {self.peak / 2**20:,.0f} MB"
        )


def agency(file: Path) -> str:
    """Whose report a file is."""
    return file.stem


def chosen(sources: Path, folder: Path, reports: int) -> int:
    """Link the first agencies' reports, about so many, into a folder with what stands beside."""
    files = sorted(
        (f for f in sources.rglob("*") if f.suffix != ".csv" and f.is_file()), key=agency
    )
    some: list[Path] = []
    for _, mine in groupby(files, key=agency):
        if len(some) >= reports:
            break
        some += mine
    return linked(some, sources, folder)


def linked(files: list[Path], sources: Path, folder: Path) -> int:
    """Link files into a folder with what stands beside them: how many they are."""
    for file in (*files, *(sources / name for name in _COMPANIONS)):
        to = folder / file.relative_to(sources)
        to.parent.mkdir(parents=True, exist_ok=True)
        os.link(file, to)
    return len(files)


def otherwise(folder: Path) -> Path:
    """A copy of the program in which the first rule of a severity has another."""
    core = Path(__file__).parents[2] / "govreport_core"
    shutil.copytree(core, folder / core.name, ignore=shutil.ignore_patterns("__pycache__"))
    for rules in sorted((folder / core.name / "checks" / "catalogue").glob("*.toml")):
        text = rules.read_text(encoding="utf-8")
        if _GRAVE in text:
            rules.write_text(text.replace(_GRAVE, _LESS_GRAVE, 1), encoding="utf-8")
            return folder
    msg = f"no rule has {_GRAVE}"
    raise click.ClickException(msg)


def built(sources: Path, out: Path, reports: int, jobs: int, core: Path | None = None) -> Build:
    """Build in a process of its own, looked at all the while; `core` holds the program's copy."""
    program = Path(sys.executable).parent / "govreport"
    command = [str(program), "build", str(sources), "-o", str(out), "--jobs", str(jobs)]
    began = time.monotonic()
    run = subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ | ({"PYTHONPATH": str(core)} if core else {}),
    )
    peak, main = 0, 0.0
    while run.poll() is None:
        peak = max(peak, sum(map(_memory, _family(run.pid))))
        main = max(main, _own(run.pid))
        with contextlib.suppress(subprocess.TimeoutExpired):
            run.wait(1.0)  # and not a second longer than it takes
    clock = time.monotonic() - began
    if run.returncode:
        msg = f"the build of {sources} ended with {run.returncode}"
        raise click.ClickException(msg)
    return Build(reports, clock, _spent(), main, peak)


_BEFORE = [0.0]


def _spent() -> float:
    """CPU seconds of the children that ended since this was asked last."""
    times = os.times()
    spent = times.children_user + times.children_system - _BEFORE[0]
    _BEFORE[0] += spent
    return spent


def _family(process: int) -> Iterator[int]:
    """A process and all below it."""
    yield process
    for told in _told(f"{process}/task/{process}/children").split():
        yield from _family(int(told))


def _own(process: int) -> float:
    """CPU seconds of a process without its children."""
    told = _told(f"{process}/stat").rpartition(")")[2].split()
    return sum(map(int, told[11:13])) / os.sysconf("SC_CLK_TCK")


def _memory(process: int) -> int:
    """Bytes of a process, of those that others share its part."""
    lines = _told(f"{process}/smaps_rollup").splitlines()
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


def _told(what: str) -> str:
    """What the system tells of a process; nothing where it is gone."""
    try:
        return Path("/proc", what).read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""


def formats(sources: Path, folder: Path, jobs: int) -> None:
    """Some reports of each format alone."""
    files = sorted(
        (f for f in sources.rglob("*") if f.suffix != ".csv" and f.is_file()),
        key=lambda file: (file.suffix, file.stem),
    )
    for suffix, mine in groupby(files, key=lambda file: file.suffix):
        count = linked(list(mine)[:_OF_A_FORMAT], sources, folder / suffix)
        click.echo(f"{suffix[1:]}: {built(folder / suffix, folder / 'one', count, jobs).told()}")
        shutil.rmtree(folder / "one", ignore_errors=True)


def changes(folder: Path) -> Iterator[str]:
    """Change one file after the other: what was done is told each time."""
    file = next(f for f in sorted(folder.rglob("*.txt")) if _otherwise(f) != f.read_bytes())
    first, renamed = file.with_name("000.txt"), file.with_stem(f"{file.stem}-renamed")
    _put(file, _otherwise(file))
    yield "one changed"
    _put(first, _otherwise(file))
    yield "one inserted first"
    first.unlink()
    yield "one removed"
    file.rename(renamed)
    yield "one renamed"
    times = renamed.stat()
    renamed.write_bytes(_otherwise(renamed))
    os.utime(renamed, ns=(times.st_atime_ns, times.st_mtime_ns))
    yield "one overwritten, of equal size and time"


def _otherwise(file: Path) -> bytes:
    """What a report in plain text says, with another figure of as many digits."""
    content = file.read_bytes()
    try:
        text = content.decode("utf-8")
    except UnicodeError:
        return content
    return _FIGURE.sub(lambda found: f"{found[1]}{int(found[2]) % 9 + 1}", text, count=1).encode()


def _put(file: Path, content: bytes) -> None:
    """Write a file anew: the one that is there is the sources' too."""
    file.unlink(missing_ok=True)
    file.write_bytes(content)


@click.command(help=__doc__)
@click.argument("sources", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("numbers", nargs=-1, required=True, type=int)
@click.option("--jobs", default=2, show_default=True)
@click.option("--again", is_flag=True)
@click.option("--judged", is_flag=True)
@click.option("--changed", is_flag=True)
@click.option("--formats", "by_format", is_flag=True)
def main(
    sources: Path,
    numbers: tuple[int, ...],
    jobs: int,
    again: bool,
    judged: bool,
    changed: bool,
    by_format: bool,
) -> None:
    before: Build | None = None
    with tempfile.TemporaryDirectory(dir=sources.parent, prefix=".bench-") as temporary:
        for number in numbers:
            folder = Path(temporary) / str(number)
            count = chosen(sources, folder / "in", number)
            now = built(folder / "in", folder / "out", count, jobs)
            click.echo(now.told())
            if before is not None:
                times = now.reports / before.reports
                more = (now.peak - before.peak) / (now.reports - before.reports)
                exponent = math.log(now.cpu / before.cpu) / math.log(times)
                click.echo(f"  exponent of CPU {exponent:.3f}; {more:,.0f} bytes a report more")
            before = now
            if again:
                once_more = built(folder / "in", folder / "out", count, jobs)
                click.echo(
                    f"  again: {once_more.told()}, {once_more.cpu / now.cpu:.1%} of the first"
                )
            for what in changes(folder / "in") if changed else ():
                after = built(folder / "in", folder / "out", count, jobs)
                click.echo(f"  {what}: {after.told()}")
            if judged:
                core = otherwise(folder / "core")
                anew = built(folder / "in", folder / "out", count, jobs, core)
                click.echo(f"  judged anew: {anew.told()}")
        if by_format:
            formats(sources, Path(temporary), jobs)


if __name__ == "__main__":
    main()
