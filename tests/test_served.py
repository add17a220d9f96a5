"""Tables that the app's server sends as they are read."""

from __future__ import annotations

import asyncio
import http.client
import io
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote, urlsplit

import polars as pl
import pytest
from starlette.requests import Request
from starlette.responses import StreamingResponse

from dashboard import served, views
from dashboard.app import DATASET_VARIABLE
from dashboard.data import open_dataset
from govreport_core.dataset.export import csv_bytes

pytestmark = pytest.mark.slow


def asked(app: str, query: str, method: str = "GET") -> tuple[int, http.client.HTTPResponse, bytes]:
    parts = urlsplit(app)
    there = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=60)
    there.request(method, f"/rows.csv?{query}")
    answer = there.getresponse()
    body = answer.read()
    there.close()
    return answer.status, answer, body


@pytest.mark.parametrize(
    ("query", "filters"),
    [
        ("table=values&year=2021", views.Filters(years=("2021",))),
        (
            "table=checks&region=990121&outcome=fail",
            views.Filters(regions=("990121",), outcomes=("fail",)),
        ),
        ("table=documents", views.Filters()),
        ("table=values&year=1999", views.Filters(years=("1999",))),
    ],
)
def test_a_table_is_sent_as_the_filters_narrow_it(
    app: str, demo_dataset: Path, query: str, filters: views.Filters
) -> None:
    table = query.partition("&")[0].removeprefix("table=")
    wanted = views.table_frame(open_dataset(demo_dataset), table, filters)
    status, answer, body = asked(app, query)
    assert status == 200
    assert answer.getheader("content-type") == "text/csv; charset=utf-8"
    assert body.startswith(b"\xef\xbb\xbf")
    sent, taken = (
        pl.read_csv(io.BytesIO(text), infer_schema=False) for text in (body, csv_bytes(wanted))
    )
    assert sent.columns == taken.columns == wanted.columns
    assert sent.height == wanted.height
    # A column whose numbers aren't all whole writes each as it is: 3 and 2.5, not 3.0.
    floats = [name for name, kind in wanted.schema.items() if kind == pl.Float64]
    assert sent.drop(floats).equals(taken.drop(floats))
    assert sent.select(pl.col(floats).cast(pl.Float64)).equals(wanted.select(floats))


def test_a_file_sent_says_what_was_chosen_and_a_wrong_table_is_one_line(app: str) -> None:
    status, answer, body = asked(app, "table=values&year=2021", "HEAD")
    assert (status, body) == (200, b"")
    assert quote("数值-2021.csv") in str(answer.getheader("content-disposition"))
    for table in ("", "nosuch", "../reports", "offsets", "wide"):
        status, _, body = asked(app, f"table={quote(table)}")
        assert (status, body.decode()) == (400, "没有这个数据表。")
    assert asked(app, "table=nosuch&lang=en")[2] == b"There is no such table."


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("year=abc", "网址里的“年度”写作“abc”，看不懂，没有照此筛选。"),
        ("region=37&year=2021", "网址里的“地区”写作“37”，看不懂，没有照此筛选。"),
        ("nosuch=1", "网址里的参数“nosuch”这里不用，没有理会。"),
        ("min.received=3", "网址里的参数“min.received”这里不用，没有理会。"),
        ("theme=nosuch", "网址里的参数“theme”这里不用，没有理会。"),
        ("agency=990100-education", "网址里的参数“agency”这里不用，没有理会。"),
    ],
)
def test_what_cannot_be_understood_is_said_and_nothing_is_sent(
    app: str, query: str, said: str
) -> None:
    status, _, body = asked(app, f"table=reports&{query}")
    assert (status, body.decode()) == (400, said)


def test_a_place_is_free_with_the_last_piece_whoever_holds_the_answer(
    demo_dataset: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(DATASET_VARIABLE, str(demo_dataset))
    scope = {"type": "http", "method": "GET", "query_string": b"table=values&year=1999"}
    request = Request({**scope, "headers": [], "path": "/rows.csv"})
    held = []

    async def read(sent: StreamingResponse) -> list[object]:
        return [piece async for piece in sent.body_iterator]

    # A thread of its own: in this one another test's browser may have a loop of events.
    with ThreadPoolExecutor(1) as thread:
        # More than there are places.
        for _ in range(8):
            answer = served.rows(request)
            assert isinstance(answer, StreamingResponse)
            held.append(answer)
            assert thread.submit(lambda sent=answer: asyncio.run(read(sent))).result()


def test_who_goes_away_early_takes_no_place_from_others(app: str) -> None:
    parts = urlsplit(app)

    def leaving() -> bool:
        there = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=60)
        there.request("GET", "/rows.csv?table=parts")
        answer = there.getresponse()
        begun = answer.status == 200 and answer.read(10).startswith(b"\xef\xbb\xbf")
        there.close()
        return begun

    # More than there are places: each is free again soon after its reader has gone.
    for _ in range(8):
        for _ in range(300):
            if leaving():
                break
            time.sleep(0.2)
        else:
            pytest.fail("places are still taken")
