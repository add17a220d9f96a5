"""Made-up reports through converters and back: how many cells each way leaves right, unread, wrong.

    python -m venv /tmp/tools
    /tmp/tools/bin/pip install beautifulsoup4 docx2txt html2text html-text inscriptis lxml \
        mammoth markdownify 'markitdown[pdf,docx,xlsx]' pdfplumber pypandoc_binary trafilatura
    python tests/converters/convert.py --tools /tmp/tools/bin/python

needs besides Chromium, LibreOffice (with Calc) and pdftotext (poppler-utils). Some
thousand files are written and read; the answer is a table by way, held against
`figures.json`: exit 1 where a cell is wrong, or where a way reads less than is told
there. `--pin` writes the table there instead, `--only WORD` takes the ways with that
word, `--documents N` other numbers of reports, which are not held against the file.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parent.parent))

from reports import Made, made
from routes import Way, known, needs, ways

from govreport_core.errors import SourceError
from govreport_core.extract import extract
from govreport_core.samples.trials.scoring import score
from govreport_core.sources import read_bytes

FIGURES = Path(__file__).parent / "figures.json"
DOCUMENTS = 20
# A converter's next version may break a line elsewhere: so much less is no loss.
SLACK = 0.01


class Counts(NamedTuple):
    """Files of one way, and their cells."""

    files: int
    cells: int
    right: int
    unread: int
    wrong: int

    @property
    def share(self) -> float:
        """The share of the cells that is read."""
        return self.right / max(self.cells, 1)


def main() -> int:
    """Convert, read, print, and hold against what is pinned."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--documents", type=int, default=DOCUMENTS)
    parser.add_argument("--first", type=int, default=0, help="number of the first report")
    parser.add_argument("--tools", default="", help="the Python that has the other libraries")
    parser.add_argument("--only", default="", help="ways with this word in their names")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="a folder for the files, kept and used again")
    parser.add_argument("--pin", action="store_true", help="write the figures")
    given = parser.parse_args()
    taken = [w for w in ways() if given.only in name(w)]
    taken = [w for w in taken if given.tools or "outside" not in needs(w)]
    numbers = range(given.first, given.first + given.documents)
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.keep or Path(temporary)
        told = measured(taken, numbers, folder, given.tools, given.jobs)
    for line in table(told):
        print(line)
    if given.pin:
        pin(told)
        return 0
    same = (given.documents, given.first) == (DOCUMENTS, 0)
    losses = lost(told, pinned() if same and FIGURES.is_file() else {})
    for line in losses:
        print(line)
    return 1 if losses else 0


def name(way: Way) -> str:
    """A way in words: `html > chromium print > pdftotext`."""
    return " > ".join(way)


def measured(
    taken: Sequence[Way], numbers: Sequence[int], folder: Path, tools: str = "", jobs: int = 1
) -> dict[str, Counts]:
    """Each way's counts over the reports of these numbers."""
    reports = {n: made(n, tuple({w[0] for w in taken})) for n in numbers}
    told: dict[str, Counts] = {}
    for way in taken:
        files = converted(way, reports, folder, tools)
        pairs = [(file, reports[int(file.stem)]) for file in files]
        found = _each(pairs, jobs)
        for (file, _), (_, odd) in zip(pairs, found, strict=True):
            if odd:
                print(f"{name(way)}: {file}: {odd}", file=sys.stderr, flush=True)
        told[name(way)] = Counts(*(sum(c[i] for c, _ in found) for i in range(5)))
    return told


def _each(pairs: list[tuple[Path, Made]], jobs: int) -> list[tuple[Counts, str]]:
    if jobs == 1:
        return [compared(*pair) for pair in pairs]
    with multiprocessing.get_context("spawn").Pool(jobs) as pool:
        return pool.starmap(compared, pairs, chunksize=4)


def converted(way: Way, reports: Mapping[int, Made], folder: Path, tools: str) -> list[Path]:
    """The files a way leaves; those of its first steps are made once."""
    out = folder / "/".join(way).replace(" ", "_")
    if out.is_dir():
        return sorted(f for f in out.iterdir() if f.is_file())
    before = converted(way[:-1], reports, folder, tools) if len(way) > 1 else []
    out.mkdir(parents=True)
    if len(way) == 1:
        for number, report in reports.items():
            if way[0] in report.files:
                (out / f"{number:05}.{way[0]}").write_bytes(report.files[way[0]])
    else:
        known(way[-1], tools).run(before, out)
    return sorted(f for f in out.iterdir() if f.is_file())


def compared(file: Path, report: Made) -> tuple[Counts, str]:
    """One file's cells against its report's, and what is wrong in words."""
    cells = len(report.expected)
    try:
        found = extract(read_bytes(file.read_bytes(), file.suffix))
    except SourceError as error:
        return Counts(1, cells, 0, cells, 0), f"not read: {error.code}"
    result = score(found, report.expected)
    numbers = {(v.table, v.row, v.column) for v in found.values if v.number is not None}
    wrong = [key for key in result.wrong if key in numbers]
    odd = f"{report.form} read as {found.form}, wrong: {wrong}" if wrong else ""
    return Counts(1, cells, result.right, cells - result.right - len(wrong), len(wrong)), odd


def table(told: Mapping[str, Counts]) -> Iterable[str]:
    """The counts in words."""
    yield f"{'way':46}files   cells   right  unread  wrong    read"
    for way, c in (told | {"all": summed(told)}).items():
        yield f"{way:46}{c.files:5}{c.cells:8}{c.right:8}{c.unread:8}{c.wrong:7}{c.share:8.1%}"


def summed(told: Mapping[str, Counts]) -> Counts:
    """All ways together."""
    return Counts(*(sum(c[i] for c in told.values()) for i in range(5)))


def pinned() -> dict[str, Counts]:
    """The figures that are kept."""
    return {way: Counts(*c) for way, c in json.loads(FIGURES.read_text("utf-8")).items()}


def pin(told: Mapping[str, Counts]) -> None:
    """Keep the figures; ways that weren't taken stay as they are."""
    kept = (pinned() if FIGURES.is_file() else {}) | told
    names = [name(way) for way in ways()]
    lines = [f"  {json.dumps(w)}: {json.dumps(kept[w])}" for w in names if w in kept]
    FIGURES.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")


def lost(told: Mapping[str, Counts], kept: Mapping[str, Counts]) -> list[str]:
    """Ways with a wrong cell, and those that read less than they did."""
    lines = [f"{way}: {c.wrong} cells wrong" for way, c in told.items() if c.wrong]
    for way, before in kept.items():
        if way in told and told[way].share < before.share - SLACK:
            lines.append(f"{way}: {told[way].share:.1%} read, {before.share:.1%} are pinned")
    return lines


if __name__ == "__main__":
    sys.exit(main())
