"""What a card says of a report's sections: text that stands in the source isn't said twice."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dashboard.site import addresses
from dashboard.site.listing import listing
from dashboard.site.pairs import sides
from dashboard.site.sections import found
from dashboard.views.records import ReportLink, SideLine, Sides, SideSection
from govreport_core.search import Piece

WRAPPED = [
    "一、总体情况",
    "今年收到申请 12 件，",
    "  办结 12 件。",
    "- 3 -",
    "另有一事。",
    "",
    "二、其他",
]


def parts(lines: list[str], path: str = "line") -> list[dict[str, object]]:
    return [
        {"part": f"{path}:{n}", "ordinal": n - 1, "kind": "line", "text": text, "row": None}
        for n, text in enumerate(lines, 1)
    ]


def section(text: str, part: str = "line:1") -> dict[str, str]:
    return {"section": "s1_overview", "text": text, "part": part}


@pytest.mark.parametrize(
    ("text", "on"),
    [
        ("另有一事。", set()),
        ("今年收到申请12件，办结12件。\n另有一事。", {"line:3"}),
        ("今年收到申请 12 件，办结 12 件。另有一事。", {"line:3", "line:4", "line:5"}),
        ("", set()),
    ],
)
def test_paragraphs_are_found_over_lines_and_page_numbers(text: str, on: set[str]) -> None:
    there = found(parts(WRAPPED), [section(text)])
    assert there.sections == {"s1_overview"}
    assert there.on == on


@pytest.mark.parametrize(
    "text",
    [
        "今年收到申请 12 件。",  # not its whole line
        "另有一事。\n今年收到申请 12 件，办结 12 件。",  # in another order
        "另有一事。\n另有一事。",  # twice
        "今年收到申请 12 件，另有一事。",  # with a line between that is no page's number
    ],
)
def test_a_text_that_stands_there_otherwise_is_not_found(text: str) -> None:
    there = found(parts(WRAPPED), [section(text)])
    assert there == (frozenset(), frozenset())


def test_a_text_is_looked_for_from_its_heading_on() -> None:
    assert not found(parts(WRAPPED), [section("另有一事。", "line:6")]).sections
    assert found(parts(WRAPPED), [section("另有一事。", "gone")]).sections


def test_lines_of_a_paragraph_follow_each_other_with_their_numbers() -> None:
    lines = parts(["甲", "乙", "丙"])
    drawn = listing(lines, (), {"p-1"}, {"line:2"})
    assert drawn == "<ol><li>甲<i id=p-1>乙</i><li value=3>丙</ol>"
    assert listing(lines, (), set(), set()) == "<ol><li>甲<li>乙<li>丙</ol>"
    # A number that doesn't follow has to be told, which only an item of the list can.
    assert listing([lines[0], lines[2]], (), set(), {"line:3"}) == "<ol><li>甲<li value=3>丙</ol>"


def test_a_run_of_sentences_has_one_sign() -> None:
    def line(kind: str, text: str, note: str = "") -> SideLine:
        pieces = (Piece(text, marked=True),)
        one, other = (pieces, ()) if kind in ("dropped", "kept") else ((), pieces)
        return SideLine(
            kind, "+", kind, note, *((pieces, pieces) if kind == "changed" else (one, other))
        )

    lines = [line("new", "a"), line("new", "b"), line("new", "c", "moved"), line("changed", "d")]
    lines += [line("changed", "e"), line("dropped", "f"), line("dropped", "g"), line("kept", "h")]
    link = ReportLink("x", "x", "2021")
    some = (
        SideSection("s1_overview", "S", (), tuple(lines)),
        SideSection("s6_other", "T", (), (), "-"),
    )
    drawn = sides(Sides("t", link, link, "2021", "2022", some), "en")
    assert drawn.count("gr-sides-head") == 1
    assert "<ol class=gr-sides lang=zh-CN>" in drawn
    items = re.findall(r"<li class=(\w+)><i lang=en>([^<]*)</i>(.*?)(?=<li|</ol>)", drawn)
    assert items == [
        ("new", "+ new", "<p><ins>a</ins><p><ins>b</ins>"),
        ("new", "+ new · moved", "<p><ins>c</ins>"),
        ("changed", "+ changed", "<p><del>d</del><p class=other><ins>d</ins>"),
        ("changed", "+ changed", "<p><del>e</del><p class=other><ins>e</ins>"),
        ("dropped", "+ dropped", "<p><del>f</del><p><del>g</del>"),
        ("kept", "+ kept", "<p><b>h</b>"),
    ]
    assert "lang" not in sides(Sides("t", link, link, "2021", "2022", some), "zh-CN")


def test_no_text_is_lost_and_none_is_quoted_twice(demo_site: Path) -> None:
    """All text of a section is on the page once: in its own words, or where its place leads."""
    pages = sorted((demo_site / "en" / addresses.REPORTS).parent.glob("*-20*.html"))
    short = 0
    for path in pages:
        page = path.read_text("utf-8")
        card, source = re.split(r'<div class="?listing', page)
        sections = card[card.index("id=sections") : card.index("id=tables")]
        for item in re.findall(r"<li>(.*?)(?=<li>|</ul>)", sections):
            led = re.search(r"characters</span> <a href=#([^>]+)>", item)
            if led:
                short += 1
                assert f" id={led[1]}>" in source, path
        quotes = re.findall(r"<q[^>]*>(.*?)</q> <a class=src-link href=([^>]+)>", card)
        assert len(quotes) == len({*quotes}), path
    assert short > len(pages)
