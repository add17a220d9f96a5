"""Cards and counts are made again only where what they rest on changed, and then they are."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import polars as pl
import pytest
from built import built_anew, changed, one, reports, same, tables, undone

from govreport_core import checks
from govreport_core.build import (
    across,
    beside,
    covering,
    documents,
    pipeline,
    plan,
    state,
    summaries,
    whole,
)
from govreport_core.dataset import counting, offsets, parquet, publishing, store
from govreport_core.dataset.cards import carded
from govreport_core.schemas import TABLES

KINDS = ("across", "coverage", "whole", "cards", "counts")
_MANY = 20  # reports: whose results stand in several parts
_FIGURE = re.compile(r"(行政许可\D*?)(\d)")


@pytest.fixture(scope="module")
def kept(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some reports, and the dataset built from them in chunks of a few."""
    work = tmp_path_factory.mktemp("kept") / "work"
    reports(samples, work / "reports")
    with pytest.MonkeyPatch.context() as patched:
        small(patched)
        assert pipeline.build([work / "reports"], work / "dataset").written
    return work


def small(patched: pytest.MonkeyPatch) -> None:
    """A few reports are many."""
    patched.setattr(plan, "CHUNK", 4)
    patched.setattr(across, "AT_ONCE", 5)
    patched.setattr(whole, "AT_ONCE", 5)
    patched.setattr(counting, "WIDE", 4)
    patched.setattr("govreport_core.dataset.cards._AT_ONCE", 3)


@pytest.fixture
def sources(kept: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The reports; what a test does to them and to the dataset beside them is undone after it."""
    small(monkeypatch)
    with undone(kept):
        yield kept / "reports"


@pytest.fixture
def out(sources: Path) -> Path:
    return sources.with_name("dataset")


def files(out: Path, *kinds: str) -> set[Path]:
    """What is kept beside a dataset."""
    return {file for kind in kinds for file in (store.Shelf(out).root / kind).iterdir()}


class Work:
    """What is made from now on: the years of cards, how many, and how many folders are counted."""

    def __init__(self, patched: pytest.MonkeyPatch) -> None:
        self.years: list[int | None] = []
        self.cards = 0
        self.counted = 0
        made, counted = summaries.made, counting.counted

        def noted_made(rows: pl.DataFrame, *others: Any) -> pl.DataFrame:
            self.years += rows["year"].unique().to_list()
            self.cards += rows.height
            return made(rows, *others)

        def noted_counted(*given: Any) -> pl.DataFrame:
            self.counted += 1
            return counted(*given)

        patched.setattr(summaries, "made", noted_made)
        patched.setattr(counting, "counted", noted_counted)


def test_only_cards_and_counts_of_what_changed_are_made(
    sources: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = files(out, "cards", "counts")
    linked = {file.stat().st_ino for file in (out / "cards").glob("year=2021/*")}
    changed(sources)
    work = Work(monkeypatch)
    pipeline.build([sources], out)
    assert linked == {file.stat().st_ino for file in (out / "cards").glob("year=2021/*")} != set()
    assert 2021 not in work.years
    assert 1 <= len(work.years) < len([file for file in before if file.parent.name == "cards"]) / 2
    # the new chunk, what is left of the old one, and the agency's among others, covered, of all
    assert work.counted == 5
    # of cards each file has one beside it that tells what its rows rest on
    assert len(files(out, "cards", "counts") - before) == 2 * len(work.years) + 5
    # the report's own, and that of the next year, which is held against it
    assert work.cards <= 2


def test_cards_that_a_build_made_itself_are_not_read_by_it_again(
    sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A year of very many has many files: each would be read for all that follow."""
    read: list[list[Path]] = []
    renewed = summaries._renewed

    def noted(rows: pl.DataFrame, marks: pl.DataFrame, before: list[Path], *more: Any) -> Any:
        read.append(before)
        return renewed(rows, marks, before, *more)

    monkeypatch.setattr(summaries, "_renewed", noted)
    pipeline.build([sources], tmp_path / "dataset")
    assert len(read) > 3
    assert not any(read)


def test_nothing_is_made_when_only_names_change(
    sources: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither are they when the same documents stand in other chunks."""
    before = files(out, "cards")
    file = one(sources)
    file.rename(file.with_name("9-last.txt"))
    manifest = sources / "manifest.csv"
    told = manifest.read_text("utf-8-sig").replace(f"2022/{file.name}", "2022/9-last.txt")
    manifest.write_text(told, encoding="utf-8")
    monkeypatch.setattr(plan, "CHUNK", 400)
    monkeypatch.setattr(pipeline, "_MANY_SMALL", 2)
    work = Work(monkeypatch)
    version = out.resolve()
    pipeline.build([sources], out)
    assert out.resolve() != version
    assert work.years == []
    assert files(out, "cards") == before
    # all are in one chunk now
    assert work.counted == 1


def figure(sources: Path) -> None:
    file = one(sources)
    text = _FIGURE.sub(lambda m: f"{m[1]}{int(m[2]) % 9 + 1}", file.read_text("utf-8"), count=1)
    assert text != file.read_text("utf-8")
    file.write_text(text, encoding="utf-8")


def removed(sources: Path) -> None:
    one(sources).unlink()


def successor(sources: Path) -> None:
    """An agency goes on as another: their reports are one row of years."""
    file = sources / "agencies.csv"
    rows = pl.read_csv(file, infer_schema=False)
    gone, heir = rows["agency_id"][:2]
    mine = pl.col("agency_id") == gone
    rows.with_columns(successor=pl.when(mine).then(pl.lit(heir))).write_csv(file)


def listed(sources: Path) -> None:
    """An agency more is due: cards without a report come, and the others stay."""
    roster = sources / "agencies.csv"
    roster.write_text(roster.read_text("utf-8-sig") + "z-1,某市某局,990100\n", encoding="utf-8")


def overtaken(sources: Path) -> None:
    """Another reading comes that is shown instead: nothing of the first one's chunk changes."""
    file = one(sources)
    first = hashlib.sha256(file.read_bytes()).hexdigest()
    text = file.read_text("utf-8")
    readings = (f"{text}\n附件：无{'。' * n}\n".encode() for n in range(1, 100))
    better = next(one for one in readings if hashlib.sha256(one).hexdigest() < first)
    file.with_name("0-first.txt").write_bytes(better)
    manifest = sources / "manifest.csv"
    lines = manifest.read_text("utf-8-sig").splitlines()
    mine = next(line for line in lines if f"2022/{file.name}" in line)
    lines.append(mine.replace(f"2022/{file.name}", "2022/0-first.txt"))
    manifest.write_text("\n".join(lines) + "\n", encoding="utf-8")


def wide(sources: Path) -> None:
    """A division has so few reports now that it has no row of its own."""
    for file in sorted((sources / "2021").glob("*.txt"))[:4]:
        file.unlink()


def roster_with(sources: Path, **told: pl.Expr) -> None:
    """The roster, in which a column says otherwise of each agency."""
    file = sources / "agencies.csv"
    pl.read_csv(file, infer_schema=False).with_columns(**told).write_csv(file)


def ended(sources: Path) -> None:
    """The first agency's time ended: no report of it is due any more."""
    first = pl.int_range(pl.len()) == 0
    roster_with(sources, valid_to=pl.when(first).then(pl.lit("2022-01-01")))


def searched(sources: Path) -> None:
    """Reports of one agency were looked for in a year of which no report is known."""
    last = pl.int_range(pl.len()) == pl.len() - 1
    roster_with(sources, searched=pl.when(last).then(pl.lit("2019")))


def reordered(sources: Path) -> None:
    file = sources / "agencies.csv"
    pl.read_csv(file, infer_schema=False).reverse().write_csv(file)


def unknown(sources: Path) -> None:
    """A report of which nobody knows whose it is: it may be that of any agency without one."""
    removed(sources)
    file = one(sources, "2021")
    text = file.read_text("utf-8-sig")
    name, _, rest = text.partition("\n")
    of_nobody = rest.replace(name, "").replace("2021年", "2022年")
    file.with_name("nobody.txt").write_text(of_nobody, encoding="utf-8")


def unread(sources: Path) -> None:
    """A report, which the manifest names, can't be read any more."""
    one(sources).write_bytes(b"")


COVERED = {
    ended: "not_required",
    searched: "not_found",
    reordered: "on_time",
    unknown: "unclear",
    unread: "unread",
}
"""Changes after which some agency, or each, is covered otherwise, with a status that one has."""


@pytest.mark.parametrize(
    "change",
    [changed, figure, removed, successor, listed, overtaken, wide, *COVERED, lambda _: None],
)
def test_after_a_change_cards_and_counts_are_those_of_a_build_from_nothing(
    sources: Path, out: Path, tmp_path: Path, change: Callable[[Path], None]
) -> None:
    before = tables(out)
    change(sources)
    pipeline.build([sources], out)
    after = tables(out)
    assert same(after, built_anew(sources, tmp_path))
    assert rows_of_coverage(out).equals(rows_of_coverage(tmp_path / "anew" / "dataset"))
    assert COVERED.get(change, "on_time") in after["coverage"]["status"]
    if change is overtaken:
        (gone,) = after["reports"].filter(~pl.col("current"))["document_id"]
        assert gone in before["cards"]["document_id"]
        assert gone not in after["cards"]["document_id"]


def rows_of_coverage(out: Path) -> pl.DataFrame:
    return store.scan(store.opened(out), "coverage").collect()


def test_coverage_is_made_again_only_of_agencies_that_something_changed_for(
    sources: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = files(out, "coverage")
    made: list[set[str]] = []
    coverage = covering.coverage

    def noted(agencies: pl.DataFrame, *given: Any, **more: Any) -> pl.DataFrame:
        made.append(set(agencies["agency_id"]))
        return coverage(agencies, *given, **more)

    monkeypatch.setattr(covering, "coverage", noted)
    changed(sources)
    pipeline.build([sources], out)
    every = set(pl.read_csv(sources / "agencies.csv", infer_schema=False)["agency_id"])
    assert len(made) == 1
    assert made[0] < every
    assert len(files(out, "coverage") & before) == len(before) - 1 > 1
    searched(sources)  # a year more, for all
    pipeline.build([sources], out)
    assert set().union(*made[1:]) == every
    assert not files(out, "coverage") & before


def inodes(out: Path, table: str) -> dict[str, int]:
    """A table's files, and which each of them is."""
    below = out.resolve() / table
    return {f.relative_to(below).as_posix(): f.stat().st_ino for f in below.rglob("*.parquet")}


def test_what_says_the_same_as_in_the_version_before_is_linked(sources: Path, out: Path) -> None:
    before = {table: inodes(out, table) for table in TABLES}
    figure(sources)
    pipeline.build([sources], out)
    after = {table: inodes(out, table) for table in TABLES}
    assert after["agencies"] == before["agencies"]
    stay = before["reports"].items() & after["reports"].items()
    assert {file for file, _ in stay} == {"year=2021/part.parquet", "year=2023/part.parquet"}


def test_a_damaged_file_of_the_version_before_is_written_anew(
    sources: Path, out: Path, tmp_path: Path
) -> None:
    halved(out / "agencies" / "part.parquet")
    file = out / "reports" / "year=2021" / "part.parquet"
    rows = pl.read_parquet(file, hive_partitioning=False)
    file.unlink()
    parquet.put(rows.reverse(), file, {"rows": "of other rows"})
    pipeline.build([sources], out)
    assert same(tables(out), built_anew(sources, tmp_path))
    assert pl.read_parquet(out / "reports" / "year=2021" / "*.parquet").equals(rows)


def test_a_document_more_changes_one_file_of_documents(
    sources: Path, out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "_IN_FILE", 3)
    pipeline.build([sources], out, fresh=True)
    before = set(inodes(out, "documents").values())
    first = one(sources, "2021").with_name("000.txt")
    first.write_bytes(b"")
    pipeline.build([sources], out)
    after = set(inodes(out, "documents").values())
    assert len(after) > 4
    assert len(after - before) == 1
    monkeypatch.setattr(documents, "_IN_FILE", 1_000_000)
    assert same(tables(out), built_anew(sources, tmp_path))
    rows, in_one_file = (
        store.scan(store.opened(one), "documents").collect()
        for one in (out, tmp_path / "anew" / "dataset")
    )
    assert rows.equals(in_one_file)


@pytest.mark.parametrize("change", [changed, removed, wide])
def test_places_of_shards_that_stay_are_not_sorted_again_and_right(
    sources: Path, out: Path, change: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "_FEW", 1.0)
    monkeypatch.setattr(offsets, "DOCUMENTS", 4)
    sorted_: list[tuple[str, int]] = []
    renewed = publishing.renewed

    def noted(before: list[Path], gone: list[str], places: pl.DataFrame) -> Iterator[pl.DataFrame]:
        sorted_.append((before[0].stem, places.height))
        return renewed(before, gone, places)

    monkeypatch.setattr(publishing, "renewed", noted)
    for _ in range(2):  # files of before that were gone on with are gone on with
        change(sources)
        pipeline.build([sources], out)
        assert_placed(out)
    assert sorted(name for name, _ in sorted_) == ["part", "part", "whole", "whole"]
    for name, again in sorted_[2:]:
        files = (out / "offsets").glob(f"{name}*.parquet")
        assert 0 < again < sum(pl.read_parquet(file).height for file in files)


def assert_placed(out: Path) -> None:
    """Each row of a document stands where `offsets` says, and nothing else is said."""
    version = store.opened(out)
    for name in ("part*", "whole*", "written*"):
        keys = ["document_id", "table", "file", "first"]
        files = (version / "offsets").glob(f"{name}.parquet")
        ends = [pl.read_parquet(file).select(keys) for file in files]
        assert ends
        assert all(one.equals(one.sort(keys)) for one in ends)
    told = store.scan(version, "offsets").collect()
    for (table,), mine in told.partition_by("table", as_dict=True).items():
        rows = store.scan(version, str(table)).collect()
        assert mine["rows"].sum() == rows["document_id"].count()
        read = {file: pl.read_parquet(version / file)["document_id"] for file in mine["file"]}
        for document, _, file, first, many in mine.iter_rows():
            assert set(read[file][first : first + many]) == {document}


@pytest.mark.parametrize("damage", ["cut", "lost", "other program", "no stamps"])
def test_places_that_cannot_be_gone_on_with_are_told_anew(
    sources: Path, out: Path, damage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(offsets, "DOCUMENTS", 4)
    pipeline.build([sources], out, fresh=True)
    monkeypatch.setattr(publishing, "_FEW", 1.0)
    renewed = publishing.renewed

    def not_of_these(before: list[Path], *more: Any) -> Iterator[pl.DataFrame]:
        assert before[0].stem == "whole"
        return renewed(before, *more)

    monkeypatch.setattr(publishing, "renewed", not_of_these)
    file = out / "offsets" / "part.parquet"
    if damage == "lost":
        (out / "offsets" / "part1.parquet").unlink()
    elif damage == "cut":
        file.write_bytes(file.read_bytes()[:-3])
    elif damage == "no stamps":
        parquet.put(pl.read_parquet(file), file)
    else:
        monkeypatch.setattr(pipeline, "joins_version", lambda: "other")
    changed(sources)
    pipeline.build([sources], out)
    assert_placed(out)


def graver(patched: pytest.MonkeyPatch) -> None:
    """Each rule that reminds says that something is wrong."""
    rules = {
        code: msgspec.structs.replace(rule, severity="error")
        for code, rule in checks.catalogue().items()
    }
    for module in (checks,):
        patched.setattr(module, "catalogue", lambda: rules)
    for module in (pipeline, across, state):
        patched.setattr(module, "judges_version", lambda: "graver")


def test_after_a_rule_changed_they_are_those_of_a_build_from_nothing(
    sources: Path, out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = tables(out)
    graver(monkeypatch)
    pipeline.build([sources], out)
    after = tables(out)
    assert not after["cards"].equals(before["cards"])
    assert not after["counts"].equals(before["counts"])
    assert same(after, built_anew(sources, tmp_path))


def halved(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


def lost(file: Path) -> None:
    file.unlink()


@pytest.mark.parametrize("damage", [halved, lost])
def test_what_was_kept_and_is_damaged_is_made_again(
    sources: Path, out: Path, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    for kept in files(out, *KINDS):
        for file in [kept] if kept.is_file() else sorted(kept.rglob("*.parquet")):
            damage(file)
    changed(sources)
    pipeline.build([sources], out)
    assert same(tables(out), built_anew(sources, tmp_path))


@pytest.mark.parametrize("kind", ["across", "coverage", "whole"])
def test_a_file_that_is_lost_of_what_was_judged_beside_others_is_made_again(
    sources: Path, out: Path, tmp_path: Path, kind: str
) -> None:
    for folder in files(out, kind):
        min((folder / "checks").iterdir()).unlink()
    changed(sources)
    pipeline.build([sources], out)
    assert same(tables(out), built_anew(sources, tmp_path))


def test_fresh_forgets_what_was_kept(sources: Path, out: Path) -> None:
    before = tables(out)
    chunks = {folder.name for folder in store.Shelf(out).root.glob("chunks/*")}
    for kept in files(out, *KINDS):
        for file in [kept] if kept.is_file() else sorted(kept.rglob("*.parquet")):
            cleared = pl.read_parquet(file, hive_partitioning=False).clear()
            file.unlink()
            parquet.put(cleared, file)
    pipeline.build([sources], out, fresh=True)
    assert same(tables(out), before)
    # a killed build's state may still name the chunks there were
    assert not chunks & {folder.name for folder in store.Shelf(out).root.glob("chunks/*")}


def test_what_no_build_asks_for_any_more_is_removed(sources: Path, out: Path) -> None:
    many = {kind: len(files(out, kind)) for kind in KINDS}
    left = store.Shelf(out).root / "across" / "half.new"
    left.mkdir()
    (left / "card.parquet").touch()
    for _ in range(2):
        figure(sources)
        pipeline.build([sources], out)
    assert not left.exists()
    for kind, before in many.items():
        assert len(files(out, kind)) <= before + 1, kind


def test_results_about_the_whole_stay_where_they_say_the_same(sources: Path, out: Path) -> None:
    before = files(out, "whole")
    assert len(before) > 1
    figure(sources)
    pipeline.build([sources], out)
    new = files(out, "whole") - before
    assert len(new) == 1
    assert len(files(out, "whole")) == len(before)


@pytest.mark.parametrize("kind", ["across", "coverage", "whole"])
def test_results_beside_others_stand_as_a_chunks_do(out: Path, kind: str) -> None:
    """They are linked, and where they stand is told."""
    folders = files(out, kind)
    links = {file.stat().st_ino for folder in folders for file in folder.glob("checks/*")}
    assert links
    assert links <= {file.stat().st_ino for file in (out / "checks").rglob("*.parquet")}
    told = store.scan(store.opened(out), "offsets").filter(table="checks").collect()
    for file in told["file"].unique():
        rows = pl.read_parquet(out / file, hive_partitioning=False)
        mine = told.filter(file=file)
        assert mine["rows"].sum() == rows["document_id"].count()
        for document, first, many in mine.select("document_id", "first", "rows").iter_rows():
            assert set(rows["document_id"][first : first + many]) == {document}
    assert beside.CARD in {file.name for folder in folders for file in folder.iterdir()}


def judged_of(out: Path, whole_of: pl.DataFrame | None = None) -> summaries.Judged:
    """Where a dataset's results are; of the whole those that are given."""
    shelf = store.Shelf(out)
    chunks = state.load(shelf.state).chunks
    checked = store.scan(store.opened(out), "checks").collect() if whole_of is None else whole_of
    of_all = checked.filter(pl.col("check") == "h_coverage")
    return summaries.judged(
        {name: shelf.chunk(name) for name, filed in chunks.items() if filed},
        summaries.resting(chunks),
        [*sorted(files(out, "across")), *whole.shelved(of_all, _MANY, shelf, "v")],
        "v",
    )


def altered_rests(out: Path, document: str) -> summaries.Judged:
    """Manifest or roster say otherwise of a report."""
    judged, mine = judged_of(out), pl.col("document_id") == document
    otherwise = pl.when(mine).then(pl.lit("otherwise")).otherwise("rests").alias("rests")
    return msgspec.structs.replace(judged, rests=judged.rests.with_columns(otherwise))


def altered_whole(out: Path, document: str) -> summaries.Judged:
    """Of a report something else is judged beside others."""
    mine = pl.col("document_id") == document
    other = {"outcome": "skip", "reason": "form_unknown"}
    otherwise = (pl.when(mine).then(pl.lit(to)).otherwise(of).alias(of) for of, to in other.items())
    return judged_of(out, store.scan(store.opened(out), "checks").with_columns(otherwise).collect())


def altered_none(out: Path, _document: str) -> summaries.Judged:
    """An agency and year without a report are judged otherwise."""
    told = store.scan(store.opened(out), "checks").drop_nulls("document_id")
    return judged_of(out, told.collect())


@pytest.mark.parametrize("alter", [altered_rests, altered_whole, altered_none])
def test_a_card_is_made_again_when_what_it_rests_on_changes(
    sources: Path, out: Path, monkeypatch: pytest.MonkeyPatch, alter: Callable[..., Any]
) -> None:
    removed(sources)  # so that there are cards without a report
    pipeline.build([sources], out)
    told = {name: store.scan(store.opened(out), name).collect() for name in TABLES}
    rows, judged, shelf = carded(told), judged_of(out), store.Shelf(out)
    ready = list(summaries.cards(rows, judged, shelf))
    summaries.counts(rows, judged, shelf)
    document = rows.filter(year=2021)["document_id"].drop_nulls()[0]
    work = Work(monkeypatch)
    again = alter(out, document)
    made = list(summaries.cards(rows, again, shelf))
    summaries.counts(rows, again, shelf)
    new = [one for one in made if one not in ready]
    assert len(work.years) == len(new)
    assert 1 <= len(new) < len(ready)
    if alter is not altered_none:
        (one_of_them,) = new
        assert document in pl.read_parquet(one_of_them.file)["document_id"]
    # its chunk where that is another, else its part of the whole
    assert work.counted == (len({*again.beside} - {*judged.beside}) or 1)
    assert list(summaries.cards(rows, again, shelf)) == made
