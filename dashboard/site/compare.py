"""What was gathered in; the pages out that hold reports against each other, and what they read.

A page for each report beside the agency's last one, ready made; and the room where a script,
`static/compare.js`, sets up to four agencies side by side, as the address says. It reads a file
an agency: of each year its report's form and slug, the key figures and the rates in the order in
which the page names them, a rate as numerator and base; null where a number isn't known.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import msgspec

from dashboard import labels, views
from dashboard.data import Row, rows_of_documents
from dashboard.labels import t
from dashboard.site import addresses
from dashboard.site.gather import Gathered
from dashboard.site.pairs import form_tables
from dashboard.views.compare_difference import figure_compared
from dashboard.views.compare_form import cells_of, follows
from dashboard.views.lists import agency_ref, form_label
from govreport_core import indicators
from govreport_core.forms import forms
from govreport_core.indicators.crosswalk import indicator_compared
from govreport_core.indicators.figures import definitions

# Key figures stand on the report's page, the indicators on the agency's, year beside year.
_PARTS = ("outcomes",)
_COMPARABLE = ("sum_only", "caution", "no")

File = tuple[str, bytes]


def consecutive(gathered: Sequence[Gathered], agencies: Sequence[str]) -> Iterator[File]:
    """A page for each report whose form can be held against that of the one before."""
    shared = gathered[0].shared
    shared.prepare(agencies=agencies)
    pairs = [
        (before, after)
        for agency_id in agencies
        for before, after in pairwise(shared.dated(agency_id))
        if follows(before, after)
    ]
    documents = list(dict.fromkeys(card["document_id"] for pair in pairs for card in pair))
    rows = rows_of_documents(shared.data, documents, "values")
    values = cells_of(rows)
    for before, after in pairs:
        ids = (before["report_id"], after["report_id"])
        years = tuple(str(card["year"]) for card in (after, before))
        asked = views.Asked("years", after["agency_id"], years)
        for one in gathered:
            pair = views.form_pair(shared, *ids, one.lang, said=False, values=values)
            yield one.draw(
                addresses.compare(ids[1]),
                "compare.html",
                agency=agency_ref(after, one.lang),
                page=views.compared(shared, asked, one.lang, _PARTS),
                pair=pair,
                form=form_tables(pair, one.lang) if pair else "",
            )


def room(gathered: Gathered) -> Iterator[File]:
    """The page on which a script compares agencies."""
    yield gathered.draw.again(addresses.COMPARE, "compare_room.html", said=said(gathered.lang))


def agency_files(gathered: Sequence[Gathered], agencies: Sequence[str]) -> Iterator[File]:
    """What that script reads: a file an agency with a report whose year is known."""
    shared = gathered[0].shared
    shared.prepare(agencies=agencies)
    for agency_id in agencies:
        years = {str(card["year"]): _packed(card) for card in shared.dated(agency_id)}
        if years:
            yield addresses.compare_file(agency_id), msgspec.json.encode(years)


def _packed(card: Row) -> list[Any]:
    figures = [_plain(card[figure.code]) for figure in definitions().figures]
    rates = [_packed_rate(card, code) for code in _rates()]
    return [card["form"], addresses.slug(card["report_id"]), figures, rates]


def _packed_rate(card: Row, code: str) -> list[Any]:
    """A rate's numerator and base; a third where blanks were taken for 0."""
    parts = [_plain(card[f"{code}_numerator"]), _plain(card[f"{code}_base"])]
    return [*parts, True] if card[f"{code}_state"] == "assumed" else parts


def _plain(value: float | None) -> float | int | None:
    return int(value) if value is not None and value == int(value) else value


def _rates() -> list[str]:
    return [code for code, one in indicators.catalogue().items() if one.denominator]


def said(lang: str) -> str:
    """The words that the script puts on its page and how far forms compare, as JSON."""
    words = indicators.indicator_words(lang)
    own = labels.words(lang)
    return msgspec.json.encode(
        {
            "figures": [
                [one.code, t(f"figures.{one.code}.label", lang), t(f"units.{one.unit}", lang)]
                for one in definitions().figures
            ],
            "rates": [
                [code, words[code].title, t("indicators.base", lang, base=words[code].base)]
                for code in _rates()
            ],
            "titles": {"figures": own["compare.figures"], "rates": own["compare.indicators"]},
            "forms": {form: form_label(form, lang) for form in forms()},
            "lacks": _lacks(),
            "apart": _apart(),
            "signs": {code: own[f"compare.signs.{code}"] for code in _COMPARABLE},
            "unlike": own["compare.apart"],
            "no_form": own["values.form_unknown"],
            "no_name": own["values.agency_unnamed"],
            "not_in_form": own["figures.not_in_form"],
            "base_zero": own["compare.site.base_zero"],
            **{name: own[f"compare.{name}"] for name in _SAID},
            **{name: own[f"compare.site.{name}"] for name in _SITE},
            **{name: own[f"values.{name}"] for name in ("unknown", "percent", "plus", "minus")},
            "year": own["values.year"],
            "parts": own["indicators.parts"],
            "assumed_mark": own["indicators.assumed_mark"],
        }
    ).decode()


_SAID = ("item", "equal", "tiny", "points", "one_unknown", "no_report", "none_found")
_SITE = ("sentence", "nothing", "absent", "many", "odd", "no_parameter", "failed", "not_loaded")


def _lacks() -> dict[str, list[str]]:
    """What each form has no figure or rate of."""
    return {
        form: [one.code for one in definitions().figures if form not in one.cells]
        + [code for code in _rates() if form not in indicators.catalogue()[code].forms]
        for form in forms()
    }


def _apart() -> dict[str, dict[str, str]]:
    """What doesn't simply compare between two reports of one year on different forms."""
    found: dict[str, dict[str, str]] = {}
    for one in forms():
        for other in forms():
            if one == other:
                continue
            first, second = (None, one), (None, other)
            told = {f.code: figure_compared(f, first, second) for f in definitions().figures}
            for code in _rates():
                told[code] = indicator_compared(indicators.catalogue()[code], first, second)
            found[f"{one}|{other}"] = {code: how for code, how in told.items() if how != "yes"}
    return found
