"""A cluster of two workers, on an object store and on a shared folder: the same tables."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from cluster import BIN, ROOT, Cluster, differing, object_store, port, ray_cluster, upload

from govreport_core import objects
from govreport_core.samples import write_samples

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("reports")]
SOURCES, OUT = "s3://engine/in/reports", "s3://engine/out"


def govreport(*given: str, env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(BIN / "govreport"), *given],
        env={**os.environ, **env, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def server() -> Iterator[dict[str, str]]:
    with object_store("engine") as env, pytest.MonkeyPatch.context() as patch:
        for name, value in env.items():
            patch.setenv(name, value)
        yield env


@pytest.fixture(scope="module")
def reports(server: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some 60 reports, in a folder and on the store."""
    folder = tmp_path_factory.mktemp("engine")
    write_samples(folder, agencies=10, years=range(2019, 2025), formats=("cells", "html"), seed=9)
    assert server["AWS_ENDPOINT_URL"] == os.environ["AWS_ENDPOINT_URL"]
    upload(folder / "reports", SOURCES.replace("//", "/"))
    return folder / "reports"


@pytest.fixture(scope="module")
def local(reports: Path) -> Path:
    out = reports.parent / "dataset"
    assert govreport("build", str(reports), "-o", str(out), env={}).returncode == 0
    return out


@pytest.fixture(scope="module")
def two(server: dict[str, str]) -> Iterator[Cluster]:
    with ray_cluster(server, 2) as cluster:
        yield cluster


def at(cluster: Cluster) -> dict[str, str]:
    return {"RAY_ADDRESS": cluster.address}


def test_two_workers_on_an_object_store_make_the_tables_of_one_machine(
    local: Path, two: Cluster
) -> None:
    told = govreport("build", SOURCES, "-o", f"{OUT}/dataset", "--engine", "ray", env=at(two))
    assert told.returncode == 0, told.stderr
    assert differing(local, Path(f"{OUT}/dataset")) == {}
    assert len(list(Path(two.folder).glob("session_*/logs/worker-*.out"))) >= 2


def test_two_workers_on_a_shared_folder_make_the_tables_of_one_machine(
    reports: Path, local: Path, two: Cluster, tmp_path: Path
) -> None:
    out = tmp_path / "dataset"
    told = govreport("build", str(reports), "-o", str(out), "--engine", "ray", env=at(two))
    assert told.returncode == 0, told.stderr
    assert differing(local, out) == {}


def test_a_dead_worker_costs_time_and_no_report(local: Path, two: Cluster) -> None:
    out = f"{OUT}/killed"
    command = [str(BIN / "govreport"), "build", SOURCES, "-o", out, "--engine", "ray"]
    env = {**os.environ, **at(two), "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, env=env, stderr=subprocess.PIPE, text=True) as running:
        until = time.monotonic() + 120
        while not chunks(out) and running.poll() is None and time.monotonic() < until:
            time.sleep(0.2)
        os.killpg(two.workers[0].pid, signal.SIGKILL)
        told = running.communicate(timeout=300)[1]
    assert running.returncode == 0, told
    assert differing(local, Path(out)) == {}


def test_no_worker_at_all_is_one_line() -> None:
    quickly = (
        "from govreport_core.build import cluster; from dashboard.cli import main; "
        "cluster._LOOK_SECONDS = 0.5; main()"
    )
    build = ("build", SOURCES, "-o", f"{OUT}/none", "--engine", "ray")
    with ray_cluster({}, 0) as nobody:
        told = subprocess.run(
            [str(BIN / "python"), "-c", quickly, *build],
            env={**os.environ, **at(nobody), "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )
    assert (told.returncode, told.stderr.count("\n")) == (2, 1), told.stderr
    assert "no worker is left" in told.stderr


def test_no_cluster_is_one_line() -> None:
    env = {"RAY_ADDRESS": f"127.0.0.1:{port()}"}
    told = govreport("build", SOURCES, "-o", f"{OUT}/none", "--engine", "ray", env=env)
    assert (told.returncode, told.stderr.count("\n")) == (2, 1), told.stderr
    assert "no cluster answers; start one with" in told.stderr


def chunks(out: str) -> dict[str, objects.Looks]:
    return objects.Folder(Path(out)).listed("build/chunks")
