"""What was gathered in, the pages out that hold a report against the agency's last one."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from dashboard import views
from dashboard.site import addresses
from dashboard.site.gather import Gathered
from dashboard.views.compare_form import follows

# The indicators stand on the agency's page, year beside year.
_PARTS = ("figures", "outcomes")

File = tuple[str, bytes]


def consecutive(gathered: Gathered) -> Iterator[File]:
    """A page for each report whose form can be held against that of the one before."""
    shared, lang = gathered.shared, gathered.lang
    for row in gathered.coverage.rows:
        agency = row.agency
        for before, after in pairwise(shared.dated(agency.agency_id)):
            if not follows(before, after):
                continue
            ids = (before["report_id"], after["report_id"])
            years = tuple(str(card["year"]) for card in (after, before))
            asked = views.Asked("years", agency.agency_id, years)
            yield gathered.draw(
                addresses.compare(ids[1]),
                "compare.html",
                agency=agency,
                page=views.compared(shared, asked, lang, _PARTS),
                pair=views.form_pair(shared, *ids, lang, said=False),
            )
