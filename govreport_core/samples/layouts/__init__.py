"""A report's blocks in, text out; a new layout is one new module and one line here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from random import Random

from govreport_core.samples.layouts.cells import print_cells
from govreport_core.samples.layouts.lines import print_lines
from govreport_core.samples.layouts.rows import print_rows
from govreport_core.samples.layouts.tabs import print_tabs
from govreport_core.samples.sheet import Block

LAYOUTS: dict[str, Callable[[Iterable[Block], Random], str]] = {
    "cells": print_cells,
    "tabs": print_tabs,
    "lines": print_lines,
    "rows": print_rows,
}

SHOWS_BLANKS = frozenset({"cells"})
"""Layouts in which a blank cell can be told from no cell."""
