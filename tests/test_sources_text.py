import time
from pathlib import Path

import pytest

from govreport_core.errors import SourceError
from govreport_core.model import Document, Layout, Paragraph, Table
from govreport_core.sources import MAX_BYTES, read, read_bytes
from govreport_core.sources.text import MAX_CELLS, MAX_LINE, MAX_LINES


def document(text: str) -> Document:
    return read_bytes(text.encode())


def tables(found: Document) -> list[tuple[Layout, list[list[str]]]]:
    return [
        (b.layout, [[c.text for c in row] for row in b.rows])
        for b in found.blocks
        if isinstance(b, Table)
    ]


def test_one_cell_a_line_behind_a_tab_with_blank_lines_between_rows() -> None:
    found = document("二、主动公开\n\t规章\n\t0\n\t\n\t3\n\n\t总\n计\n\t8\n\n结束")
    assert tables(found) == [(Layout.EXACT, [["规章", "0", "", "3"], ["总计", "8"]])]
    assert [b.text for b in found.blocks if isinstance(b, Paragraph)] == ["二、主动公开", "结束"]


def test_a_heading_right_after_a_table_is_not_the_rest_of_a_cell() -> None:
    found = document("\t合计\n\t0\n五、存在的主要问题\n")
    assert tables(found) == [(Layout.EXACT, [["合计", "0"]])]
    found = document("\t合计\n\t备注\n五、存在的主要问题\n")
    assert tables(found) == [(Layout.EXACT, [["合计", "备注"]])]


def test_one_row_a_line_with_tabs_between() -> None:
    found = document("行政处罚\t22\t\t53\n行政强制\t0\t0\t0\t\n")
    assert tables(found) == [
        (Layout.PADDED, [["行政处罚", "22", "", "53"], ["行政强制", "0", "0", "0", ""]])
    ]


def test_one_row_a_line_with_pipes_between_and_around() -> None:
    found = document(
        "| 行政处罚 | 22 |  | 53 | \n|---|---|---|---|\n\n| 行政强制 | 0 | 0 | 0 | \n完\n"
    )
    assert tables(found) == [
        (Layout.PADDED, [["行政处罚", "22", "", "53"], ["行政强制", "0", "0", "0"]])
    ]
    row = next(b for b in found.blocks if isinstance(b, Table)).rows[0]
    text = found.parts[0].text
    assert [text[c.start : c.end] for c in row] == ["行政处罚", "22", "", "53"]


def test_pipes_without_edges_and_rows_padded_at_their_end() -> None:
    found = document("第一项 | |||\n规章 | 3 | 0 | 15 |\n行政许可 | 7 | ||\n")
    assert tables(found) == [
        (
            Layout.PADDED,
            [["第一项", "", "", ""], ["规章", "3", "0", "15"], ["行政许可", "7", "", ""]],
        )
    ]


def test_one_cell_a_line_with_a_pipe_behind_it_and_blank_ones_as_pipes_alone() -> None:
    found = document(
        "第一项 |\n|||\n规章 |\n/ |\n0 |\n|\n行政规范性文件 |\n0 |\n|\n3 |\n第五项 |\n|||\n"
    )
    assert tables(found) == [
        (
            Layout.PADDED,
            [["第一项"], ["规章", "/", "0", ""], ["行政规范性文件", "0", "", "3"], ["第五项"]],
        )
    ]
    assert [p.part for p in found.parts if p.text == "|"] == ["line:6", "line:9"]


def test_a_line_with_pipes_that_stands_alone_is_no_table() -> None:
    found = document("字体：大 | 中 | 小\n一、总体情况\n")
    assert tables(found) == []
    assert len(found.blocks) == 2


def test_a_bar_between_two_texts_is_no_text_and_one_beside_a_blank_is() -> None:
    found = document("规章\n|\n3\n|\n0\n行政规范性文件\n|\n\n|\n5\n|\n")
    printed = [b.text if isinstance(b, Paragraph) else "blank" for b in found.blocks]
    assert printed == ["规章", "3", "0", "行政规范性文件", "blank", "5", "|"]
    assert [p.text for p in found.parts].count("|") == 5


def test_a_page_in_one_line_is_cut_at_its_bars() -> None:
    texts = [f"第{n}段文字，{'有' * n}" for n in range(30)]
    line = "|".join([*texts[:10], "", "", *texts[10:20], " "]) + "|" + " | ".join(texts[20:])
    found = document(f"一、总体情况\n{line}\n")
    printed = [b for b in found.blocks if isinstance(b, Paragraph)]
    assert [b.text for b in printed] == [
        "一、总体情况", *texts[:10], "|", *texts[10:20], "|", *texts[20:],
    ]  # fmt: skip
    assert all(line[b.start :].startswith(b.text) for b in printed[1:])
    assert {b.part for b in printed[1:]} == {"line:2"}


def test_a_long_line_with_few_bars_is_a_paragraph() -> None:
    line = "首页 | 公开 | " + "一年来，" * 200
    assert [b.text for b in document(line).blocks if isinstance(b, Paragraph)] == [line]


@pytest.mark.parametrize("line", ["\t" * 4_000_000, ("|" * 590 + "\n") * 7000, "a\t|" * 1_000_000])
def test_more_cells_than_any_table_has_are_refused_at_once(line: str) -> None:
    started = time.process_time()
    with pytest.raises(SourceError, match=r"cells|a line of") as refused:
        read_bytes(("一、总体情况\n" + line).encode())
    assert refused.value.code == "too_large"
    assert time.process_time() - started < 5


def test_pieces_are_counted_as_lines() -> None:
    with pytest.raises(SourceError, match="split it"):
        read_bytes(("|a" * 2000 + "\n").encode() * 200)


def test_every_cell_keeps_its_place() -> None:
    found = document("甲\n行政处罚\t 22 \t53\n\t自\n然\n")
    parts = {p.part: p.text for p in found.parts}
    row = next(b for b in found.blocks if isinstance(b, Table)).rows[0]
    assert [parts[c.part][c.start : c.end] for c in row] == ["行政处罚", "22", "53"]
    assert [c.part for c in row] == ["line:2"] * 3


def test_a_cell_broken_over_lines_spans_them() -> None:
    found = document("\t自\n然\n人\n\t0\n")
    cell = next(b for b in found.blocks if isinstance(b, Table)).rows[0][0]
    assert (cell.text, cell.part, cell.end_part) == ("自然人", "line:1", "line:3")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings_in_use_are_told_apart(encoding: str) -> None:
    text = "云川市财政局2023年政府信息公开工作年度报告\r\n一、总体情况"
    found = read_bytes(text.encode(encoding))
    assert [p.text for p in found.parts] == text.split("\r\n")
    assert found.diagnostics == ()


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"])
def test_a_line_ends_in_any_way(end: str) -> None:
    lines = ["云川市财政局", "一、总体情况", "全文\x1c不断", "完"]
    assert [p.text for p in document(end.join(lines)).parts] == lines
    mixed = "\n".join(lines) + end + "又一行"
    assert [p.text for p in document(mixed).parts] == [*lines, "又一行"]


def test_bytes_that_fit_no_encoding_are_kept_with_a_doubt() -> None:
    found = read_bytes("一、总体情况".encode() + b"\xff\xff" + "二、主动公开政府信息情况".encode())
    assert [d.code for d in found.diagnostics] == ["undecodable"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b" \n\t ", "empty"),
        ("\ufeff\n".encode(), "empty"),
        (bytes(range(256)) * 40, "not_text"),
        (b"\n" * (MAX_LINES + 1) + b"x", "too_large"),
        (b"x\n" + (b"|" * 500 + b"\n") * (MAX_CELLS // 500 + 1), "too_large"),
        (b"x\n" + b"\t" * (MAX_CELLS + 1), "too_large"),
        (b"*" * (MAX_LINE + 1), "too_large"),
    ],
)
def test_what_is_no_text_is_refused_with_its_reason(data: bytes, code: str) -> None:
    with pytest.raises(SourceError) as refused:
        read_bytes(data)
    assert refused.value.code == code
    assert "\n" not in str(refused.value)


def test_a_file_too_large_is_not_even_opened(tmp_path: Path) -> None:
    big = tmp_path / "big.txt"
    with big.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(SourceError) as refused:
        read(big)
    assert refused.value.code == "too_large"


def test_a_missing_file_and_an_unknown_ending_are_told(tmp_path: Path) -> None:
    with pytest.raises(SourceError) as refused:
        read(tmp_path / "nowhere.txt")
    assert refused.value.code == "missing"
    (tmp_path / "photo.jpeg").write_bytes(b"x")
    with pytest.raises(SourceError) as refused:
        read(tmp_path / "photo.jpeg")
    assert refused.value.code == "unsupported"


def test_what_a_crawler_wrote_above_the_text_becomes_metadata() -> None:
    found = document(
        "标题: 云川市财政局2023年政府信息公开工作年度报告\n发布时间: 2024-01-20 10:00\n"
        "原文链接: https://www.example.com/a.html\n正文"
    )
    assert found.metadata["published_on"].text == "2024-01-20 10:00"
    assert found.metadata["source_url"].text == "https://www.example.com/a.html"
    title = found.metadata["title"]
    assert found.parts[0].text[title.start : title.end] == title.text
