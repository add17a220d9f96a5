"""A view's chart in, a plotly figure out; an unknown number is a gap, never a 0.

Series are told apart by marker, dash or pattern and by a label beside them, not
by colour alone. The colours keep apart for colour-blind eyes and have enough
contrast on light and dark ground; the site's style sheet takes them from here.
"""

from __future__ import annotations

import plotly.graph_objects as go

from dashboard import labels
from dashboard.colours import Ground, palette
from dashboard.views.records import Chart, Mark, Series

FONT = '"Noto Sans CJK SC","Noto Sans SC","PingFang SC","Microsoft YaHei",system-ui,sans-serif'
MARKERS = ("circle", "square", "diamond", "triangle-up", "x", "star")
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
PATTERNS = ("", "/", "x", ".", "\\", "-")
HEIGHT = 344
# Of one of many small ones, and up to where its axis counts one by one.
SMALL = 140
_FEW = 4
# A layer thinner than this share of the tallest bar has no room for its number.
_ROOM = 0.06


def figure(chart: Chart, lang: str, *, dark: bool = False) -> go.Figure:
    """Draw a chart of a view, for light or for dark ground, on a transparent one."""
    ground = palette().dark if dark else palette().light
    drawn = go.Figure()
    draw = _lines if chart.kind == "lines" else _stacked
    draw(drawn, chart, ground, lang)
    drawn.update_layout(
        template="none",
        height=HEIGHT,
        margin={"l": 56, "r": 24, "t": 40, "b": 28},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": FONT, "size": 13, "color": ground.ink},
        hovermode="x unified",
        hoverlabel={"font": {"family": FONT}},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "traceorder": "normal"},
        separators=".,",
    )
    line = {"linecolor": ground.line, "gridcolor": ground.line, "tickfont": {"size": 12}}
    drawn.update_xaxes(type="category", showgrid=False, fixedrange=True, **line)
    drawn.update_yaxes(
        rangemode="tozero",
        tickformat=",",
        title={"text": chart.y_title, "font": {"size": 12, "color": ground.faint}},
        showline=False,
        zeroline=True,
        zerolinecolor=ground.faint,
        fixedrange=True,
        **line,
    )
    return drawn


def small(chart: Chart, *, dark: bool = False) -> go.Figure:
    """Draw a chart of one series small, as one of many: a line, or bars of what is no course."""
    ground = palette().dark if dark else palette().light
    colour = ground.series[0]
    series = chart.series[0]
    marks = _with_gaps(series) if chart.kind == "lines" else list(series.marks)
    about = {
        "x": [mark.x for mark in marks],
        "y": [mark.y for mark in marks],
        "customdata": [mark.note for mark in marks],
        "hovertemplate": "%{customdata}<extra></extra>",
    }
    if chart.kind == "lines":
        line = {"color": colour, "width": 2}
        mode = "lines+markers"
        trace = go.Scatter(**about, mode=mode, line=line, marker={"size": 6}, connectgaps=False)
    else:
        trace = go.Bar(**about, marker={"color": colour})
    drawn = go.Figure(trace)
    drawn.update_layout(
        template="none",
        height=SMALL,
        margin={"l": 44, "r": 8, "t": 8, "b": 22},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": FONT, "size": 11, "color": ground.ink},
        hoverlabel={"font": {"family": FONT}},
        showlegend=False,
        separators=".,",
        bargap=0.35,
    )
    axis = {"linecolor": ground.line, "gridcolor": ground.line, "fixedrange": True}
    drawn.update_xaxes(type="category", showgrid=False, **axis)
    tallest = max((mark.y or 0 for mark in marks), default=0)
    # Of a few requests there are no halves, and of none there is an axis all the same.
    few: dict[str, object] = {"dtick": 1} if tallest <= _FEW else {"nticks": 4}
    few |= {"range": [0, 1]} if not tallest else {"rangemode": "tozero"}
    drawn.update_yaxes(
        tickformat=",", zeroline=True, zerolinecolor=ground.faint, showline=False, **few, **axis
    )
    return drawn


def _lines(drawn: go.Figure, chart: Chart, ground: Ground, lang: str) -> None:
    for place, series in enumerate(chart.series):
        colour = ground.series[place % len(ground.series)]
        marker = MARKERS[place % len(MARKERS)]
        marks = _with_gaps(series)
        drawn.add_trace(
            go.Scatter(
                name=series.name,
                x=[mark.x for mark in marks],
                y=[mark.y for mark in marks],
                customdata=[mark.note for mark in marks],
                mode="lines+markers",
                connectgaps=False,
                line={"color": colour, "width": 2.5, "dash": DASHES[place % len(DASHES)]},
                marker={
                    "color": colour,
                    "size": 9,
                    "symbol": [f"{marker}-open" if mark.left_out else marker for mark in marks],
                },
                hovertemplate="%{y:,} · %{customdata}",
            )
        )
        _label_last(drawn, chart, place, colour)
    for place in chart.breaks:
        drawn.add_vline(x=place - 0.5, line={"color": ground.faint, "width": 1, "dash": "dot"})
        drawn.add_annotation(
            x=place - 0.5,
            y=1,
            yref="paper",
            text=labels.t("figures.change.not_comparable", lang),
            showarrow=False,
            font={"size": 11, "color": ground.faint},
        )


def _with_gaps(series: Series) -> list[Mark]:
    """The marks with an empty one wherever no line may lead on."""
    found: list[Mark] = []
    for place, mark in enumerate(series.marks):
        if place and not mark.joined:
            found.append(Mark(mark.x, None))
        found.append(mark)
    return found


def _label_last(drawn: go.Figure, chart: Chart, place: int, colour: str) -> None:
    """Name a line at its last number: the uppermost above it, the others below."""
    series = chart.series[place]
    if series.last is None:
        return
    at, value = series.last
    above = chart.uppermost == place
    drawn.add_annotation(
        x=at,  # on an axis of categories a number counts places
        y=value,
        text=f"{series.name} {labels.number(value)}",
        showarrow=False,
        xanchor="right" if at else "left",
        yanchor="bottom" if above else "top",
        yshift=8 if above else -8,
        font={"size": 12, "color": colour},
    )


def _stacked(drawn: go.Figure, chart: Chart, ground: Ground, _lang: str) -> None:
    places = range(len(chart.series[0].marks)) if chart.series else range(0)
    tallest = max((sum(s.marks[p].y or 0 for s in chart.series) for p in places), default=0)
    for place, series in enumerate(chart.series):
        colour = ground.series[place % len(ground.series)]
        drawn.add_trace(
            go.Bar(
                name=series.name,
                x=[mark.x for mark in series.marks],
                y=[mark.y for mark in series.marks],
                customdata=[mark.note for mark in series.marks],
                text=[_inside(mark, tallest) for mark in series.marks],
                textposition="inside",
                insidetextanchor="middle",
                textangle=0,
                textfont={"color": ground.ground},
                marker={
                    "color": colour,
                    "line": {"color": colour, "width": 1},
                    "pattern": {
                        "shape": PATTERNS[place % len(PATTERNS)],
                        "size": 6,
                        "solidity": 0.15,
                        "fillmode": "overlay",
                    },
                },
                hovertemplate="%{y:,} · %{customdata}",
            )
        )
    drawn.update_layout(barmode="stack", bargap=0.35)


def _inside(mark: Mark, tallest: float) -> str:
    if mark.y is None or not tallest or mark.y < tallest * _ROOM:
        return ""
    return labels.number(mark.y)
