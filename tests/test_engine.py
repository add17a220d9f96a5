"""A cluster of two workers, on an object store and on a shared folder: the same tables."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from cluster import BIN, ROOT, Cluster, differing, object_store, ray_cluster, upload
from free_ports import free_port

from govreport_core import objects
from govreport_core.samples import write_samples

pytestmark = [pytest.mark.slow, pytest.mark.cluster]
SOURCES, OUT = "s3://engine/in/reports", "s3://engine/out"


def govreport(*given: str, env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(BIN / "govreport"), *given],
        env={**os.environ, **env, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    with object_store("engine") as env:
        for name, value in env.items():
            monkeypatch.setenv(name, value)
        yield env


def test_two_workers_make_the_tables_of_one_machine(server: dict[str, str], tmp_path: Path) -> None:
    """On an object store, in a shared folder, and where one of them dies: one cluster for all."""
    write_samples(tmp_path, agencies=10, years=range(2019, 2025), formats=("cells", "html"), seed=9)
    reports, local = str(tmp_path / "reports"), tmp_path / "local"
    assert govreport("build", reports, "-o", str(local), env={}).returncode == 0
    upload(tmp_path / "reports", SOURCES.replace("//", "/"))
    with ray_cluster(server, 2) as two:
        for sources, out in ((SOURCES, f"{OUT}/dataset"), (reports, str(tmp_path / "shared"))):
            told = govreport("build", sources, "-o", out, "--engine", "ray", env=at(two))
            assert told.returncode == 0, told.stderr
            assert differing(local, Path(out)) == {}
        assert len(list(Path(two.folder).glob("session_*/logs/worker-*.out"))) >= 2
        assert built_while_one_dies(two, f"{OUT}/killed") == 0
        assert differing(local, Path(f"{OUT}/killed")) == {}


def built_while_one_dies(two: Cluster, out: str) -> int:
    """Build, kill a worker's machine as soon as a chunk is there, and wait: the exit code."""
    command = [str(BIN / "govreport"), "build", SOURCES, "-o", out, "--engine", "ray"]
    env = {**os.environ, **at(two), "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, env=env) as running:
        until = time.monotonic() + 120
        while not chunks(out) and running.poll() is None and time.monotonic() < until:
            time.sleep(0.2)
        os.killpg(two.workers[0].pid, signal.SIGKILL)
        return running.wait(300)


def test_no_worker_at_all_is_one_line(tmp_path: Path) -> None:
    quickly = (
        "from govreport_core.build import cluster; from dashboard.cli import main; "
        "cluster._LOOK_SECONDS = 0.5; main()"
    )
    (tmp_path / "a.txt").write_text("made up")
    with ray_cluster({}, 0) as nobody:
        told = subprocess.run(
            [sys.executable, "-c", quickly, *build(tmp_path)],
            env={**os.environ, **at(nobody), "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )
    assert (told.returncode, told.stderr.count("\n")) == (2, 1), told.stderr
    assert "no worker is left" in told.stderr


def test_no_cluster_is_one_line(tmp_path: Path) -> None:
    told = govreport(*build(tmp_path), env={"RAY_ADDRESS": f"127.0.0.1:{free_port()}"})
    assert (told.returncode, told.stderr.count("\n")) == (2, 1), told.stderr
    assert "no cluster answers; start one with" in told.stderr


def build(folder: Path) -> tuple[str, ...]:
    return ("build", str(folder / "a.txt"), "-o", str(folder / "out"), "--engine", "ray")


def at(cluster: Cluster) -> dict[str, str]:
    return {"RAY_ADDRESS": cluster.address}


def chunks(out: str) -> dict[str, objects.Looks]:
    return objects.Folder(Path(out)).listed("build/chunks")
