"""Damaged files in: nothing breaks, nothing hangs, and no figure turns into another one."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from test_roundtrip import filled

from govreport_core.errors import SourceError
from govreport_core.extract import extract
from govreport_core.samples import form_cells, render
from govreport_core.samples.layouts import LAYOUTS
from govreport_core.sources import read_bytes

# Per layout and form; each is another damage to another report.
TIMES = 60


def lines_lost(data: bytes, rng: random.Random) -> bytes:
    lines = data.split(b"\n")
    at = rng.randrange(len(lines))
    return b"\n".join(lines[:at] + lines[at + rng.randint(1, 20) :])


def cut_short(data: bytes, rng: random.Random) -> bytes:
    return data[: rng.randrange(len(data))]


def bytes_flipped(data: bytes, rng: random.Random) -> bytes:
    """Some bits, but none that makes or breaks a digit: that would print another figure."""
    damaged = bytearray(data)
    for _ in range(rng.randint(1, 6)):
        at = rng.randrange(len(damaged))
        flipped = damaged[at] ^ (1 << rng.randrange(8))
        if not (chr(damaged[at]).isdigit() or chr(flipped).isdigit()):
            damaged[at] = flipped
    return bytes(damaged)


DAMAGES: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    lines_lost,
    cut_short,
    bytes_flipped,
)


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("form", ["form_2019", "form_2021"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_damage_never_moves_a_figure_to_another_cell(
    layout: str, form: str, damage: Callable[[bytes, random.Random], bytes]
) -> None:
    numbers = {key: 1000.0 + i for i, key in enumerate(form_cells(form))}
    owner = {n: key for key, n in numbers.items()}
    rng = random.Random(f"{layout} {form} {damage.__name__}")  # noqa: S311 - damage, not a secret
    data = render(filled(form, numbers, 5), layout, seed=5).encode()
    read = 0
    for _ in range(TIMES):
        damaged = damage(data, rng)
        try:
            report = extract(read_bytes(damaged))
        except SourceError:
            continue
        moved = [
            (v.table, v.row, v.column, v.number)
            for v in report.values
            if v.number in owner and owner[v.number] != (v.table, v.row, v.column)
        ]
        assert moved == []
        read += sum(v.number is not None for v in report.values)
    assert read > 0
