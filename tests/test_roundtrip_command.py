"""The command behind the README's tables: what it counts, and that little of it holds in CI."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from govreport_core.errors import GovReportError
from govreport_core.extract import extract
from govreport_core.folding import squash
from govreport_core.model import State
from govreport_core.samples import FILES, FORMS, LAYOUTS, draw_report, render, with_noise
from govreport_core.samples.chance import chance
from govreport_core.samples.files import ending
from govreport_core.samples.noise import KINDS, SUITS
from govreport_core.samples.sample import Sample
from govreport_core.samples.trials.accuracy_tables import Line, count_corpus, put, table
from govreport_core.samples.trials.roundtrip import (
    FORMATS,
    lines_of,
    main,
    noisy_report,
    round_trip,
)
from govreport_core.samples.trials.scoring import printed_cells, score
from govreport_core.samples.write import content
from govreport_core.sources import read_bytes

pytestmark = pytest.mark.slow

READMES = [Path(__file__).parents[1] / name for name in ("README.md", "README.zh-CN.md")]
DOCUMENTS = 10
LEAST_READ = 0.999
COMMAND = "python -m govreport_core.samples.trials.roundtrip --readme README.md README.zh-CN.md"


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("layout", FORMATS)
def test_noisy_reports_come_back_as_they_were_written(layout: str, form: str) -> None:
    result = round_trip(layout, form, DOCUMENTS, seed=2)
    assert result.wrong == 0, result.odd
    assert result.right >= LEAST_READ * result.cells, result.odd
    assert result.known == result.documents == DOCUMENTS


def test_every_format_is_tried_with_every_kind_of_noise_that_suits_it() -> None:
    for layout in FORMATS:
        tried = {
            kind
            for form in FORMS
            for number in range(40)
            for kind in noisy_report(layout, form, number).sample.noise
        }
        assert tried == {k for k in KINDS if k not in SUITS or layout in SUITS[k]}


# What each kind of noise does.


def noisy(kind: str, layout: str) -> tuple[Sample, str]:
    """A report with that noise alone, and its text as it is read back."""
    sample = draw_report(year=2023, seed=4)
    numbers = {key: 1000.0 + i if i % 2 else 0.0 for i, key in enumerate(sample.numbers)}
    sample = msgspec.structs.replace(sample, numbers=numbers, printed={})
    without = KINDS.keys() - {kind}
    sample = with_noise(sample, layout, chance(kind), each=1.0, without=without)
    assert sample.noise == (kind,)
    if layout in LAYOUTS:
        return sample, render(sample, layout, seed=4)
    document = read_bytes(FILES[layout][1](sample, seed=4), ending(layout))
    return sample, "\n".join(part.text for part in document.parts)


def test_thousands_stand_apart() -> None:
    sample, text = noisy("thousands", "cells")
    assert re.search(r"\t1,\d{3}\n", text)
    assert all(number is not None for number in sample.numbers.values())


def test_digits_are_wide() -> None:
    _, text = noisy("full_width", "tabs")
    assert "０" in text


def test_zeros_are_blank_and_known_to_be() -> None:
    sample, _ = noisy("blank_zeros", "html")
    blank = [key for key, state in sample.states.items() if state is State.BLANK]
    assert 20 < len(blank) < len(sample.numbers) / 2
    assert all(sample.numbers[key] is None for key in blank)


def test_short_labels_are_spaced() -> None:
    _, text = noisy("spaced_labels", "rows")
    assert re.search("总[ \u3000\u00a0]+计", text)


@pytest.mark.parametrize("layout", ["html", "docx", "markdown", "xlsx"])
def test_a_header_is_printed_again_where_a_page_ends(layout: str) -> None:
    def headers(kind: str) -> int:
        return re.sub(r"\s", "", noisy(kind, layout)[1]).count("申请人情况")

    assert (headers("header_twice"), headers("table_cut")) == (2, 1)


def test_a_label_stands_in_each_of_its_rows() -> None:
    def labels(kind: str) -> int:
        return squash(noisy(kind, "html")[1]).count("(三)不予公开")

    assert (labels("labels_filled"), labels("table_cut")) == (8, 1)


def test_a_table_lost_the_line_above_it() -> None:
    assert "第二十条第" not in noisy("caption_lost", "html")[1]


def test_noise_is_left_out_where_it_could_not_be_seen_through() -> None:
    for layout in FORMATS:
        sample = with_noise(draw_report(seed=3), layout, chance(1), each=1.0)
        assert ("table_cut" in sample.noise) == (layout in ("html", "docx", "xlsx", "markdown"))
        assert ("blank_zeros" in sample.noise) == (
            layout not in ("tabs", "lines", "rows", "markdown")
        )


# What is counted.


def test_another_number_is_wrong_and_none_is_not_read() -> None:
    one = noisy_report("tabs", "form_2021", 0)
    report = extract(read_bytes(content(one, 0)))
    cells = printed_cells(one.sample)
    assert score(report, cells).right == len(cells)
    first, second, *rest = report.values
    changed = (
        msgspec.structs.replace(first, number=(first.number or 0.0) + 1),
        msgspec.structs.replace(second, number=None, state=State.UNREADABLE),
    )
    result = score(msgspec.structs.replace(report, values=(*changed, *rest)), cells)
    assert result.right == len(cells) - 2
    assert result.wrong == [(first.table, first.row, first.column)]
    assert result.unread == [(second.table, second.row, second.column)]


def test_a_number_where_nothing_is_printed_is_wrong() -> None:
    one = noisy_report("tabs", "form_2021", 0)
    report = extract(read_bytes(content(one, 0)))
    cells = dict(printed_cells(one.sample))
    key = next(iter(cells))
    cells[key] = (None, State.BLANK)
    assert score(report, cells).wrong == [key]
    del cells[key]
    assert score(report, cells).wrong == [key]


# The README.


def test_a_table_is_put_where_it_belongs_and_nowhere_else(tmp_path: Path) -> None:
    readme = tmp_path / "README.zh-CN.md"
    around = "前\n<!-- accuracy:real -->\n{}<!-- /accuracy:real -->\n后\n"
    readme.write_text(around.format(""), encoding="utf-8")
    for right in (198, 199):
        put(readme, "real", [Line("html", 1, 1, 200, right, 200 - right, 0)])
    head = "| 格式 | 年报 | 机关、年度、所用表格均读对 | 格 | 读对 | 未读出 | 读错 |"
    made = readme.read_text(encoding="utf-8")
    assert made.startswith(f"前\n<!-- accuracy:real -->\n{head}\n")
    assert made.endswith("| 合计 | 1 | 1 | 200 | 199 | 1 | 0 |\n<!-- /accuracy:real -->\n后\n")
    assert made.count("| 网页 |") == 1


def test_a_file_without_a_place_for_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("nothing", encoding="utf-8")
    with pytest.raises(GovReportError, match="no place marked"):
        put(tmp_path / "README.md", "real", [Line("html", 1, 1, 1, 1, 0, 0)])


def test_both_readmes_hold_the_same_figures() -> None:
    def figures(readme: Path) -> list[str]:
        tables = re.findall(
            r"<!-- accuracy:\w+ -->\n(.*?)\n<!-- /accuracy", readme.read_text("utf-8"), re.DOTALL
        )
        return [re.sub(r"[^\d|\n]", "", shown) for shown in tables]

    first, second = map(figures, READMES)
    assert len(first) == 2
    assert all(shown.count("\n") >= 3 for shown in first)
    assert first == second


@pytest.mark.corpus
def test_the_readmes_say_of_real_reports_what_is_so(corpus: Path) -> None:
    counted = count_corpus(corpus)
    for readme, language in zip(READMES, ("en", "zh"), strict=True):
        assert table(counted, language) in readme.read_text(encoding="utf-8"), COMMAND


def test_a_folder_without_answers_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GovReportError, match="no expected"):
        count_corpus(tmp_path)


def test_the_command_prints_its_table_and_puts_it_into_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    readme = tmp_path / "README.md"
    readme.write_text("<!-- accuracy:generated -->\n<!-- /accuracy:generated -->\n", "utf-8")
    monkeypatch.delenv("GOVREPORT_CORPUS", raising=False)
    monkeypatch.setattr("sys.argv", ["roundtrip", "--documents", "1", "--readme", str(readme)])
    main()
    printed = capsys.readouterr().out
    assert len(printed.splitlines()) >= 1 + len(FORMATS) * len(FORMS)
    made = readme.read_text(encoding="utf-8")
    assert made.count("\n| ") == len(FORMATS) + 3
    assert "| web pages | 2 | 2 | 398 | 398 | 0 | 0 |" in made


def test_formats_are_added_up_over_forms() -> None:
    results = [round_trip("tabs", form, 2) for form in FORMS]
    (line,) = lines_of(results)
    assert line == Line("tabs", 4, 4, 796, 796, 0, 0)
