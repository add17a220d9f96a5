"""The pages of the rules are those of the catalogue, each with a pass and a failure."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
import rulebook

from dashboard.labels import LANGUAGES, t
from govreport_core.checks import catalogue

pytestmark = pytest.mark.slow

FOLDER = Path(__file__).parent.parent / "docs" / "rules"


@cache
def pages() -> dict[str, str]:
    return dict(rulebook.pages())


def test_the_pages_are_those_of_the_catalogue() -> None:
    written = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.md")}
    stale = [name for name, text in pages().items() if written.get(name) != text]
    assert stale == [], "run: make rules"
    assert set(written) == set(pages())


@pytest.mark.parametrize("code", catalogue())
def test_each_page_says_what_and_why_and_how_it_goes_well_and_wrong(code: str) -> None:
    text = pages()[f"{code}.md"]
    for lang in LANGUAGES:
        for name in ("rules.asks", "rules.source", "rulebook.passes", "rulebook.fails"):
            assert f"**{t(name, lang)}**" in text
    assert catalogue()[code].formula in text
    quoted = [line for line in text.splitlines() if line.startswith("> ")]
    assert len(quoted) == len(set(quoted)) == 2 * len(LANGUAGES)


def test_a_page_of_a_rule_that_is_gone_goes_too(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(rulebook, "pages", lambda: iter([("README.md", "all")]))
    (tmp_path / "gone.md").write_text("old")
    rulebook.main(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"README.md"}
