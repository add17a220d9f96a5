"""Peers: quartiles and places as told by hand; nobody is ranked among few or on a small base."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from view_data import Rows, report, value, written

from dashboard import views
from dashboard.data import open_dataset
from dashboard.labels import t
from dashboard.views.context import Context
from dashboard.views.peers import BASE, FEWEST, peers, quartiles_of, rank
from dashboard.views.records import PeerRow, Peers

# Received, granted and disposed of; the sixth has a base of 9, the seventh's can't be read.
NUMBERS = (
    *((20, 10, 20), (40, 10, 40), (10, 9, 10), (12, 3, 12), (16, 4, 16)),
    *((9, 9, 9), (30, 3, 30)),
)
RATES = sorted((0.5, 0.25, 0.9, 0.25, 0.25))


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Context:
    rows = Rows()
    for n, (received, granted, disposed) in enumerate(NUMBERS):
        numbers = {"requests_received": received, "granted_full": granted}
        whole = {name: float(number) for name, number in numbers.items()}
        report(rows, f"370199-{n}", f"海棠县第{n}局", 2022, "form_2021",
               whole | {"disposed_total": float(disposed)})  # fmt: skip
    value(rows, "370199-6", 2022, "t3_requests.disposed_total.applicant_total").update(
        number=None, state="unreadable", raw="0３0"
    )
    # Four agencies of another kind in the county, and one more in each of two others near by.
    for n in range(6):
        county = "370199" if n < 4 else f"37010{n}"
        report(
            rows,
            f"{county}-t{n}",
            f"第{n}镇",
            2022,
            "form_2021",
            {"requests_received": 20.0, "disposed_total": 20.0},
        )
        rows.tables["reports"][-1].update(
            agency_kind="township", region_code=county, county=f"第{county}县"
        )
        if n > 3:
            value(
                rows, f"{county}-t{n}", 2022, "t3_requests.disposed_total.applicant_total"
            ).update(number=None, state="blank", raw="")
    # And four far away, of a third kind: too few wherever one looks.
    for n in range(4):
        report(rows, f"370199-z{n}", f"第{n}开发区", 2022, "form_2021", {"disposed_total": 20.0})
        rows.tables["reports"][-1].update(agency_kind="zone")
    report(rows, "370199-u", "无类别", 2022, "form_2021", {"disposed_total": 20.0})
    rows.tables["reports"][-1].update(agency_kind=None)
    for n, form in enumerate(["form_2021"] * 5 + ["form_2019"]):
        report(rows, f"370198-{n}", f"第{n}所", 2022, form, {"requests_received": 10.0 + n})
        rows.tables["reports"][-1].update(region_code="370198", county="木棉县")
    report(rows, "370199-0", "海棠县第0局", 2021, "form_2021", {"disposed_total": 20.0})
    folder: Path = tmp_path_factory.mktemp("peers") / "dataset"
    return views.context(open_dataset(written(folder, rows)))


def of(shared: Context, report_id: str, lang: str = "zh") -> Peers:
    card = shared.of_report(report_id)
    assert card is not None
    found = peers(shared, card, lang)
    assert found is not None
    return found


def row(found: Peers, code: str) -> PeerRow:
    return next(one for one in found.rows if one.code == code)


def test_quartiles_are_those_of_polars_and_by_hand() -> None:
    numbers = np.array([1.0, 2.0, 4.0, 8.0, 16.0, 32.0])
    low, median, high = quartiles_of(numbers)
    assert (low, median, high) == (2.5, 6.0, 14.0)
    column = pl.Series(numbers)
    for at, found in ((0.25, low), (0.5, median), (0.75, high)):
        assert column.quantile(at, interpolation="linear") == found


def test_places_go_from_the_highest_down_and_are_shared() -> None:
    numbers = np.array([1.0, 2.0, 2.0, 5.0])
    assert [rank(own, numbers) for own in (5.0, 2.0, 1.0)] == [1, 2, 4]


def test_a_rate_stands_beside_its_quartiles_with_n_and_place(shared: Context) -> None:
    found = of(shared, "370199-0-2022")
    assert found.n == len(NUMBERS)
    assert "2022 年" in found.sentence
    assert "海棠县" in found.sentence
    assert "7 份" in found.sentence
    rate = row(found, "grant_rate")
    low, median, high = (pl.Series(RATES).quantile(at, interpolation="linear")
                         for at in (0.25, 0.5, 0.75))  # fmt: skip
    assert rate.n == 5
    assert (rate.low, rate.median, rate.high) == tuple(f"{one:.1%}" for one in (low, median, high))
    assert (rate.value, rate.parts, rate.place) == ("50.0%", "10 ÷ 20", 2)
    assert rate.rank == "第 2（共 5）"
    assert row(of(shared, "370199-1-2022"), "grant_rate").rank == "第 3（3 份并列，共 5）"


def test_a_figure_has_no_base_and_unknown_ones_do_not_count(shared: Context) -> None:
    received = row(of(shared, "370199-6-2022"), "received")
    assert (received.n, received.place, received.median) == (7, 2, "16")
    disposed = row(of(shared, "370199-6-2022"), "disposed")
    assert (disposed.n, disposed.place, disposed.value) == (6, None, "未知")
    assert disposed.rank == "本机关的数未知，不排位"


def test_a_base_of_nine_is_neither_ranked_nor_counted(shared: Context) -> None:
    assert BASE == 10
    found = of(shared, "370199-5-2022")
    rate = row(found, "grant_rate")
    assert (rate.value, rate.parts) == ("100.0%", "9 ÷ 9")
    assert (rate.place, rate.rank, rate.n) == (None, "基数不足 10，不排位", 5)
    assert any("10" in note for note in found.notes)
    # A base of ten is.
    assert row(of(shared, "370199-2-2022"), "grant_rate").place == 1


def test_four_are_never_ranked(shared: Context) -> None:
    assert FEWEST == 5
    for lang in ("zh", "en"):
        found = of(shared, "370199-z0-2022", lang)
        assert (found.n, found.rows) == (4, ())
        assert "4" in found.sentence
        assert "5" in found.sentence


def test_four_known_of_six_are_not_ranked_either(shared: Context) -> None:
    found = of(shared, "370199-t0-2022")
    assert (found.n, row(found, "received").n) == (6, 6)
    for code in ("disposed", "requests_processed_rate"):
        few = row(found, code)
        assert (few.n, few.low, few.median, few.high, few.place) == (4, "", "", "", None)
        assert few.rank == "已知的只有 4 份，不足 5 份，不排位"


def test_where_there_are_too_few_the_next_wider_region_is_looked_at(shared: Context) -> None:
    found = of(shared, "370199-t0-2022")
    assert found.n == 6
    assert dict(found.narrowed)["region"] == "370100"
    assert "海州市" in found.sentence
    listed = views.report_refs(shared.data, views.decode(dict(found.narrowed)), "zh")
    assert len(listed) == found.n


def test_only_those_of_the_year_count_and_without_a_kind_there_are_none(shared: Context) -> None:
    assert of(shared, "370199-0-2021").n == 1
    assert of(shared, "370199-0-2021").narrowed == ()  # the list would show itself alone
    assert of(shared, "370199-u-2022").n == 0
    assert of(shared, "370199-u-2022").rows == ()


def test_card_and_agency_show_the_same_peers(shared: Context) -> None:
    card = views.report_card(shared.data, "370199-0-2022", "zh", shared)
    page = views.agency_page(shared.data, "370199-0", "zh", shared)
    assert card.peers == page.peers == of(shared, "370199-0-2022")


def test_reports_on_another_form_are_no_peers(shared: Context) -> None:
    found = of(shared, "370198-0-2022")
    assert (found.n, row(found, "received").n) == (5, 5)
    assert found.narrowed == ()  # the list would show the sixth too
    assert of(shared, "370199-0-2022").narrowed


def test_a_rate_that_rests_on_blanks_taken_for_zero_is_marked(shared: Context) -> None:
    card = shared.of_report("370199-0-2022")
    assert card is not None
    found = peers(shared, card | {"grant_rate_state": "assumed"}, "zh")
    assert found is not None
    assert row(found, "grant_rate").value == "50.0%*"
    assert t("indicators.assumed", "zh") in found.notes
    assert t("indicators.assumed", "zh") not in of(shared, "370199-0-2022").notes


@pytest.mark.parametrize(
    ("report_id", "said"),
    [
        ("370199-2-2022", ("90.0%", "同类中位 25.0%，n=5")),
        # Four of its kind are too few; of one that can't be read it is said why.
        ("370199-z0-2022", ("0.0%", "")),
        ("370199-6-2022", ("无法计算：所需单元格的数字不能确定地读出", "")),
    ],
)
def test_a_card_opens_with_the_rate_beside_the_median_of_its_peers(
    shared: Context, report_id: str, said: tuple[str, str]
) -> None:
    card = views.report_card(shared.data, report_id, "zh")
    told = {figure.code: (figure.text, figure.beside) for figure in card.key}
    assert told.get("grant_rate") == said
    assert [*told][:3] == ["received", "disposed", "carried_forward"]
