"""What failed beside other tests once more, alone: for a machine whose cores others use too.

Only where the tests ran to their end and few failed. What fails again fails; what passes now is
named, so that a test that isn't steady is seen and mended.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

KEPT = Path(".pytest_cache/v")
MOST = 3


def main() -> int:
    """Run what failed; the exit code of the tests, or 1 where they aren't run again."""
    ended, failed = (
        json.loads(file.read_text(encoding="utf-8")) if file.is_file() else None
        for file in (KEPT / "govreport" / "ended", KEPT / "cache" / "lastfailed")
    )
    if ended != 1 or not failed or len(failed) > MOST:
        print("again: not tried: the tests didn't run to their end, or more than a few failed")
        return 1
    code = subprocess.run(
        [".venv/bin/pytest", "-n0", "--dist", "no", *failed], check=False
    ).returncode
    if not code:
        print("again: NOT STEADY, failed beside others and passed alone:", *failed, sep="\n  ")
    return code


if __name__ == "__main__":
    sys.exit(main())
