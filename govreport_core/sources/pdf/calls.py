"""A function of pdfium in, the same one at a fraction of what a call costs out.

A page is asked some questions for each of its characters and objects: what ctypes
does around a call takes longer than the answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from ctypes import PYFUNCTYPE, byref, c_float, c_void_p, cast, sizeof
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt

Places = npt.NDArray[np.float64]

# Where pdfium writes four numbers for so many things at a time.
_ROOM = 1024
_BUFFER = (c_float * (4 * _ROOM))()
_HELD = np.frombuffer(memoryview(_BUFFER), np.float32).reshape(-1, 4)
_POINTERS = [
    [byref(_BUFFER, (4 * at + side) * sizeof(c_float)) for at in range(_ROOM)] for side in range(4)
]


def direct(function: Any, answer: Any) -> Any:
    """A function of pdfium, called without looking at its arguments and with Python's lock held.

    Args:
        function: As `pypdfium2.raw` has it.
        answer: The type it returns.

    Returns:
        The function; whoever calls it gives pointers as ctypes' own objects, quickest by
        `byref`, and plain numbers only for C's int.
    """
    return PYFUNCTYPE(answer)(cast(function, c_void_p).value or 0)


def written(
    ask: Any, count: int, *given: Iterable[Any], pointers: int
) -> tuple[Places, npt.NDArray[np.bool_]]:
    """What a function of pdfium writes for each of many things.

    Args:
        ask: The function.
        count: How many things there are.
        given: Its arguments before the pointers, one of each for each thing.
        pointers: To how many numbers it takes pointers; 1 where it writes four at one.

    Returns:
        Four numbers a row, 0 where it wrote none; and what it answered.
    """
    found = np.empty((count, 4))
    answers = np.empty(count, np.bool_)
    rest = [iter(some) for some in given]
    for at in range(0, count, _ROOM):
        size = min(_ROOM, count - at)
        _HELD[:] = 0
        told = map(ask, *(islice(some, size) for some in rest), *_POINTERS[:pointers])
        answers[at : at + size] = np.fromiter(told, np.bool_, size)
        found[at : at + size] = _HELD[:size]
    return found, answers
