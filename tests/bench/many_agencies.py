"""A roster of many agencies and years in, what a build of it and one report takes out.

    python tests/bench/many_agencies.py [200000] [12] [--jobs 2]

What a build costs for the agencies that published nothing: rows of `coverage`, results of
its rule, cards. The report is one of the samples; a line tells CPU, clock and memory.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import click
import polars as pl
from many_builds import built

_SAMPLES = Path(__file__).parents[2] / "data" / "reports"
_LAST = 2024


@click.command(help=__doc__)
@click.argument("agencies", default=200_000)
@click.argument("years", default=12)
@click.option("--jobs", default=2, show_default=True)
def main(agencies: int, years: int, jobs: int) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        sources, out = Path(temporary, "in"), Path(temporary, "out")
        sources.mkdir()
        shutil.copy(min(_SAMPLES.rglob("*.html")), sources)
        searched = f"{_LAST - years + 1}-{_LAST}"
        with (sources / "agencies.csv").open("w", encoding="utf-8") as roster:
            roster.write("agency_id,name,region_code,level,kind,searched\n")
            roster.writelines(
                f"a{at},汀澜市第{at}局,990100,prefecture,bureau,{searched}\n"
                for at in range(agencies)
            )
        took = built(sources, out, 1, jobs)
        rows = pl.scan_parquet(f"{out}/coverage/**/*.parquet").select(pl.len()).collect().item()
        if rows < agencies * years:
            msg = f"{rows:,} rows of coverage for {agencies:,} agencies and {years} years"
            raise click.ClickException(msg)
        click.echo(
            f"{rows:,} agencies and years: {took.cpu:.1f} CPU s, {took.clock:.1f} s by the clock;"
            f" peak {took.peak / 2**20:,.0f} MB"
        )


if __name__ == "__main__":
    main()
