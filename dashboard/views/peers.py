"""A report in, its figures beside those of its peers out: quartiles and its place among them.

Peers are the agencies of the same kind and level in the same region that have a report of the
same year and form, the agency itself among them. Where these are too few the region is the next
wider one, up to the province. Nobody is ranked among too few, nor on too small a base.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from dashboard import labels
from dashboard.data import Row
from dashboard.labels import t, term
from dashboard.views.context import Context
from dashboard.views.filters import stem
from dashboard.views.records import PeerRow, Peers
from govreport_core import indicators
from govreport_core.indicators import Indicator
from govreport_core.model import Record

# Nobody is ranked among fewer, nor on a base of fewer requests or cases.
FEWEST, BASE = 5, 10
# What is held against peers: figures, and rates, which have a base.
FIGURES = ("received", "disposed", "carried_forward", "reviews", "lawsuits")
RATES = (
    *("grant_rate", "requests_processed_rate", "carry_rate", "denial_rate", "unable_rate"),
    *("not_processed_rate", "other_rate", "natural_person_share", "review_rate"),
    "remedy_correction_rate",
)
_PLACES = {2: "province", 4: "prefecture", 6: "county"}

_ASSUMED = "assumed"

_NUMBERS = (*FIGURES, *(f"{code}_{part}" for code in RATES for part in ("numerator", "base")))
WANTED = ("region_code", "form", *_NUMBERS)
"""What is read of a card to count it among peers, beside its year, kind and level."""

Numbers = np.ndarray[Any, np.dtype[np.float64]]
Texts = np.ndarray[Any, np.dtype[np.str_]]


class Group(Record, frozen=True, gc=False):
    """Peers of a year: how many there are, and each figure's known numbers, ascending.

    Attributes:
        quartiles: Of each figure that enough of them know.
        small: How many numbers of a rate were left out for their base.
        others: How many reports were left out as they are on another form.
    """

    n: int
    numbers: dict[str, Any]
    quartiles: dict[str, tuple[float, float, float]]
    small: dict[str, int]
    others: int = 0


def peers(shared: Context, card: Row, lang: str) -> Peers | None:
    """A report beside its peers.

    Args:
        shared: The dataset; groups of peers are kept there.
        card: The report's row of `cards`.
        lang: Language of the words.

    Returns:
        Quartiles and the place from the highest down of each figure; without rows where there
        are fewer than `FEWEST` peers. None where the report's year isn't known.
    """
    if card["year"] is None:
        return None
    unknown = [name for name in ("agency_kind", "agency_level", "region_code") if not card[name]]
    if unknown:
        return Peers(card["report_id"], t("peers.unknown", lang), 0, (), (), ())
    within, found = widened(shared, card)
    rows = tuple(_rows(card, found, lang)) if found.n >= FEWEST else ()
    few = "peers.few" if found.n < FEWEST else "peers.sentence"
    small = any(found.small.values())
    assumed = any(card[f"{code}_state"] == _ASSUMED for code in RATES)
    said = {"peers.note": True, "peers.note_base": small, "indicators.assumed": assumed}
    notes = [note for note, there in said.items() if rows and there]
    return Peers(
        report_id=card["report_id"],
        sentence=t(few, lang, **_who(card, within, lang), n=labels.number(found.n), least=FEWEST),
        n=found.n,
        narrowed=(
            ("year", str(card["year"])),
            ("region", within.ljust(6, "0")),
            ("kind", card["agency_kind"]),
            ("level", card["agency_level"]),
        )
        if found.n > 1 and not found.others
        else (),
        rows=rows,
        notes=tuple(t(note, lang, base=BASE, least=FEWEST) for note in notes),
    )


def widened(shared: Context, card: Row) -> tuple[str, Group]:
    """The narrowest region with enough peers, else the widest one, and who they are.

    Args:
        shared: The dataset; groups of peers are kept there.
        card: A row of `cards` whose year, kind, level and region are known.
    """
    found = "", Group(0, {}, {}, {})
    for within in regions(card["region_code"]):
        found = within, _group(shared, card, within)
        if found[1].n >= FEWEST:
            break
    return found


def regions(code: str) -> Iterable[str]:
    """What the codes of a division, of the next wider one and of the province begin with."""
    return dict.fromkeys(stem(code[:digits].ljust(6, "0")) for digits in (6, 4, 2))


def peers_of(shared: Context) -> dict[Any, Any]:
    """What reports are held against, to be shared where no more is known than some of them.

    Args:
        shared: All reports: of their cards `WANTED`, and what makes reports peers.
    """
    _by_year(shared)
    return shared.peers


def _who(card: Row, within: str, lang: str) -> dict[str, str]:
    place = card[_PLACES.get(len(within), "county")] or card["region"] or within
    return {
        "year": labels.year(card["year"], lang),
        "region": place,
        "level": term("levels", card["agency_level"], lang),
        "kind": term("kinds", card["agency_kind"], lang),
    }


def _group(shared: Context, card: Row, within: str) -> Group:
    key = (card["year"], card["form"], card["agency_kind"], card["agency_level"], within)
    if key not in shared.peers:
        alike = _by_year(shared).get((card["year"], card["agency_kind"], card["agency_level"]))
        shared.peers[key] = _counted(alike, within, card["form"]) if alike else _NOBODY
    found: Group = shared.peers[key]
    return found


class _Alike(NamedTuple):
    """The reports of a year, a kind and a level: region, form and numbers of each, nan unknown."""

    regions: Texts
    forms: Texts
    numbers: dict[str, Numbers]


def _by_year(shared: Context) -> dict[tuple[Any, ...], _Alike]:
    """All reports by year, kind and level: cut once, not sought a report."""
    if _CUT not in shared.peers:
        of = ["year", "agency_kind", "agency_level"]
        rows = shared.data.reports.select(*of, *WANTED).drop_nulls(of).collect()
        words = pl.col("region_code", "form").cast(pl.String).fill_null(_NONE)
        found = rows.with_columns(pl.col(*of[1:]).cast(pl.String), words)
        shared.peers[_CUT] = {
            key: _Alike(
                _texts(mine["region_code"]),
                _texts(mine["form"]),
                {name: mine[name].cast(pl.Float64).to_numpy() for name in _NUMBERS},
            )
            for key, mine in found.partition_by(of, as_dict=True, include_key=False).items()
        }
    cut: dict[tuple[Any, ...], _Alike] = shared.peers[_CUT]
    return cut


def _texts(column: pl.Series) -> Texts:
    return column.to_numpy().astype(str)


_CUT, _NONE = "by year", "-"
_NOBODY = Group(0, {}, {}, {})


def _counted(alike: _Alike, within: str, form: str | None) -> Group:
    """Each figure's known numbers, ascending; of rates those on a base that is large enough.

    None where too few are in the region: nobody is held against them.
    """
    there = np.char.startswith(alike.regions, within)
    mine = there & (alike.forms == (form or _NONE))
    n = int(mine.sum())
    others = int(there.sum()) - n
    if n < FEWEST:
        return Group(n, {}, {}, {}, others)
    known = {code: alike.numbers[code][mine] for code in _NUMBERS}
    numbers: dict[str, Numbers] = {}
    for code in FIGURES:
        numbers[code] = np.sort(known[code][~np.isnan(known[code])])
    small = {}
    for code in RATES:
        upper, lower = known[f"{code}_numerator"], known[f"{code}_base"]
        told = ~np.isnan(upper) & ~np.isnan(lower)
        large = told & (np.nan_to_num(lower) >= BASE)
        numbers[code] = np.sort(upper[large] / lower[large])
        small[code] = int(told.sum() - large.sum())
    quartiles = {code: quartiles_of(mine) for code, mine in numbers.items() if len(mine) >= FEWEST}
    return Group(n, numbers, quartiles, small, others)


def _rows(card: Row, found: Group, lang: str) -> list[PeerRow]:
    rows = [_figure(code, card[code], found, lang) for code in FIGURES]
    known = indicators.catalogue()
    rows += [_rate(known[code], card, found, lang) for code in RATES]
    # A figure that none of them has on its form says nothing.
    return [row for row in rows if row.n or row.place]


def _figure(code: str, own: float | None, found: Group, lang: str) -> PeerRow:
    why = "" if own is not None else t("peers.own_unknown", lang)
    return _row(
        (code, t(f"figures.{code}.label", lang)),
        (labels.number_or_unknown(own, lang), ""),
        own,
        found,
        why,
        lang,
        rate=False,
    )


def _rate(indicator: Indicator, card: Row, found: Group, lang: str) -> PeerRow:
    code = indicator.code
    told = indicators.of_card(card, indicator)
    value = told["value"] if told else None
    base = (told["denominator"] if told else None) or 0
    parts = ""
    if told and told["n"]:
        parts = t(
            "indicators.parts",
            lang,
            numerator=labels.number(told["numerator"]),
            denominator=labels.number(told["denominator"]),
        )
    if value is None:
        why = t("peers.own_unknown", lang)
    else:
        why = t("peers.small_base", lang, base=BASE) if base < BASE else ""
    text = t("values.unknown", lang) if value is None else labels.percent(value, lang)
    if told and told["assumed_zero"]:
        text += t("indicators.assumed_mark", lang)
    return _row(
        (code, indicators.indicator_words(lang)[code].title),
        (text, parts),
        value,
        found,
        why,
        lang,
        rate=True,
    )


def _row(
    named: tuple[str, str],
    said: tuple[str, str],
    own: float | None,
    found: Group,
    why: str,
    lang: str,
    *,
    rate: bool,
) -> PeerRow:
    numbers = found.numbers[named[0]]
    quartiles = ("", "", "")
    place = None
    if named[0] in found.quartiles:
        low, median, high = (_said(one, lang, rate=rate) for one in found.quartiles[named[0]])
        quartiles = (low, median, high)
        place = None if why or own is None else rank(own, numbers)
    else:
        why = t("peers.few_known", lang, n=len(numbers), least=FEWEST)
    return PeerRow(
        code=named[0],
        label=named[1],
        value=said[0],
        parts=said[1],
        n=len(numbers),
        low=quartiles[0],
        median=quartiles[1],
        high=quartiles[2],
        rank=why if place is None or own is None else _place(place, own, numbers, lang),
        place=place,
    )


def quartiles_of(numbers: Numbers) -> tuple[float, float, float]:
    """The lower quartile, the median and the upper quartile, between neighbours in proportion."""
    low, median, high = np.quantile(numbers, (0.25, 0.5, 0.75))
    return float(low), float(median), float(high)


def rank(own: float, numbers: Numbers) -> int:
    """The place from the highest down, 1 for the highest; those with the same number share one.

    Args:
        own: One of the numbers.
        numbers: Of all, ascending.
    """
    return int(len(numbers) - np.searchsorted(numbers, own, side="right")) + 1


def _place(place: int, own: float, numbers: Numbers, lang: str) -> str:
    alike = int(np.searchsorted(numbers, own, "right") - np.searchsorted(numbers, own, "left"))
    key = "peers.rank_shared" if alike > 1 else "peers.rank"
    return t(key, lang, place=place, n=labels.number(len(numbers)), alike=alike)


def _said(number: float, lang: str, *, rate: bool) -> str:
    return labels.percent(number, lang) if rate else labels.number(round(number, 2))
