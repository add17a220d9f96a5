import pytest

from govreport_core.model import State
from govreport_core.numerals import looks_like_value, read_number


@pytest.mark.parametrize(
    ("printed", "number"),
    [
        ("0", 0),
        ("12", 12),
        ("１２", 12),
        (" 7 ", 7),
        ("1,234", 1234),
        ("1，234,567", 1234567),
        ("+22", 22),
        ("-3", -3),
        ("－3", -3),
        ("2.5", 2.5),
        ("0.5", 0.5),
        ("０．５", 0.5),
        ("１，２３４", 1234),
        ("1\u200b2", 12),
        ("\ufeff7\u2060", 7),
        ("—253", -253),
        ("-0", 0),
    ],
)
def test_a_printed_number_is_reported(printed: str, number: float) -> None:
    reading = read_number(printed)
    assert (reading.state, reading.number) == (State.REPORTED, number)


@pytest.mark.parametrize("printed", ["", " ", "\u3000", "\xa0\xa0", "\u200b"])
def test_nothing_printed_is_blank_and_never_zero(printed: str) -> None:
    reading = read_number(printed)
    assert (reading.state, reading.number) == (State.BLANK, None)


@pytest.mark.parametrize("printed", ["/", "／", "—", "——", "-", "无", "\\"])
def test_a_placeholder_is_kept_apart_from_zero(printed: str) -> None:
    reading = read_number(printed)
    assert (reading.state, reading.number) == (State.PLACEHOLDER, None)


@pytest.mark.parametrize(
    ("printed", "number"),
    [
        ("22（其中修订16件）", 22),
        ("22（其中：修订16件）", 22),
        ("0（本年无）", 0),
        ("8件", 8),
        ("30 人次", 30),
        ("5篇", 5),
        ("⼗⼆", 12),
        ("十二件", 12),
        ("十二", 12),
        ("一百零五件", 105),
        ("二千零三十", 2030),
        ("零", 0),
        ("一百二", None),
        ("二三", None),
        ("本单位未制作规章", None),
        ("本單位未製作規章", None),
        ("不涉及", None),
        ("廿三", None),
        ("壹拾", None),
    ],
)
def test_words_keep_the_number_only_where_it_is_certain(printed: str, number: float | None) -> None:
    reading = read_number(printed)
    assert (reading.state, reading.number) == (State.TEXT, number)


@pytest.mark.parametrize(
    "printed",
    [
        "012",
        "00",
        "12 34",
        "? 0",
        "？0",
        "0/0",
        "--253",
        "－－253",
        "3(4)",
        "约5",
        "1.2.3",
        "12,34",
        "1e3",
        "1 234",
        "5~6",
        "①",
        "1万",
        "12%",
    ],
)
def test_what_has_two_readings_is_unreadable(printed: str) -> None:
    reading = read_number(printed)
    assert (reading.state, reading.number) == (State.UNREADABLE, None)
    assert reading.doubt == "number_unreadable"


@pytest.mark.parametrize(
    ("printed", "header", "number", "unit"),
    [
        ("549.809万元", None, 549.809, "万元"),
        ("251000元", None, 25.1, "元"),
        ("251000元", "万元", 25.1, "元"),
        ("２５１，０００元", "万元", 25.1, "元"),
        ("23600万元", None, 23600, "万元"),
        ("-3.5", "万元", -3.5, "万元"),
        ("7545", "万元", 7545, "万元"),
        ("1.5亿元", None, 15000, "亿元"),
        ("0", None, 0, None),
    ],
)
def test_money_is_given_in_ten_thousand_yuan(
    printed: str, header: str | None, number: float, unit: str | None
) -> None:
    reading = read_number(printed, money=True, unit=header)
    assert (reading.state, reading.number, reading.unit) == (State.REPORTED, number, unit)


def test_an_amount_without_a_unit_is_not_read() -> None:
    reading = read_number("549.809", money=True)
    assert (reading.state, reading.number, reading.doubt) == (
        State.UNREADABLE,
        None,
        "unit_missing",
    )


def test_money_in_a_column_of_counts_is_not_read() -> None:
    assert read_number("5万元").state is State.UNREADABLE


def test_a_change_in_words_is_read_only_in_a_column_of_changes() -> None:
    assert read_number("减3项", signed=True).number == -3
    assert read_number("减1", signed=True).number == -1
    assert read_number("减少１２", signed=True).number == -12
    assert read_number("增5", signed=True).number == 5
    assert read_number("+22", signed=True).number == 22
    assert read_number("--253", signed=True).number == -253
    assert read_number("--253").number is None
    assert read_number("增5").state is State.UNREADABLE


@pytest.mark.parametrize("raw", ["9" * 309, "1" + "0" * 400, "9" * 16, "9,999,999,999,999,999"])
def test_a_number_longer_than_is_kept_exactly_is_not_read(raw: str) -> None:
    for money in (False, True):
        assert read_number(raw, money=money, unit="万元").state is State.UNREADABLE
    assert read_number("减" + raw, signed=True).number is None
    assert read_number("9" * 15).number == 999_999_999_999_999


def test_what_can_stand_for_a_value_in_a_plain_line() -> None:
    assert all(
        map(looks_like_value, ["0", "1,234", "/", "-2", "12.5万元", "22（其中修订16件）", "增5"])
    )
    assert not any(map(looks_like_value, ["1.属于国家秘密", "三", "2024年", "（七）总计", ""]))
