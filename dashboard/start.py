"""The app's process: Streamlit's server, and what the first screens show made meanwhile.

Run by `govreport app` as `python -m dashboard.start run dashboard/served.py …`.
"""

from __future__ import annotations

import logging
import os
from pathlib import Path
from threading import Thread
from time import sleep

from streamlit.web import cli

from dashboard import views
from dashboard.app import DATASET_VARIABLE, DEFAULT_DATASET
from dashboard.screens import cached
from dashboard.screens.address import FIRST_LANGUAGE, Shown

# Seconds for who comes at once: what is made after them is what other screens show.
_PAUSE = 10


def main() -> None:
    """Serve the app."""
    Thread(target=_prepare, name="prepare", daemon=True).start()
    cli.main(prog_name="streamlit")


def _prepare() -> None:
    """Make what every reader asks for first, so that nobody waits for it; the caches keep it."""
    folder = Path(os.environ.get(DATASET_VARIABLE, DEFAULT_DATASET))
    try:
        stamp = cached.stamp(folder)
        data = cached.opened(folder, stamp)
        shown = Shown(data, stamp, FIRST_LANGUAGE, views.Filters(), {})
        for make in (cached.facets, cached.answer, cached.overview):
            make(shown)
        sleep(_PAUSE)
        for later in (cached.timeliness, cached.checks, cached.groups):
            later(shown)
    except Exception:
        # Whoever opens a screen is told what is wrong with the dataset.
        logging.getLogger(__name__).debug("nothing could be made before", exc_info=True)


if __name__ == "__main__":
    main()
