"""A section's texts and whose they are in, their sentences without names, places and numbers out.

What is left is what an agency says in words of its own: what every report says
(`official.toml`) is taken out too. Two texts that differ in names and figures
alone are equal afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib.resources import files

import msgspec
import polars as pl

from govreport_core.errors import RuleError
from govreport_core.folding import fold

LEAST = 6
"""Characters of a masked sentence below which it says nothing of its own: 二是加强培训。"""

NAME = "□"
"""Stands for a name of an agency or a place; 0 stands for a number."""

_LONGEST = 300  # characters of a sentence; a longer one is cut at a comma, or there
_OF_SENTENCE = r"[^。;!?\n]"
_SENTENCE = re.compile(
    rf"{_OF_SENTENCE}{{1,{_LONGEST}}}(?:[。;!?]+|(?=\n)|$)"
    rf"|{_OF_SENTENCE}{{1,{_LONGEST - 1}}},|{_OF_SENTENCE}{{1,{_LONGEST}}}"
)
_ENUMERATOR = re.compile(
    r"^(?:第?[一二三四五六七八九十]{1,3}(?:[、.,，:：]|是要?|方面|来)|\([一二三四五六七八九十\d]{1,3}\)"
    r"|\d{1,2}(?:[、)]|\.(?!\d))|[①-⑳●◆■·-])+[,，:：]?"
)
# In these two what any match begins with comes first: the rest of a text is passed over at once.
_NUMBER = re.compile(
    r"[\d一二三四五六七八九十百千万两〇零](?:(?<=\d)[\d.,]*[万亿余多]*%?"
    r"|[一二三四五六七八九十百千万两〇零]*(?=[年月日件条次个篇份期场项名人起部宗例批余多]))"
)
_SELF = re.compile(
    r"(?:我|本|全)(?:省|市|县|区|旗|州|盟|镇|乡|街道|局|委|办|厅|院|所|中心|单位|机关|部门|政府|系统)"
)
_UNTOLD = re.compile(rf"[{NAME}]{{2,}}")
_PLACE_ENDS = re.compile(r"(?:自治)?(?:省|市|县|区|旗|州|盟|特别行政区)$")
# Folded first, as most of what there is to fold: `fold` takes each by itself.
_MARKS = (*zip("，；：（）！？“”\u3000", ',;:()!?"" ', strict=True), ("\t", "\n"))
_SPACES = re.compile(" +")
# A long line that no mark ends, before one that no enumerator opens: broken by the page's width.
_RUNS_ON = re.compile(
    r"\n(?<=[^\n]{18}\n)(?<![。;:!?]\n)"
    r"(?! *(?:\(?[一二三四五六七八九十\d]{1,3}[、.)]|[一二三四五六七八九十]是|第|[①-⑳●]))"
)


class Text(msgspec.Struct, frozen=True):
    """A section of a report.

    Attributes:
        text: As in the table `sections`.
        names: What names its agency: its own name, and those of the places it lies in.
    """

    text: str
    names: tuple[str, ...] = ()


class Sentence(msgspec.Struct, frozen=True, gc=False):
    """A masked sentence, and where it stands in its section's text."""

    masked: str
    start: int
    end: int


class Phrase(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What reports say alike because the law or the form says so.

    Attributes:
        text: As it reads masked.
        reports: Of the reports counted, how many say it; see the file's head.
    """

    text: str
    reports: int


class _Official(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    counted: int
    source: str
    phrases: tuple[Phrase, ...]


def masked(texts: Sequence[Text], places: Iterable[str] = ()) -> Iterator[list[Sentence]]:
    """The masked sentences of each text.

    Args:
        texts: Sections, with the names of each one's own agency and places.
        places: Names of places that are masked in all texts.

    Yields:
        Of each text, in their order, those of its sentences that say something beside names,
        numbers and official phrases.
    """
    cut = [list(bare_sentences(text.text, LEAST)) for text in texts]
    lines = [_own_masked(some, text.names) for some, text in zip(cut, texts, strict=True)]
    swept = _swept(lines, places)
    for some, left in zip(cut, swept, strict=True):
        yield (
            [
                Sentence(line, start, end)
                for line, (_, start, end) in zip(left.split("\n"), some, strict=True)
                if len(line) >= LEAST
            ]
            if some
            else []
        )


@cache
def official() -> tuple[Phrase, ...]:
    """The phrases of `official.toml`.

    Raises:
        RuleError: An unknown key, a wrong type, a phrase that more reports say than there are.
    """
    return parse_official(files(__package__).joinpath("official.toml").read_text(encoding="utf-8"))


def parse_official(text: str) -> tuple[Phrase, ...]:
    """Read a list of official phrases.

    Raises:
        RuleError: See `official`.
    """
    try:
        found = msgspec.toml.decode(text, type=_Official)
    except msgspec.DecodeError as error:
        msg = f"official phrases: {error}"
        raise RuleError(msg) from error
    for phrase in found.phrases:
        if phrase.reports > found.counted:
            msg = f"official phrases: {phrase.text}: more than the {found.counted} reports counted"
            raise RuleError(msg)
    return found.phrases


def own_names(agency: str | None, *places: str | None) -> tuple[str, ...]:
    """What is masked as an agency's own: its name, and its places with and without their kind.

    Args:
        agency: Its name as printed.
        places: Names of the divisions it lies in.

    Returns:
        The longest first; nothing shorter than two characters, nothing of several lines.
    """
    found = {agency or ""}
    for place in places:
        if place:
            found |= {place, _PLACE_ENDS.sub("", place)}
    for place in [place for place in places if place and agency]:
        found.add((agency or "").removeprefix(place))
    return tuple(
        sorted((n for n in found if len(n) > 1 and "\n" not in n), key=lambda n: (-len(n), n))
    )


def bare_sentences(text: str, least: int = 1) -> Iterator[tuple[str, int, int]]:
    """Each sentence folded, without its spaces, enumerator and end, and where it stands.

    Args:
        text: A section's, as in the table `sections`.
        least: Characters below which one is left out.
    """
    for found in _SENTENCE.finditer(_folded(text)):
        printed = found[0]
        bare = _SPACES.sub("", printed) if " " in printed else printed
        number = _ENUMERATOR.match(bare)
        bare = bare[number.end() if number else 0 :].rstrip("。;!?")
        if len(bare) >= least:
            yield bare, found.end() - len(printed.lstrip()), found.end()


def _folded(text: str) -> str:
    """The text folded, a place in it being the same place; a tab ends a cell, so a sentence.

    Lines that only the page's width broke run on.
    """
    for mark, plain in _MARKS:
        text = text.replace(mark, plain)
    return _RUNS_ON.sub(" ", fold(text))


def _own_masked(cut: Sequence[tuple[str, int, int]], names: Sequence[str]) -> str:
    lines = "\n".join(bare for bare, _, _ in cut)
    for name in names:
        lines = lines.replace(name, NAME)
    return _NUMBER.sub("0", _SELF.sub(NAME, lines))


def _swept(lines: list[str], places: Iterable[str]) -> list[str]:
    """All texts at once without places and official phrases: one automaton finds them all."""
    phrases = [phrase.text for phrase in official()]
    named = list(places)
    swept = pl.Series(lines, dtype=pl.String).str.replace_many(
        [*phrases, *named], [*("" for _ in phrases), *(NAME for _ in named)], leftmost=True
    )
    return [_UNTOLD.sub(NAME, one) for one in swept]
