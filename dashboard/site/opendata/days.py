"""A dataset in, the day on which it was made out: no day of it can be later."""

from __future__ import annotations

import datetime as dt

from dashboard.data import Data
from dashboard.labels import CHINA


def made_on(data: Data) -> str:
    """The day by China's clocks on which the dataset was made; empty where it doesn't say it."""
    try:
        made = dt.datetime.fromisoformat(str(data.about.get("built_at", "")))
        there = made if made.tzinfo is None else made.astimezone(CHINA)
    except (ValueError, OverflowError):
        return ""
    return there.date().isoformat()
