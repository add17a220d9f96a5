"""Folders for what passes through a machine."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from govreport_core.passing import passing_folder


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def aged(folder: Path) -> None:
    os.utime(folder / ".lock", (0, 0))


def test_a_passing_folder_goes_with_what_is_in_it(root: Path) -> None:
    with passing_folder() as folder:
        (folder / "a").write_text("b")
    assert list(root.iterdir()) == []


def test_what_a_killed_process_left_goes_and_what_a_living_one_holds_stays(root: Path) -> None:
    left = root / "govreport-passing-left"
    left.mkdir()
    (left / ".lock").touch()
    aged(left)
    with passing_folder() as held:
        assert not left.exists()
        aged(held)
        with passing_folder():
            assert held.exists()


def test_what_is_new_or_not_ours_stays(root: Path) -> None:
    for name in ("govreport-passing-new", "govreport-other"):
        (root / name).mkdir()
        (root / name / ".lock").touch()
    aged(root / "govreport-other")
    (root / "govreport-passing-bare").mkdir()
    with passing_folder():
        pass
    assert len(list(root.iterdir())) == 3
