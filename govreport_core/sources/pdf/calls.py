"""A function of pdfium in, the same one at a fraction of what a call costs out.

A page is asked some questions for each of its characters and objects: what ctypes
does around a call takes longer than the answer.
"""

from __future__ import annotations

from ctypes import PYFUNCTYPE, c_void_p, cast
from typing import Any


def direct(function: Any, answer: Any) -> Any:
    """A function of pdfium, called without looking at its arguments and with Python's lock held.

    Args:
        function: As `pypdfium2.raw` has it.
        answer: The type it returns.

    Returns:
        The function; whoever calls it gives pointers as ctypes' own objects, and
        plain numbers only for C's int.
    """
    return PYFUNCTYPE(answer)(cast(function, c_void_p).value or 0)
