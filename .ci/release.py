"""A version in, a commit, a tag and its release notes out; nothing is asked and nothing is pushed.

    make release                  the version that pyproject.toml names
    make release VERSION=0.2.0    another one, written there first

What stands under “Unreleased” in CHANGELOG.md becomes the version's own
section, the message of the tag `v…` and `out/release-notes.md`.
"""

from __future__ import annotations

import datetime as dt
import re
import subprocess
import sys
from pathlib import Path

VERSION = re.compile(r'^((?:__)?version(?:__)? = )"([^"]+)"$', re.MULTILINE)
NUMBERED = re.compile(r"\d+\.\d+\.\d+")
UNRELEASED = re.compile(r"^## Unreleased\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
NOTES = Path("out/release-notes.md")


def main(wanted: str) -> None:
    """Release what is committed in the current folder.

    Args:
        wanted: The version; empty for the one in pyproject.toml.
    """
    if _git("status", "--porcelain"):
        sys.exit("release: the tree isn't clean; commit or stash first")
    project, package, changes = (Path(name).read_text(encoding="utf-8") for name in _FILES)
    named = VERSION.search(project)
    if named is None:
        sys.exit("release: pyproject.toml names no version")
    version = wanted or named[2]
    if not NUMBERED.fullmatch(version):
        sys.exit(f"release: {version!r} is no version like 1.2.3")
    tag = f"v{version}"
    if _git("tag", "--list", tag):
        sys.exit(f"release: {tag} is there already; name the next: make release VERSION=…")
    section = UNRELEASED.search(changes)
    if section is None or not section[1].strip():
        sys.exit("release: nothing stands under “Unreleased” in CHANGELOG.md")
    notes = section[1].strip()
    day = dt.datetime.now(dt.UTC).date()
    heading = f"## Unreleased\n\n## {version} ({day})\n\n{notes}\n"
    rest = changes[section.end() :]
    changes = changes[: section.start()] + heading + (f"\n{rest}" if rest else "")
    numbered = (VERSION.sub(rf'\g<1>"{version}"', text, count=1) for text in (project, package))
    for name, text in zip(_FILES, (*numbered, changes), strict=True):
        Path(name).write_text(text, encoding="utf-8")
    _git("add", *_FILES)
    _git("commit", "--quiet", "--message", f"Release {version}")
    _git("tag", "--annotate", tag, "--cleanup=verbatim", "--message", f"{tag}\n\n{notes}\n")
    NOTES.parent.mkdir(exist_ok=True)
    NOTES.write_text(f"{notes}\n", encoding="utf-8")
    print(f"{tag} is tagged; its notes: {NOTES}; send both on with: git push --follow-tags")


_FILES = ("pyproject.toml", "govreport_core/__init__.py", "CHANGELOG.md")


def _git(*words: str) -> str:
    done = subprocess.run(["git", *words], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"release: git {words[0]}: {done.stderr.strip()}")
    return done.stdout.strip()


if __name__ == "__main__":
    main(*(sys.argv[1:] or [""]))
