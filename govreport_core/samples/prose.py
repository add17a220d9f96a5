"""An agency and its figures in, the report's prose out; every number said is the table's.

What is said, and how, is drawn apart from what the figures decide: so a report can be
told in another one's words, and the same words hold whatever the figures are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random

import msgspec

from govreport_core.samples.chance import below, chance, happens, pick, pick_some
from govreport_core.samples.pools import Topic, places, prose
from govreport_core.samples.sample import Agency, Key, Wording

Slots = dict[str, object]

_ORDINALS = "一二三四五六七八九"
_FEES_SINCE = 2021
# Whose figures may be those of a whole area: they say in the introduction that they aren't.
_DECLARING = ("government", "government_office")


class Text(msgspec.Struct, frozen=True):
    """The prose of a report, a paragraph a string.

    Attributes:
        topics: Codes of the topics of the problems named in section five, in order.
    """

    intro: str | None
    overview: tuple[str, ...]
    problems: tuple[str, ...]
    other: tuple[str, ...]
    topics: tuple[str, ...]


def write_text(
    agency: Agency,
    year: int,
    numbers: Mapping[Key, float | None],
    wording: Wording,
    seed: int,
) -> Text:
    """All prose of one report, drawn from the pools."""
    own = (agency, year)
    source = own if wording.agency is None else (wording.agency, wording.year)
    rng = _drawn(seed, own, "figures")
    slots = _slots(agency, year, numbers, rng) | _source_slots(source, seed)
    problems, topics = _problems(slots, wording, _drawn(seed, source, "problems"))
    introduced = happens(rng, 0.7) or agency.kind in _DECLARING
    intro = pick(rng, prose().intro).format_map(slots) if introduced else None
    other = _other(year, slots, rng)
    overview = _overview(agency, slots, _drawn(seed, source, "overview"), rng)
    return Text(intro, overview, problems, other, topics)


def themes_of(topics: Sequence[str]) -> tuple[str, ...]:
    """The themes under which these topics stand, each once, in their order."""
    known = {topic.code: topic.theme for topic in prose().problems.topics}
    return tuple(dict.fromkeys(known[code] for code in topics if known[code]))


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


def _drawn(seed: int, report: tuple[Agency, int], part: str) -> Random:
    agency, year = report
    return chance(seed, agency.agency_id, year, "prose", part)


def _source_slots(source: tuple[Agency, int], seed: int) -> Slots:
    """What a copy takes over from the report it copies."""
    rng = _drawn(seed, source, "slots")
    topics = pick_some(rng, places().profiles[source[0].profile].topics, 2)
    return {
        "topic_a": topics[0],
        "topic_b": topics[1],
        "channels": pick(rng, prose().words.channels),
    }


def _slots(
    agency: Agency,
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
    profile = places().profiles[agency.profile]
    return {
        "agency": agency.name,
        "self": profile.self,
        "year": year,
        "next_year": year + 1,
        "last_year": year - 1,
        "posts": round(profile.posts * (0.5 + 0.8 * rng.random())),
        "briefs": 3 + below(rng, 24),
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


def _overview(agency: Agency, slots: Slots, rng: Random, figures: Random) -> tuple[str, ...]:
    own_line = happens(rng, 0.3)
    paragraphs = [pick(rng, prose().lead).format_map(slots)]
    for ordinal, aspect in zip(_ORDINALS, prose().aspects, strict=False):
        heading = f"（{ordinal}）{pick(rng, aspect.headings)}"
        said = pick_some(rng, aspect.sentences, 2)
        said = [f"{one}。" for one in _between(prose().whence, said, prose().so, rng)]
        said = _said(said, slots)
        if aspect.code == "requests":
            said = request_sentences(slots, figures)
        if aspect.code == "proactive" and slots["issued"] and happens(figures, 0.5):
            said += _said([pick(figures, prose().normative.some)], slots)
        if aspect.code == "supervision" and agency.kind == "government":
            said += _said([pick(figures, prose().government_only.supervision)], slots)
        text = "".join(said)
        paragraphs += [heading, text] if own_line else [f"{heading}。{text}"]
    return tuple(paragraphs)


def _between(
    before: Sequence[str], said: Sequence[str], after: Sequence[str], rng: Random
) -> list[str]:
    """Each between words that may stand before and after it, each of these once."""
    first, last = (pick_some(rng, words, len(said)) for words in (before, after))
    return [a + one.removesuffix("。") + b for a, one, b in zip(first, said, last, strict=False)]


def _problems(
    slots: Slots, wording: Wording, rng: Random
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    pool = prose().problems
    topics = _topics(wording, rng)
    opening, turn = (pick(rng, words).format_map(slots) for words in (pool.opening, pool.turn))
    problems = [pick(rng, topic.problem) for topic in topics]
    measures = [pick(rng, topic.improvement) for topic in topics]
    problems = _enumerated(_between(pool.whence, problems, pool.so, rng), slots)
    measures = _enumerated(_between(pool.when, measures, pool.until, rng), slots)
    style = below(rng, 3)
    if style == 0:
        paragraphs = [opening + "；".join(problems) + "。", turn + "；".join(measures) + "。"]
    elif style == 1:
        paragraphs = ["（一）存在的主要问题", opening, *(f"{p}。" for p in problems)]
        paragraphs += ["（二）改进情况", *(f"{m}。" for m in measures)]
    else:
        paragraphs = [opening, *(f"{p}。" for p in problems), turn, *(f"{m}。" for m in measures)]
    return tuple(paragraphs), tuple(topic.code for topic in topics)


def _topics(wording: Wording, rng: Random) -> list[Topic]:
    """What section five is about: what is drawn, with what it must name and must not."""
    pool = prose().problems.topics
    drawn = pick_some(rng, pool, 2 + below(rng, 3))
    unsaid = {topic.code for topic in pool if topic.theme in wording.unnamed}
    named = [topic for topic in pool if topic.code in wording.named]
    others = [t for t in drawn if t.code not in unsaid and t not in named]
    left = [t for t in pool if t.code not in unsaid and t not in (*named, *drawn)]
    return [*named, *others, *left][: len(drawn)]


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
