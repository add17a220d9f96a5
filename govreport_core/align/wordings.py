"""The words of `headings.toml` in, the patterns of the sections' headings and traces out."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

import msgspec


class Wording(msgspec.Struct, frozen=True):
    """What a section's heading may say, and what shows that its text is there.

    Attributes:
        pattern: Of a squashed heading behind its number, the whole of it.
        traces: One word of each group stands in the text of a section without heading.
    """

    pattern: re.Pattern[str]
    traces: tuple[tuple[str, ...], ...]


class _Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    code: str
    patterns: tuple[str, ...]
    traces: tuple[tuple[str, ...], ...] = ()


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    work: str
    ends: str
    sections: tuple[_Section, ...]


@cache
def wordings() -> dict[str, Wording]:
    """By section's code; a section that isn't there is known by its labels alone."""
    text = files("govreport_core.align").joinpath("headings.toml").read_bytes()
    told = msgspec.toml.decode(text, type=_File)
    return {
        section.code: Wording(
            re.compile(
                "|".join(
                    f"(?:{p.replace('{work}', told.work).replace('{ends}', told.ends)})"
                    for p in section.patterns
                )
            ),
            section.traces,
        )
        for section in told.sections
    }
