"""Section five's folded text in, what is said of problems and of measures out, item by item."""

from __future__ import annotations

import msgspec

from govreport_core.narrative.items import Mark, Piece, pieces
from govreport_core.narrative.point_words import Kind
from govreport_core.narrative.turns import (
    State,
    lead_of,
    only_announces,
    praises,
    says_nothing,
    stretches,
)

_MOST_LEADS = 6  # headings that stand one behind another in a sentence
_LABEL = 14  # characters of what only names a list, with its enumerator: 1.公开内容方面
_EMPTY = " \n。;,.:!?、"


class Said(msgspec.Struct, frozen=True, gc=False):
    """A stretch of the text that speaks of one kind.

    Attributes:
        item: Stretches of the same item and kind that follow each other are one point.
        told: Whether its own words say its kind.
        weak: Neither its words nor what stands before say what it is, or it only says
            that there are problems.
    """

    start: int
    end: int
    kind: Kind
    item: int
    told: bool
    weak: bool


class _Level(msgspec.Struct):
    """An item that is open, or the whole text.

    Attributes:
        item: Its number.
        mark: None for the whole text.
        state: What is spoken of in it, and so in its parts.
        before: The kind of the sentence before.
        heads: Whether sentences in it are points of their own: the whole text, and an
            item that opens with a heading.
        paired: Whether its items turn from a problem to a measure, each for itself.
    """

    item: int
    mark: Mark | None
    state: State
    before: Kind | None = None
    heads: bool = False
    paired: bool = False


class _Walk(msgspec.Struct):
    """Where a walk through the pieces stands."""

    folded: str
    levels: list[_Level]
    said: list[Said]
    items: int
    causes: bool = False


def spoken(folded: str, start: int, end: int, state: State, items: int) -> list[Said]:
    """What a stretch of the text says.

    Args:
        folded: The whole text, folded.
        start: Where the stretch begins.
        end: Where it ends.
        state: What is spoken of where it begins.
        items: Items of numbers up to this one are taken.
    """
    cut = pieces(folded, start, end)
    walk = _Walk(folded, [_Level(items + 1, None, state, heads=True)], [], items + 1)
    follows = _marks_after(cut)
    for i, piece in enumerate(cut):
        if piece.mark is not None:
            _open(walk, piece, piece.mark)
        content = _after_leads(walk, piece, cut[i + 1] if i + 1 < len(cut) else None, follows[i])
        sentence = folded[content : piece.end]
        if sentence.strip(_EMPTY) and not says_nothing(sentence):
            _say(walk, piece, content, sentence, follows[i])
    return walk.said


def _marks_after(cut: list[Piece]) -> list[Mark | None]:
    """For each piece, the next enumerator after it."""
    found: list[Mark | None] = []
    follows: Mark | None = None
    for piece in reversed(cut):
        found.append(follows)
        follows = piece.mark or follows
    return found[::-1]


def _place_of(levels: list[_Level], mark: Mark) -> int | None:
    """The open item beside which one with this enumerator stands."""
    for i, level in enumerate(levels):
        if level.mark is not None and level.mark.style == mark.style:
            return i
    return None


def _open(walk: _Walk, piece: Piece, mark: Mark) -> None:
    """Open an item: beside the last one of its style, else within the one that is open."""
    levels = walk.levels
    beside = _place_of(levels, mark)
    if beside is not None:
        del levels[beside:]
        if mark.value == 1 and levels[-1].state.kind == "problem":
            # A second list with no word between: each of its items speaks for itself.
            levels[-1].state = State()
    above = levels[-1]
    walk.items += 1
    item = walk.items
    if beside is None and walk.said and walk.said[-1].end >= piece.start:
        # What stands right before a list leads to it: with its first item it is one point.
        last = walk.said[-1]
        if last.weak or (not last.told and last.end - last.start <= _LABEL):
            walk.said.pop()
        else:
            item = last.item
    state = State(mark.kind, firm=True) if mark.kind else above.state
    levels.append(_Level(item, mark, state, before=above.before))


def _after_leads(walk: _Walk, piece: Piece, after: Piece | None, follows: Mark | None) -> int:
    """Where the words begin that name a point, behind headings and what leads to a list."""
    content = piece.content
    for _ in range(_MOST_LEADS):
        if content >= piece.end:
            break
        lead = lead_of(
            walk.folded[content : piece.end],
            before_list=after is not None and after.mark is not None,
            first=walk.levels[-1].heads,
        )
        if lead is None:
            break
        if piece.mark is not None and content == piece.content:
            walk.levels[-1].heads = True
        walk.causes = lead.cause
        if lead.kind is not None or lead.both:
            _turn(walk, piece, follows, State(lead.kind, firm=lead.kind is not None))
        content += lead.length
    return content


def _turn(walk: _Walk, piece: Piece, follows: Mark | None, state: State) -> None:
    """Speak of something else from here on.

    In the item that is open where its list goes on; beyond it where the list is over
    or begins anew.
    """
    levels = walk.levels
    if piece.mark is None and len(levels) > 1:
        beside = None if follows is None else _place_of(levels, follows)
        if follows is not None and beside is not None and (follows.value > 1 or not follows.value):
            if follows.value or not piece.line:
                levels[beside - 1].paired = True
            else:
                del levels[beside:]
        elif beside is not None:
            del levels[beside:]
        elif not levels[-2].paired:
            while not levels[-1].heads:
                levels.pop()
    levels[-1].state = state
    levels[-1].before = None


def _say(walk: _Walk, piece: Piece, content: int, sentence: str, follows: Mark | None) -> None:
    level = walk.levels[-1]
    found = stretches(sentence, level.state, level.before)
    if found[0].turned:
        _turn(walk, piece, follows, State(found[0].kind))
        level = walk.levels[-1]
    known = level.state.kind is not None or level.before is not None
    item = level.item
    if walk.causes and walk.said and found[0].kind == "problem":
        item = walk.said[-1].item
    elif level.heads:
        walk.items += 1
        item = walk.items
    walk.causes = False
    announces = level.heads and found[0].kind == "problem" and only_announces(sentence)
    for stretch in found:
        if stretch.kind == "problem" and not stretch.told and level.heads and praises(sentence):
            continue
        start = piece.start if stretch is found[0] and content == piece.content else content
        walk.said.append(
            Said(
                start if stretch is found[0] else content + stretch.start,
                content + stretch.end,
                stretch.kind,
                item,
                stretch.told,
                weak=announces or (not stretch.told and not known and level.heads),
            )
        )
    # A sentence that turns within itself is a pair: the next may be another.
    level.before = found[0 if level.heads else -1].kind
