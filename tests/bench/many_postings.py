"""A number in, what a search on a site of so many generated reports loads and takes out.

`python tests/bench/many_postings.py 10000 [FOLDER]` writes texts and the site's index of them
where the folder has none, and asks a hundred queries in Chromium, each in a window of its own:
bytes of section five's index before any text, the time until it says how many reports may have
it, and until the first ten of them stand; and the page's own processor time, which a busy machine
doesn't lengthen.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import threading
from pathlib import Path
from time import process_time
from typing import Any

import click
from many_texts import opened, write
from playwright.sync_api import sync_playwright

from dashboard.serve import address, site_server
from dashboard.site.index import index_files, index_words
from dashboard.texts import FIVE, Texts

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from searched import queries  # noqa: E402 - it stands beside the tests

SCRIPT = HERE.parent.parent / "dashboard" / "site" / "static" / "search.js"
_SHOWN = 10
_ASK = """async ([script, typed, shown]) => {
  const index = await import(script);
  const began = performance.now();
  await index.ready();
  const query = index.parse(typed);
  const some = await index.candidates("five", query);
  const before = index.read.bytes;
  const counted = performance.now() - began;
  const checker = index.checker("five", some.numbers, query, "");
  let hits = 0;
  while (!checker.done && hits < shown) hits += (await checker.next(shown)).length;
  return [before, index.read.bytes, counted, performance.now() - began, hits];
}"""


def laid_out(reports: int, folder: Path) -> Texts:
    """The texts in a folder, and beside them the site's search: its index, script and a page."""
    tables, site = folder / "tables", folder / "site"
    if not tables.is_dir():
        tables.mkdir(parents=True)
        write(tables, reports)
    texts = Texts(opened(tables))
    if not site.is_dir():
        began = process_time()
        files = dict(index_files(texts, folder)) | dict([index_words(texts, "zh")])
        for name, content in files.items():
            (site / name).parent.mkdir(parents=True, exist_ok=True)
            (site / name).write_bytes(content)
        (site / "static").mkdir()
        (site / "index.html").write_text("<!doctype html><title>-</title><body>", "utf-8")
        size = sum(map(len, files.values()))
        click.echo(f"{len(files):,} files, {size:,} bytes, {process_time() - began:.1f} CPU s")
    shutil.copy(SCRIPT, site / "static")
    return texts


def measured(browser: Any, home: str, typed: str) -> list[float]:
    """Bytes before texts and in all, ms until counted and shown, reports, CPU ms of the page.

    Nothing is kept.
    """
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{home}index.html")
    meter = context.new_cdp_session(page)
    meter.send("Performance.enable", {"timeDomain": "threadTicks"})
    began = spent(meter)
    told: list[float] = page.evaluate(_ASK, [f"{home}static/search.js", typed, _SHOWN])
    told.append(spent(meter) - began)
    context.close()
    return told


def spent(meter: Any) -> float:
    """CPU ms that a page's own thread has used so far."""
    metrics = meter.send("Performance.getMetrics")["metrics"]
    return next(float(one["value"]) * 1000 for one in metrics if one["name"] == "TaskDuration")


def told(name: str, numbers: list[float]) -> None:
    """Print how large, or long, half, nearly all and the most are."""
    ordered = sorted(numbers)
    half, nearly = (ordered[int(len(ordered) * share)] for share in (0.5, 0.95))
    click.echo(f"{name}: p50 {half:,.0f}, p95 {nearly:,.0f}, most {ordered[-1]:,.0f}")


def main(reports: int, folder: Path) -> None:
    texts = laid_out(reports, folder)
    sections = texts.data.tables["sections"].filter(section=FIVE).head(600).collect()
    asked = queries(sections["text"].to_list())
    server = site_server(folder / "site")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    path = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        measured(browser, address(server), asked[0])  # what only the first one waits for
        answers = [measured(browser, address(server), typed) for typed in asked]
        browser.close()
    server.shutdown()
    told("bytes before texts", [answer[0] for answer in answers])
    told("bytes with texts", [answer[1] for answer in answers])
    told("ms until counted", [answer[2] for answer in answers])
    told("ms until the first are there", [answer[3] for answer in answers])
    told("CPU ms of the page", [answer[5] for answer in answers])
    click.echo(f"{sum(answer[4] > 0 for answer in answers)} of {len(answers)} found something")


if __name__ == "__main__":
    if len(sys.argv) > 2:
        main(int(sys.argv[1]), Path(sys.argv[2]))
    else:
        with tempfile.TemporaryDirectory() as temporary:
            main(int(sys.argv[1]), Path(temporary))
