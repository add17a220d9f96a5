"""A site made over an earlier one is, byte for byte, the one that is made from nothing."""

import datetime as dt
import os
import shutil
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import polars as pl
import pytest
import view_data
from view_data import A, B, D, Rows, document, value, write_small

from dashboard.data import OF_A_DOCUMENT
from dashboard.site import (
    Options,
    addresses,
    build_site,
    hashes,
    kept,
    links,
    pages,
    parts,
    render,
    write,
)
from dashboard.site.kinds import Task, tasks
from dashboard.site.narrow import READ_BY

pytestmark = pytest.mark.slow

OPTIONS = Options(("zh",), base_url="https://example.org/", contact="a@example.org")
FIGURE = "t3_requests.granted_full.natural_person"
# What tells of earlier versions, or since when a report is another file.
OF_BEFORE = (
    *("data/versions/", "data/files.json", "data/reports.json"),
    *(addresses.FEED, addresses.DATA),
)


E = "370202-e"
"""An agency of another region."""


def usual(rows: Rows) -> None:
    """Texts of section five, one that two agencies share, problems that come back; two regions."""
    numbers = dict.fromkeys(("requests_received", "granted_full", "disposed_total"), 2.0)
    view_data.report(rows, E, "青山区财政局", 2022, "form_2021", numbers)
    rows.tables["reports"][-1] |= {"region_code": "370202", "county": "青山区"}
    years = (2019, 2020, 2021, 2022)
    said = {(A, year): f"公开不够及时，{year}年仍有不足。" for year in years}
    said[B, 2021] = said[A, 2021]
    for (agency, year), text in said.items():
        doc = document(agency, year)
        rows.add(
            "sections", document_id=doc, year=year, section="s5_problems", heading="五、问题",
            text=text, part="line:2", start=0, end_part="line:3", end=9,
        )  # fmt: skip
        for n, theme in enumerate(("timeliness", "staffing"), 2):
            rows.add(
                "points", document_id=doc, point_id=f"q{n}-{agency}-{year}", year=year,
                kind="problem", ordinal=n, text=text, themes=[theme], part="line:3", start=0,
                end_part="line:3", end=2,
            )  # fmt: skip
        if agency == A and year > years[0]:
            before = year - 1
            rows.add(
                "promises", document_id=doc, point_id=f"q2-{A}-{year}", link="repeated",
                theme="timeliness", agency_id=A, year=year, other_document_id=document(A, before),
                other_point_id=f"q2-{A}-{before}", likeness=0.9, years=year - years[0] + 1,
            )  # fmt: skip
    for agency in (A, B):
        rows.add(
            "groups", group="g", section="s5_problems", document_id=document(agency, 2021),
            agencies=2,
        )  # fmt: skip
    rows.add(
        "similar", document_id=document(B, 2021), section="s5_problems", other=document(A, 2021),
        share=1.0, sentences=1, same_agency=False,
    )  # fmt: skip


def dataset(folder: Path, monkeypatch: pytest.MonkeyPatch, change: Callable[[Rows], None]) -> Path:
    faults = view_data._faults

    def more(rows: Rows) -> None:
        faults(rows)
        usual(rows)
        change(rows)

    with monkeypatch.context() as patched:
        patched.setattr(view_data, "_faults", more)
        return write_small(folder)


def _same(_: Rows) -> None:
    """Nothing changes."""


@pytest.fixture(scope="module")
def earlier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("earlier")
    with pytest.MonkeyPatch.context() as patched:
        made = dataset(folder / "dataset", patched, _same)
    build_site(made, folder / "site", OPTIONS, jobs=1)
    return folder


def over(earlier: Path, made: Path, folder: Path, options: Options = OPTIONS) -> Path:
    """The site of a dataset made over the earlier one, held against that made from nothing."""
    shutil.copytree(earlier / "site", folder / "site", copy_function=os.link)
    before = contents(earlier / "site")
    build_site(made, folder / "site", options, jobs=1)
    build_site(made, folder / "anew", options, jobs=1)
    there, anew = contents(folder / "site"), contents(folder / "anew")
    assert sorted(there) == sorted(anew)
    assert [name for name in sorted(anew) if there[name] != anew[name]] == []
    # What other sites have too was linked, never written over.
    assert contents(earlier / "site") == before
    return folder / "site"


def contents(site: Path) -> dict[str, bytes]:
    names = {path.relative_to(site).as_posix(): path for path in site.rglob("*") if path.is_file()}
    own = {name: path for name, path in names.items() if name != write.MARK}
    told = {name for name in own if name.removeprefix("en/").startswith(OF_BEFORE)}
    found = {name: path.read_bytes() for name, path in own.items() if name not in told}
    return found | {kept.NAME: kept_of(site)}


def kept_of(site: Path) -> bytes:
    """All that a site keeps for the next build, whatever parts it is put into."""
    before = kept.earlier(site)
    assert before.parts
    sizes: dict[str, int] = {}
    leads: dict[str, list[str]] = {}
    units: list[list[str]] = [[] for _ in kept._KINDS]
    for (kind, places), packed in zip(before.whose, before.parts, strict=True):
        mine = [*kept._of(before.inputs)[kind]]
        units[kind] += [mine[place] for place in links.placed(places).tolist()]
        part = msgspec.msgpack.decode(zlib.decompress(packed), type=parts.Part)
        assert sizes.keys().isdisjoint(part.sizes)
        sizes |= part.sizes
        for page, led in part.leads.items():
            leads[page] = sorted(part.names[place] for place in links.placed(led).tolist())
    head = msgspec.structs.replace(before, whose=[], parts=[])
    told = (head, sorted(sizes.items()), sorted(leads.items()), [sorted(some) for some in units])
    return msgspec.msgpack.encode(told)


def figure(rows: Rows) -> None:
    value(rows, B, 2021, FIGURE)["number"] = 4.0


def text(rows: Rows) -> None:
    section = next(
        row
        for row in rows.tables["sections"]
        if (row["document_id"], row["section"]) == (document(A, 2022), "s5_problems")
    )
    section["text"] = "已经没有什么问题。"


def point(rows: Rows) -> None:
    rows.tables["points"][-1]["text"] = "人手太少。"


def theme(rows: Rows) -> None:
    rows.tables["points"][-1]["themes"] = ["platform"]


def likeness(rows: Rows) -> None:
    rows.tables["promises"][-1]["likeness"] = 0.7


def shared(rows: Rows) -> None:
    rows.tables["groups"].clear()


def part(rows: Rows) -> None:
    rows.tables["parts"][1]["text"] = "一、总体上的情况"


def added(rows: Rows) -> None:
    numbers = dict.fromkeys(("requests_received", "granted_full", "disposed_total"), 2.0)
    view_data.report(rows, D, "海棠县档案馆", 2022, "form_2021", numbers)


def removed(rows: Rows) -> None:
    doc = document(A, 2019)
    for name, found in rows.tables.items():
        gone = [row for row in found if row.get("document_id") == doc]
        rows.tables[name] = [row for row in found if row not in gone]
    rows.tables["promises"] = [
        row for row in rows.tables["promises"] if row["other_document_id"] != doc
    ]


def corrected(rows: Rows) -> None:
    table, row, column = FIGURE.split(".")
    rows.add(
        "corrections", agency_id=B, year=2021, table=table, row=row, column=column, printed=5.0,
        corrected=6.0, reason="印错", source="来函", date=dt.date(2022, 5, 1),
    )  # fmt: skip


def replied(rows: Rows) -> None:
    rows.add("replies", report_id=f"{A}-2022", text="已经说明。", date=dt.date(2023, 5, 1))


def renamed(rows: Rows) -> None:
    for row in rows.tables["reports"]:
        if row["agency_id"] == A:
            row["agency_name"] = "海棠县财政和国资局"


def moved(rows: Rows) -> None:
    for row in rows.tables["reports"]:
        row["county"] = row["county"] and "海棠区"


def status(rows: Rows) -> None:
    row = next(r for r in rows.tables["coverage"] if (r["agency_id"], r["year"]) == (D, 2022))
    row["status"] = "not_found"


def marked(rows: Rows) -> None:
    """Another place stands before that of a date, to which the list of the late leads."""
    evidence = rows.tables["evidence"]
    at = next(n for n, row in enumerate(evidence) if row["field"] == "published_on")
    evidence.insert(at, evidence[at] | {"field": "agency_name", "end": 3})


def lost(rows: Rows) -> None:
    rows.add("documents", path="bad/odd.txt", status="failed", error="empty", message="empty file")


def unshown(rows: Rows) -> None:
    """The report is another file, and an agency's page says so; its card says the same."""
    value(rows, B, 2021, FIGURE)["raw"] = "２"


CHANGES = (
    *(figure, text, point, theme, likeness, shared, part, added, removed),
    *(corrected, replied, renamed, moved, status, marked, lost, unshown),
)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_changed_dataset(
    change: Callable[[Rows], None], earlier: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = dataset(tmp_path / "dataset", monkeypatch, change)
    site = over(earlier, made, tmp_path)
    # The change is one that is seen.
    assert contents(site) != contents(earlier / "site")


@pytest.mark.parametrize(
    "options",
    [
        msgspec.structs.replace(OPTIONS, contact="b@example.org"),
        msgspec.structs.replace(OPTIONS, langs=("zh", "en")),
    ],
    ids=("contact", "languages"),
)
def test_other_options(options: Options, earlier: Path, tmp_path: Path) -> None:
    site = over(earlier, earlier / "dataset", tmp_path, options)
    assert contents(site) != contents(earlier / "site")


def test_another_program(earlier: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hashes, "program", lambda: b"another")
    drawn: list[str] = []
    put = write.put

    def told(files: Any, *where: Path) -> write.Made:
        made = put(files, *where)
        drawn.extend(made.sizes)
        return made

    monkeypatch.setattr("dashboard.site.pool.put", told)
    over(earlier, earlier / "dataset", tmp_path)
    anew = tmp_path / "anew"
    pages = [path.relative_to(anew).as_posix() for path in anew.rglob("*.html")]
    assert sorted(name for name in drawn if name.endswith(".html")) == sorted(pages * 2)


def test_only_what_shows_a_change_is_made_again(
    earlier: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = dataset(tmp_path / "dataset", monkeypatch, figure)
    shutil.copytree(earlier / "site", tmp_path / "site", copy_function=os.link)
    of: dict[str, set[str]] = {}
    drawn: list[str] = []
    read: list[str] = []
    draw, stored = render.Draw.__call__, hashes._read

    def told(*given: Any) -> list[Task]:
        found = tasks(*given)
        for task in found:
            of.setdefault(task.kind, set()).update(task.some)
        return found

    def drawing(self: render.Draw, address: str, template: str, **names: Any) -> render.File:
        drawn.append(address)
        return draw(self, address, template, **names)

    def reading(path: Path, key: pl.Expr) -> hashes.Hashes:
        read.append(path.relative_to(made).parts[0])
        return stored(path, key)

    monkeypatch.setattr("dashboard.site.tasks", told)
    monkeypatch.setattr(render.Draw, "__call__", drawing)
    monkeypatch.setattr(hashes, "_read", reading)
    build_site(made, tmp_path / "site", OPTIONS, jobs=1)
    assert (of["cards"], of["agency"]) == ({document(B, 2021)}, {B})
    assert of["region"] == {"370000", "370100", "370199"}
    assert addresses.rule("t3_balance") not in drawn
    assert {addresses.COVERAGE, addresses.GLOSSARY, addresses.COMPARE}.isdisjoint(drawn)
    assert {"values"} <= set(read) < set(OF_A_DOCUMENT)
    # One of its pages is another: it is drawn.
    (tmp_path / "site" / addresses.COVERAGE).unlink()  # the earlier site has it too
    (tmp_path / "site" / addresses.COVERAGE).write_text("else", "utf-8")
    drawn.clear()
    build_site(made, tmp_path / "site", OPTIONS, jobs=1)
    assert addresses.COVERAGE in drawn
    assert (tmp_path / "site" / addresses.COVERAGE).read_text("utf-8") != "else"


def test_of_a_list_only_the_page_of_another_row_is_drawn(
    earlier: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "_ROWS", 1)
    build_site(earlier / "dataset", tmp_path / "site", OPTIONS, jobs=1)

    def unread(rows: Rows) -> None:
        value(rows, B, 2021, FIGURE).update(number=None, state="unreadable")

    made = dataset(tmp_path / "dataset", monkeypatch, unread)
    drawn: list[str] = []
    draw = render.Draw.__call__

    def drawing(self: render.Draw, address: str, template: str, **names: Any) -> render.File:
        drawn.append(template)
        return draw(self, address, template, **names)

    monkeypatch.setattr(render.Draw, "__call__", drawing)
    build_site(made, tmp_path / "site", OPTIONS, jobs=1)
    assert drawn.count("agencies.html") == 1
    drawn.clear()
    build_site(made, tmp_path / "anew", OPTIONS, jobs=1)
    assert drawn.count("agencies.html") > 1
    there, anew = contents(tmp_path / "site"), contents(tmp_path / "anew")
    assert [name for name in anew if there[name] != anew[name]] == []


@pytest.mark.parametrize(
    ("change", "same"),
    [
        (figure, {"search", "words"}),
        (status, {"search", "words"}),
        (marked, set(READ_BY) - {"coverage"}),
        (lost, set(READ_BY) - {"home", "indicators", "agencies", "regions"}),
        (unshown, set(READ_BY)),
    ],
    ids=lambda told: getattr(told, "__name__", ""),
)
def test_what_reads_nothing_of_a_change_is_not_made_again(
    change: Callable[[Rows], None],
    same: set[str],
    earlier: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = dataset(tmp_path / "dataset", monkeypatch, change)
    shutil.copytree(earlier / "site", tmp_path / "site", copy_function=os.link)
    asked: list[str] = []

    def told(*given: Any) -> list[Task]:
        found = tasks(*given)
        asked.extend(task.kind for task in found)
        return found

    monkeypatch.setattr("dashboard.site.tasks", told)
    build_site(made, tmp_path / "site", OPTIONS, jobs=1)
    assert set(READ_BY).difference(asked) == same
    # One of its files is gone: all of them are made.
    lost = next(name for name in kept.earlier(tmp_path / "site").kinds["search"])
    (tmp_path / "site" / lost).unlink()
    asked.clear()
    build_site(made, tmp_path / "site", OPTIONS, jobs=1)
    assert "search" in asked
    assert (tmp_path / "site" / lost).is_file()


def test_parts_of_what_is_the_same_stay_packed(
    earlier: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "_KINDS", tuple((name, 1) for name, _ in kept._KINDS))
    build_site(earlier / "dataset", tmp_path / "site", OPTIONS, jobs=1)
    packed: list[list[str]] = []
    one = kept._one

    def packing(files: Any, *given: Any) -> parts.Part | None:
        packed.append(list(files))
        return one(files, *given)

    monkeypatch.setattr(kept, "_one", packing)
    first = contents(tmp_path / "site")
    build_site(earlier / "dataset", tmp_path / "site", OPTIONS, jobs=1)
    assert packed == []
    assert contents(tmp_path / "site") == first
    made = dataset(tmp_path / "changed", monkeypatch, figure)
    build_site(made, tmp_path / "site", OPTIONS, jobs=1)
    there = {name for files in packed for name in files}
    assert addresses.report(f"{B}-2021") in there
    assert addresses.agency(B) in there
    assert {addresses.report(f"{A}-2022"), addresses.agency(A)}.isdisjoint(there)
    build_site(made, tmp_path / "anew", OPTIONS, jobs=1)
    assert contents(tmp_path / "site") == contents(tmp_path / "anew")


def test_a_damaged_part_is_made_again(
    earlier: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(earlier / "site", tmp_path / "site", copy_function=os.link)
    told = msgspec.msgpack.decode((tmp_path / "site" / kept.NAME).read_bytes(), type=kept._Packed)
    assert len(told.parts) > 1
    for damaged in ([b"", *told.parts[1:]], told.parts[1:]):
        content = msgspec.msgpack.encode(kept._Packed(told.head, damaged))
        (tmp_path / "site" / kept.NAME).unlink()  # the earlier site has it too
        (tmp_path / "site" / kept.NAME).write_bytes(content)
        drawn = 0

        def drawing(*given: Any) -> list[Task]:
            nonlocal drawn
            found = tasks(*given)
            drawn += sum(task.kind == "cards" for task in found)
            return found

        monkeypatch.setattr("dashboard.site.tasks", drawing)
        build_site(earlier / "dataset", tmp_path / "site", OPTIONS, jobs=1)
        assert drawn
        assert contents(tmp_path / "site") == contents(earlier / "site")


def test_of_files_that_can_not_all_be_linked_none_is(tmp_path: Path) -> None:
    site, fresh = tmp_path / "site", tmp_path / "fresh"
    for folder in (site, fresh):
        (folder / "in").mkdir(parents=True)
    for name in ("a", "in/b", "in/c"):
        (site / name).write_text(name, "utf-8")
    linking = kept._Linking(site, fresh)
    assert not linking.linked({"a": 1, "in/b": 4, "in/d": 4})  # one is gone
    assert not linking.linked({"a": 1, "in/b": 9})  # one is another
    (fresh / "in/c").write_text("else", "utf-8")
    assert not linking.linked({"a": 1, "in/b": 4, "in/c": 4})
    assert [path.name for path in fresh.rglob("*") if path.is_file()] == ["c"]
    assert linking.linked({"a": 1, "in/b": 4})
    assert (fresh / "in/b").samefile(site / "in/b")


def test_small_parts_do_not_become_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """A unit more at each build: the parts stay about as many as full ones would be."""
    monkeypatch.setattr(kept, "_KINDS", (("reports", 10),))
    whole: list[parts.Whole] = []
    units: list[str] = []
    for build in range(200):
        units.append(str(build))
        every = kept._Addresses(units, lambda one: [one])
        stay, rest = kept._parted(whole, 0, every)
        told = [*(one.units for one in stay), *rest]
        assert sorted(one for some in told for one in some) == sorted(units)
        assert max(map(len, told)) <= 10
        assert len(told) <= len(units) // 5 + 1
        whole = [parts.Whole(n, 0, some, (0, 0), sound=True) for n, some in enumerate(told)]
    assert kept._parted(whole, 0, every)[1] == []
