"""The method page's tables on themes: what they count is what the points say."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from dashboard.data import Data, open_dataset
from dashboard.labels import number, t
from dashboard.views.themes import SHOWN, theme_tables
from dashboard.views.words_themes import theme_note
from govreport_core.narrative.taxonomy import shipped, taxonomy, theme_words
from govreport_core.narrative.theme_weights import heaviest, weights
from govreport_core.schemas import TABLES


@pytest.fixture(scope="module")
def demo(demo_dataset: Path) -> Data:
    return open_dataset(demo_dataset)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_each_theme_stands_with_its_note_its_words_and_its_points(demo: Data, lang: str) -> None:
    table, words, _ = theme_tables(demo, lang)
    points = pl.read_parquet(f"{demo.folder}/points/**/*.parquet")
    assert [row[0] for row in table.rows] == [w.title for w in theme_words(lang).values()]
    for code, row in zip(taxonomy(), table.rows, strict=True):
        assert all(term in row[4] for term in taxonomy()[code].terms)
        assert all(term in row[5] for term in taxonomy()[code].firm)
        assert all(term in row[6] for term in taxonomy()[code].passing)
        assert all(term in row[7] for term in taxonomy()[code].exclusions)
        assert all(theme_words(lang)[other].title in row[8] for other in taxonomy()[code].yields)
        assert row[9].split(t("site.about.themes.join", lang))[0] in heaviest(code, weights(), 1)
        of_theme = points.filter(pl.col("themes").list.contains(code))["kind"].to_list()
        assert row[1:3] == (
            number(of_theme.count("problem")),
            number(of_theme.count("improvement")),
        )
    found, scope = shipped(), shipped().scope
    assert [row[0] for row in words.rows[:-6]] == list(found.lists)
    common = (found.asides, found.objects, found.examples)
    common = (*common, scope.disclosure, scope.exclusions, scope.elsewhere)
    for row, of_all in zip(words.rows[-6:], common, strict=True):
        assert all(word in row[1] for word in of_all)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_points_without_a_theme_are_counted_and_some_are_shown(demo: Data, lang: str) -> None:
    *_, table = theme_tables(demo, lang)
    points = pl.read_parquet(f"{demo.folder}/points/**/*.parquet")
    none = points.filter(pl.col("themes").list.len() == 0)
    assert len(table.rows) == SHOWN < none.height
    assert number(none.height) in table.text
    assert number(points.height - none.height) in table.text
    assert {row[0].rstrip("…") for row in table.rows} <= {text[:80] for text in none["text"]}


def test_a_dataset_without_points_has_the_tables_too(demo: Data) -> None:
    none = {name: rows.clear() for name, rows in demo.tables.items()}
    assert none.keys() == TABLES.keys()
    empty = Data(demo.folder, demo.about, none, demo.version)
    themes, _, unthemed = theme_tables(empty, "zh")
    assert {row[1:3] for row in themes.rows} == {("0", "0")}
    assert unthemed.rows == ()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_beside_figures_a_theme_says_what_it_takes_in_and_no_more(lang: str) -> None:
    for code, words in theme_words(lang).items():
        note = theme_note(code, lang)
        assert note
        assert words.note.startswith(note)
        assert "归" not in note
    assert theme_note("nope", lang) == ""
