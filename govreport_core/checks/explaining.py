"""Failures and what the reports say in, the failures that a sentence explains as notes out.

An explanation counts only where its sentence is about this figure: it names a cause
and the figure, in one clause or linked, or figures in general and that they changed.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Annotated

import msgspec
import polars as pl

from govreport_core.checks.facts import Facts
from govreport_core.checks.pairs import told
from govreport_core.checks.running import run_on, says
from govreport_core.errors import RuleError

QUOTE_LENGTH = 120  # characters of an explanation that a sentence quotes
_SENTENCE = r"[^。；;！？\n]+"

Phrases = Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]


class Explained(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What explains a rule's failures.

    Attributes:
        words: The causes.
        about: What a sentence calls the figure, by the beginning of the result's subject:
            `report`, a table, or a table and its row.
    """

    words: Phrases
    about: Annotated[dict[str, Phrases], msgspec.Meta(min_length=1)]


class Correction(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a correction is announced: that it was made, of what, and why."""

    made: Phrases
    of: Phrases
    reason: Phrases


class Sentences(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`explanations.toml`: see there."""

    idle: Phrases
    general: Phrases
    change: Phrases
    link: Phrases
    plans: Phrases
    correction: Correction


@cache
def sentences() -> Sentences:
    """The words that ship with govreport."""
    return parse_sentences(
        files(__package__).joinpath("explanations.toml").read_text(encoding="utf-8")
    )


def parse_sentences(text: str) -> Sentences:
    """Read the words' TOML.

    Raises:
        RuleError: An unknown key, a missing one, a wrong type, a pattern that is none.
    """
    try:
        found = msgspec.toml.decode(text, type=Sentences)
        for pattern in found.idle:
            re.compile(pattern)
    except (msgspec.DecodeError, re.error) as error:
        msg = f"explanations: {error}"
        raise RuleError(msg) from error
    return found


def explained(
    facts: Facts, test: Explained, found: pl.DataFrame, *, unlike: bool = False, **said: pl.Expr
) -> pl.LazyFrame:
    """As `told`; failures that the report's own text explains become notes, with its sentence.

    A result whose subject begins with none of `test.about` isn't explained.

    Args:
        facts: Looks at `text` of `sections` of the reports with a failure.
        test: What explains: the causes, and what a sentence calls each figure.
        found: As `told` takes it, without `weight`.
        unlike: As `told` takes it.
        **said: What the sentence of a failure needs beside `case` and `quote`.

    Returns:
        Results as `findings` makes them, one a row of `found`: `subject`, `expected` and `actual`
        as there. A failure's `case` is `plain`, or `explained` with the sentence as `quote` and
        the severity `info`.
    """
    failing = found.filter(pl.col("why").is_null() & pl.col("fails"))["doc"].unique()
    quotes = _quotes(facts, test, failing)
    subject = pl.col("subject")
    key = pl.coalesce(
        pl.when((subject == about) | subject.str.starts_with(f"{about}.")).then(pl.lit(about))
        for about in sorted(test.about, key=len, reverse=True)
    )
    noted = (
        found.with_columns(about=key)
        .join(quotes, on=["doc", "about"], how="left", maintain_order="left")
        .with_columns(weight=pl.when(pl.col("quote").is_not_null()).then(pl.lit("info")))
    )
    case = pl.when(pl.col("quote").is_null()).then(pl.lit("plain")).otherwise(pl.lit("explained"))
    return told(facts, noted, unlike=unlike, case=case, quote=pl.col("quote"), **said)


def _quotes(facts: Facts, test: Explained, docs: pl.Series) -> pl.DataFrame:
    """The first sentence of each report that explains a figure: `doc`, `about`, `quote`."""
    words = sentences()
    heard = pl.col("heard")
    changed = says(heard, words.change)
    linked = changed | says(heard, words.link)
    general = says(heard, words.general) & changed
    said = (
        facts.sections.filter(pl.col("doc").is_in(docs.implode()))
        .select(
            "doc",
            "order",
            quote=run_on(pl.col("text")).str.extract_all(_SENTENCE),
        )
        .explode("quote")
        .drop_nulls("quote")
        .with_columns(
            heard=pl.col("quote")
            .str.replace_all(r"\s", "")
            .str.replace_all("|".join(words.idle), "")
        )
        .filter(says(heard, test.words) & ~says(heard, words.plans))
        .sort("order", maintain_order=True)
        .collect()
    )
    return pl.concat(
        said.filter((says(heard, names) & linked) | _in_one_clause(test.words, names) | general)
        .unique("doc", keep="first", maintain_order=True)
        .select(
            "doc",
            about=pl.lit(about),
            quote=pl.col("quote").str.strip_chars().str.slice(0, QUOTE_LENGTH),
        )
        for about, names in test.about.items()
    )


def _in_one_clause(causes: Phrases, names: Phrases) -> pl.Expr:
    clause = pl.element()
    both = says(clause, causes) & says(clause, names)
    return pl.col("heard").str.extract_all(r"[^，,、]+").list.eval(both).list.any()
