"""Plain lines in, which table they begin out: the quick look never hides a sign."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from govreport_core.align import lines
from govreport_core.align.vocabulary import vocabulary
from govreport_core.forms import forms
from govreport_core.samples import LAYOUTS, draw_report, render


def printed(form_id: str) -> Iterator[str]:
    """The words of a form's tables as lines may have them, and lines of a sample."""
    words = vocabulary(form_id)
    said = {*words.captions, *words.item}
    for table in words.tables.values():
        said |= {*table.columns, *table.rows}
        said |= set(table.table.ignored)
    for word in sorted(said):
        yield from (word, f"{word} 1 2 3", f"（一）{word}", " ".join(word), f"{word}{word}")
        yield from (f"  {word}：12", f"第二十条第（一）项 {word}", f"{word[:1]}é{word[1:]}")
        yield f"{word[:1]}（2023 年度）{word[1:]}"
    report = draw_report(year=2023, form=form_id)
    for layout in LAYOUTS:
        yield from render(report, layout).splitlines()


@pytest.mark.parametrize("form_id", [form.id for form in forms().values() if not form.listed])
def test_a_line_that_a_quick_look_passes_over_has_no_sign(
    form_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = [*printed(form_id)]
    quick = [lines._plain_sign(form_id, text) for text in texts]
    passed = sum(not lines._sure_word(form_id).search(text) for text in texts)
    monkeypatch.setattr(lines, "_sure_word", lambda _: re.compile(""))
    assert quick == [lines._plain_sign(form_id, text) for text in texts]
    assert any(quick)
    assert passed
