"""A cell's stored number and its number format in, the text it shows out.

Only what changes a figure's meaning is shown as Excel does: dates, units and
signs written by the format. Formats that show a figure scaled (as 万, as per
cent) leave it as stored with the format behind it, which reads as no number.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal, InvalidOperation
from functools import lru_cache

import msgspec

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|[\\!](?P<escaped>.)|[_*].|\[\$(?P<currency>[^\]-]*)[^\]]*\]'
    r"|\[(?P<bracket>[^\]]*)\]|(?P<section>;)|(?P<place>[0#?.,%@])|(?P<other>.)",
    re.DOTALL,
)
_GENERAL = re.compile(r"general", re.IGNORECASE)
_CLOCK = frozenset("ymdhsYMDHS")
_DATE_IDS = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_PERCENT_IDS = {9: "0%", 10: "0.00%"}
_EPOCH = dt.datetime(1899, 12, 30)
_EPOCH_1904 = dt.datetime(1904, 1, 1)
_LAST_DAY = 2_958_465
_DAY = 86_400


class Format(msgspec.Struct, frozen=True):
    """What a number format does to a figure.

    Attributes:
        date: It shows a date or a time.
        before, after: What it writes around the figure.
        scaled: The format's code where it shows another figure than is stored.
    """

    date: bool = False
    before: str = ""
    after: str = ""
    scaled: str | None = None


GENERAL = Format()


def format_of(number: int, code: str | None) -> Format:
    """The format with that number; `code` for those a file defines itself."""
    if code is not None:
        return read_format(code)
    if number in _PERCENT_IDS:
        return Format(scaled=_PERCENT_IDS[number])
    return Format(date=True) if number in _DATE_IDS else GENERAL


@lru_cache(maxsize=256)
def read_format(code: str) -> Format:
    """What the first section of a format code does, the one for positive figures."""
    pieces: list[tuple[bool, str]] = []
    for token in _TOKEN.finditer(_GENERAL.sub("0", code)):
        kind = token.lastgroup
        text = token[kind] if kind else ""
        if kind == "section":
            break
        if (kind == "other" and text in _CLOCK) or (kind == "bracket" and text.lower() in "hhmmss"):
            return Format(date=True)
        if kind == "place":
            pieces.append((True, text))
        elif kind in ("quoted", "escaped", "currency", "other") and text:
            pieces.append((False, text))
    places = [i for i, (place, _) in enumerate(pieces) if place]
    if not places:
        return GENERAL
    first, last = places[0], places[-1]
    inside = pieces[first : last + 1]
    shown = "".join(text for place, text in inside if place)
    if (
        "%" in shown
        or shown.endswith(",")
        or any(not place and text.strip() for place, text in inside)
    ):
        return Format(scaled=code)
    before = "".join(text for _, text in pieces[:first]).strip()
    after = "".join(text for _, text in pieces[last + 1 :]).strip()
    return Format(before=before, after=after)


def show(stored: str, shape: Format, *, since_1904: bool = False) -> str:
    """What a cell that stores this number shows; the stored text where it is no number."""
    try:
        number = float(stored)
        printed = plain(number)
    except (ValueError, OverflowError, InvalidOperation):
        return stored
    if shape.date:
        return _moment(number, _EPOCH_1904 if since_1904 else _EPOCH) or printed
    if shape.scaled is not None:
        return f"{printed} [{shape.scaled}]"
    return f"{shape.before}{printed}{shape.after}"


def plain(number: float) -> str:
    """A number with the fifteen digits Excel keeps, without exponent: 3.0 is `3`."""
    printed = format(Decimal(f"{number:.15g}"), "f")
    printed = printed.rstrip("0").rstrip(".") if "." in printed else printed
    return "0" if printed in ("", "-0") else printed


def _moment(days: float, epoch: dt.datetime) -> str | None:
    if not 0 <= days <= _LAST_DAY:
        return None
    moment = epoch + dt.timedelta(seconds=round(days * _DAY))
    return clock(moment.time()) if days < 1 else day(moment)


def day(moment: dt.datetime) -> str:
    """A date, with the time where there is one."""
    date = moment.date().isoformat()
    return date if moment.time() == dt.time() else f"{date} {clock(moment.time())}"


def clock(time: dt.time) -> str:
    """A time of day."""
    return time.isoformat("minutes" if time.second == 0 else "seconds")
