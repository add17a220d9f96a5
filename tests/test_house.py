"""What stands in the repository's files, whatever they are."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
SHIPPED = ("dashboard", "data", "docs", "govreport_core", "tests", ".ci", ".streamlit")
# What a merge leaves where two sides differ: a browser drops the rules around it without a word.
LEFT = re.compile(rb"^(?:<{7}|>{7}|\|{7})(?: |$)", re.MULTILINE)


def test_no_merge_is_left_unfinished() -> None:
    files = [path for top in SHIPPED for path in (ROOT / top).rglob("*") if path.is_file()]
    assert len(files) > 500
    assert [str(path) for path in files if LEFT.search(path.read_bytes())] == []
