"""Corrections and replies: tables beside the reports, a bad row one line, no number replaced."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import polars as pl
import pytest

from govreport_core.build import pipeline
from govreport_core.build.remarks import read_remarks

CELL = "t3_requests,requests_received,applicant_total"
CORRECTION = f"d1,,,{CELL},7,9,误录,https://example.org/x,2024-05-01"
HEAD = "document_id,agency_id,year,table,row,column,printed,corrected,reason,source,date"
REPLY = "a-2023,t3_balance,,已更正。,https://example.org/r,2024-05-02"
REPLY_HEAD = "report_id,check,subject,text,url,date"


def told(tmp_path: Path, name: str, head: str, *rows: str) -> tuple[dict, tuple[str, ...]]:
    (tmp_path / name).write_text("\n".join((head, *rows)) + "\n", encoding="utf-8")
    return read_remarks([tmp_path])


def test_a_correction_and_a_reply_are_rows(tmp_path: Path) -> None:
    told(tmp_path, "corrections.csv", HEAD, CORRECTION, f",a,2023,{CELL},,9,,,")
    tables, problems = told(tmp_path, "replies.csv", REPLY_HEAD, REPLY)
    assert problems == ()
    first, second = tables["corrections"].to_dicts()
    assert (first["document_id"], first["printed"], first["corrected"]) == ("d1", 7.0, 9.0)
    assert (second["agency_id"], second["year"], second["printed"]) == ("a", 2023, None)
    (reply,) = tables["replies"].to_dicts()
    assert (reply["check"], reply["date"]) == ("t3_balance", dt.date(2024, 5, 2))


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (f",,,{CELL},7,9,,,", "neither document_id nor agency_id and year"),
        (f",a,23,{CELL},7,9,,,", "year '23' isn't one"),
        ("d1,,,t3_requests,nowhere,applicant_total,7,9,,,", "no form has a cell"),
        (f"d1,,,{CELL},seven,9,,,", "printed 'seven' isn't a number"),
        (f"d1,,,{CELL},7,,,,", "no corrected number"),
        (f"d1,,,{CELL},7,{'9' * 400},,,", "isn't a number"),
        (f"d1,,,{CELL},7,9,,,soon", "date 'soon' isn't YYYY-MM-DD"),
    ],
)
def test_a_bad_correction_is_one_line(tmp_path: Path, row: str, why: str) -> None:
    tables, problems = told(tmp_path, "corrections.csv", HEAD, row, CORRECTION)
    assert len(problems) == 1
    assert why in problems[0]
    assert "corrections.csv:2" in problems[0]
    assert tables["corrections"].height == 1


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (",t3_balance,,x,,", "no report_id or no text"),
        ("a-2023,nothing,,x,,", "no check 'nothing'"),
        ("a-2023,,,x,javascript:alert(1),", "url isn't http or https"),
        (f"a-2023,,,{'x' * 10_001},,", "longer than 10,000"),
    ],
)
def test_a_bad_reply_is_one_line(tmp_path: Path, row: str, why: str) -> None:
    tables, problems = told(tmp_path, "replies.csv", REPLY_HEAD, row, REPLY)
    assert len(problems) == 1
    assert why in problems[0]
    assert tables["replies"].height == 1


def test_a_corrected_number_never_takes_the_printed_ones_place(
    samples: Path, tmp_path: Path
) -> None:
    sources = tmp_path / "reports"
    sources.mkdir()
    shutil.copy(samples / "reports" / "2023" / "990100-education.txt", sources)
    pipeline.build([sources], tmp_path / "dataset")
    cell = pl.col("row") == "requests_received", pl.col("column") == "applicant_total"
    before = pl.read_parquet(f"{tmp_path}/dataset/values/**/*.parquet").filter(*cell)
    row = f"{before['document_id'][0]},,,{CELL},,{before['number'][0] + 1},,,"
    (sources / "corrections.csv").write_text(f"{HEAD}\n{row}\n", encoding="utf-8")
    summary = pipeline.build([sources], tmp_path / "dataset")
    assert summary.problems == ()
    after = pl.read_parquet(f"{tmp_path}/dataset/values/**/*.parquet").filter(*cell)
    assert after["number"].to_list() == before["number"].to_list()
    corrected = pl.read_parquet(f"{tmp_path}/dataset/corrections/**/*.parquet")
    assert corrected["corrected"].to_list() == [before["number"][0] + 1]
