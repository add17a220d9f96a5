"""An address's parameters in, what is to be compared out; what can't be followed is named."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from dashboard.data import Row
from dashboard.views.asked import said
from dashboard.views.context import Context
from dashboard.views.filters import parts
from dashboard.views.records import Amiss
from govreport_core.model import Record

# So many agencies at once, as columns that a screen has room for.
MOST = 6
_YEAR = re.compile(r"^[0-9]{4}$")


class Asked(Record, frozen=True, gc=False):
    """What is compared.

    Attributes:
        kind: `years` of one agency, `agencies` of one year, or `nothing`.
        agency_id: Whose years; None of agencies.
        chosen: Years of it, the newest first, or ids of agencies in their order.
        year: Of the agencies' reports; None where none of them has one.
        years: Those that there are to choose from, the newest first.
        other: The report that the first column is held against cell by cell; None for the next.
    """

    kind: str
    agency_id: str | None = None
    chosen: tuple[str, ...] = ()
    year: int | None = None
    years: tuple[int, ...] = ()
    other: str | None = None

    def cards(self, shared: Context) -> list[tuple[str, int, Row | None]]:
        """Agency, year and card of each report that is compared; no card where there is none."""
        if self.kind == "years" and self.agency_id is not None:
            keys = [(self.agency_id, int(year)) for year in self.chosen]
        else:
            keys = [(one, self.year) for one in self.chosen if self.year is not None]
        return [(agency, year, card_of(shared, agency, year)) for agency, year in keys]


def asked(shared: Context, given: Mapping[str, str], lang: str) -> tuple[Asked, tuple[Amiss, ...]]:
    """What an address asks to compare.

    Args:
        shared: The dataset.
        given: Its parameters; hostile. `agency` with `compare`, years of it (all where none is
            named), or `compare`, agencies, with `year`; `other`, a report of these.
        lang: Language of the words.

    Returns:
        What is compared, and what of the address can't be.
    """
    bad: list[Amiss] = []
    words = list(dict.fromkeys(parts(given.get("compare", ""))))
    if agency := given.get("agency", ""):
        found = _years(shared, agency, words, bad, lang)
    else:
        found = _agencies(shared, words, given.get("year", ""), bad, lang)
    return _other(shared, found, given.get("other", ""), bad, lang), tuple(bad)


def card_of(shared: Context, agency_id: str, year: int) -> Row | None:
    """The card of an agency's report of a year."""
    return next((row for row in shared.dated(agency_id) if row["year"] == year), None)


def _years(shared: Context, agency: str, words: list[str], bad: list[Amiss], lang: str) -> Asked:
    if shared.agency(agency) is None:
        bad.append(said("agency", agency, "absent", lang))
        return Asked("nothing")
    years = tuple(sorted({row["year"] for row in shared.dated(agency)}, reverse=True))
    known = [word for word in words if _YEAR.match(word) and int(word) in years]
    bad += [
        said("compare", word, "elsewhere" if _YEAR.match(word) else "odd", lang)
        for word in words
        if word not in known
    ]
    chosen = sorted(known or map(str, years), reverse=True)
    return Asked("years", agency, tuple(chosen), years=years)


def _agencies(shared: Context, words: list[str], year: str, bad: list[Amiss], lang: str) -> Asked:
    known: list[str] = []
    for word in words:
        if shared.agency(word) is None:
            bad.append(said("compare", word, "absent", lang))
        elif len(known) == MOST:
            bad.append(said("compare", word, "many", lang))
        else:
            known.append(word)
    if not known:
        return Asked("nothing")
    has = Counter(row["year"] for one in known for row in shared.dated(one))
    wanted = [int(word) for word in parts(year) if _YEAR.match(word)]
    # Without a year, the one of which most of them have a report; the newest of several.
    best = max(wanted, default=None) or max(has, key=lambda one: (has[one], one), default=None)
    years = tuple(sorted({*has, *([best] if best else [])}, reverse=True))
    return Asked("agencies", None, tuple(known), best, years)


def _other(shared: Context, found: Asked, other: str, bad: list[Amiss], lang: str) -> Asked:
    if not other:
        return found
    there = [card["report_id"] for _, _, card in found.cards(shared) if card is not None]
    if other not in there[1:]:
        bad.append(said("other", other, "elsewhere", lang))
        return found
    return Asked(found.kind, found.agency_id, found.chosen, found.year, found.years, other=other)
