"""A function that counts its calls in, when it is asked again out."""

from __future__ import annotations

from govreport_core.narrative.remembered import remembered


def test_a_short_text_is_asked_once_a_long_one_each_time() -> None:
    asked: list[str] = []

    @remembered
    def length(text: str, *, doubled: bool) -> int:
        asked.append(text[:1])
        return len(text) * (2 if doubled else 1)

    assert [length("甲乙", doubled=False) for _ in range(2)] == [2, 2]
    assert length("甲乙", doubled=True) == 4
    assert [length("丙" * 1000, doubled=False) for _ in range(2)] == [1000, 1000]
    assert asked == ["甲", "甲", "丙", "丙"]
