"""Cards in, the tables of a comparison out: key figures, outcomes as shares, indicators.

Each cell stands with its difference from the report that its column is held against.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from dashboard import labels
from dashboard.data import Row
from dashboard.labels import t
from dashboard.views.compare_difference import difference, figure_compared
from dashboard.views.figures import number_text
from dashboard.views.indicators import reason_words
from dashboard.views.records import CompareCell, CompareRow, CompareTable
from govreport_core import indicators
from govreport_core.indicators import Indicator
from govreport_core.indicators.crosswalk import (
    Comparable,
    Dated,
    cells_compared,
    indicator_compared,
)
from govreport_core.indicators.figures import Figure, definitions

# The card of each column, and the place of the column that it is held against.
Cards = Sequence[tuple[Row | None, int | None]]
# A share of fewer says little: it is said so.
FEW = 10
_TOTAL = "disposed"


def figures(cards: Cards, lang: str) -> CompareTable:
    """The key figures that at least one of the reports has."""
    rows = [
        CompareRow(
            code=figure.code,
            label=t(f"figures.{figure.code}.label", lang),
            unit=t(f"units.{figure.unit}", lang),
            note=t(f"figures.{figure.code}.note", lang),
            cells=_cells(cards, _figure(figure, lang), _by(figure_compared, figure), lang),
        )
        for figure in definitions().figures
        if any(card is not None and card["form"] in figure.cells for card, _ in cards)
    ]
    return CompareTable("figures", t("compare.figures", lang), tuple(rows))


def outcomes(cards: Cards, lang: str) -> CompareTable:
    """The dispositions as shares of all requests disposed of, that total first."""
    where = definitions().outcomes
    table, column = where.column.split(".")
    total = next(figure for figure in definitions().figures if figure.code == _TOTAL)
    rows = [
        CompareRow(
            code="n",
            label=t("compare.n", lang),
            unit=t("units.count", lang),
            note="",
            cells=_cells(cards, _figure(total, lang), _by(figure_compared, total), lang),
        )
    ]
    for group in where.groups:
        terms = (f"{table}.{group.code}.{column}", f"{table}.{where.total}.{column}")

        def compared(first: Dated, second: Dated, terms: tuple[str, str] = terms) -> Comparable:
            return cells_compared(terms, first, second)

        rows.append(
            CompareRow(
                code=group.code,
                label=t(f"dispositions.{group.code}", lang),
                unit="",
                note="",
                cells=_cells(cards, _share(group.code, lang), compared, lang, rate=True),
            )
        )
    if all(cell.number is None for row in rows for cell in row.cells):
        rows = []
    return CompareTable("outcomes", t("compare.outcomes", lang), tuple(rows), _unlike(cards, lang))


def all_indicators(cards: Cards, lang: str) -> CompareTable:
    """The rates that at least one of the reports has; figures stand with the key figures."""
    words = indicators.indicator_words(lang)
    rows = []
    for indicator in indicators.catalogue().values():
        if not indicator.denominator:
            continue
        told = [indicators.of_card(card, indicator) for card, _ in cards if card is not None]
        if not any(told):
            continue
        said = words[indicator.code]
        rows.append(
            CompareRow(
                code=indicator.code,
                label=said.title,
                unit=t("indicators.base", lang, base=said.base),
                note=said.note,
                cells=_cells(
                    cards, _rate(indicator, lang), _by(indicator_compared, indicator), lang,
                    rate=True,
                ),
            )
        )  # fmt: skip
    assumed = any(cell.assumed_zero for row in rows for cell in row.cells)
    notes = (t("indicators.assumed", lang),) if assumed else ()
    return CompareTable("indicators", t("compare.indicators", lang), tuple(rows), notes)


def _by(compared: Callable[[Any, Dated, Dated], Comparable], what: Any) -> Any:
    return lambda first, second: compared(what, first, second)


def _cells(
    cards: Cards,
    cell: Callable[[Row], CompareCell],
    compared: Callable[[Dated, Dated], Comparable],
    lang: str,
    *,
    rate: bool = False,
) -> tuple[CompareCell, ...]:
    """The cells of a row, each held against its column's other one; not where neither is known.

    A rate that can't be worked out has a reason of its own: beside it there is no difference.
    """
    lacking = any if rate else all
    own = [None if card is None else cell(card) for card, _ in cards]
    found = []
    for (card, place), one in zip(cards, own, strict=True):
        if card is None or one is None:
            found.append(CompareCell(None, t("compare.no_report", lang)))
            continue
        than = cards[place][0] if place is not None else None
        other = own[place] if place is not None else None
        if than is None or other is None or lacking(x.number is None for x in (one, other)):
            found.append(one)
            continue
        against = difference(
            one.number, other.number, compared(_dated(card), _dated(than)), lang, rate=rate
        )
        found.append(
            CompareCell(one.number, one.text, one.parts, one.base, against, one.assumed_zero)
        )
    return tuple(found)


def _dated(card: Row) -> Dated:
    return card["year"], card["form"]


def _figure(figure: Figure, lang: str) -> Callable[[Row], CompareCell]:
    def cell(card: Row) -> CompareCell:
        number = card[figure.code]
        return CompareCell(number, number_text(figure, number, card["form"], lang))

    return cell


def _share(code: str, lang: str) -> Callable[[Row], CompareCell]:
    def cell(card: Row) -> CompareCell:
        part, whole = card[code], card[_TOTAL]
        if part is None or whole is None:
            return CompareCell(None, t("values.unknown", lang))
        if whole == 0:
            return CompareCell(None, t("compare.none_disposed", lang), base=whole)
        share = part / whole
        return CompareCell(
            share,
            labels.percent(share, lang),
            t("compare.of", lang, part=labels.number(part), whole=labels.number(whole)),
            base=whole,
        )

    return cell


def _rate(indicator: Indicator, lang: str) -> Callable[[Row], CompareCell]:
    def cell(card: Row) -> CompareCell:
        told = indicators.of_card(card, indicator)
        if told is None:
            return CompareCell(None, t("figures.not_in_form", lang))
        parts = ""
        if told["n"]:
            numbers = {name: labels.number(told[name]) for name in ("numerator", "denominator")}
            parts = t("indicators.parts", lang, **numbers)
        value = told["value"]
        if value is None:
            text = t("indicators.none", lang, reason=reason_words(told["reason"], lang))
        else:
            text = labels.percent(value, lang)
        return CompareCell(
            value, text, parts, told["denominator"], assumed_zero=told["assumed_zero"]
        )

    return cell


def _unlike(cards: Cards, lang: str) -> tuple[str, ...]:
    """What is to be said of shares: that they rest on few, or don't make a whole."""
    groups = [group.code for group in definitions().outcomes.groups]
    found = []
    for card, _ in cards:
        if card is None or card[_TOTAL] is None or any(card[code] is None for code in groups):
            continue
        if sum(card[code] for code in groups) != card[_TOTAL]:
            found.append("compare.not_whole")
        if 0 < card[_TOTAL] < FEW:
            found.append("compare.few")
    return tuple(t(key, lang, few=FEW) for key in dict.fromkeys(found))
