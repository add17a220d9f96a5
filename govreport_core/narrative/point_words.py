"""The words of `points.toml` in, the patterns by which section five is read out."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Literal

import msgspec

Kind = Literal["problem", "improvement"]
After = Literal["any", "clause", "sentence", "line"]


class Heads(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a heading is made of; `opens`: what a heading of filler alone needs."""

    problem: tuple[str, ...]
    measure: tuple[str, ...]
    cause: tuple[str, ...]
    joins: tuple[str, ...]
    beside: tuple[str, ...]
    filler: tuple[str, ...]
    opens: tuple[str, ...]


class Turns(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Patterns of what turns the text to problems or measures, and of what only leads on."""

    measure: tuple[str, ...]
    subject: str
    taken_for: str
    problem: tuple[str, ...]
    leads: tuple[str, ...]
    first_leads: tuple[str, ...]
    whole_leads: str
    lead_has: str
    lead_problem: tuple[str, ...]
    lead_measure: tuple[str, ...]


class Cues(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a clause says by itself."""

    problem: tuple[str, ...]
    aimed_at: tuple[str, ...]
    verbs: tuple[str, ...]
    praise: tuple[str, ...]
    nothing: tuple[str, ...]
    named_within: str
    retold: tuple[str, ...]


class MarkStyle(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One way of numbering items.

    Attributes:
        pattern: Of folded text.
        after: What must stand before it.
        numbers: Those of words that hold none.
        follows: Whether only the first may stand without one before it.
        kind: What its items are, where the mark says so.
    """

    style: str
    pattern: str
    after: After
    numbers: dict[str, int] = {}
    follows: bool = False
    kind: Kind | None = None


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    mark_begins: str
    heads: Heads
    turns: Turns
    cues: Cues
    marks: tuple[MarkStyle, ...]


class PointWords(msgspec.Struct, frozen=True):
    """The patterns, compiled.

    Attributes:
        head: A whole phrase that is a heading's words and nothing else.
        head_word: The words of a heading one by one: groups `problem`, `measure`,
            `cause`, `join`.
        marks: All enumerators; the group that matches is `m` and the style's number.
    """

    styles: tuple[MarkStyle, ...]
    marks: re.Pattern[str]
    head: re.Pattern[str]
    head_word: re.Pattern[str]
    beside: re.Pattern[str]
    opens: re.Pattern[str]
    measure: re.Pattern[str]
    problem: re.Pattern[str]
    leads: re.Pattern[str]
    first_leads: re.Pattern[str]
    whole_leads: re.Pattern[str]
    lead_has: re.Pattern[str]
    lead_word: re.Pattern[str]
    deficient: re.Pattern[str]
    aimed_at: re.Pattern[str]
    verbs: re.Pattern[str]
    praise: re.Pattern[str]
    nothing: re.Pattern[str]
    named_within: re.Pattern[str]
    retold: re.Pattern[str]


@cache
def point_words() -> PointWords:
    """The words of the package's `points.toml`."""
    text = files("govreport_core.narrative").joinpath("points.toml").read_bytes()
    told = msgspec.toml.decode(text, type=_File)
    heads, turns, cues = told.heads, told.turns, told.cues
    verbs = _words(cues.verbs)
    measure = [
        pattern.replace("{subject}", turns.subject)
        .replace("{taken_for}", turns.taken_for)
        .replace("{verbs}", verbs)
        for pattern in turns.measure
    ]
    every = (*heads.problem, *heads.measure, *heads.cause, *heads.joins, *heads.filler)
    return PointWords(
        styles=told.marks,
        marks=re.compile(rf"(?={told.mark_begins})(?:{_styles(told.marks)})"),
        head=re.compile(rf"(?>{_words(every)}|20\d\d|[一二三四五六七八九十\d])++"),
        head_word=re.compile(
            rf"(?P<problem>{_words(heads.problem)})|(?P<measure>{_words(heads.measure)})"
            rf"|(?P<cause>{_words(heads.cause)})|(?P<join>{_words(heads.joins)})"
        ),
        beside=re.compile(_words(heads.beside)),
        opens=re.compile(_words(heads.opens)),
        measure=_any(measure),
        problem=_any(turns.problem),
        leads=_any(turns.leads),
        first_leads=_any(turns.first_leads),
        whole_leads=re.compile(turns.whole_leads),
        lead_has=re.compile(turns.lead_has),
        lead_word=re.compile(
            rf"(?P<problem>{_words(turns.lead_problem)})|(?P<measure>{_words(turns.lead_measure)})"
        ),
        deficient=_any(cues.problem),
        aimed_at=_any(cues.aimed_at),
        verbs=re.compile(verbs),
        praise=_any(cues.praise),
        nothing=_any(cues.nothing),
        named_within=re.compile(cues.named_within),
        retold=_any(cues.retold),
    )


def _styles(styles: tuple[MarkStyle, ...]) -> str:
    return "|".join(f"(?P<m{i}>{style.pattern})" for i, style in enumerate(styles))


def _words(words: tuple[str, ...]) -> str:
    """Alternatives, the longest first, spaces within them allowed nowhere."""
    return "(?:" + "|".join(map(re.escape, sorted(set(words), key=len, reverse=True))) + ")"


def _any(patterns: tuple[str, ...] | list[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))
