from __future__ import annotations

import multiprocessing
import os
import resource
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import hostile_readers as hostile
import pytest

from govreport_core.errors import SourceError
from govreport_core.model import Document
from govreport_core.sources import read
from govreport_core.sources.guarded import Limits, limits, read_guarded
from govreport_core.sources.worker import cpu_seconds

pytestmark = pytest.mark.slow

SHORT = Limits(seconds=0.5)
SMALL = Limits(seconds=20, memory=256 * 1024 * 1024)
POSIX = pytest.mark.xfail(sys.platform == "win32", reason="needs POSIX processes")


def text(document: Document) -> str:
    return document.parts[0].text


def worker() -> int:
    """The process id of the worker in use."""
    return int(text(read_guarded(hostile.process, b"", "id")))


def failure(reader: Callable[[bytes, str], Document], within: Limits | None = None) -> SourceError:
    with pytest.raises(SourceError) as raised:
        read_guarded(reader, b"data", "id", within)
    assert "\n" not in str(raised.value)
    return raised.value


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # A process that ended but wasn't waited for by its new parent counts as ended.
    state = Path(f"/proc/{pid}/stat")
    return not (state.exists() and state.read_text().rpartition(")")[2].split()[0] == "Z")


def ends(pid: int, within: float = 60.0) -> bool:
    until = time.monotonic() + within
    while alive(pid) and time.monotonic() < until:
        time.sleep(0.05)
    return not alive(pid)


def written(place: Path) -> str:
    """What stands in a file, as soon as something does."""
    until = time.monotonic() + 60
    while not (place.exists() and place.read_text()):
        assert time.monotonic() < until, f"nothing in {place}"
        time.sleep(0.05)
    return place.read_text()


def of_children() -> float:
    """The seconds that processes have used which this one started and waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_a_worker_reads_and_stays_for_the_next_file() -> None:
    assert text(read_guarded(hostile.echo, "规章".encode(), "id")) == "规章"
    first = worker()
    assert first != os.getpid()
    assert worker() == first


def test_an_endless_reader_is_ended_and_the_next_file_still_read() -> None:
    before = worker()
    # It may have read very much for other tests.
    used = of_children() + (cpu_seconds(before) or 0.0)
    error = failure(hostile.endless, SHORT)
    assert of_children() - used < 5
    assert error.code == "too_large"
    assert "0.5 seconds" in str(error)
    assert not alive(before)
    assert text(read_guarded(hostile.echo, b"next", "id")) == "next"


def test_a_reader_that_waits_for_its_turn_on_a_busy_machine_isnt_late() -> None:
    assert text(read_guarded(hostile.waits, b"read", "id", SHORT)) == "read"


def test_a_reader_that_neither_ends_nor_uses_time_is_ended_too(tmp_path: Path) -> None:
    place = tmp_path / "pid"
    with pytest.raises(SourceError, match=r"within 0\.2 seconds") as raised:
        read_guarded(hostile.asleep, str(place).encode(), "id", Limits(seconds=0.2))
    assert raised.value.code == "too_large"
    assert text(read_guarded(hostile.echo, b"next", "id")) == "next"


@POSIX
def test_a_hungry_reader_is_told_so_and_the_next_file_still_read() -> None:
    error = failure(hostile.hungry, SMALL)
    assert error.code == "too_large"
    assert "memory" in str(error)
    assert text(read_guarded(hostile.echo, b"next", "id", SMALL)) == "next"


@pytest.mark.parametrize("reader", [hostile.fatal, hostile.quits])
def test_a_reader_that_dies_costs_its_file_only(
    reader: Callable[[bytes, str], Document],
) -> None:
    error = failure(reader)
    assert error.code == "unreadable"
    assert "damaged" in str(error)
    assert text(read_guarded(hostile.echo, b"next", "id")) == "next"


def test_what_a_reader_raises_arrives_as_it_is() -> None:
    error = failure(hostile.picky)
    assert (error.code, str(error)) == ("encrypted", "protected by a password")


@pytest.mark.parametrize(
    ("reader", "code", "says"),
    [
        (hostile.buggy, "unreadable", "ZeroDivisionError"),
        (hostile.tainted, "unreadable", "UnicodeEncodeError"),
        (hostile.deep, "too_large", "nested"),
    ],
)
def test_a_defect_is_told_as_one_and_the_worker_lives_on(
    reader: Callable[[bytes, str], Document], code: str, says: str
) -> None:
    before = worker()
    error = failure(reader)
    assert error.code == code
    assert says in str(error)
    assert worker() == before


def test_what_a_library_prints_or_asks_disturbs_nothing() -> None:
    assert text(read_guarded(hostile.loud, b"12345", "id")) == "''5"
    assert text(read_guarded(hostile.echo, b"next", "id")) == "next"


def test_what_an_earlier_file_left_behind_decides_nothing() -> None:
    first = text(read_guarded(hostile.forgetful, b"", "id"))
    second = text(read_guarded(hostile.forgetful, b"", "id"))
    assert first != second


def test_a_file_within_a_file_is_read_by_the_same_worker() -> None:
    assert int(text(read_guarded(hostile.nested, b"", "id"))) == worker()


def test_threads_take_turns() -> None:
    found: dict[int, str] = {}

    def one(number: int) -> None:
        found[number] = text(read_guarded(hostile.echo, str(number).encode(), "id"))

    threads = [threading.Thread(target=one, args=(i,)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {i: str(i) for i in range(8)}


def test_limits_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    assert limits() == Limits(9.0, 900 * 1024 * 1024)
    monkeypatch.setenv("GOVREPORT_READ_SECONDS", "2.5")
    monkeypatch.setenv("GOVREPORT_READ_MEGABYTES", "512")
    assert limits() == Limits(2.5, 512 * 1024 * 1024)
    monkeypatch.setenv("GOVREPORT_READ_SECONDS", "many")
    monkeypatch.setenv("GOVREPORT_READ_MEGABYTES", "-1")
    assert limits() == Limits()


# Within the processes of the pipeline, and after their end.


def in_pool(number: int) -> tuple[str, int]:
    return text(read_guarded(hostile.echo, str(number).encode(), "id")), worker()


def test_each_process_of_a_pool_has_its_own_worker_and_none_outlives_it() -> None:
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, mp_context=context) as pool:
        found = list(pool.map(in_pool, range(12)))
    assert [number for number, _ in found] == [str(i) for i in range(12)]
    workers = {pid for _, pid in found}
    assert 1 <= len(workers) <= 2
    assert all(ends(pid) for pid in workers)


def in_daemon(pipe) -> None:
    pipe.send(in_pool(7))


def test_daemonic_processes_that_may_have_no_children_read_too() -> None:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=in_daemon, args=(theirs,), daemon=True)
    process.start()
    found, pid = ours.recv()
    process.join()
    assert found == "7"
    assert ends(pid)


def script(body: str, *arguments: str) -> subprocess.Popen[str]:
    """A program of its own that reads with a worker."""
    program = textwrap.dedent(body)
    tests = str(Path(__file__).parent)
    return subprocess.Popen(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {tests!r})\n{program}", *arguments],
        stdout=subprocess.PIPE,
        text=True,
    )


@POSIX
def test_a_forked_process_leaves_its_parents_worker_alone() -> None:
    program = script(
        """
        import os
        import hostile_readers as hostile
        from govreport_core.sources.guarded import read_guarded

        def worker():
            return read_guarded(hostile.process, b"", "id").parts[0].text

        ours = worker()
        out, into = os.pipe()
        child = os.fork()
        if not child:
            os.write(into, worker().encode())
            sys.exit()
        os.waitpid(child, 0)
        print(ours, os.read(out, 100).decode(), worker())
        """
    )
    out, _ = program.communicate(timeout=60)
    ours, theirs, again = out.split()
    assert ours == again != theirs
    assert ends(int(theirs))


def test_a_program_without_a_main_guard_reads_and_leaves_nothing_behind() -> None:
    program = script(
        """
        import hostile_readers as hostile
        from govreport_core.sources.guarded import read_guarded
        print(read_guarded(hostile.process, b"", "id").parts[0].text)
        """
    )
    out, _ = program.communicate(timeout=60)
    assert program.returncode == 0
    assert ends(int(out))


@POSIX
def test_a_worker_ends_when_its_program_is_killed() -> None:
    program = script(
        """
        import time
        import hostile_readers as hostile
        from govreport_core.sources.guarded import read_guarded
        print(read_guarded(hostile.process, b"", "id").parts[0].text, flush=True)
        time.sleep(600)
        """
    )
    assert program.stdout is not None
    pid = int(program.stdout.readline())
    program.kill()
    program.communicate()
    assert ends(pid)


@POSIX
def test_a_worker_that_hangs_ends_itself_when_nobody_is_left_to_end_it(tmp_path: Path) -> None:
    place = tmp_path / "pid"
    program = script(
        """
        import hostile_readers as hostile
        from govreport_core.sources import guarded, worker
        guarded.read_guarded(hostile.asleep, sys.argv[1].encode(), "id", guarded.Limits(1.0))
        """,
        str(place),
    )
    written(place)
    program.kill()
    program.communicate()
    assert ends(int(place.read_text()))


@POSIX
def test_what_a_reader_started_ends_with_it(tmp_path: Path) -> None:
    place = tmp_path / "pid"
    with pytest.raises(SourceError):
        read_guarded(hostile.parent, str(place).encode(), "id", Limits(seconds=2.0))
    assert ends(int(place.read_text()))


@POSIX
def test_breaking_off_a_run_breaks_off_its_worker(tmp_path: Path) -> None:
    place = tmp_path / "pid"
    program = script(
        """
        import hostile_readers as hostile
        from govreport_core.sources.guarded import read_guarded
        try:
            read_guarded(hostile.asleep, sys.argv[1].encode(), "id")
        except KeyboardInterrupt:
            print(read_guarded(hostile.echo, b"next", "id").parts[0].text)
        """,
        str(place),
    )
    written(place)
    program.send_signal(signal.SIGINT)
    out, _ = program.communicate(timeout=60)
    assert out.strip() == "next"
    assert ends(int(place.read_text()))


# Through the front door.


def test_a_bad_pdf_is_one_clear_line(tmp_path: Path) -> None:
    bad = tmp_path / "bad.pdf"
    bad.write_bytes(b"%PDF-1.7\nnothing")
    with pytest.raises(SourceError) as raised:
        read(bad)
    assert raised.value.code == "unreadable"
