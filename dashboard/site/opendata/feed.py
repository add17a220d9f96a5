"""The reports in, a feed of new and changed ones out (Atom): ids that stay, days of the data.

A report is new on the day it was published. It changes when another file takes its place
(the day on which that dataset was made), and when a number is corrected or a finding answered.

Source: RFC 4287.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from heapq import nlargest

import msgspec
import polars as pl
from lxml import etree

from dashboard import labels
from dashboard.data import Data, Row
from dashboard.labels import t
from dashboard.site import addresses
from dashboard.site.opendata.days import made_on
from dashboard.site.options import Options
from dashboard.views.context import Context
from dashboard.views.lists import report_ref

MOST = 100
_ATOM = "http://www.w3.org/2005/Atom"
# What XML can't hold, C1 controls, and what turns the direction of the text after it.
_CONTROLS = re.compile(
    r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
    r"|[\x7f-\x9f\u202a-\u202e\u2066-\u2069]"
)


class Entry(msgspec.Struct, frozen=True):
    """A report as the feed has it; `published` and `updated` are days."""

    report_id: str
    title: str
    summary: str
    agency: str
    published: str
    updated: str


def feed_file(
    data: Data, shared: Context, changed: Mapping[str, str], options: Options, lang: str
) -> bytes:
    """The feed, the newest change first.

    Args:
        data: The dataset.
        shared: What its pages share.
        changed: By the report's id the day on which it was last seen to be another file.
        options: Who publishes it, and where.
        lang: Language of the words.
    """
    found = entries(data, shared, changed, lang)
    feed = etree.Element(f"{{{_ATOM}}}feed", nsmap={None: _ATOM})
    feed.set("{http://www.w3.org/XML/1998/namespace}lang", labels.LANGUAGES[lang].tag)
    _add(feed, "id", uuid.uuid5(uuid.NAMESPACE_URL, options.base_url or "govreport").urn)
    _add(feed, "title", options.name(lang))
    _add(feed, "subtitle", t("opendata.feed", lang))
    _add(feed, "updated", _moment(max((one.updated for one in found), default="1970-01-01")))
    author = etree.SubElement(feed, f"{{{_ATOM}}}author")
    _add(author, "name", options.publisher or options.name(lang))
    own = f"{options.base_url}{options.folder(lang)}" if options.base_url else ""
    if own:
        _link(feed, "self", f"{own}{addresses.FEED}")
    _link(feed, "alternate", own or addresses.HOME)
    for one in found:
        _entry(feed, one, own)
    return bytes(etree.tostring(feed, xml_declaration=True, encoding="utf-8")) + b"\n"


def entries(
    data: Data, shared: Context, changed: Mapping[str, str], lang: str
) -> tuple[Entry, ...]:
    """The reports that changed last; one without a day isn't told, for nobody knows when."""
    made = made_on(data)
    known = data.reports.select("report_id", "published_on").collect()
    told = ((one, _days(one, day, shared, changed, made)) for one, day in known.iter_rows())
    newest = nlargest(MOST, ((max(days), one, days[0]) for one, days in told if days))
    wanted = pl.Series([one for _, one, _ in newest], dtype=pl.String)
    whole = data.reports.filter(pl.col("report_id").is_in(wanted.implode())).collect()
    cards = {card["report_id"]: card for card in whole.iter_rows(named=True)}
    return tuple(_told(cards[one], first, last, lang) for last, one, first in newest)


def _days(
    report_id: str, published: object, shared: Context, changed: Mapping[str, str], made: str
) -> list[str]:
    """The day of publication, or the first one known, then the others; none after `made`."""
    said = [*shared.corrections_of.get(report_id, ()), *shared.replies_of.get(report_id, ())]
    days = sorted(str(row["date"]) for row in said if row["date"] is not None)
    days = sorted([*days, changed[report_id]]) if report_id in changed else days
    told = days if published is None else [str(published), *days]
    return [day for day in told if not made or day <= made]


def _told(card: Row, published: str, updated: str, lang: str) -> Entry:
    ref = report_ref(card, lang)
    said = {"reading": ref.reading.label, "consistency": ref.consistency.label}
    return Entry(
        report_id=card["report_id"],
        title=f"{ref.agency.name} {ref.year_text}",
        summary=t("opendata.feed_entry", lang, **said, detail=ref.consistency.detail),
        agency=ref.agency.name,
        published=published,
        updated=updated,
    )


def _entry(feed: etree._Element, one: Entry, own: str) -> None:
    entry = etree.SubElement(feed, f"{{{_ATOM}}}entry")
    _add(entry, "id", uuid.uuid5(uuid.NAMESPACE_URL, f"govreport:report:{one.report_id}").urn)
    _add(entry, "title", one.title)
    _add(entry, "published", _moment(one.published))
    _add(entry, "updated", _moment(one.updated))
    _add(entry, "summary", one.summary)
    _link(entry, "alternate", own + addresses.report(one.report_id))
    author = etree.SubElement(entry, f"{{{_ATOM}}}author")
    _add(author, "name", one.agency)


def _add(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, f"{{{_ATOM}}}{name}").text = _CONTROLS.sub("", text)


def _link(parent: etree._Element, rel: str, href: str) -> None:
    etree.SubElement(parent, f"{{{_ATOM}}}link", rel=rel, href=_CONTROLS.sub("", href))


def _moment(day: str) -> str:
    """The beginning of a day in China."""
    return f"{day}T00:00:00+08:00"
