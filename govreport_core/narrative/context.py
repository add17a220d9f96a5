"""What a statement of the prose is, and what a clause inherits from those before it."""

from __future__ import annotations

import msgspec

NEVER = frozenset({"other_year", "part", "wider", "not_understood", "rounded"})
"""The scopes of numbers that are no one's own, or not known to be: nothing is held against them."""
SUITS = ("litigation_direct", "litigation_after_review")


class Statement(msgspec.Struct, frozen=True):
    """A statement with its place.

    Attributes:
        kind: What it states; see `clauses.toml`.
        number: The number said; 0 for none.
        scope: None where it is the report's own figure, else why it may differ.
        firm: Whether year and agency are said in so many words.
        clause, sentence: Start and end in the text.
        groups: Of cases: which of table four's it speaks of.
        bases: Of a percentage: numbers of its sentence that it may be of.
        decimals: Of a percentage: those printed.
    """

    kind: str
    number: float
    scope: str | None
    firm: bool
    clause: tuple[int, int]
    sentence: tuple[int, int]
    groups: tuple[str, ...] = ()
    of: tuple[str, float] | None = None
    bases: tuple[float, ...] = ()
    decimals: int = 0


class Context(msgspec.Struct):
    """What a clause inherits from those before it, in its sentence.

    Attributes:
        year: The year named last: `own`, `this` (本年), `other`.
        topic: What it is about.
        listed: Whether a list of outcomes was announced.
        caused: Whether the cases were said to arise from disclosure.
        group, groups: The cases named last, and all that were named.
        area: Whether a government's area, or all of an agency, was named since.
        own, dated: Whether the agency, and the report's year, were named.
        among: Whether all since is some of what was told before (其中：).
        part: The depth of brackets at which parts are told, -1 where none are.
        opens: Whether some were said to be open.
        loose: Whether the clause before was a bag of words.
        again: The kind stated last, which an elliptic clause states again.
        apart: The kinds whose numbers come next, told respectively.
        told: Whether an outcome was told.
        dismissed: Whether cases were told that some count as upheld.
        outcome: The outcome stated just before, with its number.
        counts: The numbers said so far.
    """

    year: str | None = None
    topic: str | None = None
    listed: bool = False
    caused: bool = False
    group: str = ""
    groups: tuple[str, ...] = ()
    own: bool = False
    area: bool = False
    dated: bool = False
    among: bool = False
    part: int = -1
    opens: bool = False
    loose: bool = False
    again: str = ""
    outcome: tuple[str, float] | None = None
    counts: list[float] = []
    apart: tuple[str, ...] = ()
    told: bool = False
    dismissed: bool = False

    def has_ready(self, need: str) -> bool:
        """Whether the sentence has made ready what a clause needs."""
        match need:
            case "outcomes":
                return self.listed
            case "apart":
                return bool(self.apart)
            case _:
                return need == "told" and self.told


def scoped(one: Statement, scope: str) -> Statement:
    """The statement with this scope, where it had none that is as strong."""
    if one.scope in NEVER or (one.scope and scope not in NEVER):
        return one
    return msgspec.structs.replace(one, scope=scope)


def groups_of(kind: str) -> tuple[str, ...]:
    """The groups of table four that reviews, or suits, are told in."""
    return SUITS if kind == "litigation" else ("review",)
