"""The line of forms: spans, and a form of 2027 that costs its forerunners no report."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import msgspec
import polars as pl
import pytest

import govreport_core.forms
from govreport_core import checks, indicators
from govreport_core.build.frames import FiledReport, Identity, frames_of
from govreport_core.errors import FormError
from govreport_core.extract import extract
from govreport_core.forms import Form, forms, parse_form, span, within
from govreport_core.forms.lineage import in_line, spanned
from govreport_core.indicators.figures import definitions
from govreport_core.model import Document, Report
from govreport_core.narrative.figures import outcomes
from govreport_core.samples import FILES, LAYOUTS, Sample, draw_report, random_numbers, render
from govreport_core.samples.chance import chance
from govreport_core.samples.files import ending, render_file
from govreport_core.samples.trials.roundtrip import with_figures
from govreport_core.sources import read, read_bytes

ROOT = Path(__file__).parent.parent
FOLDER = Path(govreport_core.forms.__file__).parent
T3 = "t3_requests"


def derived(*changes: tuple[str, str], follows: str = "form_2021", year: int = 2027) -> str:
    """The form of 2021 as TOML, as its follower and with some of its text changed."""
    text = (FOLDER / "form_2021.toml").read_text(encoding="utf-8")
    named = (
        ('id = "form_2021"', f'id = "form_{year}"'),
        ('follows = "form_2019"', f'follows = "{follows}"'),
        ('"2021 年格式"', f'"{year} 年格式"'),
        ('"form of 2021"', f'"form of {year}"'),
        ("years_from = 2021", f"years_from = {year}"),
    )
    for old, new in (*named, *changes):
        assert text.count(old) >= 1, old
        text = text.replace(old, new, 1)
    return text


def line(code: str, label: str, kind: str = "leaf", parent: str | None = None) -> str:
    below = f'parent = "{parent}"\n' if parent else ""
    return f'code = "{code}"\nlabel = "{label}"\nlabel_en = "{code}"\nkind = "{kind}"\n{below}\n'


COLUMN, ROW = "[[tables.columns]]\n", "[[tables.rows]]\n"
REPEALED, RESEARCH = COLUMN + 'code = "repealed"', COLUMN + 'code = "org_research"'
COMPULSION, DUPLICATE = (
    ROW + 'code = "administrative_compulsion"',
    ROW + 'code = "unprocessed_duplicate"',
)
# What a form of 2027 may have changed: a column more, a row more, a label renamed; each with a
# long label and with one that is short enough to stand in any sentence.
CHANGES = {
    "column": ((REPEALED, COLUMN + line("revised", "本年修订重印件数") + REPEALED),),
    "short column": (
        (RESEARCH, COLUMN + line("org_media", "新闻媒体", parent="legal_or_other_org") + RESEARCH),
    ),
    "row": (
        (
            DUPLICATE,
            ROW + line("unprocessed_joke", "9.显属戏谑的申请", parent="not_processed") + DUPLICATE,
        ),
    ),
    "short row": ((COMPULSION, ROW + line("inspection", "行政检查") + COMPULSION),),
    "renamed": (('label = "现行有效件数"', 'label = "年末仍有效件数"'),),
    "renamed, the old name an alias": (
        ('label = "现行有效件数"', 'label = "年末仍有效件数"'),
        ('aliases = ["现行有效", ', 'aliases = ["现行有效件数", "现行有效", '),
    ),
    "short, renamed": (('label = "科研机构"', 'label = "科研院所"'),),
}


@cache
def documents() -> dict[str, Document]:
    """The sample reports, parsed once."""
    found = (p for p in sorted((ROOT / "data" / "reports").rglob("*")) if p.suffix != ".csv")
    return {str(path.relative_to(ROOT)): read(path) for path in found if path.is_file()}


@cache
def reports() -> dict[str, Report]:
    """What is read of them with the forms that ship."""
    return {name: extract(document) for name, document in documents().items()}


def forget() -> None:
    """Empty every cache of the product that may hold forms: all but those of the divisions."""
    for name, module in list(sys.modules.items()):
        house, _, room = name.partition(".")
        if house in ("govreport_core", "dashboard") and not room.startswith("regions"):
            for kept in list(vars(module).values()):
                if callable(getattr(kept, "cache_clear", None)):
                    kept.cache_clear()


@pytest.fixture
def ship(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    """Ship forms beside the official ones: a folder with their TOMLs and one more for each."""
    reports()

    def shipped(*texts: str) -> Form:
        folder = tmp_path / "forms"
        folder.mkdir()
        for path in FOLDER.glob("*.toml"):
            (folder / path.name).write_bytes(path.read_bytes())
        for number, text in enumerate(texts):
            (folder / f"more_{number}.toml").write_text(text, encoding="utf-8")
        monkeypatch.setattr(govreport_core.forms, "files", lambda _: folder)
        forget()
        return list(forms().values())[-1]

    yield shipped
    monkeypatch.undo()
    forget()


def filled(form: str, year: int = 2023, seed: int = 1) -> Sample:
    """A report on that form, in whatever year, with random figures in all its cells."""
    rng = chance(form, seed)
    drawn = draw_report(year=year, form=form, seed=seed)
    return with_figures(drawn, random_numbers(form, rng, zeros=0.2))


def written(sample: Sample, layout: str, seed: int = 1) -> Document:
    data = (
        render_file(sample, layout, seed=seed)
        if layout in FILES
        else render(sample, layout, seed=seed).encode()
    )
    return read_bytes(data, ending(layout))


@pytest.mark.parametrize("change", CHANGES)
def test_a_form_more_costs_its_forerunners_no_report(change: str, ship) -> None:
    before = reports()
    assert {report.form for report in before.values()} >= {"form_2019", "form_2021"}
    form = ship(derived(*CHANGES[change]))
    assert list(forms())[-2:] == ["form_2021", form.id]
    for name, document in documents().items():
        assert extract(document) == before[name], name


@pytest.mark.parametrize("change", CHANGES)
def test_a_report_of_the_new_form_is_read_as_the_new_form(change: str, ship) -> None:
    form = ship(derived(*CHANGES[change]))
    for layout in (*LAYOUTS, "html", "docx"):
        for year, seed in ((2020, 1), (2023, 2), (2027, 3)):
            sample = filled(form.id, year, seed)
            found = extract(written(sample, layout, seed))
            assert (found.form, found.year) == (form.id, year), layout
            told = {(v.table, v.row, v.column): v.number for v in found.values}
            read_right = {k for k, n in told.items() if n == sample.numbers[k]}
            assert {k for k, n in told.items() if n is not None} == read_right, layout
            assert len(read_right) >= 0.95 * len(sample.numbers), layout


@pytest.mark.parametrize("change", CHANGES)
def test_rules_indicators_figures_and_claims_that_hold_from_a_form_on_hold_for_its_follower(
    change: str, ship
) -> None:
    form = ship(derived(*CHANGES[change]))
    rules = checks.catalogue()
    since = {code for code, rule in rules.items() if form.id in rule.forms}
    assert since == {code for code, rule in rules.items() if "form_2021" in rule.forms}
    assert {"t3_row_total", "t3_carry", "x_carry"} & since
    assert "form_2014" not in {f for code in since for f in rules[code].forms}
    told = {i.code for i in indicators.catalogue().values() if form.id in i.forms}
    assert "grant_rate" in told
    received = next(f for f in definitions().figures if f.code == "received")
    assert received.cells[form.id] == received.cells["form_2021"]
    rows = {row.code for row in form.table(T3).leaves("not_processed")}
    assert set(outcomes(form.id)["unprocessed"]) == rows
    assert ("unprocessed_joke" in outcomes(form.id)["unprocessed"]) == (change == "row")
    assert "unprocessed_joke" not in outcomes("form_2021")["unprocessed"]


def judged(document: Document) -> pl.DataFrame:
    """The results of one report alone."""
    report = extract(document)
    about = Identity(
        report_id="r",
        current=True,
        agency_id="a",
        agency_name=report.agency_name,
        year=report.year,
    )
    return checks.run(frames_of([FiledReport(document, report, about)]))


def test_a_report_of_the_new_form_is_judged_by_the_rules_that_hold_since(ship) -> None:
    form = ship(derived(*CHANGES["short column"]))
    results = judged(written(draw_report(year=2027, form=form.id), "tabs"))
    assert set(results["check"]) >= {"t3_row_total", "s_form_year_mismatch", "n_received"}
    failed = results.filter((results["outcome"] == "fail") & (results["severity"] == "error"))
    assert failed["check"].to_list() == []


def test_the_year_never_decides(ship) -> None:
    form = ship(derived(*CHANGES["column"]))
    for printed, year in (("form_2021", 2028), ("form_2019", 2027), (form.id, 2019)):
        found = extract(written(filled(printed, year), "tabs"))
        assert (found.form, found.year) == (printed, year)


def test_a_label_in_a_sentence_is_no_column_of_the_new_form(ship) -> None:
    ship(derived(*CHANGES["column"]))
    ship_again = filled("form_2021")
    text = render(ship_again, "tabs", seed=1)
    said = text.replace("\n一、", "\n明年起将一并统计本年修订重印件数。\n一、", 1)
    assert said != text
    assert extract(read_bytes(said.encode())).form == "form_2021"


@pytest.mark.parametrize("heading", ["（三）行政检查", "行政检查"])
def test_a_heading_is_no_row_of_the_new_form(heading: str, ship) -> None:
    ship(derived(*CHANGES["short row"]))
    text = render(filled("form_2021"), "tabs", seed=1)
    said = text.replace("\n二、", f"\n{heading}\n全年没有开展。\n二、", 1)
    assert extract(read_bytes(said.encode())).form == "form_2021"


def test_of_two_forms_that_print_the_same_the_older_is_found(ship) -> None:
    form = ship(derived())
    assert form.id == "form_2027"
    assert {extract(d).form for d in documents().values()} == {r.form for r in reports().values()}
    assert extract(written(filled(form.id, 2027), "tabs")).form == "form_2021"


@pytest.mark.parametrize(("change", "outcome"), [((), "pass"), (CHANGES["column"], "fail")])
def test_the_older_form_is_held_against_a_report_only_where_it_shows(
    change: tuple[tuple[str, str], ...], outcome: str, ship
) -> None:
    ship(derived(*change))
    results = judged(written(draw_report(year=2027, form="form_2021"), "tabs"))
    of_year = results.filter(pl.col("check") == "s_form_year_mismatch")
    assert of_year["outcome"].to_list() == [outcome]


def test_where_columns_of_the_new_form_and_of_the_old_stand_in_one_document(ship) -> None:
    ship(derived(*CHANGES["renamed"]))
    text = render(filled("form_2021"), "tabs", seed=1)
    both = text.replace("现行有效件数", "现行有效件数\t年末仍有效件数", 1)
    found = extract(read_bytes(both.encode()))
    assert found.form is None
    assert "form_mixed" in {d.code for d in found.diagnostics}


LINE = ("form_a", "form_b", "form_c")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("form_b", ("form_b",)),
        ("form_b..", ("form_b", "form_c")),
        ("form_a..form_b", ("form_a", "form_b")),
        ("form_a.. -form_b", ("form_a", "form_c")),
        ("form_c form_a", ("form_a", "form_c")),
    ],
)
def test_a_span_names_forms_along_the_line(text: str, named: tuple[str, ...]) -> None:
    assert spanned(text, LINE) == named


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("form_d..", "form_d"),
        ("form_a..form_d", "form_d"),
        ("form_b..form_a", "ends before"),
        ("..form_b", "no first form"),
        ("form_a -form_a..", "names no form"),
        ("", "names no form"),
    ],
)
def test_a_span_that_names_nothing_is_refused(text: str, named: str) -> None:
    with pytest.raises(FormError, match=named):
        spanned(text, LINE)


def test_within_a_span() -> None:
    assert span("form_2019..")[:2] == ("form_2019", "form_2021")
    assert within("form_2021", "form_2019..")
    assert not within("form_2014", "form_2019..")
    assert not within(None, "form_2019..")


def test_a_form_ends_the_year_before_the_one_that_follows_it() -> None:
    line = in_line([parse_form(derived()), *forms().values()])
    assert [(form.id, form.years_to) for form in line.values()][-2:] == [
        ("form_2021", 2026),
        ("form_2027", None),
    ]


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"follows": "form_2019"}, "as form_20(21|27) does"),
        ({"follows": "form_2024"}, "form_2024, which isn't in the line"),
        ({"follows": "form_2027"}, "isn't in the line"),
        ({"year": 2021}, "form_2021: stands twice"),
    ],
)
def test_forms_that_make_no_line_are_refused(changes: dict[str, str], named: str) -> None:
    with pytest.raises(FormError, match=named):
        in_line([*forms().values(), parse_form(derived(**changes))])


def test_a_form_for_the_years_of_its_forerunner_is_refused() -> None:
    early = msgspec.structs.replace(parse_form(derived()), years_from=2021)
    with pytest.raises(FormError, match="not for the same years"):
        in_line([*forms().values(), early])
