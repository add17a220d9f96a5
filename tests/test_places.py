"""Every place of every fact lies within its parts, and holds what is said to be printed there."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from placed import misplaced

from govreport_core.build.frames import BESIDE, OF_REPORT, RECORDS
from govreport_core.build.intake import read_report
from govreport_core.extract import extract
from govreport_core.folding import squash
from govreport_core.model import Cell, State, place_between, place_of
from govreport_core.schemas import TABLES, columns_of
from govreport_core.sources import read_bytes

PLACED = [name for name in TABLES if "part" in columns_of(name) and name != "parts"]


def test_the_place_of_a_cell_over_lines_ends_in_its_last() -> None:
    assert place_of(Cell("自然人", "line:4", 2, 1, "line:6")) == ("line:4", 2, "line:6", 1)
    assert place_of(Cell("7", "line:4", 2, 3)) == ("line:4", 2, None, 3)
    assert place_between(("line:4", 1), ("line:4", 9)) == ("line:4", 1, None, 9)


def test_fields_and_columns_are_the_same() -> None:
    for table, (record, _) in RECORDS.items():
        fields, columns = set(record.__struct_fields__), set(columns_of(table))
        assert fields <= columns, table
        assert columns - fields <= BESIDE.keys() | OF_REPORT.keys(), table


def test_every_table_with_places_has_all_four_columns() -> None:
    assert set(PLACED) >= {"values", "sections", "points", "claims", "evidence", "checks"}
    for table in PLACED:
        assert {"part", "start", "end_part", "end"} <= set(columns_of(table)), table


@pytest.mark.parametrize("table", PLACED)
def test_places_of_the_samples_lie_within_their_parts(demo_dataset: Path, table: str) -> None:
    read = {
        name: pl.read_parquet(f"{demo_dataset}/{name}/**/*.parquet") for name in (table, "parts")
    }
    parts = read["parts"].select(
        "document_id", "part", "ordinal", long=pl.col("text").str.len_chars()
    )
    placed = read[table].filter(pl.col("part").is_not_null())
    assert placed.height, table
    ends = parts.rename({"part": "end_part", "ordinal": "end_ordinal", "long": "end_long"})
    joined = (
        placed.with_columns(end_part=pl.coalesce("end_part", "part"))
        .join(parts, on=["document_id", "part"], how="left")
        .join(ends, on=["document_id", "end_part"], how="left")
    )
    inside = (
        pl.col("start").is_between(0, pl.col("long"))
        & pl.col("end").is_between(0, pl.col("end_long"))
        & (
            (pl.col("ordinal") < pl.col("end_ordinal"))
            | ((pl.col("ordinal") == pl.col("end_ordinal")) & (pl.col("start") <= pl.col("end")))
        )
    ).fill_null(value=False)
    assert (
        joined.filter(~inside).select("document_id", "part", "start", "end_part", "end").rows()
        == []
    )


def test_a_value_is_what_stands_at_its_place(samples: Path) -> None:
    texts = sorted((samples / "reports").rglob("*.txt"))
    seen = 0
    for path in texts[::4]:
        document, report = read_report(path)
        assert misplaced(document, report) == [], path.name
        printed = {part.part: part.text for part in document.parts}
        order = [part.part for part in document.parts]
        for value in report.values:
            if value.raw and value.part is not None and value.state is State.REPORTED:
                last = value.end_part or value.part
                between = order[order.index(value.part) : order.index(last) + 1]
                text = "".join(printed[part] for part in between)
                end = len(text) - len(printed[last]) + value.end
                assert squash(text[value.start : end]) == squash(value.raw), (path.name, value)
                seen += 1
    assert seen > 2000


def test_a_section_and_its_points_end_in_their_last_part() -> None:
    lines = ["某县财政局2023年政府信息公开工作年度报告", "五、存在的主要问题及改进情况"]
    lines += [
        "一是公开内容不够全面，更新不",
        "够及时；二是队伍力量不足，业务不",
        "够熟悉。下一步将加强培训。",
    ]
    data = "\n".join([*lines, "六、其他需要报告的事项", "无。"]).encode()
    document = read_bytes(data, ".txt")
    report = extract(document)
    assert misplaced(document, report) == []
    (five,) = [s for s in report.sections if s.section == "s5_problems"]
    assert (five.part, five.end_part) == ("line:2", "line:5")
