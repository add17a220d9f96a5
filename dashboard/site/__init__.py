"""A dataset in, a folder of static pages out: gather, then render, then write.

The pages need no script, load nothing from any other host, and hold every
number with a link to the place in the source it was read from.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import msgspec

from dashboard.data import open_dataset
from dashboard.site import hashes, kept, opendata
from dashboard.site.gather import Gathering
from dashboard.site.heads import sitemaps
from dashboard.site.inputs import Inputs, digests
from dashboard.site.kinds import Task, agencies_paged, tasks
from dashboard.site.links import dead
from dashboard.site.options import USUAL, Options
from dashboard.site.parts import Parts
from dashboard.site.pool import Work, made_here, made_together, tidy
from dashboard.site.render import Drawn
from dashboard.site.write import Made, SiteError, beside, publish, put
from govreport_core.dataset import store

__all__ = ["Options", "SiteError", "SiteSummary", "build_site"]

# Below so many parts starting a worker costs more than it brings.
_FEW = 60

# Where fewer pages were drawn there is little that only a search among all objects would find.
_MANY = 1_000


class SiteSummary(msgspec.Struct, frozen=True):
    """What was written.

    Attributes:
        pages: Number of HTML pages.
        size: Bytes of all files.
        written: Number of files that the earlier site didn't have, or not so.
        drawn: Number of pages that were made anew, as what they show may have changed.
        seconds: How long it took.
        warnings: One line each: dead links, pages that are too long, files that gave no report.
    """

    pages: int
    size: int
    written: int
    drawn: int
    seconds: float
    warnings: tuple[str, ...]


def build_site(
    dataset: Path,
    out: Path,
    options: Options = USUAL,
    *,
    strict: bool = False,
    jobs: int | None = None,
) -> SiteSummary:
    """Write a dataset's site into `out`, in place of the one that was there.

    Args:
        dataset: A folder made by `govreport build`.
        out: A new or empty folder, or an earlier site.
        options: Its languages, and what is said of it.
        strict: Take a warning for a failure; the earlier site then stays.
        jobs: Worker processes; as many as processors where None, and none for a small site.

    Raises:
        DatasetError: No dataset there, one of another version, or a damaged one.
        SiteError: `out` holds something that isn't a site, or can't be written; a warning, if
            strict.
    """
    began = time.perf_counter()
    with store.reading(dataset), beside(out) as fresh:
        with Parts(fresh) as parts:
            every = _drawn(dataset, out, fresh, options, jobs, parts)
            made, same = every.made, every.same
            # What the pages were drawn from has gone.
            tidy(rings=made.pages - same.made.pages >= _MANY)
            if options.base_url:
                made.add(put(sitemaps(parts.pages(), options), fresh, out))
            lost = dead(parts, fresh, same.files, same.known)
            told = kept.file(made, parts, every.inputs, every.units, every.rows, sound=not lost)
            made.add(put([told], fresh, out))
        made.warnings += lost
        warnings = publish(fresh, out, made, strict=strict)
    return SiteSummary(
        pages=made.pages,
        size=made.size,
        written=made.written,
        drawn=made.pages - same.made.pages,
        seconds=time.perf_counter() - began,
        warnings=warnings,
    )


class _Drawn(NamedTuple):
    """What all parts came to.

    Attributes:
        made: Their files, but for what `parts` were told.
        same: Those of the earlier site among them.
        inputs: What the pages were made from; `units` whose they are.
        rows: Hashes of the dataset's rows.
    """

    made: Made
    same: kept.Carried
    inputs: Inputs
    units: kept.Units
    rows: hashes.Packed


def _drawn(
    dataset: Path, out: Path, fresh: Path, options: Options, jobs: int | None, parts: Parts
) -> _Drawn:
    """Make all parts of a site but for what is told of all its pages."""
    data = open_dataset(dataset)
    before = kept.earlier(out)
    files = hashes.Files(before.rows)
    rows = hashes.rows(data, files)
    packed = files.packed()
    del files
    gathering = Gathering(data, options, fresh, Drawn(out, before.told))
    whole = gathering.whole
    made = Made(warnings=list(whole[0].warnings))
    work = Work(str(data.version), str(fresh), str(out), options, gathering.common)
    now = digests(gathering, rows, before.inputs)
    mine = kept.units(whole[0], agencies_paged(whole[0]), options)
    same = kept.carried(before, out, fresh, now, mine, parts)
    every = tasks(whole, *same.done)
    del before, whole
    made.add(same.made)

    def taken() -> Made:
        size, written = opendata.publish(gathering.whole[0].data, fresh, out, options, rows)
        rows.clear()  # by far more than `packed`, and nobody asks for them any more
        gathering.let_go()
        return Made(size=size, written=written)

    for some in _made(gathering, every, work, jobs, taken):
        parts.add(some.part())
        made.add(some)
    return _Drawn(made, same, now, mine, packed)


def _made(
    gathering: Gathering,
    every: Sequence[Task],
    work: Work,
    jobs: int | None,
    first: Callable[[], Made],
) -> Iterator[Made]:
    """All parts, and first of all the open data that some of them tell of."""
    if jobs is None:
        jobs = 1 if len(every) < _FEW else os.cpu_count() or 1
    if jobs > 1:
        return made_together(gathering, every, work, jobs, first)
    return chain((first(),), made_here(gathering, every, work))
