"""A cell's printed text in, its number, state and unit out; nothing is guessed."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

import msgspec

from govreport_core.folding import fold, without_invisible
from govreport_core.model import State

PLACEHOLDERS = frozenset({"/", "//", "-", "--", "---", "\\", "无", "*", "N/A", "n/a"})

# One 万元 is 10,000 元; money is stored in 万元.
MONEY_UNITS = {"元": Decimal("0.0001"), "万元": Decimal(1), "亿元": Decimal(10000)}
COUNT_UNITS = frozenset({*"件项条个次宗起份部人篇", "人次"})
_COUNTED = "|".join(sorted(COUNT_UNITS, key=len, reverse=True))

_DIGITS = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_DIGIT = re.compile(r"\d")
_NUMBER = re.compile(rf"(?P<sign>[+-]?) ?(?P<digits>{_DIGITS})")
_WITH_UNIT = re.compile(
    rf"(?P<sign>[+-]?) ?(?P<digits>{_DIGITS}) ?(?P<unit>(?:亿元|万元|元|{_COUNTED})?)"
)
_REMARK = re.compile(r" ?\((?=[^()]*[\u4e00-\u9fff])[^()]*\)$")
_CHINESE = re.compile(rf"(?P<number>[零〇一二两三四五六七八九十百千]+)(?:{_COUNTED})?")
_CHANGE = re.compile(rf"(?P<word>新?增|增加|减|减少|--) ?(?P<digits>{_DIGITS}) ?[项件个]?")
# A float holds so many digits exactly; no report counts further.
_MOST_DIGITS = 15


class Reading(msgspec.Struct, frozen=True):
    """What a cell says.

    Attributes:
        number: The number, money in 万元; None where there is none for certain.
        state: See `govreport_core.model.Value`; never `absent`.
        unit: The unit printed in the cell, else the header's.
        doubt: Why it is unreadable: `number_unreadable` or `unit_missing`.
    """

    number: float | None
    state: State
    unit: str | None = None
    doubt: str | None = None


BLANK = Reading(None, State.BLANK)


@lru_cache(maxsize=65536)
def read_number(
    raw: str, money: bool = False, unit: str | None = None, signed: bool = False
) -> Reading:
    """Read what a cell prints as a number.

    A text with two possible readings is `unreadable`, and so are a non-zero
    amount of money without a unit, a number with leading zeros, and one with more
    digits than are kept exactly.

    Args:
        raw: The cell's text as printed, any width, any spacing around it.
        money: Whether the column holds an amount; it is then given in 万元.
        unit: The unit named by the column's header; one in the cell wins.
        signed: Whether the column holds changes (`增5`, `减1`, `--2`).

    Source: 国办公开办函〔2019〕60号 and 〔2021〕30号, the forms' tables.
    """
    text = " ".join(fold(without_invisible(raw)).split())
    if not text:
        return BLANK
    if text.replace(" ", "") in PLACEHOLDERS:
        return Reading(None, State.PLACEHOLDER)
    if not any(c.isdigit() for c in text):
        number = chinese_number(text) if not money else None
        return Reading(None if number is None else float(number), State.TEXT)
    bare = _REMARK.sub("", text)
    if match := _WITH_UNIT.fullmatch(bare):
        digits = match["digits"].replace(",", "")
        if _is_certain(digits):
            return _number(match["sign"] + digits, match["unit"], bare != text, money, unit)
    if signed and (match := _CHANGE.fullmatch(text)):
        digits = match["digits"].replace(",", "")
        if _is_certain(digits):
            # A dash of two characters, as Chinese has it, is one minus.
            sign = "-" if match["word"][0] in "减-" else ""
            return Reading(float(Decimal(sign + digits)), State.TEXT)
    return Reading(None, State.UNREADABLE, doubt="number_unreadable")


def _is_certain(digits: str) -> bool:
    """Whether digits are a number's as one writes it: no zero leads, and a float holds it."""
    whole = digits.partition(".")[0]
    return (whole == "0" or whole[0] != "0") and len(whole) <= _MOST_DIGITS


def _number(printed: str, unit: str, remark: bool, money: bool, header_unit: str | None) -> Reading:
    amount = Decimal(printed)
    state = State.TEXT if remark else State.REPORTED
    if money:
        if unit and unit not in MONEY_UNITS:
            return Reading(None, State.UNREADABLE, unit, "number_unreadable")
        unit = unit or header_unit or ""
        if not unit and amount != 0:
            return Reading(None, State.UNREADABLE, doubt="unit_missing")
        number = float(amount * MONEY_UNITS.get(unit, Decimal(1)))
        return Reading(number + 0.0, state, unit or None)
    if unit in MONEY_UNITS:
        return Reading(None, State.UNREADABLE, unit, "number_unreadable")
    # Words beside the figure (件) keep the number; the cell is no longer a bare number.
    return Reading(float(amount) + 0.0, State.TEXT if unit else state, unit or None)


def chinese_number(text: str) -> int | None:
    """`十二` and `一百零五件` as numbers below ten thousand; None for any other text.

    Only the way the number is written out in full counts: 一百二 could be 102 or 120.
    """
    words = _CHINESE.fullmatch(text.replace(" ", ""))
    if words is None:
        return None
    printed = words["number"].replace("〇", "零").replace("两", "二")
    return _written().get(printed)


@lru_cache(maxsize=1)
def _written() -> dict[str, int]:
    """Every number below ten thousand as it is written in Chinese."""
    written = {_in_chinese(number): number for number in range(10_000)}
    # 十二 is short for 一十二.
    written |= {f"一{_in_chinese(number)}": number for number in range(10, 20)}
    return written


def _in_chinese(number: int) -> str:
    digits = "零一二三四五六七八九"
    if number < 10:
        return digits[number]
    text = ""
    for power, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // power % 10
        if digit:
            text += digits[digit] + unit
        elif text and not text.endswith("零") and number % power:
            text += "零"
    return text.removeprefix("一") if 10 <= number < 20 else text


@lru_cache(maxsize=65536)
def looks_like_value(text: str) -> bool:
    """Whether a piece of a plain line can be a table's value rather than its label."""
    folded = fold(text).strip()
    if _DIGIT.search(folded) is None:
        return folded in PLACEHOLDERS
    return bool(_WITH_UNIT.fullmatch(_REMARK.sub("", folded))) or bool(_CHANGE.fullmatch(folded))


def is_plain_number(text: str) -> bool:
    """Whether the text is digits alone, with an optional sign, separators and point."""
    return bool(_NUMBER.fullmatch(fold(text).strip()))
