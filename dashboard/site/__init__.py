"""A dataset in, a folder of static pages out: gather, then render, then write.

The pages need no script, load nothing from any other host, and hold every
number with a link to the place in the source it was read from.
"""

from __future__ import annotations

import time
from pathlib import Path

import msgspec

from dashboard.data import open_dataset
from dashboard.site.gather import gather
from dashboard.site.kinds import files_of
from dashboard.site.options import USUAL, Options
from dashboard.site.write import SiteError, write_site
from govreport_core.dataset import store

__all__ = ["Options", "SiteError", "SiteSummary", "build_site"]


class SiteSummary(msgspec.Struct, frozen=True):
    """What was written.

    Attributes:
        pages: Number of HTML pages.
        size: Bytes of all files.
        seconds: How long it took.
        warnings: One line each: dead links, files that gave no report.
    """

    pages: int
    size: int
    seconds: float
    warnings: tuple[str, ...]


def build_site(
    dataset: Path,
    out: Path,
    options: Options = USUAL,
    *,
    strict: bool = False,
) -> SiteSummary:
    """Write a dataset's site into `out`, in place of the one that was there.

    Args:
        dataset: A folder made by `govreport build`.
        out: A new or empty folder, or an earlier site.
        options: Its languages, and what is said of it.
        strict: Take a warning for a failure; the earlier site then stays.

    Raises:
        DatasetError: No dataset there, one of another version, or a damaged one.
        SiteError: `out` holds something that isn't a site; a warning, if strict.
    """
    began = time.perf_counter()
    with store.reading(dataset):
        gathered = gather(open_dataset(dataset), options)
        warnings = gathered[0].warnings
        written = write_site(files_of(gathered), out, warnings=warnings, strict=strict)
    return SiteSummary(
        pages=written.pages,
        size=written.size,
        seconds=time.perf_counter() - began,
        warnings=written.warnings,
    )
