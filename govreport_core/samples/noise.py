"""A report and a layout in, the same report harder to read out: what it says stays the same.

Each kind is one function and one line in `KINDS`; `SUITS` says in which layouts a
reader can still tell what is there. Style and file formats bring their own noise:
other wordings, page breaks, a site's furniture, encodings, marks of editing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from random import Random

import msgspec

from govreport_core.model import State
from govreport_core.samples.chance import happens
from govreport_core.samples.layouts import SHOWS_BLANKS
from govreport_core.samples.reshape import CHANGES
from govreport_core.samples.sample import Key, Sample, print_number

_CELLS = 0.3
"""How many of the cells that a kind suits it is in."""
_WIDE = {ord("."): "．", **{ord("0") + i: chr(0xFF10 + i) for i in range(10)}}
# In a narrow cell a longer one would be broken over lines.
_MOST_WIDE = 1000
_TABLES = frozenset({"html", "docx", "xlsx", "markdown"})
_RULED = frozenset({"html", "docx", "xlsx", "pdf"})


def with_noise(
    sample: Sample, layout: str, rng: Random, *, each: float = 0.3, without: Collection[str] = ()
) -> Sample:
    """The report with some of the noise that suits the layout it will be printed in.

    Args:
        sample: The report.
        layout: A text layout or file format.
        rng: Where the draws come from.
        each: How often it has each kind.
        without: Kinds that are left out.
    """
    for kind, make in KINDS.items():
        suits = kind not in without and (kind not in SUITS or layout in SUITS[kind])
        if happens(rng, each) and suits:
            sample = make(sample, rng)
            sample = msgspec.structs.replace(sample, noise=(*sample.noise, kind))
    return sample


def _blank_zeros(sample: Sample, rng: Random) -> Sample:
    """Some zeros are left blank."""
    blank = [key for key in _plain(sample) if sample.numbers[key] == 0 and happens(rng, _CELLS)]
    return msgspec.structs.replace(
        sample,
        numbers=sample.numbers | dict.fromkeys(blank, None),
        printed=sample.printed | dict.fromkeys(blank, ""),
        states=sample.states | dict.fromkeys(blank, State.BLANK),
    )


def _thousands(sample: Sample, rng: Random) -> Sample:
    """1024 is typed 1,024, in some cells or in all."""
    share = _CELLS if happens(rng, 0.5) else 1.0
    printed = {
        key: text
        for key in _plain(sample)
        if (text := _separated(sample.numbers[key])) and happens(rng, share)
    }
    return msgspec.structs.replace(sample, printed=sample.printed | printed)


def _full_width(sample: Sample, rng: Random) -> Sample:
    """Digits as wide as characters, as a Chinese keyboard types them."""
    printed = {}
    for key in _plain(sample):
        number = sample.numbers[key]
        if number is not None and 0 <= number < _MOST_WIDE and happens(rng, _CELLS):
            printed[key] = print_number(number).translate(_WIDE)
    return msgspec.structs.replace(sample, printed=sample.printed | printed)


def _as_it_is(sample: Sample, rng: Random) -> Sample:
    """Nothing here: `style` and `reshape` do it when they see the word."""
    del rng
    return sample


def _plain(sample: Sample) -> list[Key]:
    """The cells whose text is simply their number."""
    return [key for key in sample.numbers if key not in sample.printed]


def _separated(number: float | None) -> str:
    if number is None or abs(number) < 1000:
        return ""
    whole, dot, decimals = print_number(number).partition(".")
    return f"{int(whole):,}{dot}{decimals}"


KINDS: dict[str, Callable[[Sample, Random], Sample]] = {
    "blank_zeros": _blank_zeros,
    "thousands": _thousands,
    "full_width": _full_width,
    "spaced_labels": _as_it_is,
    "table_cut": _as_it_is,
    "header_twice": _as_it_is,
    **dict.fromkeys(CHANGES, _as_it_is),
}
SUITS: dict[str, frozenset[str]] = {
    "blank_zeros": SHOWS_BLANKS | _RULED,
    "table_cut": _TABLES,
    "header_twice": _TABLES,
    **dict.fromkeys(CHANGES, _TABLES),
}
