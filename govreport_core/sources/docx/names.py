"""The names of WordprocessingML's elements, and how their values are read."""

from __future__ import annotations

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

_VALUE = f"{W}val"
_OFF = frozenset({"0", "false", "off", "none"})


def value_of(element: etree._Element | None) -> str | None:
    """Its `w:val`; None where the element or the value isn't there."""
    return None if element is None else element.get(_VALUE)


def number_of(element: etree._Element | None, otherwise: int) -> int:
    """Its `w:val` as a small whole number; `otherwise` where it isn't one."""
    text = value_of(element)
    if text is None or not text.isdecimal() or len(text) > 5:
        return otherwise
    return int(text)


def switched_on(element: etree._Element | None) -> bool:
    """Whether a switch is there and not turned off."""
    return element is not None and element.get(_VALUE) not in _OFF
