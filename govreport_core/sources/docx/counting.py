"""A number and a Word number format in, the number as printed out."""

from __future__ import annotations

from collections.abc import Callable

_DIGITS = "〇一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_LEGAL_TRADITIONAL = "零壹貳參肆伍陸柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
    (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_LARGEST = 9999


def printed_number(number: int, style: str) -> str:
    """The number in that style (`w:numFmt`); in plain digits where the style has no such number."""
    writer = _STYLES.get(style)
    if writer is None or not 0 < number <= _LARGEST:
        return "" if style in ("none", "bullet") else str(number)
    return writer(number)


def chinese(number: int, digits: str = _DIGITS, units: str = "十百千") -> str:
    """一 … 十, 十一 … 二十 … 一百零一: as people count."""
    printed = ""
    for power in range(3, -1, -1):
        digit = number // 10**power % 10
        if digit:
            printed += digits[digit] + (units[power - 1] if power else "")
        elif printed and number % 10**power and not printed.endswith("零"):
            printed += "零"
    if units[0] == "十" and 10 <= number < 20:
        return printed[1:]
    return printed


def _one_by_one(number: int, digits: str = _DIGITS) -> str:
    return "".join(digits[int(d)] for d in str(number))


def _full_width(number: int) -> str:
    return "".join(chr(0xFF10 + int(d)) for d in str(number))


def _circled(number: int) -> str:
    if number <= 20:
        return chr(0x2460 + number - 1)
    return chr(0x3251 + number - 21) if number <= 35 else str(number)


def _block(first: int, last: int) -> Callable[[int], str]:
    """Numbers that have a character of their own."""
    return lambda number: chr(first + number - 1) if number <= last else str(number)


def _named(names: str) -> Callable[[int], str]:
    return lambda number: names[number - 1] if number <= len(names) else str(number)


def _roman(number: int) -> str:
    printed = ""
    for value, letters in _ROMAN:
        while number >= value:
            printed += letters
            number -= value
    return printed


def _letters(number: int) -> str:
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)


def _legal(number: int) -> str:
    return chinese(number, _LEGAL, "拾佰仟")


_STYLES: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalHalfWidth": str,
    "decimalZero": lambda n: f"{n:02}",
    "decimalFullWidth": _full_width,
    "decimalFullWidth2": _full_width,
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "decimalEnclosedFullstop": _block(0x2488, 20),
    "decimalEnclosedParen": _block(0x2474, 20),
    "ideographEnclosedCircle": _block(0x3220, 10),
    "chineseCounting": chinese,
    "chineseCountingThousand": chinese,
    "japaneseCounting": chinese,
    "taiwaneseCounting": chinese,
    "taiwaneseCountingThousand": chinese,
    "ideographDigital": _one_by_one,
    "japaneseDigitalTenThousand": _one_by_one,
    "taiwaneseDigital": _one_by_one,
    "chineseLegalSimplified": _legal,
    "ideographLegalTraditional": lambda n: chinese(n, _LEGAL_TRADITIONAL, "拾佰仟"),
    "ideographTraditional": _named(_STEMS),
    "ideographZodiac": _named(_BRANCHES),
    "upperRoman": lambda n: _roman(n).upper(),
    "lowerRoman": _roman,
    "upperLetter": lambda n: _letters(n).upper(),
    "lowerLetter": _letters,
    "bullet": lambda _: "",
    "none": lambda _: "",
}
