"""What parts of a site came to in, asked for one after the other out: on disk, not in memory.

The sizes of all files and where all pages lead would be most of what a large site holds. Of a
file there is no more in memory than a hash of its address, its size, and which part it is of.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import compress
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

import msgspec
import numpy as np
import numpy.typing as npt

from dashboard.site.aside import Aside

Hashed = npt.NDArray[np.int64]
"""Hashes of strings, of this process alone: 64 bits, so that two in a site are never the same."""


class Part(msgspec.Struct, frozen=True):
    """What some files came to.

    Attributes:
        sizes: Bytes of each, by its address.
        names: Where the pages among them lead, a file or a file, `#` and an id in it.
        leads: The places in `names` of what each page leads to: see `links.placed`.
    """

    sizes: dict[str, int] = {}
    names: list[str] = []
    leads: dict[str, bytes] = {}


class _Names(msgspec.Struct, frozen=True):
    names: list[str]


class _Pages(msgspec.Struct, frozen=True):
    leads: dict[str, msgspec.Raw]


class _Told(NamedTuple):
    """Of some files the number of their part, and their bytes."""

    parts: npt.NDArray[np.int32]
    sizes: npt.NDArray[np.uint32]


def hashed(strings: Iterable[str]) -> Hashed:
    """The hash of each."""
    return np.fromiter(map(hash, strings), np.int64)


def among(some: Hashed, every: Hashed) -> npt.NDArray[np.bool_]:
    """Which of some hashes are there in sorted ones."""
    if not every.size:
        return np.zeros(some.size, bool)
    at = np.searchsorted(every, some)
    at[at == every.size] = 0
    found: npt.NDArray[np.bool_] = every[at] == some
    return found


class Files:
    """The files of numbered parts, found by their addresses."""

    def __init__(self) -> None:
        self._new: list[tuple[Hashed, _Told]] = []
        none = _Told(np.zeros(0, np.int32), np.zeros(0, np.uint32))
        self._all: tuple[Hashed, _Told] = np.zeros(0, np.int64), none

    def add(self, part: int, sizes: Mapping[str, int]) -> Hashed:
        """Add the files of a part: the hashes of their addresses."""
        told = _Told(
            np.full(len(sizes), part, np.int32),
            np.fromiter(sizes.values(), np.uint32, len(sizes)),
        )
        self._new.append((hashed(sizes), told))
        return self._new[-1][0]

    def sizes(self, addresses: Sequence[str]) -> dict[str, int]:
        """The bytes of those of some files that are there."""
        is_, at = self._find(addresses)
        sizes = self._sorted()[1].sizes[at].tolist()
        return dict(zip(compress(addresses, is_), sizes, strict=True))

    def by_part(self, addresses: Sequence[str]) -> dict[int, list[str]]:
        """Those of some files that are there, by the number of their part."""
        is_, at = self._find(addresses)
        found: dict[int, list[str]] = {}
        numbers = self._sorted()[1].parts[at].tolist()
        for number, address in zip(numbers, compress(addresses, is_), strict=True):
            found.setdefault(number, []).append(address)
        return found

    def _find(self, addresses: Sequence[str]) -> tuple[list[bool], npt.NDArray[np.intp]]:
        """Which files are there, and where these stand."""
        known, wanted = self._sorted()[0], hashed(addresses)
        is_ = among(wanted, known)
        return is_.tolist(), np.searchsorted(known, wanted[is_])

    def of(self, parts: Sequence[int]) -> Hashed:
        """The hashes of the files of some parts, in order."""
        known, told = self._sorted()
        asked = np.zeros(told.parts.max(initial=-1) + 1, bool)
        asked[parts] = True
        found: Hashed = known[asked[told.parts]]
        return found

    def beyond(self, files: Hashed) -> list[int]:
        """The parts that have other files than some, whose hashes are in order."""
        known, told = self._sorted()
        others: list[int] = np.unique(told.parts[~among(known, files)]).tolist()
        return others

    def _sorted(self) -> tuple[Hashed, _Told]:
        if self._new:
            hashes, found = zip(self._all, *self._new, strict=True)
            every = np.concatenate(hashes)
            order = np.argsort(every, kind="stable")
            told = (np.concatenate(one)[order] for one in zip(*found, strict=True))
            self._all, self._new = (every[order], _Told(*told)), []
        return self._all


class Whole(NamedTuple):
    """A part that is of an earlier site, all of it: its number, whose files, and itself packed.

    Attributes:
        kind: Of what the units are: reports, agencies and so on, by a number.
        packed: The number of itself packed among what is put aside.
        sound: Whether all places that it leads to were there in that site.
    """

    number: int
    kind: int
    units: Sequence[str]
    packed: int
    sound: bool


class Parts:
    """All parts of a site that is made, put aside.

    `whole` are those that are of an earlier site as they are.
    """

    def __init__(self, folder: Path) -> None:
        self.files = Files()
        self.names = 0
        self.whole: list[Whole] = []
        self._aside = Aside(folder)
        self._places: list[int] = []
        self._last: OrderedDict[int, Part] = OrderedDict()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        self._aside.__exit__(None, None, None)

    def add(self, part: Part) -> None:
        """Add one, unless nothing is in it."""
        if not part.sizes and not part.leads:
            return
        self.files.add(len(self._places), part.sizes)
        self.names += len(part.names)
        self._places.append(self._aside.add(msgspec.msgpack.encode(part)))

    def take(
        self, part: Part, content: bytes, packed: bytes, of: tuple[int, Sequence[str]], sound: bool
    ) -> Hashed:
        """Add one that is of an earlier site, all of it: the hashes of its files' addresses.

        Args:
            part: The part, of which no more than `sizes` and `names` is asked for.
            content: The same as it is written.
            packed: The same as the earlier site has it.
            of: `kind` and `units` of `Whole`.
            sound: See there.
        """
        number = len(self._places)
        self.names += len(part.names)
        self._places.append(self._aside.add(content))
        self.whole.append(Whole(number, *of, self._aside.add(packed), sound))
        return self.files.add(number, part.sizes)

    def packed(self, whole: Whole) -> bytes:
        """A part as the earlier site has it."""
        return self._at(whole.packed)

    def each(self) -> Iterator[Part]:
        """All of them, one after the other."""
        return (msgspec.msgpack.decode(one, type=Part) for one in self._stored())

    def led(self) -> Iterator[list[str]]:
        """Of each where its pages lead."""
        return (msgspec.msgpack.decode(one, type=_Names).names for one in self._stored())

    def pages(self) -> Iterator[str]:
        """The addresses of all pages."""
        for one in self._stored():
            yield from msgspec.msgpack.decode(one, type=_Pages).leads

    def read(self, number: int) -> Part:
        """One by its number; those asked for last are held."""
        if number not in self._last:
            self._last[number] = msgspec.msgpack.decode(self._at(self._places[number]), type=Part)
            if len(self._last) > _HELD:
                self._last.popitem(last=False)
        self._last.move_to_end(number)
        return self._last[number]

    def _stored(self) -> Iterator[bytes]:
        return map(self._at, self._places)

    def _at(self, number: int) -> bytes:
        (found,) = self._aside.read(number, number + 1)
        return found


# An agency's files are of four parts.
_HELD = 5
