"""The verdict on a draft: what its page says, that it stands alone, and what can't be read."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections import Counter
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from dashboard import cli, draft
from dashboard.data import Data, open_dataset, rows_of
from dashboard.labels import words
from dashboard.views.draft import draft_frame, draft_view
from dashboard.views.draft_last import last_report
from dashboard.views.mending import changes
from dashboard.views.records import DraftView
from govreport_core import checks
from govreport_core.errors import SourceError
from govreport_core.verdict import read_draft, read_draft_bytes, verdict_of
from govreport_core.wording import advice

pytestmark = pytest.mark.slow


def sample(samples: Path, fault: str | None) -> Path:
    """A fictional report with that fault, or with none."""
    answers = json.loads((samples / "answers.json").read_text(encoding="utf-8"))
    for report in answers["reports"]:
        found = [one["check"] for one in report.get("faults", [])]
        if (fault in found) if fault else not found:
            return samples / str(report["file"])
    raise AssertionError(fault)


def view(path: Path, lang: str = "zh") -> DraftView:
    read = read_draft(path)
    return draft_view(read.file, read.frames, lang)


def page(path: Path, lang: str = "zh") -> str:
    return draft.page(read_draft(path), lang).decode("utf-8")


def test_the_page_says_what_the_terminal_says(samples: Path) -> None:
    path = sample(samples, "t3_balance")
    told = verdict_of(read_draft(path))
    shown = view(path)
    failed = [finding.sentence for finding in told.findings if finding.outcome == "fail"]
    assert failed
    assert [failure.row.sentence for failure in shown.failures] == failed
    assert shown.level == "error"
    assert f"{len(failed)} 处错误" in shown.headline
    assert all(sentence in page(path) for sentence in failed)


def test_a_failure_shows_its_place_marked_what_is_asked_and_what_to_do(samples: Path) -> None:
    failure = view(sample(samples, "n_none_vs_positive")).failures[0]
    (quote,) = [quote for quote in failure.quotes if quote.here]
    (cell,) = [cell for cell in quote.cells if cell.here]
    assert "收到" in cell.marked
    assert cell.marked in page(sample(samples, "n_none_vs_positive")).split("<mark>")[1]
    assert failure.asks == checks.catalogue()[failure.row.check].zh.asks
    assert "台账" in failure.todo


def test_a_number_is_quoted_with_the_row_it_is_printed_in(samples: Path) -> None:
    failure = view(sample(samples, "t3_balance")).failures[0]
    (quote,) = failure.quotes
    assert sum(cell.here for cell in quote.cells) <= 1
    assert any("总计" in cell.before for cell in quote.cells)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_is_missing_quotes_where_it_belongs_or_nothing(samples: Path, lang: str) -> None:
    text = (samples / "reports/2022/990121-government.txt").read_text(encoding="utf-8")
    text = re.sub("考核|绩效|评议|评估|满意度|追究|问责", "工作", text)
    said, heading, other = text.partition("六、")
    heading += other.splitlines()[0]
    read = read_draft_bytes("draft.txt", f"{said}{heading}\n无。\n".encode())
    failed = {one.row.check: one for one in draft_view(read.file, read.frames, lang).failures}
    # Any section may speak of it: no heading is its place.
    assessment = failed["n_gov_assessment"]
    assert assessment.row.place is None
    assert assessment.quotes == ()
    assert ("第一部分" if lang == "zh" else "section 1") in assessment.todo
    fee = failed["n_fee_section6"].quotes
    assert [cell.before + cell.marked for quote in fee for cell in quote.cells] == [heading, "无。"]
    assert [quote.here for quote in fee] == [True, False]


def test_only_the_cells_of_the_equation_are_marked(samples: Path) -> None:
    shown = view(sample(samples, "t3_balance"))
    marked = {
        cell.row for t in shown.card.tables for row in t.rows for cell in row.cells if cell.failing
    }
    assert marked == {
        "requests_received",
        "requests_carried_over",
        "disposed_total",
        "requests_carried_forward",
    }


def test_what_was_not_assessed_is_listed_with_its_reason_never_as_passed(samples: Path) -> None:
    path = sample(samples, None)
    shown = view(path)
    told = verdict_of(read_draft(path))
    skipped = {finding.sentence for finding in told.findings if finding.outcome == "skip"}
    assert {reason for rule in shown.skipped for reason in rule.reasons} == skipped
    assert sum(rule.count for rule in shown.passed) == told.counts["pass"]
    assert shown.level == ("partial" if skipped else "clean")
    assert not shown.failures


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_stands_alone(samples: Path, lang: str) -> None:
    text = page(sample(samples, "t3_balance"), lang)
    assert not re.search(r"<(script|link|img|iframe)\b", text)
    assert not re.search(r'\b(?:src|href)="(?!#)', text)
    assert "url(" not in text.replace("url(#", "")
    assert not re.search(r'\bstyle="', text)
    assert "default-src 'none'" in text
    ids = re.findall(r'\bid="([^"]*)"', text)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]*)"', text)) <= set(ids)


def test_a_hostile_draft_is_only_text(tmp_path: Path, samples: Path) -> None:
    bad = sample(samples, "n_none_vs_positive").read_text(encoding="utf-8")
    path = tmp_path / '"><script>alert(1)</script>.txt'.replace("/", "")
    path.write_text(bad.replace("本机关收到", "<script>alert(2)</script>本机关收到"), "utf-8")
    text = page(path)
    assert "<script>" not in text
    assert "&lt;script&gt;" in text


def test_the_page_names_the_file_when_and_by_what(samples: Path) -> None:
    path = sample(samples, None)
    read = read_draft(path)
    moment = dt.datetime(2026, 1, 5, 9, 30)
    text = draft.page(read, "zh", now=moment).decode()
    assert "2026-01-05 09:30" in text
    assert read.document.document_id in text
    assert path.name in text
    assert str(path.parent) not in text


def test_a_text_without_tables_is_not_called_right() -> None:
    title = "某县财政局2023年政府信息公开工作年度报告"
    text = f"{title}\n一、总体情况\n平稳。\n二、主动公开政府信息情况\n无。\n"
    read = read_draft_bytes("a.txt", text.encode())
    shown = draft_view(read.file, read.frames, "zh")
    assert shown.level == "none"
    assert shown.card.tables == ()
    assert "没有认出" in draft.page_of(shown, "zh").decode()


def test_a_rule_that_needs_its_own_advice_has_it() -> None:
    catalogue = checks.catalogue()
    assert "整数" in advice("s_non_integer", "zh")
    assert "填 0" in advice("s_blank_cells", "zh")
    assert advice("t3_balance", "zh") == words("zh")["advice.groups.t3"]
    structure = [rule for rule in catalogue.values() if rule.group == "structure"]
    assert len({advice(rule.code, "zh") for rule in structure}) >= len(structure) - 1
    # To look up which of text and table is right helps only where a rule holds them together.
    both = words("zh")["advice.groups.narrative"]
    assert all("表" in rule.zh.title for c, rule in catalogue.items() if advice(c, "zh") == both)
    for lang in ("zh", "en"):
        own = {key.rpartition(".")[2] for key in words(lang) if key.startswith("advice.rules.")}
        assert own <= set(catalogue)


def test_what_passed_or_was_not_assessed_is_named_by_what_it_asks(samples: Path) -> None:
    shown = view(sample(samples, None))
    asks = {rule.zh.asks for rule in checks.catalogue().values()}
    assert {label for rule in shown.passed for label in rule.labels} <= asks
    assert {label for rule in shown.skipped for label in rule.labels} <= asks
    assert not [r for rule in shown.skipped for r in rule.reasons if r.startswith("本报告")]


def test_every_group_of_rules_says_what_to_do() -> None:
    for lang in ("zh", "en"):
        known = words(lang)
        assert [
            rule.group
            for rule in checks.catalogue().values()
            if f"advice.groups.{rule.group}" not in known
        ] == []


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.txt", b"", "文件为空"),
        ("a.txt", "别的东西".encode(), "不是年度报告"),
        ("a.zip", b"PK", "暂不支持的格式"),
        ("a.txt", b"x" * (16 * 1024 * 1024 + 1), "文件太大"),
    ],
)
def test_what_cannot_be_read_is_one_clear_line(name: str, content: bytes, said: str) -> None:
    with pytest.raises(SourceError) as caught:
        read_draft_bytes(name, content)
    line = draft.cannot_read(name, caught.value, "zh")
    assert said in line
    assert name in line
    assert "\n" not in line
    assert "{" not in line


def run(*arguments: str | Path) -> tuple[int, str]:
    told = CliRunner().invoke(cli.main, [str(argument) for argument in arguments])
    return told.exit_code, told.output


def test_the_command_writes_the_page_and_keeps_its_exit_code(samples: Path, tmp_path: Path) -> None:
    out = tmp_path / "verdict.html"
    code, output = run("check", sample(samples, "t3_balance"), "--html", out, "--lang", "en")
    assert code == 1
    assert "t3_balance" in output
    assert "<html lang=en>" in out.read_text(encoding="utf-8")
    assert run("check", sample(samples, None), "--html", out)[0] == 0


def test_the_command_writes_no_page_of_what_it_cannot_read(tmp_path: Path, samples: Path) -> None:
    (tmp_path / "empty.txt").write_bytes(b"")
    out = tmp_path / "verdict.html"
    code, output = run("check", tmp_path / "empty.txt", "--html", out)
    assert code == 2
    assert "empty.txt: the file is empty" in output
    assert not out.exists()
    one = sample(samples, None)
    code, output = run("check", one, one, "--html", out)
    assert code == 2
    assert "one file" in output


def test_one_change_that_mends_two_sums_is_named_and_is_the_fault(samples: Path) -> None:
    path = sample(samples, "t3_row_total")
    read = read_draft(path)
    (change,) = changes(read.frames)
    assert change.mends == 2
    values = read.frames["values"].with_columns(
        number=pl.when(
            (pl.col("table") == change.cell[0])
            & (pl.col("row") == change.cell[1])
            & (pl.col("column") == change.cell[2])
        )
        .then(change.instead)
        .otherwise("number")
    )
    mended = checks.run({**read.frames, "values": values})
    assert not mended.filter(outcome="fail", check="t3_row_total").height
    assert "不会带来新的不通过" in page(path)


def test_a_fault_that_several_changes_would_mend_names_none(samples: Path) -> None:
    assert not changes(read_draft(sample(samples, "t3_balance")).frames)
    assert not changes(read_draft(sample(samples, None)).frames)


def test_last_years_report_of_the_dataset_stands_beside(samples: Path, demo_dataset: Path) -> None:
    data = open_dataset(demo_dataset)
    cards = data.reports.filter(pl.col("year") == 2021).select("agency_name", "document_id")
    name, document = cards.collect().row(0)
    last = data.reports.filter(pl.col("agency_name") == name, pl.col("year") == 2020).collect()
    path = data.tables["documents"].filter(pl.col("document_id") == document).collect()["path"][0]
    read = read_draft(samples / "reports" / "2021" / Path(path).name)
    alone, beside = (draft_view(read.file, read.frames, "zh", given) for given in (None, data))
    assert not alone.last
    assert "2020" in beside.last
    key = next(figure for figure in beside.card.key if figure.code == "received")
    assert key.beside == f"上年 {last['received'][0]:,.0f}"
    assert beside.card.counts.skipped < alone.card.counts.skipped
    taken = draft_frame(beside, "zh")
    counts = beside.card.counts
    assert taken.height == counts.passed + counts.failed + counts.skipped
    # A dataset without that agency changes nothing.
    nobody = read.frames["reports"].with_columns(agency_name=pl.lit("无此机关"))
    assert last_report(data, {**read.frames, "reports": nobody}) is None


def test_a_change_does_not_claim_to_mend_what_compares_years(
    samples: Path, demo_dataset: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def raised(data: Data, document_id: str, table: str) -> pl.DataFrame:
        """Last year's rows, with more carried forward than this year's report took over."""
        rows = rows_of(data, document_id, table)
        row, column = pl.col("row"), pl.col("column")
        there = (row == "requests_carried_forward") & (column == "natural_person")
        more = pl.when(there).then(pl.col("number") + 7).otherwise("number")
        return rows.with_columns(number=more) if table == "values" else rows

    monkeypatch.setattr("dashboard.views.draft_last.rows_of", raised)
    read = read_draft(samples / "reports" / "2021" / "990102-government.txt")
    here = (pl.col("row") == "granted_full") & (pl.col("column") == "natural_person")
    values = read.frames["values"].with_columns(
        number=pl.when(here).then(pl.col("number") + 3).otherwise("number")
    )
    frames = {**read.frames, "values": values}
    frames["checks"] = checks.run(frames)
    (alone,) = changes(frames)
    shown = draft_view(read.file, frames, "zh", open_dataset(demo_dataset))
    failed = Counter(failure.row.check for failure in shown.failures)
    assert shown.last
    assert failed["x_carry"] == 1
    (change,) = shown.changes
    assert f"有 {alone.mends} 项" in change
    assert "只看本年报自身的检查" in change
