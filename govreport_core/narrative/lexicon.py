"""A sentence's folded text in, its words with their roles out; what isn't known is unknown.

The words stand in `lexicon.toml`; counts, years, percentages and money are
patterns. At every place the longest wins, so nothing depends on their order.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import msgspec

from govreport_core.errors import GovReportError
from govreport_core.numerals import chinese_number

Roles = frozenset[str]
UNKNOWN: Roles = frozenset({"unknown"})
MARK: Roles = frozenset({"mark"})
NUMBERS = frozenset({"count", "percent", "money"})
_YEARS = ({"own_year"}, {"other_year"}, {"other_year", "last_year"}, {"other_year", "next_year"})
PATTERNED: frozenset[Roles] = frozenset(
    frozenset(roles)
    for roles in (
        *({role} for role in ("mark", "unknown", "own", "area", "enum", "law", "everyone")),
        *({role} for role in ("nearly", "times", "point", "money", "whole")),
        *({"count"}, {"count", "zero"}, {"count", "one"}, {"number"}, {"number", "zero"}),
        *({"percent"}, {"percent", "hundred"}, {"percent", "zero_percent"}),
        *_YEARS,
        *(year | {"whole"} for year in _YEARS),
        *(year | {"whole", "until"} for year in _YEARS),
    )
)
"""The sets of roles that a pattern or a name of the agency has."""

_UNIT = r"(?:件|宗|份|起|条|例|项|个|部)"
_DIGITS = r"(?:\d{1,3}(?:,\d{3})+|\d{1,7})(?!\d)"
_YEAR = r"(?:20\d\d|二[〇零][〇零一二三四五六七八九]{2})"
_TO = r"(?:起)?[至到\-~]{1,2}"
_NEARLY = r"约|近|超过|超|逾|大约|将近|接近|不足|达到?近"
_PATTERN = re.compile(
    rf"""
    (?P<enum>\((?:[一二三四五六七八九十]{{1,3}}|\d{{1,2}})\)|[①-⑳])
    |(?P<law>《[^》\n]{{1,60}}》)
    |(?P<everyone>(?:自然人|公民|个人)[、,和及与或者以]*(?:企业|法人)?[、,和及与或者以]*(?:其他|其它|社会|有关)?组织等?)
    |(?P<whole>(?:(?P<from>{_YEAR})年)?1月1日{_TO}(?:(?P<until>{_YEAR})年)?12月31日(?:止|期间)?
      |(?P<months>{_YEAR})年1月?{_TO}12月
      |(?:截[至止]到?|至|到)(?P<end>{_YEAR})年(?:12月31日|12月底|年?底|年?末))
    |(?P<year>{_YEAR})年度?
    |(?P<nearly>(?:{_NEARLY}){_DIGITS}[余多]?{_UNIT}|{_DIGITS}[余多]{_UNIT}|[一二三四五六七八九十百千]+[余多]{_UNIT}|百余{_UNIT})
    |(?P<period>{_DIGITS}个(?:工作日|月|小时|自然日|年))
    |(?P<point>\d+(?:\.\d+)?个百分点)
    |(?P<money>(?P<amount>(?:\d{{1,3}}(?:,\d{{3}})+|\d+)(?:\.\d+)?)(?P<currency>[万亿]?元))
    |(?P<percent>(?P<share>\d{{1,4}}(?:\.\d{{1,4}})?)%|百分之百|百分百)
    |(?P<count>(?P<n>{_DIGITS}){_UNIT}(?![次月]))
    |(?P<written>[零〇一二两三四五六七八九十百千]{{1,9}}(?:件|宗|份|起|例|条))(?!次)
    |(?P<times>\d+(?:\.\d+)?(?:余|多)?(?:万)?(?:人次|次|场次|场|期|篇|人|名|天|日|家|套|类|张|册|小时|条))
    |(?P<number>\d+(?:\.\d+)?)
    """,
    re.VERBOSE,
)
_OPENS_PATTERN = frozenset(
    "0123456789(①②③④⑤⑥⑦⑧⑨⑩《自公个截至到约近超逾大将接不达百二一三四五六七八九十两零〇千"
)
_MARKS = frozenset(",;:()。!?")
_UNSEEN_ONES = " \t\"'"
_UNSEEN = re.compile(f"[{_UNSEEN_ONES}]")
_PER_YUAN = {"元": 0.0001, "万元": 1.0, "亿元": 10_000.0}


class Token(msgspec.Struct, frozen=True, gc=False):
    """A word or pattern in its place.

    Attributes:
        roles: What it may be; `unknown` alone where it is in no list.
        text: As it stands, folded.
        number: Of a count, percentage, sum of money (in 万元); None without one.
        decimals: Those that a percentage is printed with.
    """

    roles: Roles
    text: str
    start: int
    end: int
    number: float | None = None
    decimals: int = 0


class Lexicon(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`lexicon.toml`: the words of each role."""

    roles: dict[str, tuple[str, ...]]


class Speaker(msgspec.Struct, frozen=True):
    """Who speaks: what makes a year its own, and which names mean itself.

    Attributes:
        year: The report's; None where it isn't known, and no year is its own.
        names: What else means the agency, `own` or `area`, by first character, longest first.
    """

    year: int | None
    names: Mapping[str, tuple[tuple[str, Roles], ...]]


@cache
def lexicon() -> dict[str, Roles]:
    """Every word with its roles."""
    return parse_lexicon(files(__package__).joinpath("lexicon.toml").read_text(encoding="utf-8"))


def parse_lexicon(text: str) -> dict[str, Roles]:
    """The words of a lexicon with their roles.

    Raises:
        GovReportError: An unknown key, a wrong type, an empty word.
    """
    try:
        roles = msgspec.toml.decode(text, type=Lexicon).roles
    except msgspec.DecodeError as error:
        msg = f"lexicon.toml: {error}"
        raise GovReportError(msg) from error
    found: dict[str, set[str]] = {}
    for role, words in roles.items():
        for word in words:
            found.setdefault(word, set()).add(role)
    if "" in found:
        msg = f"lexicon.toml: an empty word in {', '.join(sorted(found['']))}"
        raise GovReportError(msg)
    return {word: frozenset(has) for word, has in found.items()}


@cache
def known_roles() -> tuple[Roles, ...]:
    """Every set of roles that a token may have."""
    both = {
        _meaning(match, None)[0] | roles
        for word, roles in lexicon().items()
        if (match := _PATTERN.fullmatch(word))
    }
    return tuple(sorted(both | PATTERNED | set(lexicon().values()), key=sorted))


_NAMED = re.compile(
    rf"(?=[2二去上本今])(?:(?<!从)(?P<year>{_YEAR})年|(?<![比较与同和])(?P<last>去年|上年|上一年)|本年|今年)"
)


_DATED = re.compile(f"{_YEAR}年")


def named_year(text: str, speaker: Speaker) -> str | None:
    """The year that a text names last: `own`, `this` (本年), `other`; None where it names none."""
    last = None
    for match in _NAMED.finditer(text) if "年" in text else ():
        own = match["year"] and "own_year" in _year_roles(match["year"], speaker.year)
        last = "own" if own else "other" if match["year"] or match["last"] else "this"
    return last


@cache
def _lengths() -> dict[str, tuple[int, ...]]:
    """How long words are that begin with two characters, longest first."""
    found: dict[str, set[int]] = {}
    for word in lexicon():
        found.setdefault(word[:2], set()).add(len(word))
    return {opening: tuple(sorted(lengths, reverse=True)) for opening, lengths in found.items()}


def names_speaker(text: str, speaker: Speaker) -> bool:
    """Whether a text has a name that means another one where another one speaks."""
    seen = _UNSEEN.sub("", text)
    return any(name in seen for names in speaker.names.values() for name, _ in names)


def is_dated(text: str) -> bool:
    """Whether a text names a year, which is another one's own where that one speaks."""
    return "年" in text and _DATED.search(_UNSEEN.sub("", text)) is not None


def tokens(text: str, speaker: Speaker) -> list[Token]:
    """The words of a text, as if no space or quotation mark stood in it."""
    if _UNSEEN.search(text) is None:
        return _tokens(text, speaker)
    places = [at for at, character in enumerate(text) if character not in _UNSEEN_ONES]
    return [
        Token(w.roles, w.text, places[w.start], places[w.end - 1] + 1, w.number, w.decimals)
        for w in _tokens(_UNSEEN.sub("", text), speaker)
    ]


def _tokens(seen: str, speaker: Speaker) -> list[Token]:
    lengths, known, named = _lengths(), lexicon(), speaker.names
    found: list[Token] = []
    at, end = 0, len(seen)
    while at < end:
        first = seen[at]
        stop = at + 1
        for length in lengths.get(seen[at : at + 2], ()):
            if (roles := known.get(seen[at : at + length])) is not None:
                stop = min(at + length, end)
                break
        else:
            roles = known.get(first)
        if first in named:
            for name, means in named[first]:
                if len(name) >= stop - at and seen.startswith(name, at):
                    roles, stop = means, at + len(name)
                    break
        number, decimals = None, 0
        if first in _OPENS_PATTERN and (match := _PATTERN.match(seen, at)) and match.end() >= stop:
            kind, number, decimals = _meaning(match, speaker.year)
            roles = kind | roles if roles is not None and match.end() == stop else kind
            stop = match.end()
        elif roles is None:
            roles = MARK if first in _MARKS else UNKNOWN
        found.append(Token(roles, seen[at:stop], at, stop, number, decimals))
        at = stop
    return found


def _meaning(match: re.Match[str], year: int | None) -> tuple[Roles, float | None, int]:
    """What a pattern is: its roles, its number and that number's decimals."""
    kind = str(match.lastgroup)
    if kind in ("whole", "year"):
        return _when(match, kind, year), None, 0
    if kind in ("count", "written", "number"):
        return _how_many(match, kind)
    if kind == "money":
        amount = float(match["amount"].replace(",", "")) * _PER_YUAN[match["currency"]]
        return frozenset({"money"}), round(amount, 6), 0
    if kind == "percent":
        share = float(match["share"] or 100)
        of_all = {100.0: "hundred", 0.0: "zero_percent"}.get(share, "percent")
        return frozenset({"percent", of_all}), share, len((match["share"] or "").partition(".")[2])
    return frozenset({"times" if kind == "period" else kind}), None, 0


def _how_many(match: re.Match[str], kind: str) -> tuple[Roles, float | None, int]:
    """A count in digits or in words, or a bare number."""
    if kind == "written":
        written = chinese_number(match["written"][:-1])
        if written is None:
            return UNKNOWN, None, 0
        number = float(written)
    else:
        number = float((match["n"] if kind == "count" else match["number"]).replace(",", ""))
    roles = {"number" if kind == "number" else "count"}
    if number == 0:
        roles.add("zero")
    elif kind == "written" and number == 1:
        roles.add("one")
    return frozenset(roles), number, 0


def _when(match: re.Match[str], kind: str, year: int | None) -> Roles:
    """A year, or a span of days that is a whole one."""
    if kind == "year":
        return _year_roles(match["year"], year)
    years = {match[name] for name in ("from", "until", "months", "end")} - {None}
    told = {_year_roles(printed, year) for printed in years} or {frozenset[str]()}
    when = told.pop() if len(told) == 1 else frozenset({"other_year"})
    return when | ({"whole", "until"} if match["end"] else {"whole"})


_CHINESE_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")


def _year_roles(printed: str, year: int | None) -> Roles:
    said = int(printed.translate(_CHINESE_DIGITS))
    if year is not None and said == year:
        return frozenset({"own_year"})
    beside = {} if year is None else {year - 1: "last_year", year + 1: "next_year"}
    return frozenset({"other_year", beside.get(said, "other_year")})
