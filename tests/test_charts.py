"""Charts: what is drawn is what the view says, and what isn't known isn't drawn."""

import json

import pytest

from dashboard import charts
from dashboard.colours import palette
from dashboard.site.environment import environment
from dashboard.svg import NARROW, WIDE, drawing
from dashboard.views.records import Chart, Mark, Series


def chart(kind: str, *series: tuple[str, list[Mark]]) -> Chart:
    return Chart(
        code="c",
        kind=kind,
        title="标题",
        x_title="年度",
        y_title="件",
        series=tuple(Series(name, name, tuple(marks)) for name, marks in series),
        columns=("年度", *(name for name, _ in series)),
        table=tuple((mark.x,) for mark in series[0][1]),
    )


GAP = chart(
    "lines",
    ("收到", [Mark("2019", 4, 1), Mark("2020", 5, 1), Mark("2021", None, 0), Mark("2022", 0, 1)]),
)
BROKEN = chart(
    "lines", ("有效", [Mark("2020", 4, 1), Mark("2021", 9, 1, joined=False), Mark("2022", 8, 1)])
)
STACKED = chart(
    "stacked",
    ("公开", [Mark("2019", 3, 1), Mark("2020", None, 0, 1)]),
    ("其他", [Mark("2019", 0, 1), Mark("2020", None, 0, 1)]),
)


def test_an_unknown_number_is_a_gap_and_a_0_is_a_0() -> None:
    trace = charts.figure(GAP, "zh").data[0]
    assert list(trace.y) == [4, 5, None, 0]
    assert trace.connectgaps is False


@pytest.mark.parametrize(("name", "wide"), [("收到", 4 * 13), ("Requests received", 20 * 13 * 0.6)])
def test_a_name_beside_a_line_has_its_room_whatever_the_language(name: str, wide: float) -> None:
    found = drawing(chart("lines", (name, [Mark("2019", 4, 1), Mark("2020", 377, 1)])), WIDE)
    assert found is not None
    (line,) = found.lines
    assert line.label == f"{name} 377"
    assert line.label_x + wide <= found.width
    assert found.right > 400, "the names don't take the drawing's room"


def test_no_line_leads_over_a_break() -> None:
    found = charts.figure(BROKEN, "zh")
    assert list(found.data[0].x) == ["2020", "2021", "2021", "2022"]
    assert list(found.data[0].y) == [4, None, 9, 8]
    assert any("不可比" in str(note.text) for note in found.layout.annotations)
    assert len(found.layout.shapes) == 1


def test_years_with_unknown_reports_have_hollow_marks() -> None:
    one = chart("lines", ("收到", [Mark("2019", 4, 3, 1), Mark("2020", 4, 3, 0)]))
    assert list(charts.figure(one, "zh").data[0].marker.symbol) == ["circle-open", "circle"]


def test_layers_of_bars_are_told_apart_by_more_than_colour() -> None:
    traces = charts.figure(STACKED, "zh").data
    assert list(traces[0].y) == [3, None]
    assert len({trace.marker.pattern.shape for trace in traces}) == len(traces)


def test_lines_are_told_apart_by_more_than_colour() -> None:
    two = chart("lines", ("收到", [Mark("2019", 4, 1)]), ("办结", [Mark("2019", 3, 1)]))
    traces = charts.figure(two, "zh").data
    assert len({(t.line.dash, t.marker.symbol[0]) for t in traces}) == 2
    assert {note.text for note in charts.figure(two, "zh").layout.annotations} == {
        "收到 4",
        "办结 3",
    }


@pytest.mark.parametrize("dark", [False, True])
def test_a_figure_is_small_and_carries_its_own_look(dark: bool) -> None:
    text = charts.figure(GAP, "zh", dark=dark).to_json()
    assert text is not None
    ground = palette().dark if dark else palette().light
    assert len(text) < 6000
    assert ground.series[0] in text
    assert json.loads(text)["layout"]["paper_bgcolor"] == "rgba(0,0,0,0)"


def test_an_empty_chart_draws_nothing() -> None:
    empty = chart("lines", ("收到", [Mark("2019", None, 0)]))
    assert drawing(empty, WIDE) is None
    assert list(charts.figure(empty, "zh").data[0].y) == [None]


# The site's drawings


def test_a_drawn_line_stops_at_a_gap() -> None:
    drawn = drawing(GAP, WIDE)
    assert drawn is not None
    assert [path.count("L") for path in drawn.lines[0].paths] == [1]
    assert len(drawn.lines[0].dots) == 3


def test_a_drawn_line_stops_at_a_break_and_the_break_is_marked() -> None:
    drawn = drawing(BROKEN, NARROW)
    assert drawn is not None
    assert len(drawn.lines[0].paths) == 1
    assert len(drawn.breaks) == 1


def test_a_drawn_bar_is_missing_where_nothing_is_known() -> None:
    drawn = drawing(STACKED, WIDE)
    assert drawn is not None
    assert [(bar.index, bar.text) for bar in drawn.bars] == [(0, "3")]


@pytest.mark.parametrize("top", [0.0, 1.0, 7.0, 399.0, 44886.0, 0.5])
def test_the_scale_starts_at_0_and_reaches_the_top_in_round_steps(top: float) -> None:
    drawn = drawing(chart("lines", ("收到", [Mark("2019", top, 1)])), WIDE)
    assert drawn is not None
    assert drawn.y_ticks[0].text == "0"
    assert drawn.lines[0].dots[0].y >= drawn.y_ticks[-1].at
    assert 2 <= len(drawn.y_ticks) <= 6


@pytest.mark.parametrize(
    ("known", "drawn"), [((4, None), False), ((4, 5), True)], ids=["a lone point", "two"]
)
def test_a_line_needs_two_points_else_the_table_stands_open(
    known: tuple[float | None, ...], drawn: bool
) -> None:
    marks = [Mark(str(2019 + n), y, 1) for n, y in enumerate(known)]
    parts = environment("zh", root="").get_template("parts.html")
    page = str(parts.module.chart(chart("lines", ("收到", marks))))
    assert ("<figure" in page, "<svg" in page, "<details open" in page) == (True, drawn, not drawn)
