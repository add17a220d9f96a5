"""A number in, what a reader's browser takes on the site of so many generated reports out.

`python tests/bench/site_browsed.py 20000 [FOLDER]` makes reports, their dataset and its site where
the folder has none, and serves the site by nginx as docs/nginx.conf says. In Chromium the list of
reports is filtered, sorted and taken away, and the first page's search asked: milliseconds from
the choice until it is painted, by the clock and by the page's own processor, which a busy machine
doesn't lengthen; and what each address asks for at first, with the time until it is painted.
"""

from __future__ import annotations

import csv
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import Any

import click
from many_postings import spent, told
from nginx import CONF, served
from playwright.sync_api import sync_playwright

from dashboard.site import build_site
from govreport_core.build import pipeline
from govreport_core.cli import core

_A_YEAR = 5.7  # Reports of an agency on average, of six years.
_CHOSEN = 6  # Options of a filter, at most.
_FILTERS = ("year", "region", "kind", "level", "status", "reading", "severity", "rule", "theme")
_PLAIN = ("index.html", "reports/index.html", "agencies/index.html", "regions.html")
_ASKED = ("reports/index.html?year=2022", "reports/index.html?severity=error&sort=-received")
_TYPED = ("例一", "卫生健康", "例一市 教育", "办理", "xyz")
_ASK = """async ([act, watched, given]) => {
  const painted = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const watch = document.querySelector(watched);
  const began = performance.now();
  const drawn = new Promise((done) => {
    const eye = new MutationObserver(() => { eye.disconnect(); done(); });
    eye.observe(watch, { childList: true });
  });
  const form = document.querySelector("form.search");
  if (act === "choose") {
    const [name, value] = given;
    form.elements[name].value = value;
    form.elements[name].dispatchEvent(new Event("change", { bubbles: true }));
  } else if (act === "click") document.querySelector(given).click();
  else {
    form.elements.q.value = given;
    form.elements.q.dispatchEvent(new Event("input", { bubbles: true }));
  }
  await drawn;
  await painted();
  return performance.now() - began;
}"""
_VALUES = "(name) => [...document.forms[0].elements[name].options].map((one) => one.value)"


def laid_out(reports: int, folder: Path) -> Path:
    """The site in a folder, made where it has none."""
    made, dataset, site = (folder / name for name in ("made", "dataset", "site"))
    if not site.is_dir():
        if not made.is_dir():
            asked = f"-o {made} --agencies {reports / _A_YEAR:.0f} --years 2019-2024 --no-faults"
            core.commands["sample"].main([*asked.split(), "--seed", "9"], standalone_mode=False)
        if not dataset.is_dir():
            pipeline.build([made / "reports"], dataset)
        found = build_site(dataset, site)
        click.echo(f"{found.pages:,} pages, {found.size:,} bytes")
    return site


class Reader:
    """A tab, and what its acts took: by the clock and by its own processor, in ms."""

    def __init__(self, browser: Any, home: str) -> None:
        self.home = home
        self.page = browser.new_page(accept_downloads=True)
        self.page.set_default_timeout(120_000)
        self.meter = self.page.context.new_cdp_session(self.page)
        self.meter.send("Performance.enable", {"timeDomain": "threadTicks"})
        self.clock: list[float] = []
        self.cpu: list[float] = []

    def act(self, how: str, watched: str, given: Any) -> None:
        """Do something on the page, until what it changes is painted."""
        before = spent(self.meter)
        self.clock.append(self.page.evaluate(_ASK, [how, watched, given]))
        self.cpu.append(spent(self.meter) - before)

    def tell(self, name: str) -> None:
        """Print what the acts since the last time took."""
        told(f"{name} ({len(self.clock)}), ms", self.clock)
        told(f"{name}, CPU ms of the page", self.cpu)
        self.clock, self.cpu = [], []


def choices(page: Any) -> Iterator[tuple[str, str]]:
    """Values of each filter from its first to its last, each on its own; then some together."""
    for name in _FILTERS:
        values = [value for value in page.evaluate(_VALUES, name) if value]
        for value in values[:: max(1, len(values) // _CHOSEN)][:_CHOSEN]:
            yield name, value
            yield name, ""
    for name in _FILTERS:
        yield name, page.evaluate(_VALUES, name)[1]
        yield "outcome", "fail"
        yield "outcome", ""


def come(browser: Any, home: str, name: str) -> None:
    """Open an address with nothing kept; what it asked for and when its rows stood."""
    page = browser.new_page()
    page.set_default_timeout(120_000)
    meter = page.context.new_cdp_session(page)
    meter.send("Network.enable")
    sizes: list[int] = []
    meter.on("Network.loadingFinished", lambda one: sizes.append(one["encodedDataLength"]))
    began = perf_counter()
    page.goto(home + name, wait_until="networkidle")
    took = perf_counter() - began - 0.5  # Idle means half a second without a request.
    click.echo(f"{name}: {len(sizes)} files, {sum(sizes) / 1024:,.0f} KB, {took * 1000:,.0f} ms")
    page.close()


def taken(page: Any) -> tuple[float, int, int]:
    """The CSV of what is listed: the seconds until it is there, its rows, and those listed."""
    began = perf_counter()
    with page.expect_download() as download:
        page.locator("#save").click()
    text = Path(download.value.path()).read_text("utf-8-sig")
    took = perf_counter() - began
    listed = int(re.search(r"[\d,]+", page.locator("#status").inner_text())[0].replace(",", ""))
    return took, len(list(csv.reader(text.splitlines()))) - 1, listed


def browsed(browser: Any, home: str) -> None:
    """Everything that is measured."""
    for name in (*_PLAIN, *_ASKED):
        come(browser, home, name)
    reader = Reader(browser, home)
    page = reader.page
    page.goto(f"{home}reports/index.html", wait_until="networkidle")
    reader.act("choose", "#status", ["kind", page.evaluate(_VALUES, "kind")[1]])
    reader.tell("the first filter, which fetches all rows")
    reader.act("choose", "#status", ["kind", ""])
    for chosen in choices(page):
        reader.act("choose", "#status", chosen)
    reader.tell("a filter")
    page.locator("#clear").click()
    heads = page.locator("th[data-sort]")
    for name in [heads.nth(at).get_attribute("data-sort") for at in range(heads.count())]:
        for _ in ("one way", "the other"):
            reader.act("click", "#status", f"th[data-sort={name}] button")
    reader.tell("sorting all rows")
    took, rows, listed = taken(page)
    click.echo(f"CSV of all rows: {rows:,} of {listed:,} in {took * 1000:,.0f} ms")
    reader.act("choose", "#status", ["year", "2022"])
    took, rows, listed = taken(page)
    click.echo(f"CSV of a year: {rows:,} of {listed:,} in {took * 1000:,.0f} ms")
    page.goto(home, wait_until="networkidle")
    reader.act("type", "#found", "例")
    reader.tell("the first words typed on the first page")
    for typed in _TYPED:
        for end in range(1, len(typed) + 1):
            reader.act("type", "#found", typed[:end])
    reader.tell("words typed on the first page")


def main(reports: int, folder: Path) -> None:
    site = laid_out(reports, folder)
    path = shutil.which("chromium") or shutil.which("google-chrome")
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        root = Path(temporary)
        root.chmod(0o755)
        (root / "reports").symlink_to(site.resolve())
        with served(root, CONF, {"root /srv;": f"root {root};"}) as port:
            browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
            browsed(browser, f"http://127.0.0.1:{port}/reports/")
            browser.close()


if __name__ == "__main__":
    if len(sys.argv) > 2:
        main(int(sys.argv[1]), Path(sys.argv[2]))
    else:
        with tempfile.TemporaryDirectory() as temporary:
            main(int(sys.argv[1]), Path(temporary))
