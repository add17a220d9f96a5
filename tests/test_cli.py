from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from govreport_core.cli import core


@pytest.fixture
def clean(samples: Path) -> Path:
    """A fictional report without a fault."""
    answers = json.loads((samples / "answers.json").read_text(encoding="utf-8"))
    name = next(r["file"] for r in answers["reports"] if not r.get("faults"))
    return samples / name


@pytest.fixture
def unbalanced(samples: Path) -> Path:
    """A fictional report in which table 3 doesn't balance."""
    answers = json.loads((samples / "answers.json").read_text(encoding="utf-8"))
    name = next(
        r["file"]
        for r in answers["reports"]
        if any(f["check"] == "t3_balance" for f in r.get("faults", []))
    )
    return samples / name


def run(*args: object) -> tuple[int, str]:
    result = CliRunner().invoke(core, [str(a) for a in args])
    return result.exit_code, result.output


def test_every_command_has_help_with_an_example() -> None:
    for name in core.commands:
        code, output = run(name, "--help")
        assert code == 0
        assert f"govreport {name}" in output


def test_build_tells_what_it_read_and_exits_0(clean: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_bytes(b"")
    code, output = run("build", clean, tmp_path / "empty.txt", "-o", tmp_path / "dataset")
    assert code == 0
    assert "1 report," in output
    assert f"{tmp_path / 'empty.txt'}: failed: the file is empty" in output


def test_build_without_a_report_exits_2(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("别的东西", encoding="utf-8")
    code, output = run("build", tmp_path / "a.txt", "-o", tmp_path / "dataset")
    assert code == 2
    assert "no dataset was written" in output
    assert not (tmp_path / "dataset").exists()


def test_check_exits_0_1_or_2(clean: Path, unbalanced: Path, tmp_path: Path) -> None:
    assert run("check", clean)[0] == 0
    code, output = run("check", unbalanced)
    assert code == 1
    assert "t3_balance" in output
    assert run("check", unbalanced, "--fail-on", "never")[0] == 0
    code, output = run("check", tmp_path / "nowhere.txt")
    assert code == 2
    assert "can't be opened" in output


def test_check_as_json_carries_the_same_verdict(unbalanced: Path) -> None:
    code, output = run("check", unbalanced, "--json", "--lang", "en")
    assert code == 1
    (verdict,) = json.loads(output)
    failed = [f for f in verdict["findings"] if f["outcome"] == "fail"]
    assert len(failed) == verdict["counts"]["fail"]
    assert any(f["check"] == "t3_balance" and f["severity"] == "error" for f in failed)


def test_export_writes_a_table_or_one_row_a_report(demo_dataset: Path, tmp_path: Path) -> None:
    code, output = run("export", demo_dataset, "-o", tmp_path / "checks.csv", "--table", "checks")
    assert code == 0, output
    assert (tmp_path / "checks.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    code, output = run(
        "export", demo_dataset, "-o", tmp_path / "wide.csv", "--wide", "--year", 2023
    )
    assert code == 0, output
    lines = (tmp_path / "wide.csv").read_text(encoding="utf-8-sig").splitlines()
    assert f"{len(lines) - 1} rows" in output
    code, output = run("export", tmp_path, "-o", tmp_path / "x.csv")
    assert code == 2
    assert "govreport build" in output


def test_sample_writes_reports_and_answers(tmp_path: Path) -> None:
    code, output = run("sample", "-o", tmp_path / "data", "--agencies", 3, "--years", "2022-2023")
    assert code == 0, output
    assert (tmp_path / "data" / "answers.json").is_file()
    code, output = run("sample", "-o", tmp_path / "other", "--years", "soon")
    assert code == 2
    assert "2019-2024" in output


def test_long_work_is_told_in_plain_lines_where_there_is_no_terminal(
    samples: Path, tmp_path: Path
) -> None:
    code, output = run("build", samples / "reports", "-o", tmp_path / "dataset")
    assert code == 0
    # a line for each tenth of the files at most, by how far they are when that is looked at
    assert 1 <= output.count("reading ") <= 10
    assert "reading 121 of 121\n" in output
