"""A page's pixels in, its ruling lines and the ink that is left without them out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from govreport_core.sources.pdf.sheet import Rules

Mask = NDArray[np.bool_]

# In points: a stroke of a character is shorter than the side of a cell.
_ACROSS = 26.0
_DOWN = 14.0
# Pixels that a ruling line may waver, and that are taken away around one.
_WAVER = 1
_AROUND = 2
_OWN = 0.3
# Of the paper's brightness; what is darker is ink.
_DARK = 0.62
MAX_RUNS = 20_000


def dark(grey: NDArray[np.uint8]) -> Mask:
    """Where there is ink, as the paper's brightness tells."""
    paper = float(np.percentile(grey[::4, ::4], 80))
    return np.asarray(grey < paper * _DARK)


def ruling(ink: Mask, scale: float) -> tuple[Rules, Rules, Mask]:
    """The ruling lines across and down, in points, and the ink that isn't theirs.

    Args:
        ink: Where there is ink.
        scale: Pixels in a point.
    """
    across = _runs(ink, _ACROSS * scale)
    down = _runs(ink.T, _DOWN * scale)
    left = ink.copy()
    for mask, runs in ((left, across), (left.T, down)):
        for at, start, end in runs:
            mask[
                max(at - _AROUND, 0) : at + _AROUND + 1, max(start - _AROUND, 0) : end + _AROUND
            ] = False
    return _rules(across, scale), _rules(down, scale), left


def _runs(ink: Mask, least: float) -> list[tuple[int, int, int]]:
    """Stretches of ink along rows, that long: row, start, end. Lines may waver a little."""
    wide = ink.copy()
    for shift in range(1, _WAVER + 1):
        wide[shift:] |= ink[:-shift]
        wide[:-shift] |= ink[shift:]
    padded = np.zeros((wide.shape[0], wide.shape[1] + 2), dtype=np.int8)
    padded[:, 1:-1] = wide
    steps = np.diff(padded, axis=1)
    rows, starts = np.nonzero(steps == 1)
    _, ends = np.nonzero(steps == -1)
    long = np.nonzero(ends - starts >= least)[0][:MAX_RUNS]
    found = zip(rows[long].tolist(), starts[long].tolist(), ends[long].tolist(), strict=True)
    # A line has ink of its own; what only lies beside one has none.
    return [(y, a, b) for y, a, b in found if int(ink[y, a:b].sum()) > _OWN * (b - a)]


def _rules(runs: list[tuple[int, int, int]], scale: float) -> Rules:
    return np.array(runs, np.float64).reshape(-1, 3) / scale


def spans(filled: Mask, gap: float, least: int = 1) -> list[tuple[int, int]]:
    """Stretches of a row of flags that are set, those no further apart than `gap` as one."""
    places = np.nonzero(filled)[0]
    if not places.size:
        return []
    breaks = np.nonzero(np.diff(places) > gap + 1)[0]
    starts = [places[0], *places[breaks + 1]]
    ends = [*places[breaks], places[-1]]
    return [(int(a), int(b) + 1) for a, b in zip(starts, ends, strict=True) if b - a + 1 >= least]
