"""Cards in, key figures year beside year out: one number a report, or none.

A figure is known only where all its cells are; an unknown one is left out and
counted, never taken for 0. What is added up stands in the core's `figures.toml`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import pairwise
from typing import Any

from dashboard import labels
from dashboard.labels import t
from dashboard.views.records import (
    FigureCell,
    FigureRow,
    IndicatorTable,
    KeyFigure,
    Peers,
    YearTable,
)
from dashboard.views.subjects import CellKey
from govreport_core.indicators.figures import Figure, both_spans, definitions


def unjoined(figure: Figure, before: tuple[int, str | None], after: tuple[int, str | None]) -> bool:
    """Whether no line may join two years, each given as (year, form).

    Two years on forms that both lack the figure have nothing to join.
    """
    has = [(form or "") in figure.cells for _, form in (before, after)]
    return has[0] != has[1] or (all(has) and _named(figure.breaks, before, after))


def number_text(figure: Figure, number: float | None, form: str | None, lang: str) -> str:
    """A report's figure, or why there is none: a form that isn't known may have the item."""
    if number is None and form is not None and form not in figure.cells:
        return t("figures.not_in_form", lang)
    return labels.number_or_unknown(number, lang)


def counted_otherwise(
    figure: Figure, before: tuple[int, str | None], after: tuple[int, str | None]
) -> bool:
    """Whether a figure was counted in another way in one of two years that may be joined."""
    return _named(figure.cautions, before, after)


def _named(
    pairs: tuple[str, ...], before: tuple[int, str | None], after: tuple[int, str | None]
) -> bool:
    for pair in pairs:
        if pair[0].isdigit():
            first, second = (int(year) for year in pair.split("/"))
            if before[0] <= first < second <= after[0]:
                return True
        elif before[1] in both_spans(pair)[0] and after[1] in both_spans(pair)[1]:
            return True
    return False


def year_table(rows: list[dict[str, Any]], lang: str) -> YearTable:
    """One agency's key figures, year beside year.

    Args:
        rows: Its reports' cards, those with a year, by year.
        lang: Language of the words.
    """
    years = list(range(rows[0]["year"], rows[-1]["year"] + 1)) if rows else []
    by_year = {row["year"]: row for row in rows}
    points = [(row["year"], row["form"]) for row in rows]
    # No others have a column, so no rule stands between others.
    known = {form for figure in definitions().figures for form in figure.cells}
    told = [point for point in points if point[1] in known]
    figures = []
    for figure in definitions().figures:
        if not any(row["form"] in figure.cells for row in rows):
            continue
        cells = tuple(_figure_cell(figure, year, by_year.get(year), lang) for year in years)
        figures.append(
            FigureRow(
                code=figure.code,
                label=t(f"figures.{figure.code}.label", lang),
                unit=t(f"units.{figure.unit}", lang),
                note=t(f"figures.{figure.code}.note", lang),
                cells=cells,
                change=_change(figure, cells, points, lang),
                breaks=tuple(
                    after[0] for before, after in pairwise(told) if unjoined(figure, before, after)
                ),
            )
        )
    newest = tuple(year for year, _ in reversed(told))
    return YearTable(tuple(years), tuple(figures), newest, _notes(figures, lang))


KEY, KEY_RATE = ("received", "disposed", "carried_forward"), "grant_rate"
"""The figures that most come for, in the order of the form, and the rate behind them."""


def key_figures(
    card: dict[str, Any],
    last: dict[str, Any] | None,
    drawn: Collection[CellKey],
    rates: IndicatorTable,
    peers: Peers | None,
    lang: str,
) -> tuple[KeyFigure, ...]:
    """What a report's card opens with.

    Args:
        card: The report's row of `cards`.
        last: That of the agency's report of the year before, if there is one.
        drawn: The cells on the card.
        rates: Its indicators, of its year and others.
        peers: Its figures beside those of its peers.
        lang: Language of the words.
    """
    by_code = {figure.code: figure for figure in definitions().figures}
    found = [by_code[code] for code in KEY if card["form"] in by_code[code].cells]
    figures = [_key_figure(figure, card, last, drawn, lang) for figure in found]
    return (*figures, *(_key_rates(card["year"], rates, peers, lang) if figures else ()))


def _key_rates(
    year: int | None, rates: IndicatorTable, peers: Peers | None, lang: str
) -> Iterator[KeyFigure]:
    """The rate of the year beside the median of enough peers, or why it can't be told.

    None on a form that doesn't have it.
    """
    row = next((row for row in rates.rows if row.code == KEY_RATE), None)
    cell = next((cell for cell in row.cells if cell.year == year), None) if row else None
    if row is None or cell is None or not (cell.n or cell.left_out):
        return
    if cell.value is None:
        none = t("indicators.none", lang, reason=t("card.none_disposed", lang))
        yield KeyFigure(row.code, row.label, cell.text if cell.left_out else none, known=False)
        return
    mine = peers.rows if peers else ()
    other = next((one for one in mine if one.code == KEY_RATE and one.median), None)
    yield KeyFigure(
        code=row.code,
        label=row.label,
        text=cell.text + (t("indicators.assumed_mark", lang) if cell.assumed_zero else ""),
        known=True,
        beside=t("card.peers", lang, median=other.median, n=other.n) if other else "",
    )


def _key_figure(
    figure: Figure,
    card: dict[str, Any],
    last: dict[str, Any] | None,
    drawn: Collection[CellKey],
    lang: str,
) -> KeyFigure:
    cells = [tuple(cell.split(".")) for cell in figure.cells[card["form"]]]
    at = next((cell for cell in cells if cell in drawn), None)
    before = ""
    if last is not None and last[figure.code] is not None:
        held = (last["year"], last["form"]), (card["year"], card["form"])
        if not unjoined(figure, *held):
            before = t("card.before", lang, n=labels.number(last[figure.code]))
    return KeyFigure(
        code=figure.code,
        label=t(f"figures.{figure.code}.label", lang),
        text=labels.number_or_unknown(card[figure.code], lang),
        known=card[figure.code] is not None,
        beside=before,
        cell_id=f"c-{'.'.join(at)}" if at else None,
    )


def _figure_cell(figure: Figure, year: int, row: dict[str, Any] | None, lang: str) -> FigureCell:
    if row is None:
        return FigureCell(year, None, t("charts.no_reports", lang), known=False, report_id=None)
    number = row[figure.code]
    text = number_text(figure, number, row["form"], lang)
    return FigureCell(year, number, text, number is not None, row["report_id"])


def _change(
    figure: Figure,
    cells: tuple[FigureCell, ...],
    points: list[tuple[int, str | None]],
    lang: str,
) -> str:
    if len(cells) < 2 or cells[-2].report_id is None:
        return t("figures.change.no_year_before", lang)
    before, after = cells[-2], cells[-1]
    forms = [form for _, form in points[-2:]]
    if None in forms:
        return t("figures.change.unknown", lang)
    if not any(form in figure.cells for form in forms):
        return t("figures.not_in_form", lang)
    if unjoined(figure, points[-2], points[-1]):
        return t("figures.change.not_comparable", lang)
    if before.number is None or after.number is None:
        return t("figures.change.unknown", lang)
    difference = after.number - before.number
    sign = t(f"values.{'plus' if difference > 0 else 'minus'}", lang)
    amount = sign + labels.number(abs(round(difference, 6)))
    if difference == 0:
        return t("figures.change.same", lang)
    if before.number == 0:
        text = t("figures.change.from_zero", lang, amount=amount)
    else:
        share = abs(difference) / abs(before.number)
        text = t(
            "figures.change.both", lang, amount=amount, share=sign + labels.percent(share, lang)
        )
    if _named(figure.cautions, points[-2], points[-1]):
        text += t("figures.change.caution", lang)
    return text


def _notes(figures: list[FigureRow], lang: str) -> tuple[str, ...]:
    broken = [figure.label for figure in figures if figure.breaks]
    if not broken:
        return ()
    return (t("figures.breaks_note", lang, figures=t("places.and", lang).join(broken)),)
