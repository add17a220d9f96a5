"""Compiled templates are kept from run to run, and taken up only by what compiled them."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import jinja2
import pytest

from dashboard.site import blocks, hashes, templating

PAGE = {"page.html": "<p>{{ t('site.name') }} {{ about }}"}


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder in which one of these runs keeps what it compiles."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    yield tmp_path
    templating._kept.cache_clear()


def drawn(monkeypatch: pytest.MonkeyPatch) -> tuple[str, int]:
    """A page as a new process draws it, and how many templates it compiled."""
    compiled = []

    def compile_(self: jinja2.Environment, *given: object) -> object:
        compiled.append(given[1])
        return usual(self, *given)

    usual = jinja2.Environment.compile
    templating._kept.cache_clear()
    with monkeypatch.context() as patch:
        patch.setattr(templating, "_COMPILED", {})
        patch.setattr(jinja2.Environment, "compile", compile_)
        made = templating.Environment(loader=jinja2.DictLoader(PAGE))
        made.speak({"site.name": "名"}.__getitem__)
        return made.get_template("page.html").render(about="x"), len(compiled)


def test_a_template_is_compiled_in_the_first_run_alone(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert drawn(monkeypatch) == ("<p>名 x", 1)
    assert drawn(monkeypatch) == ("<p>名 x", 0)
    assert len(list(kept.rglob("*.cache"))) == 1


def test_another_program_compiles_it_anew(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn(monkeypatch)
    monkeypatch.setattr(hashes, "program", lambda: b"another")
    assert drawn(monkeypatch) == ("<p>名 x", 1)
    assert kept.exists()


@pytest.mark.parametrize("keep", [0, 1, 20, 60, 100])
def test_a_damaged_file_is_made_anew(
    kept: Path, monkeypatch: pytest.MonkeyPatch, keep: int
) -> None:
    drawn(monkeypatch)
    (file,) = kept.rglob("*.cache")
    file.write_bytes(file.read_bytes()[:keep])
    assert drawn(monkeypatch) == ("<p>名 x", 1)
    assert drawn(monkeypatch) == ("<p>名 x", 0)


def test_without_a_place_to_keep_it_a_page_is_drawn_all_the_same(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = kept / "none"
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    assert drawn(monkeypatch) == ("<p>名 x", 1)
    assert drawn(monkeypatch) == ("<p>名 x", 1)
    assert not folder.exists()


def test_who_wants_no_compiled_modules_gets_no_compiled_templates(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    drawn(monkeypatch)
    assert drawn(monkeypatch)[1] == 1
    assert not list(kept.rglob("*.cache"))


HIDDEN = "县\x00\x07\x1b[31m局\x85\u202e12\u202c\u2066林\uffff"


@pytest.mark.parametrize("escaped", [templating.escaped, blocks.escaped])
def test_no_page_has_what_it_cannot_hold_or_what_turns_its_text(
    escaped: Callable[[str], str],
) -> None:
    assert escaped(HIDDEN) == "县\ufffd\ufffd\ufffd[31m局\ufffd12林\ufffd"
    assert escaped(f"<b>{HIDDEN[:2]} '&\"") in {
        "&lt;b&gt;县\ufffd '&amp;&#34;",
        "&lt;b&gt;县\ufffd '&amp;&quot;",
    }
    kept = "一\t行\r\n\u3000\u00a0é𠮷"
    assert escaped(kept) is kept
