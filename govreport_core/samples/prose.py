"""An agency and its figures in, the report's prose out; every number said is the table's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random

import msgspec

from govreport_core.samples.chance import below, happens, pick, pick_some
from govreport_core.samples.pools import Profile, prose
from govreport_core.samples.sample import Agency, Key

Slots = dict[str, object]

_ORDINALS = "一二三四五六七八九"
_FEES_SINCE = 2021
# Whose figures may be those of a whole area: they say in the introduction that they aren't.
_DECLARING = ("government", "government_office")


class Text(msgspec.Struct, frozen=True):
    """The prose of a report, a paragraph a string.

    Attributes:
        themes: The themes of the problems named in section five, in order.
    """

    intro: str | None
    overview: tuple[str, ...]
    problems: tuple[str, ...]
    other: tuple[str, ...]
    themes: tuple[str, ...]


def write_text(
    agency: Agency,
    profile: Profile,
    year: int,
    numbers: Mapping[Key, float | None],
    rng: Random,
) -> Text:
    """All prose of one report, drawn from the pools."""
    slots = _slots(agency, profile, year, numbers, rng)
    problems, themes = _problems(slots, rng)
    introduced = happens(rng, 0.7) or agency.kind in _DECLARING
    intro = pick(rng, prose().intro).format_map(slots) if introduced else None
    return Text(intro, _overview(agency, slots, rng), problems, _other(year, slots, rng), themes)


def request_sentences(slots: Slots, rng: Random) -> list[str]:
    """What is said of requests: received, from last year, disposed of, how they ended."""
    words = prose().requests
    said = [pick(rng, words.some if slots["received"] else words.none)]
    if slots["carried_over"]:
        said.append(pick(rng, words.from_last_year))
    if slots["disposed"] and happens(rng, 0.7):
        said.append(pick(rng, words.disposed if slots["carried_forward"] else words.all_disposed))
        if happens(rng, 0.4):
            said.append(pick(rng, words.outcomes))
    if slots["received"]:
        said.append(pick(rng, words.manner))
    if slots["review"] or slots["litigation"]:
        said.append(pick(rng, words.remedies))
    return [sentence.format_map(slots) for sentence in said]


def _slots(
    agency: Agency,
    profile: Profile,
    year: int,
    numbers: Mapping[Key, float | None],
    rng: Random,
) -> Slots:
    def total(*rows: str) -> int:
        return sum(int(_number(numbers, "t3_requests", row, "applicant_total")) for row in rows)

    def starting(prefix: str) -> int:
        return total(*{key[1] for key in numbers if key[1].startswith(prefix)})

    def cases(*groups: str) -> int:
        table = "t4_review_litigation"
        return sum(int(_number(numbers, table, "cases", f"{g}_total")) for g in groups)

    received = ("t3_requests", "requests_received")
    natural = int(_number(numbers, *received, "natural_person"))
    documents = ("t2_art20_1", "normative_documents")
    topics = pick_some(rng, profile.topics, 2)
    return {
        "agency": agency.name,
        "self": profile.self,
        "year": year,
        "next_year": year + 1,
        "last_year": year - 1,
        "topic_a": topics[0],
        "topic_b": topics[1],
        "posts": round(profile.posts * (0.5 + 0.8 * rng.random())),
        "briefs": 3 + below(rng, 24),
        "channels": pick(rng, prose().words.channels),
        "received": total("requests_received"),
        "natural": natural,
        "organisations": total("requests_received") - natural,
        "carried_over": total("requests_carried_over"),
        "disposed": total("disposed_total"),
        "carried_forward": total("requests_carried_forward"),
        "granted_full": total("granted_full"),
        "granted_partial": total("granted_partial"),
        "denied": starting("denied_"),
        "unable": starting("unable_"),
        "review": cases("review"),
        "litigation": cases("litigation_direct", "litigation_after_review"),
        "issued": int(_number(numbers, *documents, "issued")),
        "repealed": int(_number(numbers, *documents, "repealed")),
        "in_force": int(_number(numbers, *documents, "in_force")),
        "notices": total("other_fee_unpaid"),
        "fees": 100 * total("other_fee_unpaid"),
    }


def _number(numbers: Mapping[Key, float | None], table: str, row: str, column: str) -> float:
    return numbers.get((table, row, column)) or 0.0


def _overview(agency: Agency, slots: Slots, rng: Random) -> tuple[str, ...]:
    own_line = happens(rng, 0.3)
    paragraphs = [pick(rng, prose().lead).format_map(slots)]
    for ordinal, aspect in zip(_ORDINALS, prose().aspects, strict=False):
        heading = f"（{ordinal}）{pick(rng, aspect.headings)}"
        said = _said(pick_some(rng, aspect.sentences, 2 + below(rng, 2)), slots)
        if aspect.code == "requests":
            said = request_sentences(slots, rng)
        if aspect.code == "proactive" and slots["issued"] and happens(rng, 0.5):
            said += _said([pick(rng, prose().normative.some)], slots)
        if aspect.code == "supervision" and agency.kind == "government":
            said += _said([pick(rng, prose().government_only.supervision)], slots)
        text = "".join(said)
        paragraphs += [heading, text] if own_line else [f"{heading}。{text}"]
    return tuple(paragraphs)


def _problems(slots: Slots, rng: Random) -> tuple[tuple[str, ...], tuple[str, ...]]:
    pool = prose().problems
    themes = pick_some(rng, pool.themes, 2 + below(rng, 3))
    opening, turn = (pick(rng, words).format_map(slots) for words in (pool.opening, pool.turn))
    problems = _enumerated([pick(rng, theme.problem) for theme in themes], slots)
    measures = _enumerated([pick(rng, theme.improvement) for theme in themes], slots)
    style = below(rng, 3)
    if style == 0:
        paragraphs = [opening + "；".join(problems) + "。", turn + "；".join(measures) + "。"]
    elif style == 1:
        paragraphs = ["（一）存在的主要问题", opening, *(f"{p}。" for p in problems)]
        paragraphs += ["（二）改进情况", *(f"{m}。" for m in measures)]
    else:
        paragraphs = [opening, *(f"{p}。" for p in problems), turn, *(f"{m}。" for m in measures)]
    return tuple(paragraphs), tuple(theme.code for theme in themes)


def _enumerated(items: Sequence[str], slots: Slots) -> list[str]:
    return [
        f"{ordinal}是{item.format_map(slots)}"
        for ordinal, item in zip(_ORDINALS, items, strict=False)
    ]


def _other(year: int, slots: Slots, rng: Random) -> tuple[str, ...]:
    words = prose().other
    if year < _FEES_SINCE:
        return (pick(rng, words.before_fees),)
    return (pick(rng, words.fee if slots["notices"] else words.no_fee).format_map(slots),)


def _said(sentences: Sequence[str], slots: Slots) -> list[str]:
    return [sentence.format_map(slots) for sentence in sentences]
