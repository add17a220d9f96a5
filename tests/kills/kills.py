"""Builds that are killed, starved and disturbed in, whether the dataset stays whole out.

    python tests/kills/kills.py [--kills 30] [--seed 1] [--only NAME ...]

Each trial begins with a dataset of the sources as they were, changes some of them,
disturbs the build of the new ones, and then: what is told is one line, no process
is left, the dataset opens and is the old one or the new one row for row, and the
next build makes the rows of a build that nothing disturbed. Exit 1 with one line a
trial that fails. Processes are those of Linux.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import polars as pl

from govreport_core.samples import write_samples
from govreport_core.schemas import TABLES

COMMAND = (sys.executable, "-c", "from dashboard.cli import main; main()")
Tables = dict[str, pl.DataFrame]


class Bench(msgspec.Struct, frozen=True):
    """What all trials begin with.

    Attributes:
        sources: The changed sources.
        shelf: A folder with the dataset of the sources as they were.
        before: Its rows.
        after: Those of a build of the changed sources.
        seconds: How long that took.
    """

    sources: Path
    shelf: Path
    before: Tables
    after: Tables
    seconds: float


def main() -> int:
    """Run the trials, a line each, and tell by the exit status whether all went well."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--agencies", type=int, default=12, help="with six reports each")
    parser.add_argument("--only", nargs="*", choices=TRIALS, default=list(TRIALS))
    given = parser.parse_args()
    rng = random.Random(given.seed)  # noqa: S311 - moments, not secrets
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        found = bench(Path(folder), given.agencies)
        print(f"a build that nothing disturbs takes {found.seconds:.1f} s", flush=True)
        for name in given.only:
            for _ in range(given.kills if "moment" in name else 1):
                told, odd = trial(name, found, Path(folder) / "trial", rng)
                wrong += bool(odd)
                print(f"{name}: {told}{'; WRONG: ' if odd else ''}{odd}", flush=True)
    return 1 if wrong else 0


def bench(folder: Path, agencies: int) -> Bench:
    """Sources, and the datasets of them as they were and as they are."""
    write_samples(folder / "in", agencies=agencies, years=range(2019, 2025), faults=False)
    sources = folder / "in" / "reports"
    shelf = folder / "shelf"
    shelf.mkdir()
    built(sources, shelf / "dataset")
    files = sorted(sources.rglob("*.txt"))
    for file in files[::3]:
        with file.open("ab") as more:
            more.write("\n附件：无\n".encode())
    files[1].unlink()
    shutil.copy(files[2], files[2].with_name("0-first.txt"))
    began = time.monotonic()
    built(sources, folder / "anew")
    seconds = time.monotonic() - began
    return Bench(sources, shelf, rows(shelf / "dataset"), rows(folder / "anew"), seconds)


def trial(name: str, found: Bench, folder: Path, rng: random.Random) -> tuple[str, str]:
    """A trial: what was told, and what is wrong, if anything."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(found.shelf, folder, symlinks=True)
    out = folder / "dataset"
    told, odd = TRIALS[name](found, out, rng)
    odd += left(out)
    if (now := rows(out)) is None:
        odd.append("no dataset at the path")
    elif not (same(now, found.before) or same(now, found.after)):
        odd.append("neither the old rows nor the new ones")
    again = build(found.sources, out)
    line = again.communicate(timeout=600)[1]
    if again.returncode:
        odd.append(f"the next build exits {again.returncode}: {line[-300:]}")
    elif not same(rows(out) or {}, found.after):
        odd.append("the next build's rows differ")
    return told, "; ".join(odd)


def at_a_moment(found: Bench, out: Path, rng: random.Random) -> tuple[str, list[str]]:
    """The build is killed."""
    process = build(found.sources, out)
    after = rng.uniform(0.3, found.seconds)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(after)
    process.kill()
    process.communicate()
    return f"killed after {after:.1f} s", []


def worker_at_a_moment(found: Bench, out: Path, rng: random.Random) -> tuple[str, list[str]]:
    """A worker is killed, as the out-of-memory killer does: the file it was in is told."""
    process = build(found.sources, out, "--fresh")  # else there may be too few files for workers
    workers: list[int] = []
    while process.poll() is None and not workers:
        workers = [pid for pid in below(process.pid) if "spawn_main" in command(pid)]
        time.sleep(0.05)
    time.sleep(rng.uniform(0.5, found.seconds))
    workers = [pid for pid in workers if running(pid)]
    if workers and process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(rng.choice(workers), signal.SIGKILL)
    told = process.communicate(timeout=600)[1]
    lost = [line for line in told.splitlines() if "the reader broke off" in line]
    odd = [] if process.returncode == 0 and len(lost) <= 1 else [f"{process.returncode}: {lost}"]
    if lost:
        path = lost[0].partition(": failed")[0]
        gone = found.after["documents"].filter(
            pl.col("path").str.ends_with("/".join(Path(path).parts[-2:]))
        )
        without = ~pl.col("document_id").is_in(gone["document_id"].implode())
        now = rows(out) or {}
        odd += [
            f"{name}: more than the lost file's rows are gone"
            for name in ("reports", "values", "sections", "points", "claims")
            if not same(now, {name: found.after[name].filter(without)})
        ]
        # it is in with the next build, as soon as it is touched
        os.utime(path)
        built(found.sources, out)
    return f"a worker of {len(workers)} killed, {len(lost)} file lost", odd


def terminated(found: Bench, out: Path, rng: random.Random) -> tuple[str, list[str]]:
    """The build is asked to end."""
    process = build(found.sources, out)
    time.sleep(rng.uniform(2.0, max(found.seconds, 2.5)))
    process.terminate()
    told = process.communicate(timeout=60)[1]
    return f"exit {process.returncode}", one_line(told, 143, process.returncode, most=0)


def app_terminated(_: Bench, out: Path, __: random.Random) -> tuple[str, list[str]]:
    """The app is asked to end: its server ends too."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    given = (*COMMAND, "app", str(out), "--no-open", "--port", str(port))
    process = subprocess.Popen(given, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    for _ in range(600):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            break
        time.sleep(0.1)
    servers = below(process.pid)
    process.terminate()
    process.communicate(timeout=60)
    until = time.monotonic() + 60
    while (alive := [pid for pid in servers if running(pid)]) and time.monotonic() < until:
        time.sleep(0.1)
    odd = [f"processes left: {alive}"] if alive or not servers else []
    return f"exit {process.returncode}, {len(servers)} process ended with it", odd


def disk_full(found: Bench, out: Path, rng: random.Random) -> tuple[str, list[str]]:
    """The disk is full at some moment: a small one where one can be mounted, else a limit."""
    room = rng.choice((60, 200, 500, 900, 1_300)) * 1024
    small = out.parent.parent / "small"
    small.mkdir(exist_ok=True)
    # there a file takes whole pages, and a folder one
    pages = sum(-(-f.lstat().st_size // 4096) + 1 for f in out.parent.rglob("*"))
    size = pages * 4096 + room
    mounting = ("mount", "-t", "tmpfs", "-o", f"size={size // 1024}k", "none", str(small))
    if subprocess.run(mounting, check=False, capture_output=True).returncode:
        limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))  # noqa: E731
        process = build(found.sources, out, preexec_fn=limit)
        told = process.communicate(timeout=600)[1]
        return "a limit of size", one_line(told, 2, process.returncode)
    try:
        shutil.copytree(out.parent, small / "d", symlinks=True)
        process = build(found.sources, small / "d" / "dataset")
        told = process.communicate(timeout=600)[1]
        odd = one_line(told, 2, process.returncode) if process.returncode else []
        if not same(rows(small / "d" / "dataset") or {}, found.before) and process.returncode:
            odd.append("the last dataset isn't there")
    finally:
        subprocess.run(("umount", str(small)), check=False)
    return f"{room // 1024} KB of room, exit {process.returncode}: {last(told)}", odd


def sources_gone(found: Bench, out: Path, rng: random.Random) -> tuple[str, list[str]]:
    """The folder of sources vanishes while it is read: its files are told, the rest is right."""
    copy = out.parent.parent / "vanishing"
    shutil.copytree(found.sources, copy, dirs_exist_ok=True)
    target = out.with_name("other")
    built(copy, target)
    kept = rows(target)
    process = build(copy, target, "--fresh")
    time.sleep(rng.uniform(1.0, max(2.0, found.seconds / 2)))
    shutil.rmtree(copy)
    told = process.communicate(timeout=600)[1]
    odd = []
    if process.returncode == 2 and not same(rows(target) or {}, kept or {}):
        odd.append("no dataset was written, and the last one isn't the same")
    if process.returncode not in (0, 2) or "Traceback" in told:
        odd.append(f"exit {process.returncode}: {told[-300:]}")
    gone = subprocess.run((*COMMAND, "build", str(copy), "-o", str(target)), capture_output=True,
                          text=True, check=False)  # fmt: skip
    odd += [] if gone.returncode == 2 and "Traceback" not in gone.stderr else [gone.stderr[-300:]]
    shutil.rmtree(target.with_name(".other.govreport"))
    target.unlink()
    return f"exit {process.returncode}, afterwards: {last(gone.stderr)}", odd


def changed_while_read(found: Bench, out: Path, _: random.Random) -> tuple[str, list[str]]:
    """A file is written while it is read: at the latest the next build has what it is now."""
    copy = out.parent.parent / "changing"
    shutil.copytree(found.sources, copy, dirs_exist_ok=True)
    target = out.with_name("other")
    file = max(copy.rglob("*.txt"))
    whole = file.read_bytes()
    process = build(copy, target)
    while process.poll() is None:
        file.write_bytes(whole[: len(whole) // 2])
        time.sleep(0.01)
        file.write_bytes(whole + b"\n")
        time.sleep(0.01)
    file.write_bytes(whole)
    told = process.communicate()[1]
    odd = [] if process.returncode == 0 else [f"exit {process.returncode}: {told[-300:]}"]
    built(copy, target)
    anew = out.with_name("anew")
    built(copy, anew)
    if not same(rows(target) or {}, rows(anew) or {}):
        odd.append("the next build's rows differ")
    for name in ("other", "anew"):
        out.with_name(name).unlink()
        shutil.rmtree(out.with_name(f".{name}.govreport"))
    return f"exit {process.returncode}", odd


def two_writers(found: Bench, out: Path, _: random.Random) -> tuple[str, list[str]]:
    """A second build into the same folder is told to wait, the first being stopped meanwhile."""
    lock = out.with_name(f".{out.name}.govreport") / "lock"
    first = build(found.sources, out, "--fresh")
    while first.poll() is None and not held(lock):
        time.sleep(0.01)
    first.send_signal(signal.SIGSTOP)
    odd = [] if held(lock) else ["the first was through before the second began"]
    second = build(found.sources, out)
    told = second.communicate(timeout=600)[1]
    first.send_signal(signal.SIGCONT)
    odd += one_line(told, 2, second.returncode)
    if "another build is writing it" not in told:
        odd.append(told[-300:])
    first.communicate(timeout=600)
    odd += [f"the first exits {first.returncode}"] if first.returncode else []
    return last(told), odd


def held(lock: Path) -> bool:
    """Whether some process holds a lock; to try for it might take it from who is to have it."""
    inode = lock.stat().st_ino
    told = Path("/proc/locks").read_text().splitlines()
    return any("FLOCK" in line and f":{inode} " in line for line in told)


TRIALS: dict[str, Callable[[Bench, Path, random.Random], tuple[str, list[str]]]] = {
    "killed at a moment": at_a_moment,
    "a worker killed at a moment": worker_at_a_moment,
    "a full disk at a moment": disk_full,
    "terminated": terminated,
    "the app terminated": app_terminated,
    "the sources vanish": sources_gone,
    "a file changes": changed_while_read,
    "two writers": two_writers,
}


def build(sources: Path, out: Path, *more: str, **how: object) -> subprocess.Popen[str]:
    """Start a build with two workers."""
    given = (*COMMAND, "build", str(sources), "-o", str(out), "--jobs", "2", *more)
    return subprocess.Popen(  # type: ignore[call-overload, no-any-return]
        given, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, **how
    )


def built(sources: Path, out: Path) -> None:
    """Build, undisturbed."""
    process = build(sources, out)
    told = process.communicate(timeout=900)[1]
    if process.returncode:
        raise RuntimeError(told)


def rows(out: Path) -> Tables | None:
    """All rows of a dataset, in an order of their own; None where it doesn't open."""
    if not (out / "dataset.json").is_file():
        return None
    read = {n: pl.read_parquet(f"{out}/{n}/**/*.parquet", hive_partitioning=False) for n in TABLES}
    # where rows stand in files depends on which chunks they came in
    read["offsets"] = read["offsets"].group_by("document_id", "table").agg(pl.col("rows").sum())
    return {name: found.sort(found.columns) for name, found in read.items()}


def same(one: Tables, other: Tables) -> bool:
    """Whether two datasets have the same rows."""
    return all(name in one and one[name].equals(other[name]) for name in other)


def left(out: Path) -> list[str]:
    """Processes of a build of this dataset that don't go, however long they are waited for."""
    until = time.monotonic() + 60
    while found := [p for p in processes() if str(out) in command(p) and p != os.getpid()]:
        if time.monotonic() > until:
            break
        time.sleep(0.1)
    return [f"processes left: {found}"] if found else []


def one_line(told: str, code: int, exited: int, most: int = 1) -> list[str]:
    """What is wrong with what a build told that couldn't be done."""
    lines = [s for s in told.splitlines() if s.strip() and not s.startswith("reading ")]
    lines = [s for s in lines if ": read, but " not in s]
    odd = [] if exited == code else [f"exit {exited}, not {code}"]
    return odd + ([f"{len(lines)} lines: {told[-500:]}"] if len(lines) > most else [])


def last(told: str) -> str:
    """The last line."""
    return (told.strip().splitlines() or [""])[-1][-160:]


def processes() -> Iterator[int]:
    """All there are."""
    yield from (int(p.name) for p in Path("/proc").iterdir() if p.name.isdigit())


def below(root: int) -> list[int]:
    """The processes that one has started, and those that these have."""
    mine = [pid for pid in processes() if parent(pid) == root]
    return [*mine, *(pid for child in mine for pid in below(child))]


def parent(pid: int) -> int:
    """Who started a process; 0 where it is gone."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        told = Path(f"/proc/{pid}/stat").read_text(errors="replace")
        return int(told.rpartition(")")[2].split()[1])
    return 0


def running(pid: int) -> bool:
    """Whether a process lives, and isn't just waiting to be buried."""
    with contextlib.suppress(OSError, IndexError):
        told = Path(f"/proc/{pid}/stat").read_text(errors="replace")
        return told.rpartition(")")[2].split()[0] != "Z"
    return False


def command(pid: int) -> str:
    """How a process was called."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_text("utf-8", "replace").replace("\0", " ")
    return ""


if __name__ == "__main__":
    sys.exit(main())
