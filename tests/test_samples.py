"""The sample writer: what it promises of its figures, its faults, its layouts and its files."""

from __future__ import annotations

import re
import zipfile
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govreport_core.errors import GovReportError
from govreport_core.forms import forms
from govreport_core.model import State
from govreport_core.samples import (
    FILES,
    FORMS,
    LAYOUTS,
    Answer,
    agencies,
    draw_history,
    draw_report,
    expected_cells,
    form_cells,
    random_numbers,
    read_answers,
    render,
    write_samples,
)
from govreport_core.samples.answers import write_answers
from govreport_core.samples.chance import chance, share_out
from govreport_core.samples.faults import KINDS
from govreport_core.samples.layouts.page import paged, spaced, wrapped
from govreport_core.samples.pools import Places, prose
from govreport_core.samples.roster import chinese, roster_csv
from govreport_core.samples.sample import Key, print_number
from govreport_core.sources.pdf import read_pdf

pytestmark = pytest.mark.slow

DATA = Path(__file__).parents[1] / "data"
ANSWERS = read_answers(DATA / "answers.json")
T3, T4 = "t3_requests", "t4_review_litigation"
PERSONS = (
    *("natural_person", "org_business", "org_research"),
    *("org_public_interest", "org_legal_service", "org_other"),
)
GROUPS = ("review", "litigation_direct", "litigation_after_review")
LEVELS = {"province", "prefecture", "county", "township"}
SUM_CHECKS = {"t3_balance", "t3_row_total", "t3_disposed_total", "t4_group_total"}

Cells = dict[Key, float]


def printed(answer: Answer) -> Cells:
    """The report's figures; a blank in a sum counts as nothing."""
    return {key: number or 0.0 for key, (number, _) in expected_cells(answer).items()}


def failing_sums(answer: Answer) -> set[tuple[str, str]]:
    """Which sums don't hold, added up here from the form alone."""
    cells = printed(answer)
    table = forms()[answer.form].table(T3)
    outcomes = [row.code for row in table.leaves("requests_disposed")]
    if (T3, "other_disposition", "natural_person") in cells:
        outcomes = [row for row in outcomes if not row.startswith("other_")]
        outcomes.append("other_disposition")
    failing = set()
    for column in (*PERSONS, "applicant_total"):
        received, carried_over, disposed, carried_forward = (
            cells[(T3, row, column)]
            for row in (
                *("requests_received", "requests_carried_over"),
                *("disposed_total", "requests_carried_forward"),
            )
        )
        if received + carried_over != disposed + carried_forward:
            failing.add(("t3_balance", f"{T3}.*.{column}"))
        if sum(cells[(T3, row, column)] for row in outcomes) != disposed:
            failing.add(("t3_disposed_total", f"{T3}.*.{column}"))
    for row in {row for t, row, _ in cells if t == T3}:
        if sum(cells[(T3, row, c)] for c in PERSONS) != cells[(T3, row, "applicant_total")]:
            failing.add(("t3_row_total", f"{T3}.{row}.*"))
    for group in GROUPS:
        parts = (cells[(T4, "cases", f"{group}_{part}")] for part in ENDINGS)
        if sum(parts) != cells[(T4, "cases", f"{group}_total")]:
            failing.add(("t4_group_total", f"{T4}.cases.{group}"))
    return failing


ENDINGS = ("upheld", "corrected", "other", "pending")


def by_agency() -> list[list[Answer]]:
    """The reports of each agency, in order of years."""
    found: dict[str, list[Answer]] = {}
    for answer in ANSWERS.reports:
        found.setdefault(answer.agency_id, []).append(answer)
    return [sorted(reports, key=lambda a: a.year) for reports in found.values()]


def consecutive() -> list[tuple[Answer, Answer]]:
    """Reports of the same agency with one year between them, both with sound figures."""
    altered = {"balance", "disposed_total", "row_total", "group_total", "missing_table"}
    return [
        (a, b)
        for reports in by_agency()
        for a, b in pairwise(reports)
        if b.year == a.year + 1 and not altered & {f.kind for f in (*a.faults, *b.faults)}
    ]


# The figures


@pytest.mark.parametrize("answer", ANSWERS.reports, ids=lambda a: a.file)
def test_sums_fail_exactly_where_the_answers_say(answer: Answer) -> None:
    recorded = {(f.check, f.subject) for f in answer.faults if f.check in SUM_CHECKS}
    assert failing_sums(answer) == recorded


def test_what_is_carried_forward_is_carried_over_next_year() -> None:
    for before, after in consecutive():
        for column in (*PERSONS, "applicant_total"):
            forward = printed(before)[(T3, "requests_carried_forward", column)]
            assert forward == printed(after)[(T3, "requests_carried_over", column)]


def test_documents_in_force_follow_from_those_issued_and_repealed() -> None:
    checked = 0
    for before, after in consecutive():
        if before.form != after.form or after.form != "form_2021":
            continue
        old, new = printed(before), printed(after)
        for row in ("regulations", "normative_documents"):
            change = new[("t2_art20_1", row, "issued")] - new[("t2_art20_1", row, "repealed")]
            held = old[("t2_art20_1", row, "in_force")]
            assert new[("t2_art20_1", row, "in_force")] == held + change
            checked += 1
    assert checked > 50


def test_items_of_the_form_of_2019_follow_from_the_year_before() -> None:
    pairs = [(a, b) for a, b in consecutive() if a.form == b.form == "form_2019"]
    assert pairs
    for before, after in pairs:
        old, new = printed(before), printed(after)
        for table, row in (
            ("t2_art20_5", "administrative_licensing"),
            ("t2_art20_6", "administrative_penalty"),
            ("t2_art20_8", "administrative_fees"),
        ):
            stock = old[(table, row, "items_prior_year")] + old[(table, row, "items_change")]
            assert new[(table, row, "items_prior_year")] == stock


def test_no_lawsuit_without_review_from_2024() -> None:
    later = [a for a in ANSWERS.reports if a.year >= 2024]
    assert later
    assert not any(printed(a)[(T4, "cases", "litigation_direct_total")] for a in later)


def test_another_form_leaves_the_other_years_as_they_were() -> None:
    agency = agencies(1)[0]
    years = range(2019, 2024)
    plain = list(draw_history(agency, years))
    changed = list(draw_history(agency, years, wrong_forms={2021: "form_2019"}))
    assert changed[2].form == "form_2019"
    assert (
        changed[2].numbers[(T3, "requests_received", "applicant_total")]
        == (plain[2].numbers[(T3, "requests_received", "applicant_total")])
    )
    assert changed[3:] == plain[3:]


@given(seed=st.integers(0, 10**6), index=st.integers(0, 19), year=st.integers(2019, 2026))
@settings(max_examples=40, deadline=None)
def test_every_drawn_report_adds_up(seed: int, index: int, year: int) -> None:
    sample = draw_report(agencies(20)[index], year, seed=seed)
    assert tuple(sample.numbers) == form_cells(sample.form)
    assert all(n is not None and n >= 0 for k, n in sample.numbers.items() if k[0] == T3)
    table = forms()[sample.form].table(T3)
    for column in (*PERSONS, "applicant_total"):
        outcomes = (sample.numbers[(T3, r.code, column)] for r in table.leaves("requests_disposed"))
        assert sum(n or 0 for n in outcomes) == sample.numbers[(T3, "disposed_total", column)]


def test_random_numbers_fill_every_cell() -> None:
    for form in FORMS:
        numbers = random_numbers(form, chance("cells", form))
        assert tuple(numbers) == form_cells(form)
        assert any(n not in (0, None) for n in numbers.values())


def test_sharing_out_deals_every_thing_once() -> None:
    dealt = share_out(chance(1), 500, (8.0, 1.0, 0.0, 1.0))
    assert sum(dealt) == 500
    assert dealt[2] == 0
    assert dealt[0] > 300


# The faults


def test_every_kind_of_fault_is_there_once_and_alone() -> None:
    kinds = [{fault.kind for fault in answer.faults} for answer in ANSWERS.reports]
    assert all(len(found) <= 1 for found in kinds)
    assert sorted(kind for found in kinds for kind in found) == sorted(KINDS)


def test_some_reports_were_never_published() -> None:
    assert 2 <= len(ANSWERS.missing) <= 12
    published = {(a.agency_id, a.year) for a in ANSWERS.reports}
    assert not published & {(gap.agency_id, gap.year) for gap in ANSWERS.missing}
    assert len(published) + len(ANSWERS.missing) == 20 * 6


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("missing_title", lambda a: a.title is None),
        ("missing_section", lambda a: a.sections[-1] == "s5_problems"),
        ("wrong_form", lambda a: not forms()[a.form].covers(a.year)),
        ("missing_table", lambda a: a.absent == (T4,)),
        ("missing_row", lambda a: len(a.absent) == 1),
        ("combined_row", lambda a: any(c[1] == "other_disposition" for c in a.cells)),
        ("late", lambda a: a.published_on > f"{a.year + 1}-01-31"),
        ("no_unit", lambda a: [s[3] for s in a.states] == [State.UNREADABLE]),
        ("placeholder", lambda a: {s[3] for s in a.states} == {State.PLACEHOLDER}),
        ("words_in_cell", lambda a: {s[3] for s in a.states} == {State.TEXT}),
        ("blank_zeros", lambda a: len(a.states) > 100),
        ("blank_cases", lambda a: len(a.states) == 14),
        ("negative", lambda a: any((c[3] or 0) < 0 and c[2] == "decisions" for c in a.cells)),
        ("non_integer", lambda a: any(c[2] == "decisions" and c[3] % 1 for c in a.cells)),
        ("decimals", lambda a: any(len(str(c[3]).partition(".")[2]) > 4 for c in a.cells)),
    ],
)
def test_a_fault_is_what_its_name_says(kind: str, says) -> None:  # type: ignore[no-untyped-def] # a lambda
    (answer,) = [a for a in ANSWERS.reports if a.faults and a.faults[0].kind == kind]
    assert says(answer)


def test_prose_names_the_number_received_but_where_that_is_the_fault() -> None:
    said = re.compile(
        r"(?:收到(?:公民、法人或者其他组织提出的)?|新收)政府信息公开申请\s*(\d+)\s*件"
    )
    told = 0
    for answer in (a for a in ANSWERS.reports if a.layout in LAYOUTS):
        text = re.sub(r"\s+", "", read(answer).partition("本年新收")[0])
        match = said.search(text)
        received = printed(answer)[(T3, "requests_received", "applicant_total")]
        kind = answer.faults[0].kind if answer.faults else ""
        if kind == "prose_received":
            assert match is not None
            assert int(match[1]) != received
        elif match is not None:
            told += 1
            assert (int(match[1]) == received) == (kind != "prose_none")
        elif kind != "prose_none":
            assert received == 0
    assert told > 50


# The layouts


def table_two(sample_text: str) -> list[str]:
    """The lines from 第二十条第（一）项 to the next table's title."""
    lines = sample_text.splitlines()
    first = next(i for i, line in enumerate(lines) if "第二十条第" in line)
    last = next(i for i, line in enumerate(lines) if "第二十条第" in line and i > first)
    return lines[first:last]


def plain_sample():  # type: ignore[no-untyped-def] # of samples.Sample
    sample = draw_report(agencies(20)[5], 2022, seed=3)
    documents = {
        ("t2_art20_1", "normative_documents", column): number
        for column, number in (("issued", 3.0), ("repealed", 1.0), ("in_force", 12.0))
    }
    return msgspec.structs.replace(sample, numbers=sample.numbers | documents)


def seed_with_plain_labels(layout: str) -> int:
    return next(
        seed
        for seed in range(99)
        if "行政规范性文件" in render(plain_sample(), layout, seed=seed)
        and "第二十条第（一）项" in render(plain_sample(), layout, seed=seed)
        and "本年制发件数" in render(plain_sample(), layout, seed=seed)
        and "本年废止件数" in render(plain_sample(), layout, seed=seed)
        and "现行有效件数" in render(plain_sample(), layout, seed=seed)
    )


EXPECTED_TABLE_TWO = {
    "cells": [
        *("\t第二十条第（一）项", ""),
        *("\t信息内容", "\t本年制发件数", "\t本年废止件数", "\t现行有效件数", ""),
        *("\t规章", "\t0", "\t0", "\t0", ""),
        *("\t行政规范性文件", "\t3", "\t1", "\t12", ""),
    ],
    "tabs": [
        "第二十条第（一）项\t\t\t",
        "信息内容\t本年制发件数\t本年废止件数\t现行有效件数",
        "规章\t0\t0\t0",
        "行政规范性文件\t3\t1\t12",
    ],
    "lines": [
        *("第二十条第（一）项", "信息内容", "本年制发件数", "本年废止件数", "现行有效件数"),
        *("规章", "0", "0", "0", "行政规范性文件", "3", "1", "12"),
    ],
    "rows": [
        "第二十条第（一）项",
        "信息内容 本年制发件数 本年废止件数 现行有效件数",
        "规章 0 0 0",
        "行政规范性文件 3 1 12",
    ],
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_table_two_as_each_layout_prints_it(layout: str) -> None:
    text = render(plain_sample(), layout, seed=seed_with_plain_labels(layout))
    lines = [line for line in table_two(text) if not re.fullmatch(r"- \d+ -", line)]
    if layout == "lines":
        lines = [line for line in lines if line]
    assert lines == EXPECTED_TABLE_TWO[layout]


@pytest.mark.parametrize("seed", range(12))
def test_rows_with_tabs_hold_their_seven_figures_side_by_side(seed: int) -> None:
    text = render(draw_report(year=2023, seed=seed), "tabs", seed=seed)
    rows = [line.split("\t") for line in text.splitlines() if line.count("\t") >= 9]
    figures = [[i for i, cell in enumerate(row) if cell.isdigit()] for row in rows]
    in_table_three = [at for at in figures if len(at) == 7]
    assert len(in_table_three) == 25
    assert all(at == list(range(at[0], at[0] + 7)) for at in in_table_three)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_page_marks_and_long_labels_never_cost_a_figure(layout: str) -> None:
    sample = draw_report(year=2023, seed=5)
    numbers = {key: 1000.0 + i for i, key in enumerate(sample.numbers)}
    sample = msgspec.structs.replace(sample, numbers=numbers, overview=(), problems=(), other=())
    for seed in range(6):
        text = render(sample, layout, seed=seed)
        assert [int(n) for n in re.findall(r"(?<!\d)1\d{3}(?!\d)", text)] == (
            [1000 + i for i in range(len(numbers))]
        )


def test_blank_cells_stand_only_where_they_can_be_seen() -> None:
    for answer in ANSWERS.reports:
        if any(state is State.BLANK for *_, state in answer.states):
            assert answer.layout in ("cells", *FILES)


def test_every_layout_file_format_form_and_encoding_is_there() -> None:
    assert {a.layout for a in ANSWERS.reports} == {*LAYOUTS, *FILES}
    assert {(a.layout, a.form) for a in ANSWERS.reports} >= {
        (layout, form) for layout in LAYOUTS for form in FORMS
    }
    texts = [a for a in ANSWERS.reports if a.layout in LAYOUTS]
    assert {a.encoding for a in texts} == {"utf-8", "utf-8-sig", "gb18030", "utf-16"}
    assert {a.newline for a in texts} == {"\n", "\r\n"}


def test_a_fault_is_only_put_into_text() -> None:
    assert all(a.layout in LAYOUTS for a in ANSWERS.reports if a.faults)


def test_wrapping_keeps_numbers_whole_and_marks_off_the_line_start() -> None:
    assert wrapped("共收到申请1024件，办结。", 7) == ["共收到申请", "1024件，办", "结。"]
    assert "".join(wrapped("群众看得懂、用得上。", 4)) == "群众看得懂、用得上。"


def test_spaces_stand_beside_numbers_as_in_text_from_a_pdf() -> None:
    assert spaced("2024年收到3件。", after_only=True) == "2024 年收到3 件。"
    assert spaced("2024年收到3件。", after_only=False) == "2024 年收到 3 件。"


def test_pages_break_between_groups_only() -> None:
    groups = [["a", "b"], ["c", "d"], ["e"]]
    assert list(paged(groups, 3, mark_first=False)) == ["a", "b", "- 1 -", "c", "d", "e", "- 2 -"]
    assert list(paged(groups, 2, mark_first=True)) == (
        ["- 1 -", "a", "b", "", "- 2 -", "c", "d", "", "- 3 -", "e"]
    )


def test_money_is_printed_without_exponent_or_spare_zeros() -> None:
    assert [print_number(n) for n in (0.0, 7545.0, 549.809, 0.000012, -2.0)] == (
        ["0", "7545", "549.809", "0.000012", "-2"]
    )


# The roster


def test_the_prefecture_has_twenty_agencies_of_three_counties() -> None:
    listed = agencies(20)
    assert len({a.agency_id for a in listed}) == len({a.name for a in listed}) == 20
    assert {a.county for a in listed if a.county} == {"枕霞区", "墨岫县", "霁川县"}
    assert all(a.region_code.startswith("99") and len(a.region_code) == 6 for a in listed)
    assert {a.level for a in listed} < LEVELS
    assert {"government", "government_office", "commission", "bureau", "township"} <= {
        a.kind for a in listed
    }
    assert {"subdistrict", "zone", "vertical", "police"} <= {a.kind for a in listed}


def test_more_agencies_stand_in_numbered_counties_without_namesakes() -> None:
    listed = agencies(2500)
    assert len({a.agency_id for a in listed}) == len({a.name for a in listed}) == 2500
    assert listed[20].name == "例一县人民政府"
    assert all(re.fullmatch(r"99\d{4}", a.region_code) for a in listed)
    assert listed[:20] == agencies(20)


def test_too_many_agencies_are_refused() -> None:
    with pytest.raises(GovReportError, match="at least one"):
        agencies(0)


def test_counties_are_numbered_as_people_number_them() -> None:
    assert [chinese(n) for n in (1, 10, 11, 20, 105, 110, 1003)] == (
        ["一", "十", "十一", "二十", "一百零五", "一百一十", "一千零三"]
    )


def test_roster_and_manifest_name_what_is_there() -> None:
    roster = (DATA / "reports" / "agencies.csv").read_text(encoding="utf-8")
    assert roster == roster_csv(agencies(20), "2019-2024")
    manifest = (DATA / "reports" / "manifest.csv").read_text(encoding="utf-8").splitlines()
    assert manifest[0] == "file,agency,region_code,year,source_url,published_on"
    files = {f"reports/{line.split(',')[0]}" for line in manifest[1:]}
    assert files == {a.file for a in ANSWERS.reports}
    assert all("https://www.example.com/" in line for line in manifest[1:])
    unnamed = sum(",," in line for line in manifest[1:])
    assert 5 < unnamed < len(manifest) / 2


# The files


def read(answer: Answer) -> str:
    return (DATA / answer.file).read_bytes().decode(answer.encoding)


def tree(folder: Path) -> dict[str, object]:
    """Every file's content, where another zlib or reportlab may pack it otherwise unpacked."""
    return {
        str(path.relative_to(folder)): unpacked(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def unpacked(path: Path) -> object:
    if path.suffix == ".pdf":
        return read_pdf(path.read_bytes(), "")
    if not zipfile.is_zipfile(path):
        return path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        return [(info.filename, archive.read(info)) for info in archive.infolist()]


def test_data_is_what_the_writer_writes(tmp_path: Path) -> None:
    summary = write_samples(tmp_path / "data")
    written = tree(tmp_path / "data")
    assert written.keys() == tree(DATA).keys()
    changed = [name for name, content in tree(DATA).items() if written[name] != content]
    assert changed == [], "write data/ anew: govreport sample -o data"
    assert summary.reports == len(ANSWERS.reports)
    assert summary.faulty == len(KINDS)
    assert summary.missing == len(ANSWERS.missing)
    assert summary.size == size(tmp_path / "data")


def test_the_same_arguments_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_samples(tmp_path / name, agencies=4, formats=("cells", "docx", "pdf"))
    files = [p.relative_to(tmp_path / "a") for p in (tmp_path / "a").rglob("*") if p.is_file()]
    assert any(file.suffix == ".pdf" for file in files)
    assert all(
        (tmp_path / "a" / f).read_bytes() == (tmp_path / "b" / f).read_bytes() for f in files
    )


def test_without_reportlab_one_line_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("govreport_core.samples.files.find_spec", lambda _: None)
    with pytest.raises(GovReportError, match=r"pdf-samples.*--formats cells") as raised:
        write_samples(tmp_path / "out")
    assert "\n" not in str(raised.value)
    write_samples(tmp_path / "out", agencies=1, formats=("cells", "html"))


def size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def test_data_is_small_and_every_file_decodes_as_the_answers_say() -> None:
    assert size(DATA) <= 3_000_000
    for answer in (a for a in ANSWERS.reports if a.layout in LAYOUTS):
        text = read(answer)
        assert ("\r\n" in text) == (answer.newline == "\r\n")
        assert answer.title is None or answer.title in re.sub(r"\s", "", text)


def test_another_seed_gives_other_reports(tmp_path: Path) -> None:
    write_samples(tmp_path / "a", agencies=2, years=range(2021, 2023), seed=1)
    write_samples(tmp_path / "b", agencies=2, years=range(2021, 2023), seed=2)
    assert tree(tmp_path / "a") != tree(tmp_path / "b")


def test_without_faults_nothing_is_at_fault(tmp_path: Path) -> None:
    summary = write_samples(tmp_path / "out", agencies=4, faults=False, formats=("rows",))
    answers = read_answers(tmp_path / "out" / "answers.json")
    assert summary.faulty == 0
    assert {a.layout for a in answers.reports} == {"rows"}
    assert all(not failing_sums(a) for a in answers.reports)


def test_answers_survive_writing_and_reading(tmp_path: Path) -> None:
    (tmp_path / "answers.json").write_bytes(write_answers(ANSWERS))
    assert read_answers(tmp_path / "answers.json") == ANSWERS
    with pytest.raises(GovReportError, match="no answers"):
        read_answers(tmp_path / "other.json")


def test_a_folder_with_something_else_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear", encoding="utf-8")
    with pytest.raises(GovReportError, match="holds no samples"):
        write_samples(tmp_path / "mine", agencies=1)
    assert tree(tmp_path / "mine") == {"letter.txt": b"dear"}


def test_older_samples_are_replaced_whole(tmp_path: Path) -> None:
    write_samples(tmp_path / "out", agencies=3)
    write_samples(tmp_path / "out", agencies=1, years=range(2022, 2023))
    assert len(list((tmp_path / "out").rglob("*.txt"))) == 1
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ({"formats": ("cells", "png")}, "png: known are cells, tabs, lines, rows"),
        ({"formats": ()}, "known are"),
        ({"years": (2019, 2021)}, "consecutive"),
        ({"years": ()}, "consecutive"),
        ({"agencies": 0}, "at least one"),
    ],
)
def test_what_cannot_be_written_is_said(
    tmp_path: Path, wanted: dict[str, object], message: str
) -> None:
    with pytest.raises(GovReportError, match=message):
        write_samples(tmp_path / "out", **wanted)  # type: ignore[arg-type] # wrong on purpose
    assert not list(tmp_path.iterdir())


# The pools


def test_pools_refuse_what_they_don_t_know() -> None:
    with pytest.raises(msgspec.ValidationError, match="unknown field"):
        msgspec.toml.decode(b'province = "x"\ncapital = "y"', type=Places)


def test_texts_differ_between_agencies_and_years() -> None:
    samples = [s for agency in agencies(20) for s in draw_history(agency, range(2019, 2025))]
    fives = ["".join(s.problems) for s in samples]
    assert len(set(fives)) == len(samples)
    assert {topic for s in samples for topic in s.topics} == {
        topic.code for topic in prose().problems.topics
    }
