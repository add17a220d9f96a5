"""What is asked for in, the comparison out: years of an agency, or agencies of a year."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import polars as pl

from dashboard import labels
from dashboard.data import Row
from dashboard.labels import t
from dashboard.views.badges import reading_badge, verdict_of
from dashboard.views.compare_asked import Asked
from dashboard.views.compare_figures import Cards, all_indicators, figures, outcomes
from dashboard.views.context import Context
from dashboard.views.lists import agency_ref, form_label
from dashboard.views.records import (
    Chart,
    Column,
    CompareRow,
    CompareTable,
    Comparison,
    Mark,
    Series,
)
from govreport_core.indicators.crosswalk import COMPARABLE
from govreport_core.search.plain import plain

_TABLES: dict[str, Callable[[Cards, str], CompareTable]] = {
    "figures": figures,
    "outcomes": outcomes,
    "indicators": all_indicators,
}
PARTS = tuple(_TABLES)
"""The tables of a comparison, in their order."""
# What stands between names, where several are typed.
_BETWEEN = re.compile(r"[、，,;；]+")
_NAMES, _WORDS = 6, 5
# What small charts are drawn of, figures before rates.
DRAWN = ("received", "granted", "carried_forward", "reviews", "lawsuits", "grant_rate")


def compared(
    shared: Context, asked: Asked, lang: str, parts: Sequence[str] = PARTS
) -> Comparison | None:
    """A comparison.

    Args:
        shared: The dataset.
        asked: What is compared, as `compare_asked.asked` gives it.
        lang: Language of the words.
        parts: Codes of the tables to make, of `PARTS`.

    Returns:
        Columns as asked for: years the newest first, each held against the next older one of
        them; agencies in their order, each held against the first. None where there is nothing
        to compare, or no year of which there is a report.
    """
    found = asked.cards(shared)
    if not found:
        return None
    years = asked.kind == "years"
    # Of agencies the first one stands for what the others are held against, if it has a report.
    places = [(n + 1 if n + 1 < len(found) else None) if years else (0 if n else None)
              for n in range(len(found))]  # fmt: skip
    cards: Cards = [(card, place) for (_, _, card), place in zip(found, places, strict=True)]
    columns = tuple(_column(shared, *one, lang, years=years) for one in found)
    made = [_TABLES[part](cards, lang) for part in parts]
    tables = tuple(table for table in made if table.rows)
    return Comparison(
        kind=asked.kind,
        title=_title(columns, lang, years=years),
        sentence=_sentence(columns, lang, years=years),
        columns=columns,
        tables=tables,
        multiples=_multiples(columns, tables, lang, years=years),
        shares=_shares(columns, tables, lang, years=years),
        legend=_legend(tables, lang),
        pair=_pair(found, asked, years=years),
    )


def compare_frame(view: Comparison, lang: str) -> pl.DataFrame:
    """A comparison as a table to take: a row a figure, two columns a report.

    Args:
        view: The comparison.
        lang: Language of the words.

    Returns:
        Part, figure and unit in words; of each report its number (null where unknown; money in
        万元, shares as fractions), the difference, and how far the two compare in words.
    """
    rows = []
    for table in view.tables:
        for row in table.rows:
            found: dict[str, str | float | None] = {
                t("compare.taken.part", lang): table.title,
                t("compare.taken.figure", lang): row.label,
                t("compare.taken.unit", lang): row.unit,
            }
            for place, (column, cell) in enumerate(zip(view.columns, row.cells, strict=True), 1):
                head = f"{place} {column.head}"
                found[head] = cell.number
                found[f"{head} {t('compare.taken.base', lang)}"] = cell.base
                if any(one.cells[place - 1].against for one in table.rows):
                    against = cell.against
                    found[f"{head} {t('compare.taken.difference', lang)}"] = (
                        against.number if against else None
                    )
                    found[f"{head} {t('compare.taken.comparable', lang)}"] = (
                        against.label if against else None
                    )
            rows.append(found)
    names = list(dict.fromkeys(name for row in rows for name in row))
    words = {t(f"compare.taken.{name}", lang) for name in ("part", "figure", "unit")}
    comparable = t("compare.taken.comparable", lang)
    schema = {
        name: pl.String if name in words or name.endswith(comparable) else pl.Float64
        for name in names
    }
    return pl.DataFrame([[row.get(name) for name in names] for row in rows], schema, orient="row")


def suggested(shared: Context, asked: Asked, text: str, limit: int) -> list[Row]:
    """Agencies to compare with: those whose name has the words, else the most alike.

    Args:
        shared: The dataset.
        asked: What is compared already; these are left out.
        text: What a person looks for, several names with commas between them; hostile.
        limit: How many at most.

    Returns:
        Rows of `Data.agencies`: those whose region and name hold all words of a name that was
        typed, of the first name first; else those of the same kind and level first, of these the
        nearest; in the order of lists.
    """
    already = {asked.agency_id} if asked.kind == "years" else set(asked.chosen)
    rows = shared.data.agencies.rows
    if text.strip():
        found = rows[_named(shared.data.plain_agencies, text)]
        return found.filter(~pl.col("agency_id").is_in(already)).head(limit).to_dicts()
    named = rows.filter(pl.col("agency_name").is_not_null() & ~pl.col("agency_id").is_in(already))
    first = shared.agency(asked.agency_id or next(iter(asked.chosen), None))
    if first is None:
        return named.head(limit).to_dicts()
    code = first["region_code"] or ""
    alike = pl.all_horizontal(
        pl.col(name).eq_missing(pl.lit(first[name])) for name in ("agency_kind", "agency_level")
    )
    near = pl.sum_horizontal(
        pl.col("region_code").str.starts_with(code[:digits]).fill_null(value=False)
        for digits in (2, 4, 6)
    )
    order = named.select(~alike, -near.cast(pl.Int8)).to_struct().arg_sort()
    return named[order.head(limit)].to_dicts()


def _named(names: pl.DataFrame, text: str) -> list[int]:
    """The agencies that some typed names name; of several, one that is whole names itself alone.

    Args:
        names: As `Data.plain_agencies` has them.
        text: As typed.

    Returns:
        Their places, each once.
    """
    typed = [one.split()[:_WORDS] for one in _BETWEEN.split(plain(text)) if one.strip()][:_NAMES]
    found: list[int] = []
    for words in typed:
        tests = [pl.col("whole").str.contains(word, literal=True) for word in words]
        hits = names.filter(pl.col("name") != "", *tests)
        whole = hits.filter(pl.col("name") == "".join(words))
        found += (whole if whole.height and len(typed) > 1 else hits)["at"].to_list()
    return list(dict.fromkeys(found))


def _column(
    shared: Context, agency_id: str, year: int, card: Row | None, lang: str, *, years: bool
) -> Column:
    agency = agency_ref(card or shared.agency(agency_id) or {}, lang)
    head = labels.year(year, lang) if years else agency.name
    if card is None:
        return Column(agency, year, head, None, t("compare.no_report", lang))
    badge = reading_badge(verdict_of(card), lang)
    return Column(agency, year, head, card["report_id"], form_label(card["form"], lang), badge)


def _title(columns: Sequence[Column], lang: str, *, years: bool) -> str:
    first = columns[0]
    if years:
        return t("compare.title_years", lang, agency=first.agency.name)
    return t(
        "compare.title_agencies",
        lang,
        n=labels.number(len(columns)),
        year=labels.year(first.year, lang),
    )


def _sentence(columns: Sequence[Column], lang: str, *, years: bool) -> str:
    if len(columns) == 1:
        return t("compare.alone_year" if years else "compare.alone_agency", lang)
    if years:
        return t("compare.against_before", lang)
    return t("compare.against_first", lang, agency=columns[0].agency.name)


def _legend(tables: Sequence[CompareTable], lang: str) -> tuple[tuple[str, str], ...]:
    seen = {
        cell.against.comparable
        for table in tables
        for row in table.rows
        for cell in row.cells
        if cell.against is not None
    }
    return tuple(
        (t(f"compare.signs.{code}", lang), t(f"compare.legend.{code}", lang))
        for code in COMPARABLE
        if code in seen and code != "yes"
    )


def _pair(
    found: Sequence[tuple[str, int, Row | None]], asked: Asked, *, years: bool
) -> tuple[str, str] | None:
    """The two whose cells and texts are held side by side, the earlier or the first one first."""
    there = [card["report_id"] for _, _, card in found if card is not None]
    if len(there) < 2:
        return None
    first, second = there[0], asked.other or there[1]
    return (second, first) if years else (first, second)


def _multiples(
    columns: Sequence[Column], tables: Sequence[CompareTable], lang: str, *, years: bool
) -> tuple[Chart, ...]:
    """A small chart of each of some figures that two reports know, and that isn't 0 everywhere."""
    rows = {row.code: row for table in tables if table.code != "outcomes" for row in table.rows}
    found = [rows[code] for code in DRAWN if code in rows]
    return tuple(
        _multiple(columns, row, lang, years=years)
        for row in found
        if sum(cell.number is not None for cell in row.cells) > 1
        and any(cell.number for cell in row.cells)
    )


def _shares(
    columns: Sequence[Column], tables: Sequence[CompareTable], lang: str, *, years: bool
) -> Chart | None:
    """The outcomes as layers of a whole, in percent; None where no report has any."""
    table = next((table for table in tables if table.code == "outcomes"), None)
    if table is None:
        return None
    places = list(range(len(columns)))
    series = []
    for row in table.rows[1:]:
        marks = []
        for place in reversed(places) if years else places:
            cell, column = row.cells[place], columns[place]
            share = None if cell.number is None else round(cell.number * 100, 1)
            note = f"{column.head}: {cell.parts or cell.text}"
            marks.append(Mark(_axis(columns, place, years=years), share, note=note))
        series.append(Series(row.code, row.label, tuple(marks)))
    return Chart(
        code="shares",
        kind="stacked",
        title=table.title,
        x_title="",
        y_title=t("compare.percent", lang),
        series=tuple(series),
        columns=(),
        table=(),
    )


def _axis(columns: Sequence[Column], place: int, *, years: bool) -> str:
    """What a column is called below a chart: its year, or its number, for names are long."""
    return str(columns[place].year) if years else f"{place + 1}"


def _multiple(columns: Sequence[Column], row: CompareRow, lang: str, *, years: bool) -> Chart:
    rate = any(cell.base is not None for cell in row.cells)
    order: Callable[[Sequence[int]], Sequence[int]] = (
        (lambda all_: list(reversed(all_))) if years else list
    )
    marks = []
    for place in order(range(len(columns))):
        cell, column = row.cells[place], columns[place]
        number = None if cell.number is None else cell.number * (100 if rate else 1)
        # A line leads to a year from the next older one that is drawn.
        joined = cell.against is None or cell.against.comparable != "no"
        x = _axis(columns, place, years=years)
        marks.append(Mark(x, number, joined=joined, note=f"{column.head}: {cell.text}"))
    return Chart(
        code=row.code,
        kind="lines" if years else "bars",
        title=row.label,
        x_title="",
        y_title=t("compare.percent", lang) if rate else row.unit,
        series=(Series(row.code, row.label, tuple(marks)),),
        columns=(),
        table=(),
    )
