"""A number of agencies in, one build by this machine's engine and one by a cluster's compared.

    python tests/bench/engine.py [--agencies 1760] [--workers 2] [--seed 9]

Six years of each agency (1,760 make some 10,000 reports) are generated, built into a folder,
put on an object store on loopback (moto's server) and built from there to there by a Ray
cluster on loopback. Told are wall seconds, this process's children's CPU seconds, bytes
on the store, and the rows that differ. Exit 1 where a row does.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from cluster import BIN, ROOT, differing, object_store, ray_cluster, upload

from govreport_core import objects


def main() -> int:
    """Build both ways, print what it took, and tell by the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--agencies", type=int, default=1760)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=9)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="engine-") as folder, object_store("engine") as env:
        os.environ.update(env)
        print(json.dumps(_measured(Path(folder), env, given), indent=1))
        with ray_cluster(env, given.workers) as cluster:
            found = _clustered(Path(folder), {**env, "RAY_ADDRESS": cluster.address})
    print(json.dumps(found, indent=1))
    return 1 if found["differing"] else 0


def _measured(folder: Path, env: Mapping[str, str], given: argparse.Namespace) -> dict[str, object]:
    """Generate, build here, and put the sources on the store."""
    made = ("--agencies", str(given.agencies), "--no-faults", "--seed", str(given.seed))
    sampled = _run(env, "sample", "-o", f"{folder}/in", *made)
    local = _run(env, "build", f"{folder}/in/reports", "-o", f"{folder}/local")
    began = time.monotonic()
    files = upload(folder / "in/reports", "s3:/engine/reports")
    return {
        "sample": sampled,
        "local": local,
        "files": files,
        "upload": round(time.monotonic() - began, 1),
    }


def _clustered(folder: Path, env: Mapping[str, str]) -> dict[str, object]:
    """Build from the store to the store, twice, and compare."""
    command = ("build", "s3://engine/reports", "-o", "s3://engine/dataset", "--engine", "ray")
    return {
        "ray": _run(env, *command),
        "differing": differing(folder / "local", "s3:/engine/dataset"),
        "bytes": sum(
            o.size for o in objects.Folder(Path("s3:/engine/dataset/versions")).listed().values()
        ),
        "again": _run(env, *command),
        "differing again": differing(folder / "local", "s3:/engine/dataset"),
    }


def _run(env: Mapping[str, str], *command: str) -> dict[str, object]:
    """Run a command of ours: its last line, wall seconds, CPU seconds of it and its children."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    told = subprocess.run(
        [str(BIN / "govreport"), *command],
        env={**os.environ, **env, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    if told.returncode:
        sys.exit(f"{' '.join(command)}: {told.stderr[-2000:]}")
    last = (told.stdout or told.stderr).strip().splitlines()[-1]
    wall = time.monotonic() - began
    return {
        "wall": round(wall, 1),
        "cpu": round(cpu, 1),
        "peak MB": after.ru_maxrss // 1024,
        "said": last,
    }


if __name__ == "__main__":
    sys.exit(main())
