"""Two numbers and how far they compare in, the difference in words out.

There is one only where both numbers are known and compare; an unknown one is never taken for 0.
"""

from __future__ import annotations

from dashboard import labels
from dashboard.labels import t
from dashboard.views.figures import counted_otherwise, unjoined
from dashboard.views.records import Difference
from govreport_core.indicators.crosswalk import Comparable, Dated, older_first
from govreport_core.indicators.figures import Figure

# Differences of amounts in 万元 and of shares; a smaller one is none.
_DECIMALS = 6


def difference(
    number: float | None,
    than: float | None,
    comparable: Comparable,
    lang: str,
    *,
    rate: bool = False,
) -> Difference:
    """A number held against another.

    Args:
        number: A count, 万元, or a share as a fraction; None where it isn't known.
        than: What it is held against, in the same unit.
        comparable: How far the two compare.
        lang: Language of the words.
        rate: Whether both are shares: their difference is in percentage points.
    """
    sign = "" if comparable == "yes" else t(f"compare.signs.{comparable}", lang)
    label = t(f"compare.comparable.{comparable}", lang)
    if comparable == "no":
        return Difference(comparable, None, t("compare.apart", lang), sign, label)
    if number is None or than is None:
        return Difference(comparable, None, t("compare.one_unknown", lang), sign, label)
    found = round(number - than, _DECIMALS)
    return Difference(comparable, found, _said(found, lang, rate=rate), sign, label)


def figure_compared(figure: Figure, first: Dated, second: Dated) -> Comparable:
    """How far a key figure compares between two reports, each given as (year, form).

    Two agencies' reports of one year are held in the order of their forms.
    """
    if first[1] is None or second[1] is None:
        return "no"
    if not (first[1] in figure.cells and second[1] in figure.cells):
        return "no"
    before, after = _in_order(first, second)
    if unjoined(figure, before, after):
        return "no"
    return "caution" if counted_otherwise(figure, before, after) else "yes"


def _in_order(first: Dated, second: Dated) -> tuple[tuple[int, str], tuple[int, str]]:
    one, other = ((year or 0, form or "") for year, form in (first, second))
    if one[0] != other[0]:
        return (one, other) if one[0] < other[0] else (other, one)
    return (one, other) if older_first(one[1], other[1]) else (other, one)


def _said(found: float, lang: str, *, rate: bool) -> str:
    if found == 0:
        return t("compare.equal", lang)
    sign = t(f"values.{'plus' if found > 0 else 'minus'}", lang)
    if not rate:
        return sign + labels.number(abs(found))
    points = f"{abs(found) * 100:.1f}"
    # A difference that is there is never written as none.
    if points == "0.0":
        return t("compare.tiny", lang)
    return sign + t("compare.points", lang, number=points)
