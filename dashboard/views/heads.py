"""A table to take away in, its columns under their names in words out."""

from __future__ import annotations

import polars as pl

from dashboard.labels import t, words


def headed(frame: pl.DataFrame, room: str, lang: str) -> pl.DataFrame:
    """A table as it is handed out: the names of its columns in words.

    Args:
        frame: Any columns of those in `taken` of the words.
        room: Whose table it is: a column may have a word of its own there.
        lang: Language of the words.

    Returns:
        The same rows and order of columns.
    """
    own = words(lang)
    return frame.rename(
        {
            code: own.get(f"{room}.columns.{code}") or t(f"taken.{code}", lang)
            for code in frame.columns
        }
    )
