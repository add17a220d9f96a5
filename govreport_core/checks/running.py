"""A document's parts in, those that hold a word with the text that runs on in the next ones out.

A plain dump breaks its prose at the page's width: what a sentence says may stand
in several lines.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

_FULL_WIDTH = {chr(ord("０") + figure): str(figure) for figure in range(10)}
# A line that is long and ends in no mark.
_RUNS_ON = r"([^。；;：:！？\n]{16})\n"
_LINES = 4  # lines after the first that a statement may run on in


def running(parts: pl.LazyFrame, words: list[str]) -> pl.LazyFrame:
    """The parts with one of these words.

    Args:
        parts: The table `parts` with `doc`, a document's rows together by `ordinal`: `kind`,
            `text` and `ordinal` are looked at.
        words: Words as they stand in the text, no patterns.

    Returns:
        The columns of `parts`, `bare` (the part's own text without spaces) and `run` (with the
        paragraphs after it). What is looked for in `run` is to begin within `bare`: see
        `begins_here`.
    """
    after = [f"after~{lines}" for lines in range(1, _LINES + 1)]
    return (
        parts.with_columns(_after(lines).alias(name) for lines, name in enumerate(after, start=1))
        .filter(says(pl.col("text"), words))
        .with_columns(bare=_without_spaces(pl.col("text")))
        .with_columns(run=_without_spaces(pl.concat_str("bare", *after, ignore_nulls=True)))
        .drop(after)
    )


def _after(lines: int) -> pl.Expr:
    """The text of the paragraph so many parts after a paragraph of the same document, if any.

    Parts that were left out aren't counted: none is more than `_LINES` further on.
    """
    paragraph, ordinal = pl.col("kind") == "paragraph", pl.col("ordinal")
    there = (
        paragraph
        & paragraph.shift(-lines)
        & (pl.col("doc") == pl.col("doc").shift(-lines))
        & (ordinal.shift(-lines) <= ordinal + _LINES)
    )
    return pl.when(there).then(pl.col("text").shift(-lines))


def around(parts: pl.LazyFrame, words: list[str]) -> pl.LazyFrame:
    """Of parts in their order the paragraphs with one of these words and those they run on in.

    Args:
        parts: The table `parts`: `kind` and `text` are looked at.
        words: Words as they stand in the text, no patterns.

    Returns:
        Rows of `parts` of the kind `paragraph`, in their order.
    """
    said = says(pl.col("text"), words)
    near = pl.any_horizontal(said.shift(lines, fill_value=False) for lines in range(_LINES + 1))
    return parts.filter(pl.col("kind") == "paragraph").filter(near)


def half_width(text: pl.Expr) -> pl.Expr:
    """A text with half-width figures: those set full width are no numbers to polars."""
    return text.str.replace_many(_FULL_WIDTH)


def says(text: pl.Expr, words: Iterable[str]) -> pl.Expr:
    """Whether a text holds any of some words: by a pattern, in half the time of a list of them.

    Args:
        text: Any text.
        words: At least one, as they stand in the text, no patterns.

    Returns:
        A truth a row; null where the text is.
    """
    return text.str.contains("|".join(map(pl.escape_regex, words)))


def begins_here(pattern: str) -> pl.Expr:
    """Whether the first match in `run` begins within the part itself.

    Args:
        pattern: A regular expression for `run`, of `running`'s frame.

    Returns:
        A truth a row, over `run` and `bare`; null where nothing is found.
    """
    return pl.col("run").str.find(pattern) < pl.col("bare").str.len_bytes()


def run_on(text: pl.Expr) -> pl.Expr:
    """A text of several lines with those joined that run on in the next.

    Args:
        text: Lines as they are printed, such as `text` of `sections`.

    Returns:
        The text without the ends of lines that are long and close with no mark.
    """
    return text.str.replace_all(_RUNS_ON, "$1")


def _without_spaces(text: pl.Expr) -> pl.Expr:
    return text.str.replace_all(r"\s", "")
