"""Reports and what they say in, whether each counts the same bodies as the year before out.

A division may have taken in another that year, and a report may declare whose figures
it counts: a difference from last year's is then no fault.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Annotated

import msgspec
import polars as pl

from govreport_core.checks.running import run_on, running, says
from govreport_core.errors import RuleError
from govreport_core.regions.divisions import table

Phrases = Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
_STATEMENT = 60  # characters behind the noun that say whose figures they are
NOUN_WORDS = ["范围", "口径", "对象"]


class Scopes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`scopes.toml`: see there."""

    noun: str
    own: Phrases
    whole: Phrases
    change: str


@cache
def scopes() -> Scopes:
    """The words that ship with govreport."""
    return parse_scopes(files(__package__).joinpath("scopes.toml").read_text(encoding="utf-8"))


def parse_scopes(text: str) -> Scopes:
    """Read the words' TOML.

    Raises:
        RuleError: An unknown key, a missing one, a wrong type, a pattern that is none.
    """
    try:
        found = msgspec.toml.decode(text, type=Scopes)
        for pattern in (found.noun, found.change):
            re.compile(pattern)
    except (msgspec.DecodeError, re.error) as error:
        msg = f"scopes: {error}"
        raise RuleError(msg) from error
    return found


def enlarged(reports: pl.DataFrame) -> pl.DataFrame:
    """The reports of a division's own bodies for the first year after it took in another.

    Args:
        reports: The table `reports` with `doc`: `region_code`, `agency_level` and `year` are
            looked at.

    Returns:
        Their `doc`.
    """
    below = (pl.col("agency_level") == "township").fill_null(value=False)
    return (
        reports.filter(~below)
        .join(_mergers(), on=["region_code", "year"], how="semi", maintain_order="left")
        .select("doc")
    )


@cache
def _mergers() -> pl.DataFrame:
    """Division and year, where one that was there the year before went into it."""
    rows = {
        (row.successor, row.valid_to + 1)
        for code in table().by_code.values()
        for row in code
        if row.fate == "merged" and row.valid_to is not None
    }
    schema = {"region_code": pl.String, "year": pl.Int32}
    return pl.DataFrame(sorted(rows, key=str), schema=schema, orient="row")


def declared(frames: Mapping[str, pl.DataFrame], docs: pl.LazyFrame) -> pl.DataFrame:
    """Whose figures each report declares that it counts, where it does so in one way.

    Args:
        frames: Looks at `text` of `sections`, and of `parts` where there are any.
        docs: `document_id` and `doc`.

    Returns:
        `doc`, `scope`: `own`, `whole`, or `changed` where it says that this changed; one row a
        report.
    """
    texts = [
        frames["sections"]
        .lazy()
        .join(docs, on="document_id")
        .filter(says(pl.col("text"), NOUN_WORDS))
        .select("doc", text=run_on(pl.col("text")))
    ]
    if "parts" in frames:
        lines = frames["parts"].lazy().join(docs, on="document_id", maintain_order="left")
        texts.append(running(lines, NOUN_WORDS).select("doc", text="run"))
    words, said = scopes(), pl.col("said")
    statement = rf"{words.noun}[^。；;！？\n]{{0,{_STATEMENT}}}"
    own = says(said, words.own)
    whole = says(said, words.whole)
    scope = (
        pl.when(said.str.contains(words.change) & (own | whole))
        .then(pl.lit("changed"))
        .when(own & ~whole)
        .then(pl.lit("own"))
        .when(whole & ~own)
        .then(pl.lit("whole"))
    )
    every = pl.col("scope")
    return (
        pl.concat(texts)
        .select("doc", said=pl.col("text").str.extract_all(statement))
        .explode("said")
        .drop_nulls("said")
        .select("doc", scope=scope)
        .drop_nulls("scope")
        .group_by("doc")
        .agg(
            scope=pl.when((every == "changed").any())
            .then(pl.lit("changed"))
            .when(every.n_unique() == 1)
            .then(every.first())
        )
        .drop_nulls("scope")
        .collect()
    )
