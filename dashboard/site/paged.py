"""A long list in, its pages out: each with its rows and the ways to its neighbours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Generic, TypeVar

import msgspec

from dashboard.site import addresses

T = TypeVar("T")


class Paged(msgspec.Struct, Generic[T], frozen=True):
    """A page of a list.

    Attributes:
        address: Its own; the first page has the list's.
        before: That of the page before it, `after` of the next.
        others: Those of all but the first, there on the first page for what looks through all.
    """

    address: str
    rows: tuple[T, ...]
    page: int
    pages: int
    before: str | None
    after: str | None
    others: tuple[str, ...]


def paged(address: str, rows: Sequence[T], size: int) -> Iterator[Paged[T]]:
    """The pages of a list; one without rows where it is empty."""
    count = max(1, -(-len(rows) // size))
    every = [addresses.numbered(address, page) for page in range(1, count + 1)]
    for at, here in enumerate(every):
        yield Paged(
            address=here,
            rows=tuple(rows[at * size : (at + 1) * size]),
            page=at + 1,
            pages=count,
            before=every[at - 1] if at else None,
            after=every[at + 1] if at + 1 < count else None,
            others=tuple(every[1:]) if at == 0 else (),
        )
