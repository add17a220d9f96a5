"""The command `govreport`, begun: what lays out frames is told how before it is imported."""

from __future__ import annotations

import gc
import os
import sys

from govreport_core.build.spawning import OF_WORKERS


def main() -> None:
    """Run the command; the process that makes a site works as those beside it do."""
    if sys.argv[1:2] == ["site"]:
        for name, value in OF_WORKERS.items():
            os.environ.setdefault(name, value)
    gc.disable()  # what is imported stays: nobody need look for rings of objects in it
    from dashboard.cli import main as run  # noqa: PLC0415 - polars looks once, when it is imported

    gc.freeze()
    gc.enable()
    run()
