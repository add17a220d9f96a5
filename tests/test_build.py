"""Only what is new is read, nothing is lost, the dataset equals its sources."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from built import Tables, built_anew, changed, one, reports, same, tables, undone
from click.testing import CliRunner

from govreport_core.build import (
    beside,
    chunks,
    companions,
    pipeline,
    plan,
    pool,
    state,
)
from govreport_core.build.intake import many
from govreport_core.cli import core
from govreport_core.dataset import counting, keys, offsets, publishing, store
from govreport_core.errors import DatasetError
from govreport_core.sources import convert


@pytest.fixture(scope="module")
def kept(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some reports of some agencies, with manifest and roster, and the dataset built from them."""
    work = tmp_path_factory.mktemp("kept") / "work"
    folder = work / "reports"
    reports(samples, folder)
    assert pipeline.build([folder], work / "dataset").written
    return work


@pytest.fixture
def sources(kept: Path) -> Iterator[Path]:
    """The reports; what a test does to them and to the dataset beside them is undone after it."""
    with undone(kept):
        yield kept / "reports"


@pytest.fixture
def out(sources: Path) -> Path:
    """The dataset that is built from the reports."""
    return sources.with_name("dataset")


def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that are read from now on."""
    read: list[str] = []
    held_in = chunks.held_in

    def noted(path: Path):
        read.append(path.name)
        return held_in(path)

    monkeypatch.setattr(chunks, "held_in", noted)
    return read


def test_built_again_nothing_is_read_and_the_rows_are_the_same(
    sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "dataset"
    first = pipeline.build([sources], out)
    before = tables(out)
    monkeypatch.setattr(plan, "content", lambda path: pytest.fail(f"{path} is looked into"))
    read = opened(monkeypatch)
    # times of creation are those of this test: the last build began before them
    known = state.load(store.Shelf(out).state)
    known.began = time.time_ns() + 1
    state.save(known, store.Shelf(out).state)
    version = out.resolve()
    again = pipeline.build([sources], out)
    assert (read, again.fresh) == ([], 0)
    assert first.fresh == len(first.outcomes) > 15
    assert (out.resolve(), again.cells) == (version, first.cells)
    assert same(tables(out), before)


def test_built_again_no_shard_is_opened(
    sources: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    roster = sources / "agencies.csv"
    roster.write_text(roster.read_text(encoding="utf-8") + "z-1,某市某局,990100\n")
    monkeypatch.setattr(beside, "_frames", lambda *_: pytest.fail("the facts are read again"))
    version = out.resolve()
    pipeline.build([sources], out)
    assert out.resolve() != version
    assert "z-1" in tables(out)["agencies"]["agency_id"]


def test_a_dataset_that_lost_a_table_is_written_anew(sources: Path, out: Path) -> None:
    before = tables(out)
    shutil.rmtree(out / "cards")
    pipeline.build([sources], out)
    assert same(tables(out), before)


@pytest.mark.parametrize("table", ["values", "cards"])
def test_a_dataset_with_a_file_cut_short_is_written_anew(
    sources: Path, out: Path, table: str
) -> None:
    before = tables(out)
    file = max((out / table).glob("**/*.parquet"), key=lambda f: f.stat().st_size)
    os.truncate(file, file.stat().st_size // 2)
    pipeline.build([sources], out)
    assert same(tables(out), before)


def inserted(sources: Path) -> None:
    shutil.copy(one(sources), sources / "2021" / "0-first.txt")


def removed(sources: Path) -> None:
    one(sources).unlink()


def renamed(sources: Path) -> None:
    file = one(sources)
    file.rename(file.with_name("9-last.txt"))
    manifest = sources / "manifest.csv"
    told = manifest.read_text("utf-8-sig").replace(f"2022/{file.name}", "2022/9-last.txt")
    manifest.write_text(told, encoding="utf-8")


def overwritten(sources: Path) -> None:
    """Other bytes, of the same size and with the same time."""
    file = one(sources)
    times = file.stat()
    text = file.read_bytes()
    file.write_bytes(text.replace("公开".encode(), "公幵".encode(), 1))
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))


def manifest_row(sources: Path) -> None:
    file = sources / "manifest.csv"
    lines = file.read_text("utf-8-sig").splitlines()
    at = next(i for i, line in enumerate(lines) if f"2022/{one(sources).name}" in line)
    lines[at] = lines[at].replace("2023-", "2024-")
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def roster_row(sources: Path) -> None:
    file = sources / "agencies.csv"
    text = file.read_text("utf-8-sig")
    rows = text.splitlines()
    at = next(i for i, row in enumerate(rows) if row.startswith(f"{one(sources).stem},"))
    rows[at] = rows[at].replace("局,", "中心,", 1)
    file.write_text("\n".join(rows) + "\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "most"),
    [
        (changed, 1),
        (inserted, 2),
        (removed, 1),
        (renamed, 0),
        (overwritten, 1),
        (manifest_row, 2),
        (roster_row, 4),
    ],
)
def test_after_a_change_only_what_it_touches_is_read_and_the_rows_are_right(
    sources: Path, out: Path, tmp_path: Path, change, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(sources)
    read = opened(monkeypatch)
    assert pipeline.build([sources], out).written
    assert len([name for name in read if name.endswith(".txt")]) <= most
    monkeypatch.undo()
    assert same(tables(out), built_anew(sources, tmp_path))


def test_a_rule_that_changed_judges_without_reading(
    sources: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipeline.build([sources], out)  # files put there anew have other times: they're known now
    before = tables(out)
    known = state.load(store.Shelf(out).state)
    known.judges = "of another time"
    state.save(known, store.Shelf(out).state)
    shard = min(store.Shelf(out).root.glob("chunks/*/checks/*.parquet"))
    pl.read_parquet(shard, hive_partitioning=False).clear().write_parquet(shard)
    across = store.Shelf(out).root / "across"
    kept = set(across.iterdir())
    (across / "of-other-reports.parquet").touch()
    read = opened(monkeypatch)
    pipeline.build([sources], out)
    assert read == []
    assert same(tables(out), before)
    assert set(across.iterdir()) == kept


def test_fresh_forgets(sources: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = opened(monkeypatch)
    pipeline.build([sources], out, fresh=True)
    assert len(read) > 15


def test_what_there_is_to_read_with_is_looked_for_once_whatever_the_number_of_files(
    sources: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipeline.build([sources], out)
    asked: list[None] = []
    monkeypatch.setattr(plan, "means", lambda: asked.append(None) or "as before")
    monkeypatch.setattr(pipeline, "means", lambda: "as before")
    pipeline.build([sources], out)
    assert len(list(sources.rglob("*.txt"))) > len(asked) == 1


@pytest.mark.parametrize(
    "other",
    [
        lambda patched: patched.setenv("GOVREPORT_OCR", "1"),
        lambda patched: patched.setenv("GOVREPORT_READ_SECONDS", "60"),
        lambda patched: patched.setattr(convert, "program", lambda: "a LibreOffice of another day"),
    ],
    ids=["recogniser", "limit", "converter"],
)
def test_what_could_not_be_read_is_tried_again_with_other_means(
    sources: Path, out: Path, monkeypatch: pytest.MonkeyPatch, other
) -> None:
    monkeypatch.setattr(convert, "program", lambda: None)
    bad = one(sources)
    bad.write_bytes(b"")
    pipeline.build([sources], out)
    read = opened(monkeypatch)
    pipeline.build([sources], out)
    assert read == []
    other(monkeypatch)
    for _ in range(2):  # once
        pipeline.build([sources], out)
        assert read == [bad.name]


def test_the_same_bytes_twice_count_once_and_again_when_the_first_goes(
    sources: Path, out: Path, tmp_path: Path
) -> None:
    inserted(sources)
    summary = pipeline.build([sources], out)
    assert [o.error for o in summary.outcomes if o.status == "skipped"].count("identical") == 1
    (sources / "2021" / "0-first.txt").unlink()
    pipeline.build([sources], out)
    assert same(tables(out), built_anew(sources, tmp_path))


def test_many_chunks_give_the_rows_of_one(
    sources: Path, out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = tables(out)
    monkeypatch.setattr(plan, "CHUNK", 4)
    monkeypatch.setattr("govreport_core.build.across.AT_ONCE", 5)
    made = tmp_path / "dataset"
    pipeline.build([sources], made)
    assert len(list(store.Shelf(made).root.glob("chunks/*"))) >= 5
    assert same(tables(made), whole)


def test_of_other_agencies_nothing_is_judged_again(
    sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("govreport_core.build.across.AT_ONCE", 5)
    made = tmp_path / "dataset"
    pipeline.build([sources], made)
    before = {file.name for file in (store.Shelf(made).root / "across").iterdir()}
    judged: list[str] = []
    judge = beside._judged

    def noted(reports: pl.DataFrame, folders: list[Path]) -> pl.DataFrame:
        judged.extend(reports["agency_id"].unique())
        assert len(folders) <= reports.height
        return judge(reports, folders)

    monkeypatch.setattr(beside, "_judged", noted)
    changed(sources)
    pipeline.build([sources], made)
    after = {file.name for file in (store.Shelf(made).root / "across").iterdir()}
    assert len(before) == len(after) > 2
    assert len(after - before) == 1
    (agency,) = judged
    assert agency in one(sources).stem
    assert same(tables(made), built_anew(sources, tmp_path))


def test_an_agency_whose_results_are_lost_is_judged_again(
    sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("govreport_core.build.across.AT_ONCE", 5)
    made = tmp_path / "dataset"
    pipeline.build([sources], made)
    one(sources).unlink()
    for folder in (store.Shelf(made).root / "across").iterdir():
        (folder / beside.CARD).write_bytes(b"PAR1 cut short")
    pipeline.build([sources], made)
    assert same(tables(made), built_anew(sources, tmp_path))


def test_rows_are_known_by_what_they_say_however_they_lie_in_memory() -> None:
    rows = pl.DataFrame(
        {"a": ["one", "two"], "b": [1, None]}, schema={"a": pl.String, "b": pl.Int32}
    )
    longer = pl.concat([rows[:1], rows[:1], rows[1:]])
    alike = pl.concat([longer[1:2], longer[2:]])
    assert alike.equals(rows)
    assert keys.key("v", alike) == keys.key("v", rows)
    others = (rows[::-1], rows[:1], rows.rename({"b": "c"}), rows.fill_null(0))
    assert len({keys.key("v", one) for one in (rows, *others)} | {keys.key("w", rows)}) == 6


def test_many_small_chunks_become_few_without_reading(
    sources: Path, out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = tables(out)
    made = tmp_path / "dataset"
    monkeypatch.setattr(plan, "CHUNK", 4)
    pipeline.build([sources], made)
    many = len(list(store.Shelf(made).root.glob("chunks/*")))
    monkeypatch.setattr(plan, "CHUNK", 400)
    monkeypatch.setattr(pipeline, "_MANY_SMALL", many)
    read = opened(monkeypatch)
    pipeline.build([sources], made)
    assert read == []
    assert len(list(store.Shelf(made).root.glob("chunks/*"))) == 1 < many
    assert same(tables(made), whole)
    changed(sources)
    pipeline.build([sources], made)
    assert same(tables(made), built_anew(sources, tmp_path))


def test_workers_give_the_rows_of_this_process(
    sources: Path, out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = tables(out)
    monkeypatch.setattr(pool, "FEW", 0)
    monkeypatch.setattr(plan, "CHUNK", 12)
    made = tmp_path / "dataset"
    told: list[tuple[int, int]] = []
    pipeline.build([sources], made, lambda *at: told.append(at), jobs=2)
    assert same(tables(made), whole)
    assert told[-1][0] == told[-1][1]


def test_workers_dont_run_the_program_that_started_them(
    sources: Path, out: Path, tmp_path: Path
) -> None:
    """So it needs no guard, and what it imports isn't imported again by each worker."""
    program, made = tmp_path / "program.py", tmp_path / "dataset"
    program.write_text(
        "import sys\n"
        "from pathlib import Path\n"
        "from govreport_core.build import pipeline, pool\n"
        "print('begun')\n"
        "pool.FEW = 0\n"
        "pipeline.build([Path(sys.argv[1])], Path(sys.argv[2]), jobs=2)\n",
        encoding="utf-8",
    )
    command = [sys.executable, str(program), str(sources), str(made)]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert told.count("begun") == 1
    assert same(tables(made), tables(out))


def test_who_opened_a_dataset_keeps_its_version(sources: Path, out: Path) -> None:
    version = out.resolve()
    before = tables(version)
    removed(sources)
    pipeline.build([sources], out)
    assert out.resolve() != version
    assert same(tables(version), before)
    pipeline.build([sources], out)
    assert len(list(version.parent.iterdir())) == 2


def test_a_dataset_of_before_there_were_versions_is_replaced(sources: Path, tmp_path: Path) -> None:
    out = tmp_path / "dataset"
    publishing.write(out, {}, versions={})
    pipeline.build([sources], out)
    assert out.is_symlink()
    assert tables(out)["reports"].height > 10


def test_a_second_writer_is_told_to_wait(sources: Path, tmp_path: Path) -> None:
    out = tmp_path / "dataset"
    with store.writing(out), pytest.raises(DatasetError, match="another build is writing it"):
        pipeline.build([sources], out)
    assert pipeline.build([sources], out).written


STEPS = {
    "reading": "govreport_core.build.chunks.write",
    "writing shards": "govreport_core.build.chunks.judge",
    "rows a report": "govreport_core.build.across.tables",
    "the version": "govreport_core.dataset.publishing.write",
    "the state": "govreport_core.build.pipeline.save",
    "the swap": "govreport_core.dataset.store.Shelf.swap",
    "tidying": "govreport_core.dataset.store.Shelf.tidy",
}
KILLED = """
import os, signal, sys
from pathlib import Path
from unittest import mock
from govreport_core.build import pipeline
with mock.patch(sys.argv[3], side_effect=lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)):
    pipeline.build([Path(sys.argv[1])], Path(sys.argv[2]))
"""


@pytest.fixture(scope="module")
def built_of_changed() -> Tables:
    """The tables of the changed sources, once a first test has made them; no path is in them."""
    return {}


@pytest.mark.parametrize("step", STEPS)
def test_killed_at_any_step_the_last_dataset_opens_and_the_next_build_is_whole(
    sources: Path, out: Path, tmp_path: Path, built_of_changed: Tables, step: str
) -> None:
    before = tables(out)
    changed(sources)
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, sources, out, STEPS[step]], check=False, capture_output=True
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    after = tables(out)
    if step != "tidying":
        assert same(after, before)
    pipeline.build([sources], out)
    built_of_changed |= built_of_changed or built_anew(sources, tmp_path)
    assert same(tables(out), built_of_changed)
    left = {p.name for p in out.parent.iterdir()} - {"reports", "anew"}
    assert left == {"dataset", ".dataset.govreport"}
    known = state.load(store.Shelf(out).state)
    assert {p.name for p in store.Shelf(out).root.glob("chunks/*")} == set(known.chunks)


def test_a_worker_that_dies_costs_the_file_it_was_in(
    sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "FEW", 0)
    bad = sources / "2022" / "990100-endless.txt"
    bad.write_bytes(b"")
    hook = tmp_path / "sitecustomize.py"
    hook.write_text(
        "import govreport_core.build.intake as intake, os, signal\n"
        "first = intake.read_report\n"
        "def read(path):\n"
        "    if path.name == '990100-endless.txt':\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
        "    return first(path)\n"
        "intake.read_report = read\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
    out = tmp_path / "dataset"
    summary = pipeline.build([sources], out, jobs=1)
    told = {Path(o.path).name: o for o in summary.outcomes}
    assert (told[bad.name].status, told[bad.name].error) == ("failed", "unreadable")
    assert sum(o.status == "read" for o in summary.outcomes) == len(summary.outcomes) - 3


def test_workers_that_die_as_they_come_up_are_told_of_whatever_they_were_to_be_told(
    sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A roster is larger than what a pipe holds: nobody waits for a dead one to take it."""
    hook = tmp_path / "sitecustomize.py"
    hook.write_text("import os, sys\n'--multiprocessing-fork' in sys.argv and os._exit(1)\n")
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
    roster = companions.Roster(companions.Agency(f"a{n}", f"机关{n}") for n in range(20_000))
    tasks = [pool.Task(str(n), str(tmp_path / str(n)), (str(sources),)) for n in range(3)]
    with pytest.raises(DatasetError, match="die at once"):
        list(pool.run(tasks, companions.Companions(roster=roster), 2, few=0))
    assert not multiprocessing.active_children()


def test_offsets_of_many_chunks_are_written_some_documents_at_a_time(
    sources: Path, out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan, "CHUNK", 4)
    monkeypatch.setattr(publishing, "_CHUNKS_AT_ONCE", 2)
    monkeypatch.setattr(offsets, "DOCUMENTS", 4)
    monkeypatch.setattr(publishing, "_AT_ONCE", 4)
    many = tmp_path / "dataset"
    read = pipeline.build([sources], many, jobs=1).reports
    keys = ["document_id", "table", "file", "first"]
    # What is linked has its files, what is written with the version has others after them.
    number: dict[str, int] = {}
    for name in ("part", "whole", "written"):
        files = sorted((many / "offsets").glob(f"{name}*.parquet"))
        number[name] = len(files)
        places = pl.concat(pl.read_parquet(file) for file in files)
        assert places.select(keys).equals(places.select(keys).sort(keys))
        assert all(pl.read_parquet(file)["document_id"].n_unique() <= 4 for file in files)
    assert number["part"] == number["whole"] == -(-read // 4) > 3
    assert sum(number.values()) == len(list((many / "offsets").iterdir()))
    assert same(tables(many), tables(out))


def test_results_of_other_reports_are_counted_one_file_after_the_other(
    out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of very many reports they aren't all in memory at once."""
    version = store.opened(out)
    rows, results = (store.scan(version, name).collect() for name in ("cards", "checks"))
    told: list[str] = []
    counted = counting.counted

    def noted(cards: pl.DataFrame, some: pl.LazyFrame) -> pl.DataFrame:
        told.append("counted")
        return counted(cards, some)

    def judged() -> Iterator[pl.LazyFrame]:
        for some in (results.head(0), results):
            told.append("read")
            yield some.lazy()

    monkeypatch.setattr(counting, "counted", noted)
    made = counting.counts(rows, judged())
    assert told == ["read", "counted", "read", "counted"]
    known = store.scan(version, "counts").collect()
    assert made.sort(made.columns).equals(known.sort(known.columns))


def test_a_state_that_cant_be_read_is_none(tmp_path: Path) -> None:
    file = tmp_path / "state"
    assert state.load(file) == state.State()
    file.write_bytes(b"[]")
    assert state.load(file) == state.State()
    state.save(state.State(schema=1, next=7), file)
    assert state.load(file) == state.State(next=7)


def test_a_state_is_kept_in_parts_and_is_none_where_one_is_lost(
    out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = state.load(store.Shelf(out).state)
    monkeypatch.setattr(state, "_AT_ONCE", 5)
    file = tmp_path / "state"
    state.save(known, file)
    lines = file.read_bytes().splitlines(keepends=True)
    assert len(lines) == 1 + -(-len(known.sources) // 5) + len(known.chunks) > 5
    found = state.load(file)
    assert (found.sources, found.chunks) == (known.sources, known.chunks)
    assert found.next == known.next
    file.write_bytes(b"".join(lines[:-1]))
    assert state.load(file) == state.State(next=known.next)


def test_a_build_that_lost_its_state_leaves_the_published_version_until_the_next(
    sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    some = sorted(sources.glob("2021/*.txt"))[:2]
    out = tmp_path / "dataset"
    assert pipeline.build(some, out, jobs=1).written
    shelf = store.Shelf(out)
    # Nothing of the state is left, so that numbers begin again.
    state.save(state.State(next=int(out.resolve().name[1:]) - len(some)), shelf.state)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(store.Shelf, "swap", killed)
    for _ in range(4):
        with pytest.raises(KeyboardInterrupt):
            pipeline.build(some, out, jobs=1)
        assert store.scan(store.opened(out), "reports").collect().height == len(some)


@pytest.mark.slow
@pytest.mark.parametrize("again", [False, True])
@pytest.mark.parametrize(("count", "others"), [(2, False), (3, True)])
def test_the_last_jobs_of_many_chunks_are_done_by_others(
    sources: Path, tmp_path: Path, again: bool, count: int, others: bool
) -> None:
    """What a worker keeps of many chunks, read or judged again, is given back before the rest."""
    files = sorted(sources.glob("2021/*.txt"))[:count]
    tasks: list[pool.OfChunk] = [
        pool.Task(str(n), str(tmp_path / str(n)), (str(f),)) for n, f in enumerate(files)
    ]
    beside = companions.Companions()
    if again:
        assert len(list(pool.here(tasks, beside))) == count
        tasks = [pool.Rejudge(str(tmp_path / str(n))) for n in range(count)]
    workers = pool.Workers(1)

    def processes(told: pool.Told) -> set[int | None]:
        return {one.pid for _ in told for one in multiprocessing.active_children()}

    first = processes(workers.run(tasks, beside, few=0))
    last = processes(workers.finish([pool.Rejudge(str(tmp_path / "0"))], beside))
    assert len(first) == len(last) == 1
    assert (first != last) is others
    assert not multiprocessing.active_children()


def test_a_task_has_the_manifests_rows_of_its_files_and_of_what_they_hold(tmp_path: Path) -> None:
    far = tmp_path / "far"
    far.mkdir()
    (far / "real.zip").touch()
    (tmp_path / "linked.zip").symlink_to(far / "real.zip")
    (tmp_path / "manifest.csv").write_text(
        "file,agency\na.txt,甲\nb.zip,乙\nb.zip/2021/c.txt,丙\nb.zip-c,丁\nb.zip/d.txt,戊\n"
        "linked.zip/e.txt,己\n",
        encoding="utf-8",
    )
    known = companions.read_companions([tmp_path]).known

    def agencies(name: str) -> set[str | None]:
        rows = companions.known_of(str(tmp_path / name), known, sorted(known))
        return {row.agency for row in rows.values()}

    assert agencies("a.txt") == {"甲"}
    assert agencies("b.zip") == {"乙", "丙", "戊"}
    assert agencies("linked.zip") == {"己"}
    assert agencies("none.txt") == set()


@pytest.mark.parametrize(
    "name", ["a", "b/a", "b//a", "./a", "b/./a", "b/../a", "b/", "b/.", "..", ".", "/etc/a", "/a"]
)
def test_a_manifests_row_is_found_by_its_files_path_however_it_is_written(
    tmp_path: Path, name: str
) -> None:
    (tmp_path / "far").mkdir()
    (tmp_path / "b").symlink_to(tmp_path / "far")
    (tmp_path / "manifest.csv").write_text(f"file,agency\n{name},甲\n", encoding="utf-8")
    known = companions.read_companions([tmp_path]).known
    assert list(known) == [companions.path_key(tmp_path / name)]


@pytest.mark.parametrize("where", ["intake.extract", "chunks.joined", "chunks.frames_of"])
def test_a_defect_of_ours_costs_one_line(
    sources: Path, tmp_path: Path, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    module, _, name = where.partition(".")
    inside = __import__(f"govreport_core.build.{module}", fromlist=[name])
    true = getattr(inside, name)
    bad = one(sources)
    named = hashlib.sha256(bad.read_bytes()).hexdigest()

    def broken(given, *more):
        if named in repr(given)[:10_000_000]:
            raise ZeroDivisionError
        return true(given, *more)

    monkeypatch.setattr(inside, name, broken)
    summary = pipeline.build([sources], tmp_path / "dataset")
    failed = [o for o in summary.outcomes if o.status == "failed"]
    assert [Path(o.path) for o in failed] == [bad]
    assert "ZeroDivisionError" in failed[0].message
    assert tables(tmp_path / "dataset")["reports"].height == summary.reports > 10


def test_a_defect_of_ours_is_no_failed_check(
    sources: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("govreport_core.verdict.read_report", broken)
    done = CliRunner().invoke(core, ["check", str(one(sources))])
    assert done.exit_code == 2
    assert "please report this file" in done.stderr


def test_what_is_wrong_in_every_row_is_one_line(tmp_path: Path) -> None:
    rows = "".join(f"a{i},虚构市第{i}局,990100,1900-2100\n" for i in range(50))
    told = "agency_id,name,region_code,searched\n" + rows + "a50,虚构市第50局,99,2020\n"
    (tmp_path / "agencies.csv").write_text(told, encoding="utf-8")
    found = companions.read_companions([tmp_path])
    assert len(found.roster.agencies) == 51
    century, code = found.problems
    assert "agencies.csv:2: searched '1900-2100'" in century
    assert century.endswith("(and 49 rows more)")
    assert "agencies.csv:52: region_code '99'" in code


def test_names_that_are_no_text_are_told_apart(sources: Path, tmp_path: Path) -> None:
    for name in (b"\xb2\xe2\xca\xd4.txt", b"\xb2\xe2\xca\xd5.txt"):
        (sources / os.fsdecode(name)).write_bytes(b"")
    assert pipeline.build([sources], tmp_path / "dataset").written
    paths = tables(tmp_path / "dataset")["documents"]["path"]
    assert paths.n_unique() == paths.len()
    assert sum("\\xb2" in path for path in paths) == 2


def test_a_version_has_its_datasets_name(tmp_path: Path) -> None:
    out = tmp_path / "年报"
    assert store.name_of(store.Shelf(out).version(3)) == "年报"
    assert store.name_of(tmp_path / "versions" / "v000003") == "v000003"
    assert store.name_of(out) == "年报"


def test_a_number_of_things_is_said_as_one_or_as_many() -> None:
    assert [many(count, "cell") for count in (0, 1, 2)] == ["0 cells", "1 cell", "2 cells"]
