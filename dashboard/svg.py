"""A view's chart in, the geometry of a small drawing out; the template only prints it.

Nothing is drawn for an unknown number: a line stops, a bar is missing.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from dashboard import labels
from dashboard.views.records import Chart, Mark, Series
from govreport_core.model import Record

WIDE, HALF, NARROW = 720, 440, 360
HEIGHT = 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 12, 26, 28
# The names of lines stand to the right of a wide drawing, so far from its last point, in
# letters so large (`.gr-chart text`); Latin ones, bold, are at most so wide. A narrow one has
# them above.
_AWAY, _LETTER, _LATIN = 12, 13, 0.66
_IDEOGRAPHS = "\u2e80"
# A layer lower than this has no room for its number.
_ROOM = 15
_STEPS = (1, 2, 2.5, 5, 10)

_Scale = Callable[[float], float]


class Tick(Record, frozen=True, gc=False):
    """A grid line and its label."""

    at: float
    text: str


class Dot(Record, frozen=True, gc=False):
    """A value of a line; `hollow` where some reports of the year are unknown."""

    x: float
    y: float
    hollow: bool
    title: str


class Line(Record, frozen=True, gc=False):
    """One series: its stretches, its values, and its name beside the last one."""

    index: int
    name: str
    paths: tuple[str, ...]
    dots: tuple[Dot, ...]
    label: str
    label_x: float
    label_y: float
    beside: bool


class Bar(Record, frozen=True, gc=False):
    """One layer of a bar."""

    index: int
    x: float
    y: float
    width: float
    height: float
    text: str
    title: str


class Slot(Record, frozen=True, gc=False):
    """The strip of the drawing that belongs to one x value."""

    name: str
    x: float
    width: float


class Drawing(Record, frozen=True, gc=False):
    """A chart ready to print, in units of its view box."""

    code: str
    title: str
    width: int
    height: int
    left: float
    right: float
    bottom: float
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    slots: tuple[Slot, ...]
    lines: tuple[Line, ...] = ()
    bars: tuple[Bar, ...] = ()
    breaks: tuple[float, ...] = ()


def drawing(chart: Chart, width: int) -> Drawing | None:
    """Lay a chart out at a width; None where it has no number at all."""
    years = len(chart.series[0].marks) if chart.series else 0
    tops = [_top(chart, place) for place in range(years)]
    if all(top is None for top in tops):
        return None
    ticks = _ticks(max(top or 0 for top in tops))
    beside = chart.kind == "lines" and width == WIDE
    right = width - (_room(chart) if beside else _RIGHT)
    bottom = HEIGHT - _BOTTOM
    slot = (right - _LEFT) / years

    def x(place: float) -> float:
        return _plain(_LEFT + slot * (place + 0.5))

    def y(value: float) -> float:
        return _plain(bottom - (bottom - _TOP) * value / ticks[-1])

    sparse = max(1, math.ceil(34 / slot))
    return Drawing(
        code=chart.code,
        title=chart.title,
        width=width,
        height=HEIGHT,
        left=_LEFT,
        right=right,
        bottom=bottom,
        x_ticks=tuple(
            Tick(x(place), mark.x)
            for place, mark in enumerate(chart.series[0].marks)
            if place % sparse == 0
        ),
        y_ticks=tuple(Tick(y(value), labels.number(value)) for value in ticks),
        slots=tuple(
            Slot(mark.x, x(place - 0.5), _plain(slot))
            for place, mark in enumerate(chart.series[0].marks)
        ),
        lines=_lines(chart, x, y, beside=beside) if chart.kind == "lines" else (),
        bars=_bars(chart, x, y, slot * 0.64) if chart.kind == "stacked" else (),
        breaks=tuple(x(place - 0.5) for place in chart.breaks) if chart.kind == "lines" else (),
    )


def _plain(number: float) -> float:
    """A number to a tenth, a whole one without decimals."""
    number = round(number, 1)
    return int(number) if number == int(number) else number


def _room(chart: Chart) -> int:
    """How wide the longest name beside a line is, so that no drawing ends within a number."""
    widths = [
        sum(1 if letter >= _IDEOGRAPHS else _LATIN for letter in _label(series, series.last[1]))
        for series in chart.series
        if series.last is not None
    ]
    return math.ceil(_LETTER * max(widths)) + _AWAY


def _top(chart: Chart, place: int) -> float | None:
    known = [s.marks[place].y for s in chart.series if s.marks[place].y is not None]
    numbers = [number for number in known if number is not None]
    if not numbers:
        return None
    return max(numbers) if chart.kind == "lines" else sum(numbers)


def _ticks(top: float) -> tuple[float, ...]:
    """Round numbers from 0 to the first at or above `top`, four or five of them."""
    if top <= 0:
        return (0, 1)
    rough = top / 4
    scale = 10 ** math.floor(math.log10(rough))
    step = next(scale * unit for unit in _STEPS if scale * unit >= rough)
    if top >= 1:
        step = max(step, 1)
    count = math.ceil(round(top / step, 9))
    return tuple(round(step * place, 9) for place in range(count + 1))


def _lines(chart: Chart, x: _Scale, y: _Scale, *, beside: bool) -> tuple[Line, ...]:
    found = []
    for index, series in enumerate(chart.series):
        if series.last is None:
            continue
        place, value = series.last
        above = chart.uppermost == index
        found.append(
            Line(
                index=index,
                name=series.name,
                paths=_paths(series, x, y),
                dots=tuple(
                    Dot(x(at), y(mark.y), bool(mark.left_out), _title(series, mark))
                    for at, mark in enumerate(series.marks)
                    if mark.y is not None
                ),
                label=_label(series, value),
                label_x=x(place) + (_AWAY if beside else 6),
                label_y=y(value) + ((-3 if above else 13) if beside else (-11 if above else 21)),
                beside=beside,
            )
        )
    return tuple(found)


def _paths(series: Series, x: _Scale, y: _Scale) -> tuple[str, ...]:
    """A path for every stretch of two or more values that a line may join."""
    stretches: list[list[str]] = []
    for place, mark in enumerate(series.marks):
        if mark.y is None:
            stretches.append([])
            continue
        if not stretches or not mark.joined:
            stretches.append([])
        stretches[-1].append(f"{x(place)},{y(mark.y)}")
    return tuple("M" + "L".join(points) for points in stretches if len(points) > 1)


def _bars(chart: Chart, x: _Scale, y: _Scale, width: float) -> tuple[Bar, ...]:
    found = []
    base = [0.0] * len(chart.series[0].marks)
    for index, series in enumerate(chart.series):
        for place, mark in enumerate(series.marks):
            if not mark.y:
                continue
            low, high = y(base[place]), y(base[place] + mark.y)
            base[place] += mark.y
            found.append(
                Bar(
                    index=index,
                    x=_plain(x(place) - width / 2),
                    y=high,
                    width=_plain(width),
                    height=_plain(low - high),
                    text=labels.number(mark.y) if low - high >= _ROOM else "",
                    title=_title(series, mark),
                )
            )
    return tuple(found)


def _label(series: Series, value: float) -> str:
    return f"{series.name} {labels.number(value)}"


def _title(series: Series, mark: Mark) -> str:
    return f"{mark.x} {series.name} {labels.number(mark.y or 0)} ({mark.note})"
