"""A language in, the site's templates out, with all they may call, and the charts' colours."""

from __future__ import annotations

import base64
import hashlib
from importlib.resources import files
from typing import Any

import jinja2

from dashboard import charts, labels
from dashboard.site import addresses
from dashboard.site.svg import NARROW, WIDE, drawing
from dashboard.views.records import ReportCard
from dashboard.views.sentences import check_label
from dashboard.views.source import blocks
from govreport_core.model import State


def environment(lang: str, **names: Any) -> jinja2.Environment:
    """The templates, which escape everything by themselves; `names` are there in each."""

    def t(key: str, **params: Any) -> str:
        return labels.t(key, lang, **params)

    made = jinja2.Environment(
        loader=jinja2.PackageLoader("dashboard.site"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {
        "t": t,
        "lang": lang,
        "tag": labels.LANGUAGES[lang].tag,
        "number": labels.number,
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
    return made


def colours() -> str:
    """The charts' colours as a style sheet, so that app and site draw with the same."""
    light, dark = (_variables(palette) for palette in (charts.LIGHT, charts.DARK))
    return f":root{{{light}}}\n@media (prefers-color-scheme:dark){{:root{{{dark}}}}}\n"


def words(lang: str) -> str:
    """The few words that the style sheet itself puts on a page."""
    back = labels.t("site.report.back_short", lang).replace("\\", "").replace('"', "")
    return f':root{{--back:"{back}"}}\n'


def inline_sheet(*more: str) -> tuple[str, str]:
    """The site's style sheet for a page that stands alone, and the hash that lets it be applied.

    Args:
        more: Names of sheets of its own, in `static/`.
    """
    folder = files("dashboard.site").joinpath("static")
    sheets = [folder.joinpath(name).read_text(encoding="utf-8") for name in ("site.css", *more)]
    sheet = "".join([colours(), *sheets])
    digest = hashlib.sha256(sheet.encode()).digest()
    return sheet, f"sha256-{base64.b64encode(digest).decode()}"


def _variables(palette: charts.Palette) -> str:
    series = [f"--s{place}:{colour}" for place, colour in enumerate(palette.series)]
    return ";".join([f"--chart-faint:{palette.faint}", f"--chart-grid:{palette.grid}", *series])


def _odd_states(card: ReportCard) -> list[str]:
    """The states of the card's cells that need a word of explanation, in order."""
    seen = {state for table in card.tables for state, _, _ in table.counts}
    return [state.value for state in State if state in seen and state != State.REPORTED]
