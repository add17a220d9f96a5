"""What a reading costs: the processor's seconds, to which other work on the machine adds none."""

from __future__ import annotations

import time

from govreport_core.sources import guarded
from govreport_core.sources.worker import cpu_seconds


def spent() -> float:
    """The seconds that this process and the worker that reads for it have used so far."""
    mine = guarded._worker
    return time.process_time() + (cpu_seconds(mine.process.pid) or 0.0 if mine else 0.0)
