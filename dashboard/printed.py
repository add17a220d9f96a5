"""A choice in, one self-contained HTML page to print or hand on out.

The page needs no script and loads nothing; its style sheet stands in it, and its policy
lets nothing else be applied.
"""

from __future__ import annotations

from typing import Any

from dashboard.data import Data
from dashboard.labels import moment
from dashboard.site.environment import environment, inline_sheet
from dashboard.views.circular import circular
from dashboard.views.filters import Filters
from dashboard.views.scope import scope
from dashboard.views.worklist import PRINTED, worklist_printed
from govreport_core import __version__
from govreport_core import worklist as core


def worklist_page(data: Data, filters: Filters, order: str, lang: str) -> bytes:
    """The work list of a choice, its first items; how many there are is said.

    Args:
        data: The dataset.
        filters: What narrows it.
        order: `rule` or `agency`.
        lang: Language of the words.
    """
    view = worklist_printed(data, filters, order, lang)
    heads = core.words(lang).columns
    chosen = scope(data, filters, lang)
    return _page("worklist.html", data, lang, view=view, heads=heads, scope=chosen, most=PRINTED)


def circular_page(data: Data, filters: Filters, lang: str) -> bytes:
    """The circular of the last year that is chosen.

    Args:
        data: The dataset.
        filters: What narrows it.
        lang: Language of the words.
    """
    return _page("circular.html", data, lang, page=circular(data, filters, lang))


def _page(template: str, data: Data, lang: str, **names: Any) -> bytes:
    sheet, policy = inline_sheet("printed.css")
    built = moment(str(data.about.get("built_at", "")), lang)
    page = environment(lang).get_template(template)
    told = {"sheet": sheet, "policy": policy, "version": __version__, "built": built}
    return page.render(**told, **names).encode("utf-8")
