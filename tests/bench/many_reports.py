"""Generated reports for the benches: a number in, the dataset's frames of so many out.

The reports of twenty fictional agencies over six years are drawn from several
seeds, rendered, read and extracted; more than these are copies under agencies
of their own, so that every agency has its years.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import msgspec
import polars as pl

from govreport_core.build.frames import FiledReport, Identity, frames_of
from govreport_core.extract import extract
from govreport_core.samples.draw import draw_history, render
from govreport_core.samples.layouts import LAYOUTS
from govreport_core.samples.roster import agencies
from govreport_core.sources import read_bytes

YEARS = tuple(range(2019, 2025))
SEEDS = 5
KEYS = ("document_id", "agency_id", "report_id")


def generated(reports: int) -> dict[str, pl.DataFrame]:
    """The frames that `checks.run` takes, of that many reports."""
    drawn = frames_of(_readings())
    times = -(-reports // drawn["reports"].height)
    copies = pl.DataFrame({"copy": [f"-{n}" for n in range(times)]})
    wanted = None
    frames = {}
    for name in ("reports", "values", "sections", "claims", "diagnostics", "evidence", "parts"):
        table = copies.join(drawn[name], how="cross")
        table = table.with_columns(
            pl.concat_str(key, "copy") for key in KEYS if key in table.columns
        ).drop("copy")
        if wanted is None:
            table = table.head(reports)
            wanted = table.select("document_id")
        frames[name] = table.join(wanted, on="document_id", how="semi", maintain_order="left")
    return frames


def _readings() -> Iterator[FiledReport]:
    layouts = list(LAYOUTS)
    for seed in range(1, SEEDS + 1):
        for number, agency in enumerate(agencies(20)):
            for sample in draw_history(agency, YEARS, seed=seed):
                layout = layouts[(number + sample.year) % len(layouts)]
                document = read_bytes(render(sample, layout, seed=seed).encode())
                document_id = f"{agency.agency_id}-{sample.year}-{seed}"
                document = msgspec.structs.replace(document, document_id=document_id)
                report = msgspec.structs.replace(extract(document), document_id=document_id)
                published = sample.published_on
                identity = Identity(
                    report_id=document_id,
                    current=True,
                    agency_id=f"{agency.agency_id}-{seed}",
                    agency_name=report.agency_name,
                    agency_kind=agency.kind,
                    agency_level=agency.level,
                    region_code=agency.region_code,
                    year=report.year,
                    published_on=dt.date.fromisoformat(published) if published else None,
                    source_url=None,
                )
                yield FiledReport(document, report, identity)
