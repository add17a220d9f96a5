"""The app's server: Streamlit's screens, and tables too large for memory, sent as they are read.

Run by `govreport app` through `dashboard.start`; `st.App` has Streamlit serve both.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from threading import BoundedSemaphore
from urllib.parse import quote
from weakref import finalize

import streamlit as st
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from dashboard import views
from dashboard.app import DATASET_VARIABLE, DEFAULT_DATASET
from dashboard.labels import t
from dashboard.screens import address, cached, taking
from dashboard.screens.address import Shown
from govreport_core.errors import DatasetError

# Tables that are sent at the same time: each holds a stretch of its rows in memory.
_AT_ONCE = BoundedSemaphore(4)
_CSV = "text/csv; charset=utf-8"


def rows(request: Request) -> Response:
    """A table of the dataset as CSV, narrowed as the address's parameters ask.

    Returns:
        The file as it is read; 400 for a table that there isn't or a parameter that can't be
        understood, 503 without a dataset or while as many are sent as may be, each with a line
        that says so.
    """
    given = {name: ",".join(request.query_params.getlist(name)) for name in request.query_params}
    lang = address.language(given)
    table = given.get("table", "")
    if table not in views.TABLES:
        return PlainTextResponse(t("taking.no_table", lang), 400)
    folder = Path(os.environ.get(DATASET_VARIABLE, DEFAULT_DATASET))
    stamp = cached.stamp(folder)
    try:
        data = cached.opened(folder, stamp)
    except DatasetError:
        return PlainTextResponse(t("app.cannot_open", lang), 503)
    # A word that can't be understood narrows nothing: what is asked for is not all.
    if odd := views.odd(data, given, ("table",), lang):
        return PlainTextResponse("\n".join(one.sentence for one in odd), 400)
    shown = Shown(data, stamp, lang, views.decode(given), given)
    name = f"{taking.named(t(f'tables.{table}', lang), shown)}.csv"
    told = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    if request.method == "HEAD":
        return Response(media_type=_CSV, headers=told)
    if not _AT_ONCE.acquire(blocking=False):
        return PlainTextResponse(t("taking.busy", lang), 503, {"Retry-After": "60"})
    sent = _sent(views.table_pieces(data, table, shown.filters))
    return StreamingResponse(sent, media_type=_CSV, headers=told)


def _sent(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The pieces; their place is free again with the last one."""
    # Whoever goes away, before the first piece too: it is free when nobody holds the pieces.
    free = finalize(pieces, _AT_ONCE.release)

    def each() -> Iterator[bytes]:
        yield from pieces
        # They may be held for a while, until a ring of objects around them is found.
        free()

    return each()


_BELOW = str(st.get_option("server.baseUrlPath") or "").strip("/")

app = st.App(
    Path(__file__).with_name("app.py"),
    routes=[Route(f"{'/' if _BELOW else ''}{_BELOW}/{taking.SENT}", rows, methods=["GET"])],
)
