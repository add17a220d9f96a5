"""Mutated reports of every format through readers, extract, rows, rules and validation.

    python tests/fuzz/run.py --executions 200000 [--seed 1] [--jobs 2] [--only .docx]

Each execution is told by its seed alone, so that a find can be run again. A find
is anything but a report or a `SourceError`: another exception, or more than 10 CPU
seconds or 800 MB. Exit 1 with one line a find. Rules are judged for some hundred at a
time, as a build does; where that breaks off, each alone, to tell which it was. Cheap
formats have more turns than dear ones.
"""

from __future__ import annotations

import argparse
import gc
import multiprocessing
import random
import sys
import time
from collections import Counter
from functools import cache
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from damage import ANY, PIPES, WEB, WHOLE, XML, Damage, edited, member, rezipped

from govreport_core import checks
from govreport_core.build.companions import Companions
from govreport_core.build.frames import FiledReport, frames_of
from govreport_core.build.intake import Read, as_report
from govreport_core.build.joining import joined
from govreport_core.build.limits import Limits, OverLimitError, within
from govreport_core.checks.kinds import OF_ONE
from govreport_core.errors import SourceError
from govreport_core.samples import LAYOUTS, agencies, draw_report, render, render_file, with_noise
from govreport_core.samples.chance import chance
from govreport_core.samples.pdf import render_pdf
from govreport_core.schemas import FACTS, validated
from govreport_core.sources import read_bytes, worker

JUDGED_AT_ONCE = 400
SPAN = 500
TOLD = 1_000
FORMATS: dict[str, dict[str, Damage]] = {
    ".txt": ANY,
    ".md": PIPES,
    ".html": WEB,
    ".docx": WHOLE,
    ".xlsx": WHOLE,
    ".pdf": ANY,
}
TURNS = {".txt": 3, ".md": 3, ".html": 3, ".docx": 2, ".xlsx": 2, ".pdf": 1}
INSIDE = {".docx": "word/document.xml", ".xlsx": "xl/worksheets/sheet1.xml"}
TOKENS = (
    *(b"|", b"\t", b"*", b"<td>", b"</table>", b"<table><tr>", b"\n", b"\r\n", b"\x00", b"\xff"),
    *("总计".encode(), "（六）其他处理".encode(), "自然人".encode(), "一、".encode(), b"9" * 400),
    *(b"&#x0;", b"&nbsp;", b"1e309", b"-0", "１２".encode(), "零".encode(), b"rowspan=9999999"),
)


def main() -> int:
    """Run, tell the finds, and exit by whether there are any."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--executions", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1, help="the first execution's")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", choices=FORMATS, help="one format")
    given = parser.parse_args()
    formats = [given.only] if given.only else [f for f in FORMATS for _ in range(TURNS[f])]
    last = given.seed + given.executions
    spans = [(at, min(at + SPAN, last), formats) for at in range(given.seed, last, SPAN)]
    began = time.monotonic()
    counts: Counter[str] = Counter()
    finds: list[str] = []
    with multiprocessing.get_context("spawn").Pool(given.jobs, maxtasksperchild=20) as pool:
        for counted, found in pool.imap_unordered(span, spans):
            counts.update(counted)
            finds += found
            for line in found:
                print(line, flush=True)
            if counts.total() % TOLD == 0:
                print(f"{counts.total():,} so far, {len(finds)} finds", flush=True)
    told = ", ".join(f"{n:,} {what}" for what, n in sorted(counts.items()))
    print(f"{sum(counts.values()):,} executions in {time.monotonic() - began:.0f} s: {told}")
    return 1 if finds else 0


def span(of: tuple[int, int, list[str]]) -> tuple[Counter[str], list[str]]:
    """The executions from one seed to before another: what became of them, and the finds."""
    first, last, formats = of
    worker.INSIDE = True
    gc.freeze()
    gc.set_threshold(50_000)  # a report's records go by counting; the rest is small
    counts: Counter[str] = Counter()
    finds: list[str] = []
    reports: dict[str, tuple[str, FiledReport]] = {}
    for seed in range(first, last):
        ending = formats[seed % len(formats)]
        what = one(seed, ending, reports)
        counts[what.partition(":")[0]] += 1
        if what not in ("read", "refused"):
            finds.append(f"seed {seed} {ending}: {what}")
        if len(reports) >= JUDGED_AT_ONCE or (seed == last - 1 and reports):
            finds += judged(list(reports.values()))
            reports.clear()
    return counts, finds


def one(seed: int, ending: str, reports: dict[str, tuple[str, FiledReport]]) -> str:
    """An execution: `read`, `refused`, or what is wrong."""
    data = mutated(seed, ending)
    try:
        with within(Limits()):
            document = read_bytes(data, ending)
            filed, _ = joined(Read("f", len(data), document, as_report(document)), Companions())
            reports.setdefault(document.document_id, (f"seed {seed} {ending}", filed))
    except SourceError:
        return "refused"
    except OverLimitError:
        return "hang"
    except MemoryError:
        return "memory"
    except Exception as error:  # anything else is what is looked for
        return f"crash: {type(error).__name__}: {str(error)[:200]}"
    return "read"


def judged(reports: list[tuple[str, FiledReport]]) -> list[str]:
    """Rows, rules and validation of some reports: what is wrong, if anything."""
    try:
        frames = frames_of([filed for _, filed in reports])
        for name in FACTS:
            validated(name, frames[name])
        validated("checks", checks.of_reports(frames, OF_ONE))
    except Exception as error:  # likewise
        alone = [find for each in reports for find in judged([each])] if len(reports) > 1 else []
        which = reports[0][0] if len(reports) == 1 else f"{len(reports)} from {reports[0][0]}"
        return alone or [f"{which}, judged: {type(error).__name__}: {str(error)[:300]}"]
    return []


def mutated(seed: int, ending: str) -> bytes:
    """A file with some damage: of the kinds that the tests know, and pieces set in or doubled."""
    rng = random.Random(seed)  # noqa: S311 - damage, not a secret
    data = whole(ending, seed % 40)
    inside = INSIDE.get(ending)
    if inside is None or rng.random() < 0.1:
        return damaged(data, FORMATS[ending], rng)
    return rezipped(data, inside, damaged(member(data, inside), XML, rng))


def damaged(data: bytes, damages: dict[str, Damage], rng: random.Random) -> bytes:
    """Some bytes with one to three damages."""
    for _ in range(rng.randint(1, 3)):
        if rng.random() < 0.6:
            damage = rng.choice(list(damages.values()))
            data = edited(data, damage(data, rng)) or data
            continue
        at = rng.randrange(len(data) + 1)
        piece = rng.choice(TOKENS) * rng.choice((1, 1, 1, 7, 200))
        if rng.random() < 0.3:
            piece = data[at : at + rng.randrange(2_000)]
        data = data[:at] + piece + data[at + rng.randrange(30) :]
    return data


@cache
def whole(ending: str, number: int) -> bytes:
    """A fictional report in that format."""
    year = (2020, 2023)[number % 2]
    drawn = draw_report(agencies(20)[number % 20], year, seed=number)
    if ending == ".txt":
        layout = list(LAYOUTS)[number % len(LAYOUTS)]
        return render(with_noise(drawn, layout, chance("fuzz", number)), layout).encode()
    layout = {".md": "markdown"}.get(ending, ending.removeprefix("."))
    sample = with_noise(drawn, layout, chance("fuzz", number))
    return render_pdf(sample, seed=number) if ending == ".pdf" else render_file(sample, layout)


if __name__ == "__main__":
    sys.exit(main())
