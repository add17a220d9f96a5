"""A language in, the site's templates out, with all they may call, and its style sheets."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from functools import partial
from importlib.resources import files
from typing import Any

import jinja2
import msgspec

from dashboard import colours, labels, pieces
from dashboard.pieces.contact import contact_link, error_link
from dashboard.site import addresses
from dashboard.site.options import USUAL, Options
from dashboard.site.templating import Environment
from dashboard.svg import NARROW, WIDE, drawing
from dashboard.views.card import web_address
from dashboard.views.records import ReportCard
from dashboard.views.sentences import check_label
from dashboard.views.source import blocks
from govreport_core.model import State

# Of the file of what a search lists.
_COLUMNS = ("agency", "region", "year", "kind", "text", "themes", "link", "point_id")


def environment(
    lang: str,
    options: Options = USUAL,
    **names: Any,
) -> jinja2.Environment:
    """The templates, which escape everything by themselves; `names` are there in each."""

    def t(key: str, **params: Any) -> str:
        if key == "site.name":
            return options.name(lang)
        return labels.t(key, lang, **params)

    called = {
        "t": t,
        "lang": lang,
        "site": options,
        "contact_link": contact_link(options.contact),
        "error_link": partial(error_link, options.contact),
        "licence_link": web_address(options.licence),
        "tag": labels.LANGUAGES[lang].tag,
        "moment": lambda text: labels.moment(text, lang),
        "drawings": lambda chart: [drawing(chart, width) for width in (WIDE, NARROW)],
        "names_of": lambda codes: t("places.and").join(check_label(code, lang) for code in codes),
        "states_of": _odd_states,
        "blocks_of": lambda card: blocks(card.source),
        "section_label": lambda card, code: next(
            (section.label for section in card.sections if section.code == code), code
        ),
        "CELL_STATES": [state.value for state in State],
        "addresses": addresses,
        **names,
    }
    made = pieces.environment_of(Environment, jinja2.PackageLoader("dashboard.site"), **called)
    made.speak(t)
    return made


def shared_sheet() -> str:
    """What the site's own sheet stands on: the colours, and the pieces it shares with the app."""
    return colours.sheet_by_reader() + pieces.sheet()


def words(lang: str) -> str:
    """The few words that the style sheet itself puts on a page."""
    back = labels.t("site.report.back_short", lang).replace("\\", "").replace('"', "")
    return f':root:lang({labels.LANGUAGES[lang].tag}){{--back:"{back}"}}\n'


# The words of scripts that stand on very many pages, by their names in the script.
_SAID = {
    "theme.js": {name: f"site.theme.{name}" for name in ("says", "system", "light", "dark")},
    "source.js": {
        "back": "site.report.back",
        **{name: f"remarks.{name}" for name in ("cite", "copied", "error_here")},
    },
}


def script(name: str, langs: Iterable[str]) -> str:
    """A script of `static/`, with its words of all languages before it, if it says any."""
    text = files("dashboard.site").joinpath("static", name).read_text(encoding="utf-8")
    if name not in _SAID:
        return text
    said = {
        labels.LANGUAGES[lang].tag: {one: labels.t(key, lang) for one, key in _SAID[name].items()}
        for lang in langs
    }
    return f"const words = {msgspec.json.encode(said).decode()};\n{text}"


def words_said(lang: str) -> str:
    """The words that the search's script puts on its page, as JSON."""
    own = ("searching", "failed", "exact", "most", "checked", "one_agency", "all_agencies")
    said: dict[str, Any] = {name: labels.words(lang)[f"words.site.{name}"] for name in own}
    said |= {
        "nothing": labels.t("words.nothing", lang),
        "bad": labels.words(lang)["words.bad"],
        "between": labels.t("places.and", lang),
        "see": labels.t("words.see", lang),
        "none": labels.t("words.none_said", lang),
        "problems": labels.t("words.problems", lang),
        "improvements": labels.t("words.improvements", lang),
        "unknown": labels.t("values.unknown", lang),
        "unasked": {
            name: labels.t(f"words.unasked.{name}", lang)
            for name in ("empty", "long", "many", "without_only", "broken")
        },
        "columns": [labels.t(f"words.columns.{name}", lang) for name in _COLUMNS],
    }
    return msgspec.json.encode(said).decode()


def find_words(lang: str) -> str:
    """The words that the script of the first page's search puts on it, as JSON."""
    own = ("agencies", "regions", "rules", "in_texts", "nothing", "more")
    said = {name: labels.words(lang)[f"find.{name}"] for name in own}
    return msgspec.json.encode(said | {"failed": labels.t("words.site.failed", lang)}).decode()


def inline_sheet(*more: str) -> tuple[str, str]:
    """The site's style sheet for a page that stands alone, and the hash that lets it be applied.

    Args:
        more: Names of sheets of its own, in `static/`.
    """
    folder = files("dashboard.site").joinpath("static")
    sheets = [folder.joinpath(name).read_text(encoding="utf-8") for name in ("site.css", *more)]
    sheet = "".join([shared_sheet(), *sheets])
    digest = hashlib.sha256(sheet.encode()).digest()
    return sheet, f"sha256-{base64.b64encode(digest).decode()}"


def _odd_states(card: ReportCard) -> list[str]:
    """The states of the card's cells that need a word of explanation, in order."""
    seen = {state for table in card.tables for state, _, _ in table.counts}
    return [state.value for state in State if state in seen and state != State.REPORTED]
