"""Points of an agency's years in, what a year takes up of the last out; the samples' answers."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from dashboard.data import open_dataset, promises_of
from govreport_core.build import beside, pipeline
from govreport_core.narrative.promises import LINKS, promises
from govreport_core.samples import read_answers, write_samples
from govreport_core.schemas import frame, validated

Said = tuple[int, str, str, list[str]]
"""Year, kind, text, themes."""


def held(points: Sequence[Said], *, current: bool = True) -> pl.DataFrame:
    """What is found where one agency said these points, a report a year."""
    years = sorted({year for year, *_ in points})
    reports = [
        {
            "document_id": str(year),
            "report_id": f"a-{year}",
            "agency_id": "a",
            "year": year,
            "current": current,
        }
        for year in years
    ]
    rows: list[dict[str, Any]] = [
        {
            "document_id": str(year),
            "point_id": text,
            "year": year,
            "kind": kind,
            "ordinal": n,
            "text": text,
            "themes": themes,
        }
        for n, (year, kind, text, themes) in enumerate(points)
    ]
    return validated("promises", promises(frame("reports", reports), frame("points", rows)))


def rows(found: pl.DataFrame, *columns: str) -> list[tuple[Any, ...]]:
    return list(found.select(columns).iter_rows())


def test_a_problem_stands_beside_the_measure_promised_last_year() -> None:
    found = held(
        [
            (2021, "improvement", "一是多办培训。", ["staff"]),
            (2021, "improvement", "二是改版网站。", ["platform"]),
            (2022, "problem", "培训还是不多。", ["staff"]),
        ]
    )
    assert rows(found, "document_id", "link", "theme", "point_id", "other_point_id", "years") == [
        ("2022", "promised", "staff", "培训还是不多。", "一是多办培训。", None)
    ]


def test_of_several_points_of_the_theme_the_most_alike_is_named() -> None:
    found = held(
        [
            (2021, "problem", "一是人手不足。", ["staff"]),
            (2021, "problem", "二是培训次数偏少，2020年只有1次。", ["staff"]),
            (2022, "problem", "三是培训次数偏少，2021年只有2次。", ["staff"]),
        ]
    )
    assert rows(found, "link", "other_point_id", "likeness") == [
        ("repeated", "二是培训次数偏少，2020年只有1次。", 1.0)
    ]


def test_years_running_are_counted_by_theme_and_end_where_a_year_is_silent() -> None:
    said = [
        (year, "problem", f"培训少{year}", ["staff"]) for year in (2018, 2019, 2020, 2022, 2023)
    ]
    found = held([*said, (2021, "problem", "更新慢", ["timeliness"])])
    assert rows(found, "year", "years") == [(2019, 2), (2020, 3), (2023, 2)]


def test_a_year_without_a_report_breaks_the_line() -> None:
    assert held([(y, "problem", "培训少", ["staff"]) for y in (2019, 2021)]).is_empty()


def test_measures_promised_again_are_told_and_other_themes_are_not() -> None:
    found = held(
        [
            (2021, "improvement", "多办培训", ["staff"]),
            (2022, "improvement", "再办培训", ["staff", "awareness"]),
            (2022, "problem", "更新慢", ["timeliness"]),
            (2022, "problem", "无主题", []),
        ]
    )
    assert rows(found, "link", "theme", "years") == [("promised_again", "staff", 2)]


def test_a_reading_that_is_not_shown_says_nothing() -> None:
    points: list[Said] = [(y, "problem", "培训少", ["staff"]) for y in (2021, 2022)]
    assert not held(points).is_empty()
    assert held(points, current=False).is_empty()


def test_thousands_of_points_of_one_theme_cost_no_more_than_each_its_share() -> None:
    def seconds(count: int) -> float:
        said: list[Said] = [
            (year, kind, f"培训不足之{n}" * 40, ["staff"])
            for year in (2021, 2022)
            for kind in ("problem", "improvement")
            for n in range(count)
        ]
        began = time.process_time()
        assert held(said).height == 3 * count
        return time.process_time() - began

    seconds(50)
    assert seconds(2_000) < 8 * seconds(500) + 0.5


def test_the_samples_keep_and_break_their_promises_as_the_answers_say(
    samples: Path, demo_dataset: Path
) -> None:
    found = pl.read_parquet(f"{demo_dataset}/promises/**/*.parquet")
    reports = pl.read_parquet(f"{demo_dataset}/reports/**/*.parquet").filter("current")
    documents = dict(reports.select("report_id", "document_id").iter_rows())
    checked = {"kept": 0, "broken": 0, "three years": 0, "copied": 0}
    for answer in read_answers(samples / "answers.json").reports:
        own = found.filter(document_id=documents[answer.report_id])
        for promise in answer.promises:
            told = own.filter(link="promised", theme=promise.theme)
            assert told.is_empty() == promise.kept, (answer.report_id, promise)
            assert set(told["other_document_id"]) <= {documents[promise.report_id]}
            checked["kept" if promise.kept else "broken"] += 1
        if answer.three_years:
            years = own.filter(link="repeated", theme=answer.three_years)["years"]
            assert (years.max() or 0) >= 3, answer.report_id
            checked["three years"] += 1
        if (answer.copied_from or "").startswith(f"{answer.agency_id}-"):
            assert own.filter(link="repeated")["likeness"].min() > 0.9
            checked["copied"] += 1
    assert min(checked.values()) >= 2, checked


def test_every_row_names_two_points_that_are_of_its_theme(demo_dataset: Path) -> None:
    found = pl.read_parquet(f"{demo_dataset}/promises/**/*.parquet")
    points = pl.read_parquet(f"{demo_dataset}/points/**/*.parquet")
    told = {
        (d, p): (k, t) for d, p, k, t in rows(points, "document_id", "point_id", "kind", "themes")
    }
    assert found.height > 100
    for row in found.iter_rows(named=True):
        kind, themes = told[row["document_id"], row["point_id"]]
        other, others = told[row["other_document_id"], row["other_point_id"]]
        assert (kind, other) == LINKS[row["link"]]
        assert row["theme"] in themes
        assert row["theme"] in others


@pytest.mark.slow
def test_what_is_known_of_agencies_that_did_not_change_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_samples(tmp_path / "data", agencies=3, years=range(2021, 2024), formats=("cells",))
    sources, out = [tmp_path / "data" / "reports"], tmp_path / "dataset"
    pipeline.build(sources, out, jobs=1)
    first = pl.read_parquet(f"{out}/promises/**/*.parquet")
    asked: list[int] = []

    def counted(reports: pl.DataFrame, points: pl.DataFrame) -> pl.DataFrame:
        asked.append(reports.height)
        return promises(reports, points)

    monkeypatch.setattr(beside, "promises", counted)
    pipeline.build(sources, out, jobs=1)
    assert asked == []
    gone = min((tmp_path / "data" / "reports" / "2023").iterdir())
    gone.unlink()
    pipeline.build(sources, out, jobs=1)
    assert len(asked) == 1
    left = pl.read_parquet(f"{out}/promises/**/*.parquet")
    assert left.height < first.height


def test_an_agencys_promises_are_read_from_the_files_that_hold_any(demo_dataset: Path) -> None:
    data = open_dataset(demo_dataset)
    every = data.tables["promises"].collect()
    agencies = data.tables["agencies"].collect()["agency_id"]
    for agency in (*agencies, "nobody"):
        assert promises_of(data, agency).equals(every.filter(agency_id=agency))
    named = {Path(file) for file in data.promised.rows["file"]}
    assert named == set(data.version.glob("promises/**/*.parquet"))
