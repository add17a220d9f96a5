"""Some of the disturbed builds; `python tests/kills/kills.py` runs all, at many moments."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "kills"))

import kills

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="looks at processes in /proc"),
]


@pytest.fixture(scope="module")
def disturbed(tmp_path_factory: pytest.TempPathFactory) -> kills.Bench:
    return kills.bench(tmp_path_factory.mktemp("kills"), agencies=5)


@pytest.mark.parametrize("name", ["killed at a moment"])
def test_whatever_disturbs_a_build_the_dataset_stays_whole(
    disturbed: kills.Bench, tmp_path: Path, name: str
) -> None:
    _, odd = kills.trial(name, disturbed, tmp_path / "trial", random.Random(1))  # noqa: S311
    assert odd == ""


def test_a_loss_is_told(disturbed: kills.Bench, tmp_path: Path) -> None:
    lost = dict(disturbed.after)
    lost["values"] = lost["values"].head(1)
    assert not kills.same(lost, disturbed.after)
    assert kills.one_line("one\ntwo\n", 2, 0) == ["exit 0, not 2", "2 lines: one\ntwo\n"]
    assert kills.rows(tmp_path) is None
