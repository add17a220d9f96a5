"""The method page's tables on themes: what they count is what the points say."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from dashboard.data import Data, open_dataset
from dashboard.labels import number, t
from dashboard.views.themes import SHOWN, theme_tables
from govreport_core.narrative.themes import asides, lists, taxonomy, theme_words
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
        assert all(term in row[5] for term in taxonomy()[code].passing)
        assert all(term in row[6] for term in taxonomy()[code].exclusions)
        of_theme = points.filter(pl.col("themes").list.contains(code))["kind"].to_list()
        assert row[1:3] == (
            number(of_theme.count("problem")),
            number(of_theme.count("improvement")),
        )
    assert [row[0] for row in words.rows[:-1]] == list(lists())
    assert all(opening in words.rows[-1][1] for opening in asides())


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
def test_each_link_between_two_years_has_its_words(lang: str) -> None:
    for link in ("promised", "repeated", "promised_again"):
        assert t(f"links.{link}", lang)
        assert t(f"link_notes.{link}", lang)
