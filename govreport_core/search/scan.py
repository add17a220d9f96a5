"""Texts and a query in, those that match and the places of its words in them out."""

from __future__ import annotations

import polars as pl

from govreport_core.search.plain import Plain
from govreport_core.search.query import Query

# A text of a megabyte may hold a letter as often as it has characters.
_MOST = 1000


def matching(texts: pl.DataFrame, query: Query) -> pl.DataFrame:
    """The rows whose text has all the words and none of those left out.

    Args:
        texts: With a column `plain`, from `plain_column`.
        query: Without a problem.

    Returns:
        The other columns, rows in their order.
    """
    found, left = texts.drop("plain"), texts["plain"]
    # One after the other: each looks only at what is left. The longest is likely the rarest.
    wanted = sorted(query.words, key=len, reverse=True)
    for word, there in [*((w, True) for w in wanted), *((w, False) for w in query.without)]:
        has = left.str.contains(word, literal=True)
        kept = has if there else ~has
        if not kept.all():
            found, left = found.filter(kept), left.filter(kept)
    return found


def holds(plain_text: str, query: Query) -> bool:
    """The same of one text, as `plain` gives it."""
    return all(word in plain_text for word in query.words) and not any(
        word in plain_text for word in query.without
    )


def spans(text: str, query: Query) -> tuple[tuple[int, int], ...]:
    """Where the words stand in a printed text, in order; those that touch are one.

    Args:
        text: As printed.
        query: Its words are looked for; the first thousand places of each are told.
    """
    compared = Plain(text)
    found = sorted(
        compared.span(start, start + len(word))
        for word in query.words
        for start in _starts(compared.text, word)
    )
    merged: list[tuple[int, int]] = []
    for start, end in found:
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], end)
        else:
            merged.append((start, end))
    return tuple(merged)


def _starts(text: str, word: str) -> list[int]:
    found: list[int] = []
    at = text.find(word)
    while at >= 0 and len(found) < _MOST:
        found.append(at)
        at = text.find(word, at + len(word))
    return found
