"""The TOML beside this module in, checked frozen pools of names and sentences out."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TypeVar

import msgspec

from govreport_core.errors import GovReportError

T = TypeVar("T")


class Pool(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What all pools share: frozen, no unknown keys."""


class Place(Pool, frozen=True, forbid_unknown_fields=True):
    """A county and its region code."""

    name: str
    code: str


class Seat(Pool, frozen=True, forbid_unknown_fields=True):
    """An agency as the pool lists it; `region` names its place, the prefecture or a county."""

    name: str
    slug: str
    level: str
    kind: str
    profile: str
    region: str = ""


class Numbered(Pool, frozen=True, forbid_unknown_fields=True):
    """Patterns for as many further counties as are asked for."""

    county: str
    prefecture: str
    agencies: tuple[Seat, ...]


class Profile(Pool, frozen=True, forbid_unknown_fields=True):
    """How much a kind of agency does in a year, on average.

    Attributes:
        self: What the agency calls itself in prose.
        requests: Requests received.
        weights: Shares of outcomes: granted in full, in part, denied, unable,
            not processed, other.
        remedies: Reviews and lawsuits per request disposed of.
        fees: Fees charged, in 万元.
    """

    self: str
    posts: int
    requests: float
    weights: tuple[float, float, float, float, float, float]
    remedies: float
    normative: float
    normative_stock: int
    licensing: float
    services: float
    penalties: float
    compulsion: float
    fees: float
    procurement: float
    topics: tuple[str, ...]
    regulations: bool = False


class Places(Pool, frozen=True, forbid_unknown_fields=True):
    """`places.toml`."""

    province: str
    prefecture: str
    prefecture_code: str
    counties: tuple[Place, ...]
    agencies: tuple[Seat, ...]
    numbered: Numbered
    profiles: dict[str, Profile]


class Aspect(Pool, frozen=True, forbid_unknown_fields=True):
    """One of the five aspects of the overview."""

    code: str
    headings: tuple[str, ...]
    sentences: tuple[str, ...]


class RequestWords(Pool, frozen=True, forbid_unknown_fields=True):
    """What is said of requests; the figures tell which list applies."""

    none: tuple[str, ...]
    some: tuple[str, ...]
    from_last_year: tuple[str, ...]
    disposed: tuple[str, ...]
    all_disposed: tuple[str, ...]
    outcomes: tuple[str, ...]
    manner: tuple[str, ...]
    remedies: tuple[str, ...]


class Topic(Pool, frozen=True, forbid_unknown_fields=True):
    """A problem and what is done about it, each in several wordings.

    Attributes:
        theme: Under which of `narrative/themes.toml` both are filed; empty for none.
    """

    code: str
    problem: tuple[str, ...]
    improvement: tuple[str, ...]
    theme: str = ""


class ProblemWords(Pool, frozen=True, forbid_unknown_fields=True):
    """Section five; how a problem, and a measure, begins and ends beside its topic's words."""

    opening: tuple[str, ...]
    turn: tuple[str, ...]
    whence: tuple[str, ...]
    so: tuple[str, ...]
    when: tuple[str, ...]
    until: tuple[str, ...]
    topics: tuple[Topic, ...]


class OtherWords(Pool, frozen=True, forbid_unknown_fields=True):
    """Section six; before 2021 nothing was asked about fees."""

    before_fees: tuple[str, ...]
    no_fee: tuple[str, ...]
    fee: tuple[str, ...]


class GovernmentWords(Pool, frozen=True, forbid_unknown_fields=True):
    """What the form asks of governments alone."""

    supervision: tuple[str, ...]


class NormativeWords(Pool, frozen=True, forbid_unknown_fields=True):
    """What is said of normative documents."""

    some: tuple[str, ...]


class SingleWords(Pool, frozen=True, forbid_unknown_fields=True):
    """Single words."""

    channels: tuple[str, ...]
    none: tuple[str, ...]


class Prose(Pool, frozen=True, forbid_unknown_fields=True):
    """`prose.toml`."""

    intro: tuple[str, ...]
    lead: tuple[str, ...]
    whence: tuple[str, ...]
    so: tuple[str, ...]
    aspects: tuple[Aspect, ...]
    government_only: GovernmentWords
    requests: RequestWords
    normative: NormativeWords
    problems: ProblemWords
    other: OtherWords
    words: SingleWords


@cache
def places() -> Places:
    """The names; a profile no agency can find is an error."""
    found = _load("places.toml", Places)
    for seat in (*found.agencies, *found.numbered.agencies):
        if seat.profile not in found.profiles:
            msg = f"places.toml: {seat.name}: no profile {seat.profile!r}"
            raise GovReportError(msg)
    return found


@cache
def prose() -> Prose:
    """The sentences."""
    return _load("prose.toml", Prose)


def _load(name: str, kind: type[T]) -> T:
    try:
        return msgspec.toml.decode((files(__package__) / name).read_bytes(), type=kind)
    except msgspec.DecodeError as error:
        msg = f"{name}: {error}"
        raise GovReportError(msg) from error
