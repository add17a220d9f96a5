"""Filters: an address's parameters in, a record and the frames it narrows out.

Words that can't be understood narrow nothing, so a hand-made address never fails; `asked` says
which they are. The word `none` stands for reports where that fact isn't known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import polars as pl

from govreport_core.model import Outcome, Record, Severity

UNKNOWN = "none"
WHERE = ("year", "region", "kind", "level")
"""The parameters of an address that say when and where, of whatever is shown."""
FIGURES = ("received", "disposed", "carried_forward")
"""The key figures that a list shows, and that can be asked for by range: counts."""
BOUNDS = tuple(f"{end}.{figure}" for figure in FIGURES for end in ("min", "max"))
"""The parameters of an address that bound a key figure, both ends included."""
_READ = pl.col("form").is_not_null() & (pl.col("cells") > 0)
_SURE = (pl.col("cells_read") == pl.col("cells")) & (pl.col("doubts") == 0)
READINGS = {"whole": _READ & _SURE, "doubts": _READ & ~_SURE, "unread": ~_READ}
"""How a report was read, told from its card: all for sure, not all, or no form or no cell found."""
_FORMS: dict[str, re.Pattern[str]] = {
    "years": re.compile(r"^(\d{4}|none)$"),
    "regions": re.compile(r"^(\d{6}|none)$"),
    "kinds": re.compile(r"^[a-z][a-z0-9_]{0,39}$"),
    "levels": re.compile(r"^[a-z][a-z0-9_]{0,39}$"),
    "statuses": re.compile(r"^[a-z][a-z_]{0,39}$"),
    "readings": re.compile(f"^({'|'.join(READINGS)})$"),
    "outcomes": re.compile(f"^({'|'.join(Outcome)})$"),
    "severities": re.compile(f"^({'|'.join(Severity)})$"),
    "rules": re.compile(r"^[a-z][a-z0-9_]{0,39}$"),
}
_NAMES = {
    "years": "year",
    "regions": "region",
    "kinds": "kind",
    "levels": "level",
    "statuses": "status",
    "readings": "reading",
    "severities": "severity",
    "outcomes": "outcome",
    "rules": "rule",
}
PARAMETERS = {parameter: name for name, parameter in _NAMES.items()}
"""The parameters of an address that filter, and what `Filters` calls them."""


class Filters(Record, frozen=True, gc=False):
    """What is to be shown; an empty tuple doesn't narrow.

    Attributes:
        regions: Division codes; a prefecture's or province's takes in all below it.
        statuses: Of publication: see `govreport_core.coverage.statuses`.
        readings: How a report was read: see `READINGS`.
        severities: Reports with at least one failure that weighs so much.
        outcomes: Reports with at least one result of these; in lists of results,
            the results themselves.
        rules: Codes of rules, for lists of results.
    """

    years: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    readings: tuple[str, ...] = ()
    severities: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()


def encode(filters: Filters) -> dict[str, str]:
    """Parameters of an address, values joined by commas; what doesn't narrow is left out."""
    return {
        parameter: ",".join(getattr(filters, name))
        for name, parameter in _NAMES.items()
        if getattr(filters, name)
    }


def decode(parameters: Mapping[str, str | Iterable[str]]) -> Filters:
    """Filters from an address; repeated and comma-joined values both do, odd ones go."""
    return Filters(
        **{
            name: _words(parameters.get(parameter, ()), _FORMS[name])
            for name, parameter in _NAMES.items()
        }
    )


def understood(parameter: str, word: str) -> bool:
    """Whether a word is written as that parameter's words are."""
    return bool(_FORMS[PARAMETERS[parameter]].match(word))


def parts(text: str) -> list[str]:
    """The words of a parameter, which commas join; empty ones say nothing."""
    return [word.strip() for word in text.split(",") if word.strip()]


def _words(given: str | Iterable[str], form: re.Pattern[str]) -> tuple[str, ...]:
    texts = [given] if isinstance(given, str) else list(given)
    words = [word for text in texts for word in parts(text)]
    return tuple(dict.fromkeys(word for word in words if form.match(word)))


def narrow(reports: pl.LazyFrame, filters: Filters) -> pl.LazyFrame:
    """The reports (columns as in the dataset) that match by year, region, kind and level.

    Args:
        reports: With `year`, `agency_kind`, `agency_level` and `region_code`, each where it is
            asked for.
        filters: What narrows it; its outcomes and rules are not looked at.

    Returns:
        The same columns, rows in their order.
    """
    found = reports
    for test in of_place_and_time(filters).values():
        found = found.filter(test)
    return found


def of_place_and_time(filters: Filters) -> dict[str, pl.Expr]:
    """The tests by which `narrow` goes, by the name of their filter; none of one that lets all."""
    found = {}
    if filters.years:
        found["years"] = of_years(filters.years)
    if filters.kinds:
        found["kinds"] = one_of(pl.col("agency_kind"), filters.kinds)
    if filters.levels:
        found["levels"] = one_of(pl.col("agency_level"), filters.levels)
    if filters.regions:
        code = pl.col("region_code")
        found["regions"] = pl.any_horizontal(
            code.is_null() if word == UNKNOWN else code.str.starts_with(stem(word))
            for word in filters.regions
        )
    return found


def stem(region_code: str) -> str:
    """The part of a division code that all divisions below it share: 320800 gives 3208."""
    return re.sub(r"(00){1,2}$", "", region_code)


def of_years(words: tuple[str, ...]) -> pl.Expr:
    """Whether a row is of one of these years; `none` where it has none.

    Args:
        words: Years of four digits, or `none`.

    Returns:
        A boolean over `year`, never null.
    """
    years = [int(word) for word in words if word != UNKNOWN]
    test = pl.col("year").is_in(years).fill_null(value=False)
    return test | pl.col("year").is_null() if UNKNOWN in words else test


def one_of(column: pl.Expr, words: tuple[str, ...]) -> pl.Expr:
    """Whether a column has one of these words; `none` where it has none.

    Args:
        column: Of text.
        words: The words, or `none`.

    Returns:
        A boolean, null where the column is and `none` isn't among the words.
    """
    test = column.is_in([word for word in words if word != UNKNOWN])
    return test.fill_null(value=False) | column.is_null() if UNKNOWN in words else test
