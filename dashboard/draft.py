"""The verdict on a draft in, one self-contained HTML page to hand on out.

The page needs no script and loads nothing; its style sheet stands in it, and
its policy lets nothing else be applied.
"""

from __future__ import annotations

import datetime as dt

from dashboard.labels import CHINA, moment, t, term, words
from dashboard.site.environment import environment, inline_sheet
from dashboard.views.draft import draft_view
from dashboard.views.records import DraftView
from govreport_core import __version__
from govreport_core.errors import SourceError
from govreport_core.verdict import Draft


def page(draft: Draft, lang: str, *, now: dt.datetime | None = None) -> bytes:
    """The verdict on a draft as a page.

    Args:
        draft: A file that was read and judged.
        lang: Language of the words.
        now: When it was judged; the present where not given.
    """
    return page_of(draft_view(draft.file, draft.frames, lang), lang, now=now)


def page_of(view: DraftView, lang: str, *, now: dt.datetime | None = None) -> bytes:
    """The same from its view."""
    sheet, policy = inline_sheet("draft.css")
    when = now or dt.datetime.now(CHINA)
    text = (
        environment(lang)
        .get_template("draft.html")
        .render(
            view=view,
            sheet=sheet,
            policy=policy,
            version=__version__,
            made=moment(when, lang),
        )
    )
    return text.encode("utf-8")


def cannot_read(name: str, error: SourceError, lang: str) -> str:
    """Why a file can't be checked and what to do, in one line."""
    todo = f"draft.unread.{error.code}"
    return t(
        "draft.cannot",
        lang,
        file=name,
        reason=term("errors", error.code, lang),
        todo=words(lang).get(todo, t("draft.unread.other", lang)),
    )
