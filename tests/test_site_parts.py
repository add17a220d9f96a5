"""What parts of a site came to is found again, and so are links that lead nowhere."""

from pathlib import Path

import msgspec
import numpy as np
import pytest

from dashboard.site import links
from dashboard.site.aside import Aside
from dashboard.site.links import Links, dead
from dashboard.site.parts import Hashed, Part, Parts, among, hashed
from dashboard.site.write import Made


def part(folder: Path, pages: dict[str, str]) -> Part:
    """What some pages came to that are written."""
    found = Links()
    for page, text in pages.items():
        (folder / page).write_text(text, "utf-8")
        assert found.take(page, text) == []
    return Made(sizes={page: len(text) for page, text in pages.items()}, links=found).part()


def ordered(*strings: str) -> Hashed:
    return np.sort(hashed(strings))


def test_files_are_found_by_their_addresses(tmp_path: Path) -> None:
    with Parts(tmp_path) as parts:
        assert parts.files.sizes(["a"]) == {}
        assert parts.files.by_part(["a"]) == {}
        assert parts.files.beyond(ordered("a")) == []
        parts.add(Part({"a": 1, "b": 2}))
        parts.add(Part())
        parts.add(Part({"c": 3}))
        assert parts.files.sizes(["d", "c", "a"]) == {"c": 3, "a": 1}
        # What comes later is found too.
        parts.add(Part({"d": 4, "e": 5}))
        assert parts.files.sizes(["d", "c", "a"]) == {"d": 4, "c": 3, "a": 1}
        assert parts.files.by_part(["e", "x", "a", "d"]) == {2: ["e", "d"], 0: ["a"]}
        assert parts.files.beyond(ordered("b", "a", "d")) == [1, 2]
        assert list(parts.each())[1:] == [Part({"c": 3}), Part({"d": 4, "e": 5})]


def test_parts_are_read_by_their_numbers(tmp_path: Path) -> None:
    several = [Part({f"{n}.html": n}, [f"{n}.css"], {f"{n}.html": b"\0" * 4}) for n in range(9)]
    with Parts(tmp_path) as parts:
        for one in several:
            parts.add(one)
        assert [parts.read(n) for n in (8, 0, 3, 8, *range(9))] == [
            several[n] for n in (8, 0, 3, 8, *range(9))
        ]
        assert list(parts.led()) == [one.names for one in several]
        assert list(parts.pages()) == [f"{n}.html" for n in range(9)]
        assert parts.names == 9


def test_a_part_of_an_earlier_site_is_taken_as_it_is(tmp_path: Path) -> None:
    mine, other = Part({"a.html": 1, "b.css": 2}, ["b.css"], {"a.html": b"\0" * 4}), Part({"c": 3})
    with Parts(tmp_path) as parts:
        parts.add(other)
        content = msgspec.msgpack.encode(mine)
        told = parts.take(mine, content, b"packed", (1, ["x", "y"]), sound=True)
        assert sorted(told.tolist()) == ordered("a.html", "b.css").tolist()
        parts.add(Part({"d": 4}))
        (whole,) = parts.whole
        assert (whole.number, whole.kind, whole.units, whole.sound) == (1, 1, ["x", "y"], True)
        assert parts.packed(whole) == b"packed"
        assert [parts.read(n) for n in (1, 0)] == [mine, other]
        assert list(parts.led()) == [[], ["b.css"], []]
        assert parts.names == 1
        assert parts.files.sizes(["b.css", "d"]) == {"b.css": 2, "d": 4}
        assert parts.files.of([1, 2]).tolist() == ordered("a.html", "b.css", "d").tolist()
        assert parts.files.of([]).tolist() == []


def test_of_a_part_as_it_was_only_links_to_other_files_are_looked_at(tmp_path: Path) -> None:
    pages = {"a.html": '<a href="same.html#no"> <a href="new.html#no"> <a href="new.html#x">'}
    mine = part(tmp_path, pages)
    (tmp_path / "same.html").write_text("", "utf-8")
    (tmp_path / "new.html").write_text("<p id=x>", "utf-8")
    content = msgspec.msgpack.encode(mine)
    for sound, lost in ((True, ["new.html#no"]), (False, ["new.html#no", "same.html#no"])):
        with Parts(tmp_path) as parts:
            parts.take(mine, content, b"", (0, ["a"]), sound=sound)
            found = dead(parts, tmp_path, ordered("a.html", "same.html"), ordered())
        assert found == [f"a.html: {name}" for name in lost]


def test_hashes_among_others() -> None:
    assert among(hashed("abc"), ordered()).tolist() == [False] * 3
    assert among(hashed("abc"), ordered("c", "b", "x")).tolist() == [False, True, True]
    assert among(hashed(()), ordered("c")).tolist() == []


@pytest.mark.parametrize("at_once", [1, 3, 100])
def test_links_of_all_parts_are_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    """However many are looked at in one go."""
    monkeypatch.setattr(links, "_AT_ONCE", at_once)
    first = {
        "a.html": '<a href="b.html#x"> <a href="b.html#no"> <a href="d&amp;.html">',
        "b.html": '<p id="x"> <a href="lost.html"> <a href="c.html">',
    }
    second = {
        "c.html": '<a href="b.html#no"> <a href="b.html#x"> <a href="lost.html#x">',
        "d&.html": '<a href="c.html#é&amp;">',
    }
    with Parts(tmp_path) as parts:
        parts.add(part(tmp_path, first))
        parts.add(part(tmp_path, second))
        assert dead(parts, tmp_path) == [
            "a.html: b.html#no",
            "b.html: lost.html",
            "c.html: b.html#no",
            "c.html: lost.html#x",
            "d&.html: c.html#é&",
        ]


def test_what_is_known_of_a_file_that_is_the_same_is_not_looked_at(tmp_path: Path) -> None:
    pages = {"a.html": '<a href="b.html#no"> <a href="b.html#nor">', "b.html": ""}
    with Parts(tmp_path) as parts:
        parts.add(part(tmp_path, pages))
        every = ["a.html: b.html#no", "a.html: b.html#nor"]
        # Of another file nothing is known any more.
        assert dead(parts, tmp_path, ordered("a.html"), ordered("b.html#no")) == every
        assert dead(parts, tmp_path, ordered("b.html"), ordered("b.html#x")) == every
        assert dead(parts, tmp_path, ordered("b.html", "a.html"), ordered("b.html#no")) == every[1:]


def test_their_file_has_no_name_when_they_are_done(tmp_path: Path) -> None:
    with Parts(tmp_path) as parts:
        parts.add(Part({"a": 1}))
    assert list(tmp_path.iterdir()) == []


def test_what_is_put_aside_is_read_by_its_numbers(tmp_path: Path) -> None:
    with Aside(tmp_path) as aside:
        assert [aside.add(one) for one in (b"one", b"", b"three")] == [0, 1, 2]
        assert aside.read(0, 3) == [b"one", b"", b"three"]
        # More may come after a look.
        aside.add(b"four")
        assert len(aside) == 4
        assert aside.read(2, 4) == [b"three", b"four"]
        assert aside.read(1, 2) == [b""]
        assert aside.read(4, 4) == []
