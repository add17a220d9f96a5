"""A number in, what searches over so many generated reports take out: CPU and memory.

`python tests/bench/many_searches.py 200000 [FOLDER]` writes the texts where the folder has
none, then a process of its own searches them by a hundred queries of each kind.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time

import click
from many_texts import opened

from dashboard import views
from dashboard.cli import ALLOCATING
from dashboard.texts import Texts
from dashboard.views import Filters
from dashboard.views.words_counts import facets
from dashboard.views.words_found import EVERYWHERE, Asked, found
from govreport_core.search import parse

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from searched import queries  # noqa: E402 - it stands beside the tests

_SOME = Filters(years=("2023",), kinds=("bureau", "office"))


def peak() -> int:
    """The most that this process had in memory, in MB: its own, not its parent's."""
    told = Path("/proc/self/status").read_text(encoding="ascii")
    most = next(line for line in told.splitlines() if line.startswith("VmHWM"))
    return int(most.split()[1]) // 1024


def search(texts: Texts, typed: str, filters: Filters, *, everywhere: bool, counted: bool) -> int:
    """How many reports a search finds; their counts made too where they are asked for."""
    asked = Asked(parse(typed), sections=(EVERYWHERE,) if everywhere else ())
    got = found(texts, filters, asked)
    if counted:
        facets(got, filters, asked, "zh")
    return len(got.orders)


def room(texts: Texts, typed: str, *, everywhere: bool) -> int:
    """The whole room for an address: list, counts and first page."""
    asked = {"q": typed} | ({"section": EVERYWHERE} if everywhere else {})
    return views.words(texts, Filters(), asked, "zh").reports


def told(name: str, asked: list[str], call: Callable[[str], int]) -> None:
    """Print what a hundred searches took, in ms: of both cores' time, and by the clock."""
    spent, waited, most = [], [], 0
    for typed in asked:
        began, cpu = perf_counter(), process_time()
        most = max(most, call(typed))
        spent.append((process_time() - cpu) * 1000)
        waited.append((perf_counter() - began) * 1000)
    half, nearly = (sorted(spent)[int(len(spent) * share)] for share in (0.5, 0.95))
    click.echo(
        f"{name}: CPU ms p50 {half:.0f}, p95 {nearly:.0f}, most {max(spent):.0f};"
        f" clock p95 {sorted(waited)[int(len(waited) * 0.95)]:.0f};"
        f" up to {most:,} reports; peak so far {peak():,} MB"
    )


def measure(folder: Path) -> None:
    """Search what is written there."""
    texts = Texts(opened(folder))
    some = texts.data.tables["sections"].head(600).collect()
    asked = queries(some.filter(section="s5_problems")["text"].to_list())
    began = process_time()
    search(texts, "公开", Filters(), everywhere=False, counted=True)
    click.echo(f"first search: CPU s {process_time() - began:.1f}, peak {peak():,} MB")
    for counted in (False, True):
        name = "section five and points" + ", counted" * counted
        told(
            name,
            asked,
            lambda one, counted=counted: search(
                texts, one, Filters(), everywhere=False, counted=counted
            ),
        )
    told("its room", asked, lambda one: room(texts, one, everywhere=False))
    began = process_time()
    search(texts, "公开", Filters(), everywhere=True, counted=False)
    click.echo(f"first in all sections: CPU s {process_time() - began:.1f}, peak {peak():,} MB")
    for filters, narrowed in ((Filters(), ""), (_SOME, ", narrowed")):
        for counted in (False, True):
            name = "all sections" + narrowed + ", counted" * counted
            told(
                name,
                asked,
                lambda one, filters=filters, counted=counted: search(
                    texts, one, filters, everywhere=True, counted=counted
                ),
            )
    told("its room, all sections", asked, lambda one: room(texts, one, everywhere=True))


def main(reports: int, folder: Path) -> None:
    """Write what isn't there, and measure in a process that did nothing before."""
    folder.mkdir(parents=True, exist_ok=True)
    if not any(folder.iterdir()):
        write = [sys.executable, str(HERE / "many_texts.py"), str(folder), str(reports)]
        subprocess.run(write, check=True)
    measure = [sys.executable, __file__, "--measure", str(folder)]
    subprocess.run(measure, check=True, env=ALLOCATING | os.environ)


if __name__ == "__main__":
    if sys.argv[1] == "--measure":
        measure(Path(sys.argv[2]))
    elif len(sys.argv) > 2:
        main(int(sys.argv[1]), Path(sys.argv[2]))
    else:
        with tempfile.TemporaryDirectory() as made:
            main(int(sys.argv[1]), Path(made))
