"""The READMEs' tables of accuracy in, the same for the page on the method out.

The tables are measured and written by `govreport_core.samples.trials.roundtrip`;
`python -m dashboard.views.accuracy` copies them here, for a README isn't
installed. A test holds the two together.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from pathlib import Path

import msgspec

from govreport_core.errors import GovReportError

READMES = {"zh": "README.zh-CN.md", "en": "README.md"}
BLOCKS = ("real", "generated")
_FILE = Path(__file__).with_name("accuracy.json")


class Accuracy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One table as text: its headings and its rows."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@cache
def accuracy() -> dict[str, dict[str, Accuracy]]:
    """Block -> language -> table.

    Raises:
        GovReportError: The file is of another shape: a mistake of ours.
    """
    content = files("dashboard.views").joinpath("accuracy.json").read_bytes()
    try:
        return msgspec.json.decode(content, type=dict[str, dict[str, Accuracy]])
    except msgspec.DecodeError as error:
        msg = f"accuracy.json: {error}"
        raise GovReportError(msg) from error


def tables_of(folder: Path) -> dict[str, dict[str, Accuracy]]:
    """The marked tables of the READMEs in a folder, by block and language.

    Raises:
        GovReportError: A README has no table between its marks.
    """
    found: dict[str, dict[str, Accuracy]] = {block: {} for block in BLOCKS}
    for lang, name in READMES.items():
        text = (folder / name).read_text(encoding="utf-8")
        for block in BLOCKS:
            between = re.search(rf"<!-- accuracy:{block} -->\n(.*?)<!-- /accuracy", text, re.S)
            lines = between[1].strip().splitlines() if between else []
            if len(lines) < 3:
                msg = f"{name}: no table between the marks accuracy:{block}"
                raise GovReportError(msg)
            cells = [tuple(cell.strip() for cell in line.strip("| ").split("|")) for line in lines]
            found[block][lang] = Accuracy(cells[0], tuple(cells[2:]))
    return found


if __name__ == "__main__":
    tables = tables_of(Path(__file__).parent.parent.parent)
    _FILE.write_bytes(msgspec.json.format(msgspec.json.encode(tables), indent=1) + b"\n")
