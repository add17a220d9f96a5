"""An Excel file's bytes as they were before 2007 (.xls) in, the texts its sheets show out."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from typing import Any

import python_calamine as calamine

from govreport_core.errors import SourceError
from govreport_core.sources.container import damaged, encrypted
from govreport_core.sources.ole import stream
from govreport_core.sources.sheets.biff import unseen
from govreport_core.sources.sheets.formats import clock, day, plain
from govreport_core.sources.sheets.layout import RawSheet
from govreport_core.sources.sheets.xlsx import MAX_CELLS, MAX_SHEETS, MAX_TEXT
