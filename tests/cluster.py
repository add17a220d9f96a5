"""An object store and a Ray cluster on loopback, for tests and benches: both in processes of
their own, both ended with what asked for them, and what a dataset there holds.
"""

from __future__ import annotations

import contextlib
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path

import polars as pl
from free_ports import free_port

from govreport_core import objects
from govreport_core.dataset import store
from govreport_core.schemas import TABLES

BIN = Path(sys.executable).parent
ROOT = Path(__file__).parent.parent
_SECONDS = 90
_TRIES = 4


@contextlib.contextmanager
def object_store(*buckets: str) -> Iterator[dict[str, str]]:
    """An S3 server with these buckets; the variables by which it is found."""
    url = f"http://127.0.0.1:{(number := free_port())}"
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(number)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, **quiet) as server:
        try:
            for bucket in buckets:
                _made(f"{url}/{bucket}", server)
            yield {
                "AWS_ENDPOINT_URL": url,
                "AWS_ACCESS_KEY_ID": "made-up",
                "AWS_SECRET_ACCESS_KEY": "made-up",
                "AWS_REGION": "us-east-1",
            }
        finally:
            server.kill()


def _made(url: str, server: subprocess.Popen[bytes]) -> None:
    """Make a bucket, as soon as the server listens."""
    until = time.monotonic() + _SECONDS
    while True:
        try:
            with urllib.request.urlopen(urllib.request.Request(url, method="PUT"), timeout=60):  # noqa: S310 - loopback
                return
        except urllib.error.HTTPError:
            raise
        except OSError:
            if server.poll() is not None or time.monotonic() > until:
                raise
            time.sleep(0.1)


class Cluster:
    """A Ray cluster on loopback: a head that computes nothing, and workers of a processor each.

    Attributes:
        address: For `RAY_ADDRESS`.
        workers: Their processes, each with all it started in a group of its own.
    """

    def __init__(self, env: Mapping[str, str], folder: str) -> None:
        # bytecode isn't there where a set-up didn't write it, and Ray waits 15 s for its agents
        kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
        self.env = {**kept, **env, "PYTHONPATH": str(ROOT), "RAY_USAGE_STATS_ENABLED": "0"}
        self.folder = folder
        self.address = f"127.0.0.1:{free_port()}"
        self.head = self._started(
            *("--head", "--port", self.address.rpartition(":")[2], "--num-cpus", "0"),
            *("--temp-dir", folder, "--include-dashboard=false", "--disable-usage-stats"),
        )
        self.workers: list[subprocess.Popen[bytes]] = []

    def add_worker(self) -> None:
        self.workers.append(self._started("--address", self.address, "--num-cpus", "1"))

    def end(self) -> None:
        for process in (*self.workers, self.head):
            ended(process)

    def _started(self, *given: str) -> subprocess.Popen[bytes]:
        command = [str(BIN / "ray"), "start", "--block", "--node-ip-address", "127.0.0.1", *given]
        said = b""
        for _ in range(_TRIES):
            process = subprocess.Popen(
                command,
                env=self.env,
                cwd=self.folder,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            said = _said(process, b"Ray runtime started")
            if b"Ray runtime started" in said:
                return process
            ended(process)
        raise TimeoutError(said.decode(errors="replace"))


def _said(process: subprocess.Popen[bytes], word: bytes) -> bytes:
    """What a process says until it says a word, ends, or too much time has passed."""
    said, until = b"", time.monotonic() + _SECONDS
    assert process.stdout is not None
    while word not in said and time.monotonic() < until:
        if select.select([process.stdout], [], [], 1.0)[0]:
            more = os.read(process.stdout.fileno(), 65536)
            if not more:
                break
            said += more
    return said


def ended(process: subprocess.Popen[bytes]) -> None:
    """End a machine of the cluster: asked first, then with all that it started."""
    process.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(10)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stdout is not None:
        process.stdout.close()


@contextlib.contextmanager
def ray_cluster(env: Mapping[str, str], workers: int) -> Iterator[Cluster]:
    """A cluster with so many workers."""
    # sockets have short paths
    folder = tempfile.mkdtemp(prefix="ray", dir="/tmp")
    try:
        cluster = Cluster(env, folder)
        try:
            for _ in range(workers):
                cluster.add_worker()
            yield cluster
        finally:
            cluster.end()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def upload(folder: Path, to: str) -> int:
    """Put a folder's files on the store; how many there are."""
    far = objects.Folder(Path(to))
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    objects.each(lambda path: far.put(path.relative_to(folder).as_posix(), path), files)
    return len(files)


def differing(one: Path | str, other: Path | str) -> dict[str, int]:
    """How many rows of each table only one of two datasets has; tables that agree are left out.

    `offsets` tells of files, whose names and sizes are each build's own: of it the number of
    rows of each document and table.
    """
    versions = [store.opened(Path(path)) for path in (one, other)]
    found = {}
    for table in TABLES:
        here, there = (_rows(version, table) for version in versions)
        if count := _beyond(here, there) + _beyond(there, here):
            found[table] = count
    return found


def _rows(version: Path, table: str) -> pl.DataFrame:
    rows = store.scan(version, table)
    if table == "offsets":
        rows = rows.group_by("document_id", "table").agg(pl.col("rows").sum())
    joined = pl.col(pl.List).list.eval(pl.element().cast(pl.String)).list.join(",")
    return rows.with_columns(joined).collect()


def _beyond(one: pl.DataFrame, other: pl.DataFrame) -> int:
    """How many rows of one the other lacks, as often as it lacks them."""
    nth = pl.int_range(pl.len()).over(one.columns)
    counted = [rows.select(one.columns).with_columns(nth=nth) for rows in (one, other)]
    return (
        counted[0].join(counted[1], on=[*one.columns, "nth"], how="anti", nulls_equal=True).height
    )
