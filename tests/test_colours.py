"""One palette for app, site and charts: it can be read, and nothing is drawn beside it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from dashboard import pieces
from dashboard.colours import Ground, palette, sheet_by_reader, sheet_by_scheme

ROOT = Path(__file__).parent.parent
OWN = (ROOT / "dashboard/site/static", ROOT / "dashboard/screens")
GROUNDS = pytest.mark.parametrize(
    "ground", [palette().light, palette().dark], ids=["light", "dark"]
)
# Colours that Streamlit draws with by itself, and their names here.
STREAMLIT = {
    "backgroundColor": "ground",
    "secondaryBackgroundColor": "panel",
    "textColor": "ink",
    "linkColor": "link",
    "borderColor": "line",
    "dataframeHeaderBackgroundColor": "panel",
}


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@GROUNDS
def test_everything_written_can_be_read(ground: Ground) -> None:
    for under in (ground.ground, ground.raised, ground.panel):
        assert contrast(ground.ink, under) >= 7
        for colour in (ground.faint, ground.link, ground.good, ground.warn, ground.bad):
            assert contrast(colour, under) >= 4.5
    for colour, under in (
        (ground.good, ground.good_soft),
        (ground.warn, ground.warn_soft),
        (ground.bad, ground.bad_soft),
        (ground.mark_ink, ground.mark),
        (ground.hit_ink, ground.hit),
    ):
        assert contrast(colour, under) >= 4.5


@GROUNDS
def test_charts_can_be_read_on_their_ground_and_numbers_on_them(ground: Ground) -> None:
    assert all(contrast(colour, ground.ground) >= 4.5 for colour in ground.series)


def test_both_sheets_name_the_same_colours() -> None:
    by_reader, by_scheme = sheet_by_reader(), sheet_by_scheme()
    for name, colour in palette().light.variables().items():
        dark = palette().dark.variables()[name]
        assert f"{name}:{colour}" in by_reader
        assert f"{name}:{dark}" in by_reader
        assert f"{name}:light-dark({colour},{dark})" in by_scheme


def test_what_the_reader_chose_goes_before_the_system() -> None:
    sheet = sheet_by_reader()
    assert "(prefers-color-scheme:dark){:root:not([data-theme=light]){" in sheet
    assert f"\n:root[data-theme=dark]{{--gr-ground:{palette().dark.ground};" in sheet


def test_style_sheets_use_no_colour_that_is_not_in_the_palette() -> None:
    known = set(palette().light.variables())
    sheets = [pieces.sheet(), *(p.read_text() for folder in OWN for p in folder.glob("*.css"))]
    assert len(sheets) == 5
    for text in sheets:
        used = set(re.findall(r"var\((--gr-[a-z0-9-]+)", text))
        assert used - {"--gr-pick", "--gr-of"} <= known
        screen, _, _ = text.partition("@media print")
        assert set(re.findall(r"#[0-9a-f]{3,6}\b", screen)) <= {"#fff"}


@GROUNDS
def test_streamlit_draws_with_the_same_colours(ground: Ground) -> None:
    theme = tomllib.loads((ROOT / ".streamlit/config.toml").read_text(encoding="utf-8"))["theme"]
    own = theme["light" if ground == palette().light else "dark"]
    assert {name: own[name] for name in STREAMLIT} == {
        name: getattr(ground, colour) for name, colour in STREAMLIT.items()
    }
