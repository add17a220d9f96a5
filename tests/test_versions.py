"""The same report in two captures: both kept, one shown, and the difference told cell by cell."""

from __future__ import annotations

from pathlib import Path

import msgspec
import polars as pl
import pytest
from filled import T3, Filled

from govreport_core.build import pipeline
from govreport_core.dataset.versions import difference, versions
from govreport_core.samples import draw_report, render

ALL = "applicant_total"
ROW = "granted_full"


def two(**states: tuple[str, float | None]) -> pl.DataFrame:
    """The values of two readings that differ in one cell: its state and number in each."""
    frames = []
    for document, (state, number) in states.items():
        made = Filled(document_id=document)
        made.leave(T3, ROW, ALL, state, None if number is None else str(number), number)
        frames.append(made.frames()["values"])
    return pl.concat(frames)


@pytest.mark.parametrize(
    ("was", "now", "kind"),
    [
        (("reported", 4.0), ("reported", 5.0), "changed"),
        (("reported", 4.0), ("text", 5.0), "changed"),
        (("blank", None), ("reported", 0.0), "filled"),
        (("reported", 0.0), ("absent", None), "emptied"),
        (("unreadable", None), ("reported", 5.0), "unread"),
        (("reported", 5.0), ("unreadable", None), "unread"),
        (("unreadable", None), ("unreadable", None), "unread"),
        (("blank", None), ("placeholder", None), "other"),
    ],
)
def test_a_cell_that_differs_is_told_with_both_states(
    was: tuple[str, float | None], now: tuple[str, float | None], kind: str
) -> None:
    found = difference(two(a=was, b=now), "a", "b")
    assert found.select("table", "row", "column", "kind").rows() == [(T3, ROW, ALL, kind)]
    told = found.select("before", "after", "state_before", "state_after").row(0)
    assert told == (was[1], now[1], was[0], now[0])


@pytest.mark.parametrize(
    ("was", "now"),
    [
        (("reported", 4.0), ("reported", 4.0)),
        (("reported", 22.0), ("text", 22.0)),
        (("blank", None), ("blank", None)),
    ],
)
def test_the_same_number_or_lack_is_no_difference(
    was: tuple[str, float | None], now: tuple[str, float | None]
) -> None:
    assert difference(two(a=was, b=now), "a", "b").is_empty()


def test_on_another_form_a_row_is_absent_not_zero() -> None:
    values = pl.concat(
        Filled(form=form, document_id=form).frames()["values"]
        for form in ("form_2019", "form_2021")
    )
    found = difference(values, "form_2019", "form_2021")
    gone = found.filter(column="items_change")
    assert set(gone["kind"]) == {"emptied"}
    assert gone["after"].null_count() == gone.height > 0
    assert set(found.filter(row="other_fee_unpaid")["state_before"]) == {"absent"}


def test_a_report_captured_twice_is_kept_twice_and_shown_once(tmp_path: Path) -> None:
    sources = tmp_path / "sources"
    sources.mkdir()
    sample = draw_report(year=2022, seed=3)
    key = ("t2_art20_5", "administrative_licensing", "decisions")
    first = sample.numbers[key]
    assert first is not None
    for name, number in (("first", first), ("second", first + 7)):
        changed = {**sample.numbers, key: number}
        text = render(msgspec.structs.replace(sample, numbers=changed), "tabs", seed=3)
        (sources / f"{name}.txt").write_text(text, encoding="utf-8")
    address = "https://www.example.com/2022.html"
    (sources / "manifest.csv").write_text(
        "file,region_code,source_url,published_on\n"
        f"first.txt,990100,{address},2023-01-20\nsecond.txt,990100,{address},2023-05-20\n",
        encoding="utf-8",
    )
    pipeline.build([sources], tmp_path / "dataset")
    tables = {
        name: pl.read_parquet(f"{tmp_path}/dataset/{name}/**/*.parquet")
        for name in ("reports", "values", "checks", "documents")
    }
    found = versions(tables["reports"])
    assert found["current"].to_list() == [True, False]
    assert found["report_id"].n_unique() == 1
    assert found["same_address"].to_list() == [True, True]
    # As many cells read in both, so the one published last is shown.
    paths = dict(tables["documents"].select("document_id", "path").drop_nulls().rows())
    assert paths[found["document_id"][0]].endswith("second.txt")
    told = difference(tables["values"], found["document_id"][1], found["document_id"][0])
    assert told.select("table", "row", "column", "before", "after", "kind").rows() == [
        (*key, first, first + 7, "changed")
    ]
    failed = tables["checks"].filter(check="p_changed_after", outcome="fail")
    assert failed.select("subject", "document_id").rows() == [
        (".".join(key), found["document_id"][0])
    ]


def test_a_report_read_once_has_no_versions(demo_dataset: Path) -> None:
    reports = pl.read_parquet(f"{demo_dataset}/reports/**/*.parquet")
    once = reports.unique("report_id")
    assert versions(once).is_empty()
