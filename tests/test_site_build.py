"""How a site is built: in all languages, beside the earlier one, only where something changed."""

import errno
import gc
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from queue import SimpleQueue
from threading import Event, Thread
from typing import Any

import jinja2
import msgspec
import polars as pl
import pytest

sys.path.insert(0, str(Path(__file__).parent / "kills"))

import view_data
from click.testing import CliRunner
from kills import below, running
from selectolax.lexbor import LexborHTMLParser
from view_data import A, B, C, D, write_small

from dashboard import views
from dashboard.cli import main
from dashboard.data import Data, document_rows, open_dataset
from dashboard.labels import LANGUAGES, t
from dashboard.site import (
    Options,
    SiteError,
    addresses,
    blocks,
    build_site,
    gather,
    hashes,
    heads,
    inputs,
    kept,
    kinds,
    pool,
    write,
)
from dashboard.site.cells import Cells
from dashboard.site.environment import script
from dashboard.site.gather import Gathering
from dashboard.site.kinds import Task, files_of
from dashboard.site.links import Links, dead
from dashboard.site.parts import Parts
from dashboard.site.ready import plainer, worded
from dashboard.views.card import Way
from dashboard.views.context import context
from dashboard.views.reading import Read
from govreport_core.build.limits import undisturbed
from govreport_core.checks import catalogue
from govreport_core.errors import DatasetError

pytestmark = pytest.mark.slow

BASE = "https://example.org/reports/"
ZH = Options(("zh",))
OF_REPORTS = r"(en/)?(reports/\d|reports/doc|agencies/\d|compare/\d|beside/\d).*\.html"
OF_SOME = (*kinds.OF_REPORTS, *kinds.OF_AGENCIES)
CHANGED = "t3_requests.granted_full.natural_person"


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_small(tmp_path_factory.mktemp("small") / "dataset")


@pytest.fixture(scope="module")
def site(dataset: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("both") / "site"
    said = Options(
        base_url=BASE, title="海棠年报", contact="mailto:a@example.org", licence="CC0-1.0"
    )
    found = build_site(dataset, out, said)
    assert found.warnings == ("bad/empty.txt 没有读成：文件为空",)
    return out


def test_who_builds_a_site_keeps_its_search_for_rings(dataset: Path, tmp_path: Path) -> None:
    frozen = gc.get_freeze_count()
    build_site(dataset, tmp_path / "site", ZH)
    assert gc.get_freeze_count() <= frozen
    assert gc.isenabled()


def files(folder: Path) -> dict[str, Path]:
    return {str(path.relative_to(folder)): path for path in folder.rglob("*") if path.is_file()}


def text(site: Path, address: str) -> str:
    return (site / address).read_text("utf-8")


def test_each_page_stands_in_both_languages_and_leads_to_itself_in_the_other(site: Path) -> None:
    pages = {name for name in files(site) if name.endswith(".html")}
    here = {name for name in pages if not name.startswith("en/")} - {addresses.LOST}
    assert {name.removeprefix("en/") for name in pages - here - {addresses.LOST}} == here
    for name in here:
        for lang, tag, other in (("", "zh-CN", f"en/{name}"), ("en/", "en", name)):
            page = text(site, lang + name)
            assert f"<html lang={tag}>" in page, name
            link = re.search(r"<nav class=tongues [^>]+><a href=([^ ]+) ", page)
            assert link is not None, name
            where = os.path.normpath(os.path.join(os.path.dirname(lang + name), link[1]))
            assert where == other
            for one, folder in (("zh-CN", ""), ("en", "en/")):
                url = BASE + addresses.without_index(folder + name)
                assert f'hreflang={one} href="{url}"' in page, name


def test_chinese_words_say_so_on_an_english_page_and_english_ones_among_them(
    demo_site: Path,
) -> None:
    room = LexborHTMLParser(text(demo_site, f"en/{addresses.WORDS}"))
    for one in room.css("section.words :is(h2, h3) small"):
        region = one.css_first("[lang=zh-CN]")
        assert region is not None
        assert region.text().startswith("沧岚省")
    chips = room.css("ul[lang=zh-CN] > li > small")
    assert chips
    assert {chip.attributes["lang"] for chip in chips} == {"en"}
    rule = LexborHTMLParser(text(demo_site, f"en/{addresses.rule('t3_balance')}"))
    source = catalogue()["t3_balance"].source
    assert [one.text() for one in rule.css("dl.facts dd[lang=zh-CN]")] == [source]
    for address in (addresses.WORDS, addresses.rule("t3_balance")):
        assert not LexborHTMLParser(text(demo_site, address)).css("main [lang]")


def test_the_files_of_a_page_name_their_columns_in_its_language(demo_site: Path) -> None:
    files_of_pages = (addresses.COVERAGE_FILE, addresses.RUNNING_FILE, addresses.SHARED_FILE)
    for address in (*files_of_pages, addresses.words("year", "2022").replace(".html", ".csv")):
        chinese, english = (
            (demo_site / folder / address).read_text("utf-8-sig").splitlines()[0].split(",")
            for folder in ("", "en")
        )
        assert {"机关", "地区", "年度"} <= set(chinese)
        assert not [head for head in chinese if head.isascii()]
        assert {"agency", "region", "year"} <= set(english)
        assert chinese.index("机关") < chinese.index("机关标识")


def test_what_is_of_no_language_stands_there_once(site: Path) -> None:
    there = {name.split("/")[1] for name in files(site) if name.startswith("en/")}
    assert "static" not in there
    assert {name for name in files(site) if "/data/" in name} == {"en/data/index.html"}
    assert not [name for name in files(site) if re.match(r"en/(list|search)/(?!about|words)", name)]


def test_a_page_says_what_it_is_where_it_stands_and_who_answers_for_it(site: Path) -> None:
    page = text(site, addresses.report(f"{A}-2022"))
    url = f"{BASE}reports/{A}-2022.html"
    assert f'<link rel=canonical href="{url}">' in page
    assert f'<meta property=og:url content="{url}">' in page
    assert '<meta property=og:title content="海棠县财政局 2022 年">' in page
    assert '<meta name=description content="海棠县财政局 2022 年：' in page
    assert "<title>海棠县财政局 2022 年 · 海棠年报</title>" in page
    assert '<a href="mailto:a@example.org">a@example.org</a>' in page
    assert "CC0" in page


def test_the_map_names_every_page_but_the_lost_one(site: Path) -> None:
    named = re.findall(r"<loc>([^<]*)</loc>", text(site, heads.SITEMAP))
    pages = [name for name in files(site) if name.endswith(".html") and name != addresses.LOST]
    assert sorted(named) == sorted(BASE + addresses.without_index(name) for name in pages)
    assert f"Sitemap: {BASE}{heads.SITEMAP}" in text(site, "robots.txt")
    assert (site / ".nojekyll").is_file()


def test_a_long_map_is_cut_into_some() -> None:
    found = dict(heads.sitemaps([f"a{n}.html" for n in range(5)], Options(base_url=BASE), most=2))
    assert list(found) == ["sitemap-1.xml", "sitemap-2.xml", "sitemap-3.xml", heads.SITEMAP]
    assert f"<loc>{BASE}sitemap-3.xml</loc>".encode() in found[heads.SITEMAP]
    assert dict(heads.sitemaps(["a.html"], Options())) == {}


def test_what_is_lost_leads_home_from_any_depth_in_both_languages(site: Path) -> None:
    page = text(site, addresses.LOST)
    assert f'<base href="{BASE}">' in page
    assert 'href="en/index.html"' in page
    assert '<section lang="en"' in page


def test_nothing_is_written_again_where_nothing_changed(dataset: Path, tmp_path: Path) -> None:
    out = tmp_path / "site"
    first = build_site(dataset, out, ZH)
    assert first.written > 30
    before = {name: path.stat().st_ino for name, path in files(out).items()}
    assert build_site(dataset, out, ZH).written == 0
    after = {name: path.stat().st_ino for name, path in files(out).items()}
    assert {name for name in after if after[name] != before[name]} == {write.MARK}


def test_after_one_changed_report_only_what_shows_it_is_written(
    dataset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "site"
    build_site(dataset, out)
    before = {name: path.stat().st_ino for name, path in files(out).items()}
    faults = view_data._faults

    def one_more(rows: Any) -> None:
        faults(rows)
        view_data.value(rows, B, 2021, CHANGED)["number"] = 4.0

    monkeypatch.setattr(view_data, "_faults", one_more)
    found = build_site(write_small(tmp_path / "dataset"), out)
    after = {name: path.stat().st_ino for name, path in files(out).items()}
    changed = {name for name in after if after[name] != before.get(name)} - {write.MARK}
    # What is the latest version is a version too: the same files by another name, and what is in
    # it as it was is the earlier file.
    assert found.written == len({after[name] for name in changed} - set(before.values()))
    assert {name for name in changed if name.startswith("data/latest/csv/province")} <= {
        f"data/latest/csv/province/{table}-370000.zip"
        for table in ("values", "checks", "cards", "reports", "coverage")
    }
    changed = {name for name in changed if not name.startswith("data/")} - {kept.NAME}
    of_reports = {
        name for name in changed if re.match(r"(en/)?(reports/\d|reports/doc|agencies/\d)", name)
    }
    mine = (addresses.report(f"{B}-2021"), addresses.agency(B))
    pages = {folder + name for folder in ("", "en/") for name in mine}
    beside = {addresses.file_of(name, ending) for name in mine for ending in ("json", "csv")}
    assert pages <= of_reports <= pages | beside
    assert not any(one in name for name in changed for one in (A, C, D, "search/", "static/"))
    # What counts reports: overview, rules, regions, the list, the tables.
    assert len(changed) < len([name for name in before if not name.startswith("data/")]) / 6
    # Of reports and agencies only this one's pages were drawn, in two languages, and they are the
    # same as in a site made anew.
    other = build_site(tmp_path / "dataset", tmp_path / "anew")
    drawn = [name for name in before if re.match(OF_REPORTS, name) and name not in pages]
    assert other.drawn - found.drawn >= len(drawn) - 6
    anew = files(tmp_path / "anew")
    assert anew.keys() == {name for name in after if "data/versions/" not in name} | {
        name for name in anew if "data/versions/" in name
    }
    # The versions that are kept are told of on the page of data, and in the feed.
    # What is kept for the next build stands in other parts: `test_site_again` looks into them.
    told = {name for name in anew if "data/" in name or name.endswith(".xml")} | {kept.NAME}
    assert [
        n for n in anew if n not in told and anew[n].read_bytes() != (out / n).read_bytes()
    ] == []


def test_all_is_drawn_again_where_the_program_or_the_options_changed(
    dataset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "site"
    every = build_site(dataset, out, ZH)
    same = build_site(dataset, out, ZH)
    assert every.drawn == every.pages == same.pages
    assert every.warnings == same.warnings
    assert same.drawn <= every.drawn - 16
    assert build_site(dataset, out, Options(("zh",), contact="a@example.org")).drawn == every.pages
    monkeypatch.setattr(hashes, "program", lambda: b"another")
    assert build_site(dataset, out, ZH).drawn == every.pages
    # A page that was lost or cut short is made again.
    page = out / addresses.report(f"{A}-2022")
    page.unlink()
    page.write_text("cut", "utf-8")
    assert build_site(dataset, out, ZH).warnings == every.warnings
    assert "<h1" in page.read_text("utf-8")


@pytest.mark.parametrize(
    ("table", "column"),
    [("coverage", "days_late"), ("sections", "text"), ("points", "text"), ("agencies", "name")],
)
def test_what_a_page_shows_is_in_its_digest(dataset: Path, table: str, column: str) -> None:
    data = open_dataset(dataset)
    rows = data.tables[table].collect()
    changed = rows[column].drop_nulls()[0]
    other = pl.when(pl.col(column) == changed).then(pl.lit(_else(changed))).otherwise(column)
    tables = {table: rows.with_columns(other.alias(column)).lazy()}
    there = _inputs(data)
    assert there == _inputs(data)
    if table in ("sections", "points"):
        assert hashes.by(rows, "document_id") != hashes.by(tables[table].collect(), "document_id")
        return
    found = _inputs(msgspec.structs.replace(data, tables=data.tables | tables))
    assert found.agencies.keys() == there.agencies.keys()
    assert found.reports != there.reports
    assert (found.regions != there.regions) == (table == "coverage")


def _else(value: Any) -> Any:
    return f"{value}。" if isinstance(value, str) else value / 2 + 1


def _inputs(data: Data) -> inputs.Inputs:
    return inputs.digests(Gathering(data, ZH, Path()), hashes.rows(data))


def test_workers_write_the_same_bytes(dataset: Path, tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    build_site(dataset, one, ZH, jobs=1)
    build_site(dataset, two, ZH, jobs=2)
    assert {name: path.read_bytes() for name, path in files(one).items()} == {
        name: path.read_bytes() for name, path in files(two).items()
    }


def test_of_many_reports_some_are_made_at_a_time_and_look_the_same(
    demo_dataset: Path,
    demo_site: Path,
    published: Options,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(gather, "STRETCH", 5)
    monkeypatch.setattr(kinds, "STRETCH", 5)
    monkeypatch.setattr(kinds, "STRETCHES", 100)
    asked: list[int] = []
    make = kinds.files_of

    def files_of_some(gathering: Gathering, task: Task) -> Any:
        found = list(make(gathering, task))
        if task.kind in OF_SOME:
            assert not gathering._whole
            ((_, held),) = gathering._last.items()
            asked.append(held[0].data.reports.collect().height)
        return found

    monkeypatch.setattr(pool, "files_of", files_of_some)
    build_site(demo_dataset, tmp_path / "site", published, jobs=1)
    # What is held is of a few agencies, and of whose texts are held against theirs.
    assert len(asked) >= 100
    assert sum(asked) / len(asked) < 25
    now, there = files(tmp_path / "site"), files(demo_site)
    assert now.keys() == there.keys()
    for name, path in now.items():
        # But for what the next build is told.
        if not path.name.startswith("."):
            assert path.read_bytes() == there[name].read_bytes(), name


def test_a_worker_that_fails_ends_the_build(dataset: Path, tmp_path: Path) -> None:
    gathering = Gathering(open_dataset(dataset), ZH, tmp_path)
    work = pool.Work(str(tmp_path / "nowhere"), str(tmp_path), str(tmp_path), ZH)
    parts = [Task("robots"), Task("static")]
    with pytest.raises(DatasetError, match="nowhere"):
        list(pool.made_together(gathering, parts, work, 2, write.Made))


def test_what_others_made_is_taken_up_between_parts(
    dataset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gathering = Gathering(open_dataset(dataset), ZH, tmp_path)
    work = pool.Work(str(dataset), str(tmp_path), str(tmp_path / "none"), ZH)
    first, there = write.Made(), Event()

    def lead(_: object, __: object, found: SimpleQueue[bytes | None]) -> None:
        # As it came: unpacked it would be several times as much until then.
        found.put(msgspec.msgpack.encode(write.Made(pages=7)))
        found.put(None)
        there.set()

    def taken() -> write.Made:
        assert there.wait(60)
        return first

    monkeypatch.setattr(pool, "_started", lambda *_: {})
    monkeypatch.setattr(pool, "_lead", lead)
    parts = [Task("robots"), Task("static")]
    found = list(pool.made_together(gathering, parts, work, 2, taken))
    assert [one is first for one in found] == [True, False, False, False]
    assert [one.pages for one in found] == [0, 0, 7, 0]


def test_what_little_is_read_goes_with_its_kind(dataset: Path, tmp_path: Path) -> None:
    gathering = Gathering(open_dataset(dataset), ZH, tmp_path)
    assert list(files_of(gathering, Task("search")))
    assert gathering._last
    assert list(files_of(gathering, Task("agency", some=(A,))))
    assert not gathering._last


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """An earlier site with nothing in it but a page."""
    out = tmp_path / "site"
    out.mkdir()
    (out / write.MARK).write_text('{"made_by": "govreport"}', "utf-8")
    (out / "index.html").write_text("earlier", "utf-8")
    return out


def test_a_full_disk_leaves_the_earlier_site(
    dataset: Path, built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(SiteError, match=r"No space left on device.*; the earlier site stays"):
        build_site(dataset, built, ZH)
    assert (built / "index.html").read_text("utf-8") == "earlier"
    assert [path.name for path in built.parent.iterdir()] == ["site"]


@pytest.mark.skipif(sys.platform != "linux", reason="looks at processes in /proc")
def test_a_build_asked_to_end_takes_its_workers_along(dataset: Path, built: Path) -> None:
    program = (sys.executable, "-c", "from dashboard.cli import main; main()")
    asked = ("site", str(dataset), "-o", str(built), "--jobs", "2")
    process = subprocess.Popen((*program, *asked), stderr=subprocess.PIPE, text=True)
    while process.poll() is None and len(workers := below(process.pid)) < 2:
        time.sleep(0.02)
    process.terminate()
    told = process.communicate(timeout=60)[1]
    assert process.returncode == 128 + signal.SIGTERM
    assert "Traceback" not in told
    until = time.monotonic() + 60
    while any(map(running, workers)) and time.monotonic() < until:
        time.sleep(0.05)
    assert [pid for pid in workers if running(pid)] == []
    assert (built / "index.html").read_text("utf-8") == "earlier"
    assert [path.name for path in built.parent.iterdir()] == ["site"]


# Asked to end in the very moment in which a worker is there and not yet told what it is to do.
ASKED_AT_ONCE = """
import os, signal, sys
from multiprocessing import util
from dashboard.cli import main
from govreport_core.build import pool
start = util.spawnv_passfds
def asked(program, given, kept):
    found = start(program, given, kept)
    if any("spawn_main" in str(one) for one in given):
        os.kill(os.getpid(), signal.SIGTERM)
    return found
util.spawnv_passfds = asked
pool.FEW = 0
main()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="looks at processes in /proc")
@pytest.mark.parametrize("command", ["site", "build"])
def test_asked_to_end_while_a_worker_is_started_it_goes_quietly(
    samples: Path, dataset: Path, tmp_path: Path, command: str
) -> None:
    given = dataset if command == "site" else samples / "reports" / "2021"
    asked = (command, str(given), "-o", str(tmp_path / "out"), "--jobs", "2")
    done = subprocess.run(
        (sys.executable, "-c", ASKED_AT_ONCE, *asked),
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 128 + signal.SIGTERM, done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_who_asks_to_end_waits_whatever_thread_hears_it(number: signal.Signals) -> None:
    heard: list[int] = []
    until = Event()
    other = Thread(target=until.wait)
    other.start()  # it blocks no signal, as those of the frame library don't
    before = signal.signal(number, lambda one, _: heard.append(one))
    try:
        with undisturbed():
            os.kill(os.getpid(), number)
            time.sleep(0.2)
            assert heard == []
        assert heard == [number]
    finally:
        signal.signal(number, before)
        until.set()
        other.join()


def test_nothing_is_put_aside_but_in_the_folder_of_the_site(
    dataset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "where nothing can stand"))
    # Nor in the folder from which it is started.
    folders: list[Path] = []
    opened = tempfile.TemporaryFile

    def told(*given: Any, dir: Path, **more: Any) -> Any:  # noqa: A002 - its name there
        folders.append(dir)
        return opened(*given, dir=dir, **more)

    monkeypatch.setattr("tempfile.TemporaryFile", told)
    assert build_site(dataset, tmp_path / "site", ZH, jobs=1).pages > 10
    assert len(folders) > 3
    assert {folder.parent for folder in folders} == {tmp_path}
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_a_page_that_is_too_long_fails_a_strict_build(
    dataset: Path, built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(write, "PAGE_BYTES", 1000)
    with pytest.raises(SiteError, match="warnings"):
        build_site(dataset, built, ZH, strict=True)
    assert (built / "index.html").read_text("utf-8") == "earlier"


def test_what_a_killed_build_left_is_taken_away_or_put_back(built: Path) -> None:
    left = built.with_name(".site-new-dead")
    left.mkdir()
    with write.beside(built) as fresh:
        assert not left.exists()
        assert fresh.is_dir()
    built.rename(built.with_name(".site-new-dead-old"))
    with write.beside(built):
        assert (built / "index.html").read_text("utf-8") == "earlier"
    assert [path.name for path in built.parent.iterdir()] == ["site"]


def test_two_builds_do_not_take_each_others_folder(built: Path) -> None:
    with write.beside(built) as one, write.beside(built) as two:
        assert one.is_dir()
        assert two.is_dir()


def lost(links: Links, folder: Path) -> list[str]:
    """The dead links of a site of one part."""
    with Parts(folder) as parts:
        parts.add(write.Made(links=links).part())
        return dead(parts, folder)


def test_dead_links_are_found_by_file_and_by_id(tmp_path: Path) -> None:
    links = Links()
    page = '<a href="b.html#x"></a> <a href="../c.html"></a> <a href="#no"></a> <p id="y">'
    assert links.take("a/a.html", page) == ["a/a.html: #no"]
    (tmp_path / "a").mkdir()
    (tmp_path / "a/b.html").write_text('<p id="z">', "utf-8")
    assert lost(links, tmp_path) == ["a/a.html: a/b.html#x", "a/a.html: c.html"]
    (tmp_path / "a/b.html").write_text('<p id="x">', "utf-8")
    (tmp_path / "c.html").write_text("", "utf-8")
    assert lost(links, tmp_path) == []


@pytest.mark.parametrize(
    ("page", "there"),
    [
        ("<a id=x href=#y>", True),
        ("<p id=x>", True),
        ('<p id="x" class=y>', True),
        ("<li id=x class=y>", True),
        ("<p>say id=x here", False),
        ("<p id=xy>", False),
        ("<p data-id=x>", False),
    ],
)
def test_an_id_is_where_a_tag_has_it(tmp_path: Path, page: str, there: bool) -> None:
    links = Links()
    links.take("a.html", '<a href="b.html#x">')
    (tmp_path / "b.html").write_text(page, "utf-8")
    assert lost(links, tmp_path) == ([] if there else ["a.html: b.html#x"])


def test_an_address_that_is_none_is_refused(dataset: Path, tmp_path: Path) -> None:
    asked = ["site", str(dataset), "-o", str(tmp_path / "site"), "--base-url", "example.org"]
    found = CliRunner().invoke(main, asked)
    assert found.exit_code == 2
    assert "not an address such as https://" in found.output
    assert not (tmp_path / "site").exists()


def test_a_compiled_template_takes_the_words_of_each_language() -> None:
    text = """<p class="\ue000a\ue001">\ue000b\ue001</p>{% if there %}\ue000c\ue001{% endif %}"""
    code = jinja2.Environment(autoescape=True).compile(text, "t")
    for said, wanted in (
        ({"a": "plain", "b": "<x>", "c": "是"}, "<p class=plain>&lt;x&gt;</p>是"),
        ({"a": "two words", "b": "{n}", "c": ""}, '<p class="two words">&#123;n}</p>'),
    ):
        mine = worded(code, said.__getitem__)
        made = jinja2.Template.from_code(jinja2.Environment(autoescape=True), mine, {})
        assert made.render(there=True) == wanted


@pytest.mark.parametrize(
    ("written", "ready"),
    [
        ('<p class="a">x</p>\n<div id="b">y</div>\n', "<p class=a>x<div id=b>y</div>"),
        # A space between words stays, and quotes around what an expression prints.
        ('<b>x</b>\n<i title="{{ said }}">y</i>', '<b>x</b>\n<i title="{{ said }}">y</i>'),
        ("<p>x</p>\n<i>y</i>", "<p>x</p><i>y</i>"),
        ("<a href=\"{{ link('report', id) }}#c1\">", "<a href={{ link('report', id) }}#c1>"),
        ('<a href="{{ root }}a.html?b={{ c }}">', '<a href="{{ root }}a.html?b={{ c }}">'),
        ('{% set a = f(b="c" ) %}<i b="c d">', '{% set a = f(b="c" ) %}<i b="c d">'),
        ('<i{% if x %} rel="next"{% endif %}>', "<i{% if x %} rel=next{% endif %}>"),
        ("<td><p>x</p></td><td>y</td>", "<td><p>x<td>y"),
    ],
)
def test_a_template_made_ready_has_what_html_asks_for(written: str, ready: str) -> None:
    assert plainer(written) == ready


def test_a_script_on_every_page_brings_its_words_in_all_languages() -> None:
    for name, key in (("theme.js", "site.theme.dark"), ("source.js", "remarks.copied")):
        text = script(name, ("zh", "en"))
        told = json.loads(text.partition("const words = ")[2].partition(";\n")[0])
        for lang in ("zh", "en"):
            assert t(key, lang) in told[LANGUAGES[lang].tag].values()
    assert not script("csv.js", ("zh", "en")).startswith("const words")


def test_cells_drawn_once_are_those_of_each_language(dataset: Path) -> None:
    data = open_dataset(dataset)
    shared = context(data)
    found = 0
    for report in data.reports.collect().iter_rows(named=True):
        rows = document_rows(data, report["document_id"])
        read = Read(report["form"], rows)
        cells = Cells(read)
        for lang in ("zh", "en"):
            whole = views.card(report, rows, shared, lang)
            short = views.card(report, rows, shared, lang, Way(tables=cells.tables), read)
            assert cells.drawn == blocks.tables(whole.tables, lang)
            assert [table.counts for table in short.tables] == [
                table.counts for table in whole.tables
            ]
            found += len(cells.drawn)
    assert found
