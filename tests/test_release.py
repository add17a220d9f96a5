"""A release is a commit, a tag and its notes, made without a question; a dirty tree is refused."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SCRIPT = ROOT / ".ci" / "release.py"
CHANGES = """# Changelog

## Unreleased

- A new rule.
# not a comment

## 0.0.9 (2026-01-01)

- The first.
"""
SOMEBODY = {
    f"GIT_{who}_{what}": said
    for who in ("AUTHOR", "COMMITTER")
    for what, said in (("NAME", "Somebody"), ("EMAIL", "somebody@example.com"))
}


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    alone = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    return subprocess.run(
        words,
        cwd=folder,
        env=os.environ | SOMEBODY | alone,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def release(folder: Path, version: str = "") -> subprocess.CompletedProcess[str]:
    return run(folder, sys.executable, str(SCRIPT), version)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    assert shutil.which("git")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "govreport_core").mkdir()
    shutil.copy(ROOT / "govreport_core/__init__.py", tmp_path / "govreport_core")
    (tmp_path / ".gitignore").write_text("/out/\n")
    (tmp_path / "CHANGELOG.md").write_text(CHANGES)
    run(tmp_path, "git", "init", "--quiet")
    run(tmp_path, "git", "add", ".")
    assert run(tmp_path, "git", "commit", "--quiet", "--message", "All").returncode == 0
    return tmp_path


def test_a_release_is_a_commit_a_tag_and_its_notes(project: Path) -> None:
    done = release(project, "12.3.4")
    assert done.returncode == 0, done.stderr
    assert '\nversion = "12.3.4"\n' in (project / "pyproject.toml").read_text()
    assert '__version__ = "12.3.4"' in (project / "govreport_core/__init__.py").read_text()
    changes = (project / "CHANGELOG.md").read_text()
    assert "## Unreleased\n\n## 12.3.4 (" in changes
    assert changes.index("## 12.3.4") < changes.index("A new rule.") < changes.index("## 0.0.9")
    assert (project / "out/release-notes.md").read_text() == "- A new rule.\n# not a comment\n"
    told = run(project, "git", "tag", "--list", "--format=%(contents)", "v12.3.4").stdout
    assert told.strip() == "v12.3.4\n\n- A new rule.\n# not a comment"
    assert run(project, "git", "status", "--porcelain").stdout == ""
    assert "0.0.9" not in told


def test_without_a_version_it_is_that_of_the_project(project: Path) -> None:
    assert release(project).returncode == 0
    tagged = run(project, "git", "tag").stdout.strip()
    assert f'version = "{tagged[1:]}"' in (ROOT / "pyproject.toml").read_text()


@pytest.mark.parametrize(
    ("version", "spoil", "said"),
    [
        ("1.2.3", lambda folder: (folder / "stray.txt").write_text("x"), "isn't clean"),
        ("1.2", lambda _: None, "no version like"),
        ("1.2.3", lambda folder: run(folder, "git", "tag", "v1.2.3"), "there already"),
    ],
    ids=["dirty", "odd", "again"],
)
def test_what_cannot_be_released_is_refused_and_nothing_changes(
    project: Path, version: str, spoil, said: str
) -> None:
    spoil(project)
    before = run(project, "git", "rev-parse", "HEAD").stdout
    done = release(project, version)
    assert done.returncode != 0
    assert said in done.stderr
    assert run(project, "git", "rev-parse", "HEAD").stdout == before
    assert (project / "CHANGELOG.md").read_text() == CHANGES


def test_nothing_new_is_no_release(project: Path) -> None:
    assert release(project, "1.0.0").returncode == 0
    done = release(project, "1.0.1")
    assert done.returncode != 0
    assert "nothing stands under" in done.stderr
