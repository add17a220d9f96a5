"""A dataset in, the day on which it was made out: no day of it can be later."""

from __future__ import annotations

import re

from dashboard.data import Data


def made_on(data: Data) -> str:
    """The day on which the dataset was made, as it says; empty where it doesn't."""
    day = str(data.about.get("built_at", ""))[:10]
    return day if re.fullmatch(r"\d{4}-\d{2}-\d{2}", day, re.ASCII) else ""
