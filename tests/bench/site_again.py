"""Reports' sources in, what their site costs, and again after one changed report, out.

    govreport sample -o G --agencies 350 --years 2019-2024 --no-faults --seed 9
    python tests/bench/site_again.py G/reports [--jobs 1]

The dataset and its site are made, then a figure of one report is changed and both are made again
over the earlier ones: CPU of all processes with their start, the share of the first time, how
many pages were drawn and files written, how many differ in their bytes; how many report cards a
CPU second as far as made in one process, with their data and what sets them beside others, and
without the drawing of these two; and of what costs most there its CPU seconds, its files and those
that were written. Each build is a process of its own that begins with nothing.
"""

from __future__ import annotations

import filecmp
import multiprocessing
import os
import re
import resource
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click

from dashboard import site
from dashboard.site import build_site, cards, hashes, kept, opendata, pool
from govreport_core.build.spawning import OF_WORKERS

_FIGURE = re.compile(r"(行政许可\D*?)(\d+)")
_CARD = re.compile(r"(?:\w+/)?reports/(?!index\b)[^/]+\.html")
_CODINGS = ("utf-8", "utf-16", "gb18030")
_SHOWN = 16
_STEPS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (site, ("gather", "digests", "dead", "publish")),
    (opendata, ("publish",)),
    (hashes, ("rows",)),
    (kept, ("carried", "file")),
)

# Of what is made with a card: its JSON and CSV, and the pages of two texts side by side.
_BESIDE_CARDS = ("report_files", "_beside")


def _whole(function: Callable[..., Any]) -> Callable[..., Any]:
    """The same, of a generator all that it yields in a list: so that it can be timed."""

    def told(*given: Any) -> Any:
        found = function(*given)
        return list(found) if isinstance(found, Iterator) else found

    return told


def spent(of: int = resource.RUSAGE_SELF) -> float:
    """CPU seconds."""
    told = resource.getrusage(of)
    return told.ru_utime + told.ru_stime


def one(dataset: Path, out: Path, jobs: int) -> None:
    """A build, and what its parts took as far as they are made in this process."""
    cpu: Counter[str] = Counter()
    files: dict[str, tuple[int, int]] = {}
    drawn = 0

    def timed(function: Callable[..., Any], name: Callable[..., str]) -> Callable[..., Any]:
        def told(*given: Any, **more: Any) -> Any:
            began = spent()
            found = function(*given, **more)
            cpu[name(*given)] += spent() - began
            return found

        return told

    def part(gathered: Any, task: Any, work: Any) -> Any:
        nonlocal drawn
        found = pool_part(gathered, task, work)
        drawn += sum(bool(_CARD.fullmatch(address)) for address in found.sizes)
        there, written = files.get(task.kind, (0, 0))
        files[task.kind] = there + len(found.sizes), written + found.written
        return found

    for module, names in _STEPS:
        for name in names:
            label = f"{module.__name__}.{name}"
            setattr(module, name, timed(getattr(module, name), lambda *_, label=label: label))
    for of_cards in _BESIDE_CARDS:
        setattr(cards, of_cards, timed(_whole(getattr(cards, of_cards)), lambda *_, n=of_cards: n))
    pool_part = pool._part
    pool._part = timed(part, lambda _, task, __: str(task.kind))
    found = build_site(dataset, out, jobs=jobs)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    click.echo(
        f"{found.pages:,} pages, {found.drawn:,} drawn; {found.written:,} files written;"
        f" peak of the main process {peak:,.0f} MB"
    )
    others = sum(cpu.pop(name) for name in _BESIDE_CARDS)
    if drawn:
        click.echo(
            f"{drawn:,} report cards, {drawn / cpu['cards']:,.0f} a CPU second as far as made in"
            f" this process; {drawn / (cpu['cards'] - others):,.0f} without their data and what"
            " sets them beside others"
        )
    for name, seconds in cpu.most_common(_SHOWN):
        there, written = files.get(name, (0, 0))
        click.echo(f"  {name:28} {seconds:7.2f} s {there:7,} files {written:7,} written")


def built(dataset: Path, out: Path, jobs: int) -> float:
    """CPU seconds of a build in a process of its own, and of its workers."""
    before = spent(resource.RUSAGE_CHILDREN)
    run = multiprocessing.get_context("spawn").Process(target=one, args=(dataset, out, jobs))
    os.environ |= OF_WORKERS  # as the command does
    run.start()
    run.join()
    if run.exitcode:
        message = f"the build ended with {run.exitcode}"
        raise click.ClickException(message)
    return spent(resource.RUSAGE_CHILDREN) - before


def change(sources: Path) -> None:
    """Another figure in the first report in plain text that prints one."""
    for path in sorted(sources.rglob("*.txt")):
        for coding in _CODINGS:
            try:
                text = path.read_bytes().decode(coding)
            except UnicodeError:
                continue
            other = _FIGURE.sub(lambda found: f"{found[1]}{int(found[2]) + 1}", text, count=1)
            if other != text:
                path.write_bytes(other.encode(coding))
                return
    message = f"{sources}: no report in plain text with such a figure"
    raise click.ClickException(message)


def differing(now: Path, before: Path) -> int:
    """How many files the earlier site didn't have, or not so; but for the versions that stay."""
    files = (path.relative_to(now) for path in now.rglob("*") if path.is_file())
    return sum(
        not (before / path).is_file() or not filecmp.cmp(now / path, before / path, shallow=False)
        for path in files
        if not path.is_relative_to("data/versions")
    )


@click.command(help=__doc__)
@click.argument("sources", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--jobs", default=1, show_default=True)
def main(sources: Path, jobs: int) -> None:
    # As on a reader's machine: what is compiled, modules and templates, is kept.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    # Not by the processes that make the site, as the command doesn't either.
    from govreport_core.build import pipeline  # noqa: PLC0415

    with tempfile.TemporaryDirectory(dir=sources.parent, prefix=".bench-") as temporary:
        copied, dataset, out, before = (Path(temporary, name) for name in ("in", "D", "S", "B"))
        shutil.copytree(sources, copied)
        pipeline.build([copied], dataset)
        first = built(dataset, out, jobs)
        click.echo(f"anew: {first:.1f} CPU s")
        shutil.copytree(out, before, copy_function=os.link)
        change(copied)
        pipeline.build([copied], dataset)
        again = built(dataset, out, jobs)
        share, differ = again / first, differing(out, before)
        click.echo(f"again: {again:.1f} CPU s, {share:.1%} of the first; {differ} files differ")


if __name__ == "__main__":
    main()
