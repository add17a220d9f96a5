"""A document's parts in, those that hold a word with the text that runs on in the next ones out.

A plain dump breaks its prose at the page's width: what a sentence says may stand
in several lines.
"""

from __future__ import annotations

import polars as pl

# A line that is long and ends in no mark.
_RUNS_ON = r"([^。；;：:！？\n]{16})\n"
_LINES = 4  # lines after the first that a statement may run on in


def running(parts: pl.LazyFrame, words: list[str]) -> pl.LazyFrame:
    """The parts with one of these words.

    Args:
        parts: The table `parts` with `doc`: `kind`, `text` and `ordinal` are looked at.
        words: Words as they stand in the text, no patterns.

    Returns:
        The columns of `parts`, `bare` (the part's own text without spaces) and `run` (with the
        paragraphs after it). What is looked for in `run` is to begin within `bare`: see
        `begins_here`.
    """
    paragraphs = parts.filter(pl.col("kind") == "paragraph")
    own = parts.filter(pl.col("text").str.contains_any(words)).with_columns(
        bare=_without_spaces(pl.col("text"))
    )
    after = (
        own.filter(pl.col("kind") == "paragraph")
        .select(
            "doc",
            "ordinal",
            at=pl.int_ranges(pl.col("ordinal") + 1, pl.col("ordinal") + 1 + _LINES),
        )
        .explode("at")
        .with_columns(pl.col("at").cast(pl.Int32))
        .join(paragraphs.select("doc", "text", at="ordinal"), on=["doc", "at"])
        .sort("doc", "ordinal", "at")
        .group_by("doc", "ordinal", maintain_order=True)
        .agg(after=_without_spaces(pl.col("text").str.join("")))
    )
    return own.join(after, on=["doc", "ordinal"], how="left", maintain_order="left").with_columns(
        run=pl.col("bare") + pl.col("after").fill_null("")
    )


def around(parts: pl.LazyFrame, words: list[str]) -> pl.LazyFrame:
    """Of parts in their order the paragraphs with one of these words and those they run on in.

    Args:
        parts: The table `parts`: `kind` and `text` are looked at.
        words: Words as they stand in the text, no patterns.

    Returns:
        Rows of `parts` of the kind `paragraph`, in their order.
    """
    said = pl.col("text").str.contains_any(words)
    near = pl.any_horizontal(said.shift(lines, fill_value=False) for lines in range(_LINES + 1))
    return parts.filter(pl.col("kind") == "paragraph").filter(near)


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
